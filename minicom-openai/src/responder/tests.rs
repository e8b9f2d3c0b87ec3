//! Everything with time in it, by paused time and without a socket.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

use bytes::Bytes;
use futures_util::stream;
use http::StatusCode;
use minicom_core::{HandoffReason, Role, Tokens};

use super::*;
use crate::{talk::turn, transport::Broken};

const SECOND: Duration = Duration::from_secs(1);
const WORD: &str = "data: {\"choices\":[{\"delta\":{\"content\":\"Yes. \"}}]}\n\n";
const DONE: &str = "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";

/// What a server does with a request.
#[derive(Debug, Clone)]
enum Act {
    /// Nobody is there.
    Unreachable,
    /// No head ever comes.
    Silent,
    /// A status, headers, and pieces of a body.
    Answers(u16, Vec<(&'static str, &'static str)>, Vec<Piece>),
}

#[derive(Debug, Clone, Copy)]
enum Piece {
    Bytes(&'static str),
    Wait(Duration),
    Breaks,
    Hangs,
}

/// Acts one after the other, and notes when it was asked.
#[derive(Debug)]
struct Scripted {
    acts: Mutex<VecDeque<Act>>,
    asked: Mutex<Vec<Instant>>,
}

#[async_trait]
impl Transport for Scripted {
    async fn post(&self, _: Bytes) -> Result<Response, Broken> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).push(Instant::now());
        let act = self.acts.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        match act.expect("no more requests than in the script") {
            Act::Unreachable => Err("nobody is there".into()),
            Act::Silent => std::future::pending().await,
            Act::Answers(status, headers, pieces) => {
                let headers =
                    headers.into_iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
                let body = stream::iter(pieces).filter_map(async |piece| match piece {
                    Piece::Bytes(text) => Some(Ok(Bytes::from_static(text.as_bytes()))),
                    Piece::Breaks => Some(Err(Broken::from("it broke"))),
                    Piece::Hangs => std::future::pending().await,
                    Piece::Wait(time) => {
                        sleep(time).await;
                        None
                    }
                });
                Ok(Response {
                    status: StatusCode::from_u16(status).unwrap(),
                    headers: headers.collect(),
                    body: body.boxed(),
                })
            }
        }
    }
}

fn streams(pieces: Vec<Piece>) -> Act {
    Act::Answers(200, vec![("content-type", "text/event-stream; charset=utf-8")], pieces)
}

fn answers() -> Act {
    streams(vec![Piece::Bytes(WORD), Piece::Bytes(DONE)])
}

fn refuses(status: u16, body: &'static str) -> Act {
    Act::Answers(status, vec![("content-type", "application/json")], vec![Piece::Bytes(body)])
}

/// What came of a turn.
struct Outcome {
    reply: Result<Reply, ResponderError>,
    draft: String,
    spent: Tokens,
    /// When each request was sent, from the beginning of the turn.
    asked: Vec<Duration>,
    took: Duration,
}

impl Outcome {
    fn error(&self) -> &OpenAiError {
        let error = self.reply.as_ref().expect_err("an error");
        let source = std::error::Error::source(error).and_then(|source| source.downcast_ref::<OpenAiError>());
        let source = source.expect("a source of this crate's");
        assert_eq!(error.is_retryable(), source.is_retryable());
        source
    }
}

async fn play(acts: Vec<Act>, set: impl FnOnce(&mut OpenAiOptions)) -> Outcome {
    let mut options = OpenAiOptions::new("http://h", "m");
    options.retry_delay = Duration::ZERO;
    set(&mut options);
    let transport = Arc::new(Scripted { acts: Mutex::new(acts.into()), asked: Mutex::default() });
    let responder = OpenAi::with_transport(options, transport.clone()).unwrap();
    let (mut draft, _watching) = Draft::channel();
    let began = Instant::now();
    let reply = responder.respond(turn(&[(Role::User, "Are you open?")]), &mut draft).await;
    let asked = transport.asked.lock().unwrap().iter().map(|asked| *asked - began).collect();
    assert!(transport.acts.lock().unwrap().is_empty(), "fewer requests than in the script");
    Outcome { reply, draft: draft.text(), spent: draft.spent(), asked, took: began.elapsed() }
}

#[tokio::test(start_paused = true)]
async fn what_passes_is_asked_again_before_the_first_token() {
    let passing = [
        Act::Unreachable,
        refuses(429, r#"{"error":{"code":"rate_limit_exceeded"}}"#),
        refuses(500, ""),
        refuses(503, "<html>busy</html>"),
        refuses(529, ""),
        streams(vec![]),
        streams(vec![Piece::Breaks]),
        streams(vec![Piece::Bytes(": OK\n\ndata: {\"choices\":[{\"delta\":{\"role\":\"assistant\"}}]}\n\n")]),
        streams(vec![Piece::Bytes("data: {\"error\":{\"code\":502,\"message\":\"gone\"}}\n\n")]),
    ];
    for act in passing {
        let outcome = play(vec![act.clone(), answers()], |_| {}).await;
        assert_eq!(outcome.reply.unwrap(), Reply::Answer("Yes.".into()), "{act:?}");
        // And not for ever.
        let outcome = play(vec![act.clone(); 3], |options| options.retries = 2).await;
        assert!(outcome.error().is_retryable(), "{act:?}");
        let outcome = play(vec![act], |options| options.retries = 0).await;
        assert!(outcome.error().is_retryable());
    }
}

#[tokio::test(start_paused = true)]
async fn what_lasts_is_not_asked_again() {
    let quota = r#"{"error":{"type":"insufficient_quota","code":"insufficient_quota","message":"Pay."}}"#;
    for (status, body) in [(400, ""), (401, ""), (403, ""), (404, ""), (422, ""), (429, quota)] {
        let outcome = play(vec![refuses(status, body)], |_| {}).await;
        let error = outcome.error();
        assert_eq!((error.status(), error.is_retryable()), (Some(status), false));
        assert_eq!(error.is_unauthorized(), matches!(status, 401 | 403));
        assert!(!error.is_rate_limited());
    }
    let moved = Act::Answers(307, vec![("location", "http://elsewhere/")], vec![]);
    assert!(play(vec![moved], |_| {}).await.error().is_redirect());
    for body in ["{}", "", "<html>Welcome</html>"] {
        let outcome = play(vec![refuses(200, body)], |_| {}).await;
        assert!(outcome.error().is_protocol() && !outcome.error().is_retryable());
    }
    let outcome = play(vec![refuses(200, r#"{"error":{"code":401,"message":"No."}}"#)], |_| {}).await;
    assert!(outcome.error().is_unauthorized());
    assert_eq!(outcome.error().server_message(), Some("No."));
}

#[tokio::test(start_paused = true)]
async fn nothing_is_asked_again_once_words_were_drafted() {
    for last in [
        Piece::Breaks,
        Piece::Wait(Duration::ZERO),
        Piece::Hangs,
        Piece::Bytes("data: {\"error\":{\"code\":503}}\n\n"),
        Piece::Bytes("data: nonsense\n\n"),
    ] {
        let outcome = play(vec![streams(vec![Piece::Bytes(WORD), last])], |_| {}).await;
        assert!(outcome.error().is_retryable() && !outcome.error().invites_repetition(), "{last:?}");
        assert_eq!(outcome.draft, "Yes.");
        assert!(outcome.error().to_string().ends_with("after words were drafted"), "{last:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_is_left_alone_for_as_long_as_it_asks() {
    let busy = |after| Act::Answers(429, vec![("retry-after", after)], vec![]);
    let outcome = play(vec![busy("7"), busy("0"), answers()], |_| {}).await;
    assert_eq!(outcome.asked, [Duration::ZERO, 7 * SECOND, 7 * SECOND]);
    // By its own clock.
    let dated =
        vec![("date", "Sun, 06 Nov 1994 08:49:37 GMT"), ("retry-after", "Sun, 06 Nov 1994 08:49:41 GMT")];
    let outcome = play(vec![Act::Answers(503, dated, vec![]), answers()], |_| {}).await;
    assert_eq!(outcome.asked, [Duration::ZERO, 4 * SECOND]);
    // Longer than anybody waits, and longer than there is time.
    let outcome = play(vec![busy("21")], |_| {}).await;
    assert_eq!((outcome.took, outcome.error().retry_after()), (Duration::ZERO, Some(21 * SECOND)));
    assert!(outcome.error().is_rate_limited());
    let outcome = play(vec![busy("7")], |options| options.answer_within = 7 * SECOND).await;
    assert_eq!(outcome.took, Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn delays_grow_and_stay_random() {
    let mut seen = Vec::new();
    for _ in 0..40 {
        let outcome =
            play(vec![Act::Unreachable, Act::Unreachable, answers()], |o| o.retry_delay = SECOND).await;
        let (first, second) = (outcome.asked[1], outcome.asked[2]);
        // Tokio's timers count whole milliseconds.
        let slack = Duration::from_millis(2);
        assert!(first <= SECOND + slack && second <= first + 2 * SECOND + slack, "{:?}", outcome.asked);
        seen.push(first);
    }
    seen.dedup();
    assert!(seen.len() > 1, "always {:?}", seen[0]);
}

#[tokio::test(start_paused = true)]
async fn each_wait_has_its_bound() {
    let set = |options: &mut OpenAiOptions| {
        options.first_token_within = 30 * SECOND;
        options.next_token_within = 10 * SECOND;
        options.answer_within = 100 * SECOND;
    };
    let wait = |seconds| Piece::Wait(seconds * SECOND);
    let role =
        || Piece::Bytes("data: {\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}\n\n");
    let comment = || Piece::Bytes(": still here\n\n");
    for (act, took) in [
        (Act::Silent, 30),
        (streams(vec![Piece::Hangs]), 30),
        (Act::Answers(500, vec![], vec![Piece::Hangs]), 30),
        // Comments are no tokens, and neither is what has no word in it.
        (streams(vec![wait(29), role(), Piece::Hangs]), 30),
        (streams(vec![wait(20), comment(), Piece::Hangs]), 30),
        (streams(vec![wait(20), Piece::Bytes(WORD), wait(9), comment(), Piece::Hangs]), 30),
        (streams(vec![wait(20), Piece::Bytes(WORD), wait(9), Piece::Bytes(WORD), Piece::Hangs]), 39),
        (streams([wait(8), Piece::Bytes(WORD)].repeat(20)), 100),
    ] {
        let outcome = play(vec![act.clone()], set).await;
        assert!(outcome.error().is_timeout() && outcome.error().is_retryable(), "{act:?}");
        assert_eq!(outcome.took.as_secs(), took, "{act:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn thinking_is_a_sign_of_life() {
    let thought = Piece::Bytes("data: {\"choices\":[{\"delta\":{\"reasoning_content\":\"Hm.\"}}]}\n\n");
    let mut pieces = [Piece::Wait(9 * SECOND), thought].repeat(5);
    pieces.extend([Piece::Bytes(WORD), Piece::Bytes(DONE)]);
    let outcome = play(vec![streams(pieces)], |options| options.next_token_within = 10 * SECOND).await;
    assert_eq!(outcome.reply.unwrap(), Reply::Answer("Yes.".into()));
}

#[tokio::test(start_paused = true)]
async fn a_whole_answer_waits_for_nobody() {
    let end = "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
    for last in [Piece::Hangs, Piece::Breaks, Piece::Wait(Duration::ZERO), Piece::Bytes("data: nonsense\n\n")]
    {
        let outcome = play(vec![streams(vec![Piece::Bytes(WORD), Piece::Bytes(end), last])], |_| {}).await;
        assert_eq!(outcome.reply.unwrap(), Reply::Answer("Yes.".into()));
        assert!(outcome.took <= REST + Duration::from_millis(2));
    }
    // Nor does one that says that it is done and not why.
    let outcome =
        play(vec![streams(vec![Piece::Bytes(WORD), Piece::Bytes("data: [DONE]\n\n")])], |_| {}).await;
    assert_eq!(outcome.reply.unwrap(), Reply::Answer("Yes.".into()));
}

#[tokio::test(start_paused = true)]
async fn what_it_took_stands_behind_the_answer_and_is_not_waited_for() {
    const END: &str = "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
    const USAGE: &str =
        "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":30,\"completion_tokens\":2}}\n\ndata: [DONE]\n\n";
    const TOGETHER: &str = "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n\
        data: {\"choices\":[],\"usage\":{\"prompt_tokens\":30,\"completion_tokens\":2}}\n\n\
        data: nonsense\n\n";
    let (said, unsaid) = (Tokens { input: 30, output: 2 }, Tokens::default());
    for (pieces, spent) in [
        (vec![Piece::Bytes(END), Piece::Bytes(USAGE)], said),
        (vec![Piece::Bytes(TOGETHER)], said),
        (vec![Piece::Bytes(TOGETHER), Piece::Hangs], said),
        (vec![Piece::Bytes(END), Piece::Wait(2 * REST), Piece::Bytes(USAGE)], unsaid),
    ] {
        let outcome = play(vec![streams([vec![Piece::Bytes(WORD)], pieces.clone()].concat())], |_| {}).await;
        assert_eq!(outcome.reply.unwrap(), Reply::Answer("Yes.".into()), "{pieces:?}");
        assert_eq!(outcome.spent, spent, "{pieces:?}");
        assert!(outcome.took <= REST + Duration::from_millis(2), "{pieces:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_empty_answer_is_an_error_that_may_pass() {
    let outcome = play(vec![streams(vec![Piece::Bytes(DONE)])], |_| {}).await;
    assert!(outcome.error().is_empty() && outcome.error().is_retryable());
}

#[tokio::test(start_paused = true)]
async fn a_question_that_a_filter_refuses_is_handed_over() {
    let body = r#"{"error":{"code":"content_filter","message":"No."}}"#;
    let outcome = play(vec![refuses(400, body)], |_| {}).await;
    assert!(matches!(outcome.reply.unwrap(), Reply::Handoff(HandoffReason::Responder { .. })));
}

#[tokio::test(start_paused = true)]
async fn nobody_is_asked_if_nobody_asked() {
    let transport = Arc::new(Scripted { acts: Mutex::default(), asked: Mutex::default() });
    let responder = OpenAi::with_transport(OpenAiOptions::new("http://h", "m"), transport).unwrap();
    let (mut draft, _watching) = Draft::channel();
    let reply = responder.respond(turn(&[(Role::Agent, "Hello.")]), &mut draft).await;
    assert_eq!(reply.unwrap(), Reply::Silent);
}

#[tokio::test(start_paused = true)]
async fn a_stream_has_a_bound() {
    let thought: &'static str = Box::leak(
        format!("data: {{\"choices\":[{{\"delta\":{{\"reasoning\":\"{}\"}}}}]}}\n\n", "x".repeat(60_000))
            .into_boxed_str(),
    );
    let outcome = play(vec![streams(vec![Piece::Bytes(thought); 600])], |_| {}).await;
    assert!(outcome.error().is_protocol());
    let outcome =
        play(vec![Act::Answers(500, vec![], vec![Piece::Bytes(thought); 3])], |o| o.retries = 0).await;
    assert_eq!(outcome.error().status(), Some(500));
}
