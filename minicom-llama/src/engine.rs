//! The loop of the model's thread: turns come in, one batch after the other is evaluated for all of them, words go out.
//!
//! Each step is one batch. In it are one token of every reply that is being written, and parts of the prompts of those that
//! have just come. Between two steps turns are let in, and those that nobody waits for any more are dropped.

use std::{
    collections::VecDeque,
    sync::{Arc, atomic::Ordering::Relaxed},
};

use tokio::sync::mpsc::{UnboundedReceiver, error::TryRecvError};

use crate::{
    error::TurnError,
    handle::{Event, Finished, Request},
    model::{DecodeError, Entry, Model},
    output::Output,
    pool::{Admission, Key, Pool, Sequence},
    prompt::{Layout, Prompt, Token},
    stats::{Counters, Now},
};

/// How the engine is set up.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) slots: usize,
    pub(crate) prefixes: usize,
    pub(crate) parallel: usize,
    pub(crate) cells: usize,
    pub(crate) batch: usize,
    pub(crate) max_tokens: usize,
    pub(crate) stop: Vec<String>,
    pub(crate) layout: Layout,
}

pub(crate) struct Engine<M: Model> {
    model: M,
    settings: Settings,
    counters: Arc<Counters>,
    pool: Pool,
    waiting: VecDeque<Request>,
    /// The first of them found no room. Until a turn ends there is none, and its prompt need not be made again.
    blocked: bool,
    active: Vec<Active<M::Sampler>>,
    /// Instructions that are being evaluated.
    prefixes: Vec<Prefix>,
}

/// A turn that has a sequence.
struct Active<S> {
    request: Request,
    slot: Sequence,
    prefix: Sequence,
    /// The prompt, and what was drawn since.
    tokens: Vec<Token>,
    /// How many of them the sequence holds.
    done: usize,
    /// How many were drawn.
    drawn: usize,
    /// How many of them its workspace's instructions are.
    shared: usize,
    /// How many are the prompt.
    prompt: usize,
    material: usize,
    sampler: S,
    output: Output,
}

struct Prefix {
    sequence: Sequence,
    tokens: Vec<Token>,
    done: usize,
}

/// Whose tokens stand in a batch.
enum Owner {
    Prefix(usize),
    Active(usize),
}

/// A run of entries of one sequence.
struct Run {
    owner: Owner,
    length: usize,
}

impl<M: Model> Engine<M> {
    pub(crate) fn new(model: M, settings: Settings, counters: Arc<Counters>) -> Self {
        let pool = Pool::new(settings.slots, settings.prefixes, settings.parallel, settings.cells);
        Self {
            model,
            settings,
            counters,
            pool,
            waiting: VecDeque::new(),
            blocked: false,
            active: Vec::new(),
            prefixes: Vec::new(),
        }
    }

    /// Works until nobody can send any more.
    pub(crate) fn run(mut self, mut requests: UnboundedReceiver<Request>) {
        loop {
            if self.idle() {
                let Some(request) = requests.blocking_recv() else { return };
                self.waiting.push_back(request);
            }
            loop {
                match requests.try_recv() {
                    Ok(request) => self.waiting.push_back(request),
                    Err(TryRecvError::Empty) => break,
                    Err(TryRecvError::Disconnected) => return,
                }
            }
            self.step();
        }
    }

    fn idle(&self) -> bool {
        self.waiting.is_empty() && self.active.is_empty() && self.prefixes.is_empty()
    }

    /// Drops what nobody waits for, lets in what there is room for, evaluates one batch.
    fn step(&mut self) {
        let waited = self.waiting.len();
        self.waiting.retain(|request| !request.cancelled());
        self.blocked &= self.waiting.len() == waited;
        for number in (0..self.active.len()).rev() {
            if self.active[number].request.cancelled() {
                self.end(number, None);
            }
        }
        while !self.blocked
            && self.active.len() < self.settings.parallel
            && let Some(request) = self.waiting.pop_front()
        {
            if let Some(request) = self.admit(request) {
                self.waiting.push_front(request);
                self.blocked = true;
            }
        }
        self.evaluate();
        self.count();
    }

    fn count(&self) {
        self.counters.tell(Now {
            busy: self.active.len(),
            waiting: self.waiting.len(),
            kept: self.pool.kept(),
            taken: self.pool.taken(),
        });
    }

    /// Gives a request a sequence; or gives it back if there is none.
    fn admit(&mut self, request: Request) -> Option<Request> {
        let key: Key = (request.question.workspace.clone(), request.question.conversation);
        let begin = self.pool.first(&key);
        let prompt = match self.settings.layout.prompt(&self.model, &request.question, begin) {
            Ok(prompt) => prompt,
            Err(error) => {
                request.send(Event::Done(Err(error)));
                return None;
            }
        };
        let most = prompt.tokens.len() + self.settings.max_tokens;
        match self.pool.admit(key, &prompt, most) {
            Some(admission) => {
                self.begin(request, prompt, admission);
                None
            }
            // Nobody is in the way, and nobody will make room.
            None if self.active.is_empty() => {
                request.send(Event::Done(Err(TurnError::NoRoom)));
                None
            }
            None => Some(request),
        }
    }

    fn begin(&mut self, request: Request, prompt: Prompt, admission: Admission) {
        let Admission { slot, clear, mut kept, prefix, fresh } = admission;
        for sequence in clear {
            self.clear(sequence);
        }
        if kept > 0 && !self.model.shorten(slot, kept) {
            self.clear(slot);
            kept = 0;
        }
        let (shared, length) = (prompt.shared, prompt.tokens.len());
        if fresh {
            let tokens = prompt.tokens[..shared].to_vec();
            self.prefixes.push(Prefix { sequence: prefix, tokens, done: 0 });
        } else if kept == 0 && self.ready(prefix) {
            self.model.copy(prefix, slot);
            kept = shared;
        }
        self.counters.reused.fetch_add(kept as u64, Relaxed);
        self.counters.turns.fetch_add(1, Relaxed);
        self.active.push(Active {
            request,
            slot,
            prefix,
            tokens: prompt.tokens,
            done: kept,
            drawn: 0,
            shared,
            prompt: length,
            material: prompt.material,
            sampler: self.model.sampler(),
            output: Output::new(&self.settings.stop),
        });
    }

    /// Empties a sequence. Instructions that were being evaluated in it are given up.
    fn clear(&mut self, sequence: Sequence) {
        self.prefixes.retain(|prefix| prefix.sequence != sequence);
        self.model.shorten(sequence, 0);
    }

    /// Whether instructions are evaluated.
    fn ready(&self, prefix: Sequence) -> bool {
        !self.prefixes.iter().any(|other| other.sequence == prefix)
    }

    fn evaluate(&mut self) {
        let (batch, runs) = self.batch();
        if batch.is_empty() {
            return;
        }
        match self.decode(&batch) {
            Ok(()) => {
                self.counters.evaluated.fetch_add(batch.len() as u64, Relaxed);
                self.advance(&runs);
            }
            Err(error) => {
                tracing::error!(%error, turns = self.active.len(), "a batch was not evaluated");
                self.fail();
            }
        }
    }

    fn decode(&mut self, batch: &[Entry]) -> Result<(), DecodeError> {
        match self.model.decode(batch) {
            // Cells are counted, so this is not expected; what is only kept may have to go all the same.
            Err(DecodeError::NoRoom) => {
                for sequence in self.pool.forget() {
                    self.clear(sequence);
                }
                self.model.decode(batch)
            }
            other => other,
        }
    }

    /// The next batch: a token of each reply first, then instructions, then prompts, as many as fit. While replies are being
    /// written, prompts get less of it, so that words do not stop for long.
    fn batch(&self) -> (Vec<Entry>, Vec<Run>) {
        let mut batch = Vec::new();
        let mut runs = Vec::new();
        let writing =
            |active: &Active<M::Sampler>| active.done + 1 == active.tokens.len() && active.drawn > 0;
        let ready = |active: &Active<M::Sampler>| active.done > 0;
        for (number, active) in self.active.iter().enumerate().filter(|(_, active)| writing(active)) {
            runs.push(active.run(number, 1, &mut batch));
        }
        let most = if batch.is_empty() { self.settings.batch } else { self.settings.batch / 4 };
        let mut left = most.max(batch.len() + 1).min(self.settings.batch) - batch.len();
        for (number, prefix) in self.prefixes.iter().enumerate() {
            let length = left.min(prefix.tokens.len() - prefix.done);
            left -= length;
            runs.push(prefix.run(number, length, &mut batch));
        }
        let reading = self.active.iter().enumerate().filter(|(_, active)| ready(active) && !writing(active));
        for (number, active) in reading {
            let length = left.min(active.tokens.len() - active.done);
            left -= length;
            runs.push(active.run(number, length, &mut batch));
        }
        (batch, runs)
    }

    /// A batch was evaluated.
    fn advance(&mut self, runs: &[Run]) {
        let mut entry = 0;
        let mut ended = Vec::new();
        for run in runs.iter().filter(|run| run.length > 0) {
            entry += run.length;
            match run.owner {
                Owner::Prefix(number) => self.prefixes[number].done += run.length,
                Owner::Active(number) => {
                    let active = &mut self.active[number];
                    active.done += run.length;
                    if active.done == active.tokens.len() && self.draw(number, entry - 1) {
                        ended.push(number);
                    }
                }
            }
        }
        ended.sort_unstable();
        for number in ended.into_iter().rev() {
            let Active { material, prompt, drawn, .. } = self.active[number];
            self.end(number, Some(Ok(Finished { material, prompt, drawn })));
        }
        self.copy_prefixes();
    }

    /// Instructions that are evaluated now are what their turns begin with.
    fn copy_prefixes(&mut self) {
        let (done, rest) = self.prefixes.drain(..).partition(|prefix| prefix.done == prefix.tokens.len());
        self.prefixes = rest;
        let done: Vec<Prefix> = done;
        for prefix in done {
            for active in &mut self.active {
                if active.prefix == prefix.sequence && active.done == 0 {
                    self.model.copy(prefix.sequence, active.slot);
                    active.done = active.shared;
                }
            }
        }
    }

    /// Draws the next token of a reply, and says whether the reply has come to its end.
    fn draw(&mut self, number: usize, entry: usize) -> bool {
        let active = &mut self.active[number];
        let token = self.model.sample(&mut active.sampler, entry);
        self.counters.drawn.fetch_add(1, Relaxed);
        active.drawn += 1;
        if self.model.ends(token) {
            let rest = active.output.finish();
            active.say(rest.words);
            return true;
        }
        active.tokens.push(token);
        let said = active.output.push(&self.model.bytes(token));
        active.say(said.words);
        if !said.ended && active.drawn == self.settings.max_tokens {
            let rest = active.output.finish();
            active.say(rest.words);
            return true;
        }
        said.ended
    }

    /// A turn is over: its sequence is kept for the next one.
    fn end(&mut self, number: usize, finished: Option<Result<Finished, TurnError>>) {
        self.blocked = false;
        let mut active = self.active.swap_remove(number);
        active.tokens.truncate(active.done);
        if self.pool.release(active.slot, active.tokens) {
            self.clear(active.slot);
        }
        if let Some(finished) = finished {
            active.request.send(Event::Done(finished));
        }
    }

    /// Nothing is known of the context any more: it is emptied, and all turns have failed.
    fn fail(&mut self) {
        for active in self.active.drain(..) {
            active.request.send(Event::Done(Err(TurnError::Failed)));
        }
        self.prefixes.clear();
        self.blocked = false;
        self.pool.reset();
        self.model.reset();
    }
}

impl<S> Active<S> {
    fn say(&self, words: String) {
        if !words.is_empty() {
            self.request.send(Event::Words(words));
        }
    }

    /// Adds the next tokens of its sequence to a batch.
    fn run(&self, number: usize, length: usize, batch: &mut Vec<Entry>) -> Run {
        let last = self.tokens.len() - 1;
        let entries = (self.done..self.done + length).map(|position| Entry {
            token: self.tokens[position],
            position,
            sequence: self.slot,
            sampled: position == last,
        });
        batch.extend(entries);
        Run { owner: Owner::Active(number), length }
    }
}

impl Prefix {
    fn run(&self, number: usize, length: usize, batch: &mut Vec<Entry>) -> Run {
        let entries = (self.done..self.done + length).map(|position| Entry {
            token: self.tokens[position],
            position,
            sequence: self.sequence,
            sampled: false,
        });
        batch.extend(entries);
        Run { owner: Owner::Prefix(number), length }
    }
}

#[cfg(test)]
mod tests;
