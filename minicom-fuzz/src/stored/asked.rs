//! What is asked of a conversation's AI, and under which policy.

use arbitrary::Arbitrary;
use jiff::Timestamp;
use minicom_core::{
    ActorId, AiCommand, AiMode, AiPolicy, ConversationId, EventId, HandoffReason, LogId, Personality,
    Position, Resolution, Role, Seq, Source, StoredEvent, WorkspaceId,
};
use uuid::Uuid;

use crate::fixtures::ann;

/// A policy. Nothing of it need keep its bounds.
#[derive(Debug, Clone, Copy, Arbitrary)]
pub(super) struct Policy<'a> {
    mode: u8,
    share: Option<u8>,
    name: Option<&'a str>,
    own: Option<&'a str>,
    unhelpful_after: Option<u8>,
    word: Option<&'a str>,
    deadline_s: Option<u16>,
    attempts: Option<u8>,
}

impl Policy<'_> {
    pub(super) fn policy(&self) -> AiPolicy {
        let modes =
            [AiMode::UntilHandoff, AiMode::Suggest, AiMode::FirstAnswer, AiMode::Off, AiMode::OutsideHours];
        let mut policy = AiPolicy::new(modes[usize::from(self.mode) % modes.len()]);
        policy.share = self.share.unwrap_or(policy.share);
        policy.name = self.name.map(str::to_owned);
        policy.personality = self.own.map_or(policy.personality, |own| Personality::Own(own.to_owned()));
        policy.unhelpful_after = self.unhelpful_after.map(u32::from);
        policy.handoff_words = self.word.into_iter().map(str::to_owned).collect();
        policy.deadline_s = self.deadline_s.map_or(policy.deadline_s, u32::from);
        policy.attempts = self.attempts.map_or(policy.attempts, u32::from);
        policy
    }
}

/// Whether a personality may be chosen.
pub(super) fn may_be_chosen(personality: &Personality) -> bool {
    let Personality::Own(text) = personality else { return true };
    text.len() <= 2048 && text.chars().all(|c| !c.is_control() || ['\n', '\r', '\t'].contains(&c))
}

/// Whether a policy keeps its bounds, as the protocol has them.
pub(super) fn may_be_set(policy: &AiPolicy) -> bool {
    let name = policy.name.as_deref().unwrap_or("x");
    let is_name =
        (1..=100).contains(&name.len()) && !name.trim().is_empty() && !name.chars().any(char::is_control);
    let is_word = |word: &String| word.len() <= 64 && !minicom_core::text::terms(word).is_empty();
    is_name
        && policy.prompt.len() <= 8192
        && may_be_chosen(&policy.personality)
        && policy.share <= 100
        && policy.unhelpful_after != Some(0)
        && policy.handoff_words.len() <= 100
        && policy.handoff_words.iter().all(is_word)
        && (1..=600).contains(&policy.deadline_s)
        && (1..=10).contains(&policy.attempts)
}

/// What is asked.
#[derive(Debug, Clone, Copy, Arbitrary)]
pub(super) enum Of<'a> {
    Claim { token: u8 },
    Resolve { token: u8, came_to: CameTo<'a> },
    HandOff,
    TakeOver,
    HandBack,
    Stop,
    Rate { seq: u64, helpful: bool, stored: u8 },
    Choose { own: Option<&'a str> },
}

/// What an attempt came to.
#[derive(Debug, Clone, Copy, Arbitrary)]
pub(super) enum CameTo<'a> {
    Say { text: &'a str, source: Option<&'a str> },
    HandOver { detail: Option<&'a str> },
    Silent,
    Retry,
    Fail,
}

/// Few tokens, so that they meet.
pub(super) fn token(pick: u8) -> Uuid {
    Uuid::from_u128(u128::from(pick % 4))
}

impl Of<'_> {
    pub(super) fn command(&self) -> AiCommand {
        match *self {
            Self::Claim { token: pick } => AiCommand::Claim { token: token(pick) },
            Self::Resolve { token: pick, came_to } => {
                AiCommand::Resolve { token: token(pick), resolution: came_to.resolution() }
            }
            Self::HandOff => AiCommand::HandOff,
            Self::TakeOver => AiCommand::TakeOver,
            Self::HandBack => AiCommand::HandBack,
            Self::Stop => AiCommand::Stop,
            Self::Rate { seq, helpful, .. } => AiCommand::Rate { seq: Seq(seq), helpful },
            Self::Choose { own } => {
                AiCommand::ChoosePersonality { personality: own.map(|own| Personality::Own(own.to_owned())) }
            }
        }
    }

    /// The event that is rated, as a store holds it, and whether it is an answer.
    pub(super) fn rated(&self) -> Option<(StoredEvent, bool)> {
        let Self::Rate { seq, stored, .. } = *self else { return None };
        let (role, data) = [
            (Role::Ai, r#"{"kind":"message","text":"So."}"#),
            (Role::Agent, r#"{"kind":"message","text":"So."}"#),
            (Role::Ai, r#"{"kind":"handoff","reason":"unknown"}"#),
            (Role::Ai, r#"{"kind":"suggestion","in_reply_to":1,"text":"So."}"#),
            (Role::Ai, "so"),
        ][usize::from(stored) % 5];
        let event = StoredEvent {
            log: LogId::conversation(&WorkspaceId::default(), ConversationId::direct(&ann().participant)),
            seq: Seq(seq),
            id: EventId(1),
            position: Position(1),
            actor: ActorId { role, subject: ann().participant },
            client_id: None,
            digest: None,
            time: Timestamp::UNIX_EPOCH,
            data: data.as_bytes().into(),
        };
        Some((event, stored % 5 == 0))
    }
}

impl CameTo<'_> {
    fn resolution(self) -> Resolution {
        match self {
            Self::Say { text, source } => {
                let sources = source.into_iter().map(|source| Source::new(source).at(source)).collect();
                Resolution::Say { text: text.to_owned(), sources }
            }
            Self::HandOver { detail: None } => Resolution::HandOver(HandoffReason::Unknown),
            Self::HandOver { detail: Some(detail) } => {
                Resolution::HandOver(HandoffReason::Responder { detail: detail.to_owned() })
            }
            Self::Silent => Resolution::Silent,
            Self::Retry => Resolution::Retry,
            Self::Fail => Resolution::Fail,
        }
    }
}
