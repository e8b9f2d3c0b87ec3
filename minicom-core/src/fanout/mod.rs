//! Fan-out: what waits for each socket, which sockets there are, and which list the inbox.

mod inbox;
mod outbox;
mod sockets;

pub(crate) use inbox::{Inbox, Listing};
pub(crate) use outbox::{Next, Outbox, StateKey};
pub(crate) use sockets::{Seat, Sockets};
