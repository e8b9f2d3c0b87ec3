//! Who has taken how much: each workspace has buckets of its own, and so have addresses.

use std::{collections::HashMap, net::IpAddr, sync::Mutex, time::Duration};

use tokio::time::Instant;

use super::{
    ChatRates, Rate, RateLimits, WorkspaceRates,
    buckets::{Buckets, FEW, Kind, Taking, Whose},
};
use crate::{
    address::AddressRange,
    error::Refusal,
    id::{ActorId, WorkspaceId},
    identity::Identity,
    role::Role,
    sync::lock,
};

/// Something that somebody does, for a host that has it done over its own ways
/// ([`Minicom::charge`](crate::Minicom::charge)).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Charge {
    /// A frame of any type, or a request that changes something.
    Frame,
    /// A message.
    Message {
        /// The bytes of its text.
        bytes: usize,
        /// Whether a conversation begins with it.
        begins: bool,
    },
    /// Something that makes the store read much.
    Read,
    /// A socket that opens.
    Connect,
}

/// What an address does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum AddressCharge {
    /// A handshake of a socket, which is a request, too.
    Connect,
    /// An HTTP request.
    Request,
}

/// Counts what is done. The time is the runtime's, which is never set back.
#[derive(Debug)]
pub(crate) struct Meter {
    limits: RateLimits,
    /// Of the workspaces that have figures of their own.
    own: HashMap<WorkspaceId, WorkspaceRates>,
    since: Instant,
    workspaces: Mutex<Workspaces>,
    addresses: Mutex<Buckets<AddressRange>>,
}

/// The buckets of each workspace. One in which nothing happened lately is forgotten.
#[derive(Debug)]
struct Workspaces {
    known: HashMap<WorkspaceId, Buckets<ActorId>>,
    forget_at: usize,
}

impl Workspaces {
    fn of(&mut self, workspace: &WorkspaceId, now: u64) -> &mut Buckets<ActorId> {
        if self.known.len() >= self.forget_at && !self.known.contains_key(workspace) {
            self.known.retain(|_, buckets| {
                buckets.forget(now);
                !buckets.is_empty()
            });
            self.forget_at = (self.known.len() * 2).max(FEW);
        }
        self.known.entry(workspace.clone()).or_default()
    }
}

impl Meter {
    /// `own`: workspaces with figures of their own.
    pub fn new(limits: &RateLimits, own: HashMap<WorkspaceId, WorkspaceRates>) -> Self {
        let workspaces = Workspaces { known: HashMap::new(), forget_at: FEW };
        Self {
            limits: *limits,
            own,
            since: Instant::now(),
            workspaces: Mutex::new(workspaces),
            addresses: Mutex::default(),
        }
    }

    /// The figures of all who have none of their own.
    pub fn limits(&self) -> &RateLimits {
        &self.limits
    }

    /// The figures of a workspace.
    pub fn rates(&self, workspace: &WorkspaceId) -> &WorkspaceRates {
        self.own.get(workspace).unwrap_or(&self.limits.workspace)
    }

    /// Microseconds since it began.
    fn now(&self) -> u64 {
        u64::try_from(self.since.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    /// Takes what somebody wants to do from every bucket that it concerns, or refuses it and takes nothing.
    pub fn charge(&self, identity: &Identity, charge: Charge) -> Result<(), Refusal> {
        let (takings, now) = (self.takings(identity, charge), self.now());
        lock(&self.workspaces).of(&identity.workspace, now).take(takings, now).map_err(Refusal::rate_limited)
    }

    fn takings(&self, identity: &Identity, charge: Charge) -> Vec<Taking<ActorId>> {
        let rates = self.rates(&identity.workspace);
        let visits = identity.role == Role::User;
        let (each, all) =
            if visits { (&rates.visitor, &rates.all_visitors) } else { (&rates.agent, &rates.all_agents) };
        let (one, together) = (Whose::One(identity.actor().id), Whose::All(identity.role));
        let mut takings = Vec::new();
        let mut take = |kind, count, of: fn(&ChatRates) -> Rate| {
            takings.push(((one.clone(), kind), of(each), count));
            takings.push(((together.clone(), kind), of(all), count));
        };
        match charge {
            Charge::Frame => take(Kind::Frames, 1, |rates| rates.frames),
            Charge::Read => take(Kind::Reads, 1, |rates| rates.reads),
            Charge::Connect => take(Kind::Connects, 1, |rates| rates.connects),
            Charge::Message { bytes, begins } => {
                take(Kind::Messages, 1, |rates| rates.messages);
                take(Kind::Bytes, u32::try_from(bytes).unwrap_or(u32::MAX), |rates| rates.bytes);
                if begins && visits {
                    takings.push(((together, Kind::Conversations), rates.conversations, 1));
                }
            }
        }
        takings
    }

    /// As [`charge`](Self::charge), for an address.
    pub fn charge_address(&self, remote: IpAddr, charge: AddressCharge) -> Result<(), Refusal> {
        let (rates, household) = (self.limits.address, Whose::One(AddressRange::household(remote)));
        let mut takings = vec![((household.clone(), Kind::Requests), rates.requests, 1)];
        if charge == AddressCharge::Connect {
            takings.push(((household, Kind::Connects), rates.connects, 1));
        }
        lock(&self.addresses).take(takings, self.now()).map_err(Refusal::rate_limited)
    }

    fn failure(&self, remote: IpAddr) -> Taking<AddressRange> {
        let household = Whose::One(AddressRange::household(remote));
        ((household, Kind::Failures), self.limits.address.auth_failures, 1)
    }

    /// How long no token from there is looked at. `None`: it is.
    pub fn barred(&self, remote: IpAddr) -> Option<Duration> {
        let wait = lock(&self.addresses).wait(&self.failure(remote), self.now());
        (!wait.is_zero()).then_some(wait)
    }

    /// A token from there was not believed.
    pub fn failed(&self, remote: IpAddr) {
        // Two at once may both have been looked at; one too many is no harm.
        let _ = lock(&self.addresses).take(vec![self.failure(remote)], self.now());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{error::Code, id::ParticipantId};

    const SECOND: Duration = Duration::from_secs(1);

    fn visitor(name: &str) -> Identity {
        Identity::user(WorkspaceId::default(), ParticipantId::new(name).unwrap())
    }

    fn message(bytes: usize) -> Charge {
        Charge::Message { bytes, begins: false }
    }

    #[tokio::test(start_paused = true)]
    async fn what_one_bucket_refuses_is_taken_from_none() {
        let mut limits = RateLimits::default();
        limits.workspace.visitor.messages = Rate::new(3, 3 * SECOND);
        limits.workspace.visitor.bytes = Rate::new(100, 100 * SECOND);
        let meter = Meter::new(&limits, HashMap::new());
        let ann = visitor("ann");
        meter.charge(&ann, message(100)).unwrap();
        for _ in 0..10 {
            let refusal = meter.charge(&ann, message(7)).unwrap_err();
            assert_eq!((refusal.code(), refusal.retry_after()), (Code::RateLimited, Some(7 * SECOND)));
        }
        tokio::time::advance(7 * SECOND).await;
        meter.charge(&ann, message(7)).unwrap();
        meter.charge(&ann, message(0)).unwrap();
        meter.charge(&ann, message(0)).unwrap();
        assert_eq!(meter.charge(&ann, message(0)).unwrap_err().retry_after(), Some(SECOND));
        meter.charge(&visitor("bob"), message(100)).unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn a_workspaces_visitors_share_and_its_agents_do_not() {
        let mut limits = RateLimits::default();
        limits.workspace.all_visitors.messages = Rate::new(4, 4 * SECOND);
        limits.workspace.conversations = Rate::new(2, 8 * SECOND);
        let meter = Meter::new(&limits, HashMap::new());
        let begin = Charge::Message { bytes: 1, begins: true };
        meter.charge(&visitor("a"), begin).unwrap();
        meter.charge(&visitor("b"), begin).unwrap();
        assert_eq!(meter.charge(&visitor("c"), begin).unwrap_err().retry_after(), Some(4 * SECOND));
        meter.charge(&visitor("a"), message(1)).unwrap();
        meter.charge(&visitor("a"), message(1)).unwrap();
        assert_eq!(meter.charge(&visitor("b"), message(1)).unwrap_err().retry_after(), Some(SECOND));
        let agent = Identity::agent(WorkspaceId::default(), ParticipantId::new("ben").unwrap());
        meter.charge(&agent, message(1)).unwrap();
        let mut elsewhere = visitor("b");
        elsewhere.workspace = WorkspaceId::new("elsewhere").unwrap();
        meter.charge(&elsewhere, begin).unwrap();
    }

    fn in_workspace(workspace: &str, mut identity: Identity) -> Identity {
        identity.workspace = WorkspaceId::new(workspace).unwrap();
        identity
    }

    /// Every charge, by people of both kinds: what a whole workspace may do is used up by many, each of whom does little.
    #[tokio::test(start_paused = true)]
    async fn one_workspace_takes_nothing_from_another() {
        let mut limits = RateLimits::default();
        let few = Rate::new(3, 30 * SECOND);
        let all = ChatRates { messages: few, bytes: few, frames: few, reads: few, connects: few };
        (limits.workspace.all_visitors, limits.workspace.all_agents) = (all, all);
        let meter = Meter::new(&limits, HashMap::new());
        let agent = |name: &str| Identity::agent(WorkspaceId::default(), ParticipantId::new(name).unwrap());
        for person in [visitor, agent] {
            for charge in [Charge::Frame, Charge::Read, Charge::Connect, message(1)] {
                for name in ["a", "b", "c"] {
                    meter.charge(&in_workspace("loud", person(name)), charge).unwrap();
                }
                let refusal = meter.charge(&in_workspace("loud", person("d")), charge).unwrap_err();
                assert_eq!(refusal.retry_after(), Some(10 * SECOND), "{charge:?}");
                meter.charge(&in_workspace("calm", person("d")), charge).unwrap();
            }
        }
        tokio::time::advance(30 * SECOND).await;
        meter.charge(&in_workspace("loud", visitor("a")), message(3)).unwrap();
        let refusal = meter.charge(&in_workspace("loud", visitor("b")), message(2)).unwrap_err();
        assert_eq!(refusal.retry_after(), Some(20 * SECOND), "the bytes of all are used up");
    }

    #[tokio::test(start_paused = true)]
    async fn a_workspace_has_figures_of_its_own_for_each_and_for_all() {
        let mut small = WorkspaceRates::default();
        small.visitor.messages = Rate::new(1, SECOND);
        small.all_visitors.messages = Rate::new(2, 4 * SECOND);
        small.agent.reads = Rate::new(1, SECOND);
        let small_one = WorkspaceId::new("small").unwrap();
        let meter = Meter::new(&RateLimits::default(), [(small_one, small)].into());
        let (here, there) = (|name| in_workspace("small", visitor(name)), visitor);
        meter.charge(&here("a"), message(1)).unwrap();
        assert_eq!(meter.charge(&here("a"), message(1)).unwrap_err().retry_after(), Some(SECOND));
        meter.charge(&here("b"), message(1)).unwrap();
        assert_eq!(meter.charge(&here("c"), message(1)).unwrap_err().retry_after(), Some(2 * SECOND));
        for _ in 0..20 {
            meter.charge(&there("a"), message(1)).unwrap();
        }
        let agent = |workspace: &str| {
            let ben = Identity::agent(WorkspaceId::default(), ParticipantId::new("ben").unwrap());
            in_workspace(workspace, ben)
        };
        meter.charge(&agent("small"), Charge::Read).unwrap();
        assert!(meter.charge(&agent("small"), Charge::Read).is_err());
        meter.charge(&agent("default"), Charge::Read).unwrap();
        meter.charge(&agent("default"), Charge::Read).unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn a_workspace_in_which_nothing_happens_is_forgotten() {
        let meter = Meter::new(&RateLimits::default(), HashMap::new());
        for number in 0..10_000 {
            let somewhere = in_workspace(&number.to_string(), visitor("a"));
            meter.charge(&somewhere, Charge::Frame).unwrap();
            tokio::time::advance(Duration::from_millis(10)).await;
        }
        let known = lock(&meter.workspaces).known.len();
        assert!(known <= 2 * FEW, "{known}");
    }

    #[tokio::test(start_paused = true)]
    async fn so_many_tokens_of_a_household_may_be_wrong() {
        let mut limits = RateLimits::default();
        limits.address.auth_failures = Rate::new(2, 20 * SECOND);
        let meter = Meter::new(&limits, HashMap::new());
        let [near, same, other] =
            ["2001:db8::1", "2001:db8::2", "2001:db8:0:1::1"].map(|a| a.parse().unwrap());
        meter.failed(near);
        assert_eq!(meter.barred(near), None);
        meter.failed(same);
        assert_eq!(meter.barred(near), Some(10 * SECOND));
        assert_eq!(meter.barred(other), None);
        tokio::time::advance(10 * SECOND).await;
        assert_eq!(meter.barred(near), None);
    }
}
