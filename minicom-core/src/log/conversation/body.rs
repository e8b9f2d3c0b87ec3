//! What an event of a conversation says, and how it is written.

use serde_json::{Map, Value};
use uuid::Uuid;

use super::moderating::{self, FlagReason};
use crate::{
    ban::Ban,
    id::{ParticipantId, Seq},
    log::{EventBody, Fields, HandoffReason, Personality, Source, digest},
};

/// What an event of a conversation says.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Body {
    /// Somebody said something.
    Message {
        /// The words.
        text: String,
        /// What the words of an AI rest on.
        sources: Vec<Source>,
        /// Words were masked: a digest of the text as it was sent.
        masked: Option<Uuid>,
    },
    /// The conversation was handed over to the agents.
    Handoff {
        /// Why.
        reason: HandoffReason,
    },
    /// An agent took over from the AI.
    TakenOver,
    /// The AI may answer again.
    HandedBack,
    /// An answer that was being written was not wanted.
    Stopped {
        /// The message that it would have answered.
        in_reply_to: Seq,
    },
    /// A visitor judged an answer.
    Rated {
        /// Which.
        seq: Seq,
        /// Whether it was helpful.
        helpful: bool,
    },
    /// What the AI would say. Agents alone see it.
    Suggestion {
        /// The message that it would answer.
        in_reply_to: Seq,
        /// The words.
        text: String,
        /// What they rest on.
        sources: Vec<Source>,
    },
    /// How the AI speaks here was changed. Agents alone see it.
    PersonalityChosen {
        /// How; `None`: as in the workspace.
        personality: Option<Personality>,
    },
    /// All that was said here is in another conversation now, because its visitor was identified. Agents alone see it.
    Moved {
        /// Whose.
        to: ParticipantId,
    },
    /// The participant may no longer come. Agents alone see it.
    Banned {
        /// Why, and for how long.
        ban: Ban,
        /// It is told of a conversation that was moved here, and holds no more or less long than another: it changes nothing.
        over: bool,
    },
    /// He may come again. Agents alone see it.
    Unbanned {
        /// It is told of a conversation that was moved here: it changes nothing.
        over: bool,
    },
    /// A visitor's message waits for review. Agents alone see it.
    Flagged {
        /// Which.
        message: Seq,
        /// Why.
        reason: FlagReason,
    },
    /// What was flagged is reviewed. Agents alone see it.
    Reviewed {
        /// Up to which `flagged` event.
        up_to: Seq,
    },
    /// Something that a newer version stored: kept as it is, and shown to agents only.
    Unknown {
        /// Its kind.
        kind: String,
        /// Its fields.
        fields: Fields,
    },
}

/// Strings, numbers and maps with string keys always serialise.
fn value(of: &impl serde::Serialize) -> Value {
    serde_json::to_value(of).unwrap_or_default()
}

fn said(text: &str, sources: &[Source]) -> Fields {
    let mut fields = Map::from_iter([("text".to_owned(), text.into())]);
    if !sources.is_empty() {
        fields.insert("sources".to_owned(), value(&sources));
    }
    fields
}

fn text(fields: &Fields) -> Option<String> {
    fields.get("text").and_then(Value::as_str).map(str::to_owned)
}

fn sources(fields: &Fields) -> Vec<Source> {
    let sources = fields.get("sources").cloned();
    sources.and_then(|sources| serde_json::from_value(sources).ok()).unwrap_or_default()
}

/// Said only of what is.
fn over(is_over: bool) -> Fields {
    is_over.then(|| ("over".to_owned(), true.into())).into_iter().collect()
}

fn is_over(fields: &Fields) -> bool {
    fields.get("over").and_then(Value::as_bool).unwrap_or_default()
}

fn seq(fields: &Fields, key: &str) -> Option<Seq> {
    fields.get(key).and_then(Value::as_u64).map(Seq)
}

impl Body {
    /// Words, and nothing else.
    pub fn message(text: impl Into<String>) -> Self {
        Self::Message { text: text.into(), sources: Vec::new(), masked: None }
    }

    /// The same with other places for the events that it refers to.
    pub(super) fn referring(&self, place: impl Fn(Seq) -> Seq) -> Self {
        let mut body = self.clone();
        match &mut body {
            Self::Stopped { in_reply_to } | Self::Suggestion { in_reply_to, .. } => {
                *in_reply_to = place(*in_reply_to);
            }
            Self::Rated { seq, .. } | Self::Flagged { message: seq, .. } | Self::Reviewed { up_to: seq } => {
                *seq = place(*seq);
            }
            _ => {}
        }
        body
    }
}

impl EventBody for Body {
    fn kind(&self) -> &str {
        match self {
            Self::Message { .. } => "message",
            Self::Handoff { .. } => "handoff",
            Self::TakenOver => "taken_over",
            Self::HandedBack => "handed_back",
            Self::Stopped { .. } => "stopped",
            Self::Rated { .. } => "rated",
            Self::Suggestion { .. } => "suggestion",
            Self::PersonalityChosen { .. } => "personality_chosen",
            Self::Moved { .. } => "moved",
            Self::Banned { .. } => "banned",
            Self::Unbanned { .. } => "unbanned",
            Self::Flagged { .. } => "flagged",
            Self::Reviewed { .. } => "reviewed",
            Self::Unknown { kind, .. } => kind,
        }
    }

    fn fields(&self) -> Fields {
        match self {
            Self::Message { text, sources, masked } => {
                let mut fields = said(text, sources);
                if let Some(masked) = masked {
                    fields.insert("masked".to_owned(), value(masked));
                }
                fields
            }
            Self::Handoff { reason } => reason.fields(),
            Self::TakenOver | Self::HandedBack => Fields::new(),
            Self::Banned { ban, over: is_over } => {
                let mut fields = over(*is_over);
                if let Value::Object(ban) = value(ban) {
                    fields.extend(ban);
                }
                fields
            }
            Self::Unbanned { over: is_over } => over(*is_over),
            Self::Stopped { in_reply_to } => Map::from_iter([("in_reply_to".to_owned(), value(in_reply_to))]),
            Self::Rated { seq, helpful } => {
                Map::from_iter([("answer".to_owned(), value(seq)), ("helpful".to_owned(), (*helpful).into())])
            }
            Self::Suggestion { in_reply_to, text, sources } => {
                let mut fields = said(text, sources);
                fields.insert("in_reply_to".to_owned(), value(in_reply_to));
                fields
            }
            Self::PersonalityChosen { personality } => {
                Map::from_iter([("personality".to_owned(), value(personality))])
            }
            Self::Flagged { message, reason } => moderating::about(*message, reason.fields()),
            Self::Reviewed { up_to } => moderating::reviewed(*up_to),
            Self::Moved { to } => Map::from_iter([("to".to_owned(), to.as_str().into())]),
            Self::Unknown { fields, .. } => fields.clone(),
        }
    }

    fn from_fields(kind: &str, fields: Fields) -> Self {
        let known = match kind {
            "message" => text(&fields).map(|text| {
                let masked = fields.get("masked").and_then(Value::as_str).and_then(|id| id.parse().ok());
                Self::Message { text, sources: sources(&fields), masked }
            }),
            "handoff" => HandoffReason::from_fields(&fields).map(|reason| Self::Handoff { reason }),
            "taken_over" => Some(Self::TakenOver),
            "handed_back" => Some(Self::HandedBack),
            "banned" => {
                let ban = serde_json::from_value(Value::Object(fields.clone())).ok();
                ban.map(|ban| Self::Banned { ban, over: is_over(&fields) })
            }
            "unbanned" => Some(Self::Unbanned { over: is_over(&fields) }),
            "stopped" => seq(&fields, "in_reply_to").map(|in_reply_to| Self::Stopped { in_reply_to }),
            "rated" => seq(&fields, "answer")
                .zip(fields.get("helpful").and_then(Value::as_bool))
                .map(|(seq, helpful)| Self::Rated { seq, helpful }),
            "suggestion" => seq(&fields, "in_reply_to")
                .zip(text(&fields))
                .map(|(in_reply_to, text)| Self::Suggestion { in_reply_to, text, sources: sources(&fields) }),
            "personality_chosen" => fields
                .get("personality")
                .and_then(|personality| serde_json::from_value(personality.clone()).ok())
                .map(|personality| Self::PersonalityChosen { personality }),
            "flagged" => seq(&fields, "message")
                .zip(FlagReason::from_fields(&fields))
                .map(|(message, reason)| Self::Flagged { message, reason }),
            "reviewed" => seq(&fields, "up_to").map(|up_to| Self::Reviewed { up_to }),
            "moved" => fields
                .get("to")
                .and_then(Value::as_str)
                .and_then(|to| ParticipantId::new(to).ok())
                .map(|to| Self::Moved { to }),
            _ => None,
        };
        known.unwrap_or_else(|| Self::Unknown { kind: kind.to_owned(), fields })
    }

    fn text(&self) -> Option<&str> {
        match self {
            Self::Message { text, .. } => Some(text),
            _ => None,
        }
    }

    fn sent(&self) -> Uuid {
        match self {
            Self::Message { masked: Some(sent), .. } => *sent,
            _ => digest(self.text().unwrap_or_default()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_comes_back_as_it_was_written() {
        let sources =
            vec![Source::new("Backups").at("https://example.com/backups#sqlite"), Source::new("FAQ")];
        let mut all = vec![
            Body::message("Hi"),
            Body::Message { text: "Hi".into(), sources: sources.clone(), masked: None },
            Body::Message { text: "∗∗".into(), sources: Vec::new(), masked: Some(digest("Hi")) },
            Body::Flagged { message: Seq(3), reason: FlagReason::Listed { words: vec!["refund".into()] } },
            Body::Flagged { message: Seq(3), reason: FlagReason::Moderator { detail: "unkind".into() } },
            Body::Reviewed { up_to: Seq(4) },
            Body::TakenOver,
            Body::HandedBack,
            Body::Stopped { in_reply_to: Seq(4) },
            Body::Rated { seq: Seq(5), helpful: false },
            Body::Suggestion { in_reply_to: Seq(7), text: "Try this.".into(), sources },
            Body::PersonalityChosen { personality: Some(Personality::Own("Rhyme.".into())) },
            Body::PersonalityChosen { personality: Some(Personality::Technical) },
            Body::PersonalityChosen { personality: None },
            Body::Moved { to: ParticipantId::new("ann@example.com").unwrap() },
            Body::Banned {
                ban: Ban::new("spam").until("2026-02-01T00:00:00Z".parse().unwrap()),
                over: false,
            },
            Body::Banned { ban: Ban::new(""), over: true },
            Body::Unbanned { over: false },
            Body::Unbanned { over: true },
        ];
        all.extend(
            [
                HandoffReason::Asked,
                HandoffReason::Unknown,
                HandoffReason::Unhelpful,
                HandoffReason::Listed { word: "refund".into() },
                HandoffReason::FirstAnswerGiven,
                HandoffReason::Failed,
                HandoffReason::Responder { detail: "it is about money".into() },
            ]
            .map(|reason| Body::Handoff { reason }),
        );
        for body in all {
            assert_eq!(Body::from_fields(body.kind(), body.fields()), body);
        }
    }

    #[test]
    fn what_is_not_understood_is_kept() {
        let fields = Map::from_iter([("reason".to_owned(), "telepathy".into())]);
        let body = Body::from_fields("handoff", fields.clone());
        assert_eq!(body, Body::Unknown { kind: "handoff".into(), fields });
    }
}
