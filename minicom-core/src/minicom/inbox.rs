//! Conversations as a list shows them.

use super::{Minicom, decode};
use crate::{
    error::Error,
    id::{LogId, ParticipantId},
    identity::{Action, Identity, authorize},
    store::{RowCursor, RowFilter, RowQuery, RowSelect, StoreError, StoredRow},
    view::{ConversationList, ConversationRow},
};

/// Reads a stored row.
fn read_row(stored: &StoredRow) -> Result<Option<ConversationRow>, StoreError> {
    let Some(conversation) = stored.log.as_conversation() else { return Ok(None) };
    Ok(Some(ConversationRow::new(conversation, &decode(&stored.snapshot)?)))
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
        let page = self.inner.hub.context.store.rows(&query).await?;
        let last = page.items.last().filter(|_| page.more);
        let cursor = last.and_then(|StoredRow { log, row, .. }| {
            Some(RowCursor { active_at: row.active_at, conversation: LogId::as_conversation(log)? })
        });
        let rows = page.items.iter().filter_map(|stored| read_row(stored).transpose());
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
