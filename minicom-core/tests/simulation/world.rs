//! The world: a store that fails, two nodes on it, and what befalls them.

use std::{cell::RefCell, rc::Rc, sync::Arc, time::Duration};

use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};
use minicom_core::{
    AiPolicy, Clock, Command, Identity, Limits, MemoryStore, Minicom, ParticipantId, Target, WorkspaceId,
};
use minicom_testkit::faulty::{Faults, FaultyStore};
use tokio::time::{Instant, sleep};

use crate::{
    oracle::Witness,
    owing::{self, Figures},
    person::Person,
    responder::Moody,
    trace::Trace,
};

pub const VISITORS: [&str; 2] = ["ann", "bob"];
pub const NODES: usize = 2;

/// Follows paused time, askew by some seconds.
#[derive(Debug)]
struct SkewedClock {
    began: Instant,
    start: Timestamp,
}

impl Clock for SkewedClock {
    fn now(&self) -> Timestamp {
        self.start + SignedDuration::try_from(self.began.elapsed()).unwrap()
    }
}

#[derive(Debug)]
pub struct World {
    pub trace: Rc<Trace>,
    pub truth: Arc<Witness>,
    /// The policy of the AI that both nodes have.
    pub ai: Option<AiPolicy>,
    store: Arc<FaultyStore>,
    limits: Limits,
    nodes: RefCell<Vec<Minicom>>,
    random: RefCell<fastrand::Rng>,
}

pub fn id(name: &str) -> ParticipantId {
    ParticipantId::new(name).unwrap()
}

pub fn chat(email: &str) -> Target {
    Target::Participant(id(email))
}

fn millis(random: &mut fastrand::Rng, range: std::ops::Range<u64>) -> Duration {
    Duration::from_millis(random.u64(range))
}

fn limits(random: &mut fastrand::Rng) -> Limits {
    let mut limits = Limits::default();
    limits.outbox_bytes = random.usize(2_000..20_000);
    limits.stall = Duration::from_secs(1);
    limits.page_bytes = random.usize(300..3_000);
    limits.open_executes = random.usize(1..9);
    limits.room_queue = random.usize(1..16);
    limits.batch = random.usize(1..16);
    limits.conflicts = random.usize(0..17);
    limits.room_idle = millis(random, 50..3_000);
    // The first ping comes at random, which would make two histories of one seed.
    limits.ping_every = Duration::from_hours(24 * 365 * 10);
    limits
}

impl World {
    pub fn new(seed: u64, trace: Rc<Trace>, with_ai: bool) -> Self {
        let mut random = fastrand::Rng::with_seed(seed);
        let faults = Faults::seeded(random.u64(..))
            .before(random.f64() * 0.15)
            .after(random.f64() * 0.15)
            .slow(random.f64() * 0.5, millis(&mut random, 1..300));
        let truth = Arc::new(Witness::new(MemoryStore::new()));
        let store = Arc::new(FaultyStore::shared(truth.clone(), faults));
        let limits = limits(&mut random);
        let ai = with_ai.then(|| {
            let mut policy = AiPolicy::default();
            policy.deadline_s = random.u32(3..20);
            policy.attempts = random.u32(1..4);
            policy
        });
        let (nodes, random) = (RefCell::default(), RefCell::new(random));
        let world = Self { trace, truth, ai, store, limits, nodes, random };
        for _ in 0..NODES {
            let node = world.new_node();
            world.nodes.borrow_mut().push(node);
        }
        world
    }

    fn new_node(&self) -> Minicom {
        let skew = self.random.borrow_mut().i64(-5_000..5_000);
        let start: Timestamp = "2026-01-31T09:30:00Z".parse().unwrap();
        let clock = SkewedClock { began: Instant::now(), start: start + SignedDuration::from_millis(skew) };
        let builder = Minicom::builder().without_rate_limits().shared_store(self.store.clone());
        let builder = builder.clock(clock).limits(self.limits.clone());
        let builder = match &self.ai {
            Some(policy) => builder.ai_policy(policy.clone()).async_responder(Moody::new(self.fork())),
            None => builder,
        };
        builder.build().unwrap()
    }

    pub fn node(&self, index: usize) -> Minicom {
        self.nodes.borrow()[index].clone()
    }

    /// Random numbers for one person, so that what others do does not change his plans.
    pub fn fork(&self) -> fastrand::Rng {
        self.random.borrow_mut().fork()
    }

    /// Lets everybody act, then heals everything and lets everybody finish, the AI included.
    pub async fn play(self: &Rc<Self>) -> (Vec<Person>, Figures) {
        let mut people = Vec::new();
        for (name, email) in [("ann.1", "ann"), ("ann.2", "ann"), ("bob.1", "bob")] {
            people.push(Person::visitor(self, name, email));
        }
        for name in ["cat", "dan"] {
            people.push(Person::agent(self, name));
        }
        let acting = join_all(people.iter_mut().map(Person::live));
        tokio::join!(acting, self.restart_nodes());
        self.trace.note("world", format_args!("heals after {} faults", self.store.injected()));
        self.store.set_faults(Faults::none());
        join_all(people.iter_mut().map(Person::finish)).await;
        let figures = if self.ai.is_some() {
            // Longer than all attempts and the waits between them take.
            sleep(Duration::from_mins(3)).await;
            owing::judge(self).await
        } else {
            Figures::default()
        };
        self.say_end().await;
        join_all(people.iter_mut().map(Person::finish)).await;
        (people, figures)
    }

    /// Now and then a node shuts down, and a fresh one takes its place.
    async fn restart_nodes(&self) {
        let mut random = self.fork();
        for _ in 0..random.usize(0..4) {
            sleep(millis(&mut random, 200..8_000)).await;
            let index = random.usize(0..NODES);
            self.trace.note("world", format_args!("node {index} restarts"));
            let fresh = self.new_node();
            let old = std::mem::replace(&mut self.nodes.borrow_mut()[index], fresh);
            old.shutdown().await;
            assert_eq!(old.open_rooms(), 0);
            self.trace.note("world", format_args!("node {index} restarted"));
        }
    }

    /// A last message in every conversation on one node. Those who watch on another hear of it, and of all that was said
    /// there before, because each asks what the others wrote.
    async fn say_end(&self) {
        let host = Identity::agent(WorkspaceId::default(), id("host"));
        for (index, email) in VISITORS.into_iter().enumerate() {
            let command = Command::message(format!("{email}/end"));
            // Where no conflict is put up with, the first attempt is the one that looks again.
            while self.node(index % NODES).execute(&host, &chat(email), command.clone()).await.is_err() {}
        }
        sleep(self.limits.follow_every * 2).await;
    }

    pub async fn end(&self) {
        for index in 0..NODES {
            let node = self.node(index);
            node.shutdown().await;
            assert_eq!(node.open_rooms(), 0);
        }
    }
}
