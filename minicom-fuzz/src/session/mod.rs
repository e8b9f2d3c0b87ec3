//! A session's whole life: frames, operations that end in any order with any outcome, ticks, drains and closes, as a driver
//! may hand them to it.
//!
//! What must hold: no panic; one close at most and nothing after it; a model that counts what is under way agrees on when the
//! socket is read and when live frames wait; every answer has the `client_id` of what it answers; no more than two pings go
//! unanswered; a deadline that was kept lies ahead; who has ended is closed; somebody never becomes somebody else; and
//! once everything under way has ended, the session reads on or is closed.

mod model;
mod script;

use arbitrary::{Arbitrary, Unstructured};

use self::{model::Model, script::Script};

/// Runs one input.
///
/// # Panics
/// If something does not hold.
pub fn run(data: &[u8]) {
    let Ok(script) = Script::arbitrary_take_rest(Unstructured::new(data)) else { return };
    let mut model = Model::new(&script);
    for step in &script.steps {
        model.step(step);
    }
    model.end();
}
