//! A store in memory, with a file beside it, that does one thing wrong.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    fs::OpenOptions,
    io::Write,
    path::PathBuf,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use minicom_core::{
    Also, AppendError, Appended, Change, EventId, EventQuery, Hit, Loaded, LogId, MemoryStore, Order, Page,
    Position, Rev, RowQuery, RowSelect, SearchQuery, Seq, Store, StoreError, StoredEvent, StoredRow,
    WorkspaceId,
};

/// What a store does wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    Nothing,
    /// Of the appends to an existing log, every third is acknowledged and not written.
    LosesAnAppend,
    /// The snapshot before the last is answered, with the revision of the last.
    AnswersAStaleSnapshot,
    /// The second event of a log bears the seq of the first, and so on.
    GivesASeqTwice,
    /// A client id counts as long as nothing was written after it.
    ForgetsClientIds,
    /// A client id counts until the store is opened again.
    ForgetsClientIdsWhenReopened,
    /// Once in a workspace, of two positions the later one is seen first.
    ShowsALaterPositionFirst,
    /// What was written to the file stays in it.
    KeepsDeletedWords,
    /// Any revision is as good as the right one.
    IgnoresExpect,
    /// A conflict is looked for before a duplicate.
    TellsConflictFirst,
    /// Rows come from every workspace.
    LeaksRows,
    /// Whoever looks first at a log after a change misses the last of its events.
    ShowsHalfAChange,
    /// There is never more.
    HidesMore,
    /// Who asks for what changed is told of a conversation once.
    LeavesRowsInPlace,
    /// A log without events has an empty snapshot.
    LosesTheSnapshotWithTheEvents,
}

#[derive(Debug, Default)]
struct Memory {
    appends: u64,
    snapshots: HashMap<LogId, Vec<Loaded>>,
    workspaces: BTreeSet<WorkspaceId>,
    /// Workspaces in which an event was not shown until a later one had been.
    passed_over: HashSet<WorkspaceId>,
    /// Logs whose last change nobody has looked at.
    unseen: HashSet<LogId>,
    told: HashSet<LogId>,
}

#[derive(Debug)]
pub struct Broken {
    wrong: Wrong,
    inner: Arc<MemoryStore>,
    file: PathBuf,
    memory: Mutex<Memory>,
    pub reopened: bool,
}

impl Broken {
    pub fn new(wrong: Wrong, inner: Arc<MemoryStore>, file: PathBuf) -> Self {
        Self { wrong, inner, file, memory: Mutex::default(), reopened: false }
    }

    fn is(&self, wrong: Wrong) -> bool {
        self.wrong == wrong
    }

    async fn rev(&self, log: &LogId) -> Result<Rev, StoreError> {
        Ok(self.inner.load(log, &Also::NOTHING).await?.map_or(Rev::NONE, |loaded| loaded.rev))
    }

    fn write(&self, change: &Change) {
        let rewritten = change.rewrite.iter().map(|rewrite| &rewrite.data);
        let bodies = change.events.iter().map(|event| &event.data).chain(rewritten);
        let mut file = OpenOptions::new().create(true).append(true).open(&self.file).unwrap();
        file.write_all(&bodies.flat_map(|body| body.to_vec()).collect::<Vec<_>>()).unwrap();
    }
}

#[async_trait]
impl Store for Broken {
    async fn load(&self, log: &LogId, also: &Also) -> Result<Option<Loaded>, StoreError> {
        let Some(mut loaded) = self.inner.load(log, also).await? else { return Ok(None) };
        if self.is(Wrong::AnswersAStaleSnapshot) {
            let mut memory = self.memory.lock().unwrap();
            let known = memory.snapshots.entry(log.clone()).or_default();
            if known.last().is_none_or(|last| last.rev != loaded.rev) {
                known.push(loaded.clone());
            }
            if let [.., before, _] = known.as_slice() {
                loaded.snapshot = before.snapshot.clone();
            }
        }
        if self.is(Wrong::LosesTheSnapshotWithTheEvents) {
            let (from, through, order) = (Seq(0), Seq(u64::MAX), Order::OldestFirst);
            let any = EventQuery::Log { log: log.clone(), from, through, order, limit: 1 };
            if self.inner.events(&any).await?.items.is_empty() {
                loaded.snapshot.clear();
            }
        }
        Ok(Some(loaded))
    }

    async fn append(&self, mut change: Change) -> Result<Appended, AppendError> {
        let (log, rev) = (change.log.clone(), self.rev(&change.log).await?);
        let forgets = match self.wrong {
            Wrong::ForgetsClientIds => rev > Rev(1),
            Wrong::ForgetsClientIdsWhenReopened => self.reopened,
            _ => false,
        };
        if forgets {
            change.events.iter_mut().for_each(|event| event.client_id = None);
        }
        match self.wrong {
            Wrong::LosesAnAppend if rev > Rev::NONE && change.expect == rev => {
                let mut memory = self.memory.lock().unwrap();
                memory.appends += 1;
                if memory.appends.is_multiple_of(3) {
                    return Ok(Appended::new(
                        rev.next(),
                        Position(1 << 40),
                        EventId(1 << 40),
                        uuid::Uuid::max(),
                    ));
                }
            }
            Wrong::IgnoresExpect => change.expect = rev,
            Wrong::TellsConflictFirst if change.expect != rev => return Err(AppendError::Conflict),
            _ => {}
        }
        let count = change.events.len();
        self.write(&change);
        let appended = self.inner.append(change).await?;
        let mut memory = self.memory.lock().unwrap();
        memory.workspaces.insert(log.workspace.clone());
        if count > 1 {
            memory.unseen.insert(log);
        }
        Ok(appended)
    }

    async fn events(&self, query: &EventQuery) -> Result<Page<StoredEvent>, StoreError> {
        let mut page = self.inner.events(query).await?;
        let mut memory = self.memory.lock().unwrap();
        match (self.wrong, query) {
            (Wrong::GivesASeqTwice, EventQuery::Log { .. }) => {
                for event in page.items.iter_mut().filter(|event| event.seq > Seq(1)) {
                    event.seq = event.seq.prev();
                }
            }
            (Wrong::ShowsALaterPositionFirst, EventQuery::Workspace { workspace, .. })
                if page.items.len() > 1 && memory.passed_over.insert(workspace.clone()) =>
            {
                page.items.remove(0);
            }
            (Wrong::ShowsHalfAChange, EventQuery::Log { log, .. }) if memory.unseen.remove(log) => {
                page.items.pop();
            }
            (Wrong::HidesMore, EventQuery::Log { .. }) => page.more = false,
            _ => {}
        }
        Ok(page)
    }

    async fn rows(&self, query: &RowQuery) -> Result<Page<StoredRow>, StoreError> {
        let mut page = self.inner.rows(query).await?;
        if self.is(Wrong::LeaksRows) {
            let others = self.memory.lock().unwrap().workspaces.clone();
            for other in others.into_iter().filter(|other| Some(other) != query.workspace.as_ref()) {
                let query = RowQuery::new(other, query.select.clone(), query.limit);
                page.items.extend(self.inner.rows(&query).await?.items);
            }
        }
        if self.is(Wrong::LeavesRowsInPlace) && matches!(query.select, RowSelect::ChangedAfter(_)) {
            let mut memory = self.memory.lock().unwrap();
            page.items.retain(|row| memory.told.insert(row.log.clone()));
        }
        Ok(page)
    }

    async fn search(&self, query: &SearchQuery) -> Result<Page<Hit>, StoreError> {
        self.inner.search(query).await
    }
}
