//! The heart of Minicom.

pub mod bus;
pub mod close;
#[cfg(test)]
mod doc_table;
pub mod error;
mod hub;
pub mod id;
pub mod identity;
pub mod limits;
pub mod log;
pub mod minicom;
pub mod responder;
mod room;
pub mod session;
pub mod store;
pub mod text;
pub mod time;
mod wire;

pub use bus::{Bus, BusError, BusEvent, LocalBus, Topic};
pub use close::CloseCode;
pub use error::{Code, Error, Refusal};
pub use id::*;
pub use identity::*;
pub use limits::Limits;
pub use log::*;
pub use minicom::*;
pub use responder::{Draft, Reply, Responder, ResponderError, Turn};
pub use session::{Incoming, Outgoing};
pub use store::*;
pub use time::{Clock, SystemClock};
pub use wire::{Cursors, PageFrom, PageRequest, Target};
