//! A server upon a store that holds such bytes: its pages are frames, and a visitor sees only what is understood.

use bytes::Bytes;
use jiff::Timestamp;
use minicom_core::{
    Admission, Body, Change, Conversation, ConversationId, ConversationPage, Identity, Limits, Log, LogId,
    MemoryStore, Minicom, NewEvent, PageFrom, PageRequest, Rev, RowFilter, Seq, Store, Target, WorkspaceId,
    session::{Outcome, Output, Session},
};
use tokio::time::Instant;

use super::facts::{Happening, subject};
use crate::{
    fixtures::{Knows, ann, ben, block_on},
    sent,
};

/// A snapshot that agrees with two events.
const PLAIN: &[u8] = br#"{"format":1,"epoch":"0b5ac0de-0000-4000-8000-000000000001","first":1,"last":2,
    "time":"2026-01-31T09:30:00Z","messages":1,"members":[{"participant":"ann@example.com","read":0}],
    "agents_read":0,"unread_by_user":[],"unread_by_agents":[1],"last_message":null}"#;

/// What is stored is the snapshot, if it is one, and an event.
pub(super) fn check(stored: &[u8], happenings: &[Happening<'_>]) {
    let seqs: Vec<u64> = happenings.iter().filter_map(Happening::seq).take(2).collect();
    block_on(serve(stored, &seqs, happenings.iter().find_map(Happening::ask)));
}

impl Happening<'_> {
    fn seq(&self) -> Option<u64> {
        match self {
            Self::Said { seq, .. }
            | Self::Unknown { seq, .. }
            | Self::OfAi { seq, .. }
            | Self::Read { up_to: seq, .. } => Some(*seq),
            Self::Created { .. } | Self::Asked { .. } | Self::Owing { .. } => None,
        }
    }

    fn ask(&self) -> Option<minicom_core::Command> {
        match self {
            Self::Asked { ask, .. } => ask.command(),
            _ => None,
        }
    }
}

async fn serve(stored: &[u8], seqs: &[u64], command: Option<minicom_core::Command>) {
    let own = Target::Participant(subject(0));
    let store = MemoryStore::new();
    let change = change(own.conversation(), stored);
    let fold = Conversation::decode(&change.snapshot).expect("it decodes");
    // Otherwise there is no range to speak of.
    let orderly = fold.first_seq() <= fold.last_seq().next();
    store.append(change).await.expect("memory has room");
    let minicom = Minicom::builder().store(store).async_responder(Knows).build().expect("a store was given");

    let places = seqs.iter().flat_map(|seq| [PageFrom::After(Seq(*seq)), PageFrom::Before(Seq(*seq))]);
    for from in places.chain([PageFrom::Latest, PageFrom::After(Seq(0))]) {
        for identity in [ann(), ben()] {
            let page = minicom.conversation(&identity, &own, PageRequest::new(from)).await;
            let page = page.expect("what a store holds can be read");
            assert!(!orderly || page.last_seq >= page.first_seq.prev());
            judge(page, &identity, &own);
        }
    }
    let list = minicom.conversations(&ben(), RowFilter::default(), None, 10).await.expect("a list");
    assert_eq!(list.rows.len(), 1);
    let found = minicom.search(&ben(), "hello", None, None, 10).await.expect("a search");
    assert_eq!(found.hits.len(), 1);
    if let Some(command) = command {
        // Whatever it answers, it answers.
        drop(minicom.execute(&ben(), &own, command).await);
    }
    minicom.shutdown().await;
}

fn change(conversation: ConversationId, stored: &[u8]) -> Change {
    let log = LogId::conversation(&WorkspaceId::default(), conversation);
    let snapshot = if Conversation::decode(stored).is_ok() { stored } else { PLAIN };
    let fold = Conversation::decode(snapshot).expect("it decodes");
    let mut change = Change::new(log, Rev::NONE, Bytes::copy_from_slice(snapshot), fold.row());
    for (data, terms) in [(stored, None), (br#"{"kind":"message","text":"hello"}"#, Some("hello".to_owned()))]
    {
        let mut event = NewEvent::new(ben().actor().id, Timestamp::UNIX_EPOCH, Bytes::copy_from_slice(data));
        event.terms = terms;
        change.events.push(event);
    }
    change
}

/// Sends a page through a session of who asked for it.
fn judge(page: ConversationPage, identity: &Identity, own: &Target) {
    let visitor = identity.participant == subject(0);
    for recorded in &page.events {
        let for_agents = matches!(
            recorded.event.body,
            Body::Suggestion { .. }
                | Body::PersonalityChosen { .. }
                | Body::Flagged { .. }
                | Body::Reviewed { .. }
                | Body::Unknown { .. }
        );
        assert!(!visitor || !for_agents);
    }
    let mut session =
        Session::new(Admission::Known(ann()), Limits::default(), Instant::now(), Timestamp::UNIX_EPOCH, 0.0);
    let Some(Output::Run(_, ticket)) = session.next_output() else { panic!("a visitor begins with a page") };
    session.complete(&ticket, Outcome::Page(Ok(Box::new(page))), Instant::now(), Timestamp::UNIX_EPOCH);
    let frame = sent::frame(&session.next_output().expect("a page was read"));
    assert_eq!(sent::word(&frame, "conversation"), own.conversation().to_string());
    for list in ["messages", "events"] {
        let views = frame[list].as_array().expect("a list");
        let seqs: Vec<_> = views.iter().map(|view| view["seq"].as_u64().expect("a seq")).collect();
        assert!(seqs.is_sorted());
        for view in views.iter().filter(|_| list == "events") {
            // What the AI says of itself is said here, by a server that has one.
            let role = &view["actor"]["role"];
            assert!(*role == "admin" || *role == "ai", "nobody speaks for the server: {role}");
        }
    }
}
