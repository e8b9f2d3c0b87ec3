//! Who a request is from.

use http::{HeaderMap, header::AUTHORIZATION, request::Parts};
use minicom_core::{AuthError, AuthRequest, AuthTarget, Clock, Identity, Minicom, SystemClock};

use crate::{peer, workspace::Chosen};

/// The identity that the host's own session put into the extensions, if it has not ended.
pub(crate) fn of_host(parts: &Parts) -> Option<Result<Identity, AuthError>> {
    let identity = parts.extensions.get::<Identity>()?.clone();
    let ended = identity.expires_at.is_some_and(|at| at <= SystemClock.now());
    Some(if ended { Err(AuthError::Expired) } else { Ok(identity) })
}

/// What the request brings, for an authenticator.
pub(crate) fn request(parts: &Parts, target: AuthTarget) -> AuthRequest {
    let mut request = AuthRequest::new(target);
    request.workspace = parts.extensions.get::<Chosen>().map(|Chosen(workspace)| workspace.clone());
    request.token = bearer(&parts.headers);
    // A value that is no text means nothing to an authenticator.
    let texts = parts.headers.iter().filter_map(|(name, value)| Some((name, value.to_str().ok()?)));
    request.headers = texts.map(|(name, value)| (name.as_str().to_owned(), value.to_owned())).collect();
    request.remote = peer::of(parts);
    request
}

/// The token of the one `Authorization`: whoever stands between may have looked at either of two.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<String> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return None };
    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
}

/// Who it is: whom the host vouches for, otherwise whom the authenticator knows. Either must be allowed what the path
/// asks for.
pub(crate) async fn identify(
    minicom: &Minicom,
    parts: &Parts,
    request: &AuthRequest,
) -> Result<Identity, AuthError> {
    match of_host(parts) {
        Some(identity) => {
            let identity = identity?;
            request.permits(&identity)?;
            Ok(identity)
        }
        None => minicom.authenticate(request).await,
    }
}

/// As [`identify`], for what somebody does: a visitor whose address is banned does nothing.
pub(crate) async fn admit(
    minicom: &Minicom,
    parts: &Parts,
    request: &AuthRequest,
) -> Result<Identity, AuthError> {
    let identity = identify(minicom, parts, request).await?;
    minicom.admit(&identity, request.remote).await?;
    Ok(identity)
}
