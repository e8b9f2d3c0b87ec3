//! Search: the store says where terms occur, core loads and highlights.

use super::{Minicom, decode};
use crate::{
    error::Error,
    id::Position,
    identity::{Action, Identity, authorize},
    log::{Body, Recorded},
    store::{Also, Hit, SearchQuery, StoreError},
    text,
    view::{Cursors, SearchHit, SearchResults},
    wire::{Target, server::Place},
};

/// How many words of a query count; what follows is ignored.
const MAX_TERMS: usize = 16;

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
        let page = self.inner.hub.context.store.search(&search).await?;
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
        let Some(loaded) = self.inner.hub.context.store.load(&hit.log, &also).await? else { return Ok(None) };
        let Some(stored) = loaded.also.first() else { return Ok(None) };
        let message = Recorded::<Body>::read(stored).map_err(StoreError::corrupt)?;
        let Body::Message { text, .. } = &message.event.body else { return Ok(None) };
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
