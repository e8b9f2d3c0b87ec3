//! The configuration file: what it chooses, and how one that is wrong is refused.

use std::{ffi::OsStr, fs, path::PathBuf};

use serde_json::json;
use tempfile::TempDir;
use tokio::process::Command;

use crate::{
    client::{Client, http},
    desk::{Desk, Ended, command, fails},
};

/// A file in a folder that goes with it.
struct File {
    _folder: TempDir,
    path: PathBuf,
}

fn file(text: &str) -> File {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("desk.toml");
    fs::write(&path, text).expect("written");
    File { _folder: folder, path }
}

/// A command with the file's path at its end, and whoever answers by the file.
fn with(arguments: &[&str], file: &File) -> Command {
    let mut command = command(&arguments.iter().map(OsStr::new).collect::<Vec<_>>());
    command.arg(&file.path).env_remove("MINICOM_RESPONDER");
    command
}

async fn check(file: &File) -> Ended {
    fails(with(&["config", "check"], file)).await
}

#[tokio::test]
async fn a_flag_goes_before_the_environment_and_that_before_the_file() {
    let file = file(
        "listen = \"127.0.0.1:0\"\nstore = \"memory\"\nframework = \"warp\"\n\
         [widget]\ntitle = \"file\"\ngreeting = \"file\"\nintro = \"file\"\n",
    );
    let mut chosen = command(&["--widget-title", "flag"].map(OsStr::new));
    chosen.env("MINICOM_CONFIG", &file.path);
    chosen.env("MINICOM_WIDGET_TITLE", "environment").env("MINICOM_WIDGET_GREETING", "environment");
    let desk = Desk::spawn(chosen).await;
    let answer = http(desk.address, "GET", "/api/widget", &[]).await.json();
    assert_eq!(answer, json!({"title": "flag", "greeting": "environment", "intro": "file"}));
}

#[tokio::test]
async fn the_example_is_printed_and_passes() {
    let printed = fails(command(&["config", "example"].map(OsStr::new))).await;
    assert_eq!(printed.code, Some(0), "{printed:?}");
    let checked = check(&file(&printed.stdout)).await;
    assert_eq!((checked.code, checked.stderr.as_str()), (Some(0), ""), "{checked:?}");
    for told in ["127.0.0.1:8000", "minicom.db", "path"] {
        assert!(checked.stdout.contains(told), "{told}: {checked:?}");
    }
}

#[tokio::test]
async fn what_is_wrong_is_told_with_file_line_key_and_hint() {
    for (text, told) in [
        ("store = \"memory\"\nlisen = \"127.0.0.1:0\"\n", &[":2:1: lisen", "did you mean listen?"][..]),
        ("[widget]\naccent = \"red\"\n", &[":2:10: widget.accent", "#rrggbb"]),
        (
            "[ai]\nopenai_key = \"sk-1234\"\n",
            &[":2:1: ai.openai_key", "openai_key_file", "MINICOM_OPENAI_KEY"],
        ),
        ("[ai]\nresponder = \"openai\"\n", &["--openai-url"]),
        ("[ai]\nresponder = \"llama\"\n", &["--model"]),
        ("[ai]\nknowledge = \"/nowhere/at/all\"\n", &["/nowhere/at/all"]),
        ("[ai.policy]\nshare = 101\n", &["ai.policy", "100 percent"]),
        ("[limits]\nmessage_bytes = 0\n", &["limits.message_bytes", "65536"]),
        (
            "[workspaces.a]\nhosts = [\"x.example\"]\n[workspaces.b]\nhosts = [\"X.example\"]\n",
            &["workspaces.b.hosts", "x.example"],
        ),
        ("listen = \"0.0.0.0:8000\"\n", &["loopback"]),
        (
            "[limits.visitor]\nmesages = \"5 in 1 s\"\n",
            &[":2:1: limits.visitor.mesages", "did you mean messages?"],
        ),
        ("[limits.visitor]\nmessages = \"5 in 1 s\"\n", &["limits says", "rate_limits = true"]),
        ("[workspaces.a.limits]\nsockets = 5\n", &["workspaces.a.limits says", "rate_limits = true"]),
        ("[addresses]\nrequests = \"many\"\n", &[":2:12: addresses.requests", "20 in 30 s"]),
    ] {
        let wrong = file(text);
        let checked = check(&wrong).await;
        let started = fails(with(&["--store", "memory", "--config"], &wrong)).await;
        for ended in [&checked, &started] {
            assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""), "{text}: {ended:?}");
            assert!(told.iter().all(|told| ended.stderr.contains(told)), "{told:?}: {ended:?}");
            assert!(!ended.stderr.contains("sk-1234"), "{ended:?}");
        }
    }
    let none = fails(command(&["config", "check", "/nowhere/desk.toml"].map(OsStr::new))).await;
    assert_eq!(none.code, Some(2));
    assert!(none.stderr.contains("/nowhere/desk.toml"), "{none:?}");
}

#[tokio::test]
async fn a_workspace_has_its_own_looks_origins_limits_and_conversations() {
    for framework in ["axum", "warp"] {
        let file = file(
            "listen = \"127.0.0.1:0\"\nstore = \"memory\"\n[widget]\ntitle = \"All\"\nintro = \"All\"\n\
             [workspaces.lamps]\npath = true\nhosts = [\"lamps.localhost\"]\nallow_origin = [\"https://lamps.example\"]\n\
             [workspaces.lamps.widget]\ntitle = \"Lamps\"\n[workspaces.lamps.limits]\nmessage_bytes = 4\n",
        );
        let desk = Desk::spawn(with(&["--framework", framework, "--config"], &file)).await;
        let lamps = json!({"title": "Lamps", "intro": "All"});
        assert_eq!(http(desk.address, "GET", "/w/lamps/api/widget", &[]).await.json(), lamps);
        let by_host = [("host", "lamps.localhost:8000")];
        assert_eq!(http(desk.address, "GET", "/api/widget", &by_host).await.json(), lamps);
        assert_eq!(http(desk.address, "GET", "/api/widget", &[]).await.json()["title"], "All");

        let origin = [("origin", "https://lamps.example")];
        assert_eq!(Client::try_connect(desk.address, "/ws/chat/user/ann/", &origin).await.err(), Some(403));
        let mut ann =
            Client::try_connect(desk.address, "/w/lamps/ws/chat/user/ann/", &origin).await.expect("let in");
        ann.expect("history").await;
        ann.send(json!({"type": "message", "message": "five!"})).await;
        assert_eq!(ann.expect("error").await["code"], "too_large");
        ann.send(json!({"type": "message", "message": "four"})).await;
        ann.expect("message").await;
        let mut other = Client::connect(desk.address, "/ws/chat/user/ann/").await;
        assert_eq!(other.expect("history").await["messages"], json!([]));
        assert_eq!(http(desk.address, "GET", "/w/lamps/api/users/", &[]).await.json(), json!(["ann"]));
        assert_eq!(http(desk.address, "GET", "/api/users/", &[]).await.json(), json!([]));
    }
}

/// Rates hold, for all and for a workspace of its own, and a proxy that is named says who is behind it.
#[tokio::test]
async fn rates_and_proxies_are_those_of_the_file() {
    for framework in ["axum", "warp"] {
        let file = file(
            "listen = \"127.0.0.1:0\"\nstore = \"memory\"\nrate_limits = true\n[ai]\nresponder = \"none\"\n\
             [addresses]\ntrusted_proxies = [\"127.0.0.0/8\"]\nforwarded_header = \"forwarded\"\nrequests = \"9 in 9 h\"\n\
             [limits.visitor]\nmessages = \"2 in 2 h\"\n\
             [workspaces.lamps]\npath = true\n[workspaces.lamps.limits.visitor]\nmessages = \"1 in 2 h\"\n",
        );
        let desk = Desk::spawn(with(&["--framework", framework, "--config"], &file)).await;
        for (path, messages) in [("/ws/chat/user/ann/", 2), ("/w/lamps/ws/chat/user/ann/", 1)] {
            let mut ann = Client::connect(desk.address, path).await;
            ann.expect("history").await;
            for _ in 0..messages {
                ann.send(json!({"type": "message", "message": "hi"})).await;
                ann.expect("message").await;
            }
            ann.send(json!({"type": "message", "message": "hi"})).await;
            assert_eq!(ann.expect("error").await["code"], "rate_limited", "{path}");
        }
        for (client, status) in [("for=203.0.113.7", 200), ("for=203.0.113.8", 200), ("for=203.0.113.7", 429)]
        {
            let times = if status == 200 { 9 } else { 1 };
            for _ in 0..times {
                let from = [("forwarded", client)];
                assert_eq!(http(desk.address, "GET", "/api/widget", &from).await.status, status, "{client}");
            }
        }
    }
}

#[tokio::test]
async fn a_check_tells_of_rates_and_proxies() {
    let file = file(
        "rate_limits = true\n[addresses]\ntrusted_proxies = [\"10.0.0.0/8\", \"::1\"]\n[workspaces.lamps.limits]\nsockets = 5\n",
    );
    let checked = check(&file).await;
    assert_eq!(checked.code, Some(0), "{checked:?}");
    for told in [
        "rates      a visitor 20 in 30 s messages, an address 600 in 1 min requests",
        "proxies    10.0.0.0/8, ::1, by x-forwarded-for",
        "lamps: no host name, no path, rates of its own",
    ] {
        assert!(checked.stdout.contains(told), "{told}: {checked:?}");
    }
}
