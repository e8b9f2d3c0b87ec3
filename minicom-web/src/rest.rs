//! The little REST there is.

use std::time::Duration;

use http::{
    Response, StatusCode,
    header::{CACHE_CONTROL, VARY},
    request::Parts,
};
use minicom_core::{
    AiCommand, AuthError, AuthTarget, Charge, Clock, Command, Error, Identity, IdentityMode, Minicom,
    ParticipantId, Refusal, Role, SystemClock, Target,
};
use serde::Serialize;

use crate::{
    Body, WidgetConfig, auth, language,
    percent::{self, NotDecodable},
    reply,
    route::Act,
};

/// `GET /api/users/`: everybody with a conversation in which something was said.
pub(crate) async fn users(minicom: &Minicom, parts: &Parts) -> Response<Body> {
    let request = auth::request(parts, AuthTarget::Rest);
    let participants = async {
        let identity = auth::admit(minicom, parts, &request).await?;
        minicom.charge(&identity, Charge::Read)?;
        minicom.participants(&identity).await
    };
    match participants.await {
        Ok(all) => {
            let emails: Vec<_> = all.iter().map(ParticipantId::as_str).collect();
            reply::json(StatusCode::OK, &emails)
        }
        Err(error) => refused(&error),
    }
}

/// `POST /api/chat/{role}/{email}/{act}`.
pub(crate) async fn act(
    minicom: &Minicom,
    parts: &Parts,
    role: &str,
    email: &str,
    act: Act,
) -> Response<Body> {
    let acted = async {
        let decoded =
            |text| percent::decode(text).map_err(|NotDecodable| Refusal::bad_request("not decodable"));
        let (role, email) = (decoded(role)?, decoded(email)?);
        let participant = ParticipantId::new(&email).map_err(Refusal::from)?;
        let request = auth::request(parts, AuthTarget::Path { role, email });
        let identity = auth::admit(minicom, parts, &request).await?;
        minicom.charge(&identity, Charge::Frame)?;
        let command = match act {
            Act::HandOff => AiCommand::HandOff.into(),
            Act::Stop => AiCommand::Stop.into(),
            Act::TakeOver => AiCommand::TakeOver.into(),
            Act::HandBack => AiCommand::HandBack.into(),
            Act::Review => Command::Review { up_to: None },
        };
        minicom.execute(&identity, &Target::Participant(participant), command).await
    };
    match acted.await {
        Ok(_) => reply::empty(StatusCode::NO_CONTENT),
        Err(error) => refused(&error),
    }
}

/// How a page learns who its visitor is.
#[derive(Serialize)]
#[serde(tag = "mode", rename_all = "lowercase")]
enum Who<'a> {
    /// It asks him, and opens `/ws/chat/{role}/{email}/`.
    Path,
    /// Nobody; it may ask for a visitor of its own (`POST /api/visitor`) when he opens the chat.
    Anonymous {
        /// Where agents sign in, relative to the mount, if that is here.
        #[serde(skip_serializing_if = "Option::is_none")]
        login: Option<&'static str>,
    },
    /// The server knows; it opens `/ws`.
    Session {
        role: &'a str,
        /// Names, with the email, what the page keeps in the browser: the same email elsewhere is somebody else.
        workspace: &'a str,
        /// What an agent may do besides.
        #[serde(skip_serializing_if = "Option::is_none")]
        agent_role: Option<&'a str>,
        /// Signed in with the login that is served here.
        #[serde(skip_serializing_if = "Option::is_none")]
        own_login: Option<bool>,
        email: &'a str,
        name: Option<&'a str>,
        /// How long the identity is still good for, if it ends. A span, because clocks differ.
        #[serde(skip_serializing_if = "Option::is_none")]
        expires_in_ms: Option<u64>,
    },
}

/// `GET /api/session`. `login`: there is one of our own, so an agent of nobody else's comes from it.
pub(crate) async fn session(minicom: &Minicom, parts: &Parts, login: bool) -> Response<Body> {
    if auth::of_host(parts).is_none() && minicom.identity_mode() == IdentityMode::Path {
        return reply::json(StatusCode::OK, &Who::Path);
    }
    let request = auth::request(parts, AuthTarget::Rest);
    // Also to whose address is banned: the socket tells him, in words that his page knows.
    let by_cookie = request.token.is_none() && auth::of_host(parts).is_none();
    match auth::identify(minicom, parts, &request).await {
        Ok(identity) => {
            let session = Who::Session {
                role: identity.role.as_str(),
                workspace: identity.workspace.as_str(),
                agent_role: (identity.role == Role::Agent).then(|| identity.agent_role.as_str()),
                own_login: (login && identity.role == Role::Agent && by_cookie).then_some(true),
                email: identity.participant.as_str(),
                name: identity.name.as_deref(),
                expires_in_ms: milliseconds_left(&identity),
            };
            reply::json(StatusCode::OK, &session)
        }
        // Whoever showed a token wants to be who it says.
        Err(AuthError::Missing | AuthError::Unauthenticated | AuthError::Expired)
            if request.token.is_none() && minicom.offers_visitors() =>
        {
            reply::json(StatusCode::OK, &Who::Anonymous { login: login.then_some("login") })
        }
        Err(error) => refused(&error.into()),
    }
}

/// 0 for an identity that is over.
pub(crate) fn milliseconds_left(identity: &Identity) -> Option<u64> {
    let left = Duration::try_from(identity.expires_at?.duration_since(SystemClock.now())).unwrap_or_default();
    Some(u64::try_from(left.as_millis()).unwrap_or(u64::MAX))
}

/// `GET /api/widget`: the same for everybody who asks at this address and prefers the same languages.
pub(crate) fn widget(parts: &Parts, config: &WidgetConfig) -> Response<Body> {
    let response = reply::with(own_widget(parts, config), CACHE_CONTROL, "public, max-age=60");
    if config.languages.is_empty() {
        response
    } else {
        reply::with(response, VARY, "Origin, Accept-Language")
    }
}

/// The same where it depends on who asks.
pub(crate) fn own_widget(parts: &Parts, config: &WidgetConfig) -> Response<Body> {
    let asked = language::asked(parts.uri.query());
    reply::json(StatusCode::OK, &config.spoken_with(asked.as_ref(), &parts.headers))
}

pub(crate) fn refused(error: &Error) -> Response<Body> {
    if error.is_retryable() {
        tracing::warn!(source = ?std::error::Error::source(error), "a request could not be answered");
    }
    reply::error(error)
}
