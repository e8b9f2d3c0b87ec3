//! What goes wrong, and when.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::sleep;

/// How often what goes wrong. Shares are between 0 and 1; each call draws its own fate.
///
/// ```
/// use std::time::Duration;
/// use minicom_testkit::faulty::Faults;
///
/// let faults = Faults::seeded(7).before(0.1).after(0.1).slow(0.5, Duration::from_millis(20));
/// # let _ = faults;
/// ```
///
/// The same seed and the same calls in the same order meet the same faults. The numbers are
/// [`fastrand`](https://docs.rs/fastrand)'s, which may draw others in another version.
#[derive(Debug, Clone)]
pub struct Faults {
    seed: u64,
    before: f64,
    after: f64,
    lost: f64,
    slow: f64,
    at_most: Duration,
}

impl Faults {
    /// Nothing goes wrong yet.
    pub fn seeded(seed: u64) -> Self {
        Self { seed, before: 0.0, after: 0.0, lost: 0.0, slow: 0.0, at_most: Duration::ZERO }
    }

    /// Nothing goes wrong.
    pub fn none() -> Self {
        Self::seeded(0)
    }

    /// This share of calls fails and does nothing.
    #[must_use]
    pub fn before(mut self, share: f64) -> Self {
        self.before = share;
        self
    }

    /// This share of calls that write does all of its work and is answered by an error nevertheless, as when a
    /// connection breaks after the commit. Whoever cannot tell it from [`before`](Self::before) needs an idempotency key.
    #[must_use]
    pub fn after(mut self, share: f64) -> Self {
        self.after = share;
        self
    }

    /// This share of a bus's messages is lost, and reported as lost.
    #[must_use]
    pub fn losing(mut self, share: f64) -> Self {
        self.lost = share;
        self
    }

    /// This share of calls takes its time, before its work or after it: up to `at_most` by tokio's clock, so that paused
    /// time costs none. An answer that waits after its work may be out of date when it arrives.
    #[must_use]
    pub fn slow(mut self, share: f64, at_most: Duration) -> Self {
        (self.slow, self.at_most) = (share, at_most);
        self
    }
}

/// One fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The call fails and does nothing.
    Before,
    /// The call does its work and is answered by an error.
    After,
}

/// What becomes of one call.
#[derive(Debug)]
pub(super) struct Fate {
    pub fault: Option<Fault>,
    /// What comes in is lost.
    pub lost: bool,
    before: Duration,
    after: Duration,
}

impl Fate {
    pub async fn wait_before(&self) {
        wait(self.before).await;
    }
    pub async fn wait_after(&self) {
        wait(self.after).await;
    }
}

async fn wait(time: Duration) {
    if !time.is_zero() {
        sleep(time).await;
    }
}

/// Draws fates.
#[derive(Debug)]
pub(super) struct Schedule(Mutex<State>);

#[derive(Debug)]
struct State {
    random: fastrand::Rng,
    faults: Faults,
    down: bool,
    ordered: VecDeque<Fault>,
    injected: u64,
}

impl Schedule {
    pub fn new(faults: Faults) -> Self {
        let random = fastrand::Rng::with_seed(faults.seed);
        Self(Mutex::new(State { random, faults, down: false, ordered: VecDeque::new(), injected: 0 }))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The fate of a call that reads.
    pub fn read(&self) -> Fate {
        self.lock().draw()
    }

    /// The fate of a call that writes: what was ordered comes first.
    pub fn write(&self) -> Fate {
        let mut state = self.lock();
        let mut fate = state.draw();
        if let Some(fault) = state.ordered.pop_front() {
            state.injected += u64::from(fate.fault.is_none());
            fate.fault = Some(fault);
        }
        fate
    }

    pub fn set(&self, faults: Faults) {
        let mut state = self.lock();
        state.random = fastrand::Rng::with_seed(faults.seed);
        state.faults = faults;
    }

    pub fn set_down(&self, down: bool) {
        self.lock().down = down;
    }

    pub fn order(&self, fault: Fault) {
        self.lock().ordered.push_back(fault);
    }

    pub fn injected(&self) -> u64 {
        self.lock().injected
    }
}

impl State {
    /// Always draws the same count of numbers, so that one call's fate does not shift those of all later ones.
    fn draw(&mut self) -> Fate {
        let [chance, lost, slow, amount] = std::array::from_fn(|_| self.random.f64());
        let late = self.random.bool();
        let Faults { before, after, at_most, .. } = self.faults;
        let fault = if self.down || chance < before {
            Some(Fault::Before)
        } else if chance < before + after {
            Some(Fault::After)
        } else {
            None
        };
        let lost = self.down || lost < self.faults.lost;
        self.injected += u64::from(fault.is_some() || lost);
        let time = if slow < self.faults.slow { at_most.mul_f64(amount) } else { Duration::ZERO };
        let (before, after) = if late { (Duration::ZERO, time) } else { (time, Duration::ZERO) };
        Fate { fault, lost, before, after }
    }
}
