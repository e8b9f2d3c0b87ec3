//! Which knowledge base belongs to which workspace.

use std::collections::HashMap;

use minicom_core::WorkspaceId;

use crate::Knowledge;

/// The knowledge bases of all workspaces: one for all, or each its own. A workspace never sees another's.
///
/// ```
/// use std::collections::HashMap;
///
/// use minicom_core::WorkspaceId;
/// use minicom_faq::{Knowledge, KnowledgeOptions, Library};
///
/// # let folder = tempfile::tempdir()?;
/// # std::fs::write(folder.path().join("a.md"), "words")?;
/// let lamps = WorkspaceId::new("lamps")?;
/// let knowledge = Knowledge::open(folder.path(), KnowledgeOptions::new())?;
/// let library = Library::from(HashMap::from([(lamps.clone(), knowledge)]));
/// assert!(library.of(&lamps).is_some());
/// assert!(library.of(&WorkspaceId::new("chairs")?).is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Library(Shelves);

#[derive(Debug, Clone)]
enum Shelves {
    ForAll(Knowledge),
    ByWorkspace(HashMap<WorkspaceId, Knowledge>),
}

impl Library {
    /// What a workspace may be answered from.
    pub fn of(&self, workspace: &WorkspaceId) -> Option<&Knowledge> {
        match &self.0 {
            Shelves::ForAll(knowledge) => Some(knowledge),
            Shelves::ByWorkspace(shelves) => shelves.get(workspace),
        }
    }
}

impl From<Knowledge> for Library {
    /// The same for every workspace.
    fn from(knowledge: Knowledge) -> Self {
        Self(Shelves::ForAll(knowledge))
    }
}

impl From<HashMap<WorkspaceId, Knowledge>> for Library {
    /// Each workspace its own; one that is not named has none.
    fn from(shelves: HashMap<WorkspaceId, Knowledge>) -> Self {
        Self(Shelves::ByWorkspace(shelves))
    }
}
