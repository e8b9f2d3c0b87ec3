//! An anonymous visitor is identified: his conversation goes on as that of who he is, whatever breaks in between.

mod common;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use common::{BreakAt, Client, TestClock, agent, id, minicom, minicom_on, user};
use minicom_core::{
    AiCommand, Attending, Body, ClientId, Code, Command, HandoffReason, Identity, MemoryStore, Minicom,
    PageFrom, PageRequest, ParticipantId, Role, RowFilter, Seq, Side, Store, Target, WorkspaceId,
};
use minicom_testkit::{
    faulty::{Fault, Faults, FaultyStore},
    responder::ScriptedResponder,
};
use serde_json::json;
use uuid::Uuid;

fn nobody() -> Identity {
    Identity::user(WorkspaceId::default(), ParticipantId::anonymous(Uuid::from_u128(7)))
}

fn ann() -> Identity {
    user("ann@example.com").with_name("Ann")
}

fn own(identity: &Identity) -> Target {
    Target::Participant(identity.participant.clone())
}

async fn say(minicom: &Minicom, who: &Identity, to: &Identity, text: &str) -> Seq {
    let ack = minicom.execute(who, &own(to), Command::message(text)).await.expect("stored");
    ack.expect("an event").seq
}

/// Who said what, oldest first, as an agent sees it.
async fn said(minicom: &Minicom, of: &Identity) -> Vec<(Role, String, String)> {
    let mut page = PageRequest::new(PageFrom::After(Seq(0)));
    page.limit = 200;
    let page = minicom.conversation(&agent("ben"), &own(of), page).await.expect("a page");
    let messages = page.events.into_iter().filter_map(|recorded| match recorded.event.body {
        Body::Message { text, .. } => {
            Some((recorded.event.actor.id.role, recorded.event.actor.id.subject.to_string(), text))
        }
        _ => None,
    });
    messages.collect()
}

fn by_ann(text: &str) -> (Role, String, String) {
    (Role::User, "ann@example.com".into(), text.into())
}

fn by_ben(text: &str) -> (Role, String, String) {
    (Role::Agent, "ben".into(), text.into())
}

async fn inbox(minicom: &Minicom) -> Vec<(String, u32)> {
    let list = minicom.conversations(&agent("ben"), RowFilter::default(), None, 10).await.expect("a list");
    list.rows.iter().map(|row| (row.email().to_owned(), row.row.unread)).collect()
}

/// An agent has read and answered, the visitor has read that and said more.
async fn talk(minicom: &Minicom) {
    say(minicom, &nobody(), &nobody(), "Where is my parcel?").await;
    let ben = agent("ben");
    minicom.execute(&ben, &own(&nobody()), Command::Read { up_to: None }).await.expect("read");
    say(minicom, &ben, &nobody(), "Which one?").await;
    minicom.execute(&nobody(), &own(&nobody()), Command::Read { up_to: None }).await.expect("read");
    say(minicom, &nobody(), &nobody(), "The blue one.").await;
}

fn talked() -> Vec<(Role, String, String)> {
    vec![by_ann("Where is my parcel?"), by_ben("Which one?"), by_ann("The blue one.")]
}

#[tokio::test(start_paused = true)]
async fn all_of_it_is_his_and_nothing_is_left() {
    let minicom = minicom();
    talk(&minicom).await;
    minicom.move_visitor(&nobody(), &ann()).await.expect("moved");
    assert_eq!(said(&minicom, &ann()).await, talked());
    assert_eq!(said(&minicom, &nobody()).await, []);
    assert_eq!(inbox(&minicom).await, [("ann@example.com".to_owned(), 1)]);
    assert_eq!(minicom.participants(&agent("ben")).await.expect("a list"), [id("ann@example.com")]);

    let page = minicom.conversation(&ann(), &own(&ann()), PageRequest::latest()).await.expect("a page");
    assert_eq!((page.read.of_side(Side::User), page.read.of_side(Side::Agents)), (Seq(2), Seq(1)));
    let names: Vec<_> = page.events.iter().map(|recorded| recorded.event.actor.name.clone()).collect();
    assert_eq!(names, [Some("Ann".to_owned()), None, Some("Ann".to_owned())]);

    // What was said is found once, and who looks where it was said learns where it is.
    let found = minicom.search(&agent("ben"), "parcel", None, None, 10).await.expect("hits");
    assert_eq!(found.hits.iter().map(|hit| hit.email.as_str()).collect::<Vec<_>>(), ["ann@example.com"]);
    let left =
        minicom.conversation(&agent("ben"), &own(&nobody()), PageRequest::latest()).await.expect("a page");
    let bodies: Vec<_> = left.events.into_iter().map(|recorded| recorded.event.body).collect();
    assert_eq!(bodies, [Body::Moved { to: id("ann@example.com") }]);
    for (who, refused) in [
        (nobody(), minicom.execute(&nobody(), &own(&nobody()), Command::message("Hello?")).await.map(drop)),
        (
            agent("ben"),
            minicom.execute(&agent("ben"), &own(&nobody()), Command::message("Hi")).await.map(drop),
        ),
        (nobody(), minicom.conversation(&nobody(), &own(&nobody()), PageRequest::latest()).await.map(drop)),
    ] {
        assert_eq!(refused.expect_err("refused").code(), Code::Moved, "{who:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn it_follows_what_he_had_said_as_himself_and_what_lies_unread_stays_so() {
    let minicom = minicom();
    say(&minicom, &ann(), &ann(), "A year ago.").await;
    say(&minicom, &agent("ben"), &ann(), "Long ago.").await;
    talk(&minicom).await;
    minicom.move_visitor(&nobody(), &ann()).await.expect("moved");
    let all = [vec![by_ann("A year ago."), by_ben("Long ago.")], talked()].concat();
    assert_eq!(said(&minicom, &ann()).await, all);
    let page = minicom.conversation(&ann(), &own(&ann()), PageRequest::latest()).await.expect("a page");
    // Nobody had read the first ones, so no cursor passes them.
    assert_eq!((page.read.of_side(Side::User), page.read.of_side(Side::Agents)), (Seq(0), Seq(0)));
    assert_eq!(inbox(&minicom).await, [("ann@example.com".to_owned(), 3)]);
}

#[tokio::test(start_paused = true)]
async fn a_second_time_changes_nothing_and_nobody_else_gets_it() {
    let minicom = minicom();
    talk(&minicom).await;
    minicom.move_visitor(&nobody(), &ann()).await.expect("moved");
    minicom.move_visitor(&nobody(), &ann()).await.expect("moved before");
    assert_eq!(said(&minicom, &ann()).await, talked());
    let bob = user("bob@example.com");
    let refused = minicom.move_visitor(&nobody(), &bob).await.expect_err("it is Ann's");
    assert_eq!(refused.code(), Code::Moved);
    assert_eq!(said(&minicom, &bob).await, []);
}

#[tokio::test(start_paused = true)]
async fn only_an_anonymous_visitors_and_only_to_somebody_of_his_workspace() {
    let minicom = minicom();
    talk(&minicom).await;
    let elsewhere = Identity::user(WorkspaceId::new("elsewhere").unwrap(), ann().participant);
    let other = Identity::user(WorkspaceId::default(), ParticipantId::anonymous(Uuid::from_u128(8)));
    for (from, to) in [
        (ann(), user("bob@example.com")),
        (nobody(), agent("ben")),
        (nobody(), other),
        (nobody(), nobody()),
        (nobody(), elsewhere),
        (agent("ben"), ann()),
    ] {
        let refused = minicom.move_visitor(&from, &to).await.expect_err("refused");
        assert_eq!(refused.code(), Code::Forbidden, "{from:?} {to:?}");
    }
    assert_eq!(inbox(&minicom).await, [(nobody().participant.to_string(), 1)]);
}

#[tokio::test(start_paused = true)]
async fn nothing_said_is_nothing_to_move() {
    let minicom = minicom();
    minicom.move_visitor(&nobody(), &ann()).await.expect("nothing to do");
    assert_eq!(inbox(&minicom).await, []);
}

#[tokio::test(start_paused = true)]
async fn many_pages_come_whole_and_in_order() {
    let minicom = minicom();
    for number in 0..150 {
        say(&minicom, &nobody(), &nobody(), &format!("line {number}")).await;
    }
    minicom.move_visitor(&nobody(), &ann()).await.expect("moved");
    let expected: Vec<_> = (0..150).map(|number| by_ann(&format!("line {number}"))).collect();
    assert_eq!(said(&minicom, &ann()).await, expected);
}

/// Wherever it breaks off, what is tried again ends as if nothing had broken.
#[tokio::test(start_paused = true)]
async fn it_may_break_off_anywhere() {
    // Two pieces and the leave: six places to break off at, before and after each.
    for fault in [Fault::Before, Fault::After] {
        for broken in 0..3 {
            let store = Arc::new(FaultyStore::new(MemoryStore::new(), Faults::none()));
            let first = minicom_on(store.clone());
            for number in 0..80 {
                say(&first, &nobody(), &nobody(), &format!("line {number}")).await;
            }
            first.shutdown().await;
            let second = minicom_on(Arc::new(BreakAt::new(store.clone(), broken, fault)));
            let refused = second.move_visitor(&nobody(), &ann()).await.expect_err("it broke off");
            assert!(refused.is_retryable());
            second.shutdown().await;

            let third = minicom_on(store);
            third.move_visitor(&nobody(), &ann()).await.expect("moved");
            let expected: Vec<_> = (0..80).map(|number| by_ann(&format!("line {number}"))).collect();
            assert_eq!(said(&third, &ann()).await, expected, "{fault:?} at {broken}");
            assert_eq!(inbox(&third).await.len(), 1, "{fault:?} at {broken}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn two_tabs_that_both_move_it_move_it_once() {
    let minicom = minicom();
    talk(&minicom).await;
    let (nobody, ann) = (nobody(), ann());
    let (one, two) = tokio::join!(minicom.move_visitor(&nobody, &ann), minicom.move_visitor(&nobody, &ann));
    one.expect("moved");
    two.expect("moved");
    assert_eq!(said(&minicom, &ann).await, talked());
}

/// Said on the old conversation while it is moved, over a store that takes its time: it comes along or is refused, and never
/// both or neither.
#[tokio::test(start_paused = true)]
async fn what_is_said_meanwhile_comes_along_or_is_refused() {
    let minicom = minicom_on(Arc::new(common::slow_store()));
    talk(&minicom).await;
    let talking = async {
        let mut stored = Vec::new();
        for number in 0..40 {
            let text = format!("meanwhile {number}");
            match minicom.execute(&agent("ben"), &own(&nobody()), Command::message(&text)).await {
                Ok(_) => stored.push(by_ben(&text)),
                Err(error) => {
                    assert_eq!(error.code(), Code::Moved);
                    break;
                }
            }
            tokio::time::sleep(Duration::from_micros(700)).await;
        }
        stored
    };
    let (nobody, ann) = (nobody(), ann());
    let (meanwhile, moved) = tokio::join!(talking, minicom.move_visitor(&nobody, &ann));
    if moved.is_err() {
        minicom.move_visitor(&nobody, &ann).await.expect("moved, now that nobody talks");
    }
    assert_eq!(said(&minicom, &ann).await, [talked(), meanwhile].concat());
}

#[tokio::test(start_paused = true)]
async fn a_message_keeps_the_key_under_which_the_page_may_send_it_again() {
    let minicom = minicom();
    let once = |text: &str| Command::message_once(text, ClientId::new("k1").unwrap());
    minicom.execute(&nobody(), &own(&nobody()), once("Hello?")).await.expect("stored");
    minicom.move_visitor(&nobody(), &ann()).await.expect("moved");
    // The page never heard that it was stored, and says it as who he is now.
    minicom.execute(&ann(), &own(&ann()), once("Hello?")).await.expect("stored before");
    assert_eq!(said(&minicom, &ann()).await, [by_ann("Hello?")]);
    let reused = minicom.execute(&ann(), &own(&ann()), once("Other words")).await.expect_err("another text");
    assert_eq!(reused.code(), Code::ClientIdReused);
}

#[tokio::test(start_paused = true)]
async fn a_key_that_he_had_used_as_himself_loses_no_message() {
    let minicom = minicom();
    let once = |text: &str, key: &str| Command::message_once(text, ClientId::new(key).unwrap());
    minicom.execute(&ann(), &own(&ann()), once("As Ann", "k1")).await.expect("stored");
    minicom.execute(&nobody(), &own(&nobody()), once("As nobody", "k1")).await.expect("stored");
    // Made to look like one of ours, for the message after it.
    let conversation = own(&nobody()).conversation();
    let ours = format!("moved:{conversation}:3");
    minicom.execute(&nobody(), &own(&nobody()), once("Clever", &ours)).await.expect("stored");
    minicom.execute(&nobody(), &own(&nobody()), Command::message("Plain")).await.expect("stored");
    minicom.move_visitor(&nobody(), &ann()).await.expect("moved");
    let expected = ["As Ann", "As nobody", "Clever", "Plain"].map(by_ann);
    assert_eq!(said(&minicom, &ann()).await, expected);
}

#[tokio::test(start_paused = true)]
async fn what_the_ai_owed_it_owes_where_it_went() {
    let manual = ScriptedResponder::new().says("At five.").after(Duration::from_secs(5));
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
    let minicom = Minicom::builder()
        .shared_store(store)
        .clock(common::TokioClock::default())
        .async_responder(manual)
        .build()
        .expect("a store");
    say(&minicom, &nobody(), &nobody(), "When do you close?").await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    minicom.move_visitor(&nobody(), &ann()).await.expect("moved");
    tokio::time::sleep(Duration::from_secs(30)).await;
    let answer = (Role::Ai, "ai".to_owned(), "At five.".to_owned());
    assert_eq!(said(&minicom, &ann()).await, [by_ann("When do you close?"), answer]);
    assert_eq!(said(&minicom, &nobody()).await, []);
    let figures = minicom.ai(&agent("ben")).await.expect("figures").figures;
    assert_eq!(figures.answered, 1);
    minicom.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn figures_count_what_was_moved_once_and_verdicts_still_fit() {
    let manual = ScriptedResponder::new().says("At five.").hands_over(HandoffReason::Unknown);
    let minicom = Minicom::builder()
        .store(MemoryStore::new())
        .clock(common::TokioClock::default())
        .async_responder(manual)
        .build()
        .expect("a store");
    say(&minicom, &ann(), &ann(), "Long ago").await;
    tokio::time::sleep(Duration::from_secs(5)).await;
    say(&minicom, &nobody(), &nobody(), "And today?").await;
    tokio::time::sleep(Duration::from_secs(5)).await;
    let before = minicom.ai(&agent("ben")).await.expect("figures").figures;
    minicom.move_visitor(&nobody(), &ann()).await.expect("moved");
    assert_eq!(minicom.ai(&agent("ben")).await.expect("figures").figures, before);
    assert_eq!((before.answered, before.handed_over.get("unknown")), (1, Some(&1)));
    let row =
        &minicom.conversations(&agent("ben"), RowFilter::default(), None, 10).await.expect("a list").rows[0];
    assert_eq!((row.attending, row.row.queued_at.is_some()), (Attending::Agents, true));
    minicom.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn a_verdict_refers_to_the_answer_where_it_is_now() {
    let manual = ScriptedResponder::new().says("At five.");
    let minicom = Minicom::builder()
        .store(MemoryStore::new())
        .clock(TestClock::default())
        .async_responder(manual)
        .build()
        .expect("a store");
    say(&minicom, &agent("ben"), &ann(), "Welcome").await;
    say(&minicom, &nobody(), &nobody(), "When?").await;
    tokio::time::sleep(Duration::from_secs(5)).await;
    let rate = AiCommand::Rate { seq: Seq(2), helpful: true };
    minicom.execute(&nobody(), &own(&nobody()), rate.into()).await.expect("rated");
    minicom.move_visitor(&nobody(), &ann()).await.expect("moved");
    let page = minicom.conversation(&ann(), &own(&ann()), PageRequest::latest()).await.expect("a page");
    let rated = page.events.iter().find_map(|recorded| match recorded.event.body {
        Body::Rated { seq, .. } => Some(seq),
        _ => None,
    });
    assert_eq!(rated, Some(Seq(3)), "after Ben's welcome and the question");
    minicom.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn sockets_hear_of_it() {
    let minicom = minicom();
    talk(&minicom).await;
    let mut tab = Client::connect(&minicom, &nobody());
    tab.frame_of("history").await;
    let mut desk = Client::connect(&minicom, &agent("ben"));
    desk.send(json!({"type": "list"}));
    desk.frame_of("list").await;
    desk.send(json!({"type": "get_conversation", "email": nobody().participant.as_str()}));
    desk.frame_of("conversation").await;

    minicom.move_visitor(&nobody(), &ann()).await.expect("moved");
    assert_eq!(tab.close_code().await, 4410);
    let (mut moved_to, mut rows) = (None, BTreeMap::new());
    while moved_to.is_none() || rows.len() < 2 {
        let frame = desk.frame().await;
        match frame["type"].as_str() {
            Some("event") if frame["event"]["kind"] == "moved" => {
                moved_to = Some(frame["event"]["to"].clone());
            }
            Some("row") => drop(rows.insert(frame["row"]["email"].to_string(), frame["row"]["gone"] == true)),
            _ => {}
        }
    }
    assert_eq!(moved_to, Some(json!("ann@example.com")));
    let gone = json!(nobody().participant.as_str()).to_string();
    assert!(rows.into_iter().eq([(json!("ann@example.com").to_string(), false), (gone, true)]));
    // With the old token he is told the same again.
    assert_eq!(Client::connect(&minicom, &nobody()).close_code().await, 4410);
}
