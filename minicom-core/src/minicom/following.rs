//! What other processes write to the same store: asked for while a socket is open that may have to hear of it.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, Weak},
};

use tokio::{
    sync::OnceCell,
    time::{Instant, MissedTickBehavior, interval_at},
};

use super::{Inner, Minicom, decode};
use crate::{
    error::Error,
    id::{Position, WorkspaceId},
    room::SnapshotError,
    store::{RowFilter, RowQuery, RowSelect, StoredRow},
    sync::lock,
    view::ConversationRow,
};

/// How many rows are read at once.
const AT_ONCE: usize = 200;
/// So often what changed is asked for again; then it is one conversation that is not readable, and the others go on.
const PATIENCE: u32 = 10;

/// The workspaces that are followed.
#[derive(Debug, Default)]
pub(super) struct Following {
    workspaces: Mutex<HashMap<WorkspaceId, Weak<Followed>>>,
}

/// While somebody holds it, what others write to its workspace arrives here. Filled once it is known where to begin.
#[derive(Debug, Default)]
pub(super) struct Followed(OnceCell<()>);

impl Minicom {
    /// Follows a workspace. What is read of it after this is as it was then, or newer; what changes later will be heard of.
    pub(super) async fn follow(&self, workspace: &WorkspaceId) -> Result<Arc<Followed>, Error> {
        let followed = {
            let mut workspaces = lock(&self.inner.following.workspaces);
            workspaces.get(workspace).and_then(Weak::upgrade).unwrap_or_else(|| {
                workspaces.retain(|_, followed| followed.strong_count() > 0);
                let followed = Arc::new(Followed::default());
                workspaces.insert(workspace.clone(), Arc::downgrade(&followed));
                followed
            })
        };
        followed.0.get_or_try_init(|| self.begin_to_follow(workspace, &followed)).await?;
        Ok(followed)
    }

    /// Begins after a change that is in the store already. The conversation that was active last was changed last, or nearly.
    async fn begin_to_follow(&self, workspace: &WorkspaceId, followed: &Arc<Followed>) -> Result<(), Error> {
        let context = &self.inner.hub.context;
        let select = RowSelect::Active { filter: RowFilter::default(), after: None };
        let last = context.store.rows(&RowQuery::new(workspace.clone(), select, 1)).await?;
        let after = last.items.first().map_or(Position(0), |row| row.position);
        // Those that are open since nobody followed, and may have missed something.
        for room in self.inner.hub.rooms_of(workspace) {
            // One that was never read is nobody's loss.
            if let Err(SnapshotError::Refused(refusal)) = room.refresh().await
                && room.delivered().is_some()
            {
                return Err(refusal.into());
            }
        }
        let task = keep_up(Arc::downgrade(&self.inner), Arc::downgrade(followed), workspace.clone(), after);
        let stop = context.stop.clone();
        context.tasks.spawn(async move { stop.run_until_cancelled(task).await });
        Ok(())
    }

    /// Tells everybody here what changed after a position, which moves on with what was told. It stops where that fails, until
    /// it has failed too often.
    async fn catch_up(
        &self,
        workspace: &WorkspaceId,
        after: &mut Position,
        failures: u32,
    ) -> Result<(), Error> {
        loop {
            let query = RowQuery::new(workspace.clone(), RowSelect::ChangedAfter(*after), AT_ONCE);
            let page = self.inner.hub.context.store.rows(&query).await?;
            for row in &page.items {
                match self.hear_of(workspace, row).await {
                    Err(error) if failures < PATIENCE => return Err(error),
                    Err(error) => {
                        let error = &error as &dyn std::error::Error;
                        tracing::error!(error, log = ?row.log, "what another process wrote is not readable");
                    }
                    Ok(()) => {}
                }
                *after = row.position;
            }
            if !page.more {
                return Ok(());
            }
        }
    }

    async fn hear_of(&self, workspace: &WorkspaceId, row: &StoredRow) -> Result<(), Error> {
        let Some(conversation) = row.log.as_conversation() else { return Ok(()) };
        if let Some(room) = self.inner.hub.open_room(&row.log)
            && let Some(delivered) = room.delivered()
        {
            if delivered.rev == row.rev {
                return Ok(());
            }
            match room.refresh().await {
                Ok(()) => return Ok(()),
                // Nobody watched it; whoever lists it is told below.
                Err(SnapshotError::Ended) => {}
                Err(SnapshotError::Refused(refusal)) => return Err(refusal.into()),
            }
        }
        let inbox = &self.inner.hub.context.inbox;
        if inbox.is_listed(workspace) {
            inbox.changed_elsewhere(workspace, &ConversationRow::new(conversation, &decode(&row.snapshot)?));
        }
        Ok(())
    }
}

/// Asks again and again, until nobody wants to hear of it.
async fn keep_up(inner: Weak<Inner>, followed: Weak<Followed>, workspace: WorkspaceId, mut after: Position) {
    let Some(every) = inner.upgrade().map(|inner| inner.hub.context.limits.follow_every) else { return };
    let mut look = interval_at(Instant::now() + every, every);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut failures = 0;
    loop {
        look.tick().await;
        let (Some(inner), Some(_)) = (inner.upgrade(), followed.upgrade()) else { return };
        match (Minicom { inner }).catch_up(&workspace, &mut after, failures).await {
            Ok(()) => failures = 0,
            Err(error) => {
                failures += 1;
                let error = &error as &dyn std::error::Error;
                tracing::warn!(error, %workspace, "what others wrote could not be read, and is asked for again");
            }
        }
    }
}
