//! What may be a password. The rules are those of NIST SP 800-63B-4, section 3.1.1.2, for a password that is the only
//! factor: at least 15 characters, long ones welcome, any character, composed (NFC) before it is hashed, no rule about kinds
//! of character, never expiring, and refused if it is one of those that are tried first.

use minicom_core::ParticipantId;
use secrecy::{ExposeSecret, SecretString};
use unicode_normalization::UnicodeNormalization;

use crate::error::{LoginError, Problem};

/// How many characters a password has at least.
pub const MIN_PASSWORD_CHARS: usize = 15;
/// How many bytes of UTF-8 it has at most: 64 characters of whatever script always fit.
pub const MAX_PASSWORD_BYTES: usize = 256;

/// Why a text may not become a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PasswordProblem {
    /// It has fewer than [`MIN_PASSWORD_CHARS`].
    TooShort,
    /// It has more than [`MAX_PASSWORD_BYTES`].
    TooLong,
    /// Somebody who guesses would try it early.
    Guessable,
}

impl PasswordProblem {
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::TooShort => "password_too_short",
            Self::TooLong => "password_too_long",
            Self::Guessable => "password_guessable",
        }
    }

    pub(crate) fn message(self) -> &'static str {
        match self {
            Self::TooShort => "a password has at least 15 characters",
            Self::TooLong => "a password has at most 256 bytes",
            Self::Guessable => "this password is too easy to guess",
        }
    }
}

/// A password as it is hashed. It is overwritten when it is dropped, and `Debug` does not show it.
#[derive(Debug, Clone)]
pub(crate) struct Password(SecretString);

impl Password {
    /// One that is typed to get in: compared whatever it is, but never worked on beyond the bound.
    pub fn typed(text: &str) -> Result<Self, LoginError> {
        // Composing may shorten, and at most by a third; what is longer than three times the bound is none of ours.
        if text.len() > 3 * MAX_PASSWORD_BYTES {
            return Err(Problem::WrongPassword.into());
        }
        Ok(Self(text.nfc().collect::<String>().into()))
    }

    /// One that somebody chooses, for an account of this email and name.
    pub fn chosen(text: &str, email: &ParticipantId, name: &str) -> Result<Self, PasswordProblem> {
        let password = Self::typed(text).map_err(|_| PasswordProblem::TooLong)?;
        let text = password.expose();
        if text.chars().count() < MIN_PASSWORD_CHARS {
            return Err(PasswordProblem::TooShort);
        }
        if text.len() > MAX_PASSWORD_BYTES {
            return Err(PasswordProblem::TooLong);
        }
        if is_guessable(&text.to_lowercase(), email.as_str(), &name.to_lowercase()) {
            return Err(PasswordProblem::Guessable);
        }
        Ok(password)
    }

    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

/// Words that long passwords of leaked lists are made of, and what goes up or down a keyboard. What is left of a password
/// without them must still be something.
const COMMON: &[&str] = &[
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm",
    "azertyuiopqsdfghjklmwxcvbn",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "01234567890123456789",
    "09876543210987654321",
    "correcthorsebatterystaple",
    "password",
    "passwort",
    "passphrase",
    "letmein",
    "welcome",
    "iloveyou",
    "minicom",
    "support",
    "administrator",
    "admin",
    "agent",
    "owner",
];
/// How many characters must be left.
const LEFT: usize = 6;
/// How long a run of a keyboard must be to count.
const RUN: usize = 4;

/// `text` and `name` in lower case.
fn is_guessable(text: &str, email: &str, name: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    if is_repetition(&chars) {
        return true;
    }
    let (local, domain) = email.rsplit_once('@').unwrap_or((email, ""));
    let site = domain.split('.').next().unwrap_or_default();
    let mut left = text.to_owned();
    // The whole address before its parts, or they would leave the sign between them.
    for word in [email, local, site].into_iter().chain(name.split_whitespace()) {
        if word.chars().count() >= 3 {
            left = left.replace(word, " ");
        }
    }
    for word in COMMON {
        left = without_runs(&left, word);
    }
    let mut distinct: Vec<char> =
        left.chars().filter(|c| !c.is_whitespace() && !c.is_ascii_punctuation()).collect();
    distinct.sort_unstable();
    distinct.dedup();
    distinct.len() < LEFT
}

/// Whether it is one piece of at most a third of its length, over and over.
fn is_repetition(chars: &[char]) -> bool {
    (1..=chars.len() / 3).any(|period| chars.iter().zip(&chars[period..]).all(|(a, b)| a == b))
}

/// Takes out, longest first, whatever stands in `word` too and is at least [`RUN`] long.
fn without_runs(text: &str, word: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut left = String::new();
    let mut at = 0;
    while at < chars.len() {
        let longest = (RUN..=word.len().min(chars.len() - at))
            .rev()
            .find(|length| word.contains(&chars[at..at + length].iter().collect::<String>()));
        if let Some(length) = longest {
            left.push(' ');
            at += length;
        } else {
            left.push(chars[at]);
            at += 1;
        }
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(text: &str) -> Option<PasswordProblem> {
        let email = ParticipantId::new("ann.lee@shop.example").unwrap();
        Password::chosen(text, &email, "Ann Lee").err()
    }

    #[test]
    fn long_ones_of_any_kind_are_welcome() {
        for text in [
            "three apples and a pear",
            "        spaces are fine, too",
            "unauffällig wie ein Regenschirm",
            "りんごが三つと梨がひとつとぶどう",
            "🍎🍐🍇🍊🍋🍌🍉🍓🫐🍈🍒🍑🥭🍍🥥 fruit salad",
            "zK8#vQ2!pL5@wR9",
        ] {
            assert_eq!(judge(text), None, "{text}");
        }
        assert_eq!(judge(&"äöüß-the-fox-".repeat(2)), None);
    }

    #[test]
    fn length_is_of_characters_below_and_of_bytes_above() {
        assert_eq!(judge("zK8#vQ2!pL5@wR"), Some(PasswordProblem::TooShort));
        assert_eq!(judge("日本語の長い"), Some(PasswordProblem::TooShort));
        let long: String = ('a'..='z').chain('0'..='9').cycle().step_by(7).take(256).collect();
        assert_ne!(judge(&long), Some(PasswordProblem::TooLong));
        assert_eq!(judge(&format!("{long}x")), Some(PasswordProblem::TooLong));
        assert_eq!(judge(&"x".repeat(100_000)), Some(PasswordProblem::TooLong));
        // Sixty-four of the longest characters.
        let animals: String = ('\u{1f400}'..='\u{1f43f}').collect();
        assert_eq!((animals.chars().count(), animals.len(), judge(&animals)), (64, 256, None));
    }

    #[test]
    fn what_is_tried_first_is_refused() {
        for text in [
            "aaaaaaaaaaaaaaaaaaaa",
            "abcabcabcabcabcabc",
            "passwordpasswordpassword",
            "Password123456789",
            "PASSWORD-2024-password",
            "qwertyuiopasdfghjkl",
            "1234567890123456",
            "correct horse battery staple",
            "ann.lee@shop.example",
            "Ann.Lee@Shop.Example1",
            "annlee annlee ann",
            "shop support minicom",
            "minicom-administrator",
            "...............",
        ] {
            assert_eq!(judge(text), Some(PasswordProblem::Guessable), "{text}");
        }
    }

    #[test]
    fn the_same_letters_are_the_same_password() {
        let composed = Password::typed("Caf\u{e9} au lait, s'il vous pla\u{ee}t").unwrap();
        let decomposed = Password::typed("Cafe\u{301} au lait, s'il vous plai\u{302}t").unwrap();
        assert_eq!(composed.expose(), decomposed.expose());
        assert!(!format!("{composed:?}").contains("lait"));
    }
}
