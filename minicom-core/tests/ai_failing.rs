//! The AI on a store that fails, and asked more than it may answer at a time.

mod common;

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use common::{Client, TokioClock, agent, id, user};
use minicom_core::{
    AiCommand, Command, Draft, Limits, MemoryStore, Minicom, PageRequest, Reply, Responder, ResponderError,
    Target, Turn,
};
use minicom_testkit::{
    faulty::{Fault, Faults, FaultyStore},
    responder::ScriptedResponder,
};
use serde_json::json;

/// A store that is down answers at once that it is: who asks again at once keeps a processor busy, and the store.
#[tokio::test(start_paused = true)]
async fn a_claim_that_cannot_be_stored_is_tried_again_in_a_while() {
    let store = Arc::new(FaultyStore::new(MemoryStore::new(), Faults::none()));
    let minicom = Minicom::builder()
        .without_rate_limits()
        .shared_store(store.clone())
        .clock(TokioClock::default())
        .async_responder(ScriptedResponder::new().fails().says("At last."))
        .build()
        .unwrap();
    let (mut ann, _) = Client::user(&minicom, "ann").await;
    ann.send(json!({"type": "message", "message": "Hello?"}));
    ann.frame_of("message").await;
    // The first attempt has failed, the second one is due in a second.
    tokio::time::sleep(Duration::from_secs(1)).await;
    for _ in 0..15 {
        store.fail_next_append(Fault::Before);
    }
    tokio::time::sleep(Duration::from_secs(10)).await;
    assert!((5..=11).contains(&store.injected()), "{} appends in 10 seconds", store.injected());
    tokio::time::sleep(Duration::from_secs(15)).await;
    let page = minicom
        .conversation(&user("ann"), &Target::Participant(id("ann")), PageRequest::latest())
        .await
        .unwrap();
    assert_eq!(page.events.len(), 2, "it is answered once the store is up again");
}

/// Counts how many ask it at the same time.
#[derive(Debug, Default)]
struct Busy {
    now: AtomicUsize,
    most: AtomicUsize,
}

/// One that is asked; no more, once it is dropped.
struct Asked<'a>(&'a Busy);

impl Drop for Asked<'_> {
    fn drop(&mut self) {
        self.0.now.fetch_sub(1, Ordering::Relaxed);
    }
}

#[derive(Debug, Clone)]
struct Slow(Arc<Busy>);

#[async_trait]
impl Responder for Slow {
    async fn respond(&self, _: Turn, _: &mut Draft) -> Result<Reply, ResponderError> {
        let now = self.0.now.fetch_add(1, Ordering::Relaxed) + 1;
        let _asked = Asked(&self.0);
        self.0.most.fetch_max(now, Ordering::Relaxed);
        tokio::time::sleep(Duration::from_secs(1)).await;
        Ok(Reply::Answer("At last.".into()))
    }
}

/// What finds no room waits in the store, and has its turn.
#[tokio::test(start_paused = true)]
async fn so_many_attempts_at_a_time_and_no_more() {
    let busy = Arc::new(Busy::default());
    let mut limits = Limits::default();
    limits.ai_attempts = 2;
    let builder = Minicom::builder()
        .without_rate_limits()
        .store(MemoryStore::new())
        .clock(TokioClock::default())
        .limits(limits);
    let minicom = builder.async_responder(Slow(busy.clone())).build().unwrap();
    let visitors: Vec<_> = (0..10).map(|number| format!("v{number}")).collect();
    for name in &visitors {
        let own = Target::Participant(id(name));
        minicom.execute(&user(name), &own, Command::message("Hello?")).await.unwrap();
    }
    tokio::time::sleep(Duration::from_secs(30)).await;
    for name in &visitors {
        let own = Target::Participant(id(name));
        let page = minicom.conversation(&user(name), &own, PageRequest::latest()).await.unwrap();
        assert_eq!(page.events.len(), 2, "{name}");
    }
    assert_eq!(busy.most.load(Ordering::Relaxed), 2);
}

/// Nobody pays for words that nobody will read.
#[tokio::test(start_paused = true)]
async fn an_attempt_that_is_in_vain_ends_at_once() {
    for (identity, in_vain) in [
        (agent("ben"), Command::message("I am here.")),
        (agent("ben"), AiCommand::TakeOver.into()),
        (user("ann"), AiCommand::Stop.into()),
        (user("ann"), AiCommand::HandOff.into()),
    ] {
        let busy = Arc::new(Busy::default());
        let builder =
            Minicom::builder().without_rate_limits().store(MemoryStore::new()).clock(TokioClock::default());
        let minicom = builder.async_responder(Slow(busy.clone())).build().unwrap();
        let own = Target::Participant(id("ann"));
        minicom.execute(&user("ann"), &own, Command::message("Hello?")).await.unwrap();
        tokio::time::sleep(Duration::from_millis(300)).await;
        assert_eq!(busy.now.load(Ordering::Relaxed), 1);
        minicom.execute(&identity, &own, in_vain.clone()).await.unwrap();
        tokio::time::sleep(Duration::from_millis(1)).await;
        assert_eq!(busy.now.load(Ordering::Relaxed), 0, "{in_vain:?}");
    }
}

/// A visitor who says more does not wait for the next look at the store.
#[tokio::test(start_paused = true)]
async fn what_supersedes_is_begun_at_once() {
    let busy = Arc::new(Busy::default());
    let builder =
        Minicom::builder().without_rate_limits().store(MemoryStore::new()).clock(TokioClock::default());
    let minicom = builder.async_responder(Slow(busy.clone())).build().unwrap();
    let own = Target::Participant(id("ann"));
    for _ in 0..2 {
        minicom.execute(&user("ann"), &own, Command::message("Hello?")).await.unwrap();
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    tokio::time::sleep(Duration::from_millis(701)).await;
    let page = minicom.conversation(&user("ann"), &own, PageRequest::latest()).await.unwrap();
    assert_eq!((page.events.len(), busy.most.load(Ordering::Relaxed)), (3, 1));
}

/// Both look at the store at the same moment, and one of them asks its responder.
#[tokio::test(start_paused = true)]
async fn two_processes_ask_once() {
    let store = Arc::new(MemoryStore::new());
    let asked = Arc::new(ScriptedResponder::new().fails().says("At last.").after(Duration::from_secs(1)));
    let nodes = [(); 2].map(|()| {
        let builder =
            Minicom::builder().without_rate_limits().shared_store(store.clone()).clock(TokioClock::default());
        builder.async_responder(asked.clone()).build().unwrap()
    });
    let own = Target::Participant(id("ann"));
    nodes[0].execute(&user("ann"), &own, Command::message("Hello?")).await.unwrap();
    tokio::time::sleep(Duration::from_secs(30)).await;
    // One that knows nothing yet, so that it looks.
    let reader = Minicom::builder().without_rate_limits().shared_store(store).build().unwrap();
    let page = reader.conversation(&user("ann"), &own, PageRequest::latest()).await.unwrap();
    assert_eq!((page.events.len(), asked.turns().len()), (2, 2), "one answer, after one that failed");
}

#[derive(Debug)]
struct Panics;

#[async_trait]
impl Responder for Panics {
    async fn respond(&self, _: Turn, _: &mut Draft) -> Result<Reply, ResponderError> {
        panic!("of the responder's own");
    }
}

#[tokio::test(start_paused = true)]
async fn a_responder_that_panics_has_failed() {
    let builder =
        Minicom::builder().without_rate_limits().store(MemoryStore::new()).clock(TokioClock::default());
    let minicom = builder.async_responder(Panics).build().unwrap();
    let (mut ann, _) = Client::user(&minicom, "ann").await;
    ann.send(json!({"type": "message", "message": "Hello?"}));
    assert_eq!(ann.frame_of("event").await["event"]["reason"], "failed");
}
