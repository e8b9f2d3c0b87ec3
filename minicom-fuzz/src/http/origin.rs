//! Origins compared apart from the code that is tested: as text, after what may be left out was added.

use http::header::ORIGIN;
use minicom_web::Origin;

use super::asked::Asked;

/// The origins that the host allows.
pub(super) const ALLOWED: [&str; 3] =
    ["https://shop.example", "http://127.0.0.1:5173", "capacitor://localhost"];

/// Whether the host allowed an origin.
pub(super) fn is_allowed(origin: &[u8]) -> bool {
    std::str::from_utf8(origin).is_ok_and(|origin| {
        full(origin)
            .is_some_and(|origin| ALLOWED.iter().any(|allowed| full(allowed).as_ref() == Some(&origin)))
    })
}

/// Whether an origin is that of the host that was asked.
pub(super) fn is_of(origin: &[u8], authority: &str) -> bool {
    let Ok(origin) = std::str::from_utf8(origin) else { return false };
    let Some((scheme, _)) = origin.split_once("://") else { return false };
    full(origin).is_some_and(|ours| full(&format!("{scheme}://{authority}")) == Some(ours))
}

/// Whether a page sent it that is neither ours nor allowed. Where it does not say its origin, the browser's word on its site
/// counts.
pub(super) fn is_strangers(asked: &Asked) -> bool {
    let sites: Vec<_> =
        asked.headers.get_all("sec-fetch-site").iter().map(http::HeaderValue::as_bytes).collect();
    if !asked.headers.contains_key(ORIGIN) {
        return !matches!(sites[..], [] | [b"same-origin" | b"none"]);
    }
    let known = |origin: &[u8]| {
        is_allowed(origin)
            || (origin == b"null" && sites == [b"same-origin"])
            || asked.authority().is_some_and(|own| is_of(origin, &own))
    };
    !asked.only(&ORIGIN).is_some_and(known)
}

/// An origin in lower case with its port.
fn full(origin: &str) -> Option<String> {
    let origin = origin.to_ascii_lowercase();
    let (scheme, authority) = origin.split_once("://")?;
    let authority = authority.strip_suffix('/').unwrap_or(authority);
    let port = match authority.rsplit_once(':') {
        // A colon in brackets is a part of an address.
        Some((host, port)) if !port.contains(']') => {
            return Some(format!("{scheme}://{host}:{}", port.parse::<u16>().ok()?));
        }
        _ => match scheme {
            "http" | "ws" => "80",
            "https" | "wss" => "443",
            _ => "",
        },
    };
    Some(format!("{scheme}://{authority}:{port}"))
}

/// What parses as an origin prints as what parses to the same, and is nothing more than an origin.
pub(super) fn prints(text: &str) {
    let Ok(origin) = text.parse::<Origin>() else { return };
    let printed = origin.to_string();
    assert_eq!(printed.parse().as_ref(), Ok(&origin), "{printed}");
    assert_eq!(full(&printed), full(text), "{printed}");
    let authority = printed.split_once("://").map_or("", |(_, authority)| authority);
    assert!(!authority.contains(['/', '@', '?', '#', ' ']), "{printed}");
}
