//! Small responses, made of constants alone, so that none can fail to be built.

use std::time::Duration;

use bytes::Bytes;
use http::{
    HeaderName, HeaderValue, Method, Response, StatusCode,
    header::{
        ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION, RETRY_AFTER, WWW_AUTHENTICATE,
        X_CONTENT_TYPE_OPTIONS,
    },
};
use minicom_core::{Code, Error, Refusal};
use serde::Serialize;

use crate::Body;

pub(crate) const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName =
    HeaderName::from_static("cross-origin-resource-policy");

/// A response without a body.
pub(crate) fn empty(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::default());
    *response.status_mut() = status;
    response
}

/// Sets one header.
pub(crate) fn with(mut response: Response<Body>, name: HeaderName, value: &'static str) -> Response<Body> {
    response.headers_mut().insert(name, HeaderValue::from_static(value));
    response
}

/// Text for whoever reads it.
pub(crate) fn text(status: StatusCode, text: &'static str) -> Response<Body> {
    let mut response = empty(status);
    *response.body_mut() = Body::from(text.as_bytes());
    sealed(with(response, CONTENT_TYPE, "text/plain; charset=utf-8"))
}

/// A value as JSON. It is somebody's own, so nobody keeps it.
pub(crate) fn json<T: Serialize>(status: StatusCode, value: &T) -> Response<Body> {
    let Ok(json) = serde_json::to_vec(value) else { return empty(StatusCode::INTERNAL_SERVER_ERROR) };
    let mut response = empty(status);
    *response.body_mut() = Body::from(Bytes::from(json));
    let response = with(response, CONTENT_TYPE, "application/json");
    sealed(with(response, CACHE_CONTROL, "no-store"))
}

/// What is no page is not taken for one, not framed, and not loaded by other pages as an image or a script.
fn sealed(response: Response<Body>) -> Response<Body> {
    let response = with(response, X_CONTENT_TYPE_OPTIONS, "nosniff");
    let response = with(response, CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'");
    with(response, CROSS_ORIGIN_RESOURCE_POLICY, "same-origin")
}

/// What a refused request is told.
#[derive(Serialize)]
struct Problem<'a> {
    code: &'a str,
    message: &'a str,
}

/// A problem with a stable code.
pub(crate) fn problem(status: StatusCode, code: &str, message: &str) -> Response<Body> {
    json(status, &Problem { code, message })
}

/// What core refused, as HTTP says it.
pub(crate) fn error(error: &Error) -> Response<Body> {
    refusal(error.refusal())
}

fn refusal(refusal: &Refusal) -> Response<Body> {
    let status = match refusal.code() {
        Code::Unauthenticated => StatusCode::UNAUTHORIZED,
        Code::Forbidden | Code::Banned => StatusCode::FORBIDDEN,
        Code::NotFound => StatusCode::NOT_FOUND,
        Code::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Code::RateLimited => StatusCode::TOO_MANY_REQUESTS,
        Code::ClientIdReused => StatusCode::CONFLICT,
        Code::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::BAD_REQUEST,
    };
    let mut response = problem(status, refusal.code().as_str(), refusal.message());
    // For whoever counts refusals, on the way out.
    response.extensions_mut().insert(refusal.code());
    if status == StatusCode::UNAUTHORIZED {
        response = with(response, WWW_AUTHENTICATE, "Bearer");
    }
    if let Some(after) = refusal.retry_after() {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(whole_seconds(after)));
    }
    response
}

/// Rounded up: who comes back early is refused again.
pub(crate) fn whole_seconds(after: Duration) -> u64 {
    after.as_secs() + u64::from(after.subsec_nanos() > 0)
}

/// It is elsewhere, for now: the host may mount us differently tomorrow.
pub(crate) fn moved(location: HeaderValue) -> Response<Body> {
    let mut response = empty(StatusCode::TEMPORARY_REDIRECT);
    response.headers_mut().insert(LOCATION, location);
    response
}

/// The page is below a path that lacks its slash.
pub(crate) fn below(segment: &str) -> Response<Body> {
    // The dot keeps a segment with a colon from being read as a scheme.
    HeaderValue::try_from(format!("./{segment}/")).map_or_else(|_| not_found(), moved)
}

/// The path is not ours.
pub(crate) fn not_found() -> Response<Body> {
    text(StatusCode::NOT_FOUND, "not found\n")
}

/// The path is ours; the method is not.
pub(crate) fn method_not_allowed(allowed: &[Method]) -> Response<Body> {
    allow(text(StatusCode::METHOD_NOT_ALLOWED, "method not allowed\n"), allowed)
}

/// Says which methods there are.
pub(crate) fn allow(mut response: Response<Body>, allowed: &[Method]) -> Response<Body> {
    let allowed: Vec<_> = allowed.iter().map(Method::as_str).collect();
    if let Ok(allowed) = HeaderValue::try_from(allowed.join(", ")) {
        response.headers_mut().insert(ALLOW, allowed);
    }
    response
}
