//! People who talk all the time and write down what was acknowledged, and what is stored of it.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use serde_json::{Value, json};
use tokio::{sync::Notify, task::JoinSet};

use crate::{client::Client, desk::Desk};

/// How many messages of a sender are unanswered at a time.
const WINDOW: usize = 8;

/// Somebody who says numbered things in one conversation, and says again what was not acknowledged.
pub struct Sender {
    path: &'static str,
    /// An agent's messages name whom they are for.
    to: Option<&'static str>,
    name: &'static str,
    unanswered: VecDeque<String>,
    said: usize,
    pub acked: BTreeMap<String, u64>,
}

/// Whose conversations there are.
pub const EMAILS: [&str; 2] = ["ann", "bob"];

/// A visitor with two devices, another one, and an agent.
pub fn everybody() -> Vec<Sender> {
    vec![
        Sender::new("/ws/chat/user/ann/", None, "ann-phone"),
        Sender::new("/ws/chat/user/ann/", None, "ann-laptop"),
        Sender::new("/ws/chat/user/bob/", None, "bob"),
        Sender::new("/ws/chat/admin/ben/", Some("ann"), "ben"),
    ]
}

/// Lets them talk until their connections break.
pub async fn talk(senders: Vec<Sender>, desk: &Desk, progress: &Arc<Progress>) -> JoinSet<Sender> {
    let mut talking = JoinSet::new();
    for sender in senders {
        let client = Client::connect(desk.address, sender.path).await;
        talking.spawn(sender.talk(client, progress.clone()));
    }
    talking
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
            if frame["type"] == "error" {
                // Nothing is refused but by a server that ends, and what it refused is said again to the next.
                assert_eq!(frame["code"], "unavailable", "{frame}");
                while client.try_next().await.is_some() {}
                return self;
            }
            if frame["type"] == "ack" {
                self.acknowledge(&frame, &progress);
            }
        }
    }

    fn acknowledge(&mut self, ack: &Value, progress: &Progress) {
        let id = ack["client_id"].as_str().expect("an id").to_owned();
        let seq = ack["seq"].as_u64().expect("a seq");
        self.unanswered.retain(|unanswered| *unanswered != id);
        let before = *self.acked.entry(id.clone()).or_insert(seq);
        assert_eq!(before, seq, "{id} was acknowledged twice, differently");
        progress.note(id, seq);
    }
}

/// In whose conversation the message with that client id is.
pub fn email_of(client_id: &str) -> &'static str {
    if client_id.starts_with("bob") { "bob" } else { "ann" }
}

/// What was acknowledged in this life of the server.
#[derive(Default)]
pub struct Progress {
    acked: Mutex<BTreeMap<String, u64>>,
    changed: Notify,
}

impl Progress {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, u64>> {
        self.acked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, id: String, seq: u64) {
        self.lock().insert(id, seq);
        self.changed.notify_one();
    }

    /// All of it so far, by client id.
    pub fn acked(&self) -> BTreeMap<String, u64> {
        self.lock().clone()
    }

    /// Waits until it is so much.
    pub async fn reach(&self, count: usize) {
        while self.lock().len() < count {
            self.changed.notified().await;
        }
    }
}

/// Everything that is stored for a participant, by client id: dense, and each thing once.
pub async fn stored(desk: &Desk, email: &str) -> BTreeMap<String, u64> {
    let mut oracle = Client::connect(desk.address, "/ws/chat/admin/oracle/").await;
    let mut all = BTreeMap::new();
    let (mut after, mut last) = (0, 0);
    loop {
        oracle.send(json!({"type": "get_conversation", "email": email, "after": after, "limit": 200})).await;
        let page = oracle.expect("conversation").await;
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
