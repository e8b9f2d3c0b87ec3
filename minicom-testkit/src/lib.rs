//! Conformance suites for what a host may bring to Minicom.
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
//! depends on how fast anything is.

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
