//! A child process that dies.

use std::{process::Command, sync::Arc, time::Duration};

use minicom_core::{Responder, Role};
use minicom_llama::{LlamaOptions, LlamaProcess, OpenErrorKind};
use minicom_testkit::suite::run;
use tokio::time::sleep;

use crate::kit::{answer, options, ready, respond, start, turn};

fn kill(pid: u32) {
    let killed = Command::new("kill").args(["-9", &pid.to_string()]).status().expect("kill is there");
    assert!(killed.success());
}

/// Whether a process is there, and not dead and unburied.
fn lives(pid: u32) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    status.lines().any(|line| line.starts_with("State:") && !line.contains('Z'))
}

/// Asks until it is answered; what fails on the way must be an error that may pass.
async fn answered(responder: &impl Responder) {
    loop {
        match respond(responder, turn("acme", "ann", &[(Role::User, "Hello?")])).await {
            Ok(_) => return,
            Err(error) => assert!(error.is_retryable(), "{error:?}"),
        }
        sleep(Duration::from_millis(20)).await;
    }
}

#[test]
fn killed_again_and_again_it_comes_back_and_its_turns_may_be_tried_again() {
    if !ready("killed_again_and_again_it_comes_back_and_its_turns_may_be_tried_again") {
        return;
    }
    run(async {
        let responder = Arc::new(start(LlamaOptions { max_tokens: 300, ..options() }).await);
        for round in 1..=3 {
            let pid = responder.pid().expect("it runs");
            let turns: Vec<_> = (0..6)
                .map(|number| {
                    let responder = responder.clone();
                    let asked = turn("acme", &format!("p{number}"), &[(Role::User, "Tell me a long story.")]);
                    tokio::spawn(async move { respond(&*responder, asked).await })
                })
                .collect();
            // They are under way once the first has been polled; where in its work the child is hit is left to chance.
            sleep(Duration::from_millis(30 * round)).await;
            kill(pid);
            for turn in turns {
                let error = turn.await.expect("no panic").expect_err("its process was killed");
                assert!(error.is_retryable(), "{error:?}");
            }
            answered(&*responder).await;
            assert_ne!(responder.pid(), Some(pid));
            assert_eq!(responder.starts(), 1 + round);
        }
    });
}

#[test]
fn the_child_ends_with_its_responder() {
    if !ready("the_child_ends_with_its_responder") {
        return;
    }
    run(async {
        let responder = start(options()).await;
        let pid = responder.pid().expect("it runs");
        assert!(lives(pid));
        drop(responder);
        while lives(pid) {
            sleep(Duration::from_millis(10)).await;
        }
    });
}

#[test]
fn the_childs_reason_is_told() {
    if !ready("the_childs_reason_is_told") {
        return;
    }
    run(async {
        let worker = || Command::new(env!("CARGO_BIN_EXE_minicom-llama-worker"));
        let missing = LlamaOptions { model: "/nowhere/model.gguf".into(), ..options() };
        let error = LlamaProcess::start(worker(), missing).await.expect_err("there is no such file");
        assert_eq!(error.kind(), OpenErrorKind::Missing);
        let large = LlamaOptions { memory_limit: Some(1 << 20), ..options() };
        let error = LlamaProcess::start(worker(), large).await.expect_err("it has no room");
        assert_eq!(error.kind(), OpenErrorKind::Memory);
        let long = LlamaOptions { instructions: "word ".repeat(600), ..options() };
        let error = LlamaProcess::start(worker(), long).await.expect_err("no room for a reply");
        assert_eq!(error.kind(), OpenErrorKind::ContextTooSmall);
    });
}

#[test]
fn a_child_answers_as_the_model_in_the_process_does() {
    if !ready("a_child_answers_as_the_model_in_the_process_does") {
        return;
    }
    run(async {
        let asked = || turn("acme", "ann", &[(Role::User, "Where is Vienna?")]);
        let within = answer(&crate::kit::open(options()).await, asked()).await;
        let without = answer(&start(options()).await, asked()).await;
        assert_eq!(within, without);
        assert!(!within.is_empty());
    });
}
