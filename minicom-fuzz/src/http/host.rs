//! The server that is asked, and an authenticator that keeps what it was shown.

use std::{
    cell::RefCell,
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use http::{Method, Response, StatusCode};
use minicom_core::{
    AuthError, AuthRequest, AuthTarget, Authenticator, Command, Identity, MemoryStore, Minicom, PathIdentity,
    Target,
};
use minicom_web::{Body, OriginalPath, Web, WebOptions};
use tokio::runtime::Runtime;

use super::{asked::Asked, origin::ALLOWED};
use crate::fixtures::{self, ann, ben};

thread_local! {
    static HOST: RefCell<Host> = RefCell::new(Host::new());
}

/// A server in which a visitor has said something. There is one a thread, and a new one once something was changed.
pub(super) struct Host {
    runtime: Runtime,
    web: Web,
    seen: Arc<Seen>,
}

/// What an authenticator was shown since somebody last looked.
#[derive(Debug, Default)]
struct Seen(Mutex<Vec<AuthRequest>>);

impl Seen {
    fn lock(&self) -> MutexGuard<'_, Vec<AuthRequest>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Host {
    fn new() -> Self {
        let seen = Arc::new(Seen::default());
        let by_path = PathIdentity::new(([127, 0, 0, 1], 8000).into()).expect("loopback");
        let minicom = Minicom::builder()
            .store(MemoryStore::new())
            .authenticator(Witness { seen: seen.clone(), by_path })
            .build()
            .expect("a store was given");
        let runtime = fixtures::runtime();
        let own = Target::Participant(ann().participant);
        runtime
            .block_on(async { minicom.execute(&ann(), &own, Command::message("hello")).await })
            .expect("executed");
        let allowed = ALLOWED.map(|origin| origin.parse().expect("an origin"));
        Self { runtime, web: Web::with_options(minicom, WebOptions::default().allow_origins(allowed)), seen }
    }

    /// Asks, and tells what the authenticator saw.
    pub(super) fn ask(asked: &Asked) -> (Response<Body>, Vec<AuthRequest>) {
        let mut request = asked.request();
        if asked.upgrade {
            // One that will never happen, as if the client had gone away.
            let upgrade = hyper::upgrade::on(&mut request);
            request.extensions_mut().insert(upgrade);
        }
        if asked.agent || asked.user {
            request.extensions_mut().insert(if asked.agent { ben() } else { ann() });
        }
        if let Some(mount) = &asked.mount {
            request.extensions_mut().insert(OriginalPath(mount.clone()));
        }
        HOST.with(|host| {
            let mut host = host.borrow_mut();
            let response = host.runtime.block_on(async {
                let response = host.web.handle(request).await;
                // The socket's task sees that nobody is there.
                tokio::task::yield_now().await;
                response
            });
            let seen = mem::take(&mut *host.seen.lock());
            if asked.method == Method::POST && response.status() == StatusCode::NO_CONTENT {
                *host = Self::new();
            }
            (response, seen)
        })
    }
}

#[derive(Debug)]
struct Witness {
    seen: Arc<Seen>,
    by_path: PathIdentity,
}

#[async_trait]
impl Authenticator for Witness {
    async fn authenticate(&self, request: &AuthRequest) -> Result<Identity, AuthError> {
        self.seen.lock().push(request.clone());
        match (request.token.as_deref(), &request.target) {
            (Some("agent"), _) => Ok(ben()),
            (Some("visitor"), _) => Ok(ann()),
            (Some(_), _) => Err(AuthError::Unauthenticated),
            (None, AuthTarget::Path { .. }) => self.by_path.authenticate(request).await,
            (None, _) => Err(AuthError::Missing),
        }
    }
}
