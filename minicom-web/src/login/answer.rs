//! What each resource of the login answers.

use std::time::Duration;

use bytes::Bytes;
use http::{
    HeaderValue, Response, StatusCode, Uri,
    header::{HOST, ORIGIN, RETRY_AFTER, SET_COOKIE, WWW_AUTHENTICATE},
    request::Parts,
};
use minicom_core::{
    ActorId, AgentRole, AuthRequest, AuthTarget, CloseCode, Error, Identity, Minicom, ParticipantId, Refusal,
    Role, WorkspaceId,
};
use minicom_login::{CookieScope, Login, LoginError, SignedIn, Token, is_loopback};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::Resource;
use crate::{Body, OriginalPath, auth, reply};

/// A call and whoever makes it.
struct Call<'a> {
    login: &'a Login,
    minicom: &'a Minicom,
    parts: &'a Parts,
    resource: Resource,
    request: AuthRequest,
    workspace: WorkspaceId,
}

/// Why a call is refused: by the login, or by whoever knows who is there.
enum Refused {
    ByLogin(LoginError),
    Otherwise(Error),
}

impl From<LoginError> for Refused {
    fn from(error: LoginError) -> Self {
        Self::ByLogin(error)
    }
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self::Otherwise(error)
    }
}

type Answer = Result<Response<Body>, Refused>;

#[derive(Deserialize)]
struct LogIn {
    email: String,
    password: String,
}

#[derive(Deserialize)]
struct LogOut {
    #[serde(default)]
    everywhere: bool,
}

#[derive(Deserialize)]
struct ChangePassword {
    current: String,
    password: String,
}

#[derive(Deserialize)]
struct SetUp {
    token: String,
    email: String,
    name: String,
    password: String,
}

#[derive(Deserialize)]
struct Join {
    token: String,
    name: String,
    password: String,
}

#[derive(Deserialize)]
struct Invited {
    token: String,
}

/// An agent, or somebody who is to become one. Without a role: no more.
#[derive(Deserialize)]
struct Someone {
    email: String,
    agent_role: Option<AgentRole>,
}

/// `POST` to any of them.
pub(super) async fn post(
    login: &Login,
    minicom: &Minicom,
    parts: &Parts,
    resource: Resource,
    body: &Bytes,
) -> Response<Body> {
    let call = Call::new(login, minicom, parts, resource);
    let answer = match resource {
        Resource::LogIn => call.log_in(body).await,
        Resource::LogOut => call.log_out(body).await,
        Resource::Password => call.change_password(body).await,
        Resource::SetUp => call.set_up(body).await,
        Resource::Join => call.join(body).await,
        Resource::Invited => call.invited(body).await,
        Resource::Invitations => call.invitation(body).await,
        Resource::Agents => call.agent(body).await,
        Resource::Page | Resource::Slash => return reply::not_found(),
    };
    answer.unwrap_or_else(Refused::response)
}

/// `GET /api/agents`.
pub(super) async fn agents(login: &Login, minicom: &Minicom, parts: &Parts) -> Response<Body> {
    Call::new(login, minicom, parts, Resource::Agents).agents().await.unwrap_or_else(Refused::response)
}

impl<'a> Call<'a> {
    fn new(login: &'a Login, minicom: &'a Minicom, parts: &'a Parts, resource: Resource) -> Self {
        let request = auth::request(parts, AuthTarget::Rest);
        let workspace = request.workspace.clone().unwrap_or_default();
        Self { login, minicom, parts, resource, request, workspace }
    }

    async fn log_in(&self, body: &Bytes) -> Answer {
        let LogIn { email, password } = read(body)?;
        let signed_in = self.login.log_in(&self.workspace, &email, &password).await?;
        self.come_in(&signed_in).await
    }

    /// All sockets of his are judged anew: this browser's come back with its new cookie, the others do not.
    async fn change_password(&self, body: &Bytes) -> Answer {
        let ChangePassword { current, password } = read(body)?;
        let Some(session) = self.session().await? else { return Ok(signed_out()) };
        let signed_in = self.login.change_password(&self.workspace, &session, &current, &password).await?;
        self.judge_anew(&self.workspace, signed_in.identity.participant.clone());
        Ok(self.welcome(&signed_in))
    }

    /// Of the cookies that he brought, the one that is a session here.
    async fn session(&self) -> Result<Option<Token>, LoginError> {
        for session in Login::sessions(&self.request) {
            if self.login.identity(&self.workspace, &session).await?.is_some() {
                return Ok(Some(session));
            }
        }
        Ok(None)
    }

    async fn set_up(&self, body: &Bytes) -> Answer {
        let SetUp { token, email, name, password } = read(body)?;
        let signed_in = self.login.set_up(&self.workspace, &parse(&token)?, &email, &name, &password).await?;
        self.come_in(&signed_in).await
    }

    async fn join(&self, body: &Bytes) -> Answer {
        let Join { token, name, password } = read(body)?;
        let signed_in = self.login.join(&self.workspace, &parse(&token)?, &name, &password).await?;
        self.come_in(&signed_in).await
    }

    /// With a session of his own, whatever cookies he brought: those of this workspace end.
    async fn come_in(&self, signed_in: &SignedIn) -> Answer {
        self.end_all(false).await?;
        Ok(self.welcome(signed_in))
    }

    fn welcome(&self, signed_in: &SignedIn) -> Response<Body> {
        let response = reply::json(StatusCode::OK, &Known::of(&signed_in.identity));
        with_cookie(response, &scope(self.parts, self.resource).keep(&signed_in.session))
    }

    async fn log_out(&self, body: &Bytes) -> Answer {
        let LogOut { everywhere } = read(body)?;
        self.end_all(everywhere).await?;
        Ok(with_cookie(reply::empty(StatusCode::NO_CONTENT), &scope(self.parts, self.resource).forget()))
    }

    /// Ends what he brought and has the sockets of its agent judged anew: those of his other browsers come back.
    async fn end_all(&self, everywhere: bool) -> Result<(), LoginError> {
        for session in Login::sessions(&self.request) {
            if let Some(email) = self.login.log_out(&self.workspace, &session, everywhere).await? {
                self.judge_anew(&self.workspace, email);
            }
        }
        Ok(())
    }

    fn judge_anew(&self, workspace: &WorkspaceId, email: ParticipantId) {
        let actor = ActorId { role: Role::Agent, subject: email };
        self.minicom.disconnect(workspace, &actor, CloseCode::Expired);
    }

    async fn invited(&self, body: &Bytes) -> Answer {
        let Invited { token } = read(body)?;
        let (email, role) = self.login.invited(&self.workspace, &parse(&token)?).await?;
        let invited = Listed { email: email.as_str(), agent_role: role.as_str(), ..Listed::default() };
        Ok(reply::json(StatusCode::OK, &invited))
    }

    async fn invitation(&self, body: &Bytes) -> Answer {
        let by = self.identity().await?;
        let Someone { email, agent_role } = read(body)?;
        let Some(role) = agent_role else {
            self.login.revoke(&by, &email).await?;
            return Ok(reply::empty(StatusCode::NO_CONTENT));
        };
        let token = self.login.invite(&by, &email, role).await?;
        let expires_in_ms = milliseconds(minicom_login::INVITATION_LASTS);
        Ok(reply::json(StatusCode::CREATED, &Invitation { token: token.as_str(), expires_in_ms }))
    }

    async fn agent(&self, body: &Bytes) -> Answer {
        let by = self.identity().await?;
        let Someone { email, agent_role } = read(body)?;
        match agent_role {
            Some(role) => self.login.set_role(&by, &email, role).await?,
            None => self.login.remove(&by, &email).await?,
        }
        // The login knew it, so it is a name of an account.
        if let Ok(email) = Login::account(&email) {
            self.judge_anew(&by.workspace, email);
        }
        Ok(reply::empty(StatusCode::NO_CONTENT))
    }

    async fn agents(&self) -> Answer {
        let by = self.identity().await?;
        let (agents, invitations) = (self.login.agents(&by).await?, self.login.invitations(&by).await?);
        let agents = agents.iter().map(|agent| Listed {
            email: agent.email.as_str(),
            name: Some(&agent.name),
            agent_role: agent.role.as_str(),
            you: (agent.email == by.participant).then_some(true),
            expires_in_ms: None,
        });
        let invitations = invitations.iter().map(|invitation| Listed {
            email: invitation.email.as_str(),
            agent_role: invitation.role.as_str(),
            expires_in_ms: Some(milliseconds(invitation.expires_in)),
            ..Listed::default()
        });
        let all = All { agents: agents.collect(), invitations: invitations.collect() };
        Ok(reply::json(StatusCode::OK, &all))
    }

    async fn identity(&self) -> Result<Identity, Error> {
        Ok(auth::identify(self.minicom, self.parts, &self.request).await?)
    }
}

/// Who has come in.
#[derive(Serialize)]
struct Known<'a> {
    email: &'a str,
    name: Option<&'a str>,
    agent_role: &'a str,
}

impl<'a> Known<'a> {
    fn of(identity: &'a Identity) -> Self {
        Self {
            email: identity.participant.as_str(),
            name: identity.name.as_deref(),
            agent_role: identity.agent_role.as_str(),
        }
    }
}

#[derive(Serialize)]
struct Invitation<'a> {
    token: &'a str,
    expires_in_ms: u64,
}

#[derive(Serialize)]
struct All<'a> {
    agents: Vec<Listed<'a>>,
    invitations: Vec<Listed<'a>>,
}

/// An agent or an invitation.
#[derive(Default, Serialize)]
struct Listed<'a> {
    email: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    agent_role: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    you: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_in_ms: Option<u64>,
}

fn read<T: DeserializeOwned>(body: &Bytes) -> Result<T, Error> {
    // serde's own words would repeat what was sent.
    serde_json::from_slice(body)
        .map_err(|_| Refusal::bad_request("a field is missing or not of its type").into())
}

fn parse(token: &str) -> Result<Token, Error> {
    Token::parse(token).ok_or_else(|| Refusal::bad_request("this is no token").into())
}

fn milliseconds(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}

/// Where the session's cookie holds: below the mount, or below the workspace that the path names, and over https alone unless a page of this very machine came without.
fn scope(parts: &Parts, resource: Resource) -> CookieScope {
    let whole = parts.extensions.get::<OriginalPath>().map_or(parts.uri.path(), |OriginalPath(path)| path);
    let above = whole.strip_suffix('/').unwrap_or(whole).strip_suffix(resource.path()).unwrap_or_default();
    let mount = if above.is_empty() { "/" } else { above };
    let text = |name| parts.headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let tls = text(ORIGIN)
        .and_then(|origin| origin.parse::<Uri>().ok())
        .is_some_and(|origin| origin.scheme_str() == Some("https"));
    let here = text(HOST).is_some_and(is_loopback);
    CookieScope::new(mount, tls || !here)
}

fn with_cookie(mut response: Response<Body>, cookie: &str) -> Response<Body> {
    if let Ok(mut cookie) = HeaderValue::try_from(cookie) {
        cookie.set_sensitive(true);
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
    response
}

/// What the login refused.
#[derive(Serialize)]
struct Problem<'a> {
    code: &'a str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after_ms: Option<u64>,
}

/// Nobody is signed in, and there is a page for that.
#[derive(Serialize)]
struct SignedOut {
    code: &'static str,
    message: &'static str,
    login: &'static str,
}

pub(super) fn signed_out() -> Response<Body> {
    let signed_out = SignedOut { code: "unauthenticated", message: "not authenticated", login: "login" };
    reply::with(reply::json(StatusCode::UNAUTHORIZED, &signed_out), WWW_AUTHENTICATE, "Bearer")
}

impl Refused {
    fn response(self) -> Response<Body> {
        match self {
            Self::Otherwise(error) => reply::error(&error),
            Self::ByLogin(error) => by_login(&error),
        }
    }
}

fn by_login(error: &LoginError) -> Response<Body> {
    let status = match () {
        () if error.is_signed_out() => return signed_out(),
        () if error.is_wrong_password() => StatusCode::UNAUTHORIZED,
        () if error.is_locked() => StatusCode::TOO_MANY_REQUESTS,
        () if error.is_retryable() => StatusCode::SERVICE_UNAVAILABLE,
        () if error.is_forbidden() => StatusCode::FORBIDDEN,
        () if error.is_not_found() => StatusCode::NOT_FOUND,
        () if error.is_conflict() => StatusCode::CONFLICT,
        () if error.is_void() => StatusCode::GONE,
        () => StatusCode::BAD_REQUEST,
    };
    if status == StatusCode::SERVICE_UNAVAILABLE {
        tracing::warn!(source = ?std::error::Error::source(error), "the login could not answer");
    }
    let retry_after_ms = error.retry_after().map(milliseconds);
    let problem = Problem { code: error.code(), message: error.message(), retry_after_ms };
    let mut response = reply::json(status, &problem);
    if let Some(after) = error.retry_after() {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(reply::whole_seconds(after)));
    }
    response
}
