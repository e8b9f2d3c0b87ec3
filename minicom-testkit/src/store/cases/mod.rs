//! The cases, by what they look at. Each one panics where the store does not hold to the contract.

pub mod also;
pub mod append;
pub mod concurrent;
pub mod duplicates;
pub mod erase;
pub mod events;
pub mod isolation;
pub mod lasting;
pub mod random;
pub mod rows;
pub mod search;
