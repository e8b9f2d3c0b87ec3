//! The opening handshake of a WebSocket (RFC 6455 section 4.2), and how a socket is let in.

use base64::{Engine, engine::general_purpose::STANDARD};
use http::{
    HeaderMap, HeaderName, HeaderValue, Response, StatusCode, Version,
    header::{
        CONNECTION, RETRY_AFTER, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, UPGRADE,
    },
    request::Parts,
};
use hyper::upgrade::OnUpgrade;
use minicom_core::{AddressCharge, Admission, AuthError, AuthTarget, CloseCode, Minicom};
use sha1_smol::Sha1;

use crate::{
    Body, auth, peer,
    percent::{self, NotDecodable},
    reply, socket,
};

/// What every server appends to the client's key (RFC 6455 section 1.3).
const MAGIC: &[u8] = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// What a path asks for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Asked<'a> {
    /// A role and an email, still encoded.
    Path { role: &'a str, email: &'a str },
    /// Nothing: the session says who it is, or a first frame `auth`.
    Nothing,
}

/// Answers a handshake. A refusal is an accepted socket that is closed at once, because a browser's page sees a close
/// code and never an HTTP status; only a stranger's page got a status before it came here.
pub(crate) async fn answer(minicom: &Minicom, mut parts: Parts, asked: Asked<'_>) -> Response<Body> {
    let accept = match accept(&parts) {
        Ok(accept) => accept,
        Err(problem) => return problem.response(parts.version),
    };
    if minicom.is_draining() {
        return elsewhere();
    }
    let on_upgrade = match on_upgrade(&mut parts) {
        Ok(on_upgrade) => on_upgrade,
        Err(response) => return *response,
    };
    let remote = peer::of(&parts);
    let admission = admit(minicom, &parts, asked).await;
    let minicom = minicom.clone();
    tokio::spawn(async move {
        match on_upgrade.await {
            Ok(upgraded) => minicom.serve_from(socket::Socket::new(upgraded), admission, remote).await,
            Err(error) => tracing::debug!(%error, "a client went away during the handshake"),
        }
    });
    switching(accept)
}

/// Answers a handshake with a socket that echoes.
#[cfg(feature = "conformance")]
pub(crate) fn echo(mut parts: Parts) -> Response<Body> {
    let accept = match accept(&parts) {
        Ok(accept) => accept,
        Err(problem) => return problem.response(parts.version),
    };
    let on_upgrade = match on_upgrade(&mut parts) {
        Ok(on_upgrade) => on_upgrade,
        Err(response) => return *response,
    };
    tokio::spawn(async move {
        match on_upgrade.await {
            Ok(upgraded) => crate::echo::serve(socket::Socket::new(upgraded)).await,
            Err(error) => tracing::debug!(%error, "a client went away during the handshake"),
        }
    });
    switching(accept)
}

/// What the server left for us to take the connection over with.
fn on_upgrade(parts: &mut Parts) -> Result<OnUpgrade, Box<Response<Body>>> {
    parts.extensions.remove::<OnUpgrade>().ok_or_else(|| {
        tracing::error!(
            "the server left no upgrade in the request's extensions: it must serve with upgrades"
        );
        reply::problem(StatusCode::INTERNAL_SERVER_ERROR, "internal", "this server cannot upgrade").into()
    })
}

/// The server drains. A proxy asks another one; a browser's page sees a socket that failed, and comes back.
fn elsewhere() -> Response<Body> {
    let response = reply::problem(StatusCode::SERVICE_UNAVAILABLE, "unavailable", "this server is stopping");
    reply::with(response, RETRY_AFTER, "1")
}

fn switching(accept: HeaderValue) -> Response<Body> {
    let response = reply::with(reply::empty(StatusCode::SWITCHING_PROTOCOLS), UPGRADE, "websocket");
    let mut response = reply::with(response, CONNECTION, "Upgrade");
    response.headers_mut().insert(SEC_WEBSOCKET_ACCEPT, accept);
    response
}

async fn admit(minicom: &Minicom, parts: &Parts, asked: Asked<'_>) -> Admission {
    if let Err(refusal) = peer::charge(minicom, parts, AddressCharge::Connect) {
        return Admission::TooMany { retry_after: refusal.retry_after().unwrap_or_default() };
    }
    let target = match target(asked) {
        Ok(target) => target,
        Err(code) => return Admission::Refused(code),
    };
    let request = auth::request(parts, target);
    match auth::admit(minicom, parts, &request).await {
        Ok(identity) => Admission::Known(identity),
        Err(AuthError::Missing) if request.target == AuthTarget::Socket => Admission::Pending(request),
        Err(error) => {
            tracing::debug!(%error, "a socket is refused");
            if let Some(retry_after) = error.retry_after() {
                return Admission::TooMany { retry_after };
            }
            Admission::Refused(error.close_code())
        }
    }
}

fn target(asked: Asked<'_>) -> Result<AuthTarget, CloseCode> {
    let Asked::Path { role, email } = asked else { return Ok(AuthTarget::Socket) };
    let role = percent::decode(role).map_err(|NotDecodable| CloseCode::UnknownRole)?;
    let email = percent::decode(email).map_err(|NotDecodable| CloseCode::Forbidden)?;
    Ok(AuthTarget::Path { role, email })
}

/// Why a handshake is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Problem {
    /// It asks for no WebSocket, or in no HTTP/1.1.
    NoUpgrade,
    /// It asks for another version of the protocol.
    Version,
    /// Its key is missing or is not 16 bytes.
    Key,
}

impl Problem {
    fn response(self, version: Version) -> Response<Body> {
        let (status, message) = match self {
            Self::NoUpgrade => (StatusCode::UPGRADE_REQUIRED, "a WebSocket over HTTP/1.1 is spoken here"),
            Self::Version => {
                (StatusCode::UPGRADE_REQUIRED, "version 13 of the WebSocket protocol is spoken here")
            }
            Self::Key => (StatusCode::BAD_REQUEST, "Sec-WebSocket-Key must be 16 bytes in base64"),
        };
        let mut response = reply::problem(status, "bad_request", message);
        if status == StatusCode::UPGRADE_REQUIRED {
            response = reply::with(response, SEC_WEBSOCKET_VERSION, "13");
            // Headers about the connection do not exist in HTTP/2 (RFC 9113 section 8.2.2).
            if version <= Version::HTTP_11 {
                response = reply::with(response, UPGRADE, "websocket");
                response = reply::with(response, CONNECTION, "Upgrade");
            }
        }
        response
    }
}

/// Checks the handshake and answers its key.
fn accept(parts: &Parts) -> Result<HeaderValue, Problem> {
    let headers = &parts.headers;
    let asks = parts.version == Version::HTTP_11
        && lists(headers, &UPGRADE, "websocket")
        && lists(headers, &CONNECTION, "upgrade");
    if !asks {
        return Err(Problem::NoUpgrade);
    }
    if one(headers, &SEC_WEBSOCKET_VERSION) != Some(b"13") {
        return Err(Problem::Version);
    }
    let key = one(headers, &SEC_WEBSOCKET_KEY).ok_or(Problem::Key)?;
    if STANDARD.decode(key).ok().is_none_or(|key| key.len() != 16) {
        return Err(Problem::Key);
    }
    let mut sha1 = Sha1::from(key);
    sha1.update(MAGIC);
    HeaderValue::try_from(STANDARD.encode(sha1.digest().bytes())).map_err(|_| Problem::Key)
}

/// Whether a header that is a list of tokens has one, in whatever case.
fn lists(headers: &HeaderMap, name: &HeaderName, token: &str) -> bool {
    let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|item| item.trim().eq_ignore_ascii_case(token))
}

/// The value of a header that may stand there once.
fn one<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a [u8]> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => Some(value.as_bytes().trim_ascii()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn handshake() -> Parts {
        let request = http::Request::get("/ws")
            .header("upgrade", "WebSocket")
            .header("connection", "keep-alive, Upgrade")
            .header("sec-websocket-version", "13")
            .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==");
        request.body(()).expect("a request").into_parts().0
    }

    #[test]
    fn the_example_of_the_rfc() {
        assert_eq!(accept(&handshake()).expect("accepted"), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }

    #[test]
    fn what_is_no_handshake() {
        let change = |name: &'static str, value: Option<&'static str>| {
            let mut parts = handshake();
            match value {
                Some(value) => drop(parts.headers.insert(name, HeaderValue::from_static(value))),
                None => drop(parts.headers.remove(name)),
            }
            accept(&parts).err()
        };
        for name in ["upgrade", "connection"] {
            assert_eq!(change(name, None), Some(Problem::NoUpgrade));
            assert_eq!(change(name, Some("h2c")), Some(Problem::NoUpgrade));
        }
        for version in [None, Some("8"), Some("013"), Some("13, 8")] {
            assert_eq!(change("sec-websocket-version", version), Some(Problem::Version));
        }
        for key in [None, Some(""), Some("x"), Some("c2hvcnQ="), Some("dGhlIHNhbXBsZSBub25jZQ")] {
            assert_eq!(change("sec-websocket-key", key), Some(Problem::Key));
        }
        let mut old = handshake();
        old.version = Version::HTTP_10;
        assert_eq!(accept(&old).err(), Some(Problem::NoUpgrade));
        let mut twice = handshake();
        twice.headers.append(SEC_WEBSOCKET_KEY, HeaderValue::from_static("dGhlIHNhbXBsZSBub25jZQ=="));
        assert_eq!(accept(&twice).err(), Some(Problem::Key));
    }
}
