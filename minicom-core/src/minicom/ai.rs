//! A workspace's AI as its agents see it: the policy, and the figures, which are a reader of the log.

use super::{Minicom, reader::Kept};
use crate::{
    error::Error,
    id::{Position, WorkspaceId},
    identity::{Action, Identity, authorize},
    log::{AiPolicy, Recorded, WorkspaceCommand},
    store::{EventQuery, StoreError},
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
        let mut kept = Kept::<Counted>::load(self, workspace, READER).await?;
        let store = &self.inner.hub.context.store;
        let counted = &mut kept.state;
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
            // Whoever was faster has counted the same events.
            kept.save(self).await?;
        }
        Ok(kept.state.figures)
    }
}
