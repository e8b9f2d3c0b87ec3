//! What a store may hand back, written by another version or by nobody in his right mind: snapshots, events, names.
//!
//! An input is what is stored, up to a zero byte (which stands in no JSON); a byte whose lowest three bits say whether a
//! server is put upon it, which takes long; and what then happens to it.
//!
//! What must hold: no panic and no hang; what decodes is written and read back as the same, with every field that this version
//! does not know; any fact folds, and the fold stays bounded; a decision is a function of what it sees; a policy with a field
//! that is not known is none; what is owed by the AI is claimed, resolved and forgotten as its facts are documented; what a
//! name parses to prints as what parses to the same; words lie in their text; and a server upon such a store, with an AI,
//! serves pages that are frames, in which a visitor sees nothing that is not understood or for agents alone.

mod asked;
mod events;
mod facts;
mod names;
mod owing;
mod served;
mod snapshots;
mod words;

use arbitrary::{Arbitrary, Unstructured};

use self::facts::Happening;

/// Runs one input.
///
/// # Panics
/// If something does not hold.
pub fn run(data: &[u8]) {
    let end = data.iter().position(|byte| *byte == 0).unwrap_or(data.len());
    let (stored, rest) = (&data[..end], data.get(end + 1..).unwrap_or_default());
    let (serve, rest) = rest.split_first().map_or((false, rest), |(first, rest)| (first & 7 == 1, rest));
    let happenings: Vec<Happening<'_>> =
        Vec::arbitrary_take_rest(Unstructured::new(rest)).unwrap_or_default();

    snapshots::conversation(stored, &happenings);
    snapshots::workspace(stored, &happenings);
    let readable = events::check(stored);
    if readable && serve {
        served::check(stored, &happenings);
    }
    if let Ok(text) = std::str::from_utf8(stored) {
        names::check(text);
        words::check(text);
    }
}
