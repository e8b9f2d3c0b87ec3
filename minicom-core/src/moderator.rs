//! Who looks at what visitors have said: the trait that a model or a service of the host's own implements.

use std::{error::Error as StdError, fmt, sync::Arc};

use async_trait::async_trait;
use jiff::Timestamp;

use crate::{
    id::{ConversationId, Seq, WorkspaceId},
    identity::Actor,
};

/// Looks at each message of a visitor after it was stored, and may say that it should be reviewed. It delays nobody's chat:
/// when it is slow, flags come late; when it fails three times at a message, that one is not flagged.
///
/// It is told of each message that was said since a process first had one, at least once: again after a crash, by each of several processes that share a store, and when an
/// anonymous visitor's conversation [moves](crate::Minicom::move_visitor). A message is flagged once all the same, in each
/// conversation that it is in.
///
/// ```
/// use async_trait::async_trait;
/// use minicom_core::{Moderator, ModeratorError, Said, Verdict};
///
/// /// Dislikes shouting.
/// #[derive(Debug)]
/// struct Quiet;
///
/// #[async_trait]
/// impl Moderator for Quiet {
///     async fn moderate(&self, said: Said) -> Result<Verdict, ModeratorError> {
///         let shouted = said.text.len() > 20 && !said.text.contains(char::is_lowercase);
///         Ok(if shouted { Verdict::Flag { reason: "shouted".into() } } else { Verdict::Fine })
///     }
/// }
/// ```
#[async_trait]
pub trait Moderator: fmt::Debug + Send + Sync + 'static {
    /// Judges a message. Dropping the future cancels it.
    async fn moderate(&self, said: Said) -> Result<Verdict, ModeratorError>;
}

#[async_trait]
impl<M: Moderator + ?Sized> Moderator for Arc<M> {
    async fn moderate(&self, said: Said) -> Result<Verdict, ModeratorError> {
        (**self).moderate(said).await
    }
}

/// What a visitor said.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Said {
    /// The tenant.
    pub workspace: WorkspaceId,
    /// The conversation.
    pub conversation: ConversationId,
    /// The message's place there.
    pub seq: Seq,
    /// When.
    pub time: Timestamp,
    /// Who, as the authenticator vouched for him.
    pub visitor: Actor,
    /// The words as they are kept: what the word lists mask is masked.
    pub text: String,
}

/// What a moderator thinks of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// Nothing.
    Fine,
    /// Somebody should look at it.
    Flag {
        /// Why, for those who review; at most 200 bytes are kept.
        reason: String,
    },
}

/// A moderator failed. Opaque: follow its source.
#[derive(Debug)]
pub struct ModeratorError(Box<dyn StdError + Send + Sync>);

impl ModeratorError {
    /// It may work the next time.
    pub fn new(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self(source.into())
    }
}

impl fmt::Display for ModeratorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the moderator failed")
    }
}

impl StdError for ModeratorError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&*self.0)
    }
}
