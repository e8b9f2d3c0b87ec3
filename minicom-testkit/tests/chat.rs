//! People, in process and over a socket: they do the same, and they notice when they do not get what they wait for.

use minicom_core::{
    AiMode, AiPolicy, Answer, Draft, MemoryStore, Minicom, PathIdentity, Reply, Role, Source,
};
use minicom_core::{Responder, ResponderError, Turn};
use minicom_testkit::chat::{Agent, Client, InboxRow, Visitor};
use tokio::net::TcpListener;

fn minicom() -> Minicom {
    Minicom::builder().without_rate_limits().store(MemoryStore::new()).build().unwrap()
}

/// A server, and where it is.
async fn serve() -> (Minicom, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let here = listener.local_addr().unwrap();
    let identity = PathIdentity::new(here).unwrap();
    let minicom = Minicom::builder()
        .without_rate_limits()
        .store(MemoryStore::new())
        .authenticator(identity)
        .build()
        .unwrap();
    let app: axum::Router = minicom_axum::router(minicom.clone());
    tokio::spawn(async move { axum::serve(listener, app).await });
    (minicom, format!("ws://{here}/ws/chat"))
}

fn row(row: &InboxRow) -> (&str, u64, &str) {
    (&row.email, row.unread, &row.last)
}

/// All that people can do.
async fn talk(mut ann: Visitor, mut bob: Visitor, mut ben: Agent) {
    assert_eq!(ann.says("Hello?").await, 1);
    ann.says("Anybody there?").await;
    bob.says("Me too").await;
    let inbox = ben.inbox().await;
    assert_eq!(
        inbox.iter().map(row).collect::<Vec<_>>(),
        [("bob", 1, "Me too"), ("ann@example.com", 2, "Anybody there?")]
    );
    assert_eq!(ben.finds("anybody").await, ["Anybody there?"]);

    ben.opens("ann@example.com").await;
    ann.starts_typing();
    ben.sees_typing().await;
    ann.stops_typing();
    ben.sees_no_typing().await;
    let heard = ben.hears("Hello?").await;
    assert_eq!((heard.seq, heard.sender.as_str()), (1, "ann@example.com"));
    ben.reads().await;
    ann.sees_read().await;
    ben.answers("Yes.").await;
    ann.hears("Yes.").await;
    ann.reads().await;
    ben.sees_read().await;

    // What was read is heard; another conversation begins with what is unread there.
    ann.says("Good.").await;
    ben.opens("bob").await;
    assert_eq!(ben.hears_something().await.text, "Me too");
    ben.answers("You, too.").await;
    bob.hears("You, too.").await;
    ben.opens("ann@example.com").await;
    ben.hears("Good.").await;
    ann.leaves().await;
    bob.leaves().await;
    ben.leaves().await;
}

#[tokio::test(start_paused = true)]
async fn in_process() {
    let minicom = minicom();
    let ann = Visitor::connect(&minicom, "ann@example.com").await;
    let bob = Visitor::connect(&minicom, "bob").await;
    talk(ann, bob, Agent::connect(&minicom, "ben").await).await;
    minicom.shutdown().await;
}

#[tokio::test]
async fn over_a_socket() {
    let (minicom, url) = serve().await;
    let ann = Visitor::connect_ws(&format!("{url}/user/ann%40example.com/")).await;
    let bob = Visitor::connect_ws(&format!("{url}/user/bob/")).await;
    talk(ann, bob, Agent::connect_ws(&format!("{url}/admin/ben/")).await).await;
    minicom.shutdown().await;
}

#[tokio::test]
async fn what_is_wrong_on_a_socket_is_seen() {
    let (minicom, url) = serve().await;
    let mut nobody = Client::connect_ws(&format!("{url}/king/ann/"), &[]).await.unwrap();
    assert_eq!(nobody.close_code().await, 4504);
    let elsewhere = [("origin", "https://example.org")];
    Client::connect_ws(&format!("{url}/user/ann/"), &elsewhere).await.unwrap_err();
    Client::connect_ws("ws://127.0.0.1:1/", &[]).await.unwrap_err();
    Client::connect_ws("no address", &[]).await.unwrap_err();
    let mut ann = Client::connect_ws(&format!("{url}/user/ann/"), &[]).await.unwrap();
    ann.frame_of("history").await;
    ann.raw(minicom_core::Incoming::Binary);
    assert_eq!(ann.close_code().await, 1003);
    let mut ann = Client::connect_ws(&format!("{url}/user/ann/"), &[]).await.unwrap();
    minicom.shutdown().await;
    assert_eq!(ann.close_code().await, 1012);
    // A cut ends it at the other side, too.
    ann.cut();
    ann.served.await.unwrap();
}

/// Answers each message with where it stands.
#[derive(Debug)]
struct Manual;

#[async_trait::async_trait]
impl Responder for Manual {
    async fn respond(&self, turn: Turn, _: &mut Draft) -> Result<Reply, ResponderError> {
        let text = format!("See page {}.", turn.in_reply_to.0);
        Ok(Reply::Answer(Answer { text, sources: vec![Source::new("The manual").at("/manual")] }))
    }
}

fn with_manual(policy: AiPolicy) -> Minicom {
    let builder = Minicom::builder().without_rate_limits().store(MemoryStore::new());
    builder.async_responder(Manual).ai_policy(policy).build().unwrap()
}

#[tokio::test(start_paused = true)]
async fn an_ai_is_heard_and_told() {
    let minicom = with_manual(AiPolicy::default());
    let mut ann = Visitor::connect(&minicom, "ann").await;
    ann.says("How?").await;
    let answer = ann.hears_from_ai().await;
    assert_eq!((answer.role, answer.text.as_str()), (Role::Ai, "See page 1."));
    assert_eq!(answer.sources, [Source::new("The manual").at("/manual")]);
    ann.rates(&answer, false).await;
    ann.asks_for_a_person().await;
    assert_eq!(ann.sees_handoff().await, "asked");
    // An agent who comes later sees it too, and a visitor who comes back has seen it.
    let mut ben = Agent::connect(&minicom, "ben").await;
    ben.opens("ann").await;
    assert_eq!(ben.sees_handoff().await, "asked");
    ann.says("Anybody?").await;
    ben.hears("How?").await;
    ben.hands_back().await;
    assert_eq!(ann.hears_from_ai().await.text, "See page 5.");
    ben.takes_over().await;
    ann.says("And now?").await;
    ben.answers("Now I am here.").await;
    ann.hears("Now I am here.").await;
}

#[tokio::test(start_paused = true)]
async fn a_suggestion_is_seen_by_the_agent() {
    let minicom = with_manual(AiPolicy::new(AiMode::Suggest));
    let mut ann = Visitor::connect(&minicom, "ann").await;
    let mut ben = Agent::connect(&minicom, "ben").await;
    ben.opens("ann").await;
    ann.says("How?").await;
    assert_eq!(ben.sees_suggestion().await, "See page 1.");
    ben.answers("See page 2.").await;
    ann.hears("See page 2.").await;
}

#[tokio::test(start_paused = true)]
#[should_panic(expected = "heard somebody else")]
async fn an_agent_is_no_ai() {
    let minicom = minicom();
    let mut ann = Visitor::connect(&minicom, "ann").await;
    let mut ben = Agent::connect(&minicom, "ben").await;
    ben.opens("ann").await;
    ben.answers("No.").await;
    ann.hears_from_ai().await;
}

#[tokio::test(start_paused = true)]
#[should_panic(expected = "heard something else")]
async fn other_words_are_noticed() {
    let minicom = minicom();
    let mut ann = Visitor::connect(&minicom, "ann").await;
    let mut ben = Agent::connect(&minicom, "ben").await;
    ben.opens("ann").await;
    ben.answers("No.").await;
    ann.hears("Yes.").await;
}

#[tokio::test(start_paused = true)]
#[should_panic(expected = "waited in vain for \"Yes.\"")]
async fn silence_is_noticed() {
    Visitor::connect(&minicom(), "ann").await.hears("Yes.").await;
}

#[tokio::test(start_paused = true)]
#[should_panic(expected = "closed with 1012")]
async fn a_shutdown_is_noticed() {
    let minicom = minicom();
    let mut ann = Visitor::connect(&minicom, "ann").await;
    minicom.shutdown().await;
    ann.hears_something().await;
}

#[tokio::test(start_paused = true)]
#[should_panic(expected = "too_large")]
async fn a_refusal_is_noticed() {
    Visitor::connect(&minicom(), "ann").await.says(&"x".repeat(20_000)).await;
}
