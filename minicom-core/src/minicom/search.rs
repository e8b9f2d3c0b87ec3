//! Search: the store says where terms occur, core loads and highlights.

use std::ops::Range;

use super::{Minicom, decode};
use crate::{
    error::Error,
    id::{ConversationId, Position},
    identity::{Action, Identity, authorize},
    log::{Body, Recorded},
    store::{Also, Hit, SearchQuery, StoreError},
    text,
    wire::{Cursors, Target, server::Place},
};

/// How many words of a query count; what follows is ignored.
const MAX_TERMS: usize = 16;

/// A message that a search found.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SearchHit {
    /// Its conversation.
    pub conversation: ConversationId,
    /// The conversation's participant.
    pub email: String,
    /// The message.
    pub message: Recorded<Body>,
    /// Where the words stand in its text, in bytes.
    pub highlights: Vec<Range<usize>>,
    /// Both sides' read cursors.
    pub read: Cursors,
}

/// What a search found.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SearchResults {
    /// The messages, newest first.
    pub hits: Vec<SearchHit>,
    /// To go on: only hits before this position; `None`: that was all.
    pub before: Option<Position>,
}

impl Minicom {
    /// Searches the messages of `identity`'s workspace, or of one conversation. A message is found if it has every word
    /// of the query, the last one as the beginning of a word; case and diacritics do not matter.
    pub async fn search(
        &self,
        identity: &Identity,
        query: &str,
        target: Option<&Target>,
        before: Option<Position>,
        limit: usize,
    ) -> Result<SearchResults, Error> {
        authorize(identity, Action::ReadInbox)?;
        let terms: Vec<_> = text::tokens(query).take(MAX_TERMS).map(|token| token.term).collect();
        let mut search = SearchQuery::new(identity.workspace.clone(), terms, limit);
        search.conversation = target.map(Target::conversation);
        search.before = before;
        let page = self.inner.rooms.store.search(&search).await?;
        let before = page.items.last().filter(|_| page.more).map(|hit| hit.position);
        let mut hits = Vec::with_capacity(page.items.len());
        for hit in &page.items {
            hits.extend(self.load_hit(hit, &search.terms).await?);
        }
        Ok(SearchResults { hits, before })
    }

    /// `None`: it is gone meanwhile.
    async fn load_hit(&self, hit: &Hit, terms: &[String]) -> Result<Option<SearchHit>, StoreError> {
        let Some(conversation) = hit.log.as_conversation() else { return Ok(None) };
        let also = Also { seqs: vec![hit.seq], ..Also::NOTHING };
        let Some(loaded) = self.inner.rooms.store.load(&hit.log, &also).await? else { return Ok(None) };
        let Some(stored) = loaded.also.first() else { return Ok(None) };
        let message = Recorded::<Body>::read(stored).map_err(StoreError::corrupt)?;
        let Body::Message { text } = &message.event.body else { return Ok(None) };
        let fold = decode(&loaded.snapshot)?;
        Ok(Some(SearchHit {
            conversation,
            email: Place::new(conversation, &fold, None).email.to_owned(),
            highlights: text::highlights(text, terms),
            message,
            read: Cursors::of(&fold),
        }))
    }
}
