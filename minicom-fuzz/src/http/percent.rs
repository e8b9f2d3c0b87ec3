//! Percent-encoding written from RFC 3986 section 2.1, apart from the code that is tested.

use std::fmt::Write;

use http::{HeaderValue, Method, StatusCode, Uri, Version};
use minicom_core::AuthTarget;

use super::{asked::Asked, host::Host};

/// What a segment encodes; `None` if it encodes no text.
pub(super) fn decode(segment: &str) -> Option<String> {
    let mut parts = segment.split('%');
    let mut bytes = parts.next()?.as_bytes().to_vec();
    for part in parts {
        let (digits, rest) = part.split_at_checked(2)?;
        if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        bytes.extend(rest.bytes());
    }
    String::from_utf8(bytes).ok()
}

/// Encodes everything but what never needs it.
fn encode(text: &str) -> String {
    let mut segment = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            segment.push(byte.into());
        } else {
            write!(segment, "%{byte:02X}").expect("a string takes everything");
        }
    }
    segment
}

/// Any text in a path arrives as itself.
pub(super) fn comes_through(text: &str) {
    let uri: Uri = format!("/ws/chat/user/{}/", encode(text)).parse().expect("a path");
    let handshake = [
        ("upgrade", "websocket"),
        ("connection", "upgrade"),
        ("sec-websocket-version", "13"),
        ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ];
    let mut asked = Asked::new(Method::GET, uri, Version::HTTP_11);
    asked.upgrade = true;
    for (name, value) in handshake {
        asked.headers.insert(name, HeaderValue::from_static(value));
    }
    let (response, seen) = Host::ask(&asked);
    assert_eq!(response.status(), StatusCode::SWITCHING_PROTOCOLS);
    let target = AuthTarget::Path { role: "user".into(), email: text.into() };
    assert!(seen.len() == 1 && seen[0].target == target, "{text:?} arrives as {seen:?}");
}
