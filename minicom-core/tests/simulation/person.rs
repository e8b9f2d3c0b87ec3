//! Somebody in the world: he says things until they are acknowledged, comes back after every break, and resumes.

use std::{
    collections::{BTreeMap, VecDeque},
    rc::Rc,
    time::Duration,
};

use minicom_core::{Admission, Identity, Outgoing, WorkspaceId};
use minicom_testkit::chat::Client;
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

use crate::{
    view::{Moves, Place, View, number},
    world::{NODES, VISITORS, World, chat, id},
};

/// How much each does.
const STEPS: usize = 30;

/// The connection has ended.
#[derive(Debug)]
pub struct Closed;

/// Something that waits to be acknowledged.
#[derive(Debug, Clone)]
struct Saying {
    client_id: String,
    to: String,
    words: String,
    /// The connection it was first sent on, and its place among what was sent there; `None` once it was sent again.
    first: Option<(usize, usize)>,
}

/// What an ack said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acked {
    pub client_id: String,
    pub to: String,
    pub words: String,
    pub seq: u64,
    pub id: u64,
}

#[derive(Debug)]
struct Connection {
    client: Client,
    node: usize,
    number: usize,
    /// Whose conversation the server has us watch.
    watching: Option<String>,
    places: BTreeMap<String, Place>,
}

#[derive(Debug)]
pub struct Person {
    pub name: String,
    pub identity: Identity,
    world: Rc<World>,
    random: fastrand::Rng,
    /// The only conversation of a visitor.
    own: Option<String>,
    /// Whose conversation he wants to watch.
    wants: String,
    connection: Option<Connection>,
    connections: usize,
    pub views: BTreeMap<String, View>,
    pub said: usize,
    unacked: VecDeque<Saying>,
    pub acks: BTreeMap<String, Acked>,
    /// Of each connection and conversation, the seqs of what was sent once, in the order of sending.
    pub acked_at_once: BTreeMap<(usize, String), InOrder>,
}

/// Seqs in the order of sending.
#[derive(Debug, Default)]
pub struct InOrder(BTreeMap<usize, u64>);

impl InOrder {
    pub fn is_sorted(&self) -> bool {
        self.0.values().is_sorted_by(|a, b| a < b)
    }
}

impl Person {
    pub fn visitor(world: &Rc<World>, name: &str, email: &str) -> Self {
        let identity = Identity::user(WorkspaceId::default(), id(email));
        Self::new(world, name, identity, Some(email.to_owned()))
    }

    pub fn agent(world: &Rc<World>, name: &str) -> Self {
        Self::new(world, name, Identity::agent(WorkspaceId::default(), id(name)), None)
    }

    fn new(world: &Rc<World>, name: &str, identity: Identity, own: Option<String>) -> Self {
        let wants = own.clone().unwrap_or_else(|| VISITORS[0].to_owned());
        Self {
            name: name.to_owned(),
            identity,
            world: world.clone(),
            random: world.fork(),
            own,
            wants,
            connection: None,
            connections: 0,
            views: BTreeMap::new(),
            said: 0,
            unacked: VecDeque::new(),
            acks: BTreeMap::new(),
            acked_at_once: BTreeMap::new(),
        }
    }

    pub fn node(&self) -> usize {
        self.connection.as_ref().map_or(0, |connection| connection.node)
    }

    pub fn watching(&self) -> Option<&str> {
        self.connection.as_ref()?.watching.as_deref()
    }

    fn note(&self, what: impl std::fmt::Display) {
        self.world.trace.note(&self.name, what);
    }

    /// Acts at random, as long as the world is bad.
    pub async fn live(&mut self) {
        for _ in 0..STEPS {
            if self.connection.is_none() {
                self.come_back().await;
            }
            if self.act().await.is_err() {
                self.drop_connection("closed");
            }
        }
    }

    /// Says what is not acknowledged until it is, and hears what there is to hear.
    pub async fn finish(&mut self) {
        loop {
            if self.connection.is_none() {
                self.come_back().await;
            }
            self.say_again();
            if self.listen().await.is_err() {
                self.drop_connection("closed");
            } else if self.unacked.is_empty() {
                return;
            }
            self.pause(200).await;
        }
    }

    async fn pause(&mut self, millis: u64) {
        let millis = self.random.u64(0..millis);
        sleep(Duration::from_millis(millis)).await;
    }

    async fn act(&mut self) -> Result<(), Closed> {
        // Where agents talk most of the time an AI has nothing to say.
        let share = if self.own.is_some() { 1 } else { 3 };
        if self.world.ai.is_some() && self.random.u8(0..4) < share {
            self.ask_of_ai();
            return Ok(());
        }
        match self.random.u8(0..20) {
            0..7 => self.say(),
            7..10 => self.listen().await?,
            10..12 => self.read(),
            // Nothing is read meanwhile, and whatever comes waits at the server.
            12..15 => self.pause(2_500).await,
            15..17 => self.drop_connection("cut"),
            17 => self.say_again(),
            _ => {
                if self.own.is_none() {
                    self.wants = self.random.choice(VISITORS).unwrap().to_owned();
                }
                self.resume().await?;
            }
        }
        Ok(())
    }

    fn drop_connection(&mut self, why: &str) {
        self.note(why);
        self.connection = None;
    }

    async fn come_back(&mut self) {
        loop {
            let node = self.random.usize(0..NODES);
            let window = if self.random.bool() { 1 } else { 64 };
            let admission = Admission::Known(self.identity.clone());
            let client = Client::connect_with(&self.world.node(node), admission, window);
            self.connections += 1;
            let (number, places) = (self.connections, BTreeMap::new());
            self.connection = Some(Connection { client, node, number, watching: self.own.clone(), places });
            self.note(format_args!("connects to {node}"));
            if self.resume().await.is_ok() {
                return self.say_again();
            }
            self.drop_connection("refused");
            self.pause(1_000).await;
        }
    }

    fn send(&self, frame: &Value) {
        if let Some(connection) = &self.connection {
            connection.client.send(frame);
        }
    }

    fn say(&mut self) {
        self.said += 1;
        // An agent may also answer where he does not watch.
        let elsewhere = self.own.is_none() && self.random.u8(0..4) == 0;
        let to =
            if elsewhere { self.random.choice(VISITORS).unwrap().to_owned() } else { self.wants.clone() };
        let client_id = format!("{}-{}", self.name, self.said);
        let words = format!("{to}/{client_id} {}", "x".repeat(self.random.usize(0..300)));
        let words = words.trim().to_owned();
        let connection = self.connection.as_ref().expect("a connection").number;
        let first = Some((connection, self.said));
        let saying = Saying { client_id, to, words, first };
        self.send_saying(&saying);
        if self.random.u8(0..5) == 0 {
            self.send_saying(&saying);
        }
        self.unacked.push_back(saying);
    }

    fn send_saying(&self, saying: &Saying) {
        self.note(format_args!("says {}", saying.client_id));
        self.send(&json!({"type": "message", "to": saying.to, "message": saying.words, "client_id": saying.client_id}));
    }

    fn say_again(&mut self) {
        for saying in &mut self.unacked {
            saying.first = None;
        }
        for saying in &self.unacked {
            self.send_saying(saying);
        }
    }

    /// What one may say to an AI, or of it. It bears no client id: what does not arrive is not said again.
    fn ask_of_ai(&mut self) {
        let email = self.wants.clone();
        let seen = self.views.get(&email).map_or(0, |view| view.seen);
        let kind = match (self.own.is_some(), self.random.u8(0..8)) {
            (true, 0) => "handoff",
            (true, 1..4) | (false, 0) => "stop",
            (true, _) => "rate",
            (false, 1) => "take_over",
            (false, _) => "hand_back",
        };
        let (answer, helpful) = (self.random.u64(0..seen + 3), self.random.bool());
        self.note(format_args!("asks {kind} of {email}"));
        self.send(&json!({"type": kind, "email": email, "answer": answer, "helpful": helpful}));
    }

    fn read(&mut self) {
        let Some(email) = self.watching().map(ToOwned::to_owned) else { return };
        let seen = self.views.get(&email).map_or(0, |view| view.seen);
        let up_to = if self.random.bool() { Some(self.random.u64(0..seen + 3)) } else { None };
        self.note(format_args!("reads {email} up to {up_to:?}"));
        self.send(&json!({"type": "read_messages", "email": email, "up_to": up_to}));
    }

    /// Takes what came, up to the answer of a ping.
    async fn listen(&mut self) -> Result<(), Closed> {
        self.send(&json!({"type": "ping", "client_id": "listen"}));
        while self.next().await?["type"] != "pong" {}
        Ok(())
    }

    /// Asks for what he lacks of the conversation that he wants, until he lacks nothing.
    async fn resume(&mut self) -> Result<(), Closed> {
        let email = self.wants.clone();
        if let Some(place) = self.connection.as_mut().and_then(|c| c.places.get_mut(&email)) {
            place.resumed = false;
        }
        loop {
            let view = self.views.entry(email.clone()).or_default();
            let (after, epoch) = (view.seen, view.epoch.clone());
            let limit = self.random.u64(1..20);
            self.send(&json!({"type": "get_conversation", "email": email, "after": after, "epoch": epoch,
                "limit": limit, "client_id": "resume"}));
            let answer = loop {
                let frame = self.receive().await?;
                if frame["client_id"] == "resume" {
                    break frame;
                }
                self.take(&frame);
            };
            self.note(summary(&answer));
            if answer["type"] == "error" {
                assert_eq!(answer["code"], "unavailable", "{answer}");
                self.pause(500).await;
                continue;
            }
            let Some(connection) = &mut self.connection else { return Err(Closed) };
            if connection.watching.as_ref() != Some(&email) {
                connection.places.remove(&email);
            }
            connection.watching = Some(email.clone());
            let place = connection.places.entry(email.clone()).or_default();
            let view = self.views.entry(email.clone()).or_default();
            if !view.take_page(place, &email, &answer) {
                return Ok(());
            }
        }
    }

    async fn receive(&mut self) -> Result<Value, Closed> {
        let connection = self.connection.as_mut().ok_or(Closed)?;
        let next = timeout(Duration::from_mins(2), connection.client.next()).await.expect("something comes");
        match next {
            Some(Outgoing::Text(text)) => Ok(serde_json::from_slice(&text).unwrap()),
            Some(Outgoing::Close { code, .. }) => {
                self.note(code.code());
                assert!(matches!(code.code(), 1012 | 4408 | 4430), "closed with {code:?}");
                Err(Closed)
            }
            Some(Outgoing::Ping) | None => Err(Closed),
        }
    }

    async fn next(&mut self) -> Result<Value, Closed> {
        let frame = self.receive().await?;
        self.take(&frame);
        Ok(frame)
    }

    fn take(&mut self, frame: &Value) {
        self.note(summary(frame));
        match frame["type"].as_str().unwrap() {
            "ack" => self.take_ack(frame),
            // A question that was never asked is not answered, and what is no answer cannot be rated.
            "error" if self.world.ai.is_some() && frame["code"] == "not_found" => {}
            "error" => assert_eq!(frame["code"], "unavailable", "{frame}"),
            "pong" => {}
            "event" => self.take_event(&frame["event"]),
            kind => {
                let message = if kind == "message" { &frame["message"] } else { frame };
                let email = message["email"].as_str().unwrap();
                let Some(connection) = &mut self.connection else { return };
                assert_eq!(connection.watching.as_deref(), Some(email), "of another room: {frame}");
                let place = connection.places.entry(email.to_owned()).or_default();
                let view = self.views.entry(email.to_owned()).or_default();
                match kind {
                    "history" => drop(view.take_page(place, email, frame)),
                    "message" => view.take_message(place, email, message),
                    "messages_read" => {
                        let side = frame["reader"].as_str().unwrap();
                        place.take_read(side, number(&frame["up_to"]), Moves::Only);
                    }
                    // An AI's words in the making are its watchers' alone, and nothing lasting.
                    "draft" => assert!(self.world.ai.is_some()),
                    "viewers" => assert!(self.own.is_none(), "for agents: {frame}"),
                    _ => panic!("{frame}"),
                }
            }
        }
    }

    fn take_event(&mut self, event: &Value) {
        let Some(connection) = &mut self.connection else { return };
        let email = connection.watching.clone().expect("events come of what is watched");
        assert_eq!(
            event["conversation"],
            chat(&email).conversation().to_string(),
            "of another room: {event}"
        );
        let place = connection.places.entry(email.clone()).or_default();
        self.views.entry(email).or_default().take_event(place, event);
    }

    fn take_ack(&mut self, frame: &Value) {
        let client_id = frame["client_id"].as_str().unwrap();
        let (seq, number) = (number(&frame["seq"]), number(&frame["id"]));
        if let Some(before) = self.acks.get(client_id) {
            assert_eq!((before.seq, before.id), (seq, number), "two acks of {client_id} differ");
            return;
        }
        let at =
            self.unacked.iter().position(|saying| saying.client_id == client_id).expect("a message of his");
        let Some(Saying { client_id, to, words, first }) = self.unacked.remove(at) else { return };
        if let Some((connection, place)) = first {
            self.acked_at_once.entry((connection, to.clone())).or_default().0.insert(place, seq);
        }
        self.acks.insert(client_id.clone(), Acked { client_id, to, words, seq, id: number });
    }
}

/// A frame without what is random by nature: ids of the store's generation are.
fn summary(frame: &Value) -> String {
    let message = &frame["message"];
    let seqs = [
        &frame["seq"],
        &message["seq"],
        &frame["event"]["seq"],
        &frame["first_seq"],
        &frame["last_seq"],
        &frame["up_to"],
        &frame["at"],
    ];
    let seqs: Vec<_> = seqs.iter().filter(|seq| !seq.is_null()).map(ToString::to_string).collect();
    format!("hears {} {} {}", frame["type"], frame["client_id"], seqs.join(" "))
}
