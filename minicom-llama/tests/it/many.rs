//! Many at once, too many, and those who go away.

use std::sync::Arc;

use futures_util::poll;
use minicom_core::{Draft, Responder, Role};
use minicom_llama::{LlamaOptions, LlamaResponder};
use minicom_testkit::suite::run;

use crate::kit::{answer, open, options, ready, respond, rest, turn};

#[test]
fn sixteen_conversations_are_answered_in_one_batch() {
    if !ready("sixteen_conversations_are_answered_in_one_batch") {
        return;
    }
    run(async {
        let options = LlamaOptions { parallel: 16, context: Some(8192), ..options() };
        let responder = Arc::new(open(options).await);
        let turns: Vec<_> = (0..16)
            .map(|number| {
                let responder = responder.clone();
                tokio::spawn(async move {
                    let asked = format!("What is {number} and {number}?");
                    answer(&*responder, turn("acme", &format!("p{number}"), &[(Role::User, &asked)])).await
                })
            })
            .collect();
        for turn in turns {
            assert!(!turn.await.expect("no panic").is_empty());
        }
        let stats = rest(&responder).await;
        assert_eq!((stats.turns, stats.kept), (16, 16));
        // All of them together take fewer cells than the instructions would sixteen times over.
        assert!(stats.taken < 16 * 120, "{stats:?}");
    });
}

/// Polls a turn until the model works on it, and drops it.
async fn begin_and_drop(responder: &LlamaResponder, person: &str) {
    let (mut draft, _watching) = Draft::channel();
    let asked = "Tell me all about the history of the world.";
    let mut turn = responder.respond(turn("acme", person, &[(Role::User, asked)]), &mut draft);
    while responder.stats().busy == 0 {
        assert!(poll!(&mut turn).is_pending());
        tokio::task::yield_now().await;
    }
}

#[test]
fn a_turn_that_is_dropped_frees_its_slot() {
    if !ready("a_turn_that_is_dropped_frees_its_slot") {
        return;
    }
    run(async {
        // Left alone, a reply of so many tokens would take minutes.
        let options = LlamaOptions {
            parallel: 1,
            queue: 1,
            window: 2048,
            context: Some(2048),
            max_tokens: 1900,
            stop: vec!["\u{0}".into()],
            ..options()
        };
        let responder = open(LlamaOptions { instructions: "Be kind.".into(), ..options }).await;
        for person in ["ann", "ben", "cid"] {
            begin_and_drop(&responder, person).await;
            let drawn = rest(&responder).await.drawn;
            assert!(drawn < 1000, "{drawn} tokens for nobody");
        }
    });
}

#[test]
fn one_turn_more_than_may_wait_is_an_error_that_may_pass() {
    if !ready("one_turn_more_than_may_wait_is_an_error_that_may_pass") {
        return;
    }
    run(async {
        let responder = open(LlamaOptions { parallel: 1, queue: 2, ..options() }).await;
        let asks = |person: &str| turn("acme", person, &[(Role::User, "When are you open?")]);
        let (one, two, three, four) = tokio::join!(
            respond(&responder, asks("ann")),
            respond(&responder, asks("ben")),
            respond(&responder, asks("cid")),
            respond(&responder, asks("dan")),
        );
        assert!(one.is_ok() && two.is_ok() && three.is_ok());
        let error = four.expect_err("three are under way");
        assert!(error.is_retryable());
        rest(&responder).await;
        respond(&responder, asks("dan")).await.expect("there is room again");
    });
}
