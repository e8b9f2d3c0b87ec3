//! What a host tests with that builds on Minicom:
//!
//! - [`chat`]: a visitor and an agent who talk to your app, in process or over a WebSocket (feature `ws`).
//! - [`store`], [`bus`], [`responder`]: conformance suites for what you may bring.
//! - [`faulty`]: a store and a bus that fail as correct ones may, by a seed or on demand.
//!
//! # Suites
//!
//! A store of your own is checked by one line. Each case becomes a `#[test]`, and a case that is added here later
//! reaches your store without a change on your side:
//!
//! ```
//! use std::sync::Arc;
//!
//! use minicom_core::{MemoryStore, Store};
//! use minicom_testkit::{async_trait, store::StoreFixture};
//!
//! struct Memory;
//!
//! #[async_trait]
//! impl StoreFixture for Memory {
//!     async fn open(&self) -> Arc<dyn Store> {
//!         Arc::new(MemoryStore::new())
//!     }
//! }
//!
//! minicom_testkit::store_conformance!(async { Memory });
//! # fn main() {}
//! ```
//!
//! An adapter for another web framework is checked likewise, by `adapter_conformance!` behind the feature `adapter`.
//!
//! The cases panic where a store does not hold to the contract that [`minicom_core::Store`] states; no case sleeps, and none
//! depends on how fast anything is. [`bus_conformance!`] and [`responder_conformance!`] are used in the same way.

#[cfg(feature = "adapter")]
pub mod adapter;
pub mod bus;
pub mod chat;
pub mod faulty;
pub mod responder;
pub mod store;
pub mod suite;

/// For implementing a fixture without naming the crate among one's own dependencies.
pub use async_trait::async_trait;
