//! A store and a bus that fail as correct ones may: by a schedule that a seed fixes, or on demand.
//!
//! Everything that is injected is allowed by the contracts of [`Store`](minicom_core::Store) and
//! [`Bus`](minicom_core::Bus), so what breaks under it is broken. There are no spurious conflicts, no pages that are cut
//! short and no reads of the past: those a correct store does not have.

mod bus;
mod schedule;
mod store;

pub use bus::FaultyBus;
pub use schedule::{Fault, Faults};
pub use store::FaultyStore;
