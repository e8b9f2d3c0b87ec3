//! Any request to the HTTP side, written as in HTTP/1.1 so that a seed can be read: a line of method, target and version, then
//! headers, a line each. Lines that begin with an exclamation mark say what a server, the host or an adapter puts into the
//! extensions: `!upgrade`, `!user`, `!agent`, and `!mount /chat` for the path before it was made relative.
//!
//! What must hold: no panic; a path that is not ours, and no other, is answered 404; statuses are those that are documented;
//! `HEAD` is `GET` without its body; bodies are what their type says; an authenticator sees a path's segments as a strict
//! decoder written otherwise reads them, and any text at all comes through encoded; a socket or an answer is shared with a
//! page only if its origin is one that was allowed, or that of the host that was asked; what is asked of a conversation is
//! done for who may by a model and for no stranger's page, and its answer holds nothing of what was sent; and an origin
//! prints as what parses to the same.

mod acts;
mod asked;
mod host;
mod origin;
mod percent;

use std::sync::LazyLock;

use bytes::Bytes;
use http::{
    HeaderMap, Method, Response, StatusCode, Version,
    header::{
        ACCESS_CONTROL_ALLOW_ORIGIN, ALLOW, CONTENT_LENGTH, CONTENT_TYPE, HOST, LOCATION, ORIGIN,
        SEC_WEBSOCKET_ACCEPT, VARY,
    },
};
use minicom_core::{AuthRequest, AuthTarget, MemoryStore, Minicom};
use minicom_web::{Body, Web};
use serde_json::Value;

use self::{acts::Act, asked::Asked, host::Host};

/// Runs one input.
///
/// # Panics
/// If something does not hold.
pub fn run(data: &[u8]) {
    let text = std::str::from_utf8(data).ok();
    if let Some(text) = text {
        // Any text, whether or not it stands in a request.
        assert_eq!(serves(text), is_ours(text), "{text}");
        text.lines().for_each(origin::prints);
    }
    let Some(asked) = Asked::read(data) else {
        text.into_iter().for_each(percent::comes_through);
        return;
    };
    for value in asked.headers.values().filter_map(|value| value.to_str().ok()) {
        origin::prints(value);
    }
    let (response, seen) = Host::ask(&asked);
    if is_ours(asked.uri.path()) && asked.headers.get_all(HOST).iter().count() > 1 {
        assert_eq!(response.status(), StatusCode::BAD_REQUEST);
        return assert!(seen.is_empty(), "who names two hosts is nobody's");
    }
    judge(&asked, &response);
    judge_seen(&asked, &response, &seen);
    if let Some(act) = Act::of(asked.uri.path()) {
        act.judge(&asked, &response, &seen);
    }
    if asked.method == Method::GET && response.status() != StatusCode::SWITCHING_PROTOCOLS {
        judge_head(&asked, &response);
    }
}

/// What is said of every response.
fn judge(asked: &Asked, response: &Response<Body>) {
    let (status, headers) = (response.status(), response.headers());
    let path = asked.uri.path();
    // What is asked of a conversation that does not exist is not found either.
    let posted = asked.method == Method::POST && Act::of(path).is_some();
    assert!(posted || (status == StatusCode::NOT_FOUND) != is_ours(path), "{path}");
    let socket = path.starts_with("/ws");
    match status.as_u16() {
        204 | 400 | 401 | 403 | 404 if posted => {}
        101 => judge_socket(asked, headers),
        200 | 401 => assert!(!socket),
        204 => assert_eq!(asked.method, Method::OPTIONS),
        304 => assert!(!socket && body(response).is_empty()),
        307 => {
            // A path may come in more than ASCII, and goes back as it came.
            let location = str::from_utf8(headers[LOCATION].as_bytes()).expect("a path");
            let (dot, below) = location.split_at(1);
            let mount = asked.mount.as_deref().expect("somewhere below");
            let whole = below.strip_suffix("/index.html").is_some_and(|below| mount.ends_with(below));
            assert!(path == "/" && dot == "." && whole, "{location} for {mount}");
        }
        308 => assert_eq!(headers[LOCATION], format!("..{}", path.trim_end_matches('/'))),
        403 if socket => assert!(origin::is_strangers(asked)),
        // A visitor asks for what is an agent's.
        403 => assert!(asked.token() == Some("visitor") || asked.user),
        404 => {}
        405 => {
            let allowed = headers[ALLOW].to_str().expect("a list");
            assert!(allowed.split(", ").all(|method| method != asked.method.as_str()), "{allowed}");
        }
        400 | 426 => assert!(socket),
        500 => assert!(socket && !asked.upgrade),
        other => panic!("no status of ours: {other}"),
    }
    if headers.get(CONTENT_TYPE).is_some_and(|it| it == "application/json") && asked.method != Method::HEAD {
        serde_json::from_slice::<Value>(&body(response)).expect("JSON");
    }
    // The script that other pages load is everybody's, and nothing else is.
    let shared = headers.get(ACCESS_CONTROL_ALLOW_ORIGIN);
    let everybody = shared.is_some_and(|shared| shared == "*");
    assert!(!everybody || path == "/widget.js");
    if let Some(shared) = shared.filter(|_| !everybody) {
        assert_eq!(asked.only(&ORIGIN), Some(shared.as_bytes()));
        assert!(origin::is_allowed(shared.as_bytes()), "{shared:?}");
        assert_eq!(headers[VARY], "Origin");
    }
}

/// A socket is opened only by a handshake, and to no stranger's page.
fn judge_socket(asked: &Asked, headers: &HeaderMap) {
    assert!(asked.method == Method::GET && asked.version == Version::HTTP_11 && asked.upgrade);
    assert_eq!(headers[SEC_WEBSOCKET_ACCEPT].len(), 28, "a SHA-1 in base64");
    assert!(!origin::is_strangers(asked), "a stranger's page");
}

/// What the authenticator was shown.
fn judge_seen(asked: &Asked, response: &Response<Body>, seen: &[AuthRequest]) {
    assert!(seen.len() <= 1, "one request is judged once");
    if Act::of(asked.uri.path()).is_some() {
        return;
    }
    let Some(chat) = asked.uri.path().strip_prefix("/ws/chat/") else {
        let target = seen.first().map(|request| &request.target);
        return assert!(!matches!(target, Some(AuthTarget::Path { .. })));
    };
    if response.status() != StatusCode::SWITCHING_PROTOCOLS || asked.user || asked.agent {
        return assert!(seen.is_empty());
    }
    let (role, email) = role_and_email(chat).expect("a role and an email");
    let shown = seen.first().map(|request| request.target.clone());
    let decoded = percent::decode(role).zip(percent::decode(email));
    assert_eq!(shown, decoded.map(|(role, email)| AuthTarget::Path { role, email }));
}

/// What stands behind `/ws/chat/`, if it is two segments and at most a slash.
fn role_and_email(chat: &str) -> Option<(&str, &str)> {
    chat.strip_suffix('/').unwrap_or(chat).split_once('/').filter(|(_, email)| !email.contains('/'))
}

/// Whether a path is one of ours, as the documentation has them.
fn is_ours(path: &str) -> bool {
    let file = ["/", "/index.html", "/favicon.svg", "/widget.js"].contains(&path);
    let fixed =
        ["/desk", "/panel", "/ws", "/api/users", "/api/session", "/api/widget", "/healthz", "/readyz"];
    file || fixed.contains(&path.strip_suffix('/').unwrap_or(path))
        || path.strip_prefix("/ws/chat/").is_some_and(|chat| role_and_email(chat).is_some())
        || Act::of(path).is_some()
        // What the pages load has names that change with its content.
        || (path.starts_with("/assets/") && serves(path))
}

/// What a server says is its own that has no workspaces.
fn serves(path: &str) -> bool {
    static WEB: LazyLock<Web> = LazyLock::new(|| {
        Web::new(Minicom::builder().store(MemoryStore::new()).build().expect("a store is given"))
    });
    WEB.serves(path)
}

/// The same request, but for the body.
fn judge_head(asked: &Asked, response: &Response<Body>) {
    let (head, _) = Host::ask(&asked.with_method(Method::HEAD));
    if head.status() == StatusCode::METHOD_NOT_ALLOWED {
        let path = asked.uri.path();
        return assert!(path.starts_with("/ws") || Act::of(path).is_some());
    }
    assert_eq!(head.status(), response.status());
    assert!(body(&head).is_empty());
    let mut headers = head.headers().clone();
    if let Some(length) = headers.remove(CONTENT_LENGTH) {
        assert_eq!(length, body(response).len().to_string());
    }
    assert_eq!(headers, *response.headers());
}

fn body(response: &Response<Body>) -> Bytes {
    response.body().clone().into()
}
