//! Every frame of the protocol, over `Minicom::serve`.

mod common;

use common::{Client, minicom};
use minicom_core::{Incoming, Limits, MemoryStore, Minicom};
use serde_json::{Value, json};
use tokio::time::Instant;

fn contents(page: &Value) -> Vec<&str> {
    page["messages"].as_array().unwrap().iter().map(|m| m["content"].as_str().unwrap()).collect()
}

#[tokio::test(start_paused = true)]
async fn the_original_conversation() {
    let minicom = minicom();
    let (mut ann, history) = Client::user(&minicom, "ann@example.com").await;
    assert_eq!(history["messages"], json!([]));
    assert_eq!(history["epoch"], Value::Null);
    assert_eq!((&history["first_seq"], &history["last_seq"]), (&json!(1), &json!(0)));

    let mut ben = Client::agent(&minicom);
    ben.send(json!({"type": "get_conversation", "email": "ann@example.com"}));
    assert_eq!(contents(&ben.frame_of("conversation").await), Vec::<&str>::new());

    ann.send(json!({"type": "message", "message": "  hi \u{2003}"}));
    for client in [&mut ann, &mut ben] {
        let frame = client.frame().await;
        assert_eq!(frame["type"], "message");
        let message = &frame["message"];
        assert_eq!(message["content"], "hi");
        assert_eq!(message["email"], "ann@example.com");
        assert_eq!(message["sender_type"], "user");
        assert_eq!(message["is_read"], false);
        assert_eq!(message["seq"], 1);
        let timestamp = message["timestamp"].as_str().unwrap();
        assert!(
            timestamp.starts_with("2026-01-31T09:30:") && timestamp.ends_with(".123456+00:00"),
            "{timestamp}"
        );
    }
    ben.send(json!({"type": "read_messages", "email": "ann@example.com"}));
    for client in [&mut ann, &mut ben] {
        let frame = client.frame().await;
        assert_eq!(frame["type"], "messages_read");
        assert_eq!(
            (&frame["reader"], &frame["email"], &frame["up_to"]),
            (&json!("admin"), &json!("ann@example.com"), &json!(1))
        );
    }
    ben.send(json!({"type": "message", "to": "ann@example.com", "message": "hello"}));
    for client in [&mut ann, &mut ben] {
        let message = &client.frame().await["message"];
        assert_eq!((&message["sender_type"], &message["sender"]["id"]), (&json!("admin"), &json!("dummy")));
        assert_eq!(message["email"], "ann@example.com");
    }
    let (_again, history) = Client::user(&minicom, "ann@example.com").await;
    assert_eq!(contents(&history), ["hi", "hello"]);
    assert_eq!(history["messages"][0]["is_read"], true);
    assert_eq!(history["messages"][1]["is_read"], false);
    assert_eq!(history["read"], json!({"user": 0, "admin": 1}));
}

#[tokio::test(start_paused = true)]
async fn two_tabs_of_one_user_both_get_everything_and_another_user_nothing() {
    let minicom = minicom();
    let (mut first, _) = Client::user(&minicom, "ann").await;
    let (mut second, _) = Client::user(&minicom, "ann").await;
    let (mut other, _) = Client::user(&minicom, "ANN").await;
    first.send(json!({"type": "message", "message": "hi"}));
    for tab in [&mut first, &mut second] {
        assert_eq!(tab.frame().await["message"]["content"], "hi");
    }
    other.hears_no("message").await;
}

#[tokio::test(start_paused = true)]
async fn an_agent_who_opens_another_conversation_hears_no_more_of_the_first() {
    let minicom = minicom();
    let (mut ann, _) = Client::user(&minicom, "ann").await;
    let (bob, _) = Client::user(&minicom, "bob").await;
    let mut ben = Client::agent(&minicom);
    for email in ["ann", "bob"] {
        ben.send(json!({"type": "get_conversation", "email": email}));
        ben.frame_of("conversation").await;
    }
    ann.send(json!({"type": "message", "message": "to nobody", "client_id": "1"}));
    ann.frame_of("ack").await;
    bob.send(json!({"type": "message", "message": "to ben"}));
    assert_eq!(ben.frame().await["message"]["content"], "to ben");
    ben.hears_no("message").await;
}

#[tokio::test(start_paused = true)]
async fn a_sender_who_does_not_watch_gets_the_ack_alone() {
    let minicom = minicom();
    let mut ben = Client::agent(&minicom);
    ben.send(json!({"type": "message", "to": "ann", "message": "hi", "client_id": "a"}));
    let ack = ben.frame().await;
    assert_eq!((&ack["type"], &ack["client_id"], &ack["seq"]), (&json!("ack"), &json!("a"), &json!(1)));
    assert!(ack["id"].is_u64() && ack["timestamp"].is_string());
    ben.hears_no("message").await;
    // Without a client_id there is nothing at all.
    ben.send(json!({"type": "message", "to": "ann", "message": "again"}));
    ben.hears_no("ack").await;
}

#[tokio::test(start_paused = true)]
async fn a_client_id_is_stored_once_and_answered_alike() {
    let minicom = minicom();
    let (mut ann, _) = Client::user(&minicom, "ann").await;
    let hi = json!({"type": "message", "message": " hi ", "client_id": "a"});
    // Twice at once, so that both may lie in one batch.
    ann.send(hi.clone());
    ann.send(hi.clone());
    let (mut acks, mut messages) = (Vec::new(), 0);
    while acks.len() < 2 {
        let frame = ann.frame().await;
        if frame["type"] == "ack" { acks.push(frame) } else { messages += 1 }
    }
    ann.send(hi);
    acks.push(ann.frame_of("ack").await);
    assert!(acks.iter().all(|ack| *ack == acks[0]), "{acks:?}");
    assert_eq!(messages, 1);
    ann.send(json!({"type": "message", "message": "ho", "client_id": "a"}));
    let error = ann.frame().await;
    assert_eq!((&error["code"], &error["client_id"]), (&json!("client_id_reused"), &json!("a")));
    // Elsewhere it is another thing, too.
    let mut ben = Client::agent(&minicom);
    for (to, answer) in [("ann", "ack"), ("bob", "error")] {
        ben.send(json!({"type": "message", "to": to, "message": "hi", "client_id": "a"}));
        assert_eq!(ben.frame().await["type"], answer, "{to}");
    }
}

#[tokio::test(start_paused = true)]
async fn bad_frames_get_their_code_and_the_socket_lives_on() {
    let minicom = minicom();
    let (mut ann, _) = Client::user(&minicom, "ann").await;
    let long = "x".repeat(16 * 1024 + 1);
    let huge = " ".repeat(64 * 1024 + 1);
    for (frame, code) in [
        ("hi", "bad_request"),
        ("[]", "bad_request"),
        (r#"{"type":"dance"}"#, "unknown_type"),
        (r#"{"type":"message","message":7}"#, "bad_request"),
        (r#"{"type":"message","message":"x","to":"bob"}"#, "forbidden"),
        (r#"{"type":"get_conversation","email":"bob"}"#, "forbidden"),
        (r#"{"type":"read_messages","email":"bob"}"#, "forbidden"),
        (r#"{"type":"typing","typing":true,"conversation":"00000000-0000-0000-0000-000000000000"}"#, ""),
        (
            r#"{"type":"message","message":"x","conversation":"00000000-0000-0000-0000-000000000000"}"#,
            "forbidden",
        ),
        (r#"{"type":"list"}"#, "forbidden"),
        (r#"{"type":"search","query":"x"}"#, "forbidden"),
        (r#"{"type":"message","message":" ","client_id":"e"}"#, "bad_request"),
        (r#"{"type":"message","message":" "}"#, ""),
        (&format!(r#"{{"type":"message","message":"{long}"}}"#), "too_large"),
        (&huge, "too_large"),
    ] {
        ann.raw(Incoming::Text(frame.to_owned().into()));
        if code.is_empty() {
            ann.hears_no("error").await;
        } else {
            let error = ann.frame().await;
            assert_eq!((&error["type"], &error["code"]), (&json!("error"), &json!(code)), "{frame:.100}");
        }
    }
    let mut ben = Client::agent(&minicom);
    for frame in [json!({"type": "message", "message": "x"}), json!({"type": "get_conversation"})] {
        ben.send(frame);
        assert_eq!(ben.frame().await["code"], "bad_request");
    }
    let nowhere = "00000000-0000-0000-0000-000000000000";
    ben.send(json!({"type": "get_conversation", "conversation": nowhere}));
    assert_eq!(ben.frame().await["code"], "not_found");
    ben.send(json!({"type": "message", "conversation": nowhere, "message": "x"}));
    assert_eq!(ben.frame().await["code"], "not_found");
    // Nothing of all that was stored.
    ben.send(json!({"type": "list"}));
    assert_eq!(ben.frame().await["rows"], json!([]));
}

#[tokio::test(start_paused = true)]
async fn binary_and_oversized_frames_close() {
    let minicom = minicom();
    for (incoming, code) in [(Incoming::Binary, 1003), (Incoming::TooBig, 1009)] {
        let (mut ann, _) = Client::user(&minicom, "ann").await;
        ann.raw(incoming);
        assert_eq!(ann.close_code().await, code);
    }
}

#[tokio::test(start_paused = true)]
async fn typing_reaches_the_others_and_not_the_sender() {
    let minicom = minicom();
    let (mut ann, _) = Client::user(&minicom, "ann").await;
    let (mut tab, _) = Client::user(&minicom, "ann").await;
    let mut ben = Client::agent(&minicom);
    ben.send(json!({"type": "get_conversation", "email": "ann"}));
    ben.frame_of("conversation").await;
    ann.send(json!({"type": "typing", "typing": true}));
    let typing = ben.frame().await;
    assert_eq!((&typing["type"], &typing["typing"]), (&json!("typing"), &json!(true)));
    assert_eq!((&typing["email"], &typing["sender"]["id"]), (&json!("ann"), &json!("ann")));
    assert_eq!(typing["sender"]["role"], "user");
    tab.hears_no("typing").await;
    ben.send(json!({"type": "typing", "email": "ann", "typing": true}));
    assert_eq!(ann.frame().await["sender"]["id"], "dummy");
    ben.hears_no("typing").await;
}

#[tokio::test(start_paused = true)]
async fn cursors_move_forward_only_and_never_beyond_the_last() {
    let minicom = minicom();
    let (mut ann, _) = Client::user(&minicom, "ann").await;
    let ben = Client::agent(&minicom);
    for n in 0..4 {
        ben.send(json!({"type": "message", "to": "ann", "message": format!("{n}")}));
        ann.frame_of("message").await;
    }
    for (up_to, answer) in
        [(json!(2), Some(2)), (json!(1), None), (json!(2), None), (json!(99), Some(4)), (Value::Null, None)]
    {
        ann.send(json!({"type": "read_messages", "up_to": up_to}));
        match answer {
            Some(up_to) => {
                let read = ann.frame().await;
                assert_eq!((&read["type"], &read["up_to"]), (&json!("messages_read"), &json!(up_to)));
            }
            None => ann.hears_no("messages_read").await,
        }
    }
}

#[tokio::test(start_paused = true)]
async fn pages_and_resume() {
    let minicom = minicom();
    let (mut ann, _) = Client::user(&minicom, "ann").await;
    for n in 1..=120 {
        ann.send(json!({"type": "message", "message": format!("{n}")}));
        ann.frame_of("message").await;
    }
    let mut ask = async |request: Value| {
        let mut frame = json!({"type": "get_conversation"});
        frame.as_object_mut().unwrap().extend(request.as_object().unwrap().clone());
        ann.send(frame);
        ann.frame_of("conversation").await
    };
    let bounds = |page: &Value| {
        let number = |key: &str| page[key].as_u64().unwrap();
        (
            number("first_seq"),
            number("last_seq"),
            page["messages"].as_array().unwrap().len(),
            page["has_more"] == true,
        )
    };
    let latest = ask(json!({})).await;
    assert_eq!(bounds(&latest), (71, 120, 50, true));
    assert_eq!(latest.get("recovered"), None);
    let epoch = latest["epoch"].clone();

    let cases = [
        (json!({"before": 71, "limit": 60}), (11, 70, 60, true), None),
        (json!({"before": 11}), (1, 10, 10, false), None),
        (json!({"before": 1}), (1, 0, 0, false), None),
        (json!({"before": 0}), (1, 0, 0, false), None),
        (json!({"before": 999, "limit": 1}), (120, 120, 1, true), None),
        (json!({"after": 0}), (1, 50, 50, true), Some(true)),
        (json!({"after": 100, "epoch": epoch}), (101, 120, 20, false), Some(true)),
        (json!({"after": 120, "epoch": epoch}), (121, 120, 0, false), Some(true)),
        (json!({"after": 121}), (71, 120, 50, true), Some(false)),
        (json!({"after": 100, "epoch": "another"}), (71, 120, 50, true), Some(false)),
        (json!({"after": 0, "epoch": null}), (1, 50, 50, true), Some(true)),
        (json!({"after": 0, "epoch": "another"}), (1, 50, 50, true), Some(false)),
        (json!({"after": 5, "epoch": null}), (71, 120, 50, true), Some(false)),
        (json!({"limit": 0}), (120, 120, 1, true), None),
        (json!({"after": 0, "limit": 100_000}), (1, 120, 120, false), Some(true)),
    ];
    for (request, expected, recovered) in cases {
        let page = ask(request.clone()).await;
        assert_eq!(bounds(&page), expected, "{request}");
        assert_eq!(page.get("recovered").and_then(Value::as_bool), recovered, "{request}");
        assert_eq!(page["epoch"], epoch);
    }
}

#[tokio::test(start_paused = true)]
async fn a_page_stops_by_its_size_but_holds_at_least_one() {
    let limits = {
        let mut limits = Limits::default();
        limits.page_bytes = 1000;
        limits
    };
    let minicom =
        Minicom::builder().without_rate_limits().store(MemoryStore::new()).limits(limits).build().unwrap();
    let (mut ann, _) = Client::user(&minicom, "ann").await;
    for _ in 0..5 {
        ann.send(json!({"type": "message", "message": "x".repeat(2000)}));
        ann.frame_of("message").await;
    }
    ann.send(json!({"type": "get_conversation", "after": 2}));
    let page = ann.frame_of("conversation").await;
    assert_eq!(
        (&page["first_seq"], &page["last_seq"], &page["has_more"]),
        (&json!(3), &json!(3), &json!(true))
    );
    ann.send(json!({"type": "get_conversation"}));
    let page = ann.frame_of("conversation").await;
    assert_eq!(
        (&page["first_seq"], &page["last_seq"], &page["has_more"]),
        (&json!(5), &json!(5), &json!(true))
    );
}

#[tokio::test(start_paused = true)]
async fn the_inbox_is_a_page_and_its_changes() {
    let minicom = minicom();
    let mut ben = Client::agent(&minicom);
    let ann = {
        let mut clients = Vec::new();
        for email in ["ann", "bob", "cat"] {
            let (mut client, _) = Client::user(&minicom, email).await;
            client.send(json!({"type": "message", "message": format!("I am {email}")}));
            client.frame_of("message").await;
            clients.push(client);
        }
        clients.remove(0)
    };
    ben.send(json!({"type": "list", "limit": 2, "client_id": "l"}));
    let list = ben.frame().await;
    assert_eq!((&list["type"], &list["client_id"]), (&json!("list"), &json!("l")));
    assert_eq!(list["agent"], "dummy");
    let emails = |list: &Value| {
        list["rows"].as_array().unwrap().iter().map(|r| r["email"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(emails(&list), ["cat", "bob"]);
    assert_eq!(list["rows"][0]["last_message"]["content"], "I am cat");
    assert_eq!(list["rows"][0]["unread"], 1);
    ben.send(json!({"type": "list", "cursor": list["cursor"]}));
    let rest = ben.frame().await;
    assert_eq!(emails(&rest), ["ann"]);
    assert_eq!(rest["cursor"], Value::Null);

    ann.send(json!({"type": "message", "message": "once more"}));
    let row = ben.frame().await;
    assert_eq!(
        (&row["type"], &row["row"]["email"], &row["row"]["unread"]),
        (&json!("row"), &json!("ann"), &json!(2))
    );
    // A cursor of the visitor's side is not in the row, so nothing is told.
    ann.send(json!({"type": "read_messages", "client_id": "r"}));
    ben.hears_no("row").await;

    ben.send(json!({"type": "list", "filter": {"unread": true, "email": "ann"}}));
    assert_eq!(emails(&ben.frame_of("list").await), ["ann"]);
    ben.send(json!({"type": "read_messages", "email": "ann"}));
    let row = ben.frame_of("row").await;
    assert_eq!((&row["row"]["gone"], &row["row"]["email"]), (&json!(true), &json!("ann")));
    ben.send(json!({"type": "read_messages", "email": "bob"}));
    ben.hears_no("row").await;
}

#[tokio::test(start_paused = true)]
async fn a_row_leaves_when_its_interval_is_over_whatever_else_happens() {
    let minicom = minicom();
    let (mut ann, _) = Client::user(&minicom, "ann").await;
    let mut ben = Client::agent(&minicom);
    ben.send(json!({"type": "list"}));
    ben.frame_of("list").await;
    let mut rows = Vec::new();
    for unread in 1..=3 {
        ann.send(json!({"type": "message", "message": "hi"}));
        ann.frame_of("message").await;
        assert_eq!(ben.frame_of("row").await["row"]["unread"], unread);
        rows.push(Instant::now());
    }
    // Nothing but the interval lies between two rows: no ping, no other frame pushes them out.
    let every = Limits::default().row_every;
    assert!(rows.windows(2).all(|pair| pair[1] - pair[0] == every), "{rows:?}");
}

#[tokio::test(start_paused = true)]
async fn search_finds_and_highlights() {
    let minicom = minicom();
    let (mut ann, _) = Client::user(&minicom, "ann").await;
    for text in ["Where is my Réfund?", "the parcel", "refunds please"] {
        ann.send(json!({"type": "message", "message": text}));
        ann.frame_of("message").await;
    }
    let mut ben = Client::agent(&minicom);
    ben.send(json!({"type": "search", "query": "REFUND", "client_id": "s"}));
    let found = ben.frame().await;
    assert_eq!(
        (&found["type"], &found["client_id"], &found["cursor"]),
        (&json!("search"), &json!("s"), &Value::Null)
    );
    let hits = found["hits"].as_array().unwrap();
    assert_eq!(hits.len(), 2);
    assert_eq!((&hits[0]["content"], &hits[0]["highlights"]), (&json!("refunds please"), &json!([[0, 7]])));
    assert_eq!(hits[1]["highlights"], json!([[12, 19]]));
    ben.send(json!({"type": "search", "query": "refund", "limit": 1}));
    let first = ben.frame().await;
    ben.send(json!({"type": "search", "query": "refund", "cursor": first["cursor"]}));
    assert_eq!(ben.frame().await["hits"][0]["seq"], 1);
    ben.send(json!({"type": "search", "query": "refund", "email": "bob"}));
    assert_eq!(ben.frame().await["hits"], json!([]));
    ben.send(json!({"type": "search", "query": "\" OR *"}));
    assert_eq!(ben.frame().await["hits"], json!([]));
}
