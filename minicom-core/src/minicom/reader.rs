//! What a reader of a workspace's events keeps under its name: how far it is, and what came of it.

use serde::{Serialize, de::DeserializeOwned};

use super::Minicom;
use crate::{
    error::{Error, Refusal},
    id::{LogId, LogKind, ReaderName, Rev, WorkspaceId},
    store::{Also, AppendError, Change, Row, StoreError},
};

/// A reader's state, as it was loaded or saved last.
pub(super) struct Kept<T> {
    log: LogId,
    rev: Rev,
    pub state: T,
}

/// Whether what was to be saved was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Saved {
    Yes,
    /// Somebody else has read the same, and was faster.
    Overtaken,
}

impl<T: Default + Serialize + DeserializeOwned> Kept<T> {
    /// What is kept under this name; a new one begins at the beginning, and so does what cannot be read.
    pub async fn load(minicom: &Minicom, workspace: &WorkspaceId, name: &str) -> Result<Self, Error> {
        let name = ReaderName::new(name).map_err(|_| Refusal::unavailable())?;
        let log = LogId { workspace: workspace.clone(), kind: LogKind::Reader(name) };
        let loaded = minicom.inner.hub.context.store.load(&log, &Also::NOTHING).await?;
        Ok(match loaded {
            Some(loaded) => {
                let state = serde_json::from_slice(&loaded.snapshot).unwrap_or_default();
                Self { log, rev: loaded.rev, state }
            }
            None => Self { log, rev: Rev::NONE, state: T::default() },
        })
    }

    /// Keeps the state.
    pub async fn save(&mut self, minicom: &Minicom) -> Result<Saved, StoreError> {
        // Numbers and maps with string keys always serialise.
        let snapshot = serde_json::to_vec(&self.state).unwrap_or_default().into();
        let change = Change::new(self.log.clone(), self.rev, snapshot, Row::default());
        match minicom.inner.hub.context.store.append(change).await {
            Ok(appended) => {
                self.rev = appended.rev;
                Ok(Saved::Yes)
            }
            Err(AppendError::Conflict | AppendError::Duplicates(_)) => Ok(Saved::Overtaken),
            Err(AppendError::Store(error)) => Err(error),
        }
    }
}
