//! Conversations as a list shows them.

use super::{Minicom, decode};
use crate::{
    error::Error,
    id::{ConversationId, LogId, ParticipantId, Seq},
    identity::{Action, Identity, authorize},
    log::{Conversation, Log, Preview},
    store::{Row, RowCursor, RowFilter, RowQuery, RowSelect, StoreError, StoredRow},
};

/// A conversation in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConversationRow {
    /// Which.
    pub conversation: ConversationId,
    /// Its indexed columns.
    pub row: Row,
    /// The seq of its last event.
    pub last_seq: Seq,
    /// How many messages were ever stored in it.
    pub messages: u64,
    /// Its last message.
    pub last_message: Option<Preview>,
}

impl ConversationRow {
    pub(crate) fn new(conversation: ConversationId, fold: &Conversation) -> Self {
        Self {
            conversation,
            row: fold.row(),
            last_seq: fold.last_seq(),
            messages: fold.messages(),
            last_message: fold.last_message().cloned(),
        }
    }

    fn read(stored: &StoredRow) -> Result<Option<Self>, StoreError> {
        let Some(conversation) = stored.log.as_conversation() else { return Ok(None) };
        Ok(Some(Self::new(conversation, &decode(&stored.snapshot)?)))
    }

    /// The wire's name of the conversation: its first participant.
    pub fn email(&self) -> &str {
        self.row.members.first().map_or("", ParticipantId::as_str)
    }
}

/// A page of the inbox.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConversationList {
    /// The rows: last activity first.
    pub rows: Vec<ConversationRow>,
    /// To go on after the last row; `None`: that was all.
    pub cursor: Option<RowCursor>,
}

impl Minicom {
    /// A page of the inbox of `identity`'s workspace.
    pub async fn conversations(
        &self,
        identity: &Identity,
        filter: RowFilter,
        after: Option<RowCursor>,
        limit: usize,
    ) -> Result<ConversationList, Error> {
        authorize(identity, Action::ReadInbox)?;
        let query = RowQuery::new(identity.workspace.clone(), RowSelect::Active { filter, after }, limit);
        let page = self.inner.rooms.store.rows(&query).await?;
        let last = page.items.last().filter(|_| page.more);
        let cursor = last.and_then(|StoredRow { log, row, .. }| {
            Some(RowCursor { active_at: row.active_at, conversation: LogId::as_conversation(log)? })
        });
        let rows = page.items.iter().filter_map(|stored| ConversationRow::read(stored).transpose());
        Ok(ConversationList { rows: rows.collect::<Result<_, _>>()?, cursor })
    }

    /// Everyone in `identity`'s workspace who takes part in a conversation with at least one message, sorted by code point.
    pub async fn participants(&self, identity: &Identity) -> Result<Vec<ParticipantId>, Error> {
        const READ_AT_ONCE: usize = 500;
        let (mut all, mut cursor) = (Vec::new(), None);
        loop {
            let list = self.conversations(identity, RowFilter::default(), cursor, READ_AT_ONCE).await?;
            let spoken = list.rows.into_iter().filter(|row| row.messages > 0);
            all.extend(spoken.flat_map(|row| row.row.members));
            cursor = list.cursor;
            if cursor.is_none() {
                break;
            }
        }
        // The order of UTF-8 bytes is the order of code points.
        all.sort();
        all.dedup();
        Ok(all)
    }
}
