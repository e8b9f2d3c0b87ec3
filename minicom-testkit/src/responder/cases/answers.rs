//! What comes of a turn.

use minicom_core::{Answer, Draft, Reply};

use crate::responder::{
    ResponderFixture,
    kit::{must_answer, question, respond},
};

/// It is answered or handed over, and neither by an error nor by silence.
pub async fn a_simple_question(fixture: &dyn ResponderFixture) {
    must_answer(&fixture.responder().await, fixture.question()).await;
}

/// Whoever watches the draft sees words being added and none taken back, and the reply begins with all of them.
pub async fn the_draft_grows_into_the_reply(fixture: &dyn ResponderFixture) {
    let responder = fixture.responder().await;
    let (mut draft, mut watching) = Draft::channel();
    let watch = async move {
        let mut seen = vec![String::new()];
        // Ends when the draft is dropped.
        while watching.changed().await.is_ok() {
            seen.push(watching.borrow_and_update().clone());
        }
        seen
    };
    let turn = question(fixture.question());
    let reply = async move { (responder.respond(turn, &mut draft).await, draft.text()) };
    let ((reply, last), seen) = tokio::join!(reply, watch);
    for pair in seen.windows(2) {
        assert!(pair[1].starts_with(&pair[0]), "{:?} became {:?}", pair[0], pair[1]);
    }
    if let Reply::Answer(Answer { text, .. }) = reply.expect("a simple question is no error") {
        assert!(text.starts_with(&last), "{last:?} was drafted, and {text:?} replied");
    }
}

/// That nobody watches the draft is no reason to fail.
pub async fn nobody_need_watch_the_draft(fixture: &dyn ResponderFixture) {
    let responder = fixture.responder().await;
    let (mut draft, watching) = Draft::channel();
    drop(watching);
    responder.respond(question(fixture.question()), &mut draft).await.expect("a simple question is no error");
}

/// One turn takes nothing away from the next.
pub async fn again_and_again(fixture: &dyn ResponderFixture) {
    let responder = fixture.responder().await;
    for _ in 0..20 {
        must_answer(&responder, fixture.question()).await;
    }
}

/// Turns of many conversations overlap. Too many at once may be an error that may pass, no other.
pub async fn many_at_once(fixture: &dyn ResponderFixture) {
    let responder = fixture.responder().await;
    let turns: Vec<_> = (0..32)
        .map(|_| {
            let (responder, turn) = (responder.clone(), question(fixture.question()));
            tokio::spawn(async move { respond(&responder, turn).await })
        })
        .collect();
    for turn in turns {
        if let Err(error) = turn.await.expect("no panic") {
            assert!(error.is_retryable(), "{error:?}");
        }
    }
    must_answer(&responder, fixture.question()).await;
}
