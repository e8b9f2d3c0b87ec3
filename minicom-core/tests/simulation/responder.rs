//! An AI by a seed: quick, slow, failing, or giving up.

use std::{sync::Mutex, time::Duration};

use async_trait::async_trait;
use minicom_core::{Draft, HandoffReason, Reply, Responder, ResponderError, Turn};
use tokio::time::sleep;

/// It never has nothing to say, so that every question has an end that is stored.
#[derive(Debug)]
pub struct Moody(Mutex<fastrand::Rng>);

impl Moody {
    pub fn new(random: fastrand::Rng) -> Self {
        Self(Mutex::new(random))
    }

    fn draw(&self, until: u64) -> u64 {
        self.0.lock().unwrap().u64(0..until)
    }
}

/// What an answer to a question says: in which conversation, and to which message.
pub fn answer(turn: &Turn) -> String {
    let (email, _) = turn.question().split_once('/').expect("everything that is said begins with its room");
    format!("{email}/answers {}", turn.in_reply_to.0)
}

#[async_trait]
impl Responder for Moody {
    async fn respond(&self, turn: Turn, draft: &mut Draft) -> Result<Reply, ResponderError> {
        let (mood, wait) = (self.draw(20), self.draw(2_000));
        draft.push("Well, ");
        // A slow one is often not done when its time is up.
        let wait = if mood < 4 { wait * 20 } else { wait };
        sleep(Duration::from_millis(wait)).await;
        match mood {
            0 => std::future::pending().await,
            14..16 => Ok(Reply::Handoff(HandoffReason::Unknown)),
            16..19 => Err(ResponderError::retryable("in a bad mood")),
            19 => Err(ResponderError::permanent("in a very bad mood")),
            _ => Ok(Reply::Answer(answer(&turn).into())),
        }
    }
}
