//! The cookie that an agent's browser keeps.

use std::net::IpAddr;

use minicom_core::AuthRequest;

use crate::{SESSION_LASTS, Token};

/// Where a cookie holds.
///
/// ```
/// use minicom_login::CookieScope;
///
/// let scope = CookieScope::new("/", true);
/// assert_eq!(scope.name(), "__Host-minicom-agent");
/// assert_eq!(CookieScope::new("/chat", true).name(), "__Secure-minicom-agent");
/// assert_eq!(CookieScope::new("/chat", false).name(), "minicom-agent");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CookieScope {
    path: String,
    secure: bool,
}

/// Browsers take this name only for a cookie of exactly this host, over https, for all paths.
const OF_HOST: &str = "__Host-minicom-agent";
/// And this one only over https.
const SECURE: &str = "__Secure-minicom-agent";
/// On a loopback address without TLS.
const PLAIN: &str = "minicom-agent";

impl CookieScope {
    /// `path`: where the chat is mounted, `/` or `/chat`; what cannot stand in a cookie is taken for `/`. `secure`: sent over
    /// https alone, as everywhere but on a loopback address.
    pub fn new(path: &str, secure: bool) -> Self {
        let is_sayable = |byte: u8| byte.is_ascii_graphic() && byte != b';' && byte != b',';
        let path = if path.starts_with('/') && path.bytes().all(is_sayable) { path } else { "/" };
        Self { path: path.to_owned(), secure }
    }

    /// The cookie's name.
    pub fn name(&self) -> &'static str {
        match (self.secure, self.path.as_str()) {
            (true, "/") => OF_HOST,
            (true, _) => SECURE,
            (false, _) => PLAIN,
        }
    }

    /// The value of `Set-Cookie` that keeps a session. The browser keeps it for [`SESSION_LASTS`]; whether it is still one,
    /// the server knows.
    pub fn keep(&self, session: &Token) -> String {
        self.line(session.as_str(), SESSION_LASTS.as_secs())
    }

    /// The value of `Set-Cookie` that forgets it.
    pub fn forget(&self) -> String {
        self.line("", 0)
    }

    fn line(&self, value: &str, max_age: u64) -> String {
        let Self { path, secure } = self;
        let secure = if *secure { "; Secure" } else { "" };
        format!("{}={value}; Path={path}; Max-Age={max_age}; HttpOnly; SameSite=Lax{secure}", self.name())
    }
}

/// So many cookies of one request are looked at: one for each of our names, and one that hides another.
const LOOKED_AT: usize = 4;

/// The sessions that a request may bring: below a path, the browser sends what it has for the paths above along, of other
/// workspaces perhaps. The names that it guards come first; the plain one is believed on loopback only, because elsewhere a
/// neighbouring host might have set it.
pub(crate) fn sessions(request: &AuthRequest) -> Vec<Token> {
    let plain = request.header("host").is_some_and(is_loopback).then_some(PLAIN);
    let names = [OF_HOST, SECURE].into_iter().chain(plain);
    names.flat_map(|name| all(request, name)).take(LOOKED_AT).collect()
}

/// In the order of the header, which is that of browsers: longer paths first (RFC 6265 section 5.4).
fn all<'a>(request: &'a AuthRequest, name: &'a str) -> impl Iterator<Item = Token> + 'a {
    let lines = request.headers.iter().filter(|(key, _)| key == "cookie").map(|(_, value)| value);
    let pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.filter(move |(key, _)| *key == name).filter_map(|(_, value)| Token::parse(value))
}

/// Whether the host of a `Host` header or an origin, its port included, is this machine's own.
///
/// ```
/// for host in ["localhost", "localhost:8000", "127.0.0.1:8000", "[::1]:8000"] {
///     assert!(minicom_login::is_loopback(host));
/// }
/// assert!(!minicom_login::is_loopback("localhost.example.com"));
/// ```
pub fn is_loopback(authority: &str) -> bool {
    let host = match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use minicom_core::AuthTarget;

    use super::*;

    fn brought(host: &str, cookies: &[&str]) -> Vec<String> {
        let mut request = AuthRequest::new(AuthTarget::Rest);
        request.headers.push(("host".into(), host.into()));
        request.headers.extend(cookies.iter().map(|line| ("cookie".into(), (*line).into())));
        sessions(&request).iter().map(|token| token.as_str().to_owned()).collect()
    }

    #[test]
    fn attributes() {
        let token = Token::draw().unwrap();
        let kept = CookieScope::new("/", true).keep(&token);
        let secret = token.as_str();
        assert_eq!(
            kept,
            format!("__Host-minicom-agent={secret}; Path=/; Max-Age=7776000; HttpOnly; SameSite=Lax; Secure")
        );
        assert_eq!(
            CookieScope::new("/chat", false).forget(),
            "minicom-agent=; Path=/chat; Max-Age=0; HttpOnly; SameSite=Lax"
        );
        for path in ["", "chat", "/a;b", "/a b", "/ä", "/a\r\nx: y"] {
            assert_eq!(CookieScope::new(path, true), CookieScope::new("/", true), "{path:?}");
        }
    }

    #[test]
    fn what_a_neighbour_can_set_is_not_believed() {
        let tokens: Vec<_> = (0..3).map(|_| Token::draw().unwrap().as_str().to_owned()).collect();
        let [host, secure, plain] = [0, 1, 2].map(|n| tokens[n].as_str());
        let all = format!("{PLAIN}={plain}; a=b; {SECURE}={secure}; {OF_HOST}={host}");
        assert_eq!(brought("shop.example", &[&all]), [host, secure]);
        assert_eq!(brought("shop.example", &[&format!("{PLAIN}={plain};{SECURE}={secure}")]), [secure]);
        let plain_alone = format!("{PLAIN}={plain}");
        assert!(brought("shop.example", &[&plain_alone]).is_empty());
        assert_eq!(brought("127.0.0.1:8000", &["x=y", &plain_alone]), [plain]);
        for nonsense in ["", "minicom-agent", "minicom-agent=", "minicom-agent=x", "=;=;="] {
            assert!(brought("localhost", &[nonsense]).is_empty(), "{nonsense}");
        }
    }

    #[test]
    fn one_hides_no_other_and_not_too_many_are_looked_at() {
        let tokens: Vec<_> = (0..6).map(|_| Token::draw().unwrap().as_str().to_owned()).collect();
        let line = tokens.iter().map(|token| format!("{SECURE}={token}")).collect::<Vec<_>>().join("; ");
        assert_eq!(brought("shop.example", &[&format!("{SECURE}=spoiled; {line}")]), tokens[..LOOKED_AT]);
    }
}
