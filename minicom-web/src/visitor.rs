//! `POST /api/visitor`: a page whose visitor is nobody yet asks for one.

use http::{Response, StatusCode, request::Parts};
use minicom_core::{AuthTarget, Minicom};
use serde::Serialize;

use crate::{Body, auth, reply, rest};

/// Somebody new, and what he shows to be known again.
#[derive(Serialize)]
struct Visitor<'a> {
    token: &'a str,
    email: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_in_ms: Option<u64>,
}

/// With the token of such a visitor: the same one again, with a fresh token.
pub(crate) async fn create(minicom: &Minicom, parts: &Parts) -> Response<Body> {
    let request = auth::request(parts, AuthTarget::Rest);
    match minicom.new_visitor(&request).await {
        Ok(issued) => {
            let visitor = Visitor {
                token: &issued.token,
                email: issued.identity.participant.as_str(),
                expires_in_ms: rest::milliseconds_left(&issued.identity),
            };
            reply::json(StatusCode::OK, &visitor)
        }
        Err(error) => rest::refused(&error.into()),
    }
}
