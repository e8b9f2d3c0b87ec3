//! Which pages may talk to us. A browser lets any page open a WebSocket to any server, and post to it, with the visitor's
//! cookies; the headers `Origin` and `Sec-Fetch-Site`, which no page can set, are what tells a stranger's page from ours.

use std::{fmt, str::FromStr};

use http::{
    HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode, Uri,
    header::{
        ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
        ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD, HOST, ORIGIN,
        VARY,
    },
    request::Parts,
    uri::Authority,
};
use serde::Deserialize;

use minicom_core::Refusal;

use crate::{Body, reply};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// An origin as browsers send it: `https://shop.example`, `http://127.0.0.1:5173`, or `null`, which is what a sandboxed
/// frame or a file sends and everybody can make a browser send.
///
/// In a configuration it is read from a string.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Origin(Kind);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    Null,
    Tuple { scheme: String, host: String, port: Option<u16> },
}

/// The text is no origin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an origin is scheme://host or scheme://host:port, without a path: {0:?} is none")]
pub struct InvalidOrigin(String);

impl FromStr for Origin {
    type Err = InvalidOrigin;

    /// Reads an origin; one slash at its end is forgiven.
    fn from_str(text: &str) -> Result<Self, InvalidOrigin> {
        if text == "null" {
            return Ok(Self(Kind::Null));
        }
        let invalid = || InvalidOrigin(text.to_owned());
        let (scheme, rest) = text.split_once("://").ok_or_else(invalid)?;
        // RFC 3986 section 3.1.
        let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
        if !is_scheme {
            return Err(invalid());
        }
        let scheme = scheme.to_ascii_lowercase();
        let authority = Authority::from_str(rest.strip_suffix('/').unwrap_or(rest)).map_err(|_| invalid())?;
        let (host, port) = host_and_port(&authority, &scheme).ok_or_else(invalid)?;
        Ok(Self(Kind::Tuple { scheme, host, port }))
    }
}

impl TryFrom<String> for Origin {
    type Error = InvalidOrigin;

    fn try_from(text: String) -> Result<Self, InvalidOrigin> {
        text.parse()
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Null => f.write_str("null"),
            Kind::Tuple { scheme, host, port } if *port == default_port(scheme) => {
                write!(f, "{scheme}://{host}")
            }
            Kind::Tuple { scheme, host, port: None } => write!(f, "{scheme}://{host}"),
            Kind::Tuple { scheme, host, port: Some(port) } => write!(f, "{scheme}://{host}:{port}"),
        }
    }
}

impl Origin {
    /// Whether a page of this origin came from the host that the request was sent to. The scheme is not compared: behind a
    /// proxy that ends TLS we do not know our own.
    fn is_of(&self, authority: &Authority) -> bool {
        let Kind::Tuple { scheme, host, port } = &self.0 else { return false };
        host_and_port(authority, scheme).is_some_and(|ours| ours == (host.clone(), *port))
    }
}

/// Who may frame a page: its own origin and these, as a `frame-ancestors` directive. `null` and an IPv6 address cannot
/// be said there.
pub(crate) fn frame_ancestors(allowed: &[Origin]) -> String {
    let mut directive = String::from("frame-ancestors 'self'");
    let sayable = allowed
        .iter()
        .filter(|origin| matches!(&origin.0, Kind::Tuple { host, .. } if !host.starts_with('[')));
    for origin in sayable {
        directive.extend([" ", &origin.to_string()]);
    }
    directive
}

fn default_port(scheme: &str) -> Option<u16> {
    match scheme {
        "http" | "ws" => Some(80),
        "https" | "wss" => Some(443),
        _ => None,
    }
}

/// The port that is meant, said or not. `None`: not an authority as an origin or a `Host` header has it.
fn host_and_port(authority: &Authority, scheme: &str) -> Option<(String, Option<u16>)> {
    let host = authority.host();
    if host.is_empty() || authority.as_str().contains('@') {
        return None;
    }
    // Brackets hold an address that is the whole host; `http` takes them anywhere.
    if host.contains(['[', ']']) && !(host.starts_with('[') && host.ends_with(']')) {
        return None;
    }
    // What follows the host and is no port must not pass for the default.
    let port = match authority.as_str().strip_prefix(host)?.strip_prefix(':') {
        Some(port) if port.bytes().all(|byte| byte.is_ascii_digit()) => Some(port.parse().ok()?),
        None if authority.as_str() == host => default_port(scheme),
        _ => return None,
    };
    Some((host.to_ascii_lowercase(), port))
}

/// The one host that the request names.
pub(crate) fn own_authority(uri: &Uri, headers: &HeaderMap) -> Option<Authority> {
    if let Some(authority) = uri.authority() {
        return Some(authority.clone());
    }
    let mut hosts = headers.get_all(HOST).iter();
    match (hosts.next(), hosts.next()) {
        (Some(host), None) => Authority::try_from(host.as_bytes()).ok(),
        _ => None,
    }
}

/// What a browser says of the page behind a request (Fetch Metadata). It is there too where an extension or a policy took the
/// origin away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Site {
    /// Nothing: no browser, or one that does not know the header.
    Unsaid,
    /// A page of the origin that is asked.
    SameOrigin,
    /// No page: the visitor typed an address, or followed a bookmark.
    Typed,
    /// Any other page, or words that no browser says.
    Other,
}

impl Site {
    fn of(headers: &HeaderMap) -> Self {
        let mut sites = headers.get_all(SEC_FETCH_SITE).iter();
        match (sites.next().map(HeaderValue::as_bytes), sites.next()) {
            (None, _) => Self::Unsaid,
            (Some(b"same-origin"), None) => Self::SameOrigin,
            (Some(b"none"), None) => Self::Typed,
            _ => Self::Other,
        }
    }
}

/// Where a request comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum From {
    /// No browser's page, or one of our own.
    Here,
    /// A page of an allowed origin.
    Allowed,
    /// Any other page.
    Stranger,
}

/// Judges which page a request is from. A page that does not say its origin is as good as one whose origin is `null`,
/// unless the browser says that it is one of ours: forms of a page without referrers are sent so.
pub(crate) fn judge(parts: &Parts, allowed: &[Origin]) -> From {
    let site = Site::of(&parts.headers);
    let mut origins = parts.headers.get_all(ORIGIN).iter();
    let origin = match (origins.next(), origins.next()) {
        (None, _) if site != Site::Other => return From::Here,
        (None, _) => Some(Origin(Kind::Null)),
        (Some(origin), None) => origin.to_str().ok().and_then(|origin| origin.parse::<Origin>().ok()),
        (Some(_), Some(_)) => None,
    };
    let Some(origin) = origin else { return From::Stranger };
    if allowed.contains(&origin) {
        From::Allowed
    } else if origin.0 == Kind::Null && site == Site::SameOrigin
        || own_authority(&parts.uri, &parts.headers).is_some_and(|own| origin.is_of(&own))
    {
        From::Here
    } else {
        From::Stranger
    }
}

/// Whether the page behind a request is one of our own, where its origin is on the list as well.
#[cfg(feature = "login")]
pub(crate) fn is_own(parts: &Parts) -> bool {
    let origin = parts.headers.get(ORIGIN).and_then(|origin| origin.to_str().ok()?.parse::<Origin>().ok());
    origin.zip(own_authority(&parts.uri, &parts.headers)).is_some_and(|(origin, own)| origin.is_of(&own))
}

/// Refuses what a stranger's page may not do: whatever opens a socket or changes something, on every route. What only reads
/// is answered: such a page cannot see the answer ([`share`]).
pub(crate) fn refuse(parts: &Parts, from: From, opens_socket: bool) -> Option<Response<Body>> {
    let refused = from == From::Stranger && (opens_socket || !parts.method.is_safe());
    refused.then(|| share(reply::error(&Refusal::forbidden().into()), parts, from))
}

/// Lets an allowed origin's page read a response.
pub(crate) fn share(mut response: Response<Body>, parts: &Parts, from: From) -> Response<Body> {
    let headers = response.headers_mut();
    // On every answer: a cache must not hand one origin's to another. One that depends on more has said so.
    headers.entry(VARY).or_insert(HeaderValue::from_static("Origin"));
    if let (From::Allowed, Some(origin)) = (from, parts.headers.get(ORIGIN)) {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
    }
    response
}

/// Answers `OPTIONS`: a browser's question whether it may ask, or anybody's which methods there are.
pub(crate) fn preflight(parts: &Parts, from: From, methods: &[Method]) -> Response<Body> {
    let mut response = reply::allow(reply::empty(StatusCode::NO_CONTENT), methods);
    if from == From::Allowed && parts.headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD) {
        let headers = response.headers_mut();
        headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, HEAD, POST"));
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("authorization"));
        headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(uri: &str, host: Option<&str>, origin: &str) -> Parts {
        let mut request = http::Request::get(uri).header(ORIGIN, origin);
        if let Some(host) = host {
            request = request.header(HOST, host);
        }
        request.body(()).expect("a request").into_parts().0
    }

    #[test]
    fn same_origin_is_the_host_and_the_port() {
        for (host, origin, here) in [
            ("shop.example", "https://shop.example", true),
            ("shop.example", "http://shop.example", true),
            ("Shop.Example", "https://shop.example", true),
            ("shop.example:443", "https://shop.example", true),
            ("shop.example:80", "https://shop.example", false),
            ("127.0.0.1:8000", "http://127.0.0.1:8000", true),
            ("127.0.0.1:8000", "http://127.0.0.1", false),
            ("127.0.0.1:8000", "http://127.0.0.1:8001", false),
            ("[::1]:8000", "http://[::1]:8000", true),
            ("localhost:8000", "http://127.0.0.1:8000", false),
            ("shop.example", "https://shop.example.evil.example", false),
            ("shop.example", "https://evil.example", false),
            ("shop.example", "https://ann@shop.example", false),
            ("shop.example:x", "https://shop.example", false),
            ("shop.example", "https://shop.example:", false),
            ("shop.example", "null", false),
            ("shop.example", "", false),
            ("shop.example", "shop.example", false),
            ("", "https://shop.example", false),
        ] {
            let from = judge(&request("/ws", Some(host), origin), &[]);
            assert_eq!(from == From::Here, here, "{origin} at {host}");
        }
        let absolute = request("http://shop.example/ws", None, "http://shop.example");
        assert_eq!(judge(&absolute, &[]), From::Here);
        assert_eq!(judge(&request("/ws", None, "http://shop.example"), &[]), From::Stranger);
    }

    #[test]
    fn listed_origins_are_compared_whole() {
        let list = ["https://Shop.example:443/", "http://127.0.0.1:5173", "capacitor://localhost"]
            .map(|origin| origin.parse::<Origin>().expect(origin));
        for (origin, allowed) in [
            ("https://shop.example", true),
            ("http://shop.example", false),
            ("http://127.0.0.1:5173", true),
            ("http://127.0.0.1:5174", false),
            ("capacitor://localhost", true),
            ("null", false),
        ] {
            let from = judge(&request("/ws", Some("api.example"), origin), &list);
            assert_eq!(from == From::Allowed, allowed, "{origin}");
        }
        let null = ["null".parse::<Origin>().expect("null")];
        assert_eq!(judge(&request("/ws", Some("api.example"), "null"), &null), From::Allowed);
    }

    #[test]
    fn a_page_without_an_origin_is_told_by_its_site() {
        let judged = |origin: Option<&str>, sites: &[&str], allowed: &[Origin]| {
            let mut request = http::Request::post("/api").header(HOST, "shop.example");
            for (name, values) in [(ORIGIN, origin.as_slice()), (SEC_FETCH_SITE, sites)] {
                for value in values {
                    request = request.header(name.clone(), *value);
                }
            }
            judge(&request.body(()).expect("a request").into_parts().0, allowed)
        };
        let null = ["null".parse::<Origin>().expect("null")];
        let own = Some("https://shop.example");
        for (origin, sites, from) in [
            (None, &[][..], From::Here),
            (None, &["same-origin"], From::Here),
            (None, &["none"], From::Here),
            (None, &["same-site"], From::Stranger),
            (None, &["cross-site"], From::Stranger),
            (None, &["Same-Origin"], From::Stranger),
            (None, &[""], From::Stranger),
            (None, &["same-origin", "cross-site"], From::Stranger),
            (None, &["same-origin", "same-origin"], From::Stranger),
            (Some("null"), &["same-origin"], From::Here),
            (Some("null"), &["none"], From::Stranger),
            (Some("null"), &["cross-site"], From::Stranger),
            (Some("https://evil.example"), &["same-origin"], From::Stranger),
            (own, &["same-origin"], From::Here),
            // Browsers have not always agreed on what a socket's site is; the origin itself is the better witness.
            (own, &["cross-site"], From::Here),
        ] {
            assert_eq!(judged(origin, sites, &[]), from, "{origin:?} {sites:?}");
        }
        assert_eq!(judged(None, &["cross-site"], &null), From::Allowed);
        assert_eq!(judged(Some("https://evil.example"), &["cross-site"], &null), From::Stranger);
    }

    #[test]
    fn a_stranger_reads_nothing_and_does_nothing() {
        let refused = |method: Method, from, socket| {
            let request = http::Request::builder().method(method).body(()).expect("a request");
            refuse(&request.into_parts().0, from, socket).map(|response| response.status())
        };
        for (method, socket, stranger) in [
            (Method::GET, false, None),
            (Method::HEAD, false, None),
            (Method::OPTIONS, false, None),
            (Method::GET, true, Some(StatusCode::FORBIDDEN)),
            (Method::POST, false, Some(StatusCode::FORBIDDEN)),
            (Method::PUT, false, Some(StatusCode::FORBIDDEN)),
            (Method::DELETE, false, Some(StatusCode::FORBIDDEN)),
        ] {
            assert_eq!(refused(method.clone(), From::Stranger, socket), stranger, "{method}");
            for from in [From::Here, From::Allowed] {
                assert_eq!(refused(method.clone(), from, socket), None, "{method}");
            }
        }
    }

    #[test]
    fn who_may_frame() {
        assert_eq!(frame_ancestors(&[]), "frame-ancestors 'self'");
        let list = ["https://shop.example", "null", "http://[::1]:8000", "http://localhost:5173"]
            .map(|origin| origin.parse::<Origin>().expect(origin));
        assert_eq!(
            frame_ancestors(&list),
            "frame-ancestors 'self' https://shop.example http://localhost:5173"
        );
    }

    #[test]
    fn what_is_no_origin() {
        for text in [
            "",
            "*",
            "shop.example",
            "https://",
            "https:///",
            "https://a/b",
            "https://a?b",
            "https://a@b",
            "https://a:x",
            "https://a:+80",
            "http://127.0.0.1[::1]:8",
            "http://[::1]x:80",
            "://a",
        ] {
            assert!(text.parse::<Origin>().is_err(), "{text}");
        }
        for text in ["null", "https://shop.example", "http://[::1]:8000"] {
            assert_eq!(text.parse::<Origin>().expect(text).to_string(), text);
        }
    }
}
