//! What goes into a session, and what comes out of it.

use bytes::Bytes;

use super::Ticket;
use crate::{
    ban::BanRequest,
    close::CloseCode,
    error::{Error, Refusal},
    identity::{AuthError, AuthRequest, Identity},
    log::{AiPolicy, Command, WordLists},
    store::{RowCursor, RowFilter},
    view::{Ack, AiReport, ConversationList, ConversationPage, SearchResults},
    wire::{PageRequest, Target},
};

/// What a socket receives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Incoming {
    /// A text frame.
    Text(Bytes),
    /// A binary frame; the protocol has none.
    Binary,
    /// An answer to a ping.
    Pong,
    /// The client says good-bye.
    Close,
    /// A frame over the hard limit of the socket's layer.
    TooBig,
}

/// What a socket sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outgoing {
    /// A text frame; always UTF-8.
    Text(Bytes),
    /// A ping.
    Ping,
    /// The last frame.
    Close {
        /// Its code.
        code: CloseCode,
        /// Its reason, at most 123 bytes.
        reason: String,
    },
}

/// What the session wants of its driver.
#[derive(Debug)]
#[non_exhaustive]
pub enum Output {
    /// Send this.
    Send(Outgoing),
    /// Do this, and hand the outcome to [`Session::complete`](super::Session::complete).
    Run(Operation, Ticket),
    /// Tell the others of the conversation that this client types, or ceased to.
    Typing {
        /// Where.
        target: Target,
        /// Whether he types.
        typing: bool,
    },
    /// Watch the conversation no longer that is watched, if one is.
    Leave,
}

/// The operations.
#[derive(Debug)]
#[non_exhaustive]
pub enum Operation {
    /// Execute a command. It enters the room's queue at once, in order.
    Execute {
        /// Where.
        target: Target,
        /// What.
        command: Command,
    },
    /// Leave the conversation that is watched, watch this one, and read a page of it.
    Page {
        /// Which.
        target: Target,
        /// Which events.
        page: PageRequest,
    },
    /// Read a page of the inbox; without a cursor, also subscribe to its changes.
    List {
        /// Which rows.
        filter: RowFilter,
        /// After which row.
        cursor: Option<RowCursor>,
        /// How many.
        limit: usize,
    },
    /// Search all conversations, or one.
    Search {
        /// The words.
        query: String,
        /// In which.
        target: Option<Target>,
        /// Only hits before this position.
        before: Option<u64>,
        /// How many.
        limit: usize,
    },
    /// Read the AI's policy and figures; before that, set the policy.
    Ai {
        /// The new policy.
        set: Option<Box<AiPolicy>>,
    },
    /// Read the word lists; before that, set them.
    WordLists {
        /// The new ones.
        set: Option<Box<WordLists>>,
    },
    /// Ban a conversation's participant, or lift his ban. Its outcome is that of an execute.
    Ban {
        /// Whose conversation.
        target: Target,
        /// How; `None`: lift it.
        ban: Option<BanRequest>,
    },
    /// Judge a token.
    Authenticate(Box<AuthRequest>),
    /// Judge the token of the anonymous visitor that he was, and move that one's conversation to his.
    Move(Box<AuthRequest>),
}

/// What an operation came to.
#[derive(Debug)]
#[non_exhaustive]
pub enum Outcome {
    /// Of an execute.
    Executed(Result<Option<Ack>, Refusal>),
    /// Of a page.
    Page(Result<Box<ConversationPage>, Error>),
    /// Of a list.
    List(Result<ConversationList, Error>),
    /// Of a search.
    Search(Result<SearchResults, Error>),
    /// Of a policy.
    Ai(Result<Box<AiReport>, Error>),
    /// Of word lists.
    WordLists(Result<Box<WordLists>, Error>),
    /// Of an authentication.
    Authenticated(Result<Identity, AuthError>),
    /// Of a move.
    Moved(Result<(), Error>),
}

impl Outcome {
    /// What an operation that was not begun comes to.
    pub(crate) fn refused(operation: &Operation, refusal: Refusal) -> Self {
        match operation {
            Operation::Execute { .. } | Operation::Ban { .. } => Self::Executed(Err(refusal)),
            Operation::Page { .. } => Self::Page(Err(refusal.into())),
            Operation::List { .. } => Self::List(Err(refusal.into())),
            Operation::Search { .. } => Self::Search(Err(refusal.into())),
            Operation::Ai { .. } => Self::Ai(Err(refusal.into())),
            Operation::WordLists { .. } => Self::WordLists(Err(refusal.into())),
            Operation::Authenticate(_) => Self::Authenticated(Err(AuthError::Unavailable(refusal.into()))),
            Operation::Move(_) => Self::Moved(Err(refusal.into())),
        }
    }
}
