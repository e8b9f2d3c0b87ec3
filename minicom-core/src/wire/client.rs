//! What clients send, as values.

use serde::{Deserialize, Deserializer};

use crate::{
    ban::BanRequest,
    error::Refusal,
    id::{ClientId, ConversationId, ParticipantId, Seq},
    log::{AiCommand, AiPolicy, WordLists},
    store::{RowCursor, RowFilter},
};

/// How many items a page has if the client does not say.
pub(super) const DEFAULT_LIMIT: usize = 50;

/// Which conversation is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// The direct one with this participant; it need not exist yet.
    Participant(ParticipantId),
    /// The one of this id.
    Conversation(ConversationId),
}

impl Target {
    /// Its id.
    pub fn conversation(&self) -> ConversationId {
        match self {
            Self::Participant(participant) => ConversationId::direct(participant),
            Self::Conversation(id) => *id,
        }
    }
}

macro_rules! frames {
    ($($name:ident = $word:literal),+ $(,)?) => {
        /// The types of frames that a client may send. A list to go through, so that none is forgotten: a test that matches
        /// on it no longer compiles when there is one more.
        #[doc(hidden)]
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[allow(missing_docs, reason = "the words say it")]
        pub enum FrameKind {
            $($name,)+
        }

        impl FrameKind {
            /// Every one.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The wire's word.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word,)+ }
            }

            pub(super) fn parse(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|kind| kind.as_str() == word)
            }
        }
    };
}

frames! {
    Message = "message",
    GetConversation = "get_conversation",
    ReadMessages = "read_messages",
    Typing = "typing",
    List = "list",
    Search = "search",
    HandOff = "handoff",
    TakeOver = "take_over",
    HandBack = "hand_back",
    Stop = "stop",
    Rate = "rate",
    Personality = "personality",
    Ai = "ai",
    SetAi = "set_ai",
    Auth = "auth",
    Leave = "leave",
    Ban = "ban",
    LiftBan = "lift_ban",
    WordLists = "word_lists",
    SetWordLists = "set_word_lists",
    Review = "review",
    Ping = "ping",
}

/// A frame, and the `client_id` that its answer echoes.
#[derive(Debug, PartialEq)]
pub(crate) struct Received {
    pub client_id: Option<ClientId>,
    pub frame: Result<ClientFrame, Refusal>,
}

/// A well-formed frame.
#[derive(Debug, PartialEq)]
pub(crate) enum ClientFrame {
    Message {
        to: Option<Target>,
        text: String,
    },
    GetConversation {
        target: Option<Target>,
        page: PageRequest,
    },
    ReadMessages {
        target: Option<Target>,
        up_to: Option<Seq>,
    },
    Typing {
        target: Option<Target>,
        typing: bool,
    },
    Leave,
    List {
        filter: RowFilter,
        cursor: Option<RowCursor>,
        limit: usize,
    },
    Search {
        target: Option<Target>,
        query: String,
        before: Option<u64>,
        limit: usize,
    },
    AskAi {
        target: Option<Target>,
        command: AiCommand,
    },
    /// `None`: lift the ban.
    Ban {
        target: Option<Target>,
        ban: Option<BanRequest>,
    },
    ReportAi,
    SetAi {
        policy: Box<AiPolicy>,
    },
    /// Read them; before that, set them.
    WordLists {
        set: Option<Box<WordLists>>,
    },
    Review {
        target: Option<Target>,
        up_to: Option<Seq>,
    },
    Auth {
        token: Option<String>,
        visitor: Option<String>,
    },
    Ping,
}

/// Which events of a conversation are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PageRequest {
    /// Where the page begins or ends.
    pub from: PageFrom,
    /// At most so many events that the reader may see.
    pub limit: usize,
    /// What the client knows of the epoch.
    pub epoch: KnownEpoch,
}

/// What a client says it knows of a conversation's epoch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum KnownEpoch {
    /// It says nothing.
    #[default]
    Unsaid,
    /// The conversation did not exist when it looked.
    NoConversation,
    /// This one, verbatim.
    Epoch(String),
}

/// Only called for a field that is there, so that null is told from absent.
impl<'de> Deserialize<'de> for KnownEpoch {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::deserialize(deserializer)?.map_or(Self::NoConversation, Self::Epoch))
    }
}

/// Where a page begins or ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageFrom {
    /// The latest events.
    Latest,
    /// What follows a seq, oldest first; `Seq(0)`: from the first event that is kept.
    After(Seq),
    /// The events just before a seq.
    Before(Seq),
}

impl PageRequest {
    /// A page of as many events as one gets without asking: 50.
    pub fn new(from: PageFrom) -> Self {
        Self { from, limit: DEFAULT_LIMIT, epoch: KnownEpoch::Unsaid }
    }

    /// The latest events.
    pub fn latest() -> Self {
        Self::new(PageFrom::Latest)
    }
}
