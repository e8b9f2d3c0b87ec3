//! The last events of conversations, kept for whoever opens them next. When everybody comes back at once, a conversation is
//! read from the store once, and not once a window. Bounded for all rooms together: what was read longest ago goes first.

use std::{
    collections::VecDeque,
    fmt,
    sync::{Arc, Mutex},
};

use tokio::sync::OnceCell;

use crate::{
    id::LogId,
    log::{Body, Conversation, Log, Recorded},
    store::{EventQuery, Order, Store, StoreError},
    sync::lock,
};

/// How many events are read at once: few, because a page also stops by its size.
pub(crate) const READ_AT_ONCE: usize = 64;

/// What an event takes in memory beside what the store holds of it: roughly, and rather too much.
const BESIDE_DATA: usize = 256;

/// The last events of a conversation as it stood at one time, oldest first and without a gap. Whoever asks first has them read,
/// and whoever asks meanwhile waits for that.
#[derive(Default)]
pub(crate) struct Recent(OnceCell<Vec<Recorded<Body>>>);

impl fmt::Debug for Recent {
    /// Without what was said.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recent").finish_non_exhaustive()
    }
}

impl Recent {
    pub fn events(&self) -> &[Recorded<Body>] {
        self.0.get().map_or(&[], Vec::as_slice)
    }

    /// Reads them up to what `fold` knows of, unless they were read.
    pub async fn read(
        self: &Arc<Self>,
        log: &LogId,
        fold: &Conversation,
        store: &dyn Store,
        kept: &RecentlyRead,
    ) -> Result<(), StoreError> {
        let read = async || {
            let (from, through) = (fold.first_seq(), fold.last_seq());
            let query = EventQuery::Log {
                log: log.clone(),
                from,
                through,
                order: Order::NewestFirst,
                limit: READ_AT_ONCE,
            };
            let page = store.events(&query).await?;
            let bytes = page.items.iter().map(|stored| stored.data.len() + BESIDE_DATA).sum();
            let events =
                page.items.iter().rev().map(|stored| Recorded::read(stored).map_err(StoreError::corrupt));
            let events = events.collect::<Result<Vec<_>, _>>()?;
            kept.keep(self, bytes);
            Ok(events)
        };
        self.0.get_or_try_init(read).await.map(drop)
    }
}

/// What keeps them. Rooms only know of theirs while it is kept here, or somebody reads it.
#[derive(Debug)]
pub(crate) struct RecentlyRead {
    kept: Mutex<Kept>,
    most_bytes: usize,
}

#[derive(Debug, Default)]
struct Kept {
    queue: VecDeque<(Arc<Recent>, usize)>,
    bytes: usize,
}

impl RecentlyRead {
    pub fn new(most_bytes: usize) -> Self {
        Self { kept: Mutex::default(), most_bytes }
    }

    fn keep(&self, recent: &Arc<Recent>, bytes: usize) {
        let mut kept = lock(&self.kept);
        kept.bytes += bytes;
        kept.queue.push_back((recent.clone(), bytes));
        while kept.bytes > self.most_bytes
            && let Some((_, bytes)) = kept.queue.pop_front()
        {
            kept.bytes -= bytes;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_longest_ago_goes_first() {
        let kept = RecentlyRead::new(100);
        let [old, new, large] = [(); 3].map(|()| Arc::new(Recent::default()));
        let is_kept = |recent| Arc::strong_count(recent) > 1;
        kept.keep(&old, 60);
        kept.keep(&new, 40);
        assert!(is_kept(&old) && is_kept(&new));
        kept.keep(&large, 60);
        assert!(!is_kept(&old) && is_kept(&new) && is_kept(&large));
        kept.keep(&old, 101);
        assert!([&old, &new, &large].into_iter().all(|recent| !is_kept(recent)));
        assert_eq!(lock(&kept.kept).bytes, 0);
    }
}
