//! The HTTP side over real connections: hyper as the server, and clients of another make.

mod client;
mod frames;
mod handshake;
mod login;
mod pages;
mod protocol;
mod rest;
mod server;
mod widget;
