//! Who has taken how much: a bucket for each thing that somebody did lately. One that is full again is forgotten, so that
//! only the busy are remembered.

use std::{collections::HashMap, fmt, net::IpAddr, sync::Mutex, time::Duration};

use tokio::time::Instant;

use super::{Rate, RateLimits, bucket::Bucket};
use crate::{
    address::AddressRange,
    error::Refusal,
    id::{ActorId, WorkspaceId},
    identity::Identity,
    role::Role,
    sync::lock,
};

/// How many buckets there are at most. Beyond, newcomers share one of each kind, so that making up names fills no memory.
const REMEMBERED: usize = 100_000;

/// At fewer it is not worth looking which may be forgotten.
const FEW: usize = 64;

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

/// What a bucket counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    Messages,
    Bytes,
    Frames,
    Reads,
    Conversations,
    Connects,
    Requests,
    Failures,
}

/// Whose bucket it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Whose {
    Person(WorkspaceId, ActorId),
    Workspace(WorkspaceId),
    Address(AddressRange),
    /// Of all who find no room.
    Others,
}

type Key = (Whose, Kind);

/// What is taken from one bucket.
type Taking = (Key, Rate, u32);

/// Counts what is done. The time is the runtime's, which is never set back.
#[derive(Debug)]
pub(crate) struct Meter {
    limits: RateLimits,
    since: Instant,
    buckets: Mutex<Buckets>,
}

struct Buckets {
    known: HashMap<Key, (Bucket, Rate)>,
    most: usize,
    /// At this size those that are full are forgotten.
    forget_at: usize,
}

impl fmt::Debug for Buckets {
    /// Without who is counted.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Buckets").field("known", &self.known.len()).finish_non_exhaustive()
    }
}

impl Buckets {
    fn new(most: usize) -> Self {
        Self { known: HashMap::new(), most, forget_at: FEW }
    }

    /// Takes from all buckets, or, if one has not enough, from none; then answers how long to wait.
    fn take(&mut self, mut takings: Vec<Taking>, now: u64) -> Result<(), Duration> {
        for ((whose, kind), _, _) in &mut takings {
            if self.known.len() >= self.most && !self.known.contains_key(&(whose.clone(), *kind)) {
                *whose = Whose::Others;
            }
        }
        let wait = takings.iter().map(|taking| self.wait(taking, now)).max().unwrap_or_default();
        if !wait.is_zero() {
            return Err(wait);
        }
        for (key, rate, count) in takings {
            let (bucket, of) = self.known.entry(key).or_insert((Bucket::default(), rate));
            bucket.take(rate, count, now);
            *of = rate;
        }
        if self.known.len() >= self.forget_at {
            self.known.retain(|_, (bucket, rate)| !bucket.is_full(*rate, now));
            // Twice what is left, so that all are looked through seldom.
            self.forget_at = (self.known.len() * 2).max(FEW).min(self.most);
            self.known.shrink_to(self.forget_at);
        }
        Ok(())
    }

    fn wait(&self, (key, rate, count): &Taking, now: u64) -> Duration {
        let bucket = self.known.get(key).map(|(bucket, _)| *bucket).unwrap_or_default();
        bucket.wait(*rate, *count, now)
    }
}

impl Meter {
    pub fn new(limits: &RateLimits) -> Self {
        Self { limits: *limits, since: Instant::now(), buckets: Mutex::new(Buckets::new(REMEMBERED)) }
    }

    /// The figures.
    pub fn limits(&self) -> &RateLimits {
        &self.limits
    }

    /// Microseconds since it began.
    fn now(&self) -> u64 {
        u64::try_from(self.since.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    /// Takes what somebody wants to do from every bucket that it concerns, or refuses it and takes nothing.
    pub fn charge(&self, identity: &Identity, charge: Charge) -> Result<(), Refusal> {
        let takings = self.takings(identity, charge);
        lock(&self.buckets).take(takings, self.now()).map_err(Refusal::rate_limited)
    }

    fn takings(&self, identity: &Identity, charge: Charge) -> Vec<Taking> {
        let visits = identity.role == Role::User;
        let own = if visits { self.limits.visitor } else { self.limits.agent };
        let person = || Whose::Person(identity.workspace.clone(), identity.actor().id);
        match charge {
            Charge::Frame => vec![((person(), Kind::Frames), own.frames, 1)],
            Charge::Read => vec![((person(), Kind::Reads), own.reads, 1)],
            Charge::Message { bytes, begins } => {
                let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
                let mut takings = vec![
                    ((person(), Kind::Messages), own.messages, 1),
                    ((person(), Kind::Bytes), own.bytes, bytes),
                ];
                if visits {
                    let (all, workspace) =
                        (self.limits.workspace, Whose::Workspace(identity.workspace.clone()));
                    takings.push(((workspace.clone(), Kind::Messages), all.messages, 1));
                    if begins {
                        takings.push(((workspace, Kind::Conversations), all.conversations, 1));
                    }
                }
                takings
            }
        }
    }

    /// As [`charge`](Self::charge), for an address.
    pub fn charge_address(&self, remote: IpAddr, charge: AddressCharge) -> Result<(), Refusal> {
        let (rates, household) = (self.limits.address, Whose::Address(AddressRange::household(remote)));
        let mut takings = vec![((household.clone(), Kind::Requests), rates.requests, 1)];
        if charge == AddressCharge::Connect {
            takings.push(((household, Kind::Connects), rates.connects, 1));
        }
        lock(&self.buckets).take(takings, self.now()).map_err(Refusal::rate_limited)
    }

    fn failure(&self, remote: IpAddr) -> Taking {
        let household = Whose::Address(AddressRange::household(remote));
        ((household, Kind::Failures), self.limits.address.auth_failures, 1)
    }

    /// How long no token from there is looked at. `None`: it is.
    pub fn barred(&self, remote: IpAddr) -> Option<Duration> {
        let wait = lock(&self.buckets).wait(&self.failure(remote), self.now());
        (!wait.is_zero()).then_some(wait)
    }

    /// A token from there was not believed.
    pub fn failed(&self, remote: IpAddr) {
        // Two at once may both have been looked at; one too many is no harm.
        let _ = lock(&self.buckets).take(vec![self.failure(remote)], self.now());
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
        limits.visitor.messages = Rate::new(3, 3 * SECOND);
        limits.visitor.bytes = Rate::new(100, 100 * SECOND);
        let meter = Meter::new(&limits);
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
        limits.workspace.messages = Rate::new(4, 4 * SECOND);
        limits.workspace.conversations = Rate::new(2, 8 * SECOND);
        let meter = Meter::new(&limits);
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

    #[tokio::test(start_paused = true)]
    async fn whose_buckets_are_full_again_is_forgotten() {
        let meter = Meter::new(&RateLimits::default());
        for number in 0..10_000 {
            meter.charge(&visitor(&number.to_string()), Charge::Frame).unwrap();
            tokio::time::advance(Duration::from_millis(10)).await;
        }
        let buckets = lock(&meter.buckets);
        assert!(buckets.known.len() <= FEW && buckets.known.capacity() <= 4 * FEW, "{}", buckets.known.len());
    }

    #[test]
    fn who_finds_no_room_shares() {
        let mut buckets = Buckets::new(FEW);
        let rate = Rate::new(2, SECOND);
        let taking = |name: &str| {
            let who = visitor(name);
            vec![((Whose::Person(who.workspace.clone(), who.actor().id), Kind::Frames), rate, 1)]
        };
        for number in 0..FEW {
            buckets.take(taking(&number.to_string()), 0).unwrap();
        }
        assert!(buckets.take(taking("x"), 0).is_ok() && buckets.take(taking("y"), 0).is_ok());
        assert_eq!(buckets.take(taking("z"), 0), Err(SECOND / 2));
        assert!(buckets.take(taking("7"), 0).is_ok(), "who is known has his own");
        assert_eq!(buckets.known.len(), FEW + 1);
    }

    #[tokio::test(start_paused = true)]
    async fn so_many_tokens_of_a_household_may_be_wrong() {
        let mut limits = RateLimits::default();
        limits.address.auth_failures = Rate::new(2, 20 * SECOND);
        let meter = Meter::new(&limits);
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
