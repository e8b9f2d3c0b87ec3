//! A login with a clock in the test's hand.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use jiff::Timestamp;
use minicom_core::{AgentRole, Clock, Identity, MemoryStore, Store, WorkspaceId};
use minicom_login::{Login, LoginOptions, SignedIn, Token};

pub const PASSWORD: &str = "three apples and a pear";

/// Stands still until it is moved.
#[derive(Debug, Clone, Default)]
pub struct Hand(Arc<AtomicI64>);

impl Hand {
    pub fn forward(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }
}

impl Clock for Hand {
    fn now(&self) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + self.0.load(Ordering::SeqCst)).expect("a time")
    }
}

pub fn workspace() -> WorkspaceId {
    WorkspaceId::default()
}

/// A login that nobody uses yet.
pub fn login() -> (Login, Hand, Arc<dyn Store>) {
    let (hand, store) = (Hand::default(), Arc::new(MemoryStore::new()));
    (Login::with_options(store.clone(), LoginOptions::default().clock(hand.clone())), hand, store)
}

/// The token in a link.
pub fn token_of(link: &str) -> Token {
    Token::parse(link.rsplit('=').next().unwrap_or_default()).expect("a token")
}

pub async fn set_up(login: &Login) -> SignedIn {
    let link = login.setup_link(&workspace(), "https://shop.example/chat/").await.expect("a store");
    let link = link.expect("nobody is there yet");
    assert!(link.starts_with("https://shop.example/chat/login#setup="), "{link}");
    let (workspace, token) = (workspace(), token_of(&link));
    let set_up = login.set_up(&workspace, &token, "ann@example.com", "Ann", PASSWORD);
    set_up.await.expect("the first owner")
}

pub async fn join(login: &Login, owner: &Identity, email: &str, role: AgentRole) -> SignedIn {
    let invitation = login.invite(owner, email, role).await.expect("an invitation");
    login.join(&workspace(), &invitation, "Ben", PASSWORD).await.expect("a new agent")
}

pub async fn is_in(login: &Login, session: &Token) -> bool {
    login.identity(&workspace(), session).await.expect("a store").is_some()
}
