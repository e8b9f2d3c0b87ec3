//! A workspace's AI as its agents see it: the policy, and the figures, which are a reader of the log.

use super::Minicom;
use crate::{
    error::{Error, Refusal},
    id::{LogId, LogKind, Position, ReaderName, Rev, WorkspaceId},
    identity::{Action, Identity, authorize},
    log::{AiPolicy, Recorded, WorkspaceCommand},
    store::{Also, AppendError, Change, EventQuery, Row, StoreError},
    view::{AiFigures, AiReport},
};

/// The name under which the figures keep their place.
const READER: &str = "ai-figures";

/// How many events are counted at once.
const READ_AT_ONCE: usize = 500;

/// What the reader keeps: the figures up to a position.
#[derive(Debug, Default, serde::Serialize, serde::Deserialize)]
struct Counted {
    position: Position,
    figures: AiFigures,
}

impl Minicom {
    /// The policy of `identity`'s workspace, and what came of it. For supervisors and owners.
    pub async fn ai(&self, identity: &Identity) -> Result<AiReport, Error> {
        authorize(identity, Action::ManageAi)?;
        let context = &self.inner.hub.context;
        let workspace = context.workspace(&identity.workspace).await?;
        let policy = match &context.owing {
            Some(owing) => owing.policy(&identity.workspace, &workspace.fold).clone(),
            None => workspace.fold.ai().cloned().unwrap_or_default(),
        };
        let figures = self.ai_figures(&identity.workspace).await?;
        Ok(AiReport::new(policy, context.owing.is_some(), figures))
    }

    /// Sets the policy of `identity`'s workspace. It holds from the next message on. For supervisors and owners.
    pub async fn set_ai(&self, identity: &Identity, policy: AiPolicy) -> Result<(), Error> {
        let command = WorkspaceCommand::SetAi { policy: Box::new(policy) };
        self.execute_workspace(identity, command).await.map(drop)
    }

    /// Counts what came since somebody last asked, and keeps the sum.
    async fn ai_figures(&self, workspace: &WorkspaceId) -> Result<AiFigures, Error> {
        let name = ReaderName::new(READER).map_err(|_| Refusal::unavailable())?;
        let log = LogId { workspace: workspace.clone(), kind: LogKind::Reader(name) };
        let store = &self.inner.hub.context.store;
        let (rev, mut counted) = match store.load(&log, &Also::NOTHING).await? {
            // What cannot be read is counted again from the beginning.
            Some(loaded) => (loaded.rev, serde_json::from_slice(&loaded.snapshot).unwrap_or_default()),
            None => (Rev::NONE, Counted::default()),
        };
        let before = counted.position;
        loop {
            let query = EventQuery::Workspace {
                workspace: workspace.clone(),
                after: counted.position,
                limit: READ_AT_ONCE,
            };
            let page = store.events(&query).await?;
            for stored in &page.items {
                counted.position = stored.position;
                if stored.log.as_conversation().is_some() {
                    let recorded = Recorded::read(stored).map_err(StoreError::corrupt)?;
                    counted.figures.take(&recorded.event);
                }
            }
            if !page.more {
                break;
            }
        }
        if counted.position > before {
            // Strings, numbers and maps with string keys always serialise.
            let snapshot = serde_json::to_vec(&counted).unwrap_or_default().into();
            match store.append(Change::new(log, rev, snapshot, Row::default())).await {
                // Somebody else counted the same events.
                Ok(_) | Err(AppendError::Conflict | AppendError::Duplicates(_)) => {}
                Err(AppendError::Store(error)) => return Err(error.into()),
            }
        }
        Ok(counted.figures)
    }
}
