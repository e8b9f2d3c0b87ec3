//! Who says who somebody is, as it was chosen.

use std::{fmt, str::FromStr};

use clap::Args;
use minicom_core::{NotLoopback, PathIdentity};
use serde::Deserialize;

use crate::options::Options;

/// Who says who somebody is.
#[derive(Debug, Clone, Default, Args, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[command(next_help_heading = "Identity")]
pub(crate) struct AuthOptions {
    /// Who says who somebody is. path: the address, believed on this machine alone.
    #[arg(id = "auth.by", long = "auth", env = "MINICOM_AUTH", value_name = "WAYS", default_value_t)]
    pub(crate) by: Ways,
}

/// The ways in which people prove who they are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) enum Ways {
    /// Not at all: whoever reaches the server can be anybody.
    #[default]
    Path,
}

/// What is no way.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the ways are path")]
pub(crate) struct UnknownWay;

impl FromStr for Ways {
    type Err = UnknownWay;

    fn from_str(text: &str) -> Result<Self, UnknownWay> {
        match text {
            "path" => Ok(Self::Path),
            _ => Err(UnknownWay),
        }
    }
}

impl TryFrom<String> for Ways {
    type Error = UnknownWay;

    fn try_from(text: String) -> Result<Self, UnknownWay> {
        text.parse()
    }
}

impl fmt::Display for Ways {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path => f.write_str("path"),
        }
    }
}

/// Why nobody can be let in.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AuthFailure {
    /// Nobody but this machine may reach a server that believes paths.
    #[error(
        "{0}: whoever reaches it could be anybody.\n\
         Give it somebody who knows: put an Identity into the request's extensions, as the axum-host-session example does, or \
         give Minicom::builder().authenticator(…) your own"
    )]
    NotLoopback(NotLoopback),
}

/// Whether what was chosen can be had.
pub(crate) fn check(options: &Options) -> Result<(), AuthFailure> {
    open(options).map(drop)
}

/// Whom requests are judged by.
pub(crate) fn open(options: &Options) -> Result<PathIdentity, AuthFailure> {
    match options.auth.by {
        Ways::Path => PathIdentity::new(options.listen).map_err(AuthFailure::NotLoopback),
    }
}
