use minicom_core::Role;
use tokio::io::{DuplexStream, duplex, split};

use super::*;
use crate::question::tests::turn;

fn question() -> Question {
    Question::new(&turn(&[(Role::User, "open?")]), 100).unwrap()
}

fn supervisor() -> (Supervisor, oneshot::Receiver<Result<(), OpenError>>) {
    let (opened, opening) = oneshot::channel();
    let (command, options) = (Command::new("false"), LlamaOptions::new("m.gguf"));
    (Supervisor { command, options, state: Arc::default(), opened: Some(opened) }, opening)
}

/// Plays the child: says that it is open, waits until that was heard, and gives back its end.
async fn open(mut child: DuplexStream, state: &State) -> DuplexStream {
    let first = wire::read::<ToWorker>(&mut child).await.unwrap();
    assert!(matches!(first, Some(ToWorker::Open(_))), "{first:?}");
    wire::write(&mut child, &FromWorker::Opened).await.unwrap();
    while !state.ready.load(Relaxed) {
        tokio::task::yield_now().await;
    }
    child
}

/// Talks with a child that `play` plays, which may give orders; gives back how it ended.
async fn talk<P: Future<Output = ()>>(
    play: impl FnOnce(DuplexStream, UnboundedSender<Order>, Arc<State>) -> P,
) -> (io::Result<End>, Arc<State>) {
    let (host, child) = duplex(1 << 16);
    let (from, to) = split(host);
    let (mut supervisor, _opening) = supervisor();
    let (orders, mut incoming) = unbounded_channel();
    let pending = Pending::default();
    let state = supervisor.state.clone();
    // Somebody could still ask, so that it is the child who ends it.
    let play = play(child, orders.clone(), state.clone());
    let (end, ()) = tokio::join!(supervisor.talk(to, from, &mut incoming, &pending), play);
    pending.fail();
    drop(orders);
    (end, state)
}

fn ask(gate: &Gate, orders: &UnboundedSender<Order>, id: TurnId) -> UnboundedReceiver<Event> {
    let (request, heard) = gate.enter(question()).unwrap();
    assert!(orders.send(Order::Ask { id, request }).is_ok());
    heard
}

#[tokio::test]
async fn words_go_to_who_asked_for_them() {
    let (end, state) = talk(|child, orders, state| async move {
        let mut child = open(child, &state).await;
        let gate = Gate::new(2);
        let (mut one, mut two) = (ask(&gate, &orders, 1), ask(&gate, &orders, 2));
        for id in [1, 2] {
            let asked = ToWorker::Turn { id, question: Box::new(question()) };
            assert_eq!(wire::read(&mut child).await.unwrap(), Some(asked));
        }
        let words = |id, words: &str| FromWorker::Words { id, words: words.into() };
        let error = FromWorker::Error { id: 1, error: TurnError::TooLong };
        let finished = Finished { material: 3, prompt: 40, drawn: 5 };
        // The last is for nobody.
        for piece in
            [words(2, "b"), words(1, "a"), FromWorker::Done { id: 2, finished }, error, words(9, "c")]
        {
            wire::write(&mut child, &piece).await.unwrap();
        }
        assert_eq!(one.recv().await, Some(Event::Words("a".into())));
        assert_eq!(one.recv().await, Some(Event::Done(Err(TurnError::TooLong))));
        assert_eq!(two.recv().await, Some(Event::Words("b".into())));
        assert_eq!(two.recv().await, Some(Event::Done(Ok(finished))));
        // Both have left the gate.
        assert!(gate.enter(question()).is_ok());
    })
    .await;
    assert!(end.is_err(), "the child has ended");
    assert!(state.ready.load(Relaxed));
}

#[tokio::test]
async fn who_does_not_wait_any_more_is_cancelled_once() {
    let (end, _) = talk(|child, orders, state| async move {
        let mut child = open(child, &state).await;
        let gate = Gate::new(1);
        let heard = ask(&gate, &orders, 5);
        drop(wire::read::<ToWorker>(&mut child).await.unwrap());
        drop(heard);
        for _ in 0..2 {
            assert!(orders.send(Order::Cancel { id: 5 }).is_ok());
        }
        assert_eq!(wire::read(&mut child).await.unwrap(), Some(ToWorker::Cancel { id: 5 }));
        // The place is free, and the second cancelling was none.
        let _heard = ask(&gate, &orders, 6);
        let next = wire::read(&mut child).await.unwrap();
        assert!(matches!(next, Some(ToWorker::Turn { id: 6, .. })), "{next:?}");
    })
    .await;
    assert!(end.is_err(), "the child has ended");
}

#[tokio::test]
async fn a_child_that_dies_fails_its_turns_and_no_others() {
    let gate = Arc::new(Gate::new(1));
    let (send, receive) = oneshot::channel();
    let theirs = gate.clone();
    let (end, _) = talk(|child, orders, state| async move {
        let mut child = open(child, &state).await;
        let heard = ask(&theirs, &orders, 1);
        drop(wire::read::<ToWorker>(&mut child).await.unwrap());
        drop(child);
        send.send((heard, orders)).unwrap();
    })
    .await;
    assert_eq!(end.unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
    let (mut heard, _orders) = receive.await.unwrap();
    assert_eq!(heard.recv().await, Some(Event::Done(Err(TurnError::Restarting))));
    assert!(gate.enter(question()).is_ok());
}

#[tokio::test]
async fn a_child_that_says_nonsense_is_done_with() {
    for nonsense in [&b"\x02\0\0\0{}"[..], b"\xff\xff\xff\xff", b"Loading model...\n"] {
        let (end, state) = talk(|mut child, _, _| async move {
            tokio::io::AsyncWriteExt::write_all(&mut child, nonsense).await.unwrap();
        })
        .await;
        assert!(end.is_err(), "{end:?}");
        assert!(!state.ready.load(Relaxed));
    }
}

#[tokio::test]
async fn a_childs_reason_is_the_hosts() {
    let (end, _) = talk(|mut child, _, _| async move {
        let failed = FromWorker::Failed { kind: OpenErrorKind::Memory, detail: "too much".into() };
        wire::write(&mut child, &failed).await.unwrap();
        drop(wire::read::<ToWorker>(&mut child).await);
    })
    .await;
    let Ok(End::Gone(error)) = end else { panic!("{end:?}") };
    assert_eq!((error.kind(), error.detail()), (OpenErrorKind::Memory, "too much"));
}

#[tokio::test]
async fn a_command_that_does_not_exist_or_ends_at_once_is_an_error() {
    for command in ["/nowhere/minicom-llama-worker", "true", "false"] {
        let start = LlamaProcess::start(std::process::Command::new(command), LlamaOptions::new("m.gguf"));
        assert_eq!(start.await.unwrap_err().kind(), OpenErrorKind::Process, "{command}");
    }
    let bad = LlamaOptions { parallel: 0, ..LlamaOptions::new("m.gguf") };
    let start = LlamaProcess::start(std::process::Command::new("true"), bad);
    assert_eq!(start.await.unwrap_err().kind(), OpenErrorKind::Options);
}

#[test]
fn pauses_grow_and_are_bounded() {
    let pauses: Vec<_> = (0..12).map(|failures| backoff(failures).as_millis()).collect();
    assert_eq!(pauses, [100, 100, 200, 400, 800, 1600, 3200, 6400, 12800, 25600, 30000, 30000]);
    assert_eq!(backoff(u32::MAX), LONGEST);
}
