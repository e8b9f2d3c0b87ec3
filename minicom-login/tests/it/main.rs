//! The login as a host uses it, over a store: what several callers and several processes make of it.

mod accounts;
mod authenticator;
mod changing;
mod guessing;
mod hand;
mod processes;
