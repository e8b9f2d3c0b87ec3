//! Who answers visitors before an agent does: the trait that a model, a knowledge base or a rule implements.

use std::{error::Error as StdError, fmt, sync::Arc};

use async_trait::async_trait;
use tokio::sync::watch;

use crate::{
    id::{ConversationId, Seq, WorkspaceId},
    log::{Body, HandoffReason, Recorded, Source},
    role::Role,
};

/// Answers a visitor. Dropping the future cancels it; a slow or failing responder delays nobody's chat.
///
/// ```
/// use async_trait::async_trait;
/// use minicom_core::{Draft, HandoffReason, Reply, Responder, ResponderError, Turn};
///
/// /// Knows one thing.
/// #[derive(Debug)]
/// struct OpeningHours;
///
/// #[async_trait]
/// impl Responder for OpeningHours {
///     async fn respond(&self, turn: Turn, draft: &mut Draft) -> Result<Reply, ResponderError> {
///         if !turn.question().contains("open") {
///             return Ok(Reply::Handoff(HandoffReason::Unknown));
///         }
///         draft.push("From nine to five.");
///         Ok(Reply::Answer(draft.text().into()))
///     }
/// }
/// ```
#[async_trait]
pub trait Responder: fmt::Debug + Send + Sync + 'static {
    /// Answers the last message of `turn`. What is pushed to `draft` meanwhile may be shown as it grows; what counts is the answer.
    async fn respond(&self, turn: Turn, draft: &mut Draft) -> Result<Reply, ResponderError>;
}

#[async_trait]
impl<R: Responder + ?Sized> Responder for Arc<R> {
    async fn respond(&self, turn: Turn, draft: &mut Draft) -> Result<Reply, ResponderError> {
        (**self).respond(turn, draft).await
    }
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
    /// How to answer: the workspace's prompt and personality. Empty if there are none; a responder then uses its own.
    pub instructions: String,
    /// What is known about the question, best first; empty if nothing was looked up. An answer should rest on it and name it.
    pub passages: Vec<Passage>,
}

/// A piece of a knowledge base.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// Its words.
    pub text: String,
    /// Where it stands.
    pub source: Source,
}

impl Turn {
    /// A turn that answers the last of `events`.
    pub fn new(workspace: WorkspaceId, conversation: ConversationId, events: Vec<Recorded<Body>>) -> Self {
        let in_reply_to = events.last().map_or(Seq(0), |recorded| recorded.event.seq);
        Self {
            workspace,
            conversation,
            events,
            in_reply_to,
            instructions: String::new(),
            passages: Vec::new(),
        }
    }

    /// The words that visitors, agents and the AI said, oldest first, up to the question and with it.
    pub fn messages(&self) -> impl DoubleEndedIterator<Item = (Role, &str)> {
        let until = |recorded: &&Recorded<Body>| recorded.event.seq <= self.in_reply_to;
        self.events.iter().filter(until).filter_map(|recorded| match &recorded.event.body {
            Body::Message { text, .. } => Some((recorded.event.actor.id.role, text.as_str())),
            _ => None,
        })
    }

    /// The words to answer.
    pub fn question(&self) -> &str {
        let answered = |recorded: &&Recorded<Body>| recorded.event.seq == self.in_reply_to;
        match self.events.iter().find(answered).map(|recorded| &recorded.event.body) {
            Some(Body::Message { text, .. }) => text,
            _ => "",
        }
    }
}

/// A reply in the making, and what it took.
#[derive(Debug)]
pub struct Draft {
    words: watch::Sender<String>,
    tokens: Tokens,
}

/// Tokens of a model.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tokens {
    /// What it read: instructions, history, passages, the question.
    pub input: u64,
    /// What it wrote, thoughts that nobody sees among them.
    pub output: u64,
}

impl Draft {
    /// A draft, and what sees it grow. Who looks seldom sees the newest.
    pub fn channel() -> (Self, watch::Receiver<String>) {
        let (words, receiver) = watch::channel(String::new());
        (Self { words, tokens: Tokens::default() }, receiver)
    }

    /// Appends words.
    pub fn push(&mut self, words: &str) {
        self.words.send_modify(|text| text.push_str(words));
    }

    /// All words so far.
    pub fn text(&self) -> String {
        self.words.borrow().clone()
    }

    /// Takes note of tokens that a model has read or written; they add up. They are counted whatever becomes of the reply, in
    /// `minicom_ai_tokens_total`.
    ///
    /// ```
    /// use minicom_core::{Draft, Tokens};
    ///
    /// let (mut draft, _words) = Draft::channel();
    /// draft.spend(Tokens { input: 120, output: 0 });
    /// draft.spend(Tokens { input: 0, output: 34 });
    /// assert_eq!(draft.spent(), Tokens { input: 120, output: 34 });
    /// ```
    pub fn spend(&mut self, tokens: Tokens) {
        self.tokens.input = self.tokens.input.saturating_add(tokens.input);
        self.tokens.output = self.tokens.output.saturating_add(tokens.output);
    }

    /// All tokens so far.
    pub fn spent(&self) -> Tokens {
        self.tokens
    }
}

/// What a responder came to. Handing over is a value, not a phrase that a model must say.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reply {
    /// Say this.
    Answer(Answer),
    /// An agent should answer.
    Handoff(HandoffReason),
    /// Nothing needs to be said.
    Silent,
}

/// Words to say, and what they rest on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answer {
    /// The words, in the pages' subset of Markdown. White space around them is trimmed; nothing but that is [`Reply::Silent`].
    pub text: String,
    /// Where they come from; at most [`MAX_SOURCES`](crate::MAX_SOURCES) are kept.
    pub sources: Vec<Source>,
}

impl<T: Into<String>> From<T> for Answer {
    fn from(text: T) -> Self {
        Self { text: text.into(), sources: Vec::new() }
    }
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
