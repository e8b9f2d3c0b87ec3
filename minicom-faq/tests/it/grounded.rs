//! Passages for another responder.

use std::{collections::HashMap, fmt::Write as _, sync::Arc};

use async_trait::async_trait;
use minicom_core::{
    Answer, Draft, HandoffReason, Passage, Reply, Responder, ResponderError, Role, Source, Turn, WorkspaceId,
};
use minicom_faq::{Grounded, WhenUnknown};
use minicom_testkit::responder::ScriptedResponder;

use crate::kit::{folder, open, reply, shop, turn};

const UNKNOWN: Reply = Reply::Handoff(HandoffReason::Unknown);

fn scripted() -> Arc<ScriptedResponder> {
    Arc::new(ScriptedResponder::new().says("From nine to five."))
}

fn titles(turn: &Turn) -> Vec<&str> {
    turn.passages.iter().map(|passage| &*passage.source.title).collect()
}

#[tokio::test]
async fn the_responder_gets_passages_and_the_answer_their_sources() {
    let (pages, inner) = (shop(), scripted());
    let grounded = Grounded::new(inner.clone(), open(&pages));
    let said = reply(&grounded, turn(&[(Role::User, "What are your opening hours?")])).await;
    let turns = inner.turns();
    assert_eq!(titles(&turns[0]), ["Shop › Opening hours", "Shop › Weekends"]);
    assert_eq!(turns[0].passages[0].text, "From **nine** to five.");
    let sources = turns[0].passages.iter().map(|passage| passage.source.clone()).collect();
    assert_eq!(said, Reply::Answer(Answer { text: "From nine to five.".into(), sources }));
}

#[tokio::test]
async fn what_is_unknown_is_handed_over_or_asked_without_passages() {
    let pages = shop();
    let fish = || turn(&[(Role::User, "Do you sell fish?")]);
    let inner = scripted();
    assert_eq!(reply(&Grounded::new(inner.clone(), open(&pages)), fish()).await, UNKNOWN);
    assert!(inner.turns().is_empty());

    let anyway = Grounded::new(inner.clone(), open(&pages)).when_unknown(WhenUnknown::Ask);
    assert_eq!(reply(&anyway, fish()).await, Reply::Answer("From nine to five.".into()));
    assert!(inner.turns()[0].passages.is_empty());
}

#[tokio::test]
async fn small_talk_goes_in_without_passages() {
    let (pages, inner) = (shop(), scripted());
    let grounded = Grounded::new(inner.clone(), open(&pages));
    reply(&grounded, turn(&[(Role::User, "Hello there!")])).await;
    assert!(inner.turns()[0].passages.is_empty());
}

#[tokio::test]
async fn other_outcomes_pass_as_they_are() {
    let pages = shop();
    let asked = || turn(&[(Role::User, "opening hours")]);
    let inner = ScriptedResponder::new().hands_over(HandoffReason::Asked).stays_silent().fails();
    let grounded = Grounded::new(Arc::new(inner), open(&pages));
    assert_eq!(reply(&grounded, asked()).await, Reply::Handoff(HandoffReason::Asked));
    assert_eq!(reply(&grounded, asked()).await, Reply::Silent);
    let (mut draft, _watching) = Draft::channel();
    assert!(grounded.respond(asked(), &mut draft).await.unwrap_err().is_retryable());
}

#[tokio::test]
async fn passages_are_bounded_and_those_of_the_host_stay() {
    let mut text = String::from("# Lamps\n\n");
    for number in 0..30 {
        write!(text, "## Lamp {number}\n\n{}\n\n", "A lamp is a lamp. ".repeat(60)).unwrap();
    }
    let pages = folder(&[("a.md", &text)]);
    let inner = scripted();
    for (bytes, passages) in [(400, 1), (2_500, 8), (100_000, 8), (100_000, 2)] {
        let grounded = Grounded::new(inner.clone(), open(&pages)).bytes(bytes).passages(passages);
        reply(&grounded, turn(&[(Role::User, "Which lamps are there?")])).await;
        let turns = inner.turns();
        let got = &turns[turns.len() - 1].passages;
        let total: usize = got.iter().map(|passage| passage.text.len()).sum();
        assert!(!got.is_empty() && got.len() <= passages && total <= bytes, "{} of {total} bytes", got.len());
    }
    let mut asked = turn(&[(Role::User, "Which lamps are there?")]);
    asked.passages.push(Passage { text: "The host's own.".into(), source: Source::new("Host") });
    reply(&Grounded::new(inner.clone(), open(&pages)), asked).await;
    assert_eq!(titles(inner.turns().last().unwrap())[0], "Host");
}

/// Names a source of its own.
#[derive(Debug)]
struct Names;

#[async_trait]
impl Responder for Names {
    async fn respond(&self, _: Turn, _: &mut Draft) -> Result<Reply, ResponderError> {
        Ok(Reply::Answer(Answer { text: "Yes.".into(), sources: vec![Source::new("Mine")] }))
    }
}

#[tokio::test]
async fn sources_that_the_responder_names_stay() {
    let pages = shop();
    let Reply::Answer(answer) =
        reply(&Grounded::new(Arc::new(Names), open(&pages)), turn(&[(Role::User, "opening hours")])).await
    else {
        panic!()
    };
    assert_eq!(answer.sources, [Source::new("Mine")]);
}

#[tokio::test]
async fn a_workspace_without_pages_gets_none() {
    let (pages, inner) = (shop(), scripted());
    let shelves = || HashMap::from([(WorkspaceId::new("lamps").unwrap(), open(&pages))]);
    let asked = || turn(&[(Role::User, "What are your opening hours?")]);
    assert_eq!(reply(&Grounded::new(inner.clone(), shelves()), asked()).await, UNKNOWN);
    assert!(inner.turns().is_empty());
    reply(&Grounded::new(inner.clone(), shelves()).when_unknown(WhenUnknown::Ask), asked()).await;
    assert!(inner.turns()[0].passages.is_empty());
}
