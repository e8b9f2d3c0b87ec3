//! The session alone: what goes in, what comes out, no task and no timer.

use std::time::Duration;

use jiff::Timestamp;
use proptest::{collection::vec, prelude::*};
use serde_json::{Value, json};
use tokio::time::Instant;

use super::{Incoming, Operation, Outcome, Outgoing, Output, Session, Ticket};
use crate::{
    close::CloseCode,
    error::Refusal,
    id::{EventId, ParticipantId, Seq, WorkspaceId},
    identity::{Admission, Identity},
    limits::Limits,
    view::Ack,
};

fn agent() -> Identity {
    Identity::agent(WorkspaceId::default(), ParticipantId::new("ben").unwrap())
}

fn session(identity: Identity) -> Session {
    Session::new(Admission::Known(identity), Limits::default(), Instant::now(), Timestamp::UNIX_EPOCH, 0.5)
}

fn receive(session: &mut Session, frame: impl std::fmt::Display) {
    session.receive(&Incoming::Text(frame.to_string().into()));
}

fn say(client_id: &str) -> Value {
    json!({"type": "message", "to": "ann", "message": "hi", "client_id": client_id})
}

fn run(session: &mut Session) -> (Operation, Ticket) {
    match session.next_output() {
        Some(Output::Run(operation, ticket)) => (operation, ticket),
        other => panic!("an operation was expected, not {other:?}"),
    }
}

fn frame(session: &mut Session) -> Value {
    match session.next_output() {
        Some(Output::Send(Outgoing::Text(text))) => serde_json::from_slice(&text).unwrap(),
        other => panic!("a frame was expected, not {other:?}"),
    }
}

fn closed_with(session: &mut Session) -> CloseCode {
    match session.next_output() {
        Some(Output::Send(Outgoing::Close { code, .. })) => code,
        other => panic!("a close was expected, not {other:?}"),
    }
}

fn complete(session: &mut Session, ticket: &Ticket, outcome: Outcome) {
    session.complete(ticket, outcome, Instant::now(), Timestamp::UNIX_EPOCH);
}

fn stored() -> Outcome {
    Outcome::Executed(Ok(Some(Ack::new(EventId(7), Seq(3), Timestamp::UNIX_EPOCH))))
}

#[tokio::test(start_paused = true)]
async fn reading_stops_at_256_open_executes_and_goes_on_below() {
    let mut session = session(agent());
    let mut tickets = Vec::new();
    for n in 0..256 {
        assert!(session.can_receive());
        receive(&mut session, say(&n.to_string()));
        tickets.push(run(&mut session).1);
    }
    assert!(!session.can_receive());
    // In any order; each answer goes to its own.
    complete(&mut session, &tickets[200], stored());
    assert_eq!(frame(&mut session)["client_id"], "200");
    assert!(session.can_receive());
}

#[tokio::test(start_paused = true)]
async fn a_page_is_finished_before_the_next_frame_and_holds_what_is_live() {
    let mut session = session(agent());
    receive(&mut session, json!({"type": "get_conversation", "email": "ann", "client_id": "p"}));
    let (operation, ticket) = run(&mut session);
    assert!(matches!(operation, Operation::Page { .. }));
    assert!(!session.can_receive() && session.holds_live_frames());
    complete(&mut session, &ticket, Outcome::Page(Err(Refusal::forbidden().into())));
    let error = frame(&mut session);
    assert_eq!((&error["code"], &error["client_id"]), (&json!("forbidden"), &json!("p")));
    assert!(session.can_receive() && !session.holds_live_frames());
    receive(&mut session, json!({"type": "search", "query": "x"}));
    assert!(!session.can_receive() && !session.holds_live_frames());
}

#[tokio::test(start_paused = true)]
async fn a_visitor_without_history_is_asked_to_come_back() {
    let mut session = session(Identity::user(WorkspaceId::default(), ParticipantId::new("ann").unwrap()));
    let (_, ticket) = run(&mut session);
    complete(&mut session, &ticket, Outcome::Page(Err(Refusal::unavailable().into())));
    match session.next_output() {
        Some(Output::Send(Outgoing::Close { code, reason })) => {
            assert_eq!((code, reason.as_str()), (CloseCode::Unavailable, "unavailable;retry_after_ms=1000"));
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn the_first_ping_is_jittered_and_two_unanswered_ones_are_the_end() {
    let start = Instant::now();
    let mut session = session(agent());
    let every = Limits::default().ping_every;
    assert_eq!(session.deadline(), start + every / 2);
    for n in 0..2 {
        session.tick(start + every / 2 + every * n);
        assert!(matches!(session.next_output(), Some(Output::Send(Outgoing::Ping))));
    }
    session.receive(&Incoming::Pong);
    session.tick(session.deadline());
    assert!(matches!(session.next_output(), Some(Output::Send(Outgoing::Ping))), "one was answered");
    session.tick(session.deadline());
    session.next_output();
    session.tick(session.deadline());
    assert_eq!(closed_with(&mut session), CloseCode::Unresponsive);
    session.tick(session.deadline());
    assert!(session.next_output().is_none(), "nothing follows the last frame");
}

#[tokio::test(start_paused = true)]
async fn any_number_is_a_jitter() {
    let (start, limits) = (Instant::now(), Limits::default());
    for (jitter, part) in [(f64::NAN, 0), (-1.0, 0), (f64::NEG_INFINITY, 0), (1.0, 1), (f64::INFINITY, 1)] {
        let admission = Admission::Known(agent());
        let session = Session::new(admission, limits.clone(), start, Timestamp::UNIX_EPOCH, jitter);
        assert_eq!(session.deadline(), start + limits.ping_every * part, "{jitter}");
    }
}

#[tokio::test(start_paused = true)]
async fn draining_waits_for_what_is_under_way() {
    let mut session = session(agent());
    receive(&mut session, say("1"));
    let (_, ticket) = run(&mut session);
    session.drain();
    assert!(!session.can_receive() && session.next_output().is_none());
    complete(&mut session, &ticket, stored());
    assert_eq!(frame(&mut session)["type"], "ack");
    assert_eq!(closed_with(&mut session), CloseCode::Restart);
    let mut idle = self::session(agent());
    idle.drain();
    assert_eq!(closed_with(&mut idle), CloseCode::Restart);
}

#[tokio::test(start_paused = true)]
async fn an_expiry_beyond_the_clocks_range_is_no_panic() {
    let mut session = session(agent().with_expiry(Timestamp::MAX));
    session.tick(Instant::now() + Duration::from_secs(1));
    assert!(!session.is_closed());
}

fn any_frame() -> impl Strategy<Value = String> {
    let kind = prop_oneof![
        Just("message"),
        Just("get_conversation"),
        Just("read_messages"),
        Just("typing"),
        Just("list"),
        Just("search"),
        Just("auth"),
        Just("ping"),
        Just("dance")
    ];
    let value = prop_oneof![
        Just(json!(null)),
        Just(json!(true)),
        Just(json!(-1)),
        Just(json!(7)),
        Just(json!({"unread": true})),
        Just(json!([])),
        "\\PC{0,12}".prop_map(Value::from)
    ];
    let field = prop_oneof![
        Just("message"),
        Just("to"),
        Just("email"),
        Just("conversation"),
        Just("client_id"),
        Just("after"),
        Just("before"),
        Just("limit"),
        Just("epoch"),
        Just("up_to"),
        Just("typing"),
        Just("filter"),
        Just("cursor"),
        Just("query"),
        Just("token")
    ];
    let object = (kind, vec((field, value), 0..5)).prop_map(|(kind, fields)| {
        let mut frame = json!({"type": kind});
        for (key, value) in fields {
            frame[key] = value;
        }
        frame.to_string()
    });
    prop_oneof![8 => object, 1 => "\\PC{0,40}"]
}

proptest! {
    /// Whatever comes in whatever order: no panic, an operation for each ticket, at most one close, nothing behind it.
    #[test]
    fn any_input_leaves_a_session_whole(frames in vec(any_frame(), 0..40), picks in vec(any::<usize>(), 0..40), drain_at in 0..40usize) {
        let now = Instant::from_std(std::time::Instant::now());
        let mut session = Session::new(Admission::Known(agent()), Limits::default(), now, Timestamp::UNIX_EPOCH, 0.0);
        let (mut open, mut closes) = (Vec::new(), 0);
        for (at, frame) in frames.iter().enumerate() {
            if session.can_receive() {
                receive(&mut session, frame);
            }
            if at == drain_at {
                session.drain();
            }
            if let Some(pick) = picks.get(at).filter(|_| !open.is_empty()) {
                let ticket: (bool, Ticket) = open.swap_remove(pick % open.len());
                let refusal = Refusal::unavailable();
                let outcome = if ticket.0 { Outcome::Executed(Err(refusal)) } else { Outcome::Page(Err(refusal.into())) };
                session.complete(&ticket.1, outcome, now, Timestamp::UNIX_EPOCH);
            }
            while let Some(output) = session.next_output() {
                prop_assert_eq!(closes, 0, "nothing follows a close");
                match output {
                    Output::Run(operation, ticket) => open.push((matches!(operation, Operation::Execute { .. }), ticket)),
                    Output::Send(Outgoing::Close { .. }) => closes += 1,
                    Output::Send(Outgoing::Text(text)) => {
                        let frame: Value = serde_json::from_slice(&text).unwrap();
                        prop_assert!(["error", "pong"].contains(&frame["type"].as_str().unwrap()));
                    }
                    Output::Send(Outgoing::Ping) | Output::Typing { .. } | Output::Leave => {}
                }
            }
        }
        prop_assert_eq!(closes == 1, session.is_closed());
    }
}
