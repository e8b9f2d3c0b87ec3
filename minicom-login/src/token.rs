//! Secrets that are links or cookies: 256 random bits, of which only a hash is kept.

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use blake2::{Blake2s256, Digest};
use serde::{Deserialize, Serialize};

use crate::LoginError;

/// 256 random bits as 43 letters that may stand in an address: a session, an invitation, or the right to set up. Whoever
/// has it is let in; `Debug` does not show it.
#[derive(Clone)]
pub struct Token(String);

const BYTES: usize = 32;
/// Of 32 bytes in base64 without padding.
const LETTERS: usize = 43;

impl Token {
    pub(crate) fn draw() -> Result<Self, LoginError> {
        let mut bytes = [0; BYTES];
        getrandom::fill(&mut bytes).map_err(LoginError::unavailable)?;
        Ok(Self(URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// Takes what looks like one. `None`: it cannot be one.
    ///
    /// ```
    /// assert!(minicom_login::Token::parse("short").is_none());
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        (text.len() == LETTERS && text.bytes().all(is_letter)).then(|| Self(text.to_owned()))
    }

    /// The secret itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn hash(&self) -> TokenHash {
        TokenHash(URL_SAFE_NO_PAD.encode(Blake2s256::digest(self.0.as_bytes())))
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// What is kept of a token. A hash without salt and work is enough for what nobody can guess; and comparing it need not
/// take the same time always, because whoever asks cannot choose it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct TokenHash(String);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_differ_and_do_not_show_themselves() {
        let (one, other) = (Token::draw().unwrap(), Token::draw().unwrap());
        assert_ne!(one.as_str(), other.as_str());
        assert_ne!(one.hash(), other.hash());
        assert_eq!(Token::parse(one.as_str()).unwrap().hash(), one.hash());
        assert!(!format!("{one:?}").contains(one.as_str()));
        assert!(!one.hash().0.contains(one.as_str()));
        for text in ["", "a", &"a".repeat(44), &"ä".repeat(22), &format!("{};", "a".repeat(42))] {
            assert!(Token::parse(text).is_none(), "{text}");
        }
    }
}
