//! What is kept of a visitor's words, which of his messages wait for review, and who has reviewed them.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Body, Conversation};
use crate::{
    error::{Code, Refusal},
    id::{ClientId, Seq},
    log::{Context, Event, Fact, Facts, Fields, Recorded, digest, handoff::cut},
    role::Role,
    store::StoredEvent,
};

/// What of a conversation was flagged last, and up to where that was reviewed. A part of the snapshot.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flags {
    /// The seq of the last `flagged` event; 0 before the first.
    pub last: Seq,
    /// Every `flagged` event up to this seq is reviewed.
    pub reviewed: Seq,
}

impl Flags {
    /// Whether something waits for review.
    pub fn wait(self) -> bool {
        self.last > self.reviewed
    }

    pub(super) fn is_default(&self) -> bool {
        *self == Self::default()
    }

    pub(super) fn take_event(&mut self, event: &Event<Body>) {
        match &event.body {
            Body::Flagged { .. } => self.last = event.seq,
            Body::Reviewed { up_to } => self.reviewed = self.reviewed.max(*up_to),
            Body::Moved { .. } => *self = Self::default(),
            _ => {}
        }
    }
}

/// Why a message waits for review. Of its text it holds no more than the words that were found.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum FlagReason {
    /// It has words of the workspace's list.
    Listed {
        /// As they are listed; at most [`MAX_FLAGGED_WORDS`](crate::MAX_FLAGGED_WORDS).
        words: Vec<String>,
    },
    /// The host's [`Moderator`](crate::Moderator) said so.
    Moderator {
        /// Why, in its words; at most 200 bytes are kept.
        detail: String,
    },
}

impl FlagReason {
    /// The wire's word.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Listed { .. } => "listed",
            Self::Moderator { .. } => "moderator",
        }
    }

    pub(super) fn fields(&self) -> Fields {
        let more = match self {
            Self::Listed { words } => ("words", Value::from(words.as_slice())),
            Self::Moderator { detail } => ("detail", detail.as_str().into()),
        };
        [("reason", self.as_str().into()), more]
            .map(|(key, value)| (key.to_owned(), value))
            .into_iter()
            .collect()
    }

    /// `None`: a newer version's.
    pub(super) fn from_fields(fields: &Fields) -> Option<Self> {
        Some(match fields.get("reason")?.as_str()? {
            "listed" => {
                let word = |word: &Value| word.as_str().map(str::to_owned);
                Self::Listed {
                    words: fields.get("words")?.as_array()?.iter().map(word).collect::<Option<_>>()?,
                }
            }
            "moderator" => Self::Moderator { detail: fields.get("detail")?.as_str()?.to_owned() },
            _ => return None,
        })
    }
}

/// The fields of a body that says something of a message.
pub(super) fn about(message: Seq, mut fields: Fields) -> Fields {
    fields.insert("message".to_owned(), message.0.into());
    fields
}

/// The fields of a review.
pub(super) fn reviewed(up_to: Seq) -> Fields {
    Map::from_iter([("up_to".to_owned(), up_to.0.into())])
}

/// A visitor's words as they are to be kept.
pub(super) struct Kept {
    pub body: Body,
    /// Why they wait for review.
    pub flagged: Option<FlagReason>,
}

impl Conversation {
    /// What of it was flagged and reviewed.
    pub fn flags(&self) -> Flags {
        self.flags
    }

    /// Judges what somebody says by the workspace's word lists. Only visitors are judged: agents answer for what they say, and
    /// the AI says what its host had it say.
    pub(super) fn keeps(cx: &Context<'_>, text: &str) -> Result<Kept, Refusal> {
        let judged = if cx.actor.id.role == Role::User { cx.workspace.judge(text) } else { None };
        let judged = judged.unwrap_or_default();
        if judged.refused {
            return Err(Refusal::new(Code::WordsRefused, "this has words that are not accepted here"));
        }
        let flagged = (!judged.flagged.is_empty()).then_some(FlagReason::Listed { words: judged.flagged });
        let Some(masked) = judged.masked else { return Ok(Kept { body: Body::message(text), flagged }) };
        // Whoever sends it again sends it unmasked.
        let body = Body::Message { text: masked, sources: Vec::new(), masked: Some(digest(text)) };
        Ok(Kept { body, flagged })
    }

    /// The word of the host's moderator. He is told of a message at least once, so the event has a key of its message.
    pub(super) fn flag(&self, cx: &Context<'_>, seq: Seq, reason: &str) -> Result<Facts<Self>, Refusal> {
        if cx.actor.id.role != Role::Ai {
            return Err(Refusal::forbidden());
        }
        let is_a_visitors = |event: &&StoredEvent| {
            let body = Recorded::read(event).map(|recorded| recorded.event.body);
            event.seq == seq && event.actor.role == Role::User && matches!(body, Ok(Body::Message { .. }))
        };
        let message = cx.also.iter().find(is_a_visitors);
        let message = message.ok_or(Refusal::new(Code::NotFound, "there is no such message"))?;
        let reason = FlagReason::Moderator { detail: cut(reason.trim()) };
        Ok(vec![Fact::Event(Event {
            seq: self.last.next(),
            time: cx.now.max(self.time),
            actor: cx.actor.clone(),
            client_id: ClientId::new(format!("flagged:{}", message.id)).ok(),
            body: Body::Flagged { message: seq, reason },
        })])
    }

    /// A review up to a `flagged` event. One that reaches no further than the last says nothing new.
    pub(super) fn review(&self, cx: &Context<'_>, up_to: Option<Seq>) -> Result<Facts<Self>, Refusal> {
        if self.epoch.is_nil() {
            return Err(Refusal::new(Code::NotFound, "there is no such conversation"));
        }
        let up_to = up_to.unwrap_or(self.flags.last).min(self.flags.last);
        let moves = up_to > self.flags.reviewed;
        Ok(if moves { vec![self.next_event(cx, 0, Body::Reviewed { up_to })] } else { Vec::new() })
    }
}
