//! What a host would do with this crate.

mod conformance;
mod faq;
mod folder;
mod grounded;
mod hostile;
mod kit;
mod labelled;
