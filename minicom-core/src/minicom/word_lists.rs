//! A workspace's word lists, as hosts and sockets read and set them.

use super::Minicom;
use crate::{
    error::Error,
    identity::{Action, Identity, authorize},
    log::{WordLists, WorkspaceCommand},
};

impl Minicom {
    /// The word lists of `identity`'s workspace. For supervisors and owners.
    pub async fn word_lists(&self, identity: &Identity) -> Result<WordLists, Error> {
        authorize(identity, Action::Moderate)?;
        let workspace = self.inner.hub.context.workspace(&identity.workspace).await?;
        Ok(workspace.fold.word_lists().cloned().unwrap_or_default())
    }

    /// Sets all word lists of `identity`'s workspace. They hold from the next message on; in other processes within
    /// [`Limits::workspace_fresh`](crate::Limits::workspace_fresh). For supervisors and owners.
    ///
    /// ```
    /// use minicom_core::{AgentRole, Code, Command, Identity, MemoryStore, Minicom, ParticipantId, Target, WordLists, WorkspaceId};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let minicom = Minicom::builder().store(MemoryStore::new()).build()?;
    /// let sue = Identity::agent(WorkspaceId::default(), ParticipantId::new("sue")?).with_agent_role(AgentRole::Supervisor);
    /// let mut lists = WordLists::default();
    /// lists.refuse = vec!["buy followers".into()];
    /// minicom.set_word_lists(&sue, lists).await?;
    ///
    /// let eve = Identity::user(WorkspaceId::default(), ParticipantId::new("eve")?);
    /// let own = Target::Participant(eve.participant.clone());
    /// let said = minicom.execute(&eve, &own, Command::message("BUY followers!")).await;
    /// assert_eq!(said.unwrap_err().code(), Code::WordsRefused);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn set_word_lists(&self, identity: &Identity, lists: WordLists) -> Result<(), Error> {
        let command = WorkspaceCommand::SetWordLists { lists: Box::new(lists) };
        self.execute_workspace(identity, command).await.map(drop)
    }
}
