//! The suite for responders, run for the scripted one; and the scripted one itself.

use std::{sync::Arc, time::Duration};

use minicom_core::{ConversationId, Draft, Reply, Responder, Turn, WorkspaceId};
use minicom_testkit::{
    async_trait,
    responder::{ResponderFixture, ScriptedResponder},
};

struct Talks;

#[async_trait]
impl ResponderFixture for Talks {
    async fn responder(&self) -> Arc<dyn Responder> {
        Arc::new(ScriptedResponder::new().says("From nine to five, but not on Sundays."))
    }
}

minicom_testkit::responder_conformance!(async { Talks });

struct HandsOver;

#[async_trait]
impl ResponderFixture for HandsOver {
    async fn responder(&self) -> Arc<dyn Responder> {
        Arc::new(ScriptedResponder::new())
    }
}

minicom_testkit::responder_conformance!(one_that_hands_over, async { HandsOver });

fn turn() -> Turn {
    Turn::new(WorkspaceId::default(), ConversationId(uuid::Uuid::nil()), Vec::new())
}

#[tokio::test(start_paused = true)]
async fn a_script_is_followed_and_its_last_line_stays() {
    let day = Duration::from_hours(24);
    let responder = ScriptedResponder::new().says("Yes.").after(day).fails().fails_for_good().stays_silent();
    let (mut draft, watching) = Draft::channel();
    let began = tokio::time::Instant::now();
    assert_eq!(responder.respond(turn(), &mut draft).await.unwrap(), Reply::Answer("Yes.".into()));
    assert_eq!((began.elapsed(), &**watching.borrow()), (day, "Yes."));
    assert!(responder.respond(turn(), &mut draft).await.unwrap_err().is_retryable());
    assert!(!responder.respond(turn(), &mut draft).await.unwrap_err().is_retryable());
    for _ in 0..2 {
        assert_eq!(responder.respond(turn(), &mut draft).await.unwrap(), Reply::Silent);
    }
    assert_eq!(responder.turns().len(), 5);
}

#[tokio::test(start_paused = true)]
async fn one_that_hangs_is_cancelled_by_dropping_it() {
    let responder = ScriptedResponder::new().hangs().says("Here I am.");
    let (mut draft, _watching) = Draft::channel();
    let hanging = responder.respond(turn(), &mut draft);
    assert!(tokio::time::timeout(Duration::from_hours(1), hanging).await.is_err());
    assert!(matches!(responder.respond(turn(), &mut draft).await, Ok(Reply::Answer(_))));
}
