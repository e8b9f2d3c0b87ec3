//! Who knows the truth: what was committed, and whether everybody saw it so.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Mutex,
};

use async_trait::async_trait;
use minicom_core::{
    Also, AppendError, Appended, Body, Change, Conversation, ConversationId, EventBody, EventQuery, Hit,
    Loaded, Log, LogId, MemoryStore, Order, Page, Recorded, RowQuery, SearchQuery, Seq, Side, Store,
    StoreError, StoredEvent, StoredRow, WorkspaceId,
};

use crate::{
    person::Person,
    view::shown_as,
    world::{VISITORS, World, id},
};

/// The store below the one that fails. It sees each commit, and that cursors and ends only move forward.
#[derive(Debug)]
pub struct Witness {
    inner: MemoryStore,
    last: Mutex<BTreeMap<LogId, [Seq; 3]>>,
    /// A panic in a room's task would be seen by nobody, so what is wrong is written down.
    wrong: Mutex<Vec<String>>,
}

impl Witness {
    pub fn new(inner: MemoryStore) -> Self {
        Self { inner, last: Mutex::default(), wrong: Mutex::default() }
    }

    fn look(&self, log: &LogId, snapshot: &[u8]) {
        if log.as_conversation().is_none() {
            return;
        }
        let fold = Conversation::decode(snapshot).unwrap();
        let now = [fold.last_seq(), fold.read(Side::User), fold.read(Side::Agents)];
        let before = self.last.lock().unwrap().insert(log.clone(), now).unwrap_or_default();
        if before.iter().zip(now).any(|(before, now)| *before > now) || now[1..].iter().any(|at| *at > now[0])
        {
            self.wrong.lock().unwrap().push(format!("{log:?} went from {before:?} to {now:?}"));
        }
    }
}

#[async_trait]
impl Store for Witness {
    async fn load(&self, log: &LogId, also: &Also) -> Result<Option<Loaded>, StoreError> {
        self.inner.load(log, also).await
    }
    async fn append(&self, change: Change) -> Result<Appended, AppendError> {
        let (log, snapshot) = (change.log.clone(), change.snapshot.clone());
        let appended = self.inner.append(change).await?;
        self.look(&log, &snapshot);
        Ok(appended)
    }
    async fn events(&self, query: &EventQuery) -> Result<Page<StoredEvent>, StoreError> {
        self.inner.events(query).await
    }
    async fn rows(&self, query: &RowQuery) -> Result<Page<StoredRow>, StoreError> {
        self.inner.rows(query).await
    }
    async fn search(&self, query: &SearchQuery) -> Result<Page<Hit>, StoreError> {
        self.inner.search(query).await
    }
}

/// A conversation as it is stored.
pub async fn stored(world: &World, email: &str) -> Vec<(Recorded<Body>, String)> {
    let log = LogId::conversation(&WorkspaceId::default(), ConversationId::direct(&id(email)));
    let (from, through, order) = (Seq(0), Seq(u64::MAX), Order::OldestFirst);
    let query = EventQuery::Log { log, from, through, order, limit: usize::MAX };
    let events = world.truth.events(&query).await.unwrap().items;
    let words = |body: &Body| match body {
        Body::Message { text, .. } => text.clone(),
        body => shown_as(body.kind()),
    };
    let read = |event| Recorded::read(event).unwrap();
    events.iter().map(read).map(|recorded| (recorded.clone(), words(&recorded.event.body))).collect()
}

/// Compares what everybody was told with what is stored.
pub async fn judge(world: &World, people: &[Person]) {
    assert_eq!(*world.truth.wrong.lock().unwrap(), Vec::<String>::new());
    let (mut said, mut keys) = (0, BTreeSet::new());
    for email in VISITORS {
        let stored = stored(world, email).await;
        let seqs = stored.iter().map(|(recorded, _)| recorded.event.seq.0);
        assert!(seqs.eq(1..=stored.len() as u64), "seqs are dense");
        assert!(stored.is_sorted_by_key(|(recorded, _)| recorded.event.time), "time does not run backwards");
        for (recorded, words) in &stored {
            let event = &recorded.event;
            let key = event.client_id.as_ref().map(|key| (event.actor.id.clone(), key.clone()));
            assert!(key.is_none_or(|key| keys.insert(key)), "stored twice: {words}");
        }
        for person in people {
            said += judge_acks(person, email, &stored);
            judge_view(person, email, &stored);
        }
    }
    assert_eq!(said, people.iter().map(|person| person.acks.len()).sum::<usize>());
    for person in people {
        assert_eq!(person.acks.len(), person.said, "{} has unanswered messages", person.name);
        for order in person.acked_at_once.values() {
            assert!(order.is_sorted(), "{}: what one connection sent was stored out of order", person.name);
        }
    }
}

/// Each ack names the one place where the message is.
fn judge_acks(person: &Person, email: &str, stored: &[(Recorded<Body>, String)]) -> usize {
    let acks = person.acks.values().filter(|ack| ack.to == email);
    acks.map(|ack| {
        let at = usize::try_from(ack.seq).unwrap() - 1;
        let (recorded, words) = stored.get(at).unwrap_or_else(|| panic!("acked and not stored: {ack:?}"));
        let key = recorded.event.client_id.as_ref().map(minicom_core::ClientId::as_str);
        assert_eq!((words, key, recorded.id.0), (&ack.words, Some(ack.client_id.as_str()), ack.id));
        assert_eq!(recorded.event.actor, person.identity.actor());
    })
    .count()
}

/// A view has the conversation from the start to the end that its node knows of.
fn judge_view(person: &Person, email: &str, stored: &[(Recorded<Body>, String)]) {
    let Some(view) = person.views.get(email) else { return };
    assert!(view.shown.len() <= stored.len());
    for (seq, words) in &view.shown {
        assert_eq!(*words, stored[usize::try_from(*seq).unwrap() - 1].1);
    }
    if person.watching() == Some(email) {
        // Node 0 had the last word.
        let behind = u64::from(person.node() != 0);
        assert!(view.seen + behind >= stored.len() as u64, "{} lacks the end of {email}", person.name);
        assert!(view.shown.keys().copied().eq(1..=view.seen), "{} lacks some of {email}", person.name);
    }
}
