//! What a turn asks.

use minicom_core::{Role, Turn};

use crate::{Found, Knowledge, small_talk::SmallTalk};

/// How many earlier messages of the visitor may help to understand a question.
const EARLIER: usize = 3;

/// What is to be done with a turn.
pub(crate) enum Asked {
    /// A visitor asks, and this was found.
    Question(Found),
    /// A visitor says something that asks nothing.
    SmallTalk(SmallTalk),
    /// The last word is not a visitor's.
    Nothing,
}

impl Asked {
    pub(crate) fn of(turn: &Turn, knowledge: &Knowledge) -> Self {
        let question = turn.question();
        let mut messages = turn.messages().rev();
        if !matches!(messages.next(), Some((Role::User, last)) if last == question) {
            return Self::Nothing;
        }
        let small_talk = |message: &str| SmallTalk::of(message, knowledge.language());
        if let Some(small_talk) = small_talk(question) {
            return Self::SmallTalk(small_talk);
        }
        let earlier: Vec<&str> = messages
            .filter(|(role, message)| *role == Role::User && small_talk(message).is_none())
            .map(|(_, message)| message)
            .take(EARLIER)
            .collect();
        Self::Question(knowledge.look_up(question, &earlier))
    }
}
