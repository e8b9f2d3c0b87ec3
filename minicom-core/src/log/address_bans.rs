//! Which addresses a workspace's visitors may not come from.

use std::net::IpAddr;

use jiff::Timestamp;

use super::{Workspace, WorkspaceBody};
use crate::{
    address::AddressRange,
    ban::{AddressBan, MAX_ADDRESS_BANS},
    error::Refusal,
};

impl Workspace {
    /// The bans of addresses that hold.
    pub fn address_bans(&self, now: Timestamp) -> impl Iterator<Item = &AddressBan> {
        self.address_bans.iter().filter(move |banned| banned.ban.holds(now))
    }

    /// Whether a visitor may not come from there.
    pub fn bans(&self, address: IpAddr, now: Timestamp) -> bool {
        self.address_bans(now).any(|banned| banned.range.contains(address))
    }

    pub(super) fn address_banned(
        &self,
        banned: &AddressBan,
        now: Timestamp,
    ) -> Result<Option<WorkspaceBody>, Refusal> {
        banned.ban.check()?;
        if !banned.ban.holds(now) {
            return Err(Refusal::bad_request("a ban ends later than now"));
        }
        let others = self.address_bans(now).filter(|other| other.range != banned.range).count();
        if others >= MAX_ADDRESS_BANS {
            return Err(Refusal::bad_request("200 addresses are banned already"));
        }
        let changes = !self.address_bans.contains(banned);
        Ok(changes.then(|| WorkspaceBody::AddressBanned { banned: banned.clone() }))
    }

    pub(super) fn address_unbanned(&self, range: AddressRange, now: Timestamp) -> Option<WorkspaceBody> {
        let held = self.address_bans(now).any(|banned| banned.range == range);
        held.then_some(WorkspaceBody::AddressUnbanned { range })
    }

    /// What has ended goes when something comes, so that the list stays as short as it may be.
    pub(super) fn take_address_ban(&mut self, body: &WorkspaceBody, time: Timestamp) {
        let range = match body {
            WorkspaceBody::AddressBanned { banned } => banned.range,
            WorkspaceBody::AddressUnbanned { range } => *range,
            _ => return,
        };
        self.address_bans.retain(|other| other.range != range && other.ban.holds(time));
        if let WorkspaceBody::AddressBanned { banned } = body {
            self.address_bans.push(banned.clone());
        }
    }
}
