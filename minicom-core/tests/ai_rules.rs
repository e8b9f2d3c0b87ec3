//! Single rules of the AI, on the fold alone.

use jiff::{Span, Timestamp};
use minicom_core::{
    Actor, ActorId, AiCommand, AiMark, AiMode, AiPolicy, Attending, Body, Code, Command, Context,
    Conversation, Event, Fact, HandoffReason, Log, LogId, MAX_SOURCES, Mark, ParticipantId, Personality,
    Refusal, Resolution, Role, Seq, Source, StoredEvent, Workspace,
};
use serde_json::{Value, json};
use uuid::Uuid;

const TOKEN: Uuid = Uuid::from_u128(1);
const OTHER: Uuid = Uuid::from_u128(2);

type ChatFact = Fact<Body, Mark>;

/// A conversation that ann began, and who decides there.
struct Chat {
    fold: Conversation,
    policy: AiPolicy,
    now: Timestamp,
    /// What `rate` looks at.
    stored: Vec<StoredEvent>,
}

impl Chat {
    fn new(mode: AiMode) -> Self {
        let now = "2026-01-31T09:30:00Z".parse().unwrap();
        Self { fold: Conversation::default(), policy: AiPolicy::new(mode), now, stored: Vec::new() }
    }

    fn execute(&mut self, role: Role, command: &Command) -> Result<Vec<ChatFact>, Refusal> {
        let ann = ParticipantId::new("ann").unwrap();
        let subject = if role == Role::User { ann.clone() } else { ParticipantId::new("ben").unwrap() };
        let (actor, workspace) = (Actor { id: ActorId { role, subject }, name: None }, Workspace::default());
        let mut cx = Context::new(self.now, &actor, &workspace, Uuid::from_u128(7));
        cx.participant = Some(&ann);
        cx.ai = Some(&self.policy);
        cx.also = &self.stored;
        let facts = self.fold.decide(&cx, command)?;
        for fact in &facts {
            self.fold.apply(fact);
        }
        Ok(facts)
    }

    fn ai(&mut self, role: Role, command: AiCommand) -> Result<Vec<ChatFact>, Refusal> {
        self.execute(role, &command.into())
    }

    fn asks(&mut self) -> &mut Self {
        self.execute(Role::User, &Command::message("How?")).unwrap();
        self
    }

    fn claims(&mut self, token: Uuid) -> &mut Self {
        self.ai(Role::Ai, AiCommand::Claim { token }).unwrap();
        self
    }

    fn resolves(&mut self, token: Uuid, resolution: Resolution) -> Result<Vec<ChatFact>, Refusal> {
        self.ai(Role::Ai, AiCommand::Resolve { token, resolution })
    }

    fn waits(&mut self, seconds: i64) -> &mut Self {
        self.now += Span::new().seconds(seconds);
        self
    }

    fn token(&self) -> Option<Uuid> {
        self.fold.ai().claim().map(|claim| claim.token)
    }
}

fn say(text: &str) -> Resolution {
    Resolution::Say { text: text.into(), sources: Vec::new() }
}

fn bodies(facts: &[ChatFact]) -> Vec<&Body> {
    facts
        .iter()
        .filter_map(|fact| match fact {
            Fact::Event(event) => Some(&event.body),
            Fact::Mark(_) => None,
        })
        .collect()
}

/// An event as a store holds it.
fn stored(seq: u64, role: Role, data: &Value) -> StoredEvent {
    let ann = minicom_core::ConversationId::direct(&ParticipantId::new("ann").unwrap());
    StoredEvent {
        log: LogId::conversation(&minicom_core::WorkspaceId::default(), ann),
        seq: Seq(seq),
        id: minicom_core::EventId(seq),
        position: minicom_core::Position(seq),
        actor: ActorId { role, subject: ParticipantId::new("ai").unwrap() },
        client_id: None,
        digest: None,
        time: Timestamp::UNIX_EPOCH,
        data: data.to_string().into(),
    }
}

/// A hand-off by the AI is no answer, and a suggestion is none that a visitor knows of.
#[test]
fn only_answers_are_rated() {
    let mut chat = Chat::new(AiMode::UntilHandoff);
    chat.asks();
    for (data, role, rated) in [
        (json!({"kind": "message", "text": "So."}), Role::Ai, true),
        (json!({"kind": "message", "text": "So."}), Role::Agent, false),
        (json!({"kind": "handoff", "reason": "unknown"}), Role::Ai, false),
        (json!({"kind": "suggestion", "in_reply_to": 1, "text": "So."}), Role::Ai, false),
    ] {
        chat.stored = vec![stored(2, role, &data)];
        let answered = chat.ai(Role::User, AiCommand::Rate { seq: Seq(2), helpful: true });
        match answered {
            Ok(facts) => assert!(rated && facts.len() == 1, "{data}"),
            Err(refusal) => assert!(!rated && refusal.code() == Code::NotFound, "{data}"),
        }
    }
}

/// Visitors are not to know that something was being suggested.
#[test]
fn a_visitor_stops_no_suggestion() {
    let mut chat = Chat::new(AiMode::Suggest);
    chat.asks().claims(TOKEN);
    assert!(chat.ai(Role::User, AiCommand::Stop).unwrap().is_empty());
    assert_eq!(chat.token(), Some(TOKEN));
    assert_eq!(chat.ai(Role::Agent, AiCommand::Stop).unwrap().len(), 1);
    assert!(chat.fold.ai().owed().is_none());
}

#[test]
fn what_was_suggested_is_not_suggested_again_when_an_agent_hands_back() {
    let mut chat = Chat::new(AiMode::Suggest);
    chat.asks().claims(TOKEN).resolves(TOKEN, say("Try this.")).unwrap();
    chat.ai(Role::Agent, AiCommand::TakeOver).unwrap();
    chat.ai(Role::Agent, AiCommand::HandBack).unwrap();
    assert!(chat.fold.ai().owed().is_none());
    // Where it answers visitors, what nobody has answered is owed again.
    let mut chat = Chat::new(AiMode::UntilHandoff);
    chat.asks().ai(Role::Agent, AiCommand::TakeOver).unwrap();
    chat.ai(Role::Agent, AiCommand::HandBack).unwrap();
    assert_eq!(chat.fold.ai().owed().map(|owed| owed.seq), Some(Seq(1)));
}

/// The snapshot is written with every append, so nothing in it may be large. JSON writes a control character as six.
#[test]
fn a_snapshot_stays_small_whatever_is_said() {
    let mut chat = Chat::new(AiMode::UntilHandoff);
    chat.asks();
    let own = |text: &str| AiCommand::ChoosePersonality { personality: Some(Personality::Own(text.into())) };
    for refused in ["\u{1}".repeat(2048), "x".repeat(2049), "a\u{7f}".into()] {
        let refusal = chat.ai(Role::Agent, own(&refused)).unwrap_err();
        assert_eq!(refusal.code(), Code::BadRequest);
    }
    for taken in ["First line.\n\tSecond line.\r\n".repeat(60), "\"".repeat(2048)] {
        chat.ai(Role::Agent, own(&taken)).unwrap();
        for _ in 0..120 {
            chat.execute(Role::Agent, &Command::message("\u{1}".repeat(300))).unwrap();
            chat.execute(Role::User, &Command::message("\u{1}".repeat(300))).unwrap();
        }
        let size = chat.fold.encode().len();
        assert!(size <= 8 * 1024, "{size} bytes");
    }
}

/// What a responder says of its sources and its reasons is somebody else's text.
#[test]
fn sources_and_reasons_have_bounds() {
    let mut chat = Chat::new(AiMode::UntilHandoff);
    let long = Source::new("\u{e9}".repeat(500)).at(format!("https://example.com/{}", "x".repeat(3000)));
    let sources = vec![long; 2 * MAX_SOURCES];
    let resolution = Resolution::Say { text: "So.".into(), sources };
    let facts = chat.asks().claims(TOKEN).resolves(TOKEN, resolution).unwrap();
    let [Body::Message { sources, .. }] = bodies(&facts)[..] else { panic!("{facts:?}") };
    assert_eq!(sources.len(), MAX_SOURCES);
    // An address that is cut leads elsewhere, so there is none.
    assert!(sources.iter().all(|source| source.title.len() == 200 && source.url.is_none()));

    let detail = "\u{e9}".repeat(500);
    let reason = HandoffReason::Responder { detail };
    let facts = chat.asks().claims(OTHER).resolves(OTHER, Resolution::HandOver(reason)).unwrap();
    let [body] = bodies(&facts)[..] else { panic!("{facts:?}") };
    let Body::Handoff { reason } = body else { panic!("{body:?}") };
    assert_eq!(reason.detail().map(str::len), Some(200));
}

/// A node of an older version writes the snapshot that one of a newer version reads.
#[test]
fn what_a_newer_version_keeps_of_an_ai_stays() {
    let mut chat = Chat::new(AiMode::UntilHandoff);
    chat.asks().claims(TOKEN);
    let mut snapshot: Value = serde_json::from_slice(&chat.fold.encode()).unwrap();
    snapshot["ai"]["colour"] = json!({"of": "hats"});
    let mut fold = Conversation::decode(snapshot.to_string().as_bytes()).unwrap();
    fold.apply(&Fact::Mark(Mark::Ai(AiMark::Settled)));
    let written: Value = serde_json::from_slice(&fold.encode()).unwrap();
    assert_eq!(written["ai"]["colour"], snapshot["ai"]["colour"]);
    assert_eq!(Conversation::decode(&fold.encode()).unwrap(), fold);
}

#[test]
fn a_claim_is_held_until_its_time_is_up_and_not_longer() {
    let mut chat = Chat::new(AiMode::UntilHandoff);
    chat.policy.deadline_s = 60;
    chat.asks().claims(TOKEN).waits(59).claims(OTHER);
    assert_eq!(chat.token(), Some(TOKEN));
    chat.waits(1).claims(OTHER);
    assert_eq!(chat.token(), Some(OTHER));
    assert_eq!(chat.fold.ai().owed().map(|owed| owed.attempts), Some(2));
    for token in [TOKEN, Uuid::nil()] {
        assert_eq!(chat.resolves(token, say("Late.")).unwrap_err().code(), Code::Forbidden);
    }
    assert_eq!(bodies(&chat.resolves(OTHER, say("So.")).unwrap()).len(), 1);
}

#[test]
fn whoever_ends_what_is_owed_ends_its_claim() {
    let ends: [(Role, Command); 5] = [
        (Role::User, Command::message("And this?")),
        (Role::User, AiCommand::HandOff.into()),
        (Role::Agent, Command::message("I am here.")),
        (Role::Agent, AiCommand::TakeOver.into()),
        (Role::Agent, AiCommand::Stop.into()),
    ];
    for (role, command) in ends {
        let mut chat = Chat::new(AiMode::UntilHandoff);
        chat.asks().claims(TOKEN).execute(role, &command).unwrap();
        assert_eq!(chat.token(), None, "{command:?}");
        assert_eq!(chat.resolves(TOKEN, say("Late.")).unwrap_err().code(), Code::Forbidden, "{command:?}");
        let owed = chat.fold.ai().owed().map(|owed| (owed.seq, owed.attempts));
        assert_eq!(owed, (command == Command::message("And this?")).then_some((Seq(2), 0)), "{command:?}");
    }
}

/// Whoever speaks where no policy holds, as on a node without a responder, ends it all the same.
#[test]
fn an_agents_message_ends_what_is_owed_without_a_policy() {
    let mut chat = Chat::new(AiMode::UntilHandoff);
    chat.asks().claims(TOKEN);
    let ben = ActorId { role: Role::Agent, subject: ParticipantId::new("ben").unwrap() };
    let body = Body::message("Here.");
    let actor = Actor { id: ben, name: None };
    chat.fold.apply(&Fact::Event(Event { seq: Seq(2), time: chat.now, actor, client_id: None, body }));
    assert!(chat.fold.ai().owed().is_none());
    assert_eq!(chat.fold.ai().attending(), Attending::Agents);
}

#[test]
fn attempts_wait_longer_each_time() {
    let mut chat = Chat::new(AiMode::UntilHandoff);
    chat.policy.attempts = 4;
    chat.asks();
    for wait in [2, 4, 8] {
        chat.claims(TOKEN).resolves(TOKEN, Resolution::Retry).unwrap();
        let due = chat.fold.row().due_at.unwrap();
        assert_eq!(due.duration_since(chat.now).as_secs(), wait);
        chat.waits(wait - 1).claims(OTHER);
        assert_eq!(chat.token(), None, "not yet");
        chat.waits(1);
    }
    let facts = chat.claims(TOKEN).resolves(TOKEN, Resolution::Retry).unwrap();
    assert_eq!(bodies(&facts), [&Body::Handoff { reason: HandoffReason::Failed }]);
}

/// A store may hand out any seq. Nothing comes after the largest, and that is no reason to panic.
#[test]
fn the_largest_seq_is_put_up_with() {
    let mut chat = Chat::new(AiMode::UntilHandoff);
    chat.asks();
    let mut snapshot: Value = serde_json::from_slice(&chat.fold.encode()).unwrap();
    snapshot["last"] = json!(u64::MAX);
    chat.fold = Conversation::decode(snapshot.to_string().as_bytes()).unwrap();
    chat.execute(Role::Agent, &Command::message("Here.")).unwrap();
    chat.ai(Role::Agent, AiCommand::HandBack).unwrap();
    chat.ai(Role::User, AiCommand::HandOff).unwrap();
    assert_eq!(chat.fold.last_seq(), Seq(u64::MAX));
}

/// A policy holds from the next message on: what was being written before it is not said after that.
#[test]
fn whoever_says_more_after_the_ai_was_turned_off_is_not_answered() {
    let mut chat = Chat::new(AiMode::UntilHandoff);
    chat.asks().claims(TOKEN);
    chat.policy.mode = AiMode::Off;
    chat.asks();
    assert!(chat.fold.ai().owed().is_none());
    assert_eq!(chat.resolves(TOKEN, say("Late.")).unwrap_err().code(), Code::Forbidden);
}

/// Suggestions come while agents attend; they do not become answers when the policy changes in between.
#[test]
fn what_was_to_be_suggested_is_not_said_where_agents_attend() {
    for resolution in [say("Try this."), Resolution::HandOver(HandoffReason::Unknown), Resolution::Fail] {
        let mut chat = Chat::new(AiMode::Suggest);
        chat.asks().execute(Role::Agent, &Command::message("I am here.")).unwrap();
        chat.asks().claims(TOKEN);
        chat.policy.mode = AiMode::UntilHandoff;
        assert_eq!(chat.resolves(TOKEN, resolution).unwrap_err().code(), Code::Forbidden);
        chat.waits(60).claims(OTHER);
        assert!(chat.fold.ai().owed().is_none());
    }
}

#[test]
fn where_agents_attend_nothing_is_owed() {
    let mut chat = Chat::new(AiMode::UntilHandoff);
    chat.asks().execute(Role::Agent, &Command::message("I am here.")).unwrap();
    assert!(chat.asks().fold.ai().owed().is_none());
}

#[test]
fn a_thumbs_up_begins_the_count_of_unhelpful_answers_anew() {
    for (helpful, handed_over) in [(true, false), (false, true)] {
        let mut chat = Chat::new(AiMode::UntilHandoff);
        chat.policy.unhelpful_after = Some(2);
        for token in [TOKEN, OTHER] {
            chat.asks().claims(token).resolves(token, say("So.")).unwrap();
        }
        chat.stored = vec![stored(4, Role::Ai, &json!({"kind": "message", "text": "So."}))];
        chat.ai(Role::User, AiCommand::Rate { seq: Seq(4), helpful }).unwrap();
        chat.asks();
        assert_eq!(chat.fold.ai().attending() == Attending::Agents, handed_over);
    }
}
