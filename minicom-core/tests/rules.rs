//! The rules of a conversation against a plain model: no I/O, any order of commands.

use jiff::{Span, Timestamp};
use minicom_core::{
    Actor, ActorId, Body, Code, Command, Context, Conversation, EventBody, EventId, Fact, Facts, Log, LogId,
    Mark, ParticipantId, Position, Recorded, Role, Seq, Side, StoredEvent, UNREAD_KEPT, Workspace,
    WorkspaceCommand, WorkspaceId,
};
use proptest::{collection::vec, prelude::*};
use uuid::Uuid;

#[derive(Debug, Clone)]
enum Step {
    Say { role: Role, text: String },
    Read { role: Role, up_to: Option<u64> },
}

fn role() -> impl Strategy<Value = Role> {
    prop_oneof![Just(Role::User), Just(Role::Agent), Just(Role::Ai)]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (role(), "[ a-z\u{e9}\u{1F600}]{0,90}").prop_map(|(role, text)| Step::Say { role, text }),
        1 => (role(), proptest::option::of(0..200u64)).prop_map(|(role, up_to)| Step::Read { role, up_to }),
    ]
}

fn actor(role: Role) -> Actor {
    let subject = ParticipantId::new(if role == Role::User { "ann" } else { "ben" }).unwrap();
    Actor { id: ActorId { role, subject }, name: None }
}

/// What a reader would say a conversation is: a list and two cursors.
#[derive(Default)]
struct Model {
    messages: Vec<(Side, String)>,
    user: u64,
    agents: u64,
}

impl Model {
    fn cursor(&mut self, side: Side) -> &mut u64 {
        match side {
            Side::User => &mut self.user,
            Side::Agents => &mut self.agents,
        }
    }

    fn unread(&mut self, side: Side) -> usize {
        let cursor = *self.cursor(side);
        (1..).zip(&self.messages).filter(|(seq, (from, _))| *seq > cursor && *from != side).count()
    }
}

fn decide(
    fold: &Conversation,
    role: Role,
    command: &Command,
    now: Timestamp,
) -> Result<Facts<Conversation>, Code> {
    let (actor, workspace) = (actor(role), Workspace::default());
    let ann = ParticipantId::new("ann").unwrap();
    let mut cx = Context::new(now, &actor, &workspace, Uuid::from_u128(7));
    cx.participant = Some(&ann);
    fold.decide(&cx, command).map_err(|refusal| refusal.code())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn the_fold_is_what_a_plain_model_says(steps in vec(step(), 0..250)) {
        let (mut fold, mut model, mut facts) = (Conversation::default(), Model::default(), Vec::new());
        let start: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
        for (at, step) in (0i64..).zip(&steps) {
            // A clock that also runs backwards.
            let now = start + Span::new().seconds(if at % 5 == 0 { -at } else { at });
            let last = model.messages.len() as u64;
            let (role, command) = match step {
                Step::Say { role, text } => (*role, Command::message(text)),
                Step::Read { role, up_to } => (*role, Command::Read { up_to: up_to.map(Seq) }),
            };
            let decided = decide(&fold, role, &command, now);
            match step {
                Step::Say { text, .. } if text.trim().is_empty() => prop_assert_eq!(&decided, &Err(Code::BadRequest)),
                Step::Say { text, .. } => model.messages.push((role.side(), text.trim().to_owned())),
                Step::Read { .. } if role == Role::Ai => prop_assert_eq!(&decided, &Err(Code::Forbidden)),
                Step::Read { up_to, .. } => {
                    let (cursor, up_to) = (model.cursor(role.side()), up_to.unwrap_or(last).min(last));
                    // A cursor that does not move is no fact.
                    prop_assert_eq!(decided.as_ref().map(Vec::is_empty), Ok(up_to <= *cursor));
                    *cursor = up_to.max(*cursor);
                }
            }
            for fact in decided.unwrap_or_default() {
                if let Fact::Event(event) = &fact {
                    prop_assert_eq!(event.seq, fold.last_seq().next(), "seqs are dense");
                }
                fold.apply(&fact);
                facts.push(fact);
            }
            prop_assert_eq!(fold.last_seq().0, model.messages.len() as u64);
            for side in [Side::User, Side::Agents] {
                prop_assert_eq!(fold.read(side).0, *model.cursor(side));
                prop_assert_eq!(fold.unread(side), model.unread(side).min(UNREAD_KEPT));
            }
            let preview = fold.last_message().map(|preview| preview.text.as_str());
            let whole = model.messages.last().map(|(_, text)| text.as_str());
            prop_assert_eq!(preview.is_some(), whole.is_some());
            prop_assert!(whole.unwrap_or_default().starts_with(preview.unwrap_or_default()));
            prop_assert!(preview.unwrap_or_default().len() <= 200);
        }
        // Times never run backwards, and the snapshot is the fold of the facts, however often it is written and read.
        let times = facts.iter().filter_map(|fact| match fact { Fact::Event(event) => Some(event.time), Fact::Mark(_) => None });
        prop_assert!(times.collect::<Vec<_>>().is_sorted());
        let mut replayed = Conversation::default();
        for fact in &facts {
            replayed.apply(fact);
            replayed = Conversation::decode(&replayed.encode()).unwrap();
        }
        prop_assert_eq!(&replayed, &fold);
        prop_assert!(fold.encode().len() < 4096, "a snapshot is bounded: {}", fold.encode().len());
    }

    #[test]
    fn whatever_is_stored_can_be_folded(seqs in vec(any::<u64>(), 0..20), up_to in any::<u64>()) {
        let mut fold = Conversation::default();
        for seq in seqs {
            let fields = serde_json::Map::new();
            let body = Body::Unknown { kind: "from the future".into(), fields };
            let event = minicom_core::Event { seq: Seq(seq), time: Timestamp::UNIX_EPOCH, actor: actor(Role::Ai), client_id: None, body };
            fold.apply(&Fact::Event(event));
            fold.apply(&Fact::Mark(Mark::Read { reader: minicom_core::Reader::Agents, up_to: Seq(up_to) }));
        }
        prop_assert_eq!(Conversation::decode(&fold.encode()).unwrap(), fold);
    }

    #[test]
    fn no_bytes_make_decoding_panic(bytes in vec(any::<u8>(), 0..200)) {
        let _ = Conversation::decode(&bytes);
        let _ = Workspace::decode(&bytes);
    }
}

#[test]
fn messages_have_bounds() {
    let fold = Conversation::default();
    let now = Timestamp::UNIX_EPOCH;
    assert!(decide(&fold, Role::User, &Command::message("x".repeat(16 * 1024)), now).is_ok());
    assert_eq!(
        decide(&fold, Role::User, &Command::message("x".repeat(16 * 1024 + 1)), now),
        Err(Code::TooLarge)
    );
}

#[test]
fn a_snapshot_keeps_what_it_does_not_know_and_refuses_a_newer_format() {
    let mut fold = Conversation::default();
    for fact in decide(&fold, Role::User, &Command::message("hi"), Timestamp::UNIX_EPOCH).unwrap() {
        fold.apply(&fact);
    }
    let mut json: serde_json::Value = serde_json::from_slice(&fold.encode()).unwrap();
    json["mood"] = "good".into();
    let read = Conversation::decode(json.to_string().as_bytes()).unwrap();
    assert_eq!(serde_json::from_slice::<serde_json::Value>(&read.encode()).unwrap()["mood"], "good");
    json["format"] = 2.into();
    assert!(Conversation::decode(json.to_string().as_bytes()).is_err());
}

#[test]
fn a_snapshot_keeps_numbers_to_the_last_digit() {
    let json = |number: &str| {
        let plain = String::from_utf8(Workspace::default().encode().to_vec()).unwrap();
        plain.replace('}', &format!(r#","weight":{number}}}"#))
    };
    for number in ["9007199.509481986", "0.39534686014299326", "1.7976931348623157e308"] {
        let once = Workspace::decode(json(number).as_bytes()).unwrap().encode();
        let written: serde_json::Value = serde_json::from_slice(&once).unwrap();
        assert_eq!(written["weight"].as_f64(), number.parse().ok(), "{number}");
        assert_eq!(Workspace::decode(&once).unwrap().encode(), once, "{number}");
    }
}

#[test]
fn a_count_ends_at_the_largest_number() {
    let mut json: serde_json::Value = serde_json::from_slice(&Conversation::default().encode()).unwrap();
    json["messages"] = u64::MAX.into();
    let mut fold = Conversation::decode(json.to_string().as_bytes()).unwrap();
    for fact in decide(&fold, Role::User, &Command::message("hi"), Timestamp::UNIX_EPOCH).unwrap() {
        fold.apply(&fact);
    }
    assert_eq!(fold.messages(), u64::MAX);
}

#[test]
fn an_event_keeps_what_is_not_understood() {
    let data = r#"{"kind":"poll","name":{"of":"the poll"},"options":[1,2]}"#;
    let stored = StoredEvent {
        log: LogId::workspace(&WorkspaceId::default()),
        seq: Seq(1),
        id: EventId(1),
        position: Position(1),
        actor: actor(Role::Agent).id,
        client_id: None,
        digest: None,
        time: Timestamp::UNIX_EPOCH,
        data: data.into(),
    };
    let recorded = Recorded::<Body>::read(&stored).unwrap();
    assert_eq!(recorded.event.actor.name, None, "an actor's name is a text");
    let fields = serde_json::json!({"name": {"of": "the poll"}, "options": [1, 2]});
    assert_eq!(serde_json::Value::Object(recorded.event.body.fields()), fields);
}

#[test]
fn a_workspace_has_a_name() {
    let (ben, workspace) = (actor(Role::Agent), Workspace::default());
    let cx = Context::new(Timestamp::UNIX_EPOCH, &ben, &workspace, Uuid::nil());
    let set = |name: &str| WorkspaceCommand::SetName { name: name.to_owned() };
    for bad in ["", "  ", "a\nb", &"x".repeat(101)] {
        assert_eq!(workspace.decide(&cx, &set(bad)).unwrap_err().code(), Code::BadRequest);
    }
    let mut named = workspace.clone();
    for fact in workspace.decide(&cx, &set(" Acme ")).unwrap() {
        named.apply(&fact);
    }
    assert_eq!(named.name(), Some("Acme"));
    assert_eq!(named.decide(&cx, &set("Acme")).unwrap(), [], "the same name is no event");
    assert_eq!(Workspace::decode(&named.encode()).unwrap(), named);
}
