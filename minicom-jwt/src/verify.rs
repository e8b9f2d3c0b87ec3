//! From a token to claims that are signed, for us, and good now. Who they make of somebody is decided elsewhere.

use std::time::Duration;

use jiff::Timestamp;
use jsonwebtoken::{Validation, decode, decode_header, errors::ErrorKind};

use crate::{
    claims::Claims,
    error::{JwtError, Kind},
    key::JwtKeys,
};

/// How long a token may be, in bytes. Longer ones are refused unread.
pub const MAX_TOKEN_BYTES: usize = 8 * 1024;

/// What a token must say to be for us, and good now.
#[derive(Debug)]
pub(crate) struct Expected<'a> {
    pub audience: &'a str,
    pub issuer: Option<&'a str>,
    pub leeway: Duration,
    pub now: Timestamp,
}

pub(crate) fn verify(token: &str, keys: &JwtKeys, expected: &Expected<'_>) -> Result<Claims, JwtError> {
    if token.len() > MAX_TOKEN_BYTES {
        return Err(Kind::TooLong.into());
    }
    let header = decode_header(token).map_err(|error| JwtError::with_source(Kind::Malformed, error))?;
    // What must be understood, and is not, must not be passed over (RFC 7515 section 4.1.11).
    if header.crit.is_some() {
        return Err(Kind::Malformed.into());
    }
    let key = keys.find(&header)?;
    let (algorithm, key) = key.parts();
    let claims = decode::<Claims>(token, key, &signature_alone(algorithm)).map_err(refused)?.claims;
    check(&claims, expected)?;
    Ok(claims)
}

/// What it says is judged here, because the library reads the machine's clock.
fn signature_alone(algorithm: jsonwebtoken::Algorithm) -> Validation {
    let mut validation = Validation::new(algorithm);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    validation
}

fn refused(error: jsonwebtoken::errors::Error) -> JwtError {
    let kind = match error.kind() {
        ErrorKind::InvalidSignature => Kind::Signature,
        ErrorKind::Json(_) => Kind::Claim("exp, aud, sub or another"),
        _ => Kind::Malformed,
    };
    JwtError::with_source(kind, error)
}

/// Whose it is comes before when it ends: that somebody else's token has ended is nothing to say.
fn check(claims: &Claims, expected: &Expected<'_>) -> Result<(), JwtError> {
    let Expected { audience, issuer, leeway, now } = *expected;
    if !claims.aud.includes(audience) {
        return Err(Kind::Audience.into());
    }
    if issuer.is_some() && claims.iss.as_deref() != issuer {
        return Err(Kind::Issuer.into());
    }
    if claims.ends(leeway)? <= now {
        return Err(Kind::Expired.into());
    }
    if claims.begins(leeway)?.is_some_and(|begins| begins > now) {
        return Err(Kind::NotYet.into());
    }
    Ok(())
}
