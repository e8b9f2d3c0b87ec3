//! Two processes on one store without a bus, as during a deploy: who watches at one hears of what the other writes.

mod common;

use std::{sync::Arc, time::Duration};

use common::{Client, agent, id, minicom_on, slow_store, user};
use minicom_core::{
    Also, Change, Command, Limits, LogId, MemoryStore, Minicom, PageRequest, Row, Store, Target,
};
use serde_json::{Value, json};

/// Longer than it takes until one hears of the other.
fn a_while() -> Duration {
    Limits::default().follow_every * 2
}

fn two() -> [Minicom; 2] {
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
    [(); 2].map(|()| minicom_on(store.clone()))
}

async fn says(minicom: &Minicom, email: &str, text: &str) {
    let target = Target::Participant(id(email));
    minicom.execute(&user(email), &target, Command::message(text)).await.unwrap();
}

fn watch(email: &str) -> Value {
    json!({"type": "get_conversation", "email": email})
}

#[tokio::test(start_paused = true)]
async fn messages_events_and_cursors_arrive_in_order_and_once() {
    let [one, two] = two();
    let (mut ann, _) = Client::user(&one, "ann").await;
    let mut ben = Client::agent(&two);
    ben.send(watch("ann"));
    ben.frame_of("conversation").await;
    for n in 1..=5 {
        ann.send(json!({"type": "message", "message": n.to_string()}));
        assert_eq!(ann.frame_of("message").await["message"]["seq"], n);
    }
    for n in 1..=5 {
        assert_eq!(ben.frame_of("message").await["message"]["seq"], n);
    }
    ben.send(json!({"type": "read_messages", "email": "ann"}));
    assert_eq!(ann.frame_of("messages_read").await["up_to"], 5);
    ben.send(json!({"type": "message", "to": "ann", "message": "hi"}));
    assert_eq!(ann.frame_of("message").await["message"]["seq"], 6);
    tokio::time::sleep(a_while()).await;
    ann.hears_no("message").await;
    ben.frame_of("message").await;
    ben.hears_no("message").await;
}

#[tokio::test(start_paused = true)]
async fn a_list_follows_and_a_row_that_ceased_to_match_is_gone() {
    let [one, two] = two();
    says(&one, "ann", "before").await;
    let mut all = Client::agent(&two);
    all.send(json!({"type": "list"}));
    assert_eq!(all.frame_of("list").await["rows"].as_array().unwrap().len(), 1);
    let mut unread = Client::agent(&two);
    unread.send(json!({"type": "list", "filter": {"unread": true}}));
    unread.frame_of("list").await;
    // Nobody here has opened either conversation.
    says(&one, "ann", "more").await;
    says(&one, "bob", "hello").await;
    for client in [&mut all, &mut unread] {
        for email in ["ann", "bob"] {
            let row = client.frame_of("row").await;
            assert_eq!((&row["row"]["email"], &row["gone"]), (&json!(email), &Value::Null), "{row}");
        }
    }
    let mut reader = Client::agent(&one);
    reader.send(watch("ann"));
    reader.frame_of("conversation").await;
    reader.send(json!({"type": "read_messages", "email": "ann"}));
    assert_eq!(all.frame_of("row").await["row"]["unread"], 0);
    let gone = unread.frame_of("row").await;
    assert_eq!((&gone["row"]["email"], &gone["row"]["gone"]), (&json!("ann"), &json!(true)), "{gone}");
}

#[tokio::test(start_paused = true)]
async fn what_changed_while_nobody_followed_is_there_for_who_comes() {
    let [one, two] = two();
    // A room that stays open for a minute without a watcher, and so without anybody who follows.
    says(&one, "ann", "first").await;
    says(&two, "ann", "second").await;
    assert_eq!(one.open_rooms(), 1);
    let (mut ann, history) = Client::user(&one, "ann").await;
    assert_eq!(history["messages"].as_array().unwrap().len(), 2, "{history}");
    says(&two, "ann", "third").await;
    assert_eq!(ann.frame_of("message").await["message"]["seq"], 3);
}

#[tokio::test(start_paused = true)]
async fn another_workspace_hears_nothing_and_a_store_that_failed_is_asked_again() {
    let store = Arc::new(slow_store());
    let [one, two] = [(); 2].map(|()| minicom_on(store.clone()));
    let (mut ann, _) = Client::user(&one, "ann").await;
    let elsewhere = minicom_core::WorkspaceId::new("elsewhere").unwrap();
    let mut stranger = Client::connect(&one, &minicom_core::Identity::agent(elsewhere, id("eve")));
    stranger.send(json!({"type": "list"}));
    stranger.frame_of("list").await;
    says(&two, "ann", "hello").await;
    store.break_down();
    tokio::time::sleep(a_while()).await;
    store.recover();
    assert_eq!(ann.frame_of("message").await["message"]["content"], "hello");
    tokio::time::sleep(a_while()).await;
    stranger.hears_no("row").await;
}

#[tokio::test(start_paused = true)]
async fn one_conversation_that_cannot_be_read_does_not_silence_the_others() {
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
    let [one, two] = [(); 2].map(|()| minicom_on(store.clone()));
    let (mut ann, _) = Client::user(&one, "ann").await;
    let mut ben = Client::agent(&one);
    ben.send(json!({"type": "list"}));
    ben.frame_of("list").await;
    says(&two, "bob", "hello").await;
    let bob = Target::Participant(id("bob")).conversation();
    let bob = LogId::conversation(&minicom_core::WorkspaceId::default(), bob);
    let rev = store.load(&bob, &Also::NOTHING).await.unwrap().unwrap().rev;
    store.append(Change::new(bob, rev, "no snapshot".into(), Row::default())).await.unwrap();
    says(&two, "ann", "hello").await;
    assert_eq!(ann.frame_of("message").await["message"]["content"], "hello");
}

#[tokio::test(start_paused = true)]
async fn nobody_is_asked_when_nobody_is_there() {
    let store = Arc::new(slow_store());
    let minicom = minicom_on(store.clone());
    let (mut ann, _) = Client::user(&minicom, "ann").await;
    let target = Target::Participant(id("ann"));
    minicom.conversation(&agent("ben"), &target, PageRequest::latest()).await.unwrap();
    ann.cut();
    tokio::time::sleep(a_while()).await;
    // All that is left asks nothing of a store that is down.
    store.break_down();
    let before = store.injected();
    tokio::time::sleep(Duration::from_mins(5)).await;
    assert_eq!(store.injected(), before);
}
