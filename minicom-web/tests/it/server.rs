//! A server over hyper, and whom it knows.

use std::net::SocketAddr;

use async_trait::async_trait;
use hyper::{server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use minicom_core::{
    AuthError, AuthRequest, Authenticator, Identity, MemoryStore, Minicom, ParticipantId, PathIdentity, Role,
    WorkspaceId,
};
use minicom_web::{Web, WebOptions};
use tokio::{net::TcpListener, task::JoinSet};

/// A running server. It ends with the test's runtime.
pub struct Server {
    pub address: SocketAddr,
    pub minicom: Minicom,
}

/// Somebody.
pub fn identity(role: Role, name: &str) -> Identity {
    let participant = ParticipantId::new(name).expect(name);
    match role {
        Role::User => Identity::user(WorkspaceId::default(), participant),
        _ => Identity::agent(WorkspaceId::default(), participant),
    }
}

/// Knows everybody who says `role:name` as his token.
#[derive(Debug)]
pub struct Tokens;

#[async_trait]
impl Authenticator for Tokens {
    async fn authenticate(&self, request: &AuthRequest) -> Result<Identity, AuthError> {
        match request.token.as_deref().map(|token| token.split_once(':').unwrap_or((token, ""))) {
            None => Err(AuthError::Missing),
            Some(("user", name)) => Ok(identity(Role::User, name)),
            Some(("admin", name)) => Ok(identity(Role::Agent, name)),
            Some(("expired", _)) => Err(AuthError::Expired),
            Some(("down", _)) => Err(AuthError::Unavailable("a reason that stays inside".into())),
            Some(_) => Err(AuthError::Unauthenticated),
        }
    }
}

/// With the path's identity, as in development.
pub async fn by_path() -> Server {
    let loopback = "127.0.0.1:1".parse().expect("an address");
    serve(Minicom::builder().authenticator(PathIdentity::new(loopback).expect("loopback"))).await
}

/// With [`Tokens`].
pub async fn by_token() -> Server {
    serve(Minicom::builder().authenticator(Tokens)).await
}

pub async fn serve(builder: minicom_core::Builder) -> Server {
    serve_with(builder, WebOptions::default(), None).await
}

/// With options, and with the host's own session if it has one.
pub async fn serve_with(
    builder: minicom_core::Builder,
    options: WebOptions,
    session: Option<Identity>,
) -> Server {
    serve_built(builder.store(MemoryStore::new()).build().expect("a store"), options, session).await
}

/// One that is built already.
pub async fn serve_built(minicom: Minicom, options: WebOptions, session: Option<Identity>) -> Server {
    let web = Web::with_options(minicom.clone(), options);
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        let mut connections = JoinSet::new();
        while let Ok((stream, _)) = listener.accept().await {
            let (web, session) = (web.clone(), session.clone());
            let service = service_fn(move |mut request: hyper::Request<hyper::body::Incoming>| {
                request.extensions_mut().extend(session.clone().map(extension).unwrap_or_default());
                let response = web.handle(request);
                async { Ok::<_, std::convert::Infallible>(response.await) }
            });
            connections
                .spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service).with_upgrades());
        }
    });
    Server { address, minicom }
}

fn extension(identity: Identity) -> http::Extensions {
    let mut extensions = http::Extensions::new();
    extensions.insert(identity);
    extensions
}
