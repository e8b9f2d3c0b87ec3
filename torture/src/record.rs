//! What each client writes down, for the judge at the end, and what all count while it runs.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use crate::wire::{Key, Seen, hash};

/// A message that was sent, and what became of it.
#[derive(Debug)]
pub(crate) struct Sent {
    pub room: usize,
    pub hash: u64,
    /// Seq and id.
    pub ack: Option<(u64, u64)>,
}

/// What a client has shown of a conversation.
#[derive(Debug)]
pub(crate) struct View {
    pub room: usize,
    pub seen: Vec<Seen>,
    /// It left after this seq; `None`: it stayed to the end.
    pub through: Option<u64>,
}

/// What a client did and saw.
#[derive(Debug, Default)]
pub(crate) struct Record {
    pub sent: Vec<Sent>,
    pub views: Vec<View>,
    /// Shown a second time.
    pub doubled: usize,
    /// Shown after what comes behind it, or acknowledged so.
    pub out_of_order: usize,
    /// Of a conversation that it does not watch.
    pub leaked: usize,
    /// Whatever else the protocol does not allow.
    pub broken: Vec<String>,
}

impl Record {
    /// Writes down what is about to be sent for the first time.
    pub fn send(&mut self, client: usize, room: usize, bytes: usize) -> (Key, String) {
        let key = Key { client, number: self.sent.len() };
        let text = key.text(bytes);
        self.sent.push(Sent { room, hash: hash(&text), ack: None });
        (key, text)
    }

    /// Writes down an ack; the same key is acknowledged the same way, however often.
    pub fn acked(&mut self, key: Key, seq: u64, id: u64) {
        let Some(sent) = self.sent.get_mut(key.number) else {
            return self.broken(format!("an ack of {key:?}, which was never sent"));
        };
        if *sent.ack.get_or_insert((seq, id)) != (seq, id) {
            self.broken(format!("{key:?} is acknowledged as seq {seq}, id {id}, and was otherwise"));
        }
    }

    pub fn broken(&mut self, what: String) {
        // The first ones tell the story.
        if self.broken.len() < 20 {
            self.broken.push(what);
        }
    }
}

/// A number that many count.
#[derive(Debug, Default)]
pub(crate) struct Counter(AtomicUsize);

impl Counter {
    pub fn add(&self, more: usize) {
        self.0.fetch_add(more, Relaxed);
    }

    pub fn subtract(&self, less: usize) {
        self.0.fetch_sub(less, Relaxed);
    }

    pub fn get(&self) -> usize {
        self.0.load(Relaxed)
    }
}

/// What is counted while it runs.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// Sockets opened.
    pub connects: Counter,
    /// Connections that nobody accepted.
    pub not_accepted: Counter,
    /// Connections on which no handshake was answered, or by a refusal.
    pub no_handshake: Counter,
    /// Sockets that have resumed and are live now.
    pub live: Counter,
    /// Clients that send nothing new.
    pub quiet: Counter,
    /// Messages without an ack now.
    pub outstanding: Counter,
    /// Messages acknowledged, each once.
    pub acked: Counter,
    /// Messages shown.
    pub deliveries: Counter,
    /// Pages read.
    pub pages: Counter,
    /// Messages sent again.
    pub resent: Counter,
    /// Answers `unavailable`.
    pub unavailable: Counter,
    /// Conversations left for another.
    pub hops: Counter,
    /// Stalled sockets that the server has ended.
    pub slow_ended: Counter,
    /// Stalled sockets that it has not.
    pub slow_open: Counter,
}
