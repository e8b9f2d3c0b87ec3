//! Two workspaces on one server, people in both, and what one tries with what it knows of the other.

use std::sync::Arc;

use jiff::Timestamp;
use minicom_core::{
    AiCommand, AiPolicy, Clock, Command, ConversationId, FrameKind, Identity, MemoryStore, Minicom,
    ParticipantId, Target, WordLists, WorkspaceCommand, WorkspaceId,
};
use minicom_login::Login;
use minicom_web::{Metrics, WebOptions, WidgetConfig, WorkspaceOptions};
use serde_json::{Map, Value, json};

use super::{
    cases::Fixture,
    kit::Server,
    people::{self, Tokens},
    socket::Socket,
};

/// Every text of the other workspace has it, and no other text.
pub(crate) const MARK: &str = "hush";

/// Somebody who exists in the other workspace alone, and somebody who exists nowhere; of one length.
pub(crate) const THERE: &str = "bob";
pub(crate) const NOWHERE: &str = "zed";

/// A name for a message that was used there, and one that never was.
const KEY_THERE: &str = "key-there";
const KEY_NOWHERE: &str = "key-never";

/// The time stands still, so that what was done one after the other can be compared.
#[derive(Debug)]
struct Still;

impl Clock for Still {
    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH
    }
}

/// `here` and `there`, each with a path and a host name; and `hidden`, which has neither.
pub(crate) fn options() -> WebOptions {
    let workspace = |id: &str| WorkspaceOptions::new(WorkspaceId::new(id).expect(id));
    let both = |id: &str| {
        let title = if id == "there" { MARK } else { "Here" };
        let looks = WidgetConfig::default().title(title.parse().expect("a title"));
        let origin = format!("https://{id}.example").parse().expect("an origin");
        let host = format!("{id}.example").parse().expect("a name");
        workspace(id).by_path().host(host).allow_origin(origin).widget(looks)
    };
    let looks = WidgetConfig::default().title("All".parse().expect("a title"));
    // Nobody signs in with it: who somebody is, tokens say.
    let login = Login::new(Arc::new(MemoryStore::new()));
    let metrics = Metrics::new("a token that nobody here has").expect("it is long enough");
    let options = WebOptions::default().widget(looks).login(login).metrics(metrics);
    options.workspace(both("here")).workspace(both("there")).workspace(workspace("hidden"))
}

/// The server, with somebody in each workspace. `sam` is in both, and is two.
pub(crate) async fn start(fixture: &Fixture) -> Server {
    let builder = Minicom::builder().authenticator(Tokens::default()).clock(Still);
    let server = Server::start_with(fixture, builder, options(), None).await;
    for (who, text) in [("user:ann#here", "hello"), ("user:sam#here", "hello"), ("user:sam#there", "hush")] {
        say(&server, who, None, text, None).await;
    }
    for text in ["hush one", "hush two", "hush xylophone"] {
        say(&server, "user:bob#there", None, text, None).await;
    }
    say(&server, "admin:amy#there", Some(THERE), "hush, says amy", Some(KEY_THERE)).await;
    let amy = whom("admin:amy#there");
    let minicom = &server.minicom;
    let bob = whom("user:bob#there");
    minicom.execute(&bob, &of(THERE), AiCommand::HandOff.into()).await.expect("handed over");
    let mut policy = AiPolicy::default();
    policy.prompt = "hush, a prompt".into();
    minicom.set_ai(&amy, policy).await.expect("set");
    // What is flagged there is seen, too.
    let mut lists = WordLists::default();
    lists.flag = vec![MARK.into()];
    minicom.set_word_lists(&amy, lists).await.expect("set");
    say(&server, "user:bob#there", None, "hush, flagged", None).await;
    let name = WorkspaceCommand::SetName { name: "hush, a name".into() };
    minicom.execute_workspace(&amy, name).await.expect("named");
    server
}

fn whom(token: &str) -> Identity {
    people::parse(token).expect(token)
}

fn of(name: &str) -> Target {
    Target::Participant(ParticipantId::new(name).expect(name))
}

async fn say(server: &Server, who: &str, to: Option<&str>, text: &str, key: Option<&str>) {
    let who = whom(who);
    let to = of(to.unwrap_or(who.participant.as_str()));
    let client_id = key.map(|key| key.parse().expect("a client id"));
    let command = Command::Message { text: text.into(), client_id };
    server.minicom.execute(&who, &to, command).await.expect("stored");
}

/// The id of somebody's conversation, in whatever workspace.
fn id(name: &str) -> String {
    let participant = ParticipantId::new(name).expect(name);
    serde_json::to_value(ConversationId::direct(&participant))
        .expect("a text")
        .as_str()
        .expect("a text")
        .to_owned()
}

/// A socket of somebody's, by his token.
pub(crate) async fn socket(server: &Server, who: &str) -> Socket {
    let mut socket = server.socket_with("/ws", &[("authorization", &format!("Bearer {who}"))]).await;
    if who.starts_with("user:") {
        socket.expect("history").await;
    }
    socket
}

/// What a frame tries that is about the other workspace, each beside the same about nothing at all.
pub(crate) fn attempts(kind: FrameKind) -> Vec<[Value; 2]> {
    let about = |with: Value| {
        let by_name = ["email", "conversation"].map(|field| {
            [THERE, NOWHERE].map(|name| {
                let field_of_messages = if kind == FrameKind::Message { "to" } else { "email" };
                let (field, name) =
                    if field == "email" { (field_of_messages, name.to_owned()) } else { (field, id(name)) };
                merged(&with, &json!({field: name}))
            })
        });
        by_name.to_vec()
    };
    let both = |there: Value, nowhere: Value| vec![[there, nowhere]];
    let frames = match kind {
        FrameKind::Message => {
            // Said by the same agent's name in both workspaces.
            let key = |key: &str| json!({"to": "sam", "message": "hi", "client_id": key});
            [about(json!({"message": "hi"})), both(key(KEY_THERE), key(KEY_NOWHERE))].concat()
        }
        FrameKind::GetConversation => [
            about(json!({})),
            about(json!({"after": 0, "limit": 200})),
            about(json!({"after": 4})),
            about(json!({"before": 3})),
        ]
        .concat(),
        FrameKind::ReadMessages => [about(json!({})), about(json!({"up_to": 2}))].concat(),
        FrameKind::Typing => about(json!({"typing": true})),
        FrameKind::List => {
            let cursor = |name: &str| json!({"cursor": format!("0,{}", id(name))});
            let filter = |name: &str| json!({"filter": {"email": name}});
            [both(filter(THERE), filter(NOWHERE)), both(cursor(THERE), cursor(NOWHERE))].concat()
        }
        FrameKind::Search => [
            both(json!({"query": "xylophone"}), json!({"query": "xylograph"})),
            both(json!({"query": MARK}), json!({"query": "hash"})),
            about(json!({"query": "hush"})),
            both(json!({"query": "hello", "cursor": "7"}), json!({"query": "hello", "cursor": "7000"})),
        ]
        .concat(),
        FrameKind::HandOff
        | FrameKind::TakeOver
        | FrameKind::HandBack
        | FrameKind::Stop
        | FrameKind::LiftBan => about(json!({})),
        FrameKind::Review => [about(json!({})), about(json!({"up_to": 9}))].concat(),
        FrameKind::Ban => about(json!({"reason": "spam", "seconds": 60})),
        FrameKind::Rate => about(json!({"answer": 4, "helpful": true})),
        FrameKind::Personality => about(json!({"personality": "technical"})),
        // They name nobody: what they answer must be without a mark.
        FrameKind::Ai | FrameKind::WordLists | FrameKind::Leave | FrameKind::Ping => {
            both(json!({}), json!({}))
        }
        FrameKind::SetWordLists => both(json!({"lists": {"mask": ["x"]}}), json!({"lists": {"mask": ["x"]}})),
        FrameKind::SetAi => both(json!({"policy": {"share": 7}}), json!({"policy": {"share": 7}})),
        // Who has the other's token has it rightly; here it is as good as anybody else's.
        FrameKind::Auth => both(json!({"token": "admin:bob#there"}), json!({"token": "admin:zed#here"})),
    };
    let typed = |frame: Value| merged(&json!({"type": kind.as_str(), "client_id": "asked"}), &frame);
    frames.into_iter().map(|pair| pair.map(typed)).collect()
}

/// A frame of each kind that does something in one's own workspace.
pub(crate) fn own(kind: FrameKind) -> Value {
    let frame = match kind {
        FrameKind::Message => json!({"to": "sam", "message": "hush again"}),
        FrameKind::GetConversation
        | FrameKind::ReadMessages
        | FrameKind::HandOff
        | FrameKind::TakeOver
        | FrameKind::HandBack
        | FrameKind::LiftBan
        | FrameKind::Review
        | FrameKind::Stop => json!({"email": "sam"}),
        FrameKind::Typing => json!({"email": "sam", "typing": true}),
        FrameKind::Ban => json!({"email": "sam", "reason": MARK}),
        FrameKind::List | FrameKind::Ai | FrameKind::WordLists | FrameKind::Leave | FrameKind::Ping => {
            json!({})
        }
        FrameKind::Search => json!({"query": MARK}),
        FrameKind::Rate => json!({"email": "sam", "answer": 1, "helpful": true}),
        FrameKind::Personality => json!({"email": "sam", "personality": {"own": MARK}}),
        FrameKind::SetAi => json!({"policy": {"prompt": MARK}}),
        FrameKind::SetWordLists => json!({"lists": {"flag": [MARK]}}),
        FrameKind::Auth => json!({"token": "admin:amy#there"}),
    };
    merged(&json!({"type": kind.as_str(), "client_id": "asked"}), &frame)
}

fn merged(one: &Value, other: &Value) -> Value {
    let fields = [one, other].into_iter().filter_map(Value::as_object).flatten();
    Value::Object(fields.map(|(key, value)| (key.clone(), value.clone())).collect::<Map<_, _>>())
}

/// Sends a frame, and gathers all that comes of it. What follows is asked about the same conversation, so that it waits for
/// the same queue.
pub(crate) async fn answers(socket: &mut Socket, frame: &Value) -> Vec<Value> {
    let mut fence = json!({"type": "rate", "answer": 9_999_999, "helpful": true, "client_id": "end"});
    for (from, to) in [("email", "email"), ("to", "email"), ("conversation", "conversation")] {
        if let Some(name) = frame.get(from) {
            fence[to] = name.clone();
        }
    }
    socket.send(frame.clone()).await;
    socket.send(fence).await;
    let mut answers = Vec::new();
    loop {
        let answer = socket.next().await;
        let ended = answer["client_id"] == "end";
        answers.push(answer);
        if ended {
            return answers;
        }
    }
}

/// Answers as text, without what only says who was named and when: so that both of a pair must be the same, byte for byte.
pub(crate) fn told(answers: &[Value], name: &str) -> String {
    let key = if name == THERE { KEY_THERE } else { KEY_NOWHERE };
    let query = |text: String| text.replace("xylograph", "xylophone").replace("\"hash\"", "\"hush\"");
    let answers: Vec<_> = answers.iter().cloned().map(without_what_is_drawn).collect();
    let text = serde_json::to_string(&answers).expect("JSON");
    query(text.replace(&id(name), "ID").replace(&format!("{name:?}"), "NAME").replace(key, "KEY"))
}

/// An epoch is drawn anew for each conversation.
fn without_what_is_drawn(mut value: Value) -> Value {
    match &mut value {
        Value::Object(fields) => {
            for (key, value) in fields.iter_mut() {
                *value = if key == "epoch" { Value::Null } else { without_what_is_drawn(value.take()) };
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| *item = without_what_is_drawn(item.take())),
        _ => {}
    }
    value
}

/// All that the other workspace's agent sees.
pub(crate) async fn seen_there(server: &Server) -> String {
    let mut amy = socket(server, "admin:amy#there").await;
    let mut seen = Vec::new();
    for frame in [
        json!({"type": "get_conversation", "email": THERE, "limit": 200, "client_id": "asked"}),
        json!({"type": "get_conversation", "email": "sam", "limit": 200, "client_id": "asked"}),
        json!({"type": "list", "client_id": "asked"}),
        json!({"type": "search", "query": MARK, "client_id": "asked"}),
        json!({"type": "ai", "client_id": "asked"}),
        json!({"type": "word_lists", "client_id": "asked"}),
    ] {
        amy.send(frame).await;
        seen.push(amy.next().await.to_string());
    }
    seen.join("\n")
}
