//! The cases, by what they look at. Each one panics where an adapter does not hold to what `minicom-web` promises.

// Panicking is how a case answers; a section of its own under each would say nothing else.
#![allow(clippy::missing_panics_doc)]

pub mod attacks;
pub mod chat;
pub mod frames;
pub mod handshake;
pub mod http;
pub mod identity;
pub mod limits;
pub mod login;
pub mod many;
pub mod metrics;
pub mod mounted;
pub mod origins;
pub mod pages;
pub mod rest;
pub mod workspaces;

/// As a case gets the fixture.
pub type Fixture = std::sync::Arc<dyn super::AdapterFixture>;
