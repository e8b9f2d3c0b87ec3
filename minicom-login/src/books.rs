//! Reading and writing the accounts of a workspace: compare and append, and again if another process was faster.

use std::sync::Arc;

use jiff::Timestamp;
use minicom_core::{
    Actor, Also, AppendError, Change, Clock, EventBody, LogId, NewEvent, ParticipantId, Rev, Role, Row,
    Store, WorkspaceId,
};
use serde_json::Value;
use tokio::sync::Mutex;

use crate::{
    accounts::{Accounts, Fact},
    error::LoginError,
    event::AccountEvent,
    rules::Command,
};

/// How often a change is decided anew before it is given up. Within a process changes wait for each other, so that each
/// conflict is another process.
const CONFLICTS: usize = 16;

/// The accounts as they are stored.
#[derive(Debug)]
pub(crate) struct Books {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    writing: Mutex<()>,
}

impl Books {
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> Self {
        Self { store, clock, writing: Mutex::default() }
    }

    /// The time, as it is stored.
    pub fn now(&self) -> Timestamp {
        let now = self.clock.now();
        Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
    }

    /// The accounts as they are now.
    pub async fn read(&self, workspace: &WorkspaceId) -> Result<Accounts, LoginError> {
        Ok(self.load(&LogId::accounts(workspace)).await?.1)
    }

    async fn load(&self, log: &LogId) -> Result<(Rev, Accounts), LoginError> {
        match self.store.load(log, &Also::NOTHING).await? {
            Some(loaded) => Ok((loaded.rev, Accounts::decode(&loaded.snapshot)?)),
            None => Ok((Rev::NONE, Accounts::default())),
        }
    }

    /// Decides and stores what follows. Answers with the accounts as they were decided on, and after.
    pub async fn execute(
        &self,
        workspace: &WorkspaceId,
        by: &Actor,
        command: &Command,
    ) -> Result<Changed, LoginError> {
        let log = LogId::accounts(workspace);
        let _writing = self.writing.lock().await;
        let mut conflict = None;
        for _ in 0..CONFLICTS {
            let (rev, before) = self.load(&log).await?;
            let now = self.now();
            let facts = before.decide(now, command)?;
            let mut after = before.clone();
            for fact in &facts {
                after.apply(fact, now);
            }
            if facts.is_empty() {
                return Ok(Changed { before, after });
            }
            let mut change = Change::new(log.clone(), rev, after.encode().into(), Row::default());
            let events = facts.iter().filter_map(|fact| match fact {
                Fact::Event(event) => Some(to_new(event, by, after.dated(now))),
                Fact::Mark(_) => None,
            });
            change.events.extend(events);
            match self.store.append(change).await {
                Ok(_) => return Ok(Changed { before, after }),
                Err(AppendError::Store(error)) => return Err(error.into()),
                Err(error) => conflict = Some(error),
            }
        }
        Err(match conflict {
            Some(error) => LoginError::unavailable(error),
            None => LoginError::unavailable("the accounts could not be changed"),
        })
    }
}

/// What a change found and left.
#[derive(Debug)]
pub(crate) struct Changed {
    pub before: Accounts,
    pub after: Accounts,
}

/// The agent himself as the one who does something.
pub(crate) fn actor(email: &ParticipantId, name: Option<&str>) -> Actor {
    let id = minicom_core::ActorId { role: Role::Agent, subject: email.clone() };
    Actor { id, name: name.map(str::to_owned) }
}

fn to_new(event: &AccountEvent, by: &Actor, time: Timestamp) -> NewEvent {
    let mut fields = event.fields();
    fields.insert("kind".into(), event.kind().into());
    if let Some(name) = &by.name {
        fields.insert("name".into(), name.as_str().into());
    }
    NewEvent::new(by.id.clone(), time, Value::Object(fields).to_string().into())
}
