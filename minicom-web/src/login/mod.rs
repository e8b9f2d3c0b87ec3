//! The agents' login over HTTP: its page, and what the page and the desk ask. The rules are `minicom-login`'s.

mod answer;
mod guard;
mod incoming;

use http::{Method, Response, StatusCode, request::Parts};
use http_body::Body as IncomingBody;
use minicom_core::Minicom;
use minicom_login::Login;

use crate::{Body, origin::From, pages, reply};

/// One of the login's resources.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Resource {
    /// `/login`: the page.
    Page,
    /// `/login/`, from where the page's relative links would lead astray.
    Slash,
    /// `/api/login`: come in.
    LogIn,
    /// `/api/logout`: go.
    LogOut,
    /// `/api/password`: take another one.
    Password,
    /// `/api/setup`: become the first owner.
    SetUp,
    /// `/api/agents`: who they are; change or remove one.
    Agents,
    /// `/api/invitations`: invite somebody, or take it back.
    Invitations,
    /// `/api/invited`: who an invitation is for.
    Invited,
    /// `/api/join`: accept one.
    Join,
}

impl Resource {
    /// `None`: the path is none of the login's.
    pub fn find(path: &str) -> Option<Self> {
        if path == "/login/" {
            return Some(Self::Slash);
        }
        let bare = path.strip_suffix('/').unwrap_or(path);
        Self::WITH_PATHS.iter().copied().find(|resource| resource.path() == bare)
    }

    const WITH_PATHS: &[Self] = &[
        Self::Page,
        Self::LogIn,
        Self::LogOut,
        Self::Password,
        Self::SetUp,
        Self::Agents,
        Self::Invitations,
        Self::Invited,
        Self::Join,
    ];

    /// Its path below the mount, without a slash at its end.
    pub fn path(self) -> &'static str {
        match self {
            Self::Page | Self::Slash => "/login",
            Self::LogIn => "/api/login",
            Self::LogOut => "/api/logout",
            Self::Password => "/api/password",
            Self::SetUp => "/api/setup",
            Self::Agents => "/api/agents",
            Self::Invitations => "/api/invitations",
            Self::Invited => "/api/invited",
            Self::Join => "/api/join",
        }
    }

    /// The methods that it knows.
    pub fn methods(self) -> &'static [Method] {
        match self {
            Self::Page | Self::Slash => &[Method::GET, Method::HEAD],
            Self::Agents => &[Method::GET, Method::HEAD, Method::POST],
            _ => &[Method::POST],
        }
    }
}

/// The paths of the login's resources, each good with a slash at its end, too: for an adapter whose framework must be told.
pub fn login_paths() -> impl Iterator<Item = &'static str> {
    Resource::WITH_PATHS.iter().map(|resource| resource.path())
}

/// Answers a request of a known method. Whoever may not ask is refused before his body is read.
pub(crate) async fn respond<B>(
    login: &Login,
    minicom: &Minicom,
    parts: &Parts,
    from: From,
    resource: Resource,
    body: Option<B>,
) -> Response<Body>
where
    B: IncomingBody,
    B::Error: std::error::Error,
{
    match resource {
        Resource::Page => {
            return match pages::login() {
                Some(page) => pages::response(page, &parts.headers),
                None => reply::not_found(),
            };
        }
        Resource::Slash => return reply::moved(http::HeaderValue::from_static("../login")),
        _ => {}
    }
    if parts.method != Method::POST {
        return answer::agents(login, minicom, parts).await;
    }
    let Some(body) = body else { return reply::not_found() };
    if let Err(refused) = guard::check(parts, from) {
        return *refused;
    }
    match incoming::read(parts, body).await {
        Ok(bytes) => answer::post(login, minicom, parts, resource, &bytes).await,
        Err(problem) => problem.response(),
    }
}

/// A refused `GET /api/session` also says where one signs in, relative to the mount.
pub(crate) fn tell_where(response: Response<Body>) -> Response<Body> {
    if response.status() == StatusCode::UNAUTHORIZED { answer::signed_out() } else { response }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths() {
        for (path, resource) in [
            ("/login", Some(Resource::Page)),
            ("/login/", Some(Resource::Slash)),
            ("/login//", None),
            ("/login.html", None),
            ("/api/login", Some(Resource::LogIn)),
            ("/api/login/", Some(Resource::LogIn)),
            ("/api/logout", Some(Resource::LogOut)),
            ("/api/password", Some(Resource::Password)),
            ("/api/setup", Some(Resource::SetUp)),
            ("/api/agents", Some(Resource::Agents)),
            ("/api/agents/ann", None),
            ("/api/invitations", Some(Resource::Invitations)),
            ("/api/invited", Some(Resource::Invited)),
            ("/api/join", Some(Resource::Join)),
            ("/api", None),
            ("", None),
        ] {
            assert_eq!(Resource::find(path), resource, "{path}");
        }
    }
}
