//! Who says who somebody is, as it was chosen.

use std::{fmt, io, path::PathBuf, str::FromStr, sync::Arc};

use clap::Args;
use minicom_core::{FirstOf, NotLoopback, PathIdentity, Store, WorkspaceId};
use minicom_jwt::{AnonymousVisitors, JwtAuthenticator, JwtKey, JwtKeyError, JwtKeys};
use minicom_login::Login;
use minicom_web::Origin;
use secrecy::ExposeSecret;
use serde::Deserialize;

use crate::{
    options::Options,
    secret::{self, SecretError},
    visitor_key,
};

/// Who says who somebody is.
#[derive(Debug, Clone, Default, Args, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[command(next_help_heading = "Identity")]
pub(crate) struct AuthOptions {
    /// Who says who somebody is. path: the address, believed on this machine alone. Otherwise, joined by
    /// plus signs, login: accounts of agents in the database; jwt: tokens that your own sign-in signs; visitors: whoever is
    /// nobody else is a visitor without a name.
    #[arg(id = "auth.by", long = "auth", env = "MINICOM_AUTH", value_name = "WAYS", default_value_t)]
    pub(crate) by: Ways,

    /// A file with the key that names visitors without a name. If it is not said, one is made and kept beside the database.
    #[arg(
        id = "auth.visitor_key_file",
        long = "visitor-key-file",
        env = "MINICOM_VISITOR_KEY_FILE",
        value_name = "FILE"
    )]
    pub(crate) visitor_key_file: Option<PathBuf>,

    /// Where browsers reach it, for links that it prints. If it is not said, the address that it listens on, or this machine's
    /// own if it listens on all of them.
    #[arg(id = "auth.public_url", long = "public-url", env = "MINICOM_PUBLIC_URL", value_name = "URL")]
    pub(crate) public_url: Option<Origin>,
}

/// Tokens that somebody else signs.
#[derive(Debug, Clone, Default, Args, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[command(next_help_heading = "Tokens")]
pub(crate) struct JwtOptions {
    /// Whom tokens are for: their `aud`. Needed for --auth jwt.
    #[arg(id = "jwt.audience", long = "jwt-audience", env = "MINICOM_JWT_AUDIENCE", value_name = "NAME")]
    pub(crate) audience: Option<String>,

    /// Who signs them: their `iss`. If it is not said, it is not looked at.
    #[arg(id = "jwt.issuer", long = "jwt-issuer", env = "MINICOM_JWT_ISSUER", value_name = "NAME")]
    pub(crate) issuer: Option<String>,

    /// A file with a secret for HS256, of at least 32 bytes.
    #[arg(
        id = "jwt.secret_file",
        long = "jwt-secret-file",
        env = "MINICOM_JWT_SECRET_FILE",
        value_name = "FILE"
    )]
    pub(crate) secret_file: Option<PathBuf>,

    /// A file with a public Ed25519 key, as PEM.
    #[arg(
        id = "jwt.public_key_file",
        long = "jwt-public-key-file",
        env = "MINICOM_JWT_PUBLIC_KEY_FILE",
        value_name = "FILE"
    )]
    pub(crate) public_key_file: Option<PathBuf>,

    /// A file with a JSON web key set, of which each key has a name. On SIGHUP all key files are read again.
    #[arg(id = "jwt.keys_file", long = "jwt-keys-file", env = "MINICOM_JWT_KEYS_FILE", value_name = "FILE")]
    pub(crate) keys_file: Option<PathBuf>,
}

impl JwtOptions {
    /// The keys that are named. Together they must be a set: at most one without a name.
    fn read(&self) -> Result<Vec<JwtKey>, AuthFailure> {
        let mut keys = Vec::new();
        if let Some(secret) = secret::read("MINICOM_JWT_SECRET", self.secret_file.as_deref())? {
            keys.push(JwtKey::hs256(secret.expose_secret().as_bytes())?);
        }
        if let Some(pem) = secret::read("MINICOM_JWT_PUBLIC_KEY", self.public_key_file.as_deref())? {
            keys.push(JwtKey::ed25519_pem(pem.expose_secret().as_bytes())?);
        }
        if let Some(set) = secret::read("MINICOM_JWT_KEYS", self.keys_file.as_deref())? {
            keys.extend(JwtKey::from_jwks(set.expose_secret())?);
        }
        if keys.len() > 1 && self.keys_file.is_none() && std::env::var_os("MINICOM_JWT_KEYS").is_none() {
            return Err(AuthFailure::TwoNameless);
        }
        if keys.is_empty() { Err(AuthFailure::NoKey) } else { Ok(keys) }
    }
}

/// A way in which people prove who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// Not at all: whoever reaches the server can be anybody.
    Path,
    /// Agents by accounts in the database.
    Login,
    /// By tokens that somebody else signs.
    Jwt,
    /// Not who they are, but that they are the same as before.
    Visitors,
}

impl Way {
    const ALL: [Self; 4] = [Self::Path, Self::Login, Self::Jwt, Self::Visitors];

    fn as_str(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Login => "login",
            Self::Jwt => "jwt",
            Self::Visitors => "visitors",
        }
    }
}

/// The ways that hold together. Written with a plus between them.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Ways(Vec<Way>);

impl Default for Ways {
    fn default() -> Self {
        Self(vec![Way::Path])
    }
}

impl Ways {
    pub(crate) fn have(&self, way: Way) -> bool {
        self.0.contains(&way)
    }
}

/// What is no choice of ways.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the ways are path; or login, jwt or both, with visitors or without, as in login+visitors")]
pub(crate) struct UnknownWays;

impl FromStr for Ways {
    type Err = UnknownWays;

    fn from_str(text: &str) -> Result<Self, UnknownWays> {
        let way = |word: &str| Way::ALL.into_iter().find(|way| way.as_str() == word.trim());
        let ways: Vec<_> = text.split('+').map(way).collect::<Option<_>>().ok_or(UnknownWays)?;
        let twice = ways.iter().enumerate().any(|(index, way)| ways[..index].contains(way));
        // Who believes the path needs nothing else, and somebody must be an agent.
        let alone = ways == [Way::Visitors] || (ways.len() > 1 && ways.contains(&Way::Path));
        if twice || alone { Err(UnknownWays) } else { Ok(Self(ways)) }
    }
}

impl TryFrom<String> for Ways {
    type Error = UnknownWays;

    fn try_from(text: String) -> Result<Self, UnknownWays> {
        text.parse()
    }
}

impl fmt::Display for Ways {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<_> = self.0.iter().map(|way| way.as_str()).collect();
        f.write_str(&words.join("+"))
    }
}

/// Why nobody can be let in.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AuthFailure {
    /// Nobody but this machine may reach a server that believes paths.
    #[error(
        "{0}: whoever reaches it could be anybody.\n\
         Start it with --auth login+visitors (it prints a link for the first owner), or with --auth jwt+visitors, \
         --jwt-audience NAME and the key of your own sign-in in MINICOM_JWT_SECRET or --jwt-keys-file"
    )]
    NotLoopback(NotLoopback),
    #[error("--auth jwt needs --jwt-audience: whom tokens are for, their aud")]
    NoAudience,
    #[error(
        "--auth jwt needs a key: in MINICOM_JWT_SECRET, or in a file that --jwt-secret-file, --jwt-public-key-file or \
         --jwt-keys-file names"
    )]
    NoKey,
    /// A token says by which key it was signed, but for one that has no name.
    #[error(
        "the secret and the public key have no names, and only one key may have none\n\
         put both into a key set, each with a kid, and name that: --jwt-keys-file, jwt.keys_file or MINICOM_JWT_KEYS"
    )]
    TwoNameless,
    #[error("a key cannot be had")]
    Secret(#[from] SecretError),
    #[error("a key cannot be used")]
    Key(#[from] JwtKeyError),
    #[error("cannot keep the visitors' key in {}", path.display())]
    VisitorKey { path: PathBuf, source: io::Error },
}

/// Whom requests are judged by, and what can be read again.
#[derive(Debug)]
pub(crate) struct People {
    pub(crate) authenticator: FirstOf,
    pub(crate) login: Option<Login>,
    keys: Option<(JwtKeys, JwtOptions)>,
}

impl People {
    /// Whether there is anything that a signal can have read again.
    pub(crate) fn have_keys(&self) -> bool {
        self.keys.is_some()
    }

    /// Reads the key files again. If they cannot be used, what held before holds on.
    pub(crate) fn read_again(&self) -> Result<(), AuthFailure> {
        let Some((keys, options)) = &self.keys else { return Ok(()) };
        Ok(keys.replace(options.read()?)?)
    }
}

/// Whether what was chosen can be had; nothing is made.
pub(crate) fn check(options: &Options) -> Result<(), AuthFailure> {
    by_path(options)?;
    by_token(options)?;
    visitor_key::check(options)
}

fn by_path(options: &Options) -> Result<Option<PathIdentity>, AuthFailure> {
    let chosen = options.auth.by.have(Way::Path);
    chosen.then(|| PathIdentity::new(options.listen).map_err(AuthFailure::NotLoopback)).transpose()
}

fn by_token(options: &Options) -> Result<Option<(JwtKeys, JwtAuthenticator)>, AuthFailure> {
    if !options.auth.by.have(Way::Jwt) {
        return Ok(None);
    }
    let audience = options.jwt.audience.as_deref().ok_or(AuthFailure::NoAudience)?;
    let keys = JwtKeys::new(options.jwt.read()?)?;
    let mut tokens = JwtAuthenticator::new(keys.clone(), audience);
    if let Some(issuer) = &options.jwt.issuer {
        tokens = tokens.issuer(issuer);
    }
    if !options.workspaces.is_empty() {
        // All share these keys: a token that names no workspace must not be good in each of them.
        tokens = tokens.workspace(WorkspaceId::default());
    }
    Ok(Some((keys, tokens)))
}

/// Whom requests are judged by.
pub(crate) fn open(options: &Options, store: Arc<dyn Store>) -> Result<People, AuthFailure> {
    let (mut authenticator, mut keys) = (FirstOf::new(), None);
    if let Some(path) = by_path(options)? {
        authenticator = authenticator.then(path);
    }
    let login = options.auth.by.have(Way::Login).then(|| Login::new(store));
    if let Some(login) = &login {
        authenticator = authenticator.then(login.clone());
    }
    if let Some((live, tokens)) = by_token(options)? {
        authenticator = authenticator.then(tokens);
        keys = Some((live, options.jwt.clone()));
    }
    // Last: who is somebody is not nobody.
    if options.auth.by.have(Way::Visitors) {
        let key = visitor_key::open(options)?;
        authenticator = authenticator.then(AnonymousVisitors::new(key.expose_secret().as_bytes())?);
    }
    Ok(People { authenticator, login, keys })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_are_chosen_together() {
        for text in ["path", "login", "jwt", "jwt+visitors", "visitors+jwt", "login+jwt+visitors"] {
            assert_eq!(text.parse::<Ways>().map(|ways| ways.to_string()).as_deref(), Ok(text));
        }
        for text in
            ["", "visitors", "path+jwt", "path+login", "path+visitors", "jwt+jwt", "jwt,visitors", "token"]
        {
            assert_eq!(text.parse::<Ways>(), Err(UnknownWays), "{text}");
        }
    }
}
