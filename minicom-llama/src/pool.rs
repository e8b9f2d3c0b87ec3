//! Which conversation has which sequence of the context, and what is forgotten when there is no room. Pure: it says what is
//! to be done to the context, and somebody else does it.
//!
//! Sequences are numbered: first those of conversations, then those of instructions ("prefixes"). Every conversation begins
//! with a prefix, whose cells it shares. A conversation's sequence is never used for another one before it is cleared, and
//! a prefix serves one workspace.

use minicom_core::{ConversationId, Seq, WorkspaceId};

use crate::prompt::{Prompt, Token};

/// A sequence of the context.
pub(crate) type Sequence = usize;

/// Whose tokens they are.
pub(crate) type Key = (WorkspaceId, ConversationId);

#[derive(Debug)]
pub(crate) struct Pool {
    slots: Vec<Slot>,
    prefixes: Vec<Prefix>,
    cells: usize,
    parallel: usize,
    /// Rises with every use, so that the least recent is known.
    clock: u64,
}

/// A conversation's place.
#[derive(Debug, Default)]
struct Slot {
    held: Option<Held>,
    used: u64,
}

#[derive(Debug)]
struct Held {
    key: Key,
    prefix: usize,
    /// What is evaluated; while it is busy, what was when it began.
    tokens: Vec<Token>,
    /// Cells that it has or may come to need, those of its prefix left out.
    cells: usize,
    busy: bool,
    first: Seq,
}

/// A workspace's instructions; without tokens it is free.
#[derive(Debug)]
struct Prefix {
    workspace: WorkspaceId,
    tokens: Vec<Token>,
    used: u64,
}

/// A turn has a sequence.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Admission {
    pub(crate) slot: Sequence,
    /// Sequences that are to be emptied before anything else.
    pub(crate) clear: Vec<Sequence>,
    /// How many of the prompt's tokens the sequence holds already; what it holds beyond is to be dropped. With 0 the prefix is
    /// to be copied into it, once it is evaluated.
    pub(crate) kept: usize,
    /// The sequence of the prefix.
    pub(crate) prefix: Sequence,
    /// Whether it is new and must be evaluated.
    pub(crate) fresh: bool,
}

impl Pool {
    pub(crate) fn new(slots: usize, prefixes: usize, parallel: usize, cells: usize) -> Self {
        let free = || Prefix { workspace: WorkspaceId::default(), tokens: Vec::new(), used: 0 };
        Self {
            slots: std::iter::repeat_with(Slot::default).take(slots).collect(),
            prefixes: std::iter::repeat_with(free).take(prefixes).collect(),
            cells,
            parallel,
            clock: 0,
        }
    }

    /// Conversations that are being answered.
    pub(crate) fn busy(&self) -> usize {
        self.held().filter(|held| held.busy).count()
    }

    /// Conversations whose tokens are kept and that are not being answered.
    pub(crate) fn kept(&self) -> usize {
        self.held().filter(|held| !held.busy).count()
    }

    /// Cells that are in use or promised.
    pub(crate) fn taken(&self) -> usize {
        self.held().map(|held| held.cells).sum::<usize>()
            + self.prefixes.iter().map(|prefix| prefix.tokens.len()).sum::<usize>()
    }

    /// The oldest message that a conversation's kept tokens hold.
    pub(crate) fn first(&self, key: &Key) -> Option<Seq> {
        let slots = self
            .slots
            .iter()
            .filter(|slot| slot.held.as_ref().is_some_and(|held| held.key == *key && !held.busy));
        slots.max_by_key(|slot| slot.used)?.held.as_ref().map(|held| held.first)
    }

    fn held(&self) -> impl Iterator<Item = &Held> {
        self.slots.iter().filter_map(|slot| slot.held.as_ref())
    }

    /// Finds a sequence for a prompt that may grow to `most` tokens; `None` as long as there is no room. What others keep is
    /// dropped only if that helps.
    pub(crate) fn admit(&mut self, key: Key, prompt: &Prompt, most: usize) -> Option<Admission> {
        let shared = &prompt.tokens[..prompt.shared];
        let known =
            self.prefixes.iter().position(|prefix| prefix.workspace == key.0 && prefix.tokens == shared);
        let need = most - prompt.shared;
        let total = need + if known.is_none() { prompt.shared } else { 0 };
        if self.busy() == self.parallel || self.taken_by_busy(known) + total > self.cells {
            return None;
        }
        self.clock += 1;
        let mut clear = Vec::new();
        let fresh = known.is_none();
        let prefix = known.unwrap_or_else(|| self.free_prefix(&mut clear));
        if fresh {
            // Counted from here on.
            self.prefixes[prefix] =
                Prefix { workspace: key.0.clone(), tokens: shared.to_vec(), used: self.clock };
        }
        self.prefixes[prefix].used = self.clock;
        let (slot, kept) = self.free_slot(&key, prefix, &prompt.tokens, &mut clear);
        let held = Held { key, prefix, tokens: Vec::new(), cells: need, busy: true, first: prompt.first };
        self.slots[slot] = Slot { held: Some(held), used: self.clock };
        self.make_room(prefix, &mut clear);
        let prefix = self.slots.len() + prefix;
        Some(Admission { slot, clear, kept, prefix, fresh })
    }

    /// Cells that cannot be freed: busy conversations, their prefixes, and the one that is needed.
    fn taken_by_busy(&self, needed: Option<usize>) -> usize {
        let busy = |prefix: usize| self.held().any(|held| held.busy && held.prefix == prefix);
        let prefixes = self.prefixes.iter().enumerate();
        self.held().filter(|held| held.busy).map(|held| held.cells).sum::<usize>()
            + prefixes
                .filter(|(number, _)| busy(*number) || needed == Some(*number))
                .map(|(_, prefix)| prefix.tokens.len())
                .sum::<usize>()
    }

    /// A prefix that is free, or the one that was not needed for longest. There are at least as many as busy conversations.
    fn free_prefix(&mut self, clear: &mut Vec<Sequence>) -> usize {
        let busy = |prefix: usize| self.held().any(|held| held.busy && held.prefix == prefix);
        let idle = (0..self.prefixes.len()).filter(|prefix| !busy(*prefix));
        let prefix = idle.min_by_key(|prefix| self.prefixes[*prefix].used).unwrap_or(0);
        self.drop_prefix(prefix, clear);
        prefix
    }

    /// Forgets a prefix and the conversations that begin with it.
    fn drop_prefix(&mut self, prefix: usize, clear: &mut Vec<Sequence>) {
        if self.prefixes[prefix].tokens.is_empty() {
            return;
        }
        for (number, slot) in self.slots.iter_mut().enumerate() {
            if slot.held.as_ref().is_some_and(|held| held.prefix == prefix) {
                *slot = Slot::default();
                clear.push(number);
            }
        }
        self.prefixes[prefix].tokens.clear();
        self.prefixes[prefix].used = 0;
        clear.push(self.slots.len() + prefix);
    }

    /// The conversation's own sequence, a free one, or the least recent; and how much of the prompt it holds.
    fn free_slot(
        &mut self,
        key: &Key,
        prefix: usize,
        tokens: &[Token],
        clear: &mut Vec<Sequence>,
    ) -> (Sequence, usize) {
        let own = |held: &Held| held.key == *key && held.prefix == prefix && !held.busy;
        let own = self.slots.iter().enumerate().filter_map(|(number, slot)| {
            let held = slot.held.as_ref().filter(|held| own(held))?;
            // The last token is evaluated anew even if it is known, or there would be nothing to go on from.
            Some((common(&held.tokens, tokens).min(tokens.len() - 1), number))
        });
        if let Some((kept, number)) = own.max()
            && kept >= self.prefixes[prefix].tokens.len()
        {
            return (number, kept);
        }
        let idle = (0..self.slots.len())
            .filter(|slot| self.slots[*slot].held.as_ref().is_none_or(|held| !held.busy));
        let slot = idle.min_by_key(|slot| self.slots[*slot].used).unwrap_or(0);
        if self.slots[slot].held.take().is_some() {
            clear.push(slot);
        }
        (slot, 0)
    }

    /// Forgets the least recent until all that is taken and promised has room.
    fn make_room(&mut self, needed: usize, clear: &mut Vec<Sequence>) {
        while self.taken() > self.cells {
            let idle = |slot: &Slot| slot.held.as_ref().is_some_and(|held| !held.busy);
            let oldest = (0..self.slots.len()).filter(|slot| idle(&self.slots[*slot]));
            if let Some(slot) = oldest.min_by_key(|slot| self.slots[*slot].used) {
                self.slots[slot] = Slot::default();
                clear.push(slot);
                continue;
            }
            let busy = |prefix: usize| self.held().any(|held| held.prefix == prefix);
            let unused = (0..self.prefixes.len()).filter(|prefix| {
                *prefix != needed && !busy(*prefix) && !self.prefixes[*prefix].tokens.is_empty()
            });
            match unused.min_by_key(|prefix| self.prefixes[*prefix].used) {
                Some(prefix) => self.drop_prefix(prefix, clear),
                None => return,
            }
        }
    }

    /// A turn is over. Its sequence keeps these tokens, all of them evaluated; fewer than its prefix are none, and then the
    /// sequence is to be cleared, which the answer says.
    #[must_use]
    pub(crate) fn release(&mut self, slot: Sequence, tokens: Vec<Token>) -> bool {
        self.clock += 1;
        let Some(held) = self.slots[slot].held.as_mut() else { return true };
        let shared = self.prefixes[held.prefix].tokens.len();
        if tokens.len() < shared {
            self.slots[slot] = Slot::default();
            return true;
        }
        held.cells = tokens.len() - shared;
        held.tokens = tokens;
        held.busy = false;
        self.slots[slot].used = self.clock;
        false
    }

    /// Forgets all that is kept and not in use, if there is anything; the sequences that are to be cleared.
    pub(crate) fn forget(&mut self) -> Vec<Sequence> {
        let mut clear = Vec::new();
        for (number, slot) in self.slots.iter_mut().enumerate() {
            if slot.held.as_ref().is_some_and(|held| !held.busy) {
                *slot = Slot::default();
                clear.push(number);
            }
        }
        for prefix in 0..self.prefixes.len() {
            if !self.held().any(|held| held.prefix == prefix) {
                self.drop_prefix(prefix, &mut clear);
            }
        }
        clear
    }

    /// Forgets everything, after the context has been emptied.
    pub(crate) fn reset(&mut self) {
        *self = Self::new(self.slots.len(), self.prefixes.len(), self.parallel, self.cells);
    }
}

/// How many tokens two have in common from the beginning.
fn common(one: &[Token], other: &[Token]) -> usize {
    one.iter().zip(other).take_while(|(a, b)| a == b).count()
}

#[cfg(test)]
mod tests;
