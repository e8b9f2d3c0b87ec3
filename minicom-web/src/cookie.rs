//! The cookie that a session stands in, hardened alike for everybody who sets one. The `cookie` crate would bring `time` and
//! six more for dates that are not needed here: `Max-Age` says how long.

use std::{fmt, time::Duration};

use http::{HeaderMap, HeaderValue, header::COOKIE};

/// How a session's cookie is called and set: out of scripts' reach (`HttpOnly`), for all paths, and
/// [`new`](Self::new), [`embedded`](Self::embedded) or [`without_tls`](Self::without_tls).
///
/// ```
/// use std::time::Duration;
/// use minicom_web::SessionCookie;
///
/// let cookie = SessionCookie::new("session")?;
/// let set = cookie.set("s3cret", Duration::from_hours(1))?;
/// assert_eq!(set, "__Host-session=s3cret; Path=/; HttpOnly; Max-Age=3600; SameSite=Lax; Secure");
/// assert!(set.is_sensitive());
/// # Ok::<(), minicom_web::InvalidCookie>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionCookie {
    /// With its prefix.
    name: String,
    place: Place,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    FirstParty,
    Embedded,
    WithoutTls,
}

/// A name or a value that no cookie may have (RFC 6265 section 4.1.1). It does not say which: it may be secret.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[error("a cookie's name or value has characters that no cookie may have, or none at all")]
pub struct InvalidCookie(());

impl fmt::Debug for InvalidCookie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InvalidCookie")
    }
}

impl SessionCookie {
    /// For pages of one's own site. Named `__Host-{name}`, so that neither a subdomain nor a page without TLS can set it, and
    /// sent along from other sites' links only (`SameSite=Lax`).
    pub fn new(name: &str) -> Result<Self, InvalidCookie> {
        Self::named(format!("__Host-{name}"), Place::FirstParty)
    }

    /// For pages in frames of other sites: sent along from there too (`SameSite=None`), where each of these sites has a cookie
    /// of its own (`Partitioned`). Whatever it lets in must look at the origin, as [`Web`](crate::Web) does.
    pub fn embedded(name: &str) -> Result<Self, InvalidCookie> {
        Self::named(format!("__Host-{name}"), Place::Embedded)
    }

    /// For development on one's own machine: browsers keep no `Secure` cookie of a page that came without TLS. It has neither
    /// that attribute nor the prefix.
    pub fn without_tls(name: &str) -> Result<Self, InvalidCookie> {
        Self::named(name.to_owned(), Place::WithoutTls)
    }

    fn named(name: String, place: Place) -> Result<Self, InvalidCookie> {
        let bare = name.strip_prefix("__Host-").unwrap_or(&name);
        let is_token = !bare.is_empty()
            && bare.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte));
        if is_token { Ok(Self { name, place }) } else { Err(InvalidCookie(())) }
    }

    /// The value of `Set-Cookie` that keeps a session for so long, in whole seconds. Nothing is encoded: a value is letters,
    /// digits and what else a cookie may hold.
    pub fn set(&self, value: &str, lasts: Duration) -> Result<HeaderValue, InvalidCookie> {
        let is_octet =
            |byte: u8| matches!(byte, 0x21 | 0x23..=0x2b | 0x2d..=0x3a | 0x3c..=0x5b | 0x5d..=0x7e);
        if value.is_empty() || !value.bytes().all(is_octet) {
            return Err(InvalidCookie(()));
        }
        self.header(value, lasts.as_secs())
    }

    /// The value of `Set-Cookie` that ends the session in the browser.
    pub fn clear(&self) -> Result<HeaderValue, InvalidCookie> {
        self.header("", 0)
    }

    fn header(&self, value: &str, seconds: u64) -> Result<HeaderValue, InvalidCookie> {
        let place = match self.place {
            Place::FirstParty => "SameSite=Lax; Secure",
            Place::Embedded => "SameSite=None; Secure; Partitioned",
            Place::WithoutTls => "SameSite=Lax",
        };
        let set = format!("{}={value}; Path=/; HttpOnly; Max-Age={seconds}; {place}", self.name);
        let mut set = HeaderValue::try_from(set).map_err(|_| InvalidCookie(()))?;
        set.set_sensitive(true);
        Ok(set)
    }

    /// Its value in a request. `None` too if it stands there twice: then one of them is not from here.
    pub fn find<'a>(&self, headers: &'a HeaderMap) -> Option<&'a str> {
        let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
        let pairs = cookies.flat_map(|cookies| cookies.split(';')).filter_map(|pair| pair.split_once('='));
        let mut ours = pairs.filter(|(name, _)| name.trim() == self.name).map(|(_, value)| value.trim());
        match (ours.next(), ours.next()) {
            (Some(value), None) if !value.is_empty() => Some(value),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_hours(1);

    #[test]
    fn is_set_and_ended_as_its_place_demands() {
        for (cookie, head, tail) in [
            (SessionCookie::new("s"), "__Host-s", "SameSite=Lax; Secure"),
            (SessionCookie::embedded("s"), "__Host-s", "SameSite=None; Secure; Partitioned"),
            (SessionCookie::without_tls("s"), "s", "SameSite=Lax"),
        ] {
            let cookie = cookie.expect("a name");
            let set = cookie.set("a.b-c_d", HOUR).expect("a value");
            assert_eq!(set, format!("{head}=a.b-c_d; Path=/; HttpOnly; Max-Age=3600; {tail}"));
            let clear = cookie.clear().expect("a name");
            assert_eq!(clear, format!("{head}=; Path=/; HttpOnly; Max-Age=0; {tail}"));
            assert!(set.is_sensitive() && !format!("{set:?}").contains("a.b"));
        }
    }

    #[test]
    fn nothing_that_would_say_more_than_a_value() {
        let cookie = SessionCookie::new("s").expect("a name");
        for value in
            ["", "a b", "a;b", "a; Domain=evil.example", "a,b", "a\"b", "a\\b", "a\r\nb", "\u{e4}", "\0"]
        {
            let refused = cookie.set(value, HOUR).expect_err(value);
            assert_eq!(format!("{refused:?}"), "InvalidCookie", "{value:?}");
        }
        for name in ["", "a b", "a=b", "a;b", "\u{e4}", "a\r\nb"] {
            assert!(
                SessionCookie::new(name).is_err() && SessionCookie::without_tls(name).is_err(),
                "{name:?}"
            );
        }
    }

    #[test]
    fn is_found_once_or_not_at_all() {
        let cookie = SessionCookie::new("s").expect("a name");
        for (headers, found) in [
            (&["__Host-s=a"][..], Some("a")),
            (&["x=y; __Host-s=a=b; s=c"], Some("a=b")),
            (&["x=y", "__Host-s=a"], Some("a")),
            (&["__Host-s=a; __Host-s=a"], None),
            (&["__Host-s=a", "__Host-s=b"], None),
            (&["__host-s=a"], None),
            (&["s=a"], None),
            (&["__Host-s="], None),
            (&["__Host-s"], None),
            (&["x__Host-s=a"], None),
            (&[], None),
        ] {
            let mut map = HeaderMap::new();
            for value in headers {
                map.append(COOKIE, HeaderValue::from_static(value));
            }
            assert_eq!(cookie.find(&map), found, "{headers:?}");
        }
    }
}
