//! Neither tokens nor what people say is in the log or in an error, wherever they stand in a request. A binary of its own, because
//! what is logged is the whole process's.

#[path = "it/client.rs"]
mod client;
#[path = "it/server.rs"]
mod server;

use std::{
    error::Error as StdError,
    io,
    sync::{Arc, Mutex},
};

use client::{Client, http};
use minicom_core::{AuthRequest, AuthTarget, Command, Minicom, ParticipantId, Role, Target};
use minicom_web::WebOptions;
use serde_json::json;
use server::{Tokens, identity};
use tokio_tungstenite::tungstenite::Message;
use tracing_subscriber::{
    filter::{LevelFilter, Targets},
    layer::SubscriberExt,
    util::SubscriberInitExt,
};

/// In every token, and in nothing else.
const TOKEN: &str = "t0k3n-0123456789";
/// In whatever is said.
const WORDS: &str = "my card is 4111-1111";

/// What was logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("nobody panics here").extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Log {
    fn begin() -> Self {
        let log = Self::default();
        let writer = log.clone();
        // Everything, but what the test's own client says.
        let client = ["tungstenite", "tokio_tungstenite"].map(|name| (name, LevelFilter::OFF));
        let targets = Targets::new().with_default(LevelFilter::TRACE).with_targets(client);
        let layer = tracing_subscriber::fmt::layer().with_writer(move || writer.clone());
        tracing_subscriber::registry().with(targets).with(layer).init();
        log
    }

    fn text(&self) -> String {
        String::from_utf8(self.0.lock().expect("nobody panics here").clone()).expect("a text")
    }
}

/// Everything that an error shows, its causes included.
fn shown(error: &dyn StdError) -> String {
    let chain = std::iter::successors(Some(error), |&error| error.source());
    chain.map(|error| format!("{error:?} {error:#?} {error}")).collect::<Vec<_>>().join(" ")
}

fn assert_clean(text: &str) {
    assert!(!text.contains("t0k3n") && !text.contains("4111-1111"), "{text}");
}

/// Requests with a token in every place where one can stand, right or wrong.
async fn ask_everywhere(server: &server::Server) {
    let bearers =
        ["Bearer user:", "Bearer admin:", "Bearer expired:", "Bearer down:", "Bearer ", "Basic ", ""];
    let mut headers: Vec<(&str, String)> =
        bearers.iter().map(|scheme| ("authorization", format!("{scheme}{TOKEN}"))).collect();
    let elsewhere = [
        "cookie",
        "proxy-authorization",
        "x-api-key",
        "sec-websocket-protocol",
        "sec-websocket-key",
        "origin",
        "referer",
        "user-agent",
    ];
    headers.extend(elsewhere.map(|name| (name, TOKEN.to_owned())));
    headers.push(("cookie", format!("session={TOKEN}; a=\u{e4}")));
    let paths = [
        "/ws".to_owned(),
        "/ws/chat/user/ann/".to_owned(),
        format!("/ws?token={TOKEN}"),
        format!("/ws/chat/{TOKEN}/ann/?access_token={TOKEN}"),
        format!("/api/session?token={TOKEN}"),
        format!("/api/users/?token={TOKEN}"),
        format!("/desk?token={TOKEN}#{TOKEN}"),
        format!("/assets/{TOKEN}"),
        format!("/nothing/{TOKEN}"),
        "/api/chat/user/ann/stop".to_owned(),
    ];
    let upgrade = [("upgrade", "websocket"), ("connection", "Upgrade"), ("sec-websocket-version", "13")];
    let key = ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==");
    for (name, value) in &headers {
        for path in &paths {
            for method in ["GET", "POST", "BREW"] {
                let header = (*name, value.as_str());
                let mut all = vec![header];
                if path.starts_with("/ws") {
                    all.extend(upgrade);
                    all.extend((*name != key.0).then_some(key));
                }
                http(server.address, method, path, &all).await;
            }
        }
    }
}

/// Frames that are refused and frames that are not, before and after it is known who sends them.
async fn say_everything(server: &server::Server) {
    let frames = [
        json!({"type": "auth", "token": TOKEN}),
        json!({"type": "auth", "token": format!("down:{TOKEN}")}),
        json!({"type": "auth", "token": format!("expired:{TOKEN}")}),
        json!({"type": "auth", "token": {"a": TOKEN}}),
        json!({"type": TOKEN, "message": WORDS}),
        json!({"type": "message", "message": WORDS, "client_id": "a"}),
        json!({"type": "message", "message": format!("{WORDS} again"), "client_id": "a"}),
        json!({"type": "message", "message": [WORDS]}),
        json!({"type": "message", "to": WORDS, "message": WORDS}),
        json!({"type": "message", "message": WORDS.repeat(2_000)}),
        json!({"type": "get_conversation", "email": WORDS}),
        json!({"type": "search", "query": WORDS}),
        json!({"type": "list", "filter": {WORDS: WORDS}}),
        json!({"message": WORDS}),
    ];
    let mut raw: Vec<Message> = frames.iter().map(|frame| Message::text(frame.to_string())).collect();
    raw.push(Message::text(format!("{{\"type\":\"message\",\"message\":\"{WORDS}")));
    raw.push(Message::text(WORDS));
    raw.push(Message::text(WORDS.repeat(60_000)));
    raw.push(Message::binary(WORDS.as_bytes()));
    for frame in raw {
        let mut pending = Client::connect(server.address, "/ws").await;
        pending.send_raw(frame.clone()).await;
        pending.send(json!({"type": "message", "message": WORDS})).await;
        while pending.try_next().await.is_some() {}

        let mut known = Client::connect(server.address, "/ws").await;
        known.send(json!({"type": "auth", "token": "user:ann", "client_id": "known"})).await;
        known.send_raw(frame).await;
        known.send_raw(Message::binary(WORDS.as_bytes())).await;
        while known.try_next().await.is_some() {}
    }
}

/// What a host can print: requests, and whatever it is refused with.
async fn print_everything(minicom: &Minicom) -> String {
    let mut request = AuthRequest::new(AuthTarget::Rest);
    request.headers = vec![("cookie".into(), TOKEN.into()), ("authorization".into(), TOKEN.into())];
    let mut all = vec![format!("{request:?} {request:#?} {minicom:?}")];
    for token in [format!("expired:{TOKEN}"), format!("down:{TOKEN}"), TOKEN.to_owned()] {
        request.token = Some(token);
        all.push(shown(&minicom.authenticate(&request).await.expect_err("refused")));
        all.push(format!("{request:?}"));
    }
    let ann = identity(Role::User, "ann");
    let bob = Target::Participant(ParticipantId::new("bob").expect("a name"));
    let own = Target::Participant(ann.participant.clone());
    for (target, text) in [(&bob, WORDS.to_owned()), (&own, WORDS.repeat(2_000))] {
        let refused = minicom.execute(&ann, target, Command::message(text)).await.expect_err("refused");
        all.push(shown(&refused));
    }
    all.concat()
}

#[tokio::test]
async fn neither_a_token_nor_words_are_shown() {
    let log = Log::begin();
    let options = WebOptions::default();
    let server = server::serve_with(Minicom::builder().authenticator(Tokens), options, None).await;
    ask_everywhere(&server).await;
    say_everything(&server).await;
    assert_clean(&print_everything(&server.minicom).await);
    server.minicom.shutdown().await;
    let log = log.text();
    assert!(log.contains("a socket is refused"), "what is logged is seen here: {log}");
    assert_clean(&log);
}
