//! What a client shows of a conversation, kept as the protocol says, and what must never be seen while it is kept.

use std::collections::BTreeMap;

use serde_json::Value;

/// A client's knowledge of one conversation. It outlasts connections.
#[derive(Debug, Default)]
pub struct View {
    /// The words, by seq.
    pub shown: BTreeMap<u64, String>,
    /// Nothing is missing up to here.
    pub seen: u64,
    pub epoch: Value,
}

/// What a client knows of its place in a conversation on one connection.
#[derive(Debug, Default)]
pub struct Place {
    /// What comes live next, once that is known: not before the first page or the first live message.
    next_live: Option<u64>,
    /// Whether all that came before was read, so that what comes live counts as seen.
    pub resumed: bool,
    /// How far each side has read.
    read: BTreeMap<String, u64>,
}

/// What a client shows of an event that is no message.
pub fn shown_as(kind: &str) -> String {
    format!("kind {kind}")
}

pub fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or_else(|| panic!("a number was expected, not {value}"))
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("a text was expected, not {value}"))
}

fn listed<'a>(page: &'a Value, list: &str) -> impl Iterator<Item = &'a Value> {
    page[list].as_array().unwrap().iter()
}

impl View {
    fn show(&mut self, email: &str, message: &Value) {
        let words = text(&message["content"]);
        assert!(words.starts_with(&format!("{email}/")), "leaked from another room: {message}");
        assert_eq!(message["email"], email);
        self.insert(number(&message["seq"]), words);
    }

    fn show_event(&mut self, event: &Value) {
        self.insert(number(&event["seq"]), &shown_as(text(&event["kind"])));
    }

    fn insert(&mut self, seq: u64, words: &str) {
        let before = self.shown.entry(seq).or_insert_with(|| words.to_owned());
        assert_eq!(*before, words, "{seq} is one message or event");
    }

    fn show_page(&mut self, email: &str, page: &Value) {
        listed(page, "messages").for_each(|message| self.show(email, message));
        listed(page, "events").for_each(|event| self.show_event(event));
    }

    /// Takes a page; answers whether more is to be asked for.
    pub fn take_page(&mut self, place: &mut Place, email: &str, page: &Value) -> bool {
        assert_eq!(page["email"], email, "a page of another conversation");
        let (first, last) = (number(&page["first_seq"]), number(&page["last_seq"]));
        let mut seqs = Vec::new();
        for list in ["messages", "events"] {
            let listed: Vec<_> = listed(page, list).map(|event| number(&event["seq"])).collect();
            assert!(listed.is_sorted(), "a page is in order: {page}");
            seqs.extend(listed);
        }
        seqs.sort_unstable();
        assert!(seqs.iter().copied().eq(first..=last), "a page has what it covers: {page}");
        for side in ["user", "admin"] {
            place.take_read(side, number(&page["read"][side]), Moves::OrStays);
        }
        // The latest page ends where live messages begin, and so does the last one of a resume.
        let live_follows = page["type"] == "history" || page["has_more"] == false;
        place.next_live = live_follows.then_some(last + 1);
        if page["type"] == "history" {
            // There may be a gap before it, so it cannot be resumed from.
            self.show_page(email, page);
            return true;
        }
        if page["recovered"] == false {
            // Nothing is ever erased here: only who never learnt an epoch starts anew.
            assert!(self.epoch.is_null() && self.seen > 0, "not recovered without need: {page}");
            *self = Self { epoch: page["epoch"].clone(), ..Self::default() };
            return true;
        }
        assert!(self.epoch.is_null() || self.epoch == page["epoch"], "another epoch");
        assert_eq!(first, self.seen + 1, "a page begins where the client ends");
        self.epoch = page["epoch"].clone();
        self.seen = last;
        self.show_page(email, page);
        place.resumed = page["has_more"] == false;
        page["has_more"] == true
    }

    pub fn take_message(&mut self, place: &mut Place, email: &str, message: &Value) {
        self.take_live(place, number(&message["seq"]));
        self.show(email, message);
    }

    pub fn take_event(&mut self, place: &mut Place, event: &Value) {
        self.take_live(place, number(&event["seq"]));
        self.show_event(event);
    }

    fn take_live(&mut self, place: &mut Place, seq: u64) {
        // Everybody sees every event here, so that a jump would be a loss.
        assert!(place.next_live.is_none_or(|next| next == seq), "{seq} came live, not {:?}", place.next_live);
        place.next_live = Some(seq + 1);
        if place.resumed {
            assert_eq!(seq, self.seen + 1);
            self.seen = seq;
        }
    }
}

/// What a cursor that is told may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moves {
    Only,
    OrStays,
}

impl Place {
    pub fn take_read(&mut self, side: &str, up_to: u64, moves: Moves) {
        let before = self.read.insert(side.to_owned(), up_to);
        let forward = match moves {
            Moves::Only => before.is_none_or(|before| before < up_to),
            Moves::OrStays => before.is_none_or(|before| before <= up_to),
        };
        assert!(forward, "the cursor of {side} went from {before:?} to {up_to}");
    }
}
