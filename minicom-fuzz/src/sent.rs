//! What every frame that a session sends must be, and what a frame that it receives says of itself.

use minicom_core::{Outgoing, session::Output};
use serde_json::{Map, Value};

/// The longest text frame: a page of 128 KiB that holds one message over it, and what stands around.
const LONGEST: usize = 256 * 1024;

/// The longest answer that carries nothing stored.
pub(crate) const LONGEST_SMALL: usize = 512;

const TYPES: [&str; 9] =
    ["ack", "ai", "conversation", "error", "history", "list", "pong", "search", "message"];

const CODES: [&str; 11] = [
    "bad_request",
    "unknown_type",
    "unauthenticated",
    "forbidden",
    "banned",
    "not_found",
    "too_large",
    "moved",
    "rate_limited",
    "client_id_reused",
    "unavailable",
];

/// The frame that an output sends. It must be one.
pub(crate) fn frame(output: &Output) -> Map<String, Value> {
    let Output::Send(Outgoing::Text(text)) = output else { panic!("no text frame: {output:?}") };
    assert!(text.len() <= LONGEST, "{} bytes", text.len());
    let frame: Map<String, Value> = serde_json::from_slice(text).expect("a frame is a JSON object");
    let kind = word(&frame, "type");
    assert!(TYPES.contains(&kind), "{kind}");
    if ["error", "pong", "ack"].contains(&kind) {
        assert!(text.len() <= LONGEST_SMALL, "{} bytes", text.len());
    }
    if kind == "error" {
        assert!(CODES.contains(&word(&frame, "code")));
        assert!(!word(&frame, "message").is_empty());
    }
    frame
}

/// A field that must be a text.
pub(crate) fn word<'a>(frame: &'a Map<String, Value>, field: &str) -> &'a str {
    frame.get(field).and_then(Value::as_str).unwrap_or_else(|| panic!("no {field} in {frame:?}"))
}

/// The `client_id` that answers carry, if any.
pub(crate) fn echoed(frame: &Map<String, Value>) -> Option<&str> {
    frame.get("client_id").map(|id| id.as_str().expect("a client_id is a string"))
}

/// What a received frame says of itself, found without the code that is tested.
#[derive(Debug, Default)]
pub(crate) struct Said {
    /// Its type, if it has one.
    pub kind: Option<String>,
    /// The `client_id` that its answer must echo; none if the one it has is none.
    pub client_id: Option<String>,
    /// Whether it names a participant or a conversation.
    pub names_somebody: bool,
    /// All of it.
    pub fields: Map<String, Value>,
}

impl Said {
    /// Reads a frame.
    pub(crate) fn read(text: &[u8]) -> Self {
        let Ok(Value::Object(frame)) = serde_json::from_slice(text) else { return Self::default() };
        let word = |field| frame.get(field).and_then(Value::as_str).map(str::to_owned);
        let valid = |id: &String| id.len() <= 64 && !id.chars().any(char::is_control);
        let names_somebody = ["to", "email", "conversation"]
            .iter()
            .any(|name| frame.get(*name).is_some_and(|it| !it.is_null()));
        let (kind, client_id) = (word("type"), word("client_id").filter(valid));
        Self { kind, client_id, names_somebody, fields: frame }
    }
}
