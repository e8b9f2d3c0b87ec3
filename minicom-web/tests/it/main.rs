//! The HTTP side over real connections: hyper as the server, and clients of another make.

mod client;
#[allow(dead_code, reason = "half of it is for core")]
#[path = "../../../minicom-core/src/doc_table.rs"]
mod doc_table;
mod frames;
mod handshake;
mod login;
mod pages;
mod protocol;
mod rest;
mod roles;
mod server;
mod widget;
