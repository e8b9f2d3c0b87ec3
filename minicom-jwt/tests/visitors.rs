//! Visitors of whom nothing is known, keys that change while sockets live, and who is identified later.

mod common;

use std::time::Duration;

use common::{ANN, AUDIENCE, OTHER, SECRET, TestClock, at, request, visitors};
use minicom_core::{
    Admission, AgentRole, AuthError, AuthRequest, AuthTarget, Authenticator, Ban, Clock, Command, FirstOf,
    Identity, Limits, MemoryStore, Minicom, PageRequest, ParticipantId, RowFilter, Target, WorkspaceId,
};
use minicom_jwt::{AnonymousVisitors, JwtAuthenticator, JwtKey, JwtKeys, JwtSigner, LIFETIME};
use minicom_testkit::chat::Client;
use serde_json::json;

/// The paused time of tokio, as a clock.
#[derive(Debug, Clone)]
struct TokioClock(tokio::time::Instant);

impl Clock for TokioClock {
    fn now(&self) -> jiff::Timestamp {
        at(0) + self.0.elapsed()
    }
}

fn key(secret: &[u8], kid: &str) -> JwtKey {
    JwtKey::hs256(secret).expect("a secret").with_kid(kid)
}

fn rest() -> AuthRequest {
    AuthRequest::new(AuthTarget::Rest)
}

#[tokio::test]
async fn a_new_visitor_is_known_again_and_is_nobody_else() {
    let visitors = visitors();
    assert!(visitors.offers_visitors());
    let one = visitors.new_visitor(&rest()).await.expect("a visitor");
    let two = visitors.new_visitor(&rest()).await.expect("a visitor");
    assert!(one.identity.is_anonymous());
    assert_ne!(one.identity.participant, two.identity.participant);
    assert_eq!(one.identity.expires_at, Some(at(180 * 24 * 3600)));
    assert_eq!(visitors.authenticate(&request(&one.token)).await.expect("known"), one.identity);
    assert!(!format!("{one:?} {visitors:?}").contains(&one.token));
    // An old version of the page may ask for one although it has one: he stays who he is.
    let again = visitors.new_visitor(&request(&one.token)).await.expect("a visitor");
    assert_eq!(again.identity.participant, one.identity.participant);
    // What is not believed is as good as nothing.
    let other = visitors.new_visitor(&request("nonsense")).await.expect("a visitor");
    assert_ne!(other.identity.participant, one.identity.participant);
}

#[tokio::test]
async fn he_is_renewed_until_he_stays_away_too_long() {
    let issued = visitors().new_visitor(&rest()).await.expect("a visitor");
    let days = |days: i64| TestClock(days * 24 * 3600);
    let lifetime = i64::try_from(LIFETIME.as_secs()).expect("a number") / (24 * 3600);
    let later = visitors().clock(days(lifetime - 1));
    let renewed = later.new_visitor(&request(&issued.token)).await.expect("a visitor");
    assert_eq!(renewed.identity.participant, issued.identity.participant);
    let much_later = visitors().clock(days(lifetime + 1));
    let expired = much_later.authenticate(&request(&issued.token)).await;
    assert!(matches!(expired, Err(AuthError::Expired)));
    much_later.authenticate(&request(&renewed.token)).await.expect("renewed in time");
    let other = much_later.new_visitor(&request(&issued.token)).await.expect("a visitor");
    assert_ne!(other.identity.participant, issued.identity.participant);
}

#[tokio::test]
async fn in_another_workspace_he_is_another() {
    let visitors = visitors();
    let mut shop = rest();
    shop.workspace = Some(WorkspaceId::new("shop").expect("a name"));
    let issued = visitors.new_visitor(&shop).await.expect("a visitor");
    assert_eq!(issued.identity.workspace.as_str(), "shop");
    let mut bank = request(&issued.token);
    bank.workspace = Some(WorkspaceId::new("bank").expect("a name"));
    assert!(matches!(visitors.authenticate(&bank).await, Err(AuthError::Unauthenticated)));
    let other = visitors.new_visitor(&bank).await.expect("a visitor");
    assert_ne!(other.identity.participant, issued.identity.participant);
}

#[tokio::test]
async fn a_secret_may_follow_another() {
    let before = visitors().new_visitor(&rest()).await.expect("a visitor");
    let alone = AnonymousVisitors::new(OTHER).expect("a secret").clock(TestClock::default());
    assert!(alone.authenticate(&request(&before.token)).await.is_err());
    let both = alone.former_secret(b"the secret of visitors, 32 bytes").expect("a secret");
    let renewed = both.new_visitor(&request(&before.token)).await.expect("a visitor");
    assert_eq!(renewed.identity.participant, before.identity.participant);
    let after = AnonymousVisitors::new(OTHER).expect("a secret").clock(TestClock::default());
    after.authenticate(&request(&renewed.token)).await.expect("signed anew");
}

/// The host's tokens make nobody anonymous, and ours make nobody an agent.
#[tokio::test]
async fn neither_kind_of_token_passes_for_the_other() {
    let same = JwtKeys::new([key(SECRET, "h")]).expect("a set");
    let people = JwtAuthenticator::new(same, AUDIENCE).clock(TestClock::default());
    let visitors = AnonymousVisitors::new(SECRET).expect("a secret").clock(TestClock::default());
    let issued = visitors.new_visitor(&rest()).await.expect("a visitor");
    assert!(people.authenticate(&request(&issued.token)).await.is_err());
    // Not even with the audience of visitors, and with the one secret for both.
    let ben = Identity::agent(WorkspaceId::default(), ParticipantId::new("ben").expect("a name"));
    let signer = JwtSigner::hs256(SECRET).expect("a secret");
    let kid = jsonwebtoken::decode_header(&issued.token).expect("a token").kid.expect("a name");
    let forged = signer.with_kid(kid).sign(&ben.with_expiry(at(60)), "minicom:visitor").expect("signed");
    assert!(visitors.authenticate(&request(&forged)).await.is_err());
}

struct Chat {
    minicom: Minicom,
    keys: JwtKeys,
    visitors: AnonymousVisitors,
}

fn chat() -> Chat {
    let clock = TokioClock(tokio::time::Instant::now());
    let keys = JwtKeys::new([key(SECRET, "old")]).expect("a set");
    let visitors = visitors().clock(clock.clone());
    let people = FirstOf::new()
        .then(JwtAuthenticator::new(keys.clone(), AUDIENCE).clock(clock.clone()).leeway(Duration::ZERO))
        .then(visitors.clone());
    let builder = Minicom::builder().store(MemoryStore::new()).authenticator(people).clock(clock);
    Chat { minicom: builder.limits(Limits::default()).build().expect("a store"), keys, visitors }
}

fn ann(ends: i64) -> Identity {
    Identity::user(WorkspaceId::default(), ParticipantId::new(ANN).expect("a name")).with_expiry(at(ends))
}

fn token(secret: &[u8], kid: &str, ends: i64) -> String {
    let signer = JwtSigner::hs256(secret).expect("a secret").with_kid(kid);
    signer.sign(&ann(ends), AUDIENCE).expect("signed")
}

fn pending(minicom: &Minicom) -> Client {
    Client::connect_with(minicom, Admission::Pending(AuthRequest::new(AuthTarget::Socket)), 4096)
}

#[tokio::test(start_paused = true)]
async fn keys_change_while_a_socket_lives() {
    let Chat { minicom, keys, .. } = chat();
    let mut socket = pending(&minicom);
    socket.send(json!({"type": "auth", "token": token(SECRET, "old", 60)}));
    socket.frame_of("history").await;

    keys.replace([key(OTHER, "new")]).expect("a set");
    // Who was let in stays; what the old key signs is not believed any more, what the new one signs is.
    socket.send(json!({"type": "auth", "token": token(SECRET, "old", 3600), "client_id": "old"}));
    assert_eq!(socket.frame_of("error").await["code"], "unauthenticated");
    socket.send(json!({"type": "auth", "token": token(OTHER, "new", 120), "client_id": "new"}));
    assert_eq!(socket.frame_of("ack").await["client_id"], "new");
    // Pings are answered meanwhile.
    let silence = tokio::time::timeout(Duration::from_secs(61), socket.next()).await;
    silence.expect_err("nothing comes when the first token has ended");
    assert_eq!(socket.close_code().await, 4401, "when the fresh token has ended, too");

    let mut refused = pending(&minicom);
    refused.send(json!({"type": "auth", "token": token(SECRET, "old", 3600)}));
    assert_eq!(refused.close_code().await, 4501);
}

async fn said_anonymously(chat: &Chat) -> String {
    let issued = chat.visitors.new_visitor(&rest()).await.expect("a visitor");
    let own = Target::Participant(issued.identity.participant.clone());
    chat.minicom.execute(&issued.identity, &own, Command::message("Hello?")).await.expect("stored");
    issued.token
}

async fn texts(minicom: &Minicom) -> usize {
    let own = Target::Participant(ParticipantId::new(ANN).expect("a name"));
    minicom.conversation(&ann(60), &own, PageRequest::latest()).await.expect("a page").events.len()
}

#[tokio::test(start_paused = true)]
async fn who_shows_both_tokens_finds_in_his_history_what_he_said() {
    let chat = chat();
    let visitor = said_anonymously(&chat).await;
    let mut socket = pending(&chat.minicom);
    let auth =
        json!({"type": "auth", "token": token(SECRET, "old", 60), "visitor": visitor, "client_id": "both"});
    socket.send(&auth);
    assert_eq!(socket.frame().await, json!({"type": "ack", "client_id": "both"}));
    let history = socket.frame().await;
    assert_eq!((&history["type"], &history["messages"][0]["content"]), (&json!("history"), &json!("Hello?")));
    assert_eq!(history["messages"][0]["sender"]["id"], ANN);
    // Once more, because the page did not hear that it was done.
    socket.send(&auth);
    assert_eq!(socket.frame().await, json!({"type": "ack", "client_id": "both"}));
    assert_eq!(texts(&chat.minicom).await, 1);
}

/// Where cookies say who he is, there is no token but the one of the visitor that he was.
#[tokio::test(start_paused = true)]
async fn who_is_known_already_shows_the_visitors_token_alone() {
    let chat = chat();
    let visitor = said_anonymously(&chat).await;
    let mut socket = Client::connect(&chat.minicom, &ann(60));
    assert_eq!(socket.frame_of("history").await["messages"], json!([]));
    socket.send(json!({"type": "auth", "visitor": visitor, "client_id": "v"}));
    assert_eq!(socket.frame_of("message").await["message"]["content"], "Hello?");
    assert_eq!(socket.frame_of("ack").await["client_id"], "v");
}

/// What he said comes along, and his ban, too: the page is told why there is no history.
#[tokio::test(start_paused = true)]
async fn who_was_banned_shows_both_tokens_in_vain() {
    let chat = chat();
    let visitor = said_anonymously(&chat).await;
    let anonymous = chat.visitors.authenticate(&request(&visitor)).await.expect("known").participant;
    let sue = agent_identity().with_agent_role(AgentRole::Supervisor);
    let own = Target::Participant(anonymous);
    chat.minicom.ban(&sue, &own, Ban::new("spam"), false).await.expect("banned");
    let auth =
        json!({"type": "auth", "token": token(SECRET, "old", 60), "visitor": visitor, "client_id": "both"});
    for _ in 0..2 {
        let mut socket = pending(&chat.minicom);
        socket.send(&auth);
        assert_eq!(socket.close_code().await, 4505);
    }
    let his = Target::Participant(ParticipantId::new(ANN).expect("a name"));
    let page = chat.minicom.conversation(&sue, &his, PageRequest::latest()).await.expect("a page");
    assert_eq!((page.events.len(), page.ban), (2, Some(Ban::new("spam"))));
}

#[tokio::test(start_paused = true)]
async fn a_visitors_token_that_is_none_costs_nobody_his_own_identity() {
    let chat = chat();
    let own = token(SECRET, "old", 60);
    for (visitor, code) in [("nonsense".to_owned(), "unauthenticated"), (own.clone(), "forbidden")] {
        let mut socket = pending(&chat.minicom);
        socket.send(json!({"type": "auth", "token": own, "visitor": visitor, "client_id": "both"}));
        let error = socket.frame().await;
        assert_eq!((&error["code"], &error["client_id"]), (&json!(code), &json!("both")));
        assert_eq!(socket.frame().await["type"], "history");
    }
    let ben = Identity::agent(WorkspaceId::default(), ParticipantId::new("ben").expect("a name"));
    let ben =
        JwtSigner::hs256(SECRET).expect("a secret").with_kid("old").sign(&ben.with_expiry(at(60)), AUDIENCE);
    let visitor = said_anonymously(&chat).await;
    let mut agent = pending(&chat.minicom);
    agent.send(
        json!({"type": "auth", "token": ben.expect("signed"), "visitor": visitor, "client_id": "both"}),
    );
    assert_eq!(agent.frame().await["code"], "forbidden");
    agent.send(json!({"type": "list"}));
    assert_eq!(agent.frame_of("list").await["rows"].as_array().map(Vec::len), Some(1));

    // A visitor's token alone is his identity; shown by nobody, with nothing to move it to, it is nothing.
    let mut nobody = pending(&chat.minicom);
    nobody.send(json!({"type": "auth", "visitor": visitor}));
    assert_eq!(nobody.close_code().await, 4501);
    let all =
        chat.minicom.conversations(&agent_identity(), RowFilter::default(), None, 10).await.expect("a list");
    assert_eq!(all.rows.len(), 1);
}

fn agent_identity() -> Identity {
    Identity::agent(WorkspaceId::default(), ParticipantId::new("ben").expect("a name"))
}
