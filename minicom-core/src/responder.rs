//! Who answers visitors before an agent does: the trait that a model, a knowledge base or a rule implements.

use std::{error::Error as StdError, fmt};

use async_trait::async_trait;
use tokio::sync::watch;

use crate::{
    id::{ConversationId, Seq, WorkspaceId},
    log::{Body, Recorded},
};

/// Answers a visitor. Dropping the future cancels it; a slow or failing responder delays nobody's chat.
///
/// ```
/// use async_trait::async_trait;
/// use minicom_core::{Draft, Reply, Responder, ResponderError, Turn};
///
/// /// Knows one thing.
/// #[derive(Debug)]
/// struct OpeningHours;
///
/// #[async_trait]
/// impl Responder for OpeningHours {
///     async fn respond(&self, turn: Turn, draft: &mut Draft) -> Result<Reply, ResponderError> {
///         if !turn.question().contains("open") {
///             return Ok(Reply::Handoff { reason: "unknown question".into() });
///         }
///         draft.push("From nine to five.");
///         Ok(Reply::Text(draft.text()))
///     }
/// }
/// ```
#[async_trait]
pub trait Responder: fmt::Debug + Send + Sync + 'static {
    /// Answers the last message of `turn`. What is pushed to `draft` meanwhile may be shown as it grows; what counts is the answer.
    async fn respond(&self, turn: Turn, draft: &mut Draft) -> Result<Reply, ResponderError>;
}

/// What is to be answered.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Turn {
    /// The tenant.
    pub workspace: WorkspaceId,
    /// The conversation.
    pub conversation: ConversationId,
    /// The latest events, oldest first; the last message is the one to answer.
    pub events: Vec<Recorded<Body>>,
    /// The seq of the message to answer.
    pub in_reply_to: Seq,
}

impl Turn {
    /// A turn that answers the last of `events`.
    pub fn new(workspace: WorkspaceId, conversation: ConversationId, events: Vec<Recorded<Body>>) -> Self {
        let in_reply_to = events.last().map_or(Seq(0), |recorded| recorded.event.seq);
        Self { workspace, conversation, events, in_reply_to }
    }

    /// The words to answer.
    pub fn question(&self) -> &str {
        let answered = |recorded: &&Recorded<Body>| recorded.event.seq == self.in_reply_to;
        match self.events.iter().find(answered).map(|recorded| &recorded.event.body) {
            Some(Body::Message { text }) => text,
            Some(Body::Unknown { .. }) | None => "",
        }
    }
}

/// A reply in the making.
#[derive(Debug)]
pub struct Draft(watch::Sender<String>);

impl Draft {
    /// A draft, and what sees it grow. Who looks seldom sees the newest.
    pub fn channel() -> (Self, watch::Receiver<String>) {
        let (sender, receiver) = watch::channel(String::new());
        (Self(sender), receiver)
    }

    /// Appends words.
    pub fn push(&mut self, words: &str) {
        self.0.send_modify(|text| text.push_str(words));
    }

    /// All words so far.
    pub fn text(&self) -> String {
        self.0.borrow().clone()
    }
}

/// What a responder came to. Handing over is a value, not a phrase that a model must say.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reply {
    /// Say this.
    Text(String),
    /// An agent should answer.
    Handoff {
        /// Why.
        reason: String,
    },
    /// Nothing needs to be said.
    Silent,
}

/// A responder failed. Opaque: ask it, and follow its source.
#[derive(Debug)]
pub struct ResponderError {
    retryable: bool,
    source: Box<dyn StdError + Send + Sync>,
}

impl ResponderError {
    /// It may work the next time.
    pub fn retryable(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { retryable: true, source: source.into() }
    }
    /// It will not work however often it is tried.
    pub fn permanent(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { retryable: false, source: source.into() }
    }
    /// Whether it may work the next time.
    pub fn is_retryable(&self) -> bool {
        self.retryable
    }
}

impl fmt::Display for ResponderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the responder failed")
    }
}

impl StdError for ResponderError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&*self.source)
    }
}
