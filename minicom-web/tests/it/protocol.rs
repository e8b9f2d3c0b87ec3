//! The original protocol, over sockets.

use serde_json::json;

use crate::{client::Client, server};

#[tokio::test]
async fn a_visitor_and_an_agent_talk() {
    let address = server::by_path().await.address;
    let mut ann = Client::connect(address, "/ws/chat/user/ann%40example.com/").await;
    let history = ann.expect("history").await;
    assert_eq!(history["messages"], json!([]));
    ann.send(json!({"type": "message", "message": "  hello  "})).await;
    let said = ann.expect("message").await["message"].clone();
    assert_eq!(
        (&said["content"], &said["sender_type"], &said["is_read"]),
        (&json!("hello"), &json!("user"), &json!(false))
    );

    let mut ben = Client::connect(address, "/ws/chat/admin/dummy/").await;
    ben.send(json!({"type": "get_conversation", "email": "ann@example.com"})).await;
    let conversation = ben.expect("conversation").await;
    assert_eq!(conversation["email"], "ann@example.com");
    assert_eq!(conversation["messages"], json!([said]));

    ben.send(json!({"type": "read_messages", "email": "ann@example.com"})).await;
    for socket in [&mut ann, &mut ben] {
        let read = socket.expect("messages_read").await;
        assert_eq!((&read["reader"], &read["email"]), (&json!("admin"), &json!("ann@example.com")));
    }
    ben.send(json!({"type": "message", "to": "ann@example.com", "message": "hi"})).await;
    for socket in [&mut ann, &mut ben] {
        let answer = socket.expect("message").await["message"].clone();
        assert_eq!((&answer["content"], &answer["sender_type"]), (&json!("hi"), &json!("admin")));
    }
    ann.send(json!({"type": "read_messages"})).await;
    assert_eq!(ben.expect("messages_read").await["reader"], "user");
    ann.expect("messages_read").await;

    // Who comes back finds everything, read.
    let mut again = Client::connect(address, "/ws/chat/user/ann%40example.com").await;
    let messages = again.expect("history").await["messages"].clone();
    let seen: Vec<_> =
        messages.as_array().expect("a list").iter().map(|m| (&m["content"], &m["is_read"])).collect();
    assert_eq!(seen, [(&json!("hello"), &json!(true)), (&json!("hi"), &json!(true))]);
}

#[tokio::test]
async fn two_sockets_of_one_visitor_both_hear_everything() {
    let address = server::by_path().await.address;
    let mut phone = Client::connect(address, "/ws/chat/user/ann/").await;
    let mut laptop = Client::connect(address, "/ws/chat/user/ann/").await;
    phone.expect("history").await;
    laptop.expect("history").await;
    phone.send(json!({"type": "message", "message": "from the phone"})).await;
    laptop.expect("message").await;
    laptop.send(json!({"type": "message", "message": "from the laptop"})).await;
    laptop.expect("message").await;
    for text in ["from the phone", "from the laptop"] {
        assert_eq!(phone.expect("message").await["message"]["content"], text);
    }
}

#[tokio::test]
async fn an_agent_hears_the_conversation_that_he_opened_last() {
    let address = server::by_path().await.address;
    let mut ann = Client::connect(address, "/ws/chat/user/ann/").await;
    let mut bob = Client::connect(address, "/ws/chat/user/bob/").await;
    let mut ben = Client::connect(address, "/ws/chat/admin/ben/").await;
    ann.expect("history").await;
    bob.expect("history").await;
    for email in ["ann", "bob"] {
        ben.send(json!({"type": "get_conversation", "email": email})).await;
        ben.expect("conversation").await;
    }
    ann.send(json!({"type": "message", "message": "for nobody"})).await;
    ann.expect("message").await;
    bob.send(json!({"type": "message", "message": "for ben"})).await;
    bob.expect("message").await;
    assert_eq!(ben.expect("message").await["message"]["content"], "for ben");
    ben.expect_silence().await;
    bob.expect_silence().await;
}

#[tokio::test]
async fn two_emails_never_share_a_room() {
    let address = server::by_path().await.address;
    // Emails that fold to one name in some systems, by case, by Unicode form, by space, by plus or by decoding twice.
    let segments =
        ["ann@x", "Ann@x", "\u{e9}@x", "e\u{301}@x", "a+b", "a b", "a%2Bb", "a", "a%2Fb", "%252F", "%2F"];
    let mut all = Vec::new();
    for segment in segments {
        let encoded: String =
            segment
                .bytes()
                .map(|byte| {
                    if byte.is_ascii_graphic() {
                        char::from(byte).to_string()
                    } else {
                        format!("%{byte:02X}")
                    }
                })
                .collect();
        let mut client = Client::connect(address, &format!("/ws/chat/user/{encoded}/")).await;
        client.expect("history").await;
        all.push(client);
    }
    for (at, client) in all.iter_mut().enumerate() {
        client.send(json!({"type": "message", "message": segments[at]})).await;
    }
    for (at, client) in all.iter_mut().enumerate() {
        // `a+b` and `a%2Bb` are one email, and hear each other.
        let own: &[&str] = if segments[at].starts_with("a+") || segments[at] == "a%2Bb" {
            &["a+b", "a%2Bb"]
        } else {
            &segments[at..=at]
        };
        for text in own {
            assert_eq!(client.expect("message").await["message"]["content"], *text);
        }
        client.expect_silence().await;
    }
}
