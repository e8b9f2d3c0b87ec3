//! The cases, by what they look at. Each one panics where a bus does not hold to the contract.

// Panicking is how a case answers; a section of its own under each would say nothing else.
#![allow(clippy::missing_panics_doc)]

pub mod delivery;
pub mod overflow;
pub mod payloads;
pub mod subscriptions;
