//! The workspace: what all of a tenant's conversations share.

use bytes::Bytes;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{
    AiPolicy, Context, Event, EventBody, Fact, Facts, Fields, Log, UnreadableSnapshot, WordLists,
    decode_snapshot,
    word_lists::{Compiled, Judged},
};
use crate::{
    address::AddressRange,
    ban::AddressBan,
    error::Refusal,
    id::{LogId, Seq},
    identity::Action,
    store::{Also, Row},
};

/// How long a workspace's name may be, in bytes.
const NAME_BYTES: usize = 100;

const FORMAT: u32 = 1;

/// What one may ask of a workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum WorkspaceCommand {
    /// Give it a name that visitors see: 1–100 bytes, no control characters.
    SetName {
        /// The name.
        name: String,
    },
    /// Say when an AI answers, and how.
    SetAi {
        /// The policy.
        policy: Box<AiPolicy>,
    },
    /// Of a supervisor: say which words of visitors are refused, masked or flagged.
    SetWordLists {
        /// All of them.
        lists: Box<WordLists>,
    },
    /// Of a supervisor: no visitor may come from there. Another ban of the same range takes the place of the one there is.
    BanAddress(AddressBan),
    /// Of a supervisor: visitors may come from there again.
    LiftAddressBan {
        /// The range, as it was banned.
        range: AddressRange,
    },
}

/// What an event of a workspace says.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum WorkspaceBody {
    /// It has a new name.
    Named {
        /// The name.
        name: String,
    },
    /// It has a new policy for the AI.
    AiSet {
        /// The policy.
        policy: Box<AiPolicy>,
    },
    /// It has new word lists.
    WordListsSet {
        /// All of them.
        lists: Box<WordLists>,
    },
    /// No visitor may come from there.
    AddressBanned {
        /// From where, why, and for how long.
        banned: AddressBan,
    },
    /// Visitors may come from there again.
    AddressUnbanned {
        /// From where.
        range: AddressRange,
    },
    /// Something that a newer version stored.
    Unknown {
        /// Its kind.
        kind: String,
        /// Its fields.
        fields: Fields,
    },
}

impl EventBody for WorkspaceBody {
    fn kind(&self) -> &str {
        match self {
            Self::Named { .. } => "named",
            Self::AiSet { .. } => "ai_set",
            Self::WordListsSet { .. } => "word_lists_set",
            Self::AddressBanned { .. } => "address_banned",
            Self::AddressUnbanned { .. } => "address_unbanned",
            Self::Unknown { kind, .. } => kind,
        }
    }

    fn fields(&self) -> Fields {
        match self {
            Self::Named { name } => Map::from_iter([("workspace_name".to_owned(), name.as_str().into())]),
            // Strings, numbers and maps with string keys always serialise.
            Self::AiSet { policy } => {
                Map::from_iter([("policy".to_owned(), serde_json::to_value(policy).unwrap_or_default())])
            }
            Self::WordListsSet { lists } => {
                Map::from_iter([("lists".to_owned(), serde_json::to_value(lists).unwrap_or_default())])
            }
            Self::AddressBanned { banned } => {
                Map::from_iter([("banned".to_owned(), serde_json::to_value(banned).unwrap_or_default())])
            }
            Self::AddressUnbanned { range } => {
                Map::from_iter([("range".to_owned(), range.to_string().into())])
            }
            Self::Unknown { fields, .. } => fields.clone(),
        }
    }

    fn from_fields(kind: &str, fields: Fields) -> Self {
        let known = match kind {
            "named" => fields
                .get("workspace_name")
                .and_then(Value::as_str)
                .map(|name| Self::Named { name: name.to_owned() }),
            "ai_set" => fields
                .get("policy")
                .and_then(|policy| serde_json::from_value(policy.clone()).ok())
                .map(|policy| Self::AiSet { policy }),
            "word_lists_set" => fields
                .get("lists")
                .and_then(|lists| serde_json::from_value(lists.clone()).ok())
                .map(|lists| Self::WordListsSet { lists }),
            "address_banned" => fields
                .get("banned")
                .and_then(|banned| serde_json::from_value(banned.clone()).ok())
                .map(|banned| Self::AddressBanned { banned }),
            "address_unbanned" => fields
                .get("range")
                .and_then(|range| serde_json::from_value(range.clone()).ok())
                .map(|range| Self::AddressUnbanned { range }),
            _ => None,
        };
        known.unwrap_or_else(|| Self::Unknown { kind: kind.to_owned(), fields })
    }

    fn text(&self) -> Option<&str> {
        None
    }
}

/// A workspace has no marks yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorkspaceMark {}

/// A workspace's snapshot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Workspace {
    format: u32,
    last: Seq,
    time: Timestamp,
    name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ai: Option<Box<AiPolicy>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) address_bans: Vec<AddressBan>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    word_lists: Option<Box<WordLists>>,
    /// Kept from one fold to the next for as long as the lists are the same.
    #[serde(skip)]
    compiled: Compiled,
    /// What a newer version keeps here.
    #[serde(flatten)]
    extra: Fields,
}

impl Default for Workspace {
    fn default() -> Self {
        Self {
            format: FORMAT,
            last: Seq(0),
            time: Timestamp::UNIX_EPOCH,
            name: None,
            ai: None,
            address_bans: Vec::new(),
            word_lists: None,
            compiled: Compiled::default(),
            extra: Map::new(),
        }
    }
}

impl Workspace {
    /// Its name, if it was given one.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }
    /// When an AI answers, if that was ever set; if not, the host's default holds.
    pub fn ai(&self) -> Option<&AiPolicy> {
        self.ai.as_deref()
    }
    /// Which words of visitors are refused, masked or flagged, if that was ever set.
    pub fn word_lists(&self) -> Option<&WordLists> {
        self.word_lists.as_deref()
    }

    /// Judges a visitor's words. `None`: nothing is listed.
    pub(super) fn judge(&self, text: &str) -> Option<Judged> {
        self.compiled.of(self.word_lists()).map(|matcher| matcher.judge(text))
    }

    fn named(&self, name: &str) -> Result<Option<WorkspaceBody>, Refusal> {
        let name = name.trim();
        if name.is_empty() || name.len() > NAME_BYTES || name.chars().any(char::is_control) {
            return Err(Refusal::bad_request("a name has 1 to 100 bytes and no control characters"));
        }
        let changes = self.name() != Some(name);
        Ok(changes.then(|| WorkspaceBody::Named { name: name.to_owned() }))
    }

    fn ai_set(&self, policy: &AiPolicy) -> Result<Option<WorkspaceBody>, Refusal> {
        policy.check()?;
        let changes = self.ai() != Some(policy);
        Ok(changes.then(|| WorkspaceBody::AiSet { policy: Box::new(policy.clone()) }))
    }

    fn word_lists_set(&self, lists: &WordLists) -> Result<Option<WorkspaceBody>, Refusal> {
        lists.check()?;
        let changes = self.word_lists() != Some(lists);
        Ok(changes.then(|| WorkspaceBody::WordListsSet { lists: Box::new(lists.clone()) }))
    }
}

impl Log for Workspace {
    type Command = WorkspaceCommand;
    type Body = WorkspaceBody;
    type Mark = WorkspaceMark;

    fn needs(_: &WorkspaceCommand) -> Also {
        Also::NOTHING
    }

    fn decide(&self, cx: &Context<'_>, command: &WorkspaceCommand) -> Result<Facts<Self>, Refusal> {
        let body = match command {
            WorkspaceCommand::SetName { name } => self.named(name)?,
            WorkspaceCommand::SetAi { policy } => self.ai_set(policy)?,
            WorkspaceCommand::SetWordLists { lists } => self.word_lists_set(lists)?,
            WorkspaceCommand::BanAddress(banned) => self.address_banned(banned, cx.now)?,
            WorkspaceCommand::LiftAddressBan { range } => self.address_unbanned(*range, cx.now),
        };
        let event = |body| Event {
            seq: self.last.next(),
            time: cx.now.max(self.time),
            actor: cx.actor.clone(),
            client_id: None,
            body,
        };
        Ok(body.map(event).map(Fact::Event).into_iter().collect())
    }

    fn apply(&mut self, fact: &Fact<WorkspaceBody, WorkspaceMark>) {
        match fact {
            Fact::Event(event) => {
                self.last = event.seq;
                self.time = event.time;
                match &event.body {
                    WorkspaceBody::Named { name } => self.name = Some(name.clone()),
                    WorkspaceBody::AiSet { policy } => self.ai = Some(policy.clone()),
                    WorkspaceBody::WordListsSet { lists } => {
                        self.word_lists = Some(lists.clone());
                        self.compiled = Compiled::default();
                    }
                    WorkspaceBody::AddressBanned { .. } | WorkspaceBody::AddressUnbanned { .. } => {
                        self.take_address_ban(&event.body, event.time);
                    }
                    WorkspaceBody::Unknown { .. } => {}
                }
            }
            Fact::Mark(mark) => match *mark {},
        }
    }

    fn action(&self, _: &LogId, command: &WorkspaceCommand) -> Action<'_> {
        match command {
            WorkspaceCommand::SetName { .. } => Action::Manage,
            WorkspaceCommand::SetAi { .. } => Action::ManageAi,
            WorkspaceCommand::SetWordLists { .. } => Action::Moderate,
            WorkspaceCommand::BanAddress(_) | WorkspaceCommand::LiftAddressBan { .. } => Action::Ban,
        }
    }

    fn last_seq(&self) -> Seq {
        self.last
    }

    fn row(&self) -> Row {
        Row::default()
    }

    fn encode(&self) -> Bytes {
        // Strings, numbers and maps with string keys always serialise.
        serde_json::to_vec(self).unwrap_or_default().into()
    }

    fn decode(snapshot: &[u8]) -> Result<Self, UnreadableSnapshot> {
        decode_snapshot(snapshot, FORMAT)
    }
}
