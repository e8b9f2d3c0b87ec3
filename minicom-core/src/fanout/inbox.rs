//! Live inbox lists: which sockets asked for one, and what a change of a row means to each.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use slab::Slab;

use super::{Outbox, StateKey};
use crate::{id::WorkspaceId, store::RowFilter, sync::lock, view::ConversationRow, wire::server};

/// The sockets that list conversations.
#[derive(Debug, Default)]
pub(crate) struct Inbox {
    listings: Mutex<HashMap<WorkspaceId, Slab<Subscriber>>>,
}

#[derive(Debug)]
struct Subscriber {
    outbox: Arc<Outbox>,
    filter: RowFilter,
}

/// A socket's list; ends when it is dropped.
#[derive(Debug)]
pub(crate) struct Listing {
    inbox: Arc<Inbox>,
    workspace: WorkspaceId,
    key: usize,
}

impl Inbox {
    /// From now on `outbox` hears of rows that match `filter`.
    pub fn subscribe(
        self: &Arc<Self>,
        workspace: &WorkspaceId,
        outbox: Arc<Outbox>,
        filter: RowFilter,
    ) -> Listing {
        let mut listings = lock(&self.listings);
        let key = listings.entry(workspace.clone()).or_default().insert(Subscriber { outbox, filter });
        Listing { inbox: self.clone(), workspace: workspace.clone(), key }
    }

    /// A row is new or differs: `row` if the old or the new one matches, as gone if only the old one does.
    pub fn changed(&self, workspace: &WorkspaceId, old: Option<&ConversationRow>, new: &ConversationRow) {
        if old == Some(new) {
            return;
        }
        self.tell(workspace, new, |filter| old.is_some_and(|old| filter.matches(&old.row)));
    }

    /// Another process changed a row. What it was before is not known here, so where it does not match it is gone, and who
    /// never had it has nothing to remove.
    pub fn changed_elsewhere(&self, workspace: &WorkspaceId, new: &ConversationRow) {
        self.tell(workspace, new, |_| true);
    }

    /// Whether somebody lists a workspace.
    pub fn is_listed(&self, workspace: &WorkspaceId) -> bool {
        lock(&self.listings).contains_key(workspace)
    }

    fn tell(&self, workspace: &WorkspaceId, new: &ConversationRow, matched: impl Fn(&RowFilter) -> bool) {
        let listings = lock(&self.listings);
        let Some(subscribers) = listings.get(workspace) else { return };
        let (mut live, mut gone) = (None, None);
        for (_, Subscriber { outbox, filter }) in subscribers {
            let frame = if filter.matches(&new.row) && !new.moved {
                live.get_or_insert_with(|| server::row(new, false))
            } else if matched(filter) {
                gone.get_or_insert_with(|| server::row(new, true))
            } else {
                continue;
            };
            outbox.set(StateKey::Row(new.conversation), frame.clone());
        }
    }
}

impl Drop for Listing {
    fn drop(&mut self) {
        let mut listings = lock(&self.inbox.listings);
        let Some(subscribers) = listings.get_mut(&self.workspace) else { return };
        subscribers.try_remove(self.key);
        if subscribers.is_empty() {
            listings.remove(&self.workspace);
        }
    }
}
