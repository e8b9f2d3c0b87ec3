//! What a fold says of its AI before and after a fact, and what may be decided of it.

use jiff::Timestamp;
use minicom_core::{
    AiCommand, AiMark, AiMode, AiPolicy, Attending, Body, Code, Conversation, Fact, Log, Mark, Refusal,
    Resolution, Role, Seq,
};

use super::{asked::may_be_chosen, facts::ConversationFact};

/// What a fact makes of a fold's AI.
pub(super) fn applied(before: &Conversation, after: &Conversation, fact: &ConversationFact) {
    let (was, is) = (before.ai(), after.ai());
    let (attending, queued_at) = (is.attending(), is.queued_at());
    let of_agents = |since: Option<Timestamp>| {
        assert!(is.owed().is_none() && attending == Attending::Agents && queued_at == since);
    };
    match fact {
        Fact::Event(event) => match (&event.body, event.actor.id.role) {
            (Body::Message { .. }, Role::Agent) | (Body::TakenOver, _) => of_agents(None),
            (Body::Message { .. }, Role::Ai) => {
                assert_eq!((is.owed(), is.answers()), (None, was.answers().saturating_add(1)));
            }
            (Body::Handoff { .. }, _) => of_agents(Some(event.time)),
            (Body::HandedBack, _) => assert!(attending == Attending::Ai && queued_at.is_none()),
            (Body::Stopped { .. } | Body::Suggestion { .. }, _) => assert!(is.owed().is_none()),
            (Body::PersonalityChosen { personality }, _) => {
                assert_eq!(is.personality(), personality.as_ref());
            }
            (Body::Rated { .. }, _) => assert_eq!((was.owed(), was.attending()), (is.owed(), attending)),
            // A visitor's message among them: whether it is to be answered is a mark.
            _ => assert_eq!(was, is),
        },
        Fact::Mark(Mark::Ai(mark)) => marked(before, after, mark),
        Fact::Mark(_) => assert_eq!(was, is),
    }
    let due = is.owed().map(|owed| owed.claim.as_ref().map_or(owed.due, |claim| claim.until));
    assert_eq!((after.row().due_at, after.row().queued_at), (due, queued_at));
}

fn marked(before: &Conversation, after: &Conversation, mark: &AiMark) {
    let (was, is) = (before.ai(), after.ai());
    assert_eq!((was.attending(), was.queued_at()), (is.attending(), is.queued_at()));
    match (mark, was.owed(), is.owed()) {
        (AiMark::Owed { seq, due }, _, Some(owed)) => {
            assert_eq!((owed.seq, owed.due, owed.attempts, owed.claim.as_ref()), (*seq, *due, 0, None));
        }
        (AiMark::Claimed(claim), Some(was), Some(is)) => {
            assert_eq!((is.claim.as_ref(), is.attempts), (Some(claim), was.attempts.saturating_add(1)));
        }
        (AiMark::Released { due }, Some(was), Some(is)) => {
            assert_eq!((is.claim.as_ref(), is.due, is.attempts), (None, *due, was.attempts));
        }
        (AiMark::Claimed(_) | AiMark::Released { .. }, None, None) | (AiMark::Settled, _, None) => {}
        other => panic!("a mark does something else: {other:?}"),
    }
}

/// Who asks, and what holds meanwhile.
pub(super) struct Asking<'a> {
    pub role: Role,
    pub policy: Option<&'a AiPolicy>,
    pub now: Timestamp,
    /// Whether what is rated is an answer.
    pub rates_an_answer: bool,
}

impl Asking<'_> {
    /// What is decided of a command, before it is applied.
    pub(super) fn decided(
        &self,
        fold: &Conversation,
        command: &AiCommand,
        decided: &Result<Vec<ConversationFact>, Refusal>,
    ) {
        let code = decided.as_ref().err().map(Refusal::code);
        if fold.epoch().is_nil() {
            return assert_eq!(code, Some(Code::NotFound));
        }
        let may = match command {
            AiCommand::Claim { .. } | AiCommand::Resolve { .. } => self.role == Role::Ai,
            AiCommand::HandOff | AiCommand::Rate { .. } => self.role == Role::User,
            AiCommand::Stop => self.role != Role::Ai,
            _ => self.role == Role::Agent,
        };
        if !may {
            return assert_eq!(code, Some(Code::Forbidden));
        }
        let facts = decided.as_deref().unwrap_or_default();
        assert!(facts.len() <= 2);
        match command {
            AiCommand::Claim { token } => facts.iter().for_each(|fact| self.claimed(fold, *token, fact)),
            AiCommand::Resolve { token, resolution } => {
                let ours = fold.ai().claim().is_some_and(|claim| claim.token == *token);
                let suggests = self.suggests();
                let speaks = suggests || fold.ai().attending() == Attending::Ai;
                assert_eq!(decided.is_ok(), ours && speaks && self.policy.is_some());
                for fact in facts {
                    self.resolved(resolution, fact);
                }
            }
            AiCommand::Rate { .. } => assert_eq!(decided.is_ok(), self.rates_an_answer),
            AiCommand::ChoosePersonality { personality } => {
                assert_eq!(decided.is_ok(), personality.as_ref().is_none_or(may_be_chosen));
            }
            AiCommand::Stop => {
                let hidden = self.role == Role::User && self.suggests();
                let stops = fold.ai().owed().is_some() && !hidden;
                assert!(decided.is_ok() && facts.len() == usize::from(stops));
            }
            AiCommand::HandBack => {
                let hands_back = fold.ai().attending() == Attending::Agents;
                assert!(decided.is_ok() && facts.is_empty() != hands_back);
                assert!(facts.len() < 2 || !self.suggests(), "what was suggested is not suggested again");
            }
            _ => assert!(decided.is_ok()),
        }
    }

    fn suggests(&self) -> bool {
        self.policy.is_some_and(|policy| policy.mode == AiMode::Suggest)
    }

    /// An attempt begins only where one may, and more of them than are allowed are a hand-off.
    fn claimed(&self, fold: &Conversation, token: uuid::Uuid, fact: &ConversationFact) {
        let owed = fold.ai().owed().expect("something is owed");
        let due = fold.row().due_at.is_some_and(|due| due <= self.now);
        match fact {
            Fact::Mark(Mark::Ai(AiMark::Claimed(claim))) => {
                let policy = self.policy.expect("somebody answers");
                assert!(due && owed.attempts < policy.attempts && policy.mode != AiMode::Off);
                assert!(claim.token == token && claim.until >= self.now);
            }
            Fact::Event(event) => {
                assert!(matches!(event.body, Body::Handoff { .. }) && due && !self.suggests());
                assert!(self.policy.is_some_and(|policy| owed.attempts >= policy.attempts));
            }
            Fact::Mark(mark) => assert_eq!(*mark, Mark::Ai(AiMark::Settled)),
        }
    }

    fn resolved(&self, resolution: &Resolution, fact: &ConversationFact) {
        match (fact, resolution) {
            (Fact::Event(event), _) => match &event.body {
                Body::Message { text, sources, .. } => {
                    assert!(!self.suggests() && !text.is_empty() && text.trim() == text);
                    assert!(sources.iter().all(|source| source.title.len() <= 200
                        && source.url.as_ref().is_none_or(|url| url.len() <= 2048)));
                }
                Body::Suggestion { .. } => assert!(self.suggests()),
                Body::Handoff { reason } => {
                    assert!(!self.suggests() && reason.detail().is_none_or(|detail| detail.len() <= 200));
                }
                other => panic!("an attempt came to {other:?}"),
            },
            (Fact::Mark(Mark::Ai(AiMark::Released { due })), Resolution::Retry) => assert!(*due >= self.now),
            (fact, _) => assert!(matches!(fact, Fact::Mark(Mark::Ai(AiMark::Settled)))),
        }
    }

    /// What follows from a message for its AI: nothing where none answers, and never a word of its own.
    pub(super) fn said(&self, fold: &Conversation, facts: &[ConversationFact], seq: Seq) {
        for fact in facts {
            match fact {
                Fact::Mark(Mark::Ai(AiMark::Owed { seq: owed, due })) => {
                    assert!(self.role == Role::User && *owed == seq && *due == self.now);
                    assert!(self.suggests() || fold.ai().attending() == Attending::Ai);
                    assert!(self.policy.is_some_and(|policy| policy.mode != AiMode::Off));
                }
                Fact::Mark(Mark::Ai(mark)) => {
                    assert_eq!((self.role, mark), (Role::User, &AiMark::Settled));
                    assert!(fold.ai().owed().is_some());
                }
                Fact::Event(event) if event.seq != seq => {
                    assert!(fold.ai().attending() == Attending::Ai && !self.suggests());
                    let expected = match self.role {
                        Role::User => matches!(event.body, Body::Handoff { .. }),
                        Role::Agent => event.body == Body::TakenOver,
                        Role::Ai => false,
                    };
                    assert!(expected && self.policy.is_some(), "{:?}", event.body);
                }
                _ => {}
            }
        }
    }
}
