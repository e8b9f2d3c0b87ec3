//! Bans: why, and for how long. A participant's lives in his conversation, those of addresses in the workspace.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{address::AddressRange, error::Refusal, id::ConversationId};

/// How many addresses and ranges a workspace bans at most.
pub const MAX_ADDRESS_BANS: usize = 200;

/// How long a ban's reason may be, in bytes of UTF-8.
pub const MAX_BAN_REASON_BYTES: usize = 300;

/// That somebody may not come. Agents alone are told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ban {
    /// Why, for agents: at most 300 bytes, none of them a control character; it may be empty.
    pub reason: String,
    /// When it ends; `None`: when it is lifted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

impl Ban {
    /// A ban that lasts until it is lifted.
    pub fn new(reason: impl AsRef<str>) -> Self {
        Self { reason: reason.as_ref().trim().to_owned(), until: None }
    }

    /// Ends it at a time.
    #[must_use]
    pub fn until(mut self, until: Timestamp) -> Self {
        self.until = Some(until);
        self
    }

    /// Whether it still holds.
    pub fn holds(&self, now: Timestamp) -> bool {
        self.until.is_none_or(|until| until > now)
    }

    /// Whether it holds when another one does no more.
    pub fn outlasts(&self, other: &Self) -> bool {
        match (self.until, other.until) {
            (_, None) => false,
            (None, Some(_)) => true,
            (Some(until), Some(other)) => until > other,
        }
    }

    pub(crate) fn check(&self) -> Result<(), Refusal> {
        if self.reason.len() > MAX_BAN_REASON_BYTES || self.reason.chars().any(char::is_control) {
            return Err(Refusal::bad_request("a reason has at most 300 bytes and no control characters"));
        }
        Ok(())
    }
}

/// That nobody may come from an address or a range. Agents are not meant: they may sit behind the same one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AddressBan {
    /// From where.
    pub range: AddressRange,
    /// The conversation whose participant it was banned with; lifted with his.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub with: Option<ConversationId>,
    /// Why, and for how long.
    #[serde(flatten)]
    pub ban: Ban,
}

impl AddressBan {
    /// A ban of an address or a range.
    pub fn new(range: AddressRange, ban: Ban) -> Self {
        Self { range, with: None, ban }
    }
}

/// What a supervisor asks for over a socket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BanRequest {
    /// Why.
    pub reason: String,
    /// For how long; `None`: until it is lifted.
    pub lasts: Option<Duration>,
    /// Whether nobody may come from where his sockets come from now, either.
    pub addresses: bool,
}
