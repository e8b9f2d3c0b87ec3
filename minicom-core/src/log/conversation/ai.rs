//! Who answers a visitor, the AI or the agents, and what the AI still owes him.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{AiCommand, Body, Conversation, Mark, Resolution};
use crate::{
    error::{Code, Refusal},
    id::Seq,
    log::{
        AiMode, AiPolicy, Context, Event, Fact, Facts, Fields, HandoffReason, MAX_SOURCES, Personality,
        Recorded, Source, asks,
    },
    role::Role,
    store::StoredEvent,
    text,
};

/// How long after a failed attempt the next one may begin; doubled with each.
const RETRY_AFTER: Duration = Duration::from_secs(2);

/// Who looks after a conversation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Attending {
    /// The AI, as far as the policy lets it.
    #[default]
    Ai,
    /// Agents: the AI handed over, or one of them spoke. It lasts until one of them hands back.
    Agents,
}

/// A conversation's side of the AI. A part of the snapshot.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AiState {
    attending: Attending,
    #[serde(skip_serializing_if = "Option::is_none")]
    owed: Option<Owed>,
    /// Since when the visitor waits for an agent.
    #[serde(skip_serializing_if = "Option::is_none")]
    queued_at: Option<Timestamp>,
    /// Answers since one was called helpful.
    unthanked: u32,
    /// All answers.
    answers: u64,
    /// What the visitor judged last.
    #[serde(skip_serializing_if = "Option::is_none")]
    rated: Option<(Seq, bool)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    personality: Option<Personality>,
    /// What a newer version keeps here.
    #[serde(flatten)]
    extra: Fields,
}

/// A message that the AI has yet to answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owed {
    /// Which.
    pub seq: Seq,
    /// How many attempts were begun.
    pub attempts: u32,
    /// When the next one may begin.
    pub due: Timestamp,
    /// The attempt that is under way, or was when its process died.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim: Option<Claim>,
}

/// Who is at work on a reply. Another may not be until it is resolved or its time is up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// Its secret name: whoever resolves it must know it.
    pub token: Uuid,
    /// When its time is up.
    pub until: Timestamp,
}

impl AiState {
    /// Who looks after the conversation.
    pub fn attending(&self) -> Attending {
        self.attending
    }
    /// What has yet to be answered.
    pub fn owed(&self) -> Option<&Owed> {
        self.owed.as_ref()
    }
    /// Since when the visitor waits for an agent; set when he was handed over, until an agent speaks.
    pub fn queued_at(&self) -> Option<Timestamp> {
        self.queued_at
    }
    /// How many answers it gave.
    pub fn answers(&self) -> u64 {
        self.answers
    }
    /// The conversation's own personality.
    pub fn personality(&self) -> Option<&Personality> {
        self.personality.as_ref()
    }
    /// The claim that is held.
    pub fn claim(&self) -> Option<&Claim> {
        self.owed.as_ref()?.claim.as_ref()
    }

    /// When it wants to be woken: an attempt may begin, or the time of one is up.
    pub(super) fn due_at(&self) -> Option<Timestamp> {
        self.owed.as_ref().map(|owed| owed.claim.as_ref().map_or(owed.due, |claim| claim.until))
    }

    fn hand_to_agents(&mut self, queued_at: Option<Timestamp>) {
        self.attending = Attending::Agents;
        self.owed = None;
        self.queued_at = queued_at;
    }

    pub(super) fn take_event(&mut self, event: &Event<Body>) {
        match &event.body {
            Body::Message { .. } => match event.actor.id.role {
                // What he is owed is a mark of its own: whether, the policy says.
                Role::User => {}
                Role::Agent => self.hand_to_agents(None),
                Role::Ai => {
                    self.owed = None;
                    self.unthanked = self.unthanked.saturating_add(1);
                    self.answers = self.answers.saturating_add(1);
                }
            },
            Body::Handoff { .. } => self.hand_to_agents(Some(event.time)),
            Body::TakenOver => self.hand_to_agents(None),
            Body::HandedBack => {
                self.attending = Attending::Ai;
                self.queued_at = None;
                self.unthanked = 0;
            }
            // Who is banned is owed no answer, either.
            Body::Stopped { .. } | Body::Suggestion { .. } | Body::Banned { over: false, .. } => {
                self.owed = None;
            }
            Body::Rated { seq, helpful } => {
                self.rated = Some((*seq, *helpful));
                if *helpful {
                    self.unthanked = 0;
                }
            }
            Body::PersonalityChosen { personality } => self.personality.clone_from(personality),
            Body::Moved { .. } => {
                *self = Self { extra: std::mem::take(&mut self.extra), ..Self::default() };
            }
            Body::Banned { .. }
            | Body::Unbanned { .. }
            | Body::Flagged { .. }
            | Body::Reviewed { .. }
            | Body::Unknown { .. } => {}
        }
    }

    pub(super) fn take_mark(&mut self, mark: &AiMark) {
        match mark {
            AiMark::Owed { seq, due } => {
                self.owed = Some(Owed { seq: *seq, attempts: 0, due: *due, claim: None });
            }
            AiMark::Claimed(claim) => {
                if let Some(owed) = &mut self.owed {
                    owed.attempts = owed.attempts.saturating_add(1);
                    owed.claim = Some(claim.clone());
                }
            }
            AiMark::Released { due } => {
                if let Some(owed) = &mut self.owed {
                    (owed.claim, owed.due) = (None, *due);
                }
            }
            AiMark::Settled => self.owed = None,
        }
    }
}

/// What changes the AI's part of a snapshot alone.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum AiMark {
    /// A message is to be answered. It supersedes the one before.
    Owed {
        /// Which.
        seq: Seq,
        /// From when on.
        due: Timestamp,
    },
    /// An attempt begins.
    Claimed(Claim),
    /// An attempt failed; the next one may begin then.
    Released {
        /// When.
        due: Timestamp,
    },
    /// Nothing is owed any more, without a word.
    Settled,
}

fn mark(mark: AiMark) -> Fact<Body, Mark> {
    Fact::Mark(Mark::Ai(mark))
}

fn later(time: Timestamp, by: Duration) -> Timestamp {
    let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
    time.saturating_add(by).unwrap_or(time)
}

impl Conversation {
    /// The AI's part of it.
    pub fn ai(&self) -> &AiState {
        &self.ai
    }

    /// Whether the AI would answer the next message, as far as can be told: one that does not exist yet may not be in the
    /// share.
    pub(crate) fn expects_ai(&self, policy: &AiPolicy, now: Timestamp) -> bool {
        if self.epoch.is_nil() {
            in_time(policy, now) && policy.share >= 100
        } else {
            answers(policy, self.epoch, now)
        }
    }

    /// Judges what concerns the AI.
    pub(super) fn decide_ai(&self, cx: &Context<'_>, command: &AiCommand) -> Result<Facts<Self>, Refusal> {
        if self.epoch.is_nil() {
            return Err(Refusal::new(Code::NotFound, "there is no such conversation"));
        }
        match (command, cx.actor.id.role) {
            (AiCommand::Claim { token }, Role::Ai) => Ok(self.claim(cx, *token)),
            (AiCommand::Resolve { token, resolution }, Role::Ai) => self.resolve(cx, *token, resolution),
            (AiCommand::HandOff, Role::User) => Ok(self.hand_off(cx)),
            (AiCommand::TakeOver, Role::Agent) => {
                let attends = self.ai.attending == Attending::Ai;
                Ok(if attends { vec![self.next_event(cx, 0, Body::TakenOver)] } else { Vec::new() })
            }
            (AiCommand::HandBack, Role::Agent) => Ok(self.hand_back(cx)),
            (AiCommand::Stop, Role::User | Role::Agent) => Ok(self.stop(cx)),
            (AiCommand::Rate { seq, helpful }, Role::User) => self.rate(cx, *seq, *helpful),
            (AiCommand::ChoosePersonality { personality }, Role::Agent) => {
                if let Some(personality) = personality {
                    personality.check()?;
                }
                let chosen = Body::PersonalityChosen { personality: personality.clone() };
                let same = self.ai.personality == *personality;
                Ok(if same { Vec::new() } else { vec![self.next_event(cx, 0, chosen)] })
            }
            _ => Err(Refusal::forbidden()),
        }
    }

    /// An event after `before` others of the same decision.
    pub(super) fn next_event(&self, cx: &Context<'_>, before: u64, body: Body) -> Fact<Body, Mark> {
        Fact::Event(Event {
            seq: Seq(self.last.next().0.saturating_add(before)),
            time: cx.now.max(self.time),
            actor: cx.actor.clone(),
            client_id: None,
            body,
        })
    }

    /// What follows, for the AI, from a message of this text with this seq.
    pub(super) fn after_message(
        &self,
        cx: &Context<'_>,
        epoch: Uuid,
        text: &str,
        seq: Seq,
    ) -> Option<Fact<Body, Mark>> {
        let policy = cx.ai?;
        match cx.actor.id.role {
            Role::User => self.after_visitors_message(cx, policy, epoch, text, seq),
            Role::Agent => {
                let was_at_it = self.ai.attending == Attending::Ai
                    && policy.mode != AiMode::Suggest
                    && (self.ai.owed.is_some() || self.ai.answers > 0);
                was_at_it.then(|| self.next_event(cx, 1, Body::TakenOver))
            }
            Role::Ai => None,
        }
    }

    fn after_visitors_message(
        &self,
        cx: &Context<'_>,
        policy: &AiPolicy,
        epoch: Uuid,
        text: &str,
        seq: Seq,
    ) -> Option<Fact<Body, Mark>> {
        if !answers(policy, epoch, cx.now) || !self.may_speak(policy) {
            // What was owed under another policy is superseded all the same.
            return self.ai.owed.as_ref().map(|_| mark(AiMark::Settled));
        }
        if policy.mode != AiMode::Suggest
            && let Some(reason) = self.must_hand_over(policy, text)
        {
            return Some(self.next_event(cx, 1, Body::Handoff { reason }));
        }
        Some(mark(AiMark::Owed { seq, due: cx.now }))
    }

    fn must_hand_over(&self, policy: &AiPolicy, text: &str) -> Option<HandoffReason> {
        let terms = text::terms(text);
        if asks::for_a_person(&terms) {
            return Some(HandoffReason::Asked);
        }
        let listed = policy.handoff_words.iter().find(|word| asks::has_phrase(&terms, word));
        if let Some(word) = listed {
            return Some(HandoffReason::Listed { word: word.clone() });
        }
        if policy.mode == AiMode::FirstAnswer && self.ai.answers > 0 {
            return Some(HandoffReason::FirstAnswerGiven);
        }
        let unthanked = policy.unhelpful_after.is_some_and(|most| self.ai.unthanked >= most);
        unthanked.then_some(HandoffReason::Unhelpful)
    }

    /// Suggestions may come at any time. What was owed as one must not become an answer after the policy has changed.
    pub(super) fn may_speak(&self, policy: &AiPolicy) -> bool {
        policy.mode == AiMode::Suggest || self.ai.attending == Attending::Ai
    }

    /// Takes what is owed, if nobody has it and there are attempts left.
    fn claim(&self, cx: &Context<'_>, token: Uuid) -> Facts<Self> {
        let Some(owed) = &self.ai.owed else { return Vec::new() };
        let Some(policy) =
            cx.ai.filter(|policy| self.may_speak(policy) && answers(policy, self.epoch, cx.now))
        else {
            // The policy has changed: nobody answers, and nobody is told that somebody would.
            return vec![mark(AiMark::Settled)];
        };
        if self.ai.due_at().is_some_and(|due| due > cx.now) {
            return Vec::new();
        }
        if owed.attempts >= policy.attempts {
            return self.give_up(cx, policy);
        }
        let until = later(cx.now, Duration::from_secs(policy.deadline_s.into()));
        vec![mark(AiMark::Claimed(Claim { token, until }))]
    }

    /// What has failed for good: visitors are handed over, agents miss a suggestion.
    fn give_up(&self, cx: &Context<'_>, policy: &AiPolicy) -> Facts<Self> {
        if policy.mode == AiMode::Suggest {
            return vec![mark(AiMark::Settled)];
        }
        vec![self.next_event(cx, 0, Body::Handoff { reason: HandoffReason::Failed })]
    }

    fn resolve(
        &self,
        cx: &Context<'_>,
        token: Uuid,
        resolution: &Resolution,
    ) -> Result<Facts<Self>, Refusal> {
        let owed = self
            .ai
            .owed
            .as_ref()
            .filter(|owed| owed.claim.as_ref().is_some_and(|claim| claim.token == token));
        let (Some(owed), Some(policy)) = (owed, cx.ai.filter(|policy| self.may_speak(policy))) else {
            return Err(Refusal::new(Code::Forbidden, "this reply is no longer owed"));
        };
        let suggests = policy.mode == AiMode::Suggest;
        Ok(match resolution {
            Resolution::Say { text, sources } => {
                let text = text.trim();
                let text = text[..text.floor_char_boundary(cx.message_bytes)].to_owned();
                let sources: Vec<_> = sources.iter().take(MAX_SOURCES).map(Source::bounded).collect();
                vec![if text.is_empty() {
                    mark(AiMark::Settled)
                } else if suggests {
                    self.next_event(cx, 0, Body::Suggestion { in_reply_to: owed.seq, text, sources })
                } else {
                    self.next_event(cx, 0, Body::Message { text, sources, masked: None })
                }]
            }
            Resolution::HandOver(_) if suggests => vec![mark(AiMark::Settled)],
            Resolution::HandOver(reason) => {
                vec![self.next_event(cx, 0, Body::Handoff { reason: reason.bounded() })]
            }
            Resolution::Silent => vec![mark(AiMark::Settled)],
            Resolution::Retry if owed.attempts < policy.attempts => {
                let wait = RETRY_AFTER * 2u32.saturating_pow(owed.attempts.saturating_sub(1).min(8));
                vec![mark(AiMark::Released { due: later(cx.now, wait) })]
            }
            Resolution::Retry | Resolution::Fail => self.give_up(cx, policy),
        })
    }

    /// A visitor's word that he wants a person. Once he waits for one, a second word says nothing new.
    fn hand_off(&self, cx: &Context<'_>) -> Facts<Self> {
        if self.ai.attending == Attending::Agents {
            return Vec::new();
        }
        vec![self.next_event(cx, 0, Body::Handoff { reason: HandoffReason::Asked })]
    }

    /// A suggestion is the agents': a visitor knows nothing of it and stops none.
    fn stop(&self, cx: &Context<'_>) -> Facts<Self> {
        let suggests = cx.ai.is_some_and(|policy| policy.mode == AiMode::Suggest);
        let hidden = suggests && cx.actor.id.role == Role::User;
        let stopped = |owed: &Owed| self.next_event(cx, 0, Body::Stopped { in_reply_to: owed.seq });
        self.ai.owed.as_ref().filter(|_| !hidden).map(stopped).into_iter().collect()
    }

    fn hand_back(&self, cx: &Context<'_>) -> Facts<Self> {
        if self.ai.attending == Attending::Ai {
            return Vec::new();
        }
        let mut facts = vec![self.next_event(cx, 0, Body::HandedBack)];
        let unanswered = self.last_message.as_ref().filter(|last| last.role == Role::User);
        // A suggestion does not wait for the agents to hand back.
        let answers =
            cx.ai.is_some_and(|policy| policy.mode != AiMode::Suggest && answers(policy, self.epoch, cx.now));
        if let Some(last) = unanswered.filter(|_| answers) {
            facts.push(mark(AiMark::Owed { seq: last.seq, due: cx.now }));
        }
        facts
    }

    fn rate(&self, cx: &Context<'_>, seq: Seq, helpful: bool) -> Result<Facts<Self>, Refusal> {
        let is_answer = |event: &StoredEvent| {
            let body = Recorded::read(event).map(|recorded| recorded.event.body);
            event.seq == seq && event.actor.role == Role::Ai && matches!(body, Ok(Body::Message { .. }))
        };
        if !cx.also.iter().any(is_answer) {
            return Err(Refusal::new(Code::NotFound, "there is no such answer"));
        }
        if self.ai.rated == Some((seq, helpful)) {
            return Ok(Vec::new());
        }
        Ok(vec![self.next_event(cx, 0, Body::Rated { seq, helpful })])
    }
}

/// Whether the policy has the AI answer at this time, in some conversations.
fn in_time(policy: &AiPolicy, now: Timestamp) -> bool {
    match policy.mode {
        AiMode::Off => false,
        AiMode::OutsideHours => !policy.hours.as_ref().is_some_and(|hours| hours.are_open(now)),
        AiMode::FirstAnswer | AiMode::UntilHandoff | AiMode::Suggest => true,
    }
}

/// Whether the policy has the AI answer in a conversation of this epoch, now.
pub(super) fn answers(policy: &AiPolicy, epoch: Uuid, now: Timestamp) -> bool {
    // The end of a UUID is random, and stays: a conversation is in a trial or is not.
    in_time(policy, now) && epoch.as_u128() % 100 < u128::from(policy.share)
}
