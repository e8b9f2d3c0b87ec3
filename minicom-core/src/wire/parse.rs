//! From the text of a frame to its value, or the reason why not.

use std::time::Duration;

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use super::client::{
    ClientFrame, DEFAULT_LIMIT, FrameKind, KnownEpoch, PageFrom, PageRequest, Received, Target,
};
use crate::{
    ban::BanRequest,
    error::{Code, Refusal},
    id::{ClientId, ParticipantId, Seq},
    log::{AiCommand, Personality},
    store::RowFilter,
};

/// How many items a page has at most.
const MOST: i64 = 200;

#[derive(Deserialize)]
struct MessageFields {
    message: String,
    to: Option<String>,
    conversation: Option<String>,
}

#[derive(Deserialize)]
struct PageFields {
    email: Option<String>,
    conversation: Option<String>,
    after: Option<Seq>,
    before: Option<Seq>,
    limit: Option<i64>,
    #[serde(default)]
    epoch: KnownEpoch,
}

#[derive(Deserialize)]
struct ReadFields {
    email: Option<String>,
    conversation: Option<String>,
    up_to: Option<Seq>,
}

#[derive(Deserialize)]
struct TypingFields {
    email: Option<String>,
    conversation: Option<String>,
    typing: bool,
}

#[derive(Deserialize)]
struct ListFields {
    filter: Option<FilterFields>,
    cursor: Option<String>,
    limit: Option<i64>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct FilterFields {
    unread: Option<bool>,
    email: Option<String>,
    waiting: Option<bool>,
    flagged: Option<bool>,
}

#[derive(Deserialize)]
struct SearchFields {
    query: String,
    email: Option<String>,
    conversation: Option<String>,
    cursor: Option<String>,
    limit: Option<i64>,
}

#[derive(Deserialize)]
struct TargetFields {
    email: Option<String>,
    conversation: Option<String>,
}

#[derive(Deserialize)]
struct BanFields {
    email: Option<String>,
    conversation: Option<String>,
    #[serde(default)]
    reason: String,
    seconds: Option<u32>,
    #[serde(default)]
    address: bool,
}

#[derive(Deserialize)]
struct RateFields {
    email: Option<String>,
    conversation: Option<String>,
    answer: Seq,
    helpful: bool,
}

#[derive(Deserialize)]
struct PersonalityFields {
    email: Option<String>,
    conversation: Option<String>,
    personality: Option<Personality>,
}

#[derive(Deserialize)]
struct SetAiFields {
    /// Serde would take an array, too, and fill in what it lacks.
    policy: Map<String, Value>,
}

#[derive(Deserialize)]
struct SetWordListsFields {
    /// As above.
    lists: Map<String, Value>,
}

/// At least one of them.
#[derive(Deserialize)]
struct AuthFields {
    token: Option<String>,
    visitor: Option<String>,
}

fn clamp(limit: Option<i64>) -> usize {
    limit.map_or(DEFAULT_LIMIT, |limit| usize::try_from(limit.clamp(1, MOST)).unwrap_or(DEFAULT_LIMIT))
}

fn fields<T: DeserializeOwned>(object: Map<String, Value>) -> Result<T, Refusal> {
    serde_json::from_value(Value::Object(object))
        .map_err(|_| Refusal::bad_request("a field is missing or of the wrong type"))
}

fn target(participant: Option<String>, conversation: Option<String>) -> Result<Option<Target>, Refusal> {
    Ok(match (participant, conversation) {
        (None, None) => None,
        (Some(participant), None) => Some(Target::Participant(ParticipantId::new(participant)?)),
        (None, Some(conversation)) => Some(Target::Conversation(conversation.parse()?)),
        (Some(_), Some(_)) => {
            return Err(Refusal::bad_request("name a participant or a conversation, not both"));
        }
    })
}

fn cursor<T: std::str::FromStr>(cursor: Option<String>) -> Result<Option<T>, Refusal> {
    let parse =
        |cursor: String| cursor.parse().map_err(|_| Refusal::bad_request("the cursor is not one of ours"));
    cursor.map(parse).transpose()
}

/// Parses a text frame. Bytes that are no UTF-8 are no JSON either.
pub(crate) fn parse(text: &[u8], frame_bytes: usize) -> Received {
    let refused = |frame| Received { client_id: None, frame: Err(frame) };
    if text.len() > frame_bytes {
        return refused(Refusal::new(Code::TooLarge, "the frame is too large"));
    }
    let Ok(Value::Object(mut object)) = serde_json::from_slice(text) else {
        return refused(Refusal::bad_request("a frame is a JSON object"));
    };
    let client_id = match object.remove("client_id") {
        None | Some(Value::Null) => None,
        Some(Value::String(id)) => match ClientId::new(id) {
            Ok(id) => Some(id),
            Err(_) => {
                return refused(Refusal::bad_request(
                    "a client_id has at most 64 bytes, none of them control",
                ));
            }
        },
        Some(_) => return refused(Refusal::bad_request("a client_id is a string")),
    };
    Received { client_id, frame: parse_object(object) }
}

/// What a frame asks that says nothing but where.
fn ask_ai(object: Map<String, Value>, command: AiCommand) -> Result<ClientFrame, Refusal> {
    let TargetFields { email, conversation } = fields(object)?;
    Ok(ClientFrame::AskAi { target: target(email, conversation)?, command })
}

fn parse_object(mut object: Map<String, Value>) -> Result<ClientFrame, Refusal> {
    let Some(Value::String(kind)) = object.remove("type") else {
        return Err(Refusal::bad_request("a frame has a type"));
    };
    let Some(kind) = FrameKind::parse(&kind) else {
        return Err(Refusal::new(Code::UnknownType, "this type of frame is not known"));
    };
    Ok(match kind {
        FrameKind::Message => {
            let MessageFields { message, to, conversation } = fields(object)?;
            ClientFrame::Message { to: target(to, conversation)?, text: message }
        }
        FrameKind::GetConversation => {
            let PageFields { email, conversation, after, before, limit, epoch } = fields(object)?;
            let from = match (after, before) {
                (None, None) => PageFrom::Latest,
                (Some(after), None) => PageFrom::After(after),
                (None, Some(before)) => PageFrom::Before(before),
                (Some(_), Some(_)) => return Err(Refusal::bad_request("after or before, not both")),
            };
            let page = PageRequest { from, limit: clamp(limit), epoch };
            ClientFrame::GetConversation { target: target(email, conversation)?, page }
        }
        FrameKind::ReadMessages => {
            let ReadFields { email, conversation, up_to } = fields(object)?;
            ClientFrame::ReadMessages { target: target(email, conversation)?, up_to }
        }
        FrameKind::Typing => {
            let TypingFields { email, conversation, typing } = fields(object)?;
            ClientFrame::Typing { target: target(email, conversation)?, typing }
        }
        FrameKind::List => {
            let ListFields { filter, cursor: at, limit } = fields(object)?;
            let FilterFields { unread, email, waiting, flagged } = filter.unwrap_or_default();
            let member = email.map(ParticipantId::new).transpose()?;
            let filter = RowFilter { unread, member, waiting, flagged };
            ClientFrame::List { filter, cursor: cursor(at)?, limit: clamp(limit) }
        }
        FrameKind::Search => {
            let SearchFields { query, email, conversation, cursor: before, limit } = fields(object)?;
            let target = target(email, conversation)?;
            ClientFrame::Search { target, query, before: cursor(before)?, limit: clamp(limit) }
        }
        FrameKind::HandOff => ask_ai(object, AiCommand::HandOff)?,
        FrameKind::TakeOver => ask_ai(object, AiCommand::TakeOver)?,
        FrameKind::HandBack => ask_ai(object, AiCommand::HandBack)?,
        FrameKind::Stop => ask_ai(object, AiCommand::Stop)?,
        FrameKind::Rate => {
            let RateFields { email, conversation, answer, helpful } = fields(object)?;
            let command = AiCommand::Rate { seq: answer, helpful };
            ClientFrame::AskAi { target: target(email, conversation)?, command }
        }
        FrameKind::Personality => {
            let PersonalityFields { email, conversation, personality } = fields(object)?;
            let command = AiCommand::ChoosePersonality { personality };
            ClientFrame::AskAi { target: target(email, conversation)?, command }
        }
        FrameKind::Ban => {
            let BanFields { email, conversation, reason, seconds, address } = fields(object)?;
            let lasts = seconds.map(|seconds| Duration::from_secs(seconds.into()));
            let ban = Some(BanRequest { reason, lasts, addresses: address });
            ClientFrame::Ban { target: target(email, conversation)?, ban }
        }
        FrameKind::LiftBan => {
            let TargetFields { email, conversation } = fields(object)?;
            ClientFrame::Ban { target: target(email, conversation)?, ban: None }
        }
        FrameKind::Ai => ClientFrame::ReportAi,
        FrameKind::SetAi => {
            let SetAiFields { policy } = fields(object)?;
            ClientFrame::SetAi { policy: fields(policy)? }
        }
        FrameKind::WordLists => ClientFrame::WordLists { set: None },
        FrameKind::SetWordLists => {
            let SetWordListsFields { lists } = fields(object)?;
            ClientFrame::WordLists { set: Some(fields(lists)?) }
        }
        FrameKind::Review => {
            let ReadFields { email, conversation, up_to } = fields(object)?;
            ClientFrame::Review { target: target(email, conversation)?, up_to }
        }
        FrameKind::Auth => match fields(object)? {
            AuthFields { token: None, visitor: None } => {
                return Err(Refusal::bad_request("a token is missing"));
            }
            AuthFields { token, visitor } => ClientFrame::Auth { token, visitor },
        },
        FrameKind::Leave => ClientFrame::Leave,
        FrameKind::Ping => ClientFrame::Ping,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ok(text: &str) -> ClientFrame {
        parse(text.as_bytes(), 1000).frame.expect(text)
    }

    fn code(text: &str) -> Code {
        parse(text.as_bytes(), 1000).frame.expect_err(text).code()
    }

    #[test]
    fn the_original_frames() {
        assert_eq!(
            ok(r#"{"type":"message","message":" hi "}"#),
            ClientFrame::Message { to: None, text: " hi ".into() }
        );
        let ann = || Some(Target::Participant(ParticipantId::new("ann@example.com").unwrap()));
        assert_eq!(
            ok(r#"{"type":"message","to":"ann@example.com","message":"hi"}"#),
            ClientFrame::Message { to: ann(), text: "hi".into() }
        );
        assert_eq!(
            ok(r#"{"type":"get_conversation","email":"ann@example.com"}"#),
            ClientFrame::GetConversation { target: ann(), page: PageRequest::latest() }
        );
        assert_eq!(
            ok(r#"{"type":"read_messages"}"#),
            ClientFrame::ReadMessages { target: None, up_to: None }
        );
    }

    #[test]
    fn limits_are_clamped_and_epochs_may_be_null() {
        for (text, limit) in [("-3", 1), ("0", 1), ("7", 7), ("5000", 200)] {
            let frame =
                ok(&format!(r#"{{"type":"get_conversation","limit":{text},"after":4,"epoch":null}}"#));
            let page =
                PageRequest { from: PageFrom::After(Seq(4)), limit, epoch: KnownEpoch::NoConversation };
            assert_eq!(frame, ClientFrame::GetConversation { target: None, page });
        }
    }

    #[test]
    fn bad_frames_get_their_code() {
        let deep = format!(r#"{{"type":"ping","x":{}{}}}"#, "[".repeat(400), "]".repeat(400));
        for text in [
            "",
            "hi",
            "[]",
            "null",
            "{",
            r#"{"type":7}"#,
            r#"{"message":"hi"}"#,
            r#"{"type":"message"}"#,
            r#"{"type":"message","message":1}"#,
            r#"{"type":"message","message":"\ud800"}"#,
            r#"{"type":"message","message":"x","to":""}"#,
            r#"{"type":"message","message":"x","to":7}"#,
            r#"{"type":"get_conversation","after":-1}"#,
            r#"{"type":"get_conversation","after":1.5}"#,
            r#"{"type":"get_conversation","after":1,"before":2}"#,
            r#"{"type":"get_conversation","epoch":4}"#,
            r#"{"type":"get_conversation","conversation":"x"}"#,
            r#"{"type":"typing"}"#,
            r#"{"type":"list","filter":{"colour":"red"}}"#,
            r#"{"type":"list","cursor":"x"}"#,
            r#"{"type":"ping","client_id":7}"#,
            r#"{"type":"search"}"#,
            r#"{"type":"set_ai"}"#,
            r#"{"type":"set_ai","policy":[]}"#,
            r#"{"type":"set_ai","policy":{"colour":"red"}}"#,
            r#"{"type":"auth"}"#,
            r#"{"type":"ban","email":"ann","seconds":-1}"#,
            r#"{"type":"ban","email":"ann","reason":7}"#,
            &deep,
        ] {
            assert_eq!(code(text), Code::BadRequest, "{text}");
        }
        let long = format!(r#"{{"type":"ping","client_id":"{}"}}"#, "x".repeat(65));
        assert_eq!(code(&long), Code::BadRequest);
        assert_eq!(code(r#"{"type":"dance"}"#), Code::UnknownType);
        assert_eq!(code(&" ".repeat(1001)), Code::TooLarge);
        assert_eq!(parse(b"{\"type\":\"\xff\"}", 1000).frame.unwrap_err().code(), Code::BadRequest);
    }

    #[test]
    fn a_refused_frame_still_names_its_client_id() {
        let received = parse(br#"{"type":"dance","client_id":"a"}"#, 1000);
        assert_eq!(received.client_id, Some(ClientId::new("a").unwrap()));
    }
}
