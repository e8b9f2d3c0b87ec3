//! Against a real server, if there is one.

use std::{env, sync::Arc, time::Instant};

use minicom_core::{Draft, Reply, Responder};
use minicom_openai::{Handoff, OpenAi, OpenAiOptions, SecretString};

use crate::question;

/// `MINICOM_OPENAI_URL`, and if the server wants them `MINICOM_OPENAI_MODEL` and `MINICOM_OPENAI_KEY`.
fn options() -> OpenAiOptions {
    let url = env::var("MINICOM_OPENAI_URL").expect("MINICOM_OPENAI_URL says which server to ask");
    let mut options = OpenAiOptions::new(url, env::var("MINICOM_OPENAI_MODEL").unwrap_or("default".into()));
    options.api_key = env::var("MINICOM_OPENAI_KEY").ok().map(SecretString::from);
    options.max_tokens = Some(48);
    options
}

/// Asks, and tells how long it took until the first word and until the last.
async fn ask(options: OpenAiOptions) -> Reply {
    let responder = OpenAi::new(options).unwrap();
    let (mut draft, mut watching) = Draft::channel();
    let began = Instant::now();
    let first = tokio::spawn(async move { watching.changed().await.map(|()| began.elapsed()) });
    let reply = responder.respond(question("Hello! What is the capital of France?"), &mut draft).await;
    let took = began.elapsed();
    drop(draft);
    println!("first word {:?}, all {took:?}: {reply:?}", first.await.unwrap().ok());
    reply.expect("a server that answers")
}

#[tokio::test]
#[ignore = "asks a real server: set MINICOM_OPENAI_URL and run with --ignored"]
async fn a_real_server_answers() {
    let mut options = options();
    options.handoff = Handoff::NotOffered;
    let Reply::Answer(answer) = ask(options).await else { panic!("no answer") };
    assert!(!answer.text.trim().is_empty());
}

#[tokio::test]
#[ignore = "asks a real server: set MINICOM_OPENAI_URL and run with --ignored"]
async fn a_real_server_takes_the_function() {
    assert!(matches!(ask(options()).await, Reply::Answer(_) | Reply::Handoff(_)));
}

#[tokio::test]
#[ignore = "asks a real server: set MINICOM_OPENAI_URL and run with --ignored"]
async fn a_real_server_outlives_turns_that_are_dropped() {
    let mut options = options();
    (options.max_tokens, options.handoff) = (Some(2_000), Handoff::NotOffered);
    let responder = Arc::new(OpenAi::new(options.clone()).unwrap());
    for _ in 0..8 {
        let (mut draft, mut watching) = Draft::channel();
        let responder = responder.clone();
        let long = question("Tell me a very long story about a ship.");
        let turn = tokio::spawn(async move { responder.respond(long, &mut draft).await });
        watching.changed().await.expect("a first word");
        turn.abort();
        assert!(turn.await.unwrap_err().is_cancelled());
    }
    options.max_tokens = Some(16);
    assert!(matches!(ask(options).await, Reply::Answer(_)));
}

#[tokio::test]
#[ignore = "asks a real server: set MINICOM_OPENAI_URL and run with --ignored"]
async fn a_real_server_refuses_nonsense() {
    let mut options = options();
    options.base_url.push_str("/nowhere");
    let responder = OpenAi::new(options).unwrap();
    let (mut draft, _watching) = Draft::channel();
    let error = responder.respond(question("Hello?"), &mut draft).await.unwrap_err();
    println!("{:?}", crate::cause(&error));
    assert!(!error.is_retryable());
}
