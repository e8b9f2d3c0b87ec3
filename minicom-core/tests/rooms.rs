//! Rooms and sessions under random joins, breaks and resumes: every watcher sees every event once, in order.

mod common;

use std::{collections::BTreeMap, sync::Arc};

use common::{Client, agent, id, minicom, minicom_on, slow_store, user};
use futures_util::{StreamExt, future::join_all};
use minicom_core::{
    ClientId, Command, Minicom, Outgoing, PageRequest, Position, RowFilter, Target, WorkspaceCommand,
};
use proptest::{collection::vec, prelude::*};
use serde_json::{Value, json};

/// What a client does in one step.
#[derive(Debug, Clone, Copy)]
enum Act {
    /// Says something, without waiting for the answer.
    Say,
    /// Reads what has come.
    Listen,
    /// Loses the connection, without a word.
    Break,
    /// Reads everything up to now.
    Read,
    /// Asks for what it may lack, although it lacks nothing.
    Ask,
}

fn acts() -> impl Strategy<Value = Vec<(usize, Act)>> {
    let act = prop_oneof![
        5 => Just(Act::Say),
        2 => Just(Act::Listen),
        2 => Just(Act::Break),
        1 => Just(Act::Read),
        1 => Just(Act::Ask),
    ];
    vec((0..4usize, act), 1..60)
}

/// A client as the protocol wants it: it resumes by seq and epoch.
struct Watcher {
    client: Client,
    is_agent: bool,
    /// What it shows, by seq.
    shown: BTreeMap<u64, String>,
    /// The highest seq up to which it lacks nothing. What comes live counts only once the break before it is mended.
    seen: u64,
    resumed: bool,
    epoch: Value,
    /// Seqs in the order in which they came live on this connection.
    live: Vec<u64>,
    said: usize,
}

impl Watcher {
    async fn connect(minicom: &Minicom, index: usize) -> Self {
        let is_agent = index.is_multiple_of(2);
        let client = Self::open(minicom, is_agent);
        let mut watcher = Self {
            client,
            is_agent,
            shown: BTreeMap::new(),
            seen: 0,
            resumed: false,
            epoch: Value::Null,
            live: Vec::new(),
            said: 0,
        };
        watcher.resume().await;
        watcher
    }

    fn open(minicom: &Minicom, is_agent: bool) -> Client {
        Client::connect(minicom, &if is_agent { agent("ben") } else { user("ann") })
    }

    /// Asks for everything after what it has, page by page.
    async fn resume(&mut self) {
        loop {
            let mut ask = json!({"type": "get_conversation", "after": self.seen, "epoch": self.epoch, "limit": 3, "client_id": "resume"});
            if self.is_agent {
                ask["email"] = "ann".into();
            }
            self.client.send(ask);
            let page = loop {
                let frame = self.client.frame().await;
                self.take(&frame);
                if frame["type"] == "conversation" {
                    break frame;
                }
            };
            if page["recovered"] == false {
                // Only who never learnt an epoch, because the conversation began while he watched, starts anew.
                self.shown.clear();
                self.seen = 0;
                self.resumed = false;
                continue;
            }
            if page["has_more"] == false {
                self.resumed = true;
                return;
            }
        }
    }

    fn take(&mut self, frame: &Value) {
        match frame["type"].as_str().unwrap() {
            "message" => {
                let seq = frame["message"]["seq"].as_u64().unwrap();
                assert!(
                    self.live.last().is_none_or(|last| *last < seq),
                    "live frames in order, once: {:?} {seq}",
                    self.live
                );
                self.live.push(seq);
                if self.resumed {
                    self.seen = self.seen.max(seq);
                }
                self.show(&frame["message"]);
            }
            "conversation" => {
                self.seen = frame["last_seq"].as_u64().unwrap().max(if self.resumed { self.seen } else { 0 });
                self.epoch = frame["epoch"].clone();
                frame["messages"].as_array().unwrap().iter().for_each(|message| self.show(message));
            }
            // What it shows of a history cannot be resumed from: there may be a gap before it.
            "history" => frame["messages"].as_array().unwrap().iter().for_each(|message| self.show(message)),
            "messages_read" | "viewers" | "ack" | "pong" => {}
            other => panic!("{other}: {frame}"),
        }
    }

    fn show(&mut self, message: &Value) {
        let content = message["content"].as_str().unwrap().to_owned();
        let before = self.shown.insert(message["seq"].as_u64().unwrap(), content.clone());
        assert!(before.is_none_or(|before| before == content), "a seq is one message");
    }

    /// Takes what came, up to the answer of a ping.
    async fn listen(&mut self) {
        self.client.send(json!({"type": "ping", "client_id": "listen"}));
        loop {
            let frame = self.client.frame().await;
            self.take(&frame);
            if frame["type"] == "pong" {
                return;
            }
        }
    }

    async fn act(&mut self, minicom: &Minicom, index: usize, act: Act) {
        let to = |mut frame: Value| {
            if self.is_agent {
                let key = if frame["type"] == "message" { "to" } else { "email" };
                frame[key] = "ann".into();
            }
            frame
        };
        match act {
            Act::Say => {
                self.said += 1;
                let name = format!("{index}-{}", self.said);
                self.client.send(to(json!({"type": "message", "message": name, "client_id": name})));
            }
            Act::Read => self.client.send(to(json!({"type": "read_messages"}))),
            Act::Listen => self.listen().await,
            Act::Ask => self.resume().await,
            Act::Break => {
                // What was said is on its way; whether it arrives is checked by what is stored.
                self.client = Self::open(minicom, self.is_agent);
                self.live.clear();
                self.resumed = false;
                self.resume().await;
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn every_watcher_sees_every_event_once_in_order(acts in acts()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let minicom = minicom_on(Arc::new(slow_store()));
            let mut watchers = Vec::new();
            for index in 0..4 {
                watchers.push(Watcher::connect(&minicom, index).await);
            }
            for (index, act) in acts {
                watchers[index].act(&minicom, index, act).await;
            }
            // A command of the host's own, behind all that the sockets queued.
            let ann = Target::Participant(id("ann"));
            for watcher in &mut watchers {
                watcher.listen().await;
            }
            minicom.execute(&agent("host"), &ann, Command::message("end")).await.unwrap();
            let mut page = PageRequest::new(minicom_core::PageFrom::After(minicom_core::Seq(0)));
            page.limit = 1000;
            let stored = minicom.conversation(&agent("host"), &ann, page).await.unwrap();
            let stored: BTreeMap<u64, String> = stored.events.iter().map(|recorded| {
                let minicom_core::Body::Message { text, .. } = &recorded.event.body else { panic!() };
                (recorded.event.seq.0, text.clone())
            }).collect();
            assert!(stored.keys().copied().eq(1..=stored.len() as u64), "seqs are dense");
            for watcher in &mut watchers {
                watcher.listen().await;
                assert_eq!(watcher.shown, stored);
            }
            minicom.shutdown().await;
        });
    }
}

#[tokio::test(start_paused = true)]
async fn two_hundred_messages_in_flight_cost_few_appends() {
    let store = Arc::new(slow_store());
    let minicom = minicom_on(store.clone());
    let ann = Target::Participant(id("ann"));
    let said = (0..200).map(|n| {
        let (minicom, ann) = (minicom.clone(), ann.clone());
        async move {
            minicom.execute(&user("ann"), &ann, Command::message(n.to_string())).await.unwrap().unwrap().seq.0
        }
    });
    let mut seqs = join_all(said).await;
    seqs.sort_unstable();
    assert!(seqs.into_iter().eq(1..=200));
    let appends = store.committed();
    assert!(appends <= 10, "{appends} appends");
}

#[tokio::test(start_paused = true)]
async fn a_store_that_fails_is_unavailable_and_works_again() {
    let store = Arc::new(slow_store());
    let minicom = minicom_on(store.clone());
    let (mut ann, _) = Client::user(&minicom, "ann").await;
    let say = |id: &str| json!({"type": "message", "message": "hi", "client_id": id});
    ann.send(say("1"));
    ann.frame_of("ack").await;
    store.break_down();
    for id in ["2", "3"] {
        ann.send(say(id));
        let error = ann.frame_of("error").await;
        assert_eq!((&error["code"], &error["client_id"]), (&json!("unavailable"), &json!(id)));
        assert!(error["retry_after_ms"].is_u64());
    }
    // Who comes now cannot be given his history: he is asked to come back.
    let mut late = Client::connect(&minicom, &user("bob"));
    assert_eq!(late.close_code().await, 4430);
    let mut ben = Client::agent(&minicom);
    ben.send(json!({"type": "list"}));
    assert_eq!(ben.frame().await["code"], "unavailable");
    store.recover();
    ann.send(say("2"));
    assert_eq!(ann.frame_of("ack").await["seq"], 2);
}

#[tokio::test(start_paused = true)]
async fn a_conversation_that_cannot_be_read_is_not_watched_and_the_other_one_still_is() {
    let store = Arc::new(slow_store());
    let minicom = minicom_on(store.clone());
    let (ann, _) = Client::user(&minicom, "ann").await;
    let (mut bob, _) = Client::user(&minicom, "bob").await;
    let say = |to: &str| json!({"type": "message", "message": to, "client_id": "1"});
    bob.send(say("first"));
    bob.frame_of("ack").await;
    let mut ben = Client::agent(&minicom);
    ben.send(json!({"type": "get_conversation", "email": "ann"}));
    ben.frame_of("conversation").await;

    store.break_down();
    ben.send(json!({"type": "get_conversation", "email": "bob", "client_id": "b"}));
    assert_eq!(ben.frame_of("error").await["code"], "unavailable");
    store.recover();
    bob.send(json!({"type": "message", "message": "second", "client_id": "2"}));
    bob.frame_of("ack").await;
    ann.send(say("hi"));
    assert_eq!(ben.frame().await["message"]["content"], "hi");
}

#[tokio::test(start_paused = true)]
async fn two_processes_on_one_store_settle_it_by_revision() {
    let store = Arc::new(slow_store());
    let (here, there) = (minicom_on(store.clone()), minicom_on(store));
    let (mut ann, _) = Client::user(&here, "ann").await;
    let target = Target::Participant(id("ann"));
    for n in 0..10 {
        there.execute(&agent("ben"), &target, Command::message(format!("there {n}"))).await.unwrap();
        ann.send(json!({"type": "message", "message": format!("here {n}")}));
        // The other's comes first, because the room caught up before it wrote.
        for expected in [format!("there {n}"), format!("here {n}")] {
            assert_eq!(ann.frame().await["message"]["content"], json!(expected));
        }
    }
    // A client that knows of more than the room does makes it look.
    there.execute(&agent("ben"), &target, Command::message("one more")).await.unwrap();
    ann.send(json!({"type": "get_conversation", "after": 21}));
    assert_eq!(ann.frame().await["message"]["content"], "one more");
    let page = ann.frame().await;
    assert_eq!((&page["recovered"], &page["last_seq"]), (&json!(true), &json!(21)));
}

#[tokio::test(start_paused = true)]
async fn a_caller_that_goes_away_loses_only_the_answer() {
    let minicom = minicom_on(Arc::new(slow_store()));
    let target = Target::Participant(id("ann"));
    let identity = user("ann");
    {
        let execute = minicom.execute(&identity, &target, Command::message("hi"));
        tokio::pin!(execute);
        // Polled once, then dropped.
        assert!(futures_util::poll!(&mut execute).is_pending());
    }
    // In the history, or live right after it: he may join before the commit.
    let (mut ann, history) = Client::user(&minicom, "ann").await;
    if history["last_seq"] == 0 {
        assert_eq!(ann.frame().await["message"]["content"], "hi");
    } else {
        assert_eq!(history["messages"][0]["content"], "hi");
    }
}

#[tokio::test(start_paused = true)]
async fn the_host_has_the_same_in_process() {
    let minicom = minicom_on(Arc::new(slow_store()));
    let mut committed = minicom.committed();
    let (ben, ann) = (agent("ben"), user("ann"));
    let target = Target::Participant(id("ann"));
    let command = Command::message_once("Hello there", ClientId::new("k").unwrap());
    let ack = minicom.execute(&ann, &target, command.clone()).await.unwrap().unwrap();
    assert_eq!(minicom.execute(&ann, &target, command).await.unwrap(), Some(ack), "stored once");
    assert_eq!(minicom.execute(&ben, &target, Command::Read { up_to: None }).await.unwrap(), None);

    let first = committed.next().await.unwrap().unwrap();
    assert_eq!((first.events[0].id, first.events[0].event.seq), (ack.id, ack.seq));
    assert!(committed.next().await.unwrap().unwrap().events.is_empty(), "a cursor is no event");

    let list = minicom.conversations(&ben, RowFilter::default(), None, 10).await.unwrap();
    assert_eq!((list.rows.len(), list.rows[0].row.unread), (1, 0));
    let found = minicom.search(&ben, "hel", None, None, 10).await.unwrap();
    assert_eq!(found.hits[0].highlights, vec![0..5]);
    assert_eq!(minicom.participants(&ben).await.unwrap(), [id("ann")]);
    let events = minicom.events(&ben, Position(0), 10).await.unwrap();
    assert_eq!(events.items.len(), 1);
    for refused in [
        minicom.conversations(&ann, RowFilter::default(), None, 10).await.err(),
        minicom.search(&ann, "hel", None, None, 10).await.err(),
        minicom.participants(&ann).await.err(),
        minicom.events(&ann, Position(0), 10).await.err(),
        minicom.conversation(&user("bob"), &target, PageRequest::latest()).await.err(),
        minicom.execute(&user("bob"), &target, Command::message("x")).await.err(),
    ] {
        assert!(refused.unwrap().is_forbidden());
    }

    let name = |name: &str| WorkspaceCommand::SetName { name: name.into() };
    assert!(minicom.execute_workspace(&ann, name("Mine")).await.unwrap_err().is_forbidden());
    minicom.execute_workspace(&ben, name("Acme")).await.unwrap();
    assert_eq!(minicom.workspace(&ben).await.unwrap().name(), Some("Acme"));
}

#[tokio::test(start_paused = true)]
async fn cut_connections_leave_nothing_behind() {
    let minicom = minicom();
    for _ in 0..20 {
        let (mut ann, _) = Client::user(&minicom, "ann").await;
        ann.send(json!({"type": "message", "message": "x"}));
        ann.cut();
        while let Some(Outgoing::Text(_)) = ann.next().await {}
        ann.served.await.unwrap();
    }
    let (_ann, history) = Client::user(&minicom, "ann").await;
    assert_eq!(history["last_seq"], 20);
}
