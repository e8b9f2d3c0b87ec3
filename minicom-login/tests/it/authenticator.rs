//! As an authenticator: an agent's cookie, and whoever else there is.

use async_trait::async_trait;
use minicom_core::{
    AgentRole, AuthError, AuthRequest, AuthTarget, Authenticator, Identity, MemoryStore, ParticipantId, Role,
    WorkspaceId,
};
use minicom_login::{CookieScope, Login, LoginOptions, Token};
use minicom_testkit::faulty::{Fault, Faults, FaultyStore};

use crate::hand::{self, PASSWORD, join, set_up, token_of, workspace};

/// Believes a token that is a role and a name.
#[derive(Debug)]
struct Words;

#[async_trait]
impl Authenticator for Words {
    async fn authenticate(&self, request: &AuthRequest) -> Result<Identity, AuthError> {
        let (role, name) = request
            .token
            .as_deref()
            .ok_or(AuthError::Missing)?
            .split_once(':')
            .ok_or(AuthError::Unauthenticated)?;
        let name = ParticipantId::new(name).map_err(|_| AuthError::Unauthenticated)?;
        Ok(match role {
            "user" => Identity::user(WorkspaceId::default(), name),
            _ => Identity::agent(WorkspaceId::default(), name).with_agent_role(AgentRole::Owner),
        })
    }
}

fn request(target: AuthTarget, session: Option<&Token>) -> AuthRequest {
    let mut request = AuthRequest::new(target);
    request.headers.push(("host".into(), "shop.example".into()));
    if let Some(session) = session {
        let name = CookieScope::new("/", true).name();
        request.headers.push(("cookie".into(), format!("a=b; {name}={}", session.as_str())));
    }
    request
}

fn path(role: &str) -> AuthTarget {
    let mut target = AuthTarget::Path { role: String::new(), email: "ann@example.com".into() };
    if let AuthTarget::Path { role: asked, .. } = &mut target {
        role.clone_into(asked);
    }
    target
}

async fn judged(login: &Login, request: &AuthRequest) -> Result<(Role, String), &'static str> {
    match login.authenticate(request).await {
        Ok(identity) => Ok((identity.role, identity.participant.as_str().to_owned())),
        Err(AuthError::Missing) => Err("missing"),
        Err(AuthError::Unauthenticated) => Err("unauthenticated"),
        Err(AuthError::Forbidden) => Err("forbidden"),
        Err(AuthError::Unavailable(_)) => Err("unavailable"),
        Err(_) => Err("another"),
    }
}

#[tokio::test]
async fn an_agent_is_who_has_a_session_and_nobody_else() {
    let store = std::sync::Arc::new(MemoryStore::new());
    let login = Login::with_options(store, LoginOptions::default().visitors(Words));
    let ann = set_up(&login).await;
    let agent = Ok((Role::Agent, "ann@example.com".to_owned()));
    for target in [AuthTarget::Rest, AuthTarget::Socket, path("admin")] {
        assert_eq!(judged(&login, &request(target.clone(), Some(&ann.session))).await, agent, "{target:?}");
        assert_eq!(judged(&login, &request(target.clone(), None)).await, Err("missing"), "{target:?}");
    }
    // A visitor's path and a visitor's token are meant as they are, in an agent's browser too.
    assert_eq!(judged(&login, &request(path("user"), Some(&ann.session))).await, Err("missing"));
    for session in [None, Some(&ann.session)] {
        let mut brought = request(AuthTarget::Socket, session);
        brought.token = Some("user:eve".into());
        assert_eq!(judged(&login, &brought).await, Ok((Role::User, "eve".to_owned())));
        brought.token = Some("admin:eve".into());
        assert_eq!(judged(&login, &brought).await, Err("forbidden"), "agents are made here alone");
    }
    // What is over need not wait for a token.
    login.log_out(&workspace(), &ann.session, false).await.unwrap();
    assert_eq!(
        judged(&login, &request(AuthTarget::Socket, Some(&ann.session))).await,
        Err("unauthenticated")
    );
    let mut made_up = request(AuthTarget::Rest, None);
    made_up.headers.push(("cookie".into(), format!("__Host-minicom-agent={}", "A".repeat(43))));
    assert_eq!(judged(&login, &made_up).await, Err("unauthenticated"));
}

#[tokio::test]
async fn a_session_is_of_the_workspace_that_was_chosen() {
    let (login, _, _) = hand::login();
    let ann = set_up(&login).await;
    join(&login, &ann.identity, "ben@example.com", AgentRole::Agent).await;
    let mut elsewhere = request(AuthTarget::Rest, Some(&ann.session));
    elsewhere.workspace = Some(WorkspaceId::new("other").unwrap());
    assert_eq!(judged(&login, &elsewhere).await, Err("unauthenticated"));
    elsewhere.workspace = Some(workspace());
    assert!(judged(&login, &elsewhere).await.is_ok());
}

/// What cannot be read or written now is nobody's fault: nothing is let in, and nothing is used up that was not stored.
#[tokio::test]
async fn a_store_that_fails_is_unavailable() {
    let store = std::sync::Arc::new(FaultyStore::new(MemoryStore::new(), Faults::none()));
    let login = Login::new(store.clone());
    let link = token_of(&login.setup_link(&workspace(), "http://localhost").await.unwrap().unwrap());
    store.fail_next_append(Fault::Before);
    let set_up = async || login.set_up(&workspace(), &link, "ann@example.com", "Ann", PASSWORD).await;
    assert!(set_up().await.unwrap_err().is_retryable());
    let ann = set_up().await.expect("the link is as good as before");

    store.fail_next_append(Fault::Before);
    let refused = login.log_in(&workspace(), "ann@example.com", PASSWORD).await.unwrap_err();
    assert_eq!((refused.code(), refused.is_retryable()), ("unavailable", true));
    assert!(std::error::Error::source(&refused).is_some());
    store.set_faults(Faults::seeded(1).before(1.0));
    assert_eq!(judged(&login, &request(AuthTarget::Rest, Some(&ann.session))).await, Err("unavailable"));
    store.set_faults(Faults::none());
    assert!(judged(&login, &request(AuthTarget::Rest, Some(&ann.session))).await.is_ok());
}
