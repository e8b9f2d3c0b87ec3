//! Conversations as a list shows them.

use super::{Minicom, decode};
use crate::{
    error::Error,
    id::ParticipantId,
    identity::{Action, Identity, authorize},
    store::{RowCursor, RowFilter, RowQuery, RowSelect, StoreError, StoredRow},
    view::{ConversationList, ConversationRow},
};

/// Reads a stored row.
fn read_row(stored: &StoredRow) -> Result<Option<ConversationRow>, StoreError> {
    let Some(conversation) = stored.log.as_conversation() else { return Ok(None) };
    Ok(Some(ConversationRow::new(conversation, &decode(&stored.snapshot)?)))
}

fn cursor_of(last: &StoredRow) -> Option<RowCursor> {
    Some(RowCursor { active_at: last.row.active_at, conversation: last.log.as_conversation()? })
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
        let mut list = ConversationList { rows: Vec::new(), cursor: after };
        loop {
            let select = RowSelect::Active { filter: filter.clone(), after: list.cursor };
            let left = limit.saturating_sub(list.rows.len());
            let query = RowQuery::new(identity.workspace.clone(), select, left);
            let page = self.inner.hub.context.store.rows(&query).await?;
            list.cursor = page.items.last().filter(|_| page.more).and_then(cursor_of);
            for stored in &page.items {
                list.rows.extend(read_row(stored)?.filter(|row| !row.moved));
            }
            // Those that were moved away leave room for more.
            if list.cursor.is_none() || list.rows.len() >= limit {
                return Ok(list);
            }
        }
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
