//! What is known already is not evaluated again: counted in tokens, not in time.

use minicom_core::Role;
use minicom_llama::LlamaOptions;
use minicom_testkit::suite::run;

use crate::kit::{answer, open, options, ready, rest, turn};

/// Instructions that are much longer than all else.
fn long() -> String {
    "We sell bicycles, and nothing but bicycles. ".repeat(20)
}

#[test]
fn instructions_are_evaluated_once_for_a_workspace() {
    if !ready("instructions_are_evaluated_once_for_a_workspace") {
        return;
    }
    run(async {
        let responder = open(options()).await;
        let mut costs = Vec::new();
        for (workspace, person) in [("acme", "ann"), ("acme", "ben"), ("acme", "cid"), ("other", "ann")] {
            let before = responder.stats();
            let mut turn = turn(workspace, person, &[(Role::User, "Hello?")]);
            turn.instructions = long();
            answer(&responder, turn).await;
            let after = rest(&responder).await;
            let drawn = after.drawn - before.drawn;
            costs.push((after.evaluated - before.evaluated - drawn, after.reused - before.reused));
        }
        let [(first, none), (second, reused), third, other] = costs[..] else { unreachable!() };
        assert_eq!(none, 0);
        assert!(first > 180, "{costs:?}");
        assert!(second < 20, "{costs:?}");
        assert_eq!(third, (second, reused));
        assert_eq!(first, second + reused, "what was not evaluated was taken over");
        assert_eq!(other, (first, 0), "the same words of another workspace are evaluated for it");
    });
}

#[test]
fn a_second_turn_evaluates_what_is_new() {
    if !ready("a_second_turn_evaluates_what_is_new") {
        return;
    }
    run(async {
        let responder = open(options()).await;
        let question = "Do you sell bicycles? ".repeat(8);
        let mut said = vec![(Role::User, question.as_str())];
        let first = answer(&responder, turn("acme", "ann", &said)).await;
        let before = rest(&responder).await;
        said.extend([(Role::Ai, first.as_str()), (Role::User, "And boats?")]);
        answer(&responder, turn("acme", "ann", &said)).await;
        let after = rest(&responder).await;
        let fresh = after.evaluated - before.evaluated - (after.drawn - before.drawn);
        // The new question and the markers around it; the reply at most, if it is cut into other tokens when it is read.
        assert!(fresh < 30, "{fresh} tokens were evaluated");
        assert!(after.reused - before.reused > 100, "{after:?} after {before:?}");
        assert_eq!(after.kept, 1);
    });
}

#[test]
fn who_has_been_quiet_for_longest_is_forgotten_first() {
    if !ready("who_has_been_quiet_for_longest_is_forgotten_first") {
        return;
    }
    run(async {
        let options = LlamaOptions { parallel: 1, kept: 1, ..options() };
        let responder = open(options).await;
        let asks = |person: &str| turn("acme", person, &[(Role::User, "Do you sell bicycles?")]);
        for person in ["ann", "ben", "cid"] {
            answer(&responder, asks(person)).await;
        }
        let before = rest(&responder).await;
        assert_eq!(before.kept, 2);
        answer(&responder, asks("ben")).await;
        let ben = rest(&responder).await;
        answer(&responder, asks("ann")).await;
        let ann = rest(&responder).await;
        assert!(ben.reused - before.reused > ann.reused - ben.reused, "{before:?} {ben:?} {ann:?}");
    });
}

#[test]
fn a_history_that_is_longer_than_the_window_slides() {
    if !ready("a_history_that_is_longer_than_the_window_slides") {
        return;
    }
    run(async {
        let responder = open(options()).await;
        let texts: Vec<_> = (0..400).map(|number| format!("Message {number} is about bicycles.")).collect();
        let sides = [Role::User, Role::Ai];
        let mut said: Vec<_> =
            texts.iter().enumerate().map(|(number, text)| (sides[number % 2], text.as_str())).collect();
        let mut fresh = Vec::new();
        for _ in 0..6 {
            said.push((Role::User, "And boats?"));
            let before = responder.stats();
            let text = answer(&responder, turn("acme", "ann", &said)).await.leak();
            let after = rest(&responder).await;
            assert!(after.taken <= 512, "{after:?}");
            fresh.push(after.evaluated - before.evaluated - (after.drawn - before.drawn));
            said.push((Role::Ai, text));
        }
        // Filled once, then it goes on without being filled anew each time.
        assert!((200..=500).contains(&fresh[0]), "{fresh:?}");
        assert!(fresh[1..].iter().filter(|fresh| **fresh < 60).count() >= 3, "{fresh:?}");
    });
}
