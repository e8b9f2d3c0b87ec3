//! Any bytes as one text frame, from a visitor, an agent and a client that has not said who it is.
//!
//! What must hold: no panic; one frame has one answer at most, and none is only for a message without words and name; every
//! answer is JSON within its bound; an answer echoes the frame's `client_id`, that of a refusal included; what is asked for
//! lies within its bounds; no frame does what is the AI's; and of a policy and of word lists nothing is swallowed.

use bytes::Bytes;
use jiff::Timestamp;
use minicom_core::{
    Admission, AiCommand, AuthRequest, AuthTarget, CloseCode, Code, Command, Identity, Incoming, Limits,
    Outgoing, PageFrom, Refusal, Role, Target,
    session::{Operation, Outcome, Output, Session},
};
use serde::Serialize;
use serde_json::{Map, Value, json};
use tokio::time::Instant;

use crate::{
    fixtures::{ANSWERS, ann, ben},
    sent::{self, Said},
};

const KNOWN: [&str; 22] = [
    "message",
    "get_conversation",
    "read_messages",
    "typing",
    "leave",
    "list",
    "search",
    "handoff",
    "stop",
    "rate",
    "take_over",
    "hand_back",
    "personality",
    "ai",
    "set_ai",
    "ban",
    "lift_ban",
    "word_lists",
    "set_word_lists",
    "review",
    "auth",
    "ping",
];

/// What a policy has, as the protocol lists it.
const OF_A_POLICY: [&str; 10] = [
    "mode",
    "name",
    "prompt",
    "personality",
    "share",
    "unhelpful_after",
    "handoff_words",
    "hours",
    "deadline_s",
    "attempts",
];

/// What word lists have.
const OF_WORD_LISTS: [&str; 3] = ["refuse", "mask", "flag"];

/// Smaller than the default, so that frames over it are met.
const FRAME_BYTES: usize = 2048;

/// Runs one input.
///
/// # Panics
/// If something does not hold.
pub fn run(data: &[u8]) {
    let said = if data.len() > FRAME_BYTES { Said::default() } else { Said::read(data) };
    for admission in [
        Admission::Known(ann()),
        Admission::Known(ben()),
        Admission::Pending(AuthRequest::new(AuthTarget::Socket)),
    ] {
        answer(admission, data, &said);
    }
}

/// Hands a fresh session the frame, judges what it does, and tells it.
fn answer(admission: Admission, data: &[u8], said: &Said) {
    let (now, time) = (Instant::from_std(std::time::Instant::now()), Timestamp::UNIX_EPOCH);
    let mut limits = Limits::default();
    limits.frame_bytes = FRAME_BYTES;
    let identity = match &admission {
        Admission::Known(identity) => Some(identity.clone()),
        _ => None,
    };
    let mut session = Session::new(admission, limits, now, time, 0.5);
    if let Some(Output::Run(Operation::Page { .. }, ticket)) = session.next_output() {
        session.complete(&ticket, Outcome::Page(Ok(Box::new(ANSWERS.pages[3].clone()))), now, time);
        sent::frame(&session.next_output().expect("a visitor's history"));
    }
    assert!(session.next_output().is_none() && session.can_receive());

    session.receive(&Incoming::Text(Bytes::copy_from_slice(data)));
    let output = session.next_output();
    assert!(session.next_output().is_none(), "one frame, one answer");
    match output {
        None => {
            assert_eq!((said.kind.as_deref(), said.client_id.as_deref()), (Some("message"), None));
        }
        Some(Output::Send(Outgoing::Close { code, .. })) => {
            assert!(identity.is_none(), "a text closes no session that knows who is there");
            assert_eq!(code, CloseCode::Unauthenticated);
            return assert!(session.is_closed());
        }
        Some(Output::Run(operation, ticket)) => {
            judge(&operation, identity.as_ref(), said);
            if let (Operation::Authenticate(_), None) = (&operation, &identity) {
                return;
            }
            session.complete(&ticket, refused(&operation), now, time);
            let frame = sent::frame(&session.next_output().expect("a refused operation is told"));
            assert_eq!(sent::word(&frame, "type"), "error");
            assert_eq!(sent::echoed(&frame), said.client_id.as_deref());
        }
        Some(Output::Leave) => {
            assert_eq!(said.kind.as_deref(), Some("leave"));
            assert!(identity.is_some_and(|identity| identity.role == Role::Agent));
        }
        Some(Output::Typing { target, .. }) => {
            assert_eq!(said.kind.as_deref(), Some("typing"));
            judge_target(&target);
        }
        Some(output) => judge_answer(&sent::frame(&output), data, said),
    }
    assert!(!session.is_closed() && session.next_output().is_none());
}

/// An `error` or a `pong`.
fn judge_answer(frame: &Map<String, Value>, data: &[u8], said: &Said) {
    assert_eq!(sent::echoed(frame), said.client_id.as_deref());
    if sent::word(frame, "type") == "pong" {
        assert_eq!(said.kind.as_deref(), Some("ping"));
        return;
    }
    let code = sent::word(frame, "code");
    assert!([Code::BadRequest, Code::UnknownType, Code::TooLarge].iter().any(|known| known.as_str() == code));
    assert_eq!(code == Code::TooLarge.as_str(), data.len() > FRAME_BYTES);
    if code == Code::UnknownType.as_str() {
        let kind = said.kind.as_deref().expect("a type that is not known");
        assert!(!KNOWN.contains(&kind), "{kind}");
    }
}

/// What is asked for comes from the frame and lies within its bounds.
fn judge(operation: &Operation, identity: Option<&Identity>, said: &Said) {
    let kind = match operation {
        Operation::Execute { target, command } => {
            judge_target(target);
            judge_command(command, said)
        }
        Operation::Page { target, page } => {
            judge_target(target);
            assert!((1..=200).contains(&page.limit));
            assert!(matches!(page.from, PageFrom::Latest | PageFrom::After(_) | PageFrom::Before(_)));
            "get_conversation"
        }
        Operation::List { limit, cursor, .. } => {
            assert!((1..=200).contains(limit));
            if let Some(cursor) = cursor {
                assert_eq!(cursor.to_string().parse(), Ok(*cursor));
            }
            "list"
        }
        Operation::Search { limit, .. } => {
            assert!((1..=200).contains(limit));
            "search"
        }
        Operation::Ai { set: None } => "ai",
        Operation::Ai { set: Some(policy) } => {
            judge_settings(&said.fields["policy"], policy, &OF_A_POLICY);
            "set_ai"
        }
        Operation::WordLists { set: None } => "word_lists",
        Operation::WordLists { set: Some(lists) } => {
            let named = &said.fields["lists"];
            judge_settings(named, lists, &OF_WORD_LISTS);
            for (list, words) in [("refuse", &lists.refuse), ("mask", &lists.mask), ("flag", &lists.flag)] {
                assert!(named.get(list).map_or(words.is_empty(), |named| *named == json!(words)), "{list}");
            }
            "set_word_lists"
        }
        Operation::Ban { target, ban } => {
            judge_target(target);
            if ban.is_some() { "ban" } else { "lift_ban" }
        }
        Operation::Authenticate(request) => {
            assert!(request.token.is_some());
            "auth"
        }
        Operation::Move(request) => {
            assert!(request.token.is_some() && identity.is_some(), "nobody has nothing to take along");
            "auth"
        }
        other => panic!("an operation that no frame asks for: {other:?}"),
    };
    assert_eq!(said.kind.as_deref(), Some(kind));
    let (Operation::Execute { target, .. } | Operation::Page { target, .. }) = operation else { return };
    if let Some(visitor) = identity.filter(|identity| identity.role == Role::User && !said.names_somebody) {
        assert_eq!(
            *target,
            Target::Participant(visitor.participant.clone()),
            "who names nobody means himself"
        );
    }
}

fn judge_command(command: &Command, said: &Said) -> &'static str {
    match command {
        Command::Message { text, client_id } => {
            assert_eq!(text.trim(), text);
            assert!(!text.is_empty() || client_id.is_some());
            assert_eq!(client_id.as_ref().map(minicom_core::ClientId::as_str), said.client_id.as_deref());
            "message"
        }
        Command::Read { .. } => "read_messages",
        Command::Review { .. } => "review",
        Command::Ai(command) => judge_ai(command, said),
        other => panic!("a command that no frame gives: {other:?}"),
    }
}

fn judge_ai(command: &AiCommand, said: &Said) -> &'static str {
    match command {
        AiCommand::HandOff => "handoff",
        AiCommand::TakeOver => "take_over",
        AiCommand::HandBack => "hand_back",
        AiCommand::Stop => "stop",
        AiCommand::Rate { seq, helpful } => {
            assert_eq!(
                (&said.fields["answer"], &said.fields["helpful"]),
                (&seq.0.into(), &(*helpful).into())
            );
            "rate"
        }
        AiCommand::ChoosePersonality { personality } => {
            let named = said.fields.get("personality").filter(|named| !named.is_null());
            assert_eq!(named.is_some(), personality.is_some());
            "personality"
        }
        other => panic!("what the AI alone may do: {other:?}"),
    }
}

/// What was said of a setting is in it, and nothing that is not known was swallowed.
fn judge_settings(named: &Value, taken: &impl Serialize, known: &[&str]) {
    let named = named.as_object().expect("settings are an object");
    let Ok(Value::Object(taken)) = serde_json::to_value(taken) else { panic!("settings are an object") };
    assert!(taken.keys().all(|key| known.contains(&key.as_str())));
    for (field, value) in named {
        let taken = taken.get(field).unwrap_or_else(|| panic!("{field} was swallowed"));
        // A value that is no word or number may be written in more than one way.
        if value.is_string() || value.is_number() {
            assert_eq!(taken, value, "{field}");
        }
    }
}

fn judge_target(target: &Target) {
    if let Target::Participant(participant) = target {
        let name = participant.as_str();
        assert!((1..=254).contains(&name.len()) && !name.chars().any(char::is_control));
    }
}

fn refused(operation: &Operation) -> Outcome {
    let refusal = Refusal::unavailable();
    match operation {
        Operation::Execute { .. } | Operation::Ban { .. } => Outcome::Executed(Err(refusal)),
        Operation::List { .. } => Outcome::List(Err(refusal.into())),
        Operation::Search { .. } => Outcome::Search(Err(refusal.into())),
        Operation::Ai { .. } => Outcome::Ai(Err(refusal.into())),
        Operation::WordLists { .. } => Outcome::WordLists(Err(refusal.into())),
        Operation::Move(_) => Outcome::Moved(Err(refusal.into())),
        Operation::Authenticate(_) => Outcome::Authenticated(Err(minicom_core::AuthError::Unauthenticated)),
        _ => Outcome::Page(Err(refusal.into())),
    }
}
