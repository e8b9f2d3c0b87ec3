//! The store that fails: without faults it is a store like any other, and each fault is what it is said to be.

use std::{sync::Arc, time::Duration};

use minicom_core::{
    ActorId, Also, AppendError, Appended, Change, ClientId, LogId, MemoryStore, NewEvent, ParticipantId, Rev,
    Role, Row, Store, WorkspaceId,
};
use minicom_testkit::{
    async_trait,
    faulty::{Fault, Faults, FaultyStore},
    store::StoreFixture,
};

/// Slow, and otherwise well.
struct Slow;

#[async_trait]
impl StoreFixture for Slow {
    async fn open(&self) -> Arc<dyn Store> {
        let faults = Faults::seeded(5).slow(0.01, Duration::from_millis(1));
        Arc::new(FaultyStore::new(MemoryStore::new(), faults))
    }
}

minicom_testkit::store_conformance!(async { Slow });

fn log() -> LogId {
    LogId::workspace(&WorkspaceId::default())
}

async fn append(store: &FaultyStore, rev: u64) -> Result<Appended, AppendError> {
    let actor = ActorId { role: Role::Agent, subject: ParticipantId::new("ben").unwrap() };
    let mut event = NewEvent::new(actor, jiff::Timestamp::UNIX_EPOCH, "x".into());
    event.client_id = Some(ClientId::new("k").unwrap());
    let mut change = Change::new(log(), Rev(rev), "snapshot".into(), Row::default());
    change.events.push(event);
    store.append(change).await
}

#[tokio::test]
async fn failing_after_the_commit_commits_and_failing_before_it_does_not() {
    let store = FaultyStore::new(MemoryStore::new(), Faults::none());
    store.fail_next_append(Fault::Before);
    store.fail_next_append(Fault::After);
    for committed in [0, 1] {
        assert!(
            matches!(append(&store, 0).await, Err(AppendError::Store(error)) if error.is_retryable()),
            "both look the same"
        );
        assert_eq!(store.committed(), committed);
    }
    assert!(matches!(append(&store, 0).await, Err(AppendError::Duplicates(_))), "the third finds the second");
    assert_eq!(store.injected(), 2);
}

#[tokio::test]
async fn one_that_is_down_does_nothing_until_it_recovers() {
    let store = FaultyStore::new(MemoryStore::new(), Faults::none());
    store.break_down();
    append(&store, 0).await.unwrap_err();
    store.load(&log(), &Also::NOTHING).await.unwrap_err();
    store.recover();
    assert!(store.load(&log(), &Also::NOTHING).await.unwrap().is_none());
    append(&store, 0).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_seed_is_a_schedule_and_shares_are_shares() {
    let run = async |seed| {
        let faults = Faults::seeded(seed).before(0.2).after(0.2).slow(0.5, Duration::from_hours(1));
        let store = FaultyStore::new(MemoryStore::new(), faults);
        let began = tokio::time::Instant::now();
        let mut failed = Vec::new();
        for n in 0..500 {
            if store.load(&log(), &Also::NOTHING).await.is_err() {
                failed.push(n);
            }
        }
        assert_eq!(store.injected(), failed.len() as u64);
        (failed, began.elapsed())
    };
    let first = run(1).await;
    assert_eq!(first, run(1).await);
    assert_ne!(first, run(2).await);
    assert!((150..250).contains(&first.0.len()), "{} of 500 at 0.4", first.0.len());
    assert!((90..160).contains(&(first.1.as_secs() / 3600)), "{:?}: half of 500, half an hour each", first.1);
}
