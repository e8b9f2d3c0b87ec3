//! What somebody is, and which side of a conversation he speaks for.

use serde::{Deserialize, Serialize};

/// What somebody is in a workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Role {
    /// A visitor; the wire's `user`.
    #[serde(rename = "user")]
    User,
    /// Somebody who answers visitors; the wire's `admin`.
    #[serde(rename = "admin")]
    Agent,
    /// A responder; the wire's `ai`. It speaks for the agents' side.
    #[serde(rename = "ai")]
    Ai,
}

impl Role {
    /// The wire's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Agent => "admin",
            Self::Ai => "ai",
        }
    }

    /// Reads the wire's word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::User, Self::Agent, Self::Ai].into_iter().find(|role| role.as_str() == word)
    }

    /// The side of a conversation that the role speaks for.
    pub fn side(self) -> Side {
        match self {
            Self::User => Side::User,
            Self::Agent | Self::Ai => Side::Agents,
        }
    }
}

/// What an agent may do besides answering visitors. Each may also do what those before it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AgentRole {
    /// Reads and answers all conversations of his workspace.
    #[default]
    Agent,
    /// Also says when the AI answers, and keeps the peace: bans, word lists, and the review of what was flagged.
    Supervisor,
    /// Also says who the agents are, and what the workspace is called.
    Owner,
}

impl AgentRole {
    /// The word for it in tokens, configuration and REST.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Supervisor => "supervisor",
            Self::Owner => "owner",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Agent, Self::Supervisor, Self::Owner].into_iter().find(|role| role.as_str() == word)
    }
}

/// A side of a conversation. Each has one read cursor on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Side {
    /// The participants.
    #[serde(rename = "user")]
    User,
    /// The agents, and the AI that speaks for them.
    #[serde(rename = "admin")]
    Agents,
}

impl Side {
    /// The side across.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::User => Self::Agents,
            Self::Agents => Self::User,
        }
    }
}
