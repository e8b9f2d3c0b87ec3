//! What a token says, and whom it makes of somebody.

use std::{collections::BTreeMap, time::Duration};

use jiff::{SignedDuration, Timestamp};
use minicom_core::{AgentRole, Identity, ParticipantId, Role, WorkspaceId};
use serde::{Deserialize, Serialize};

use crate::error::{JwtError, Kind};

/// How long a name to show may be, in characters; what is longer is cut.
const NAME_CHARS: usize = 100;
/// How many attributes there may be, and how long their names and values, in bytes.
const ATTRIBUTES: usize = 32;
const ATTRIBUTE_NAME_BYTES: usize = 64;
const ATTRIBUTE_BYTES: usize = 512;
/// How long an address may be, in bytes (RFC 5321 section 4.5.3.1.3).
const EMAIL_BYTES: usize = 254;

/// The claims that are read. A claim that is here twice makes the token none.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Claims {
    pub sub: String,
    pub aud: Audience,
    /// Seconds since 1970, as `nbf`: RFC 7519 section 2 allows fractions.
    exp: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    nbf: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iss: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    role: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workspace: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    email_verified: Option<bool>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    attributes: BTreeMap<String, String>,
}

/// Whom a token is for (RFC 7519 section 4.1.3).
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Audience {
    One(String),
    Several(Vec<String>),
}

impl Audience {
    pub fn includes(&self, audience: &str) -> bool {
        match self {
            Self::One(one) => one == audience,
            Self::Several(several) => several.iter().any(|one| one == audience),
        }
    }
}

/// What is beyond all calendars is no time.
fn time(seconds: f64, claim: &'static str) -> Result<Timestamp, JwtError> {
    let time = SignedDuration::try_from_secs_f64(seconds).and_then(Timestamp::from_duration);
    time.map_err(|error| JwtError::with_source(Kind::Claim(claim), error))
}

fn signed(span: Duration) -> SignedDuration {
    SignedDuration::try_from(span).unwrap_or(SignedDuration::MAX)
}

impl Claims {
    /// What says all of an identity, until it ends.
    pub fn of(identity: &Identity, audience: &str, issuer: Option<&str>) -> Result<Self, JwtError> {
        let role = match identity.role {
            Role::User => "user",
            Role::Agent => identity.agent_role.as_str(),
            Role::Ai => return Err(Kind::Claim("role").into()),
        };
        let ends = identity.expires_at.ok_or(Kind::Claim("exp"))?;
        Ok(Self {
            sub: identity.participant.as_str().to_owned(),
            aud: Audience::One(audience.to_owned()),
            exp: ends.as_duration().as_secs_f64(),
            nbf: None,
            iss: issuer.map(str::to_owned),
            role: Some(role.to_owned()),
            workspace: Some(identity.workspace.as_str().to_owned()),
            name: identity.name.clone(),
            email: identity.email.clone(),
            email_verified: identity.email.is_some().then_some(true),
            attributes: identity.attributes.clone(),
        })
    }

    /// When it is no longer good.
    pub fn ends(&self, leeway: Duration) -> Result<Timestamp, JwtError> {
        Ok(time(self.exp, "exp")?.saturating_add(signed(leeway)).unwrap_or(Timestamp::MAX))
    }

    /// From when on it is good, if it says so.
    pub fn begins(&self, leeway: Duration) -> Result<Option<Timestamp>, JwtError> {
        let Some(nbf) = self.nbf else { return Ok(None) };
        Ok(Some(time(nbf, "nbf")?.saturating_sub(signed(leeway)).unwrap_or(Timestamp::MIN)))
    }

    /// Who it is. `workspace`: where the token names none.
    pub fn identity(self, workspace: &WorkspaceId, leeway: Duration) -> Result<Identity, JwtError> {
        let ends = self.ends(leeway)?;
        let workspace = match &self.workspace {
            Some(named) => WorkspaceId::new(named)
                .map_err(|error| JwtError::with_source(Kind::Claim("workspace"), error))?,
            None => workspace.clone(),
        };
        let subject = ParticipantId::new(&self.sub)
            .map_err(|error| JwtError::with_source(Kind::Claim("sub"), error))?;
        let identity = match self.role.as_deref() {
            None | Some("user") => Identity::user(workspace, subject),
            Some(role) => {
                let role = AgentRole::parse(role).ok_or(Kind::Claim("role"))?;
                Identity::agent(workspace, subject).with_agent_role(role)
            }
        };
        let mut identity = identity.with_expiry(ends);
        identity.name = self.name.as_deref().and_then(shown);
        identity.email =
            self.email.filter(|email| self.email_verified == Some(true) && is_line(email, EMAIL_BYTES));
        if !are_bounded(&self.attributes) {
            return Err(Kind::Claim("attributes").into());
        }
        identity.attributes = self.attributes;
        Ok(identity)
    }
}

/// A name as it may be shown; an empty one is none.
fn shown(name: &str) -> Option<String> {
    let name: String = name.trim().chars().filter(|c| !c.is_control()).take(NAME_CHARS).collect();
    (!name.is_empty()).then_some(name)
}

fn is_line(text: &str, most: usize) -> bool {
    (1..=most).contains(&text.len()) && !text.chars().any(char::is_control)
}

fn are_bounded(attributes: &BTreeMap<String, String>) -> bool {
    attributes.len() <= ATTRIBUTES
        && attributes
            .iter()
            .all(|(name, value)| is_line(name, ATTRIBUTE_NAME_BYTES) && value.len() <= ATTRIBUTE_BYTES)
}
