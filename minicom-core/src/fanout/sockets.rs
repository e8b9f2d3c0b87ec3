//! Which sockets are open, whose they are and from where: to close those of somebody at once.

use std::{
    net::IpAddr,
    sync::{Arc, Mutex},
};

use slab::Slab;

use super::Outbox;
use crate::{
    address::AddressRange,
    close::CloseCode,
    id::{ActorId, WorkspaceId},
    identity::Identity,
    role::Role,
    sync::lock,
};

/// The sockets that are open.
#[derive(Debug, Default)]
pub(crate) struct Sockets {
    open: Mutex<Slab<Socket>>,
}

/// A socket, and what is known of its other end.
#[derive(Debug)]
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
    /// Takes a socket in.
    pub fn sit(self: &Arc<Self>, outbox: Arc<Outbox>, remote: Option<IpAddr>) -> Seat {
        let key = lock(&self.open).insert(Socket { outbox, remote, whose: None });
        Seat { sockets: self.clone(), key, named: false }
    }

    /// Closes somebody's sockets; answers how many there were.
    pub fn close_of(&self, workspace: &WorkspaceId, actor: &ActorId, code: CloseCode) -> usize {
        self.close_where(code, |socket| {
            socket.whose.as_ref().is_some_and(|(at, whose)| at == workspace && whose == actor)
        })
    }

    /// Closes a workspace's visitors' sockets whose other ends are in a range; answers how many there were.
    pub fn close_from(&self, workspace: &WorkspaceId, range: &AddressRange, code: CloseCode) -> usize {
        self.close_where(code, |socket| {
            let visits = |(at, whose): &(WorkspaceId, ActorId)| at == workspace && whose.role == Role::User;
            socket.whose.as_ref().is_some_and(visits)
                && socket.remote.is_some_and(|remote| range.contains(remote))
        })
    }

    fn close_where(&self, code: CloseCode, is_meant: impl Fn(&Socket) -> bool) -> usize {
        let open = lock(&self.open);
        let meant = open.iter().filter(|(_, socket)| is_meant(socket));
        meant.map(|(_, socket)| socket.outbox.close(code)).count()
    }
}

impl Seat {
    /// Whose it is, once that is known; that never changes.
    pub fn name(&mut self, identity: &Identity) {
        if self.named {
            return;
        }
        self.named = true;
        if let Some(socket) = lock(&self.sockets.open).get_mut(self.key) {
            socket.whose = Some((identity.workspace.clone(), identity.actor().id));
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        lock(&self.sockets.open).try_remove(self.key);
    }
}
