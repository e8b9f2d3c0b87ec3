//! Fan-out: what waits for each socket, and which sockets list the inbox.

mod inbox;
mod outbox;

pub(crate) use inbox::{Inbox, Listing};
pub(crate) use outbox::{Outbox, StateKey};
