//! What it tells of itself: the log, its metrics, and whether it is ready.

use std::ffi::OsStr;

use serde_json::{Value, json};

use crate::{
    client::{Client, http},
    desk::{Desk, command, fails},
};

const TOKEN: &str = "m3tr1cs-t0k3n-0123";
const HERE: [&str; 4] = ["--store", "memory", "--listen", "127.0.0.1:0"];

fn with(more: &[&str]) -> tokio::process::Command {
    let all: Vec<_> = HERE.iter().chain(more).map(OsStr::new).collect();
    command(&all)
}

#[tokio::test]
async fn a_log_of_json_has_the_place_of_each_command_and_no_words() {
    let desk = Desk::spawn(with(&["--log-format", "json", "--log-filter", "debug"])).await;
    let mut ann = Client::connect(desk.address, "/ws/chat/user/ann/").await;
    ann.send(json!({"type": "message", "message": "my card is 4111", "client_id": "a"})).await;
    while ann.next().await["type"] != "ack" {}
    desk.signal("TERM");
    let ended = desk.ended().await;
    assert_eq!(ended.code, Some(0));
    let lines: Vec<Value> =
        ended.stderr.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert!(lines.iter().any(|line| line["message"] == "stopping" && line["level"] == "INFO"), "{lines:?}");
    let answered = lines.iter().find(|line| line["message"] == "answered").expect("a command");
    let span = &answered["span"];
    for (field, value) in
        [("name", "command"), ("kind", "message"), ("workspace", "default"), ("outcome", "done")]
    {
        assert_eq!(span[field], value, "{answered}");
    }
    assert!(span["request"].is_string() && span["conversation"].is_string(), "{answered}");
    assert!(!ended.stderr.contains("my card"), "{}", ended.stderr);
}

#[tokio::test]
async fn metrics_are_for_whoever_has_the_token_and_there_without_one_are_none() {
    for framework in ["axum", "warp"] {
        let mut counting = with(&["--framework", framework]);
        counting.env("MINICOM_METRICS_TOKEN", TOKEN);
        let desk = Desk::spawn(counting).await;
        let bearer = format!("Bearer {TOKEN}");
        let with_token = [("authorization", bearer.as_str())];
        assert_eq!(http(desk.address, "GET", "/metrics", &[]).await.status, 401);
        let told = http(desk.address, "GET", "/metrics", &with_token).await;
        assert!(told.status == 200 && told.text().contains("\nminicom_sockets 0\n"), "{}", told.text());

        let silent = Desk::spawn(with(&["--framework", framework])).await;
        assert_eq!(http(silent.address, "GET", "/metrics", &with_token).await.status, 404);
        let ready = http(silent.address, "GET", "/readyz", &[]).await;
        assert_eq!((ready.status, ready.text()), (200, "ready"));
    }
}

#[tokio::test]
async fn what_cannot_be_is_told_before_it_starts() {
    let filter = fails(with(&["--log-filter", "minicom_core=loud"])).await;
    assert_eq!(filter.code, Some(2), "{filter:?}");
    assert!(filter.stderr.contains("--log-filter"), "{filter:?}");
    let mut short = with(&[]);
    short.env("MINICOM_METRICS_TOKEN", "hunter2");
    let short = fails(short).await;
    assert_eq!(short.code, Some(2), "{short:?}");
    assert!(short.stderr.contains("16 bytes") && !short.stderr.contains("hunter2"), "{short:?}");
}
