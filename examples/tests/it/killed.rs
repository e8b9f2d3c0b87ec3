//! `kill -9` under load, again and again: what was acknowledged is there once, at its seq, and nothing is there twice.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{sync::Notify, task::JoinSet};

use crate::{client::Client, desk::Desk};

const KILLS: usize = 50;
/// How many messages of a sender are unanswered at a time.
const WINDOW: usize = 8;

/// Somebody who says numbered things in one conversation, and says again what was not acknowledged.
struct Sender {
    path: &'static str,
    /// An agent's messages name whom they are for.
    to: Option<&'static str>,
    name: &'static str,
    unanswered: VecDeque<String>,
    said: usize,
    acked: BTreeMap<String, u64>,
}

impl Sender {
    fn new(path: &'static str, to: Option<&'static str>, name: &'static str) -> Self {
        Self { path, to, name, unanswered: VecDeque::new(), said: 0, acked: BTreeMap::new() }
    }

    async fn say(&self, client: &mut Client, id: &str) {
        let mut frame = json!({"type": "message", "message": format!("text of {id}"), "client_id": id});
        if let Some(to) = self.to {
            frame["to"] = json!(to);
        }
        client.send(frame).await;
    }

    /// Talks until the connection breaks.
    async fn talk(mut self, mut client: Client, progress: Arc<Progress>) -> Self {
        for id in self.unanswered.clone() {
            self.say(&mut client, &id).await;
        }
        loop {
            while self.unanswered.len() < WINDOW {
                self.said += 1;
                let id = format!("{}-{}", self.name, self.said);
                self.say(&mut client, &id).await;
                self.unanswered.push_back(id);
            }
            let Some(frame) = client.try_next().await else { return self };
            assert_ne!(frame["type"], "error", "{frame}");
            if frame["type"] == "ack" {
                self.acknowledge(&frame);
                progress.acked.fetch_add(1, Ordering::Relaxed);
                progress.changed.notify_one();
            }
        }
    }

    fn acknowledge(&mut self, ack: &Value) {
        let id = ack["client_id"].as_str().expect("an id").to_owned();
        let seq = ack["seq"].as_u64().expect("a seq");
        self.unanswered.retain(|unanswered| *unanswered != id);
        assert_eq!(
            *self.acked.entry(id.clone()).or_insert(seq),
            seq,
            "{id} was acknowledged twice, differently"
        );
    }
}

/// How much was acknowledged in this life of the server.
#[derive(Default)]
struct Progress {
    acked: AtomicUsize,
    changed: Notify,
}

impl Progress {
    async fn reach(&self, count: usize) {
        while self.acked.load(Ordering::Relaxed) < count {
            self.changed.notified().await;
        }
    }
}

/// Everything that is stored for a participant, by client id.
async fn stored(desk: &Desk, email: &str) -> BTreeMap<String, u64> {
    let mut ben = Client::connect(desk.address, "/ws/chat/admin/oracle/").await;
    let mut all = BTreeMap::new();
    let (mut after, mut last) = (0, 0);
    loop {
        ben.send(json!({"type": "get_conversation", "email": email, "after": after, "limit": 200})).await;
        let page = ben.expect("conversation").await;
        for message in page["messages"].as_array().expect("messages") {
            let id = message["client_id"].as_str().expect("a client id").to_owned();
            let seq = message["seq"].as_u64().expect("a seq");
            assert!(seq > last, "{seq} after {last}");
            last = seq;
            assert_eq!(message["content"], format!("text of {id}"));
            assert_eq!(all.insert(id, seq), None, "twice: {message}");
        }
        after = page["last_seq"].as_u64().expect("a seq");
        if page["has_more"] == false {
            assert_eq!(last, all.len() as u64, "a gap");
            return all;
        }
    }
}

async fn check(desk: &Desk, senders: &[Sender]) {
    for email in ["ann", "bob"] {
        let stored = stored(desk, email).await;
        let of = senders.iter().filter(|sender| sender.to.unwrap_or(&sender.name[..3]) == email);
        for (id, seq) in of.flat_map(|sender| &sender.acked) {
            assert_eq!(stored.get(id), Some(seq), "{id} was acknowledged");
        }
    }
}

#[tokio::test]
async fn killed_fifty_times_it_loses_nothing_acknowledged_and_doubles_nothing() {
    let folder = TempDir::new().expect("a folder");
    let db = folder.path().join("minicom.db");
    let mut senders = vec![
        Sender::new("/ws/chat/user/ann/", None, "ann-phone"),
        Sender::new("/ws/chat/user/ann/", None, "ann-laptop"),
        Sender::new("/ws/chat/user/bob/", None, "bob"),
        Sender::new("/ws/chat/admin/ben/", Some("ann"), "ben"),
    ];
    for kill in 0..KILLS {
        let desk = Desk::start(&db).await;
        check(&desk, &senders).await;
        let progress = Arc::new(Progress::default());
        let mut talking = JoinSet::new();
        for sender in senders.drain(..) {
            let client = Client::connect(desk.address, sender.path).await;
            talking.spawn(sender.talk(client, progress.clone()));
        }
        // At another moment each time, the first few before much is written.
        progress.reach(1 + kill * 7 % 60).await;
        desk.signal("KILL");
        assert_eq!(desk.ended().await.code, None);
        senders = talking.join_all().await;
    }
    let desk = Desk::start(&db).await;
    check(&desk, &senders).await;
    let acked: usize = senders.iter().map(|sender| sender.acked.len()).sum();
    assert!(acked >= KILLS * 10, "too little was said to mean anything: {acked}");
    desk.signal("TERM");
    assert_eq!(desk.ended().await.code, Some(0));
}
