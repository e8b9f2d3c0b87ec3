//! The `support-desk` binary as a process: how it starts, what it serves, how it stops, and what survives its death. What
//! is about signals and sockets that are handed over is for Unix.

// One client for all that serve the same.
#[path = "../../../minicom-web/tests/it/client.rs"]
mod client;

mod answers;
mod auth;
mod backup;
mod config;
mod desk;
#[cfg(unix)]
mod killed;
mod lifecycle;
mod sessions;
mod talk;
mod telemetry;
