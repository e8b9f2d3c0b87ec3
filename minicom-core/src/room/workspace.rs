//! What a change of a workspace means to the sockets that are open.

use std::sync::Arc;

use super::{
    RoomContext,
    snapshot::Snapshot,
    writer::{Commit, Observer},
};
use crate::{close::CloseCode, id::WorkspaceId, log::Workspace, store::StoreError};

/// Looks at a workspace whenever it is read or written, here or, before that, elsewhere.
pub(crate) struct WorkspaceWatch<'a> {
    pub context: &'a RoomContext,
    pub workspace: &'a WorkspaceId,
}

impl WorkspaceWatch<'_> {
    /// Whose address is banned goes at once.
    fn close_banned(&self, now: &Snapshot<Workspace>) {
        let time = self.context.clock.now();
        if now.fold.address_bans(time).next().is_some() {
            let banned = |remote| now.fold.bans(remote, time);
            self.context.sockets.close_from(self.workspace, banned, CloseCode::Banned);
        }
    }
}

impl Observer<Workspace> for WorkspaceWatch<'_> {
    async fn caught_up(&mut self, now: &Arc<Snapshot<Workspace>>) -> Result<(), StoreError> {
        self.close_banned(now);
        Ok(())
    }

    fn committed(&mut self, now: &Arc<Snapshot<Workspace>>, _: &Commit<'_, Workspace>) {
        self.close_banned(now);
    }
}
