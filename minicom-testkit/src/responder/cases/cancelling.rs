//! Dropping the future cancels the turn, and nothing else.

use futures_util::poll;
use minicom_core::Draft;

use crate::responder::{
    ResponderFixture,
    kit::{must_answer, question, respond},
};

/// Wherever a turn is cancelled, the next one is answered.
pub async fn leaves_it_usable(fixture: &dyn ResponderFixture) {
    let responder = fixture.responder().await;
    for polls in 0..12 {
        let (mut draft, _watching) = Draft::channel();
        {
            let mut turn = responder.respond(question(fixture.question()), &mut draft);
            for _ in 0..polls {
                if poll!(&mut turn).is_ready() {
                    break;
                }
                tokio::task::yield_now().await;
            }
        }
        must_answer(&responder, fixture.question()).await;
    }
}

/// Who cancels one of several turns that are under way cancels that one alone.
pub async fn one_of_many_spares_the_others(fixture: &dyn ResponderFixture) {
    let responder = fixture.responder().await;
    let turns: Vec<_> = (0..8)
        .map(|_| {
            let (responder, turn) = (responder.clone(), question(fixture.question()));
            tokio::spawn(async move { respond(&responder, turn).await })
        })
        .collect();
    for (number, turn) in turns.into_iter().enumerate() {
        if number % 2 == 0 {
            turn.abort();
        } else if let Err(error) = turn.await.expect("no panic") {
            assert!(error.is_retryable(), "{error:?}");
        }
    }
    must_answer(&responder, fixture.question()).await;
}
