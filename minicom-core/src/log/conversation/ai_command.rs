//! What one may ask of a conversation that concerns the AI.

use uuid::Uuid;

use super::Command;
use crate::{
    id::Seq,
    log::{HandoffReason, Personality, Source},
};

/// What an attempt came to.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Resolution {
    /// Say this.
    Say {
        /// The words.
        text: String,
        /// What they rest on.
        sources: Vec<Source>,
    },
    /// An agent should answer.
    HandOver(HandoffReason),
    /// There is nothing to say.
    Silent,
    /// It failed, and may be tried again.
    Retry,
    /// It failed for good.
    Fail,
}

/// What one may ask of a conversation that concerns the AI.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum AiCommand {
    /// Of the AI: begin an attempt, if one is due. Attempts that are used up are a hand-off.
    Claim {
        /// A name that nobody else has.
        token: Uuid,
    },
    /// Of the AI: this is what the attempt came to. Refused if it is no longer the claimed one: an agent spoke, the visitor
    /// said more, somebody stopped it, or its time was up and another began.
    Resolve {
        /// The claim's.
        token: Uuid,
        /// What it came to.
        resolution: Resolution,
    },
    /// Of a visitor: a person should answer.
    HandOff,
    /// Of an agent: the AI should no longer answer here.
    TakeOver,
    /// Of an agent: the AI may answer again.
    HandBack,
    /// Of a visitor or an agent: the answer that is being written is not wanted.
    Stop,
    /// Of a visitor: an answer was helpful, or was not.
    Rate {
        /// The answer's seq.
        seq: Seq,
        /// Whether it was.
        helpful: bool,
    },
    /// Of an agent: how the AI speaks here; `None`: as in the workspace.
    ChoosePersonality {
        /// How.
        personality: Option<Personality>,
    },
}

impl From<AiCommand> for Command {
    fn from(command: AiCommand) -> Self {
        Self::Ai(command)
    }
}
