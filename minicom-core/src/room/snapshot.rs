//! A log as it stands at a revision.

use uuid::Uuid;

use crate::{
    id::{Epoch, Rev},
    log::Conversation,
};

/// A log as this process knows it.
#[derive(Debug, Clone)]
pub(crate) struct Snapshot<L> {
    pub fold: L,
    pub rev: Rev,
    /// The store's generation; unknown while the log does not exist.
    pub generation: Option<Uuid>,
}

impl Snapshot<Conversation> {
    /// What the wire calls the conversation's epoch: new when it is created or erased, or the store restored.
    pub fn epoch(&self) -> Option<Epoch> {
        let own = self.fold.epoch();
        let generation = self.generation?;
        (!own.is_nil()).then(|| Epoch(Uuid::new_v5(&generation, own.as_bytes())))
    }
}
