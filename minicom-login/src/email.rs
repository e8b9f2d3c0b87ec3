//! The names of accounts.

use minicom_core::ParticipantId;
use unicode_normalization::UnicodeNormalization;

use crate::{LoginError, error::Problem};

/// An account's email, as everything here compares it: without space around it, composed, in lower case. People do not type
/// their address alike every time.
pub(crate) fn read(text: &str) -> Result<ParticipantId, LoginError> {
    const MALFORMED: Problem = Problem::BadRequest("an email is somebody@somewhere, at most 254 bytes");
    let text: String = text.trim().nfc().collect::<String>().to_lowercase();
    let (local, domain) = text.rsplit_once('@').ok_or(MALFORMED)?;
    if local.is_empty() || domain.is_empty() || text.chars().any(char::is_whitespace) {
        return Err(MALFORMED.into());
    }
    ParticipantId::new(&text).map_err(|_| MALFORMED.into())
}

/// How long a name may be, in bytes.
const NAME_BYTES: usize = 100;

/// The name that colleagues and visitors see: 1–100 bytes, no control characters.
pub(crate) fn read_name(text: &str) -> Result<String, LoginError> {
    let text = text.trim();
    if text.is_empty() || text.len() > NAME_BYTES || text.chars().any(char::is_control) {
        return Err(Problem::BadRequest("a name has 1 to 100 bytes and no control characters").into());
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emails_are_compared_as_people_mean_them() {
        let ann = read("ann@example.com").unwrap();
        for text in [" Ann@Example.com\n", "ANN@EXAMPLE.COM", "\tann@example.com"] {
            assert_eq!(read(text).unwrap(), ann, "{text:?}");
        }
        assert_eq!(read("e\u{301}@x").unwrap(), read("\u{c9}@x").unwrap());
        for text in
            ["", "ann", "@example.com", "ann@", "a nn@x", "a\u{7}@x", &format!("{}@x", "a".repeat(253))]
        {
            assert!(read(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn names_are_short_lines() {
        assert_eq!(read_name("  Ann ").unwrap(), "Ann");
        for text in ["", " ", "a\nb", &"a".repeat(101)] {
            assert!(read_name(text).is_err(), "{text:?}");
        }
    }
}
