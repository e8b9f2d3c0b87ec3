//! Which sockets are open, whose they are and from where: to count them, and to close those of somebody at once.

use std::{
    collections::HashMap,
    fmt,
    hash::Hash,
    net::IpAddr,
    sync::{Arc, Mutex},
};

use slab::Slab;
use tokio::time::Instant;

use super::Outbox;
use crate::{
    address::AddressRange,
    close::CloseCode,
    id::{ActorId, ConversationId, WorkspaceId},
    identity::Identity,
    role::Role,
    sync::lock,
};

/// The sockets that are open.
#[derive(Debug, Default)]
pub(crate) struct Sockets {
    open: Mutex<Open>,
}

#[derive(Default)]
struct Open {
    sockets: Slab<Socket>,
    by_household: Counts<AddressRange>,
    by_workspace: Counts<WorkspaceId>,
    /// By when all are to go; `None`: they may stay.
    leave_by: Option<Instant>,
}

impl fmt::Debug for Open {
    /// Without who is there, and from where.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Open").field("sockets", &self.sockets.len()).finish_non_exhaustive()
    }
}

/// How many there are of each.
#[derive(Debug)]
struct Counts<K>(HashMap<K, usize>);

impl<K> Default for Counts<K> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<K: Hash + Eq> Counts<K> {
    /// One more, unless there are `most` already.
    fn add(&mut self, key: K, most: usize) -> Result<(), TooMany> {
        let count = self.0.get(&key).copied().unwrap_or_default();
        if count >= most {
            return Err(TooMany);
        }
        self.0.insert(key, count + 1);
        Ok(())
    }

    fn subtract(&mut self, key: &K) {
        let left = self.0.get(key).copied().unwrap_or_default().saturating_sub(1);
        match self.0.get_mut(key).filter(|_| left > 0) {
            Some(count) => *count = left,
            None => drop(self.0.remove(key)),
        }
    }
}

/// So many are open already as may be.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TooMany;

/// A socket, and what is known of its other end.
struct Socket {
    outbox: Arc<Outbox>,
    remote: Option<IpAddr>,
    /// Unknown until it has an identity.
    whose: Option<(WorkspaceId, ActorId)>,
}

/// A socket's place among the open ones; it leaves when it is dropped.
#[derive(Debug)]
pub(crate) struct Seat {
    sockets: Arc<Sockets>,
    key: usize,
    named: bool,
}

impl Sockets {
    /// Takes a socket in, unless `most` of its household are open.
    pub fn sit(
        self: &Arc<Self>,
        outbox: Arc<Outbox>,
        remote: Option<IpAddr>,
        most: usize,
    ) -> Result<Seat, TooMany> {
        let mut open = lock(&self.open);
        if let Some(remote) = remote {
            open.by_household.add(AddressRange::household(remote), most)?;
        }
        if let Some(at) = open.leave_by {
            outbox.leave_by(at);
        }
        let key = open.sockets.insert(Socket { outbox, remote, whose: None });
        Ok(Seat { sockets: self.clone(), key, named: false })
    }

    /// Tells all that are open, and those that will be, to go by then. Only an earlier time changes that.
    pub fn leave_by(&self, at: Instant) {
        let mut open = lock(&self.open);
        if open.leave_by.is_some_and(|before| before <= at) {
            return;
        }
        open.leave_by = Some(at);
        open.sockets.iter().for_each(|(_, socket)| socket.outbox.leave_by(at));
    }

    /// Closes somebody's sockets; answers how many there were.
    pub fn close_of(&self, workspace: &WorkspaceId, actor: &ActorId, code: CloseCode) -> usize {
        self.close_where(code, |socket| {
            socket.whose.as_ref().is_some_and(|(at, whose)| at == workspace && whose == actor)
        })
    }

    /// From where the visitor is connected whose own conversation this is: each once.
    pub fn households_in(&self, workspace: &WorkspaceId, conversation: ConversationId) -> Vec<AddressRange> {
        let own = |(at, whose): &(WorkspaceId, ActorId)| {
            at == workspace
                && whose.role == Role::User
                && ConversationId::direct(&whose.subject) == conversation
        };
        let open = lock(&self.open);
        let his = open.sockets.iter().filter(|(_, socket)| socket.whose.as_ref().is_some_and(own));
        let mut households: Vec<_> =
            his.filter_map(|(_, socket)| socket.remote.map(AddressRange::household)).collect();
        households.sort_unstable();
        households.dedup();
        households
    }

    /// Closes a workspace's visitors' sockets whose other ends are so; answers how many there were.
    pub fn close_from(
        &self,
        workspace: &WorkspaceId,
        is_meant: impl Fn(IpAddr) -> bool,
        code: CloseCode,
    ) -> usize {
        self.close_where(code, |socket| {
            let visits = |(at, whose): &(WorkspaceId, ActorId)| at == workspace && whose.role == Role::User;
            socket.whose.as_ref().is_some_and(visits) && socket.remote.is_some_and(&is_meant)
        })
    }

    fn close_where(&self, code: CloseCode, is_meant: impl Fn(&Socket) -> bool) -> usize {
        let open = lock(&self.open);
        let meant = open.sockets.iter().filter(|(_, socket)| is_meant(socket));
        meant.map(|(_, socket)| socket.outbox.close(code)).count()
    }
}

impl Seat {
    /// Whether it is known whose it is, which never changes.
    pub fn is_named(&self) -> bool {
        self.named
    }

    /// Says whose it is, once that is known, unless `most` of his workspace are open.
    pub fn name(&mut self, identity: &Identity, most: usize) -> Result<(), TooMany> {
        if self.named {
            return Ok(());
        }
        let mut open = lock(&self.sockets.open);
        open.by_workspace.add(identity.workspace.clone(), most)?;
        if let Some(socket) = open.sockets.get_mut(self.key) {
            socket.whose = Some((identity.workspace.clone(), identity.actor().id));
        }
        self.named = true;
        Ok(())
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut open = lock(&self.sockets.open);
        let Some(Socket { remote, whose, .. }) = open.sockets.try_remove(self.key) else { return };
        if let Some(remote) = remote {
            open.by_household.subtract(&AddressRange::household(remote));
        }
        if let Some((workspace, _)) = whose {
            open.by_workspace.subtract(&workspace);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{id::ParticipantId, limits::Limits};

    #[test]
    fn a_household_and_a_workspace_have_so_many_and_no_more() {
        let sockets = Arc::new(Sockets::default());
        let sit = |remote: &str, most| {
            sockets.sit(Arc::new(Outbox::new(&Limits::default())), Some(remote.parse().unwrap()), most)
        };
        let ann = Identity::user(WorkspaceId::default(), ParticipantId::new("ann").unwrap());
        let (mut first, mut second) = (sit("2001:db8::1", 2).unwrap(), sit("2001:db8::2", 2).unwrap());
        assert!(sit("2001:db8::3", 2).is_err());
        let other = sit("2001:db8:0:1::1", 2).unwrap();
        assert_eq!(first.name(&ann, 1), Ok(()));
        assert_eq!(first.name(&ann, 1), Ok(()), "it is counted once");
        assert_eq!(second.name(&ann, 1), Err(TooMany));
        drop(first);
        assert_eq!(second.name(&ann, 1), Ok(()));
        assert!(sit("2001:db8::3", 2).is_ok());
        drop((second, other));
        assert!(sit("203.0.113.1", 0).is_err());
        let open = lock(&sockets.open);
        assert!(open.sockets.is_empty() && open.by_household.0.is_empty() && open.by_workspace.0.is_empty());
    }
}
