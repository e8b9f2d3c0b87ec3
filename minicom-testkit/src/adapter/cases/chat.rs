//! The original protocol, over sockets.

use serde_json::json;

use super::Fixture;
use crate::adapter::kit;

/// A visitor writes, an agent finds it, reads and answers, the visitor reads; who comes back finds it all.
pub async fn a_visitor_and_an_agent_talk(fixture: &Fixture) {
    let server = kit::by_path(fixture).await;
    let mut ann = server.socket("/ws/chat/user/ann%40example.com/").await;
    assert_eq!(ann.expect("history").await["messages"], json!([]));
    ann.send(json!({"type": "message", "message": " hello "})).await;
    let said = ann.expect("message").await["message"].clone();
    assert_eq!((&said["content"], &said["sender_type"]), (&json!("hello"), &json!("user")));

    let mut ben = server.socket("/ws/chat/admin/dummy/").await;
    let opened = ben.watch("ann@example.com").await;
    assert_eq!((&opened["email"], &opened["messages"]), (&json!("ann@example.com"), &json!([said])));
    ben.send(json!({"type": "read_messages", "email": "ann@example.com"})).await;
    for socket in [&mut ann, &mut ben] {
        assert_eq!(socket.expect("messages_read").await["reader"], "admin");
    }
    ben.send(json!({"type": "message", "to": "ann@example.com", "message": "hi"})).await;
    for socket in [&mut ann, &mut ben] {
        let answer = socket.expect("message").await["message"].clone();
        assert_eq!((&answer["content"], &answer["sender_type"]), (&json!("hi"), &json!("admin")));
    }
    ann.send(json!({"type": "read_messages"})).await;
    for socket in [&mut ann, &mut ben] {
        assert_eq!(socket.expect("messages_read").await["reader"], "user");
    }

    let mut again = server.socket("/ws/chat/user/ann%40example.com").await;
    let history = again.expect("history").await["messages"].clone();
    let read = history.as_array().expect("a list").iter().map(|message| &message["is_read"]);
    assert!(read.eq([&json!(true), &json!(true)]), "{history}");
}

/// An encoded slash stays inside the email, a plus is a plus, and nothing is decoded twice.
pub async fn an_email_is_one_segment_decoded_once(fixture: &Fixture) {
    let server = kit::by_path(fixture).await;
    for (segment, email) in [
        ("ann%40example.com", "ann@example.com"),
        ("ann@example.com", "ann@example.com"),
        ("a%2Fb", "a/b"),
        ("a+b", "a+b"),
        ("%2540", "%40"),
        ("J%C3%BCrgen", "J\u{fc}rgen"),
    ] {
        for slash in ["/", ""] {
            let mut socket = server.socket(&format!("/ws/chat/user/{segment}{slash}")).await;
            socket.expect("history").await;
            socket.send(json!({"type": "message", "message": "hi"})).await;
            assert_eq!(socket.expect("message").await["message"]["email"], email, "{segment}");
        }
    }
    for segment in ["%zz", "%ff", "a%0Ab"] {
        assert_eq!(server.close_of(&format!("/ws/chat/user/{segment}/"), &[]).await, 4503, "{segment}");
    }
}

/// What one tab says the other hears, and nobody else.
pub async fn both_tabs_of_a_visitor_hear(fixture: &Fixture) {
    let server = kit::by_path(fixture).await;
    let (mut one, mut two) = (server.visitor("ann").await, server.visitor("ann").await);
    let mut bob = server.visitor("bob").await;
    one.send(json!({"type": "message", "message": "from one"})).await;
    for tab in [&mut one, &mut two] {
        assert_eq!(tab.words().await, "from one");
    }
    bob.is_alive_and_silent().await;
}

/// An agent who asked for the inbox hears of a new message.
pub async fn what_is_said_is_listed(fixture: &Fixture) {
    let server = kit::by_path(fixture).await;
    let mut ben = server.socket("/ws/chat/admin/ben/").await;
    ben.send(json!({"type": "list"})).await;
    assert_eq!(ben.expect("list").await["rows"], json!([]));
    server.say("ann", "hello?").await;
    assert_eq!(ben.expect("row").await["row"]["email"], "ann");
}
