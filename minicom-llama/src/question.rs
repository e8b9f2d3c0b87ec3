//! What of a turn goes to the model: plain data, which can also travel to a child process.

use minicom_core::{Body, ConversationId, Role, Seq, Turn, WorkspaceId};
use serde::{Deserialize, Serialize};

/// No model needs more than this many bytes of text for one token of its window, so no more is handed on.
const BYTES_PER_TOKEN: usize = 16;

/// A turn, as far as the model has to know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Question {
    pub(crate) workspace: WorkspaceId,
    pub(crate) conversation: ConversationId,
    /// The workspace's own; empty if it has none.
    pub(crate) instructions: String,
    /// What was looked up, best first.
    pub(crate) material: Vec<Material>,
    /// What was said, oldest first. The last is what is to be answered.
    pub(crate) said: Vec<Said>,
}

/// A passage of a knowledge base.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Material {
    pub(crate) title: String,
    pub(crate) text: String,
}

/// A message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Said {
    /// Names it, so that the window can begin where it began the last time.
    pub(crate) seq: Seq,
    pub(crate) role: Role,
    pub(crate) text: String,
}

impl Question {
    /// The question in a turn; `None` if there is nothing to answer: no words, or not a visitor's.
    pub(crate) fn new(turn: &Turn, window: usize) -> Option<Self> {
        let most = window.saturating_mul(BYTES_PER_TOKEN);
        let said = latest(turn, most);
        let asked = said.last().filter(|last| last.seq == turn.in_reply_to && last.role == Role::User)?;
        // Characters without width are no question either.
        asked
            .text
            .chars()
            .find(|char| char.is_alphanumeric() || char.is_ascii_graphic() || *char > '\u{2fff}')?;
        let mut room = most;
        let material = turn.passages.iter().map_while(|passage| {
            let text = start(passage.text.trim(), room);
            room -= text.len();
            let title = start(passage.source.title.trim(), 200);
            (!text.is_empty()).then(|| Material { title: title.to_owned(), text: text.to_owned() })
        });
        Some(Self {
            workspace: turn.workspace.clone(),
            conversation: turn.conversation,
            instructions: turn.instructions.trim().to_owned(),
            material: material.collect(),
            said,
        })
    }
}

/// The latest messages, oldest first: the one to answer, and of those before it as many as have these bytes together.
fn latest(turn: &Turn, most: usize) -> Vec<Said> {
    let mut room = most;
    let mut said = Vec::new();
    let until = turn.events.iter().rev().filter(|recorded| recorded.event.seq <= turn.in_reply_to);
    for event in until.map(|recorded| &recorded.event) {
        let Body::Message { text, .. } = &event.body else { continue };
        let text = if said.is_empty() { start(text.trim(), room) } else { text.trim() };
        let Some(left) = room.checked_sub(text.len()) else { break };
        room = left;
        if !text.is_empty() {
            said.push(Said { seq: event.seq, role: event.actor.id.role, text: text.to_owned() });
        }
    }
    said.reverse();
    said
}

fn start(text: &str, bytes: usize) -> &str {
    &text[..text.floor_char_boundary(bytes)]
}

#[cfg(test)]
pub(crate) mod tests {
    use jiff::Timestamp;
    use minicom_core::{
        Actor, ActorId, Event, EventId, Fields, ParticipantId, Passage, Position, Recorded, Source,
    };

    use super::*;

    fn recorded(number: u64, role: Role, body: Body) -> Recorded<Body> {
        let subject = ParticipantId::new(role.as_str()).unwrap();
        let actor = Actor { id: ActorId { role, subject }, name: None };
        let event = Event { seq: Seq(number), time: Timestamp::UNIX_EPOCH, actor, client_id: None, body };
        Recorded { id: EventId(number), position: Position(number), event }
    }

    /// A turn of these messages.
    pub(crate) fn turn(messages: &[(Role, &str)]) -> Turn {
        let message =
            |(number, (role, text)): (u64, &(Role, &str))| recorded(number, *role, Body::message(*text));
        let events = (1..).zip(messages).map(message).collect();
        let conversation = ConversationId::direct(&ParticipantId::new("ann").unwrap());
        Turn::new(WorkspaceId::default(), conversation, events)
    }

    fn texts(question: &Question) -> Vec<&str> {
        question.said.iter().map(|said| said.text.as_str()).collect()
    }

    #[test]
    fn what_was_said_is_trimmed_and_in_order() {
        let turn = turn(&[(Role::User, " a "), (Role::Ai, "b"), (Role::User, "\n"), (Role::User, "c?")]);
        let question = Question::new(&turn, 100).unwrap();
        assert_eq!(texts(&question), ["a", "b", "c?"]);
        assert_eq!(question.said[2].seq, Seq(4));
    }

    #[test]
    fn only_a_visitors_words_are_a_question() {
        for messages in [
            &[][..],
            &[(Role::User, "")],
            &[(Role::User, " \u{200b}\u{2003}\n")],
            &[(Role::User, "open?"), (Role::Agent, "Yes.")],
            &[(Role::User, "open?"), (Role::User, " ")],
        ] {
            assert_eq!(Question::new(&turn(messages), 100), None, "{messages:?}");
        }
        for asked in ["?", "おい", "👋", "ü", "مرحبا"] {
            assert!(Question::new(&turn(&[(Role::User, asked)]), 100).is_some(), "{asked}");
        }
    }

    #[test]
    fn what_came_later_and_what_is_not_understood_is_left_out() {
        let mut turn = turn(&[(Role::User, "first"), (Role::User, "second")]);
        turn.in_reply_to = Seq(1);
        turn.events
            .insert(0, recorded(0, Role::User, Body::Unknown { kind: "x".into(), fields: Fields::new() }));
        assert_eq!(texts(&Question::new(&turn, 100).unwrap()), ["first"]);
    }

    #[test]
    fn no_more_text_than_could_fit_is_handed_on() {
        let long = "é".repeat(1000);
        let turn = turn(&[(Role::User, "old"), (Role::Ai, &long), (Role::User, &long)]);
        let question = Question::new(&turn, 100).unwrap();
        assert_eq!(question.said.iter().map(|said| said.text.len()).collect::<Vec<_>>(), [1600]);
        let question = Question::new(&turn, 200).unwrap();
        assert_eq!(question.said.iter().map(|said| said.text.len()).collect::<Vec<_>>(), [2000]);
        assert_eq!(Question::new(&turn, 1000).unwrap().said.len(), 3);
    }

    #[test]
    fn passages_are_taken_from_the_best_on() {
        let mut turn = turn(&[(Role::User, "open?")]);
        let passage = |text: &str| Passage { text: text.into(), source: Source::new("Hours") };
        turn.passages = vec![passage(&"a".repeat(1500)), passage(&"b".repeat(500)), passage("c")];
        let question = Question::new(&turn, 100).unwrap();
        assert_eq!(question.material.iter().map(|piece| piece.text.len()).collect::<Vec<_>>(), [1500, 100]);
    }
}
