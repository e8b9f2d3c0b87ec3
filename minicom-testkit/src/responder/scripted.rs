//! A responder that follows a script.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use minicom_core::{Draft, HandoffReason, Reply, Responder, ResponderError, Tokens, Turn};
use tokio::{task::yield_now, time::sleep};

/// Answers as it was told, turn by turn; the last line stands for all turns that follow. Without any it hands over.
///
/// ```
/// use std::time::Duration;
/// use minicom_core::HandoffReason;
/// use minicom_testkit::responder::ScriptedResponder;
///
/// let responder = ScriptedResponder::new()
///     .says("From nine to five.")
///     .fails()
///     .hands_over(HandoffReason::Asked)
///     .after(Duration::from_secs(2));
/// # let _ = responder;
/// ```
///
/// A reply is drafted word by word, and each word is a token, as are those of the question. Delays are by tokio's clock, so that paused time costs none.
#[derive(Debug, Default)]
pub struct ScriptedResponder {
    script: Mutex<VecDeque<Line>>,
    turns: Mutex<Vec<Turn>>,
}

#[derive(Debug, Clone)]
struct Line {
    deed: Deed,
    delay: Duration,
}

#[derive(Debug, Clone)]
enum Deed {
    Say(String),
    HandOver(HandoffReason),
    StaySilent,
    Fail,
    FailForGood,
    Hang,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl ScriptedResponder {
    /// An empty script.
    pub fn new() -> Self {
        Self::default()
    }

    fn then(self, deed: Deed) -> Self {
        lock(&self.script).push_back(Line { deed, delay: Duration::ZERO });
        self
    }

    /// Then it says this.
    #[must_use]
    pub fn says(self, text: impl Into<String>) -> Self {
        self.then(Deed::Say(text.into()))
    }

    /// Then it hands over to an agent.
    #[must_use]
    pub fn hands_over(self, reason: HandoffReason) -> Self {
        self.then(Deed::HandOver(reason))
    }

    /// Then it has nothing to say.
    #[must_use]
    pub fn stays_silent(self) -> Self {
        self.then(Deed::StaySilent)
    }

    /// Then it fails, and it may work the next time.
    #[must_use]
    pub fn fails(self) -> Self {
        self.then(Deed::Fail)
    }

    /// Then it fails, and no repetition helps.
    #[must_use]
    pub fn fails_for_good(self) -> Self {
        self.then(Deed::FailForGood)
    }

    /// Then it never comes to an end.
    #[must_use]
    pub fn hangs(self) -> Self {
        self.then(Deed::Hang)
    }

    /// The line before takes this long.
    #[must_use]
    pub fn after(self, delay: Duration) -> Self {
        if let Some(line) = lock(&self.script).back_mut() {
            line.delay = delay;
        }
        self
    }

    /// What it was asked so far.
    pub fn turns(&self) -> Vec<Turn> {
        lock(&self.turns).clone()
    }

    fn next(&self) -> Line {
        let mut script = lock(&self.script);
        let last = script.len() <= 1;
        let line = if last { script.front().cloned() } else { script.pop_front() };
        line.unwrap_or(Line { deed: Deed::HandOver(HandoffReason::Unknown), delay: Duration::ZERO })
    }
}

#[async_trait]
impl Responder for ScriptedResponder {
    async fn respond(&self, turn: Turn, draft: &mut Draft) -> Result<Reply, ResponderError> {
        let words = turn.question().split_whitespace().count();
        draft.spend(Tokens { input: words as u64, output: 0 });
        lock(&self.turns).push(turn);
        let Line { deed, delay } = self.next();
        if !delay.is_zero() {
            sleep(delay).await;
        }
        match deed {
            Deed::Say(text) => {
                for word in text.split_inclusive(' ') {
                    draft.push(word);
                    draft.spend(Tokens { input: 0, output: 1 });
                    // So that who watches can see it grow.
                    yield_now().await;
                }
                Ok(Reply::Answer(text.into()))
            }
            Deed::HandOver(reason) => Ok(Reply::Handoff(reason)),
            Deed::StaySilent => Ok(Reply::Silent),
            Deed::Fail => Err(ResponderError::retryable("scripted to fail")),
            Deed::FailForGood => Err(ResponderError::permanent("scripted to fail for good")),
            Deed::Hang => std::future::pending().await,
        }
    }
}
