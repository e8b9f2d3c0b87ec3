//! What a frame costs: each that a client sends, from its text to what it asks for; and each that a server sends, from its
//! values to its text.

#![allow(missing_docs, reason = "criterion's macros document nothing")]

use std::hint::black_box;

use bytes::Bytes;
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use jiff::Timestamp;
use minicom_benches::{agent, measured, participant, visitor, whose};
use minicom_core::{
    Ack, Admission, AgentRole, Ban, Body, ClientId, Command, ConversationId, EventId, FrameKind, Identity,
    Incoming, Limits, MemoryStore, Minicom, PageRequest, Recorded, Refusal, RowFilter, Seq, Side, WordLists,
    session::Session,
    written::{self, DraftPart, PageKind, Place},
};
use tokio::time::Instant;

/// Messages of a page, rows of a list, hits of a search.
const MANY: usize = 50;
const ANN: &str = "ann@example.com";

fn ben() -> Identity {
    agent("ben").with_name("Ben").with_agent_role(AgentRole::Owner)
}

/// A frame of each type as an agent sends it, but for its type and `client_id`.
fn fields(kind: FrameKind) -> String {
    let id = ConversationId::direct(&participant(ANN)).0;
    match kind {
        FrameKind::Message => r#""to":"ann@example.com","message":"It was sent on Monday.""#.to_owned(),
        FrameKind::GetConversation => {
            format!(r#""conversation":"{id}","after":17,"epoch":"5f0c3a62-1f3b-4d0e-8a60-0e8e3a3f6a11""#)
        }
        FrameKind::ReadMessages => r#""email":"ann@example.com","up_to":17"#.to_owned(),
        FrameKind::Typing => r#""email":"ann@example.com","typing":true"#.to_owned(),
        FrameKind::List => r#""filter":{"unread":true},"limit":100"#.to_owned(),
        FrameKind::Search => r#""query":"where is my parcel","limit":20"#.to_owned(),
        FrameKind::Rate => r#""email":"ann@example.com","answer":9,"helpful":true"#.to_owned(),
        FrameKind::Personality => r#""email":"ann@example.com","personality":"technical""#.to_owned(),
        FrameKind::SetAi => {
            r#""policy":{"mode":"until_handoff","name":"Robin","prompt":"You help people who wait for a parcel."}"#
                .to_owned()
        }
        FrameKind::Auth => r#""token":"eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJiZW4ifQ.c2lnbmF0dXJl""#.to_owned(),
        FrameKind::Ban => r#""email":"ann@example.com","reason":"spam","seconds":86400,"address":true"#.to_owned(),
        FrameKind::SetWordLists => {
            r#""lists":{"refuse":["casino"],"mask":["damn","heck"],"flag":["lawyer","refund"]}"#.to_owned()
        }
        FrameKind::Review => r#""email":"ann@example.com","up_to":12"#.to_owned(),
        FrameKind::HandOff
        | FrameKind::TakeOver
        | FrameKind::HandBack
        | FrameKind::Stop
        | FrameKind::LiftBan => r#""email":"ann@example.com""#.to_owned(),
        FrameKind::Ai | FrameKind::Leave | FrameKind::WordLists | FrameKind::Ping => String::new(),
    }
}

fn decode(c: &mut Criterion) {
    let mut group = c.benchmark_group("decode");
    let known = FrameKind::ALL.iter().map(|kind| (kind.as_str(), fields(*kind)));
    for (name, fields) in known.chain([("unknown", String::new())]) {
        let comma = if fields.is_empty() { "" } else { "," };
        let frame = format!(r#"{{"type":"{name}","client_id":"6f1d"{comma}{fields}}}"#);
        let incoming = Incoming::Text(Bytes::from(frame));
        group.bench_function(name, |b| {
            b.iter_batched_ref(
                || {
                    let (now, time) = (Instant::now(), Timestamp::UNIX_EPOCH);
                    Session::new(Admission::Known(ben()), Limits::default(), now, time, 0.5)
                },
                |session| {
                    session.receive(&incoming);
                    black_box(session.next_output()).expect("it asks for something");
                },
                BatchSize::SmallInput,
            );
        });
    }
    group.finish();
}

/// Fifty conversations, one of which has fifty messages and an event that is none.
async fn filled() -> Minicom {
    let builder = Minicom::builder().without_rate_limits().store(MemoryStore::new());
    let minicom = builder.build().expect("a store was given");
    let say = async |name: String, number: usize| {
        let saying = visitor(name).with_name("Ann");
        let said = Command::message(format!("Message {number}: where is my parcel?"));
        minicom.execute(&saying, &whose(&saying), said).await.expect("stored");
    };
    for number in 1..MANY {
        say(format!("visitor-{number}@example.com"), number).await;
    }
    for number in 0..MANY {
        say(ANN.to_owned(), number).await;
    }
    // An event that is no message.
    minicom.ban(&ben(), &whose(&visitor(ANN)), Ban::new("spam"), false).await.expect("banned");
    minicom
}

fn encode(c: &mut Criterion) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    let (page, list, found, report) = runtime.block_on(async {
        let (minicom, ben, target) = (filled().await, ben(), whose(&visitor(ANN)));
        (
            minicom.conversation(&ben, &target, PageRequest::latest()).await.expect("a page"),
            minicom.conversations(&ben, RowFilter::default(), None, MANY).await.expect("a list"),
            minicom.search(&ben, "parcel", None, None, MANY).await.expect("an answer"),
            minicom.ai(&ben).await.expect("a report"),
        )
    });
    let mut lists = WordLists::default();
    lists.flag = ["lawyer", "refund"].map(str::to_owned).into();
    let (ack, refusal) = (Ack::new(EventId(7), Seq(3), Timestamp::UNIX_EPOCH), Refusal::forbidden());
    let place = Place { conversation: page.conversation, email: ANN };
    let is_message = |event: &&Recorded<Body>| matches!(event.event.body, Body::Message { .. });
    let (ben, client_id) = (ben().actor(), ClientId::new("6f1d").expect("valid"));
    let (asked, agent) = (Some(&client_id), participant("ben"));
    let said = page.events.iter().find(is_message).expect("he spoke");
    let happened = page.events.iter().find(|event| !is_message(event)).expect("he was banned");
    let part = DraftPart { in_reply_to: Seq(9), at: 120, text: " The parcel is on its way", done: false };

    let mut group = c.benchmark_group("encode");
    let mut bench = |name: &str, items: usize, write: &dyn Fn() -> Bytes| {
        let begins = format!(r#"{{"type":"{name}""#);
        assert!(write().starts_with(begins.as_bytes()), "{name}");
        group.throughput(Throughput::Elements(items as u64));
        group.bench_function(name, |b| b.iter(|| black_box(write())));
    };
    bench("message", 1, &|| written::event(place, said, page.read));
    bench("event", 1, &|| written::event(place, happened, page.read));
    bench("ack", 1, &|| written::ack(&client_id, Some(&ack)));
    bench("error", 1, &|| written::error(&refusal, asked));
    bench("pong", 1, &|| written::pong(asked));
    bench("messages_read", 1, &|| written::messages_read(place, Side::User, Seq(9)));
    bench("typing", 1, &|| written::typing(place, &ben, true));
    bench("viewers", 1, &|| written::viewers(place, &[&ben]));
    bench("draft", 1, &|| written::draft(place, &part));
    bench("row", 1, &|| written::row(&list.rows[1], false));
    bench("ai", 1, &|| written::ai(&report, asked));
    bench("word_lists", 1, &|| written::word_lists(&lists, asked));
    bench("history", MANY, &|| written::page(PageKind::History, &page, None));
    bench("conversation", MANY, &|| written::page(PageKind::Conversation, &page, asked));
    bench("list", MANY, &|| written::list(Some(&agent), &list.rows, None, asked));
    bench("search", MANY, &|| written::search(&found.hits, None, asked));
    group.finish();
}

criterion_group! { name = benches; config = measured(); targets = decode, encode }
criterion_main!(benches);
