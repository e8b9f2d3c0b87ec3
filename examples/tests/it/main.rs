//! The `support-desk` binary as a process: how it starts, what it serves, how it stops, and what survives its death.

// One client for all that serve the same.
#[path = "../../../minicom-web/tests/it/client.rs"]
mod client;

mod answers;
mod auth;
mod config;
mod desk;
#[cfg(unix)]
mod killed;
mod lifecycle;
mod sessions;
mod telemetry;
