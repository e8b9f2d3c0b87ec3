//! Who may not come: bans of participants and of addresses, as hosts and sockets ask for them.

use std::net::IpAddr;

use super::Minicom;
use crate::{
    address::AddressRange,
    ban::{AddressBan, Ban, BanRequest},
    error::{Error, Refusal},
    id::ConversationId,
    identity::{Action, AuthError, Identity, authorize},
    log::{Command, WorkspaceCommand},
    role::Role,
    wire::Target,
};

impl Minicom {
    /// Bans a conversation's participant, or replaces his ban: his sockets are closed at once with 4505, and nothing that he
    /// asks for is done. `also_addresses`: where his sockets of this process come from is banned, too. For supervisors and
    /// owners.
    pub async fn ban(
        &self,
        identity: &Identity,
        target: &Target,
        ban: Ban,
        also_addresses: bool,
    ) -> Result<(), Error> {
        authorize(identity, Action::Ban)?;
        // Looked up before they are closed.
        let addresses = if also_addresses { self.addresses_of(identity, target) } else { Vec::new() };
        self.execute(identity, target, Command::Ban(ban.clone())).await?;
        for range in addresses {
            let with = Some(target.conversation());
            self.ban_address(identity, AddressBan { range, with, ban: ban.clone() }).await?;
        }
        Ok(())
    }

    /// Lifts the ban of a conversation's participant, and those of addresses that came with it, or with a conversation that was
    /// moved to it. For supervisors and owners.
    pub async fn lift_ban(&self, identity: &Identity, target: &Target) -> Result<(), Error> {
        self.execute(identity, target, Command::LiftBan).await?;
        for banned in self.address_bans(identity).await? {
            if let Some(with) = banned.with
                && self.is_now(identity, with, target.conversation()).await?
            {
                self.lift_address_ban(identity, banned.range).await?;
            }
        }
        Ok(())
    }

    /// Whether a conversation is another one, or was moved to it.
    async fn is_now(
        &self,
        identity: &Identity,
        old: ConversationId,
        now: ConversationId,
    ) -> Result<bool, Error> {
        if old == now {
            return Ok(true);
        }
        let snapshot = self.reach(identity, &Target::Conversation(old), None).await?.snapshot;
        Ok(snapshot.fold.moved().is_some_and(|moved| ConversationId::direct(&moved.to) == now))
    }

    /// Does what a supervisor asked for over a socket. `None`: lift it.
    pub(super) async fn ban_as_asked(
        &self,
        identity: &Identity,
        target: &Target,
        asked: Option<BanRequest>,
    ) -> Result<(), Error> {
        let Some(BanRequest { reason, lasts, addresses }) = asked else {
            return self.lift_ban(identity, target).await;
        };
        let now = self.inner.hub.context.clock.now();
        let until = lasts.map(|lasts| now.checked_add(lasts)).transpose();
        let until = until.map_err(|_| Refusal::bad_request("a ban does not last that long"))?;
        self.ban(identity, target, Ban { until, ..Ban::new(reason) }, addresses).await
    }

    /// Bans an address or a range: sockets of the workspace's visitors from there are closed at once, and none is let in. For
    /// supervisors and owners.
    pub async fn ban_address(&self, identity: &Identity, ban: AddressBan) -> Result<(), Error> {
        self.execute_workspace(identity, WorkspaceCommand::BanAddress(ban)).await.map(drop)
    }

    /// Lifts the ban of a range, as it was banned. For supervisors and owners.
    pub async fn lift_address_ban(&self, identity: &Identity, range: AddressRange) -> Result<(), Error> {
        self.execute_workspace(identity, WorkspaceCommand::LiftAddressBan { range }).await.map(drop)
    }

    /// The bans of addresses that hold. For supervisors and owners.
    pub async fn address_bans(&self, identity: &Identity) -> Result<Vec<AddressBan>, Error> {
        authorize(identity, Action::Ban)?;
        let workspace = self.inner.hub.context.workspace(&identity.workspace).await?;
        Ok(workspace.fold.address_bans(self.inner.hub.context.clock.now()).cloned().collect())
    }

    /// Whether somebody may come from there: a visitor not from an address that is banned. What another process banned is known
    /// within [`Limits::workspace_fresh`](crate::Limits::workspace_fresh).
    pub async fn admit(&self, identity: &Identity, remote: Option<IpAddr>) -> Result<(), AuthError> {
        let (Role::User, Some(remote)) = (identity.role, remote) else { return Ok(()) };
        let context = &self.inner.hub.context;
        let workspace = context.workspace(&identity.workspace).await;
        let workspace = workspace.map_err(|error| AuthError::Unavailable(error.into()))?;
        if workspace.fold.bans(remote, context.clock.now()) { Err(AuthError::Banned) } else { Ok(()) }
    }

    /// Where a conversation's participant is connected from.
    fn addresses_of(&self, identity: &Identity, target: &Target) -> Vec<AddressRange> {
        self.inner.hub.context.sockets.households_in(&identity.workspace, target.conversation())
    }
}
