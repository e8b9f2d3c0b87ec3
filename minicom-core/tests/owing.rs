//! The rules of the AI under visitors, agents, crashes and two nodes in any order, against a plain model: never two
//! replies to one message, never one after an agent took over, never none.

use jiff::{Span, Timestamp};
use minicom_core::{
    Actor, ActorId, AiCommand, AiMode, AiPolicy, Attending, Body, Command, Context, Conversation, Fact,
    HandoffReason, Log, ParticipantId, Resolution, Role, Seq, Workspace,
};
use proptest::{collection::vec, prelude::*};
use uuid::Uuid;

/// How many nodes try to answer.
const NODES: usize = 2;

#[derive(Debug, Clone)]
enum Step {
    /// The visitor says something that the AI could answer.
    Ask,
    /// The visitor wants a person.
    HandOff,
    /// An agent says something.
    Speak,
    TakeOver,
    HandBack,
    Stop,
    /// A node looks for work, as one does every second.
    Look(usize),
    /// A node's responder has come to this; if it has no claim any more it does not know.
    Finish(usize, Resolution),
    /// A node dies and forgets what it was at.
    Crash(usize),
    /// Seconds pass.
    Wait(i64),
    /// The policy is another one.
    Policy(AiMode),
}

fn resolution() -> impl Strategy<Value = Resolution> {
    prop_oneof![
        4 => Just(Resolution::Say { text: "An answer.".into(), sources: Vec::new() }),
        1 => Just(Resolution::HandOver(HandoffReason::Unknown)),
        1 => Just(Resolution::Silent),
        2 => Just(Resolution::Retry),
        1 => Just(Resolution::Fail),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => Just(Step::Ask),
        1 => Just(Step::HandOff),
        2 => Just(Step::Speak),
        1 => Just(Step::TakeOver),
        2 => Just(Step::HandBack),
        1 => Just(Step::Stop),
        8 => (0..NODES).prop_map(Step::Look),
        8 => (0..NODES, resolution()).prop_map(|(node, resolution)| Step::Finish(node, resolution)),
        2 => (0..NODES).prop_map(Step::Crash),
        4 => (1..40i64).prop_map(Step::Wait),
        1 => prop_oneof![
            Just(AiMode::UntilHandoff), Just(AiMode::Off), Just(AiMode::Suggest), Just(AiMode::FirstAnswer)
        ].prop_map(Step::Policy),
    ]
}

/// A conversation, two nodes, and what a reader of the log would know.
struct World {
    fold: Conversation,
    policy: AiPolicy,
    now: Timestamp,
    /// The token that each node believes to hold.
    tokens: [Option<Uuid>; NODES],
    drawn: u128,
    /// Every event so far.
    log: Vec<(Seq, Role, Body)>,
    /// The questions that a message of the AI was about, by their seqs.
    answered: Vec<Seq>,
    /// Those that a suggestion was about, since the policy was another one: what was only suggested may be answered yet.
    suggested: Vec<Seq>,
}

impl World {
    fn new() -> Self {
        Self {
            fold: Conversation::default(),
            policy: AiPolicy::default(),
            now: "2026-01-01T00:00:00Z".parse().unwrap(),
            tokens: [None; NODES],
            drawn: 0,
            log: Vec::new(),
            answered: Vec::new(),
            suggested: Vec::new(),
        }
    }

    /// `false`: refused.
    fn execute(&mut self, role: Role, command: &Command) -> bool {
        let ann = ParticipantId::new("ann").unwrap();
        let subject = if role == Role::User { ann.clone() } else { ParticipantId::new("other").unwrap() };
        let (actor, workspace) = (Actor { id: ActorId { role, subject }, name: None }, Workspace::default());
        let mut cx = Context::new(self.now, &actor, &workspace, Uuid::from_u128(7));
        cx.participant = Some(&ann);
        cx.ai = Some(&self.policy);
        let Ok(facts) = self.fold.decide(&cx, command) else { return false };
        for fact in facts {
            self.before(&fact);
            self.fold.apply(&fact);
            if let Fact::Event(event) = fact {
                self.log.push((event.seq, role, event.body));
            }
        }
        // Whoever reads the snapshot goes on from the same place.
        self.fold = Conversation::decode(&self.fold.encode()).unwrap();
        true
    }

    /// What must hold when something is about to become true.
    fn before(&mut self, fact: &Fact<Body, minicom_core::Mark>) {
        let Fact::Event(event) = fact else { return };
        let question = match &event.body {
            Body::Message { .. } if event.actor.id.role == Role::Ai => self.last_question(),
            Body::Suggestion { .. } => self.last_question(),
            _ => return,
        };
        let is_suggestion = matches!(event.body, Body::Suggestion { .. });
        let replied = if is_suggestion { &mut self.suggested } else { &mut self.answered };
        assert!(!replied.contains(&question), "a second reply to {question:?}");
        replied.push(question);
        if matches!(event.body, Body::Message { .. }) {
            assert_eq!(self.fold.ai().attending(), Attending::Ai);
            let taken = self.log.iter().rev().find_map(|(_, role, body)| match (role, body) {
                (Role::Agent, Body::Message { .. } | Body::TakenOver) | (_, Body::Handoff { .. }) => {
                    Some(true)
                }
                (_, Body::HandedBack) => Some(false),
                _ => None,
            });
            assert_ne!(taken, Some(true), "a reply after an agent took over");
        }
    }

    fn last_question(&self) -> Seq {
        let question = |(seq, role, body): &(Seq, Role, Body)| {
            (*role == Role::User && matches!(body, Body::Message { .. })).then_some(*seq)
        };
        self.log.iter().rev().find_map(question).expect("something was asked")
    }

    fn ai(&mut self, command: AiCommand) -> bool {
        self.execute(Role::Ai, &Command::Ai(command))
    }

    fn look(&mut self, node: usize) {
        if self.tokens[node].is_some() {
            return;
        }
        self.drawn += 1;
        let token = Uuid::from_u128(self.drawn);
        if self.ai(AiCommand::Claim { token })
            && self.fold.ai().claim().is_some_and(|claim| claim.token == token)
        {
            self.tokens[node] = Some(token);
        }
    }

    fn take(&mut self, step: &Step) {
        match step {
            Step::Ask => drop(self.execute(Role::User, &Command::message("How?"))),
            Step::HandOff => drop(self.execute(Role::User, &Command::Ai(AiCommand::HandOff))),
            Step::Speak => drop(self.execute(Role::Agent, &Command::message("So."))),
            Step::TakeOver => drop(self.execute(Role::Agent, &Command::Ai(AiCommand::TakeOver))),
            Step::HandBack => drop(self.execute(Role::Agent, &Command::Ai(AiCommand::HandBack))),
            Step::Stop => drop(self.execute(Role::User, &Command::Ai(AiCommand::Stop))),
            Step::Look(node) => self.look(*node),
            Step::Finish(node, resolution) => {
                if let Some(token) = self.tokens[*node].take() {
                    self.ai(AiCommand::Resolve { token, resolution: resolution.clone() });
                }
            }
            Step::Crash(node) => self.tokens[*node] = None,
            Step::Wait(seconds) => self.now += Span::new().seconds(*seconds),
            Step::Policy(mode) => {
                self.policy.mode = *mode;
                self.suggested.clear();
            }
        }
    }

    /// From here on one node works as it should and nobody else does anything: in the end nothing is owed.
    fn settle(&mut self) {
        self.tokens = [None; NODES];
        for _ in 0..200 {
            let Some(due) = self.fold.row().due_at else { return };
            self.now = self.now.max(due);
            self.look(0);
            if let Some(token) = self.tokens[0].take() {
                let say = Resolution::Say { text: "At last.".into(), sources: Vec::new() };
                assert!(self.ai(AiCommand::Resolve { token, resolution: say }), "nobody else is at it");
            }
        }
        panic!("something is owed for ever: {:?}", self.fold.ai());
    }

    /// The last question has an end that somebody can see, or needs none.
    fn is_answered(&self) -> bool {
        let after = self
            .log
            .iter()
            .rev()
            .take_while(|(_, role, body)| !(*role == Role::User && matches!(body, Body::Message { .. })));
        self.fold.ai().attending() == Attending::Agents
            || after.into_iter().any(|(_, role, body)| match body {
                Body::Message { .. } => *role != Role::User,
                Body::Stopped { .. } | Body::Suggestion { .. } | Body::Handoff { .. } => true,
                _ => false,
            })
    }
}

/// What was suggested to agents under one policy may be said to the visitor under another one, once.
#[test]
fn what_was_suggested_may_be_answered_yet() {
    let mut world = World::new();
    let say = Resolution::Say { text: "So.".into(), sources: Vec::new() };
    let (claim, resolve) = (Step::Look(0), Step::Finish(0, say));
    for step in [Step::Policy(AiMode::Suggest), Step::Ask, claim.clone(), resolve.clone()] {
        world.take(&step);
    }
    for step in [Step::Policy(AiMode::UntilHandoff), Step::TakeOver, Step::HandBack, claim, resolve] {
        world.take(&step);
    }
    assert_eq!((&world.answered[..], world.fold.ai().owed()), (&[Seq(1)][..], None));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn every_question_has_one_end(steps in vec(step(), 1..120)) {
        let mut world = World::new();
        let mut silent = false;
        for step in &steps {
            world.take(step);
            // A responder that has nothing to say, a policy that was off and whoever hands back to it leave no trace.
            silent |= matches!(step, Step::Finish(_, Resolution::Silent) | Step::Policy(_));
        }
        world.settle();
        prop_assert!(world.fold.ai().owed().is_none());
        if !silent && world.fold.messages() > 0 {
            let asked = world.log.iter().any(|(_, role, body)| *role == Role::User && matches!(body, Body::Message { .. }));
            prop_assert!(!asked || world.is_answered(), "{:?}", world.log);
        }
    }

    /// However many attempts fail, there are no more of them than the policy allows, and the visitor is told.
    #[test]
    fn attempts_are_bounded(failures in vec(prop_oneof![Just(None), Just(Some(Resolution::Retry))], 0..12), attempts in 1..10u32) {
        let mut world = World::new();
        world.policy.attempts = attempts;
        world.take(&Step::Ask);
        let mut begun = 0;
        for failure in failures {
            let Some(due) = world.fold.row().due_at else { break };
            world.now = world.now.max(due);
            world.look(0);
            begun += u32::from(world.tokens[0].is_some());
            match failure {
                Some(failure) => world.take(&Step::Finish(0, failure)),
                None => world.take(&Step::Crash(0)),
            }
        }
        prop_assert!(begun <= attempts);
        if world.fold.row().due_at.is_none() {
            let last = world.log.last().map(|(_, _, body)| body.clone());
            prop_assert_eq!(last, Some(Body::Handoff { reason: HandoffReason::Failed }));
            prop_assert_eq!(world.fold.row().queued_at.is_some(), true);
        }
    }
}
