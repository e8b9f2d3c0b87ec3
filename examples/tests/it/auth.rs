//! Who is who: by the path on this machine alone, by tokens, by a name that the server gives; and keys that are changed.

use std::{ffi::OsStr, fs, path::Path};

use jiff::{SignedDuration, Timestamp};
use minicom_core::{AgentRole, Identity, ParticipantId, WorkspaceId};
use minicom_jwt::JwtSigner;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    process::Command,
};

use crate::{
    client::{Client, http},
    desk::{Desk, command, fails},
};

const AUDIENCE: &str = "chat.example";
const OLD: &[u8] = b"the old secret, of 32 bytes or so";
const NEW: &[u8] = b"the new secret, of 32 bytes or so";

/// A desk that anybody could reach, by tokens.
fn by_tokens(db: &Path, ways: &str, keys: &Path) -> Command {
    let said = ["--listen", "0.0.0.0:0", "--auth", ways, "--jwt-audience", AUDIENCE, "--db"].map(OsStr::new);
    let mut command = command(&said);
    command.arg(db).arg("--jwt-keys-file").arg(keys);
    command
}

/// A key set with these secrets, by their names.
fn write_keys(path: &Path, secrets: &[(&str, &[u8])]) {
    let keys: Vec<Value> = secrets
        .iter()
        .map(|(kid, secret)| json!({"kty": "oct", "alg": "HS256", "kid": kid, "k": base64url(secret)}))
        .collect();
    fs::write(path, json!({"keys": keys}).to_string()).expect("written");
}

/// RFC 4648 section 5, without padding.
fn base64url(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let number = chunk.iter().fold(0_usize, |number, byte| number << 8 | usize::from(*byte))
            << (8 * (3 - chunk.len()));
        text.extend((0..=chunk.len()).map(|at| char::from(ALPHABET[number >> (18 - 6 * at) & 63])));
    }
    text
}

fn token(kid: &str, secret: &[u8], identity: Identity) -> String {
    let ends = Timestamp::now() + SignedDuration::from_mins(5);
    let signer = JwtSigner::hs256(secret).expect("a secret").with_kid(kid);
    signer.sign(&identity.with_expiry(ends), AUDIENCE).expect("signed")
}

fn ann() -> Identity {
    Identity::user(WorkspaceId::default(), ParticipantId::new("ann@example.com").expect("a name"))
}

fn owner() -> Identity {
    let ben = ParticipantId::new("ben").expect("a name");
    Identity::agent(WorkspaceId::default(), ben).with_agent_role(AgentRole::Owner)
}

/// Where to reach what listens on every address.
fn local(desk: &Desk) -> std::net::SocketAddr {
    ([127, 0, 0, 1], desk.address.port()).into()
}

/// How somebody with this token is answered.
async fn status(desk: &Desk, token: &str) -> u16 {
    http(local(desk), "GET", "/api/session", &[("authorization", &format!("Bearer {token}"))]).await.status
}

#[tokio::test]
async fn by_tokens_it_may_be_reached_and_lets_in_who_has_one() {
    let folder = TempDir::new().expect("a folder");
    let keys = folder.path().join("keys.json");
    write_keys(&keys, &[("old", OLD)]);
    for framework in ["axum", "warp"] {
        let db = folder.path().join(format!("{framework}.db"));
        let mut command = by_tokens(&db, "jwt", &keys);
        command.args(["--framework", framework]);
        let desk = Desk::spawn(command).await;
        let bearer = format!("Bearer {}", token("old", OLD, ann()));
        let mut visitor =
            Client::try_connect(local(&desk), "/ws", &[("authorization", &bearer)]).await.expect("a socket");
        visitor.expect("history").await;
        visitor.send(json!({"type": "message", "message": "hi"})).await;
        visitor.expect("message").await;
        let agent = format!("Bearer {}", token("old", OLD, owner()));
        let users = http(local(&desk), "GET", "/api/users/", &[("authorization", &agent)]).await;
        assert_eq!(users.json(), json!(["ann@example.com"]));
        // The path alone is nobody's word here.
        let mut liar = Client::connect(local(&desk), "/ws/chat/admin/ben/").await;
        assert_eq!(liar.closed().await.0, 4501);
        assert_eq!(status(&desk, "nonsense").await, 401);
        desk.signal("TERM");
        assert_eq!(desk.ended().await.code, Some(0));
    }
}

#[tokio::test]
async fn keys_are_changed_while_it_runs() {
    let folder = TempDir::new().expect("a folder");
    let (db, keys) = (folder.path().join("minicom.db"), folder.path().join("keys.json"));
    write_keys(&keys, &[("old", OLD)]);
    let desk = Desk::spawn(by_tokens(&db, "jwt", &keys)).await;
    let (old, new) = (token("old", OLD, ann()), token("new", NEW, ann()));
    let bearer = format!("Bearer {old}");
    let mut here =
        Client::try_connect(local(&desk), "/ws", &[("authorization", &bearer)]).await.expect("a socket");
    here.expect("history").await;
    assert_eq!((status(&desk, &old).await, status(&desk, &new).await), (200, 401));

    // What is none leaves everything as it was, and the next one is taken.
    fs::write(&keys, "{").expect("written");
    desk.signal("HUP");
    write_keys(&keys, &[("old", OLD), ("new", NEW)]);
    until(&desk, &new, 200).await;
    assert_eq!(status(&desk, &old).await, 200);
    write_keys(&keys, &[("new", NEW)]);
    until(&desk, &old, 401).await;
    assert_eq!(status(&desk, &new).await, 200);
    // Who was let in stays until his token ends.
    here.send(json!({"type": "ping"})).await;
    here.expect("pong").await;
}

#[tokio::test]
async fn with_a_login_it_may_be_reached_and_says_how_to_become_the_first_owner() {
    for framework in ["axum", "warp"] {
        let folder = TempDir::new().expect("a folder");
        let file = folder.path().join("desk.toml");
        let db = folder.path().join("minicom.db");
        fs::write(&file, "[workspaces.lamps]\npath = true\n").expect("written");
        let start = || {
            let said =
                ["--listen", "0.0.0.0:0", "--auth", "login+visitors", "--framework", framework, "--db"];
            let mut command = command(&said.map(OsStr::new));
            command.arg(&db).arg("--config").arg(&file);
            command.args(["--public-url", "https://chat.example"]);
            command
        };
        let mut desk = Desk::spawn(start()).await;
        let link = desk.line().await;
        let token = link.strip_prefix("first owner of default  https://chat.example/login#setup=");
        let token = token.unwrap_or_else(|| panic!("{link}")).to_owned();
        let lamps = desk.line().await;
        assert!(
            lamps.starts_with("first owner of lamps  https://chat.example/w/lamps/login#setup="),
            "{lamps}"
        );
        for path in ["/login", "/w/lamps/login"] {
            assert_eq!(http(local(&desk), "GET", path, &[]).await.status, 200, "{path}");
        }
        let owner = json!({
            "token": token, "email": "ann@example.com", "name": "Ann", "password": "three apples and a pear",
        });
        assert_ne!(post(&desk, "/w/lamps/api/setup", &owner).await, 200, "the link of another workspace");
        assert_eq!(post(&desk, "/api/setup", &owner).await, 200);
        assert_eq!(http(local(&desk), "GET", "/api/users/", &[]).await.status, 401);
        desk.signal("TERM");
        assert_eq!(desk.ended().await.code, Some(0));

        // Who is there needs no link any more.
        let mut desk = Desk::spawn(start()).await;
        let next = desk.line().await;
        assert!(next.starts_with("first owner of lamps  "), "{next}");
    }
}

/// Posts JSON, and gets the status.
async fn post(desk: &Desk, path: &str, body: &Value) -> u16 {
    let body = body.to_string();
    let mut stream = TcpStream::connect(local(desk)).await.expect("a server");
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(format!("{head}{body}").as_bytes()).await.expect("a request");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("an answer");
    answer.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status")
}

/// Signals until it is so: nobody says when a signal has been heard.
async fn until(desk: &Desk, token: &str, expected: u16) {
    loop {
        desk.signal("HUP");
        if status(desk, token).await == expected {
            return;
        }
    }
}

#[tokio::test]
async fn the_key_of_visitors_is_kept_beside_the_database() {
    let folder = TempDir::new().expect("a folder");
    let (db, keys) = (folder.path().join("minicom.db"), folder.path().join("keys.json"));
    write_keys(&keys, &[("old", OLD)]);
    let kept = folder.path().join("minicom.db.visitor-key");
    let mut first = None;
    for _ in 0..2 {
        let desk = Desk::spawn(by_tokens(&db, "jwt+visitors", &keys)).await;
        let key = fs::read_to_string(&kept).expect("a key");
        assert_eq!(*first.get_or_insert_with(|| key.clone()), key, "the same at the next start");
        assert_eq!(status(&desk, &token("old", OLD, ann())).await, 200);
        desk.signal("TERM");
        assert_eq!(desk.ended().await.code, Some(0));
    }
    let said = folder.path().join("said");
    fs::write(&said, "too short").expect("written");
    let mut short = by_tokens(&db, "jwt+visitors", &keys);
    short.env("MINICOM_VISITOR_KEY_FILE", &said);
    let ended = fails(short).await;
    assert_eq!(ended.code, Some(2), "{ended:?}");
    assert!(ended.stderr.contains("32 bytes") && !ended.stderr.contains("too short"), "{ended:?}");
}

#[tokio::test]
async fn what_is_lacking_is_told_and_no_secret_with_it() {
    let listen = ["--store", "memory", "--listen", "0.0.0.0:0", "--auth"];
    for (more, secret, hints) in [
        (&["jwt"][..], None, &["--jwt-audience"][..]),
        (&["jwt", "--jwt-audience", "a"], None, &["MINICOM_JWT_SECRET", "--jwt-keys-file"]),
        (&["jwt", "--jwt-audience", "a"], Some("tiny-s3cret"), &["32 bytes"]),
        (&["jwt", "--jwt-audience", "a", "--jwt-keys-file", "/nowhere/keys"], None, &["/nowhere/keys"]),
        (&["path"], None, &["loopback", "--auth jwt", "--auth login"]),
        (&["visitors"], None, &["login+visitors"]),
    ] {
        let mut command = command(&listen.iter().chain(more).map(OsStr::new).collect::<Vec<_>>());
        command.envs(secret.map(|secret| ("MINICOM_JWT_SECRET", secret)));
        let ended = fails(command).await;
        assert_eq!(ended.code, Some(2), "{more:?}: {ended:?}");
        assert!(hints.iter().all(|hint| ended.stderr.contains(hint)), "{more:?}: {ended:?}");
        assert!(!ended.stderr.contains("s3cret"), "{ended:?}");
    }
}

/// Each is good alone.
#[tokio::test]
async fn two_keys_without_names_are_told_where_to_get_some() {
    let listen = ["--store", "memory", "--listen", "127.0.0.1:0", "--auth", "jwt", "--jwt-audience", "a"];
    let mut command = command(&listen.map(OsStr::new));
    command.env("MINICOM_JWT_SECRET", "a s3cret of 32 bytes, or a few more");
    command.env(
        "MINICOM_JWT_PUBLIC_KEY",
        "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAHMjiB1dLfgr0tAi0VxQYMVBlc96G4AJDtNpGIvooJ6E=\n-----END PUBLIC KEY-----\n",
    );
    let ended = fails(command).await;
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""), "{ended:?}");
    assert!(
        ["no names", "kid", "--jwt-keys-file"].iter().all(|told| ended.stderr.contains(told)),
        "{ended:?}"
    );
    assert!(!ended.stderr.contains("s3cret"), "{ended:?}");
}
