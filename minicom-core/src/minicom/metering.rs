//! What clients do is counted here: frames, messages and reads of their sockets, and tokens that are not believed.

use std::net::IpAddr;

use super::Minicom;
use crate::{
    error::{Code, Refusal},
    id::WorkspaceId,
    identity::{AuthError, AuthRequest, Identity},
    log::Command,
    rates::{AddressCharge, Charge, Meter, RateLimits},
    role::Role,
    session::{Incoming, Operation},
    wire::Target,
};

impl Minicom {
    /// How much clients may do in a while, in workspaces that have no figures of their own; `None`: as much as they like.
    pub fn rate_limits(&self) -> Option<&RateLimits> {
        self.inner.meter.as_ref().map(Meter::limits)
    }

    /// Counts what somebody wants to do that does not come over a socket: a request of the host's own that is his doing.
    /// Refused, it is `rate_limited`, says when to try again, and has counted nothing.
    ///
    /// ```
    /// use minicom_core::{Charge, Identity, MemoryStore, Minicom, ParticipantId, WorkspaceId};
    ///
    /// let minicom = Minicom::builder().store(MemoryStore::new()).build()?;
    /// let ann = Identity::user(WorkspaceId::default(), ParticipantId::new("ann")?);
    /// assert!(minicom.charge(&ann, Charge::Read).is_ok());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn charge(&self, identity: &Identity, charge: Charge) -> Result<(), Refusal> {
        self.inner.meter.as_ref().map_or(Ok(()), |meter| meter.charge(identity, charge))
    }

    /// Counts what an address does, before anything is looked at that it sends. Refused as [`charge`](Self::charge) is.
    pub fn charge_address(&self, remote: IpAddr, charge: AddressCharge) -> Result<(), Refusal> {
        self.inner.meter.as_ref().map_or(Ok(()), |meter| meter.charge_address(remote, charge))
    }

    /// How many sockets of a workspace may be open.
    pub(super) fn sockets_of(&self, workspace: &WorkspaceId) -> usize {
        self.inner.meter.as_ref().map_or(usize::MAX, |meter| meter.rates(workspace).sockets)
    }

    /// Takes note for the metrics that a request was refused which is no socket's.
    #[doc(hidden)]
    pub fn count_refusal(&self, code: Code) {
        self.inner.hub.context.metrics.refusals.count(code);
    }

    /// Counts what came from a socket.
    pub(super) fn charge_frame(
        &self,
        identity: Option<&Identity>,
        incoming: &Incoming,
    ) -> Result<(), Refusal> {
        match (identity, incoming) {
            (Some(identity), Incoming::Text(_)) => self.charge(identity, Charge::Frame),
            // Who is nobody yet may say who he is and nothing else.
            _ => Ok(()),
        }
    }

    /// Counts what a frame asks for. `first`: a visitor's own conversation, as he comes; whoever may come may see it.
    pub(super) fn charge_operation(
        &self,
        identity: &Identity,
        operation: &Operation,
        first: bool,
    ) -> Result<(), Refusal> {
        let Some(meter) = &self.inner.meter else { return Ok(()) };
        let charge = match operation {
            Operation::Execute { target, command: Command::Message { text, .. } } => {
                let begins = identity.role == Role::User && self.is_unbegun(identity, target);
                Charge::Message { bytes: text.len(), begins }
            }
            Operation::Page { .. } if first => return Ok(()),
            Operation::Page { .. }
            | Operation::List { .. }
            | Operation::Search { .. }
            | Operation::WordLists { .. }
            | Operation::Ai { .. } => Charge::Read,
            Operation::Execute { .. }
            | Operation::Ban { .. }
            | Operation::Authenticate(_)
            | Operation::Move(_) => return Ok(()),
        };
        meter.charge(identity, charge)
    }

    /// Whether a conversation is known not to exist. A visitor watches his own, so it is known.
    fn is_unbegun(&self, identity: &Identity, target: &Target) -> bool {
        let log = crate::id::LogId::conversation(&identity.workspace, target.conversation());
        let snapshot = self.inner.hub.open_room(&log).and_then(|room| room.delivered());
        snapshot.is_some_and(|snapshot| snapshot.epoch().is_none())
    }

    /// Asks the authenticator. Tokens that are guessed are counted by address, and soon not even looked at.
    pub(super) async fn judge(&self, request: &AuthRequest) -> Result<Identity, AuthError> {
        let guess = self.inner.meter.as_ref().zip(request.remote).filter(|_| request.token.is_some());
        if let Some(retry_after) = guess.and_then(|(meter, remote)| meter.barred(remote)) {
            return Err(AuthError::TooManyFailures { retry_after });
        }
        let judged = self.inner.authenticator.authenticate(request).await;
        if let (Some((meter, remote)), Err(AuthError::Unauthenticated)) = (guess, &judged) {
            meter.failed(remote);
        }
        judged
    }
}
