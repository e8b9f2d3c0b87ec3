//! The heart of Minicom, support chat that lives inside a Rust developer's own server: conversations and their rules,
//! rooms and fan-out, the session of a socket, and the traits around them. It knows no HTTP, no web framework, no database
//! and no WebSocket library; `minicom-axum`, `minicom-web` and `minicom-sqlite` add those.
//!
//! ```
//! use futures_util::StreamExt;
//! use minicom_core::{Command, Identity, MemoryStore, Minicom, ParticipantId, Target, WorkspaceId};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let minicom = Minicom::builder().store(MemoryStore::new()).build()?;
//! let mut committed = minicom.committed();
//!
//! // A host acts in process as anybody it vouches for.
//! let ann = ParticipantId::new("ann@example.com")?;
//! let ben = Identity::agent(WorkspaceId::default(), ParticipantId::new("ben")?).with_name("Ben");
//! let chat = Target::Participant(ann);
//! minicom.execute(&ben, &chat, Command::message("How can I help?")).await?;
//!
//! let change = committed.next().await.expect("the stream lasts as long as the server")?;
//! assert_eq!(change.events[0].event.actor.name.as_deref(), Some("Ben"));
//! minicom.shutdown().await;
//! # Ok(())
//! # }
//! ```
//!
//! # What it guarantees
//!
//! - An acknowledged message is stored, once, with its place in the conversation, as durably as the [`Store`] promises.
//! - Every watcher of a conversation sees its events in that order, once; after a break it resumes by `seq` and `epoch`.
//! - A socket that does not read costs bounded memory, and nobody else's time.
//! - Who may do what is decided in one place, [`authorize`], for every command and every read; the default is no.
//!
//! # Where things are
//!
//! [`Minicom`] is what a host holds. [`Store`], [`Authenticator`], [`Responder`], [`Moderator`] and [`Bus`] are what it may bring.
//! [`log`] has the rules, pure: [`Conversation`] and [`Workspace`]. [`session`] has one client's side of the protocol,
//! without I/O. [`Limits`] has every bound, [`metrics`] what is counted. The wire itself is described in the repository's `docs/protocol.md`.

pub mod address;
pub mod ban;
pub mod bus;
pub mod close;
#[cfg(test)]
mod doc_table;
pub mod error;
mod fanout;
mod hub;
pub mod id;
pub mod identity;
pub mod limits;
pub mod log;
pub mod metrics;
pub mod minicom;
pub mod moderator;
pub mod rates;
pub mod responder;
pub mod role;
mod room;
pub mod session;
pub mod settings;
pub mod store;
mod sync;
pub mod text;
pub mod time;
pub mod view;
mod wire;

pub use address::{AddressRange, InvalidRange};
pub use ban::{AddressBan, Ban, BanRequest, MAX_ADDRESS_BANS, MAX_BAN_REASON_BYTES};
pub use bus::{Bus, BusError, BusEvent, LocalBus, Topic};
pub use close::CloseCode;
pub use error::{Code, Error, Refusal};
pub use id::*;
pub use identity::*;
pub use limits::Limits;
pub use log::*;
pub use minicom::*;
pub use moderator::{Moderator, ModeratorError, Said, Verdict};
pub use rates::{
    AddressCharge, AddressRates, Charge, ChatRates, InvalidRate, Rate, RateLimits, WorkspaceRates,
};
pub use responder::{Answer, Draft, Passage, Reply, Responder, ResponderError, Tokens, Turn};
pub use role::{AgentRole, Role, Side};
pub use session::{Incoming, Outgoing};
pub use settings::WorkspaceSettings;
pub use store::*;
pub use time::{Clock, SystemClock};
pub use view::*;
#[doc(hidden)]
pub use wire::FrameKind;
/// How what the server sends is written, for benches. Nothing here is promised.
#[doc(hidden)]
pub mod written {
    pub use crate::wire::server::{
        DraftPart, PageKind, Place, ack, ai, draft, error, event, list, messages_read, page, pong, row,
        search, typing, viewers, word_lists,
    };
}
pub use wire::{KnownEpoch, PageFrom, PageRequest, Target};
