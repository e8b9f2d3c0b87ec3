//! The original protocol, over sockets, besides what the suite for adapters tries.

use serde_json::json;

use crate::{client::Client, server};

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
