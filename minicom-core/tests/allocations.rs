//! What a message costs in allocations, counted by an allocator: a bounded number, and none for one more who watches.

use std::{
    convert::Infallible,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    task::{Context, Poll},
};

use futures_core::Stream;
use futures_util::Sink;
use minicom_core::{
    Admission, Command, Identity, Incoming, MemoryStore, Minicom, Outgoing, ParticipantId, Target,
    WorkspaceId,
};
use tokio::{runtime::Runtime, task::yield_now};

/// Said before anything is counted: what grows once has grown by then.
const WARM_UP: usize = 64;
const COUNTED: usize = 64;
/// A message with its ack, from the command to the outboxes, in the store that is nothing but memory. Some 60 at the time of
/// writing.
const MOST_A_MESSAGE: u64 = 80;

/// A socket that takes everything at once and never says a word.
struct Sponge(Arc<AtomicUsize>);

impl Stream for Sponge {
    type Item = Result<Incoming, Infallible>;
    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Pending
    }
}

impl Sink<Outgoing> for Sponge {
    type Error = Infallible;
    fn poll_ready(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }
    fn start_send(self: Pin<&mut Self>, item: Outgoing) -> Result<(), Infallible> {
        if matches!(item, Outgoing::Text(_)) {
            self.0.fetch_add(1, SeqCst);
        }
        Ok(())
    }
    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }
    fn poll_close(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }
}

struct Chat {
    minicom: Minicom,
    visitor: Identity,
    target: Target,
    delivered: Arc<AtomicUsize>,
    watchers: usize,
}

impl Chat {
    async fn with(watchers: usize) -> Self {
        let minicom = Minicom::builder().without_rate_limits().store(MemoryStore::new()).build().unwrap();
        let ann = ParticipantId::new("ann").unwrap();
        let visitor = Identity::user(WorkspaceId::default(), ann.clone());
        let delivered = Arc::new(AtomicUsize::new(0));
        let chat = Self { minicom, visitor, target: Target::Participant(ann), delivered, watchers };
        for _ in 0..watchers {
            let (minicom, sponge) = (chat.minicom.clone(), Sponge(chat.delivered.clone()));
            let admission = Admission::Known(chat.visitor.clone());
            tokio::spawn(async move { minicom.serve(sponge, admission).await });
        }
        // Each is sent its history, which says that it has joined.
        chat.reach(watchers).await;
        chat.say(WARM_UP).await;
        chat
    }

    async fn reach(&self, delivered: usize) {
        while self.delivered.load(SeqCst) < delivered {
            yield_now().await;
        }
    }

    /// Says something so many times, each time until everybody has it.
    async fn say(&self, times: usize) {
        for _ in 0..times {
            let before = self.delivered.load(SeqCst);
            self.minicom.execute(&self.visitor, &self.target, Command::message("hello")).await.unwrap();
            self.reach(before + self.watchers).await;
        }
    }
}

/// The allocations of `COUNTED` messages.
fn allocations(watchers: usize) -> u64 {
    // One thread, so that everything that is allocated is counted.
    let runtime: Runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let chat = runtime.block_on(Chat::with(watchers));
    allocation_counter::measure(|| runtime.block_on(chat.say(COUNTED))).count_total
}

#[test]
fn one_more_watcher_costs_no_allocation_and_a_message_a_bounded_number() {
    let (few, many) = (allocations(1), allocations(101));

    // Of 6,400 deliveries more, the runtime's own queue may have grown once.
    assert!(many.abs_diff(few) < 8, "{few} with one watcher and {many} with 101");
    assert!(few <= MOST_A_MESSAGE * COUNTED as u64, "{few} for {COUNTED} messages");
}
