//! Who answers before an agent does, as the binary has it with its defaults.

use std::fs;

use serde_json::{Value, json};

use crate::{
    client::{Client, http},
    desk::{Desk, command, fails},
};

/// With a store that keeps nothing, on a free port, and whoever answers by default.
fn by_default(more: &[&str]) -> tokio::process::Command {
    let mut arguments = vec!["--listen", "127.0.0.1:0", "--store", "memory"];
    arguments.extend(more);
    let mut command = command(&arguments.iter().map(AsRef::as_ref).collect::<Vec<_>>());
    command.env_remove("MINICOM_RESPONDER");
    command
}

async fn visitor(desk: &Desk) -> Client {
    let mut visitor = Client::connect(desk.address, "/ws/chat/user/ann/").await;
    visitor.expect("history").await;
    visitor
}

/// Asks, and waits for what comes of it: a message of the AI, or an event.
async fn ask(visitor: &mut Client, question: &str) -> Value {
    visitor.send(json!({"type": "message", "message": question})).await;
    loop {
        let frame = visitor.next().await;
        match frame["type"].as_str() {
            Some("event") => return frame["event"].clone(),
            Some("message") if frame["message"]["sender_type"] == "ai" => return frame["message"].clone(),
            _ => {}
        }
    }
}

#[tokio::test]
async fn a_question_about_minicom_is_answered_with_its_source_and_another_handed_over() {
    for framework in ["axum", "warp"] {
        let desk = Desk::spawn(by_default(&["--framework", framework])).await;
        let mut ann = visitor(&desk).await;
        let answer = ask(&mut ann, "How do I back up the SQLite file?").await;
        let source = answer["sources"][0]["url"].as_str().expect("a link").to_owned();
        let (path, anchor) = source.split_once('#').expect("to a section");
        assert!(path.starts_with("/help/"), "{source}");
        let page = http(desk.address, "GET", path, &[]).await;
        assert_eq!(page.status, 200, "{source}");
        assert!(page.text().contains(&format!("id=\"{anchor}\"")), "{source}");
        assert_eq!(http(desk.address, "GET", "/help/", &[]).await.status, 200);
        assert_eq!(http(desk.address, "GET", "/help/none", &[]).await.status, 404);
        let style = http(desk.address, "GET", "/help/style.css", &[]).await;
        assert_eq!((style.status, style.header("content-type")), (200, Some("text/css; charset=utf-8")));
        let policy = style.header("content-security-policy").unwrap_or_default();
        assert!(policy.contains("style-src 'self';"), "{policy}");

        let event = ask(&mut ann, "What is the capital of Mongolia?").await;
        assert_eq!((&event["kind"], &event["reason"]), (&json!("handoff"), &json!("unknown")));
        desk.signal("TERM");
        assert_eq!(desk.ended().await.code, Some(0));
    }
}

#[tokio::test]
async fn a_knowledge_base_of_ones_own() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("index.md"), "# Shop\n\n## Opening hours\n\nFrom nine to five.\n")
        .expect("a page");
    let named = folder.path().to_str().expect("text");
    let desk = Desk::spawn(by_default(&["--knowledge", named])).await;
    let mut ann = visitor(&desk).await;
    let answer = ask(&mut ann, "What are your opening hours?").await;
    assert_eq!(answer["content"], "From nine to five.");
    desk.signal("KILL");
}

#[tokio::test]
async fn a_knowledge_base_that_is_not_there_is_the_options_fault() {
    let ended = fails(by_default(&["--knowledge", "/nowhere/at/all"])).await;
    assert_eq!(ended.code, Some(2));
    assert!(ended.stderr.contains("/nowhere/at/all"), "{}", ended.stderr);
}

#[cfg(not(feature = "llama"))]
#[tokio::test]
async fn a_model_that_it_was_not_built_for_is_told_how_to_get() {
    let ended = fails(by_default(&["--responder", "llama", "--model", "any.gguf"])).await;
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""), "{ended:?}");
    assert!(ended.stderr.contains("--features llama"), "{}", ended.stderr);
}
