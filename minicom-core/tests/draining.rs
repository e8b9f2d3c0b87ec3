//! A server that drains: its sockets go one by one, and nothing that was asked of it is lost.

mod common;

use std::{sync::Arc, time::Duration};

use common::{Client, agent, id, minicom, minicom_on, slow_store, user};
use futures_util::future::join_all;
use minicom_core::{
    AiPolicy, Command, Limits, MemoryStore, Minicom, Outgoing, PageRequest, Seq, Store, Target,
};
use minicom_testkit::responder::ScriptedResponder;
use serde_json::json;
use tokio::time::Instant;

const WINDOW: Duration = Duration::from_secs(10);

fn drain(minicom: &Minicom, window: Duration) -> tokio::task::JoinHandle<Duration> {
    let minicom = minicom.clone();
    let began = Instant::now();
    tokio::spawn(async move {
        minicom.drain(window).await;
        began.elapsed()
    })
}

#[tokio::test(start_paused = true)]
async fn sockets_go_at_random_moments_of_the_window_with_1012() {
    let minicom = minicom();
    let mut clients = Vec::new();
    for n in 0..200 {
        clients.push(Client::user(&minicom, &format!("visitor-{n}")).await.0);
    }
    let began = Instant::now();
    let drained = drain(&minicom, WINDOW);
    let gone = join_all(clients.iter_mut().map(async |client| {
        assert_eq!(client.close_code().await, 1012);
        client.cut();
        began.elapsed()
    }))
    .await;
    for quarter in 0..4 {
        let (from, to) = (WINDOW * quarter / 4, WINDOW * (quarter + 1) / 4);
        let went = gone.iter().filter(|at| (from..to).contains(*at)).count();
        // One of some 10^21 runs has fewer by chance.
        assert!((10..=100).contains(&went), "{went} of 200 in quarter {quarter}");
    }
    let drained = drained.await.unwrap();
    assert!(drained <= WINDOW, "{drained:?}");
}

#[tokio::test(start_paused = true)]
async fn until_its_moment_a_socket_is_served_and_what_it_asked_for_is_answered() {
    let minicom = minicom_on(Arc::new(slow_store()));
    let mut talkers = Vec::new();
    for n in 0..4 {
        talkers.push((format!("visitor-{n}"), Client::user(&minicom, &format!("visitor-{n}")).await.0));
    }
    let drained = drain(&minicom, Duration::from_millis(300));
    let talk = async |(email, mut client): (String, Client)| {
        let (mut said, mut acked) = (0, 0);
        loop {
            // Always some on the way.
            while said < acked + 8 {
                said += 1;
                client.send(json!({"type": "message", "message": "x", "client_id": said.to_string()}));
            }
            match client.next().await {
                Some(Outgoing::Text(text)) => {
                    let frame: serde_json::Value = serde_json::from_slice(&text).unwrap();
                    assert_ne!(frame["type"], "error", "{frame}");
                    if frame["type"] == "ack" {
                        acked += 1;
                        assert_eq!(frame["client_id"], acked.to_string());
                    }
                }
                Some(Outgoing::Close { code, .. }) => break assert_eq!(code.code(), 1012),
                other => panic!("{other:?}"),
            }
        }
        (email, acked)
    };
    let mut sum = 0;
    for (email, acked) in join_all(talkers.into_iter().map(talk)).await {
        let target = Target::Participant(id(&email));
        let stored = minicom.conversation(&agent("ben"), &target, PageRequest::latest()).await.unwrap();
        sum += acked;
        assert_eq!(stored.last_seq, Seq(acked), "what was read was answered before the close, and only that");
    }
    assert!(sum > 0);
    drained.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn who_comes_while_it_drains_is_sent_away_at_once() {
    let minicom = minicom();
    assert!(!minicom.is_draining());
    let (mut ann, _) = Client::user(&minicom, "ann").await;
    let drained = drain(&minicom, WINDOW);
    tokio::task::yield_now().await;
    assert!(minicom.is_draining());
    let began = Instant::now();
    let mut late = Client::connect(&minicom, &user("bob"));
    assert_eq!(late.close_code().await, 1012);
    assert_eq!(began.elapsed(), Duration::ZERO);
    // The host's own calls go on, until the shutdown.
    let said = minicom.execute(&agent("ben"), &Target::Participant(id("ann")), Command::message("hi")).await;
    assert_eq!(said.unwrap().unwrap().seq, Seq(1));
    late.cut();
    assert_eq!(ann.frame().await["message"]["content"], "hi");
    assert_eq!(ann.close_code().await, 1012);
    ann.cut();
    drained.await.unwrap();
    minicom.shutdown().await;
    assert_eq!(minicom.open_rooms(), 0);
}

#[tokio::test(start_paused = true)]
async fn it_ends_when_nobody_is_left_and_can_be_hurried() {
    let empty = minicom();
    assert_eq!(drain(&empty, Duration::MAX).await.unwrap(), Duration::ZERO);

    let hurried = minicom();
    let (mut ann, _) = Client::user(&hurried, "ann").await;
    let slow = drain(&hurried, Duration::from_hours(1));
    tokio::task::yield_now().await;
    let fast = drain(&hurried, Duration::ZERO);
    assert_eq!(ann.close_code().await, 1012);
    ann.cut();
    assert_eq!((slow.await.unwrap(), fast.await.unwrap()), (Duration::ZERO, Duration::ZERO));

    // Who reads nothing, and never answers the close, is not waited for beyond what was promised.
    let stuck = minicom();
    let _ann = Client::user(&stuck, "ann").await;
    assert!(drain(&stuck, WINDOW).await.unwrap() <= WINDOW);
    let began = Instant::now();
    stuck.shutdown().await;
    assert!(began.elapsed() <= Limits::default().drain_within);
}

#[tokio::test(start_paused = true)]
async fn a_reply_that_is_being_written_is_finished_and_none_is_begun() {
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
    let says = |text: &str| {
        let responder = ScriptedResponder::new().says(text).after(Duration::from_secs(3));
        let builder = Minicom::builder().without_rate_limits().shared_store(store.clone());
        builder.clock(common::TokioClock::default()).ai_policy(AiPolicy::default()).async_responder(responder)
    };
    let old = says("from the old one").build().unwrap();
    let ask = async |email: &str| {
        let target = Target::Participant(id(email));
        old.execute(&user(email), &target, Command::message("Hello?")).await.unwrap();
    };
    ask("ann").await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let drained = drain(&old, WINDOW);
    tokio::task::yield_now().await;
    ask("bob").await;
    assert_eq!(drained.await.unwrap(), Duration::from_secs(2), "until the first reply was written");
    let said = async |minicom: &Minicom, email: &str| {
        let target = Target::Participant(id(email));
        let page = minicom.conversation(&agent("ben"), &target, PageRequest::latest()).await.unwrap();
        page.events.len()
    };
    assert_eq!((said(&old, "ann").await, said(&old, "bob").await), (2, 1));
    old.shutdown().await;
    // Nobody had claimed it, so the next process need not wait.
    let next = says("from the next one").build().unwrap();
    tokio::time::sleep(Duration::from_secs(10)).await;
    assert_eq!((said(&next, "ann").await, said(&next, "bob").await), (2, 2));
}
