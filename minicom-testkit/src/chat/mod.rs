//! People in a chat, scripted: a [`Visitor`] and an [`Agent`] that say, hear and see, over
//! [`Minicom::serve`](minicom_core::Minicom::serve) without a socket or, with the feature `ws`, over a real one.
//!
//! ```
//! use minicom_core::{MemoryStore, Minicom};
//! use minicom_testkit::chat::{Agent, Visitor};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let minicom = Minicom::builder().store(MemoryStore::new()).build()?;
//! let mut ann = Visitor::connect(&minicom, "ann@example.com").await;
//! let mut ben = Agent::connect(&minicom, "ben").await;
//!
//! ann.says("Where is my parcel?").await;
//! assert_eq!(ben.inbox().await[0].unread, 1);
//! ben.opens("ann@example.com").await;
//! ben.hears("Where is my parcel?").await;
//! ben.reads().await;
//! ann.sees_read().await;
//! ben.answers("On its way.").await;
//! ann.hears("On its way.").await;
//! # Ok(())
//! # }
//! ```
//!
//! Where an AI answers, they hear it too:
//!
//! ```
//! use minicom_core::{HandoffReason, MemoryStore, Minicom};
//! use minicom_testkit::chat::{Agent, Visitor};
//! use minicom_testkit::responder::ScriptedResponder;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let manual = ScriptedResponder::new().says("From nine to five.").hands_over(HandoffReason::Unknown);
//! let minicom = Minicom::builder().store(MemoryStore::new()).responder(manual).build()?;
//! let mut ann = Visitor::connect(&minicom, "ann@example.com").await;
//! let mut ben = Agent::connect(&minicom, "ben").await;
//!
//! ann.says("When are you open?").await;
//! let answer = ann.hears_from_ai().await;
//! assert_eq!(answer.text, "From nine to five.");
//! ann.rates(&answer, true).await;
//! ann.says("Where is my parcel?").await;
//! assert_eq!(ann.sees_handoff().await, "unknown");
//! ben.opens("ann@example.com").await;
//! assert_eq!(ben.sees_handoff().await, "unknown");
//! ben.answers("On its way.").await;
//! ann.hears("On its way.").await;
//! ben.hands_back().await;
//! ann.asks_for_a_person().await;
//! assert_eq!(ben.sees_handoff().await, "asked");
//! # Ok(())
//! # }
//! ```
#![cfg_attr(
    feature = "ws",
    doc = r#"
The same against a server, here Minicom's own in an axum router; a host's app is served in the same way:

```
use minicom_core::{MemoryStore, Minicom, PathIdentity};
use minicom_testkit::chat::{Agent, Visitor};

# #[tokio::main(flavor = "current_thread")]
# async fn main() -> Result<(), Box<dyn std::error::Error>> {
let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
let here = listener.local_addr()?;
let minicom = Minicom::builder().store(MemoryStore::new()).authenticator(PathIdentity::new(here)?).build()?;
let app: axum::Router = minicom_axum::router(minicom);
tokio::spawn(async move { axum::serve(listener, app).await });

let mut ann = Visitor::connect_ws(&format!("ws://{here}/ws/chat/user/ann%40example.com/")).await;
let mut ben = Agent::connect_ws(&format!("ws://{here}/ws/chat/admin/ben/")).await;
ben.opens("ann@example.com").await;
ann.says("Hello?").await;
ben.hears("Hello?").await;
# Ok(())
# }
```
"#
)]
//!
//! What does not come within ten seconds of tokio's clock makes the test fail with what came instead; on a runtime whose
//! time is paused, that is as soon as nothing can come any more. (Paused time and real sockets do not go together: time
//! then leaps while bytes are under way.)
//!
//! [`Client`] is one level below: frames as they are.

mod agent;
mod client;
mod person;
mod visitor;
#[cfg(feature = "ws")]
mod ws;

pub use agent::{Agent, InboxRow};
pub use client::Client;
pub use person::Said;
pub use visitor::Visitor;
#[cfg(feature = "ws")]
pub use ws::ConnectError;
