//! The heart of Minicom.

pub mod close;
#[cfg(test)]
mod doc_table;
pub mod error;
pub mod id;
pub mod identity;
pub mod store;
pub mod text;

pub use close::CloseCode;
pub use error::{Code, Error, Refusal};
pub use id::*;
pub use identity::*;
pub use store::*;
