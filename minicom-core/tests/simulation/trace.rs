//! What happened, line by line.

use std::{
    cell::RefCell,
    hash::{DefaultHasher, Hash, Hasher},
};

use tokio::time::Instant;

#[derive(Debug, Default)]
pub struct Trace {
    lines: RefCell<Vec<String>>,
    began: RefCell<Option<Instant>>,
}

impl Trace {
    pub fn note(&self, who: &str, what: impl std::fmt::Display) {
        let began = *self.began.borrow_mut().get_or_insert_with(Instant::now);
        let at = began.elapsed().as_millis();
        self.lines.borrow_mut().push(format!("{at:>6} {who:<7} {what}"));
    }

    /// Its last lines.
    pub fn end(&self, count: usize) -> String {
        let lines = self.lines.borrow();
        lines[lines.len().saturating_sub(count)..].join("\n")
    }

    fn hash(&self) -> u64 {
        // Without keys, so the same in every process.
        let mut hasher = DefaultHasher::new();
        self.lines.borrow().hash(&mut hasher);
        hasher.finish()
    }

    pub fn assert_same(&self, other: &Self) {
        if self.hash() == other.hash() {
            return;
        }
        let (ours, others) = (self.lines.borrow(), other.lines.borrow());
        let at = ours.iter().zip(&*others).take_while(|(a, b)| a == b).count();
        panic!("two histories of one seed part at line {at}: {:?}, {:?}", ours.get(at), others.get(at));
    }
}
