//! The `error` object of a server's refusal, read without trusting it.

use std::fmt;

use http::StatusCode;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

/// How much of a message is kept, in bytes.
const MESSAGE_BYTES: usize = 500;

/// How long a code may be before it is taken for something else, in bytes.
const CODE_BYTES: usize = 64;

/// What a server says with a no.
#[derive(Default)]
pub(crate) struct Said {
    /// `code` and `type`, if they are words.
    codes: Vec<String>,
    /// `code`, if it is a number: the status that it would have had as a response of its own.
    status: Option<StatusCode>,
    message: Option<String>,
}

impl Said {
    /// Reads an `error`: an object, or a sentence. The key is cut out of it: some servers repeat what they were sent.
    pub(crate) fn read(error: &Value, key: Option<&SecretString>) -> Self {
        let without_key = |text: &str| match key.map(ExposeSecret::expose_secret) {
            Some(key) if !key.is_empty() => text.replace(key, "[key]"),
            _ => text.to_owned(),
        };
        let codes = ["code", "type"].iter().filter_map(|name| error.get(name)?.as_str());
        let message = error.as_str().or_else(|| error.get("message")?.as_str());
        let status = error.get("code").and_then(Value::as_u64).and_then(|code| u16::try_from(code).ok());
        Self {
            status: status.and_then(|code| StatusCode::from_u16(code).ok()),
            codes: codes.map(without_key).filter(|code| is_word(code)).collect(),
            message: message.map(without_key).map(|mut message| {
                message.truncate(message.floor_char_boundary(MESSAGE_BYTES));
                message
            }),
        }
    }

    /// Reads the body of an answer that is no stream.
    pub(crate) fn read_body(body: &[u8], key: Option<&SecretString>) -> Option<Self> {
        let body: Value = serde_json::from_slice(body).ok()?;
        // Some servers send the object without the one around it, some a list of one.
        let body = body.get(0).unwrap_or(&body);
        let error = body.get("error").or_else(|| body.get("message").and(Some(body)))?;
        (!error.is_null()).then(|| Self::read(error, key))
    }

    /// The status that stands in it.
    pub(crate) fn status(&self) -> Option<StatusCode> {
        self.status
    }
    /// The one word for it.
    pub(crate) fn code(&self) -> Option<&str> {
        self.codes.first().map(String::as_str)
    }
    /// Whether it is this.
    pub(crate) fn has(&self, code: &str) -> bool {
        self.codes.iter().any(|other| other == code)
    }
    pub(crate) fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }
}

/// Of the kind that is printed without harm.
fn is_word(code: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    (1..=CODE_BYTES).contains(&code.len()) && code.bytes().all(plain)
}

impl fmt::Debug for Said {
    /// Without the message, which may quote a visitor.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Said").field("codes", &self.codes).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(text: &str) -> Option<Said> {
        Said::read_body(text.as_bytes(), Some(&"sk-s3cret".into()))
    }

    #[test]
    fn it_is_found_in_every_dialect() {
        for text in [
            r#"{"error":{"message":"No.","type":"invalid_request_error","code":"context_length_exceeded"}}"#,
            r#"{"error":{"message":"No.","type":"context_length_exceeded","code":400}}"#,
            r#"{"message":"No.","code":"context_length_exceeded"}"#,
            r#"[{"error":{"message":"No.","code":"context_length_exceeded"}}]"#,
        ] {
            let said = body(text).unwrap();
            assert_eq!((said.code(), said.message()), (Some("context_length_exceeded"), Some("No.")));
        }
        let said = body(r#"{"error":"No."}"#).unwrap();
        assert_eq!((said.code(), said.message()), (None, Some("No.")));
        for text in ["", "<html>", "{}", "[]", "7", r#"{"error":null}"#, r#"{"detail":"x"}"#] {
            assert!(body(text).is_none(), "{text}");
        }
    }

    #[test]
    fn the_key_is_cut_out_and_the_rest_is_bounded() {
        let text = format!(
            r#"{{"error":{{"message":"Wrong key: sk-s3cret. {}","code":"sk-s3cret","type":"a b"}}}}"#,
            "ä".repeat(400)
        );
        let said = body(&text).unwrap();
        assert!(said.message().unwrap().starts_with("Wrong key: [key]. ä"));
        assert!(said.message().unwrap().len() <= MESSAGE_BYTES);
        assert_eq!(said.code(), None);
        assert_eq!(format!("{said:?}"), "Said { codes: [], .. }");
    }
}
