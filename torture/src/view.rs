//! What a client shows of the conversation that it watches, and how it resumes: "Order and resume" of
//! `docs/protocol.md`, word for word.

use std::mem;

use serde_json::{Value, json};
use tokio::time::Instant;

use crate::{
    client::Role,
    record::{Record, View},
    wire::{Event, Message, Page, Seen, email},
};

/// The largest page.
const LIMIT: usize = 200;

#[derive(Debug)]
pub(crate) struct Watching {
    pub room: usize,
    pub seen: Vec<Seen>,
    /// The highest of `last_seq` and any seq seen, once it counts.
    cursor: u64,
    epoch: Option<String>,
    state: State,
    /// The conversations that it has left since it was live: their last frames may still arrive.
    left: Vec<usize>,
    asked: usize,
}

#[derive(Debug, Clone, Copy)]
enum State {
    /// No request is under way.
    Lost,
    /// The answer comes before this.
    Asked(Instant),
    /// It was refused, and is asked again then.
    Refused(Instant),
    Live,
}

/// What a page brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shown {
    /// Nothing: it is the answer to something else.
    Nothing,
    /// So many messages, and more must be asked for.
    More(usize),
    /// So many messages, and it is live.
    Live(usize),
}

impl Watching {
    pub fn new(room: usize) -> Self {
        Self {
            room,
            seen: Vec::new(),
            cursor: 0,
            epoch: None,
            state: State::Lost,
            left: Vec::new(),
            asked: 0,
        }
    }

    pub fn is_live(&self) -> bool {
        matches!(self.state, State::Live)
    }

    pub fn was_refused(&self) -> bool {
        matches!(self.state, State::Refused(_))
    }

    /// Whether everything up to that seq has come.
    pub fn has(&self, seq: u64) -> bool {
        self.is_live() && self.cursor >= seq
    }

    /// The connection is gone.
    pub fn lose(&mut self) {
        self.state = State::Lost;
        self.left.clear();
    }

    /// Turns to another conversation; what was shown of this one is complete as far as it goes.
    pub fn hop(&mut self, room: usize) -> View {
        let mut left = mem::replace(self, Self::new(room));
        self.asked = left.asked;
        self.left = mem::take(&mut left.left);
        self.left.push(left.room);
        View { room: left.room, seen: left.seen, through: Some(left.cursor) }
    }

    /// It stayed to the end.
    pub fn stay(self) -> View {
        View { room: self.room, seen: self.seen, through: None }
    }

    /// When an answer is overdue, or when to ask again.
    pub fn due(&self) -> Option<Instant> {
        match self.state {
            State::Asked(at) | State::Refused(at) => Some(at),
            State::Lost | State::Live => None,
        }
    }

    pub fn page_request(&self, role: Role, after: u64, client_id: &str) -> Value {
        let mut request = json!({
            "type": "get_conversation", "after": after, "epoch": self.epoch, "limit": LIMIT, "client_id": client_id,
        });
        if role == Role::Agent {
            request["email"] = email(self.room).into();
        }
        request
    }

    /// The next request; its answer is due by then.
    pub fn ask(&mut self, role: Role, by: Instant) -> Value {
        self.asked += 1;
        self.state = State::Asked(by);
        self.page_request(role, self.cursor, &self.request())
    }

    fn request(&self) -> String {
        format!("p{}", self.asked)
    }

    /// A request was refused for now.
    pub fn refused(&mut self, client_id: &str, again: Instant) {
        if client_id == self.request() && matches!(self.state, State::Asked(_)) {
            self.state = State::Refused(again);
        }
    }

    pub fn page(&mut self, page: &Page, record: &mut Record) -> Shown {
        if page.client_id.as_ref() != Some(&self.request()) || !matches!(self.state, State::Asked(_)) {
            return Shown::Nothing;
        }
        let here = email(self.room);
        if page.email.as_ref().is_some_and(|email| *email != here) {
            record.leaked += 1;
        }
        if page.recovered != Some(true) {
            // The conversation may have begun since; nothing else happens to one here.
            if self.epoch.is_some() {
                record.broken(format!("{here} was not recovered after {}", self.cursor));
            }
            let epoch = page.epoch.clone();
            let left = mem::take(&mut self.left);
            *self = Self { epoch, asked: self.asked, left, ..Self::new(self.room) };
            return Shown::More(0);
        }
        self.epoch.clone_from(&page.epoch);
        let mut events = self.cursor;
        for event in &page.events {
            record.out_of_order += usize::from(event.seq <= events);
            events = event.seq;
        }
        for message in &page.messages {
            record.leaked += usize::from(message.email != here);
            self.show(message, record);
        }
        self.cursor = self.cursor.max(page.last_seq);
        if page.has_more {
            return Shown::More(page.messages.len());
        }
        self.state = State::Live;
        self.left.clear();
        Shown::Live(page.messages.len())
    }

    /// A live message; whether it was shown. It counts only once the resume is done.
    pub fn message(&mut self, message: &Message, record: &mut Record) -> bool {
        let from = |room| message.email == email(room);
        if !from(self.room) && !self.left.iter().any(|room| from(*room)) {
            record.leaked += 1;
            return false;
        }
        self.is_live() && self.show(message, record)
    }

    pub fn event(&mut self, event: &Event, record: &mut Record) {
        if self.is_live() {
            record.out_of_order += usize::from(event.seq <= self.cursor);
            self.cursor = self.cursor.max(event.seq);
        }
    }

    fn show(&mut self, message: &Message, record: &mut Record) -> bool {
        if message.seq <= self.cursor {
            let shown = self.seen.binary_search_by_key(&message.seq, |seen| seen.seq).is_ok();
            *(if shown { &mut record.doubled } else { &mut record.out_of_order }) += 1;
            return false;
        }
        self.cursor = message.seq;
        self.seen.push(message.into());
        true
    }
}
