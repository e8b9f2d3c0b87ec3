//! A page whose visitor is nobody yet: what it is told, and how it gets one of its own.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use async_trait::async_trait;
use minicom_core::{
    AuthError, AuthRequest, Authenticator, Identity, Issued, Minicom, ParticipantId, WorkspaceId,
};
use minicom_web::WebOptions;
use serde_json::json;
use uuid::Uuid;

use crate::{client::http, server};

/// Numbers its visitors, and knows each by his number.
#[derive(Debug, Default)]
struct Numbers(AtomicU64);

fn visitor(number: u64) -> Identity {
    Identity::user(WorkspaceId::default(), ParticipantId::anonymous(Uuid::from_u128(number.into())))
}

#[async_trait]
impl Authenticator for Numbers {
    async fn authenticate(&self, request: &AuthRequest) -> Result<Identity, AuthError> {
        let token = request.token.as_deref().ok_or(AuthError::Missing)?;
        token.parse().map(visitor).map_err(|_| AuthError::Unauthenticated)
    }

    fn offers_visitors(&self) -> bool {
        true
    }

    async fn new_visitor(&self, request: &AuthRequest) -> Result<Issued, AuthError> {
        let before = request.token.as_deref().and_then(|token| token.parse().ok());
        let number = before.unwrap_or_else(|| self.0.fetch_add(1, Relaxed) + 1);
        Ok(Issued::new(visitor(number), number.to_string()))
    }
}

fn name(number: u64) -> String {
    visitor(number).participant.to_string()
}

#[tokio::test]
async fn nobody_may_ask_for_a_visitor_and_is_known_by_him() {
    let server = server::serve(Minicom::builder().authenticator(Numbers::default())).await.address;
    let session = |token: Option<&'static str>| async move {
        let bearer = token.map(|token| ("authorization", token));
        http(server, "GET", "/api/session", bearer.as_slice()).await
    };
    assert_eq!(session(None).await.json(), json!({"mode": "anonymous"}));

    let made = http(server, "POST", "/api/visitor", &[]).await;
    assert_eq!((made.status, made.header("cache-control")), (200, Some("no-store")));
    assert_eq!(made.json(), json!({"token": "1", "email": name(1)}));
    let known = session(Some("Bearer 1")).await.json();
    assert_eq!(
        known,
        json!({"mode": "session", "role": "user", "workspace": "default", "email": name(1), "name": null})
    );
    // Who shows a token that is not believed is not offered to be somebody else.
    assert_eq!(session(Some("Bearer x")).await.status, 401);

    let again = http(server, "POST", "/api/visitor/", &[("authorization", "Bearer 1")]).await;
    assert_eq!(again.json(), json!({"token": "1", "email": name(1)}));
    let other = http(server, "POST", "/api/visitor", &[]).await;
    assert_eq!(other.json(), json!({"token": "2", "email": name(2)}));
    assert_eq!(http(server, "GET", "/api/visitor", &[]).await.status, 405);
}

#[tokio::test]
async fn pages_of_strangers_make_no_visitors() {
    let options = WebOptions::default().allow_origin("https://shop.example".parse().expect("an origin"));
    let builder = Minicom::builder().authenticator(Numbers::default());
    let server = server::serve_with(builder, options, None).await.address;
    for (origin, status) in [("https://shop.example", 200), ("https://evil.example", 403), ("null", 403)] {
        let made = http(server, "POST", "/api/visitor", &[("origin", origin)]).await;
        assert_eq!(made.status, status, "{origin}");
    }
}

#[tokio::test]
async fn where_none_are_offered_there_are_none() {
    let server = server::by_token().await.address;
    assert_eq!(http(server, "POST", "/api/visitor", &[]).await.status, 403);
    assert_eq!(http(server, "GET", "/api/session", &[]).await.status, 401);
}
