//! What visitors and agents have in common: what they have said, heard and seen.

use std::{
    collections::{HashSet, VecDeque},
    time::Duration,
};

use minicom_core::{Outgoing, Role, Side, Source};
use serde_json::{Value, json};
use tokio::time::timeout;
use uuid::Uuid;

use super::Client;

/// How long something may take to come. Nothing waits so long where all is well.
const PATIENCE: Duration = Duration::from_secs(10);

/// Something that somebody else said.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Said {
    /// Its place in the conversation.
    pub seq: u64,
    /// What its sender is.
    pub role: Role,
    /// Who: a visitor's email, an agent's name.
    pub sender: String,
    /// The words.
    pub text: String,
    /// What they rest on; an AI's answer may have some.
    pub sources: Vec<Source>,
}

/// Somebody at the end of a connection.
#[derive(Debug)]
pub(super) struct Person {
    pub client: Client,
    side: Side,
    /// Whose conversation an agent has open; a visitor has his own.
    open: Option<String>,
    /// Tells his client ids from everybody's, also of another run on the same store.
    tag: Uuid,
    sent: u64,
    /// His own client ids; a message that bears one is not heard but said.
    own: HashSet<String>,
    unheard: VecDeque<Said>,
    /// Why the AI handed over, as long as nobody asked.
    handoffs: VecDeque<String>,
    /// What it suggested, as long as nobody asked.
    pub suggestions: VecDeque<String>,
    /// Up to which seq all is either heard or waits to be.
    known: u64,
    /// The last seq that he said.
    said: u64,
    user_read: u64,
    agents_read: u64,
    typing: bool,
}

impl Person {
    pub fn new(client: Client, side: Side) -> Self {
        Self {
            client,
            side,
            open: None,
            tag: Uuid::new_v4(),
            sent: 0,
            own: HashSet::new(),
            unheard: VecDeque::new(),
            handoffs: VecDeque::new(),
            suggestions: VecDeque::new(),
            known: 0,
            said: 0,
            user_read: 0,
            agents_read: 0,
            typing: false,
        }
    }

    /// Begins with another conversation, whose page bears a client id. What comes before it is still of the old one.
    pub async fn open(&mut self, email: &str) {
        let id = self.fresh_id();
        self.client.send(json!({"type": "get_conversation", "email": email, "client_id": id}));
        let page = loop {
            let frame = self.receive("the page of the conversation").await;
            if frame["client_id"] == id {
                break frame;
            }
        };
        assert_eq!(page["type"], "conversation", "{page}");
        self.open = Some(email.to_owned());
        self.unheard.clear();
        self.handoffs.clear();
        self.suggestions.clear();
        (self.known, self.said, self.user_read, self.agents_read) = (0, 0, 0, 0);
        self.typing = false;
        self.take(&page);
    }

    /// A client id that nobody else has.
    pub fn fresh_id(&mut self) -> String {
        self.sent += 1;
        format!("{}-{}", self.tag.simple(), self.sent)
    }

    /// How far a side has read.
    fn read(&mut self, side: Side) -> &mut u64 {
        match side {
            Side::User => &mut self.user_read,
            Side::Agents => &mut self.agents_read,
        }
    }

    /// The next frame, taken in.
    pub async fn next(&mut self, waiting_for: &str) -> Value {
        let frame = self.receive(waiting_for).await;
        self.take(&frame);
        frame
    }

    /// The next frame. Panics if none comes: `waiting_for` says what for.
    async fn receive(&mut self, waiting_for: &str) -> Value {
        match timeout(PATIENCE, self.client.next()).await {
            Ok(Some(Outgoing::Text(text))) => serde_json::from_slice(&text).expect("JSON"),
            Ok(Some(Outgoing::Close { code, reason })) => {
                panic!("closed with {} {reason}, while waiting for {waiting_for}", code.code())
            }
            Ok(other) => panic!("the connection ended ({other:?}) while waiting for {waiting_for}"),
            Err(late) => panic!("waited in vain for {waiting_for} ({late}); unheard: {:?}", self.unheard),
        }
    }

    /// The answer to the frame that bears a client id.
    pub async fn answer(&mut self, id: &str, waiting_for: &str) -> Value {
        loop {
            let frame = self.next(waiting_for).await;
            if frame["client_id"] == id {
                assert_ne!(frame["type"], "error", "{waiting_for}: {frame}");
                return frame;
            }
        }
    }

    fn take(&mut self, frame: &Value) {
        match frame["type"].as_str().unwrap_or_default() {
            "history" | "conversation" => {
                for (side, key) in [(Side::User, "user"), (Side::Agents, "admin")] {
                    let read = number(&frame["read"][key]);
                    *self.read(side) = read;
                }
                // What he had not read before he came, he has not heard either.
                let read = *self.read(self.side);
                let known = self.known.max(read);
                for event in frame["events"].as_array().into_iter().flatten() {
                    self.take_event(event, known);
                }
                for message in frame["messages"].as_array().into_iter().flatten() {
                    self.take_message(message, read);
                }
                self.known = self.known.max(number(&frame["last_seq"]));
            }
            "message" => self.take_message(&frame["message"], 0),
            "event" => {
                self.take_event(&frame["event"], self.known);
                self.known = self.known.max(number(&frame["event"]["seq"]));
            }
            "messages_read" => {
                let side = if frame["reader"] == "user" { Side::User } else { Side::Agents };
                *self.read(side) = number(&frame["up_to"]);
            }
            "typing" => self.typing = frame["typing"] == true,
            "error" if frame["client_id"].is_null() => panic!("refused: {frame}"),
            _ => {}
        }
    }

    fn take_message(&mut self, message: &Value, heard_through: u64) {
        let seq = number(&message["seq"]);
        if seq <= self.known {
            return;
        }
        self.known = seq;
        let role = Role::parse(&text_of(&message["sender_type"])).expect("a sender_type");
        // Of two tabs of one visitor, both are himself.
        let himself = self.side == Side::User && role == Role::User;
        let own = message["client_id"].as_str().is_some_and(|id| self.own.contains(id));
        if !himself && !own && seq > heard_through {
            let (sender, text) = (text_of(&message["sender"]["id"]), text_of(&message["content"]));
            let sources = message.get("sources").cloned();
            let sources = sources.map_or_else(Vec::new, |it| serde_json::from_value(it).expect("sources"));
            self.unheard.push_back(Said { seq, role, sender, text, sources });
        }
    }

    fn take_event(&mut self, event: &Value, known: u64) {
        if number(&event["seq"]) <= known {
            return;
        }
        match event["kind"].as_str().unwrap_or_default() {
            "handoff" => self.handoffs.push_back(text_of(&event["reason"])),
            "suggestion" => self.suggestions.push_back(text_of(&event["text"])),
            _ => {}
        }
    }

    pub async fn see_handoff(&mut self) -> String {
        loop {
            if let Some(reason) = self.handoffs.pop_front() {
                return reason;
            }
            self.next("a hand-off").await;
        }
    }

    /// Asks for something in the conversation that is open, and waits until it is done.
    pub async fn ask(&mut self, frame: Value, waiting_for: &str) {
        let id = self.fresh_id();
        let mut frame = self.about(frame);
        frame["client_id"] = id.as_str().into();
        self.client.send(frame);
        self.answer(&id, waiting_for).await;
    }

    pub async fn say(&mut self, text: &str) -> u64 {
        let id = self.fresh_id();
        self.own.insert(id.clone());
        let mut frame = json!({"type": "message", "message": text, "client_id": id});
        if self.side == Side::Agents {
            frame["to"] = self.open.as_deref().expect("an agent opens a conversation first").into();
        }
        self.client.send(frame);
        self.said = number(&self.answer(&id, "the ack of what was said").await["seq"]);
        self.said
    }

    pub async fn hear_next(&mut self) -> Said {
        loop {
            if let Some(said) = self.unheard.pop_front() {
                return said;
            }
            self.next("somebody to say something").await;
        }
    }

    pub async fn hear(&mut self, text: &str) -> Said {
        while self.unheard.is_empty() {
            self.next(&format!("{text:?}")).await;
        }
        let said = self.hear_next().await;
        assert_eq!(said.text, text, "heard something else: {said:?}");
        said
    }

    /// Waits until the other side has read all that he said.
    pub async fn see_read(&mut self) {
        while *self.read(self.side.other()) < self.said {
            self.next("the other side to read").await;
        }
    }

    pub async fn read_all(&mut self) {
        self.unheard.clear();
        let (side, up_to) = (self.side, self.known.max(self.said));
        // A cursor that does not move is not told.
        if *self.read(side) >= up_to {
            return;
        }
        self.client.send(self.about(json!({"type": "read_messages", "up_to": up_to})));
        while *self.read(side) < up_to {
            self.next("the own cursor to move").await;
        }
    }

    pub fn type_(&mut self, typing: bool) {
        self.client.send(self.about(json!({"type": "typing", "typing": typing})));
    }

    pub async fn see_typing(&mut self, typing: bool) {
        while self.typing != typing {
            self.next("somebody to type or to cease").await;
        }
    }

    /// Names the conversation, for who must.
    fn about(&self, mut frame: Value) -> Value {
        if let Some(open) = &self.open {
            frame["email"] = open.as_str().into();
        }
        frame
    }

    pub async fn leave(mut self) {
        self.client.raw(minicom_core::Incoming::Close);
        self.client.cut();
        // Whoever serves the connection may still have frames to write.
        while self.client.receive_raw().await.is_some() {}
        let _ = self.client.served.await;
    }
}

fn text_of(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or_default()
}

/// The methods that visitors and agents share.
macro_rules! shared_methods {
    () => {
        /// Waits for the next thing that somebody else says, which must be this. What he had not read before he came
        /// counts.
        ///
        /// # Panics
        ///
        /// If it is something else, or nothing comes.
        pub async fn hears(&mut self, text: &str) -> Said {
            self.0.hear(text).await
        }

        /// Waits for the next thing that somebody else says, whatever it is.
        ///
        /// # Panics
        ///
        /// If nothing comes.
        pub async fn hears_something(&mut self) -> Said {
            self.0.hear_next().await
        }

        /// Waits until the conversation is handed over to the agents; answers the reason as the protocol has it, such as
        /// `asked` or `unknown`. A hand-off that he had not read before he came counts.
        ///
        /// # Panics
        ///
        /// If it is not.
        pub async fn sees_handoff(&mut self) -> String {
            self.0.see_handoff().await
        }

        /// Waits until the other side has read all that this one said.
        ///
        /// # Panics
        ///
        /// If it does not.
        pub async fn sees_read(&mut self) {
            self.0.see_read().await;
        }

        /// Marks everything as read, and waits until the server says so. It counts as heard then.
        ///
        /// # Panics
        ///
        /// If the server does not.
        pub async fn reads(&mut self) {
            self.0.read_all().await;
        }

        /// Begins to type.
        pub fn starts_typing(&mut self) {
            self.0.type_(true);
        }

        /// Ceases to type.
        pub fn stops_typing(&mut self) {
            self.0.type_(false);
        }

        /// Waits until somebody else types.
        ///
        /// # Panics
        ///
        /// If nobody does.
        pub async fn sees_typing(&mut self) {
            self.0.see_typing(true).await;
        }

        /// Waits until nobody else types any more.
        ///
        /// # Panics
        ///
        /// If somebody goes on.
        pub async fn sees_no_typing(&mut self) {
            self.0.see_typing(false).await;
        }

        /// Says good-bye, and waits until the connection has ended.
        pub async fn leaves(self) {
            self.0.leave().await;
        }

        /// His connection, to look at frames.
        pub fn client(&mut self) -> &mut Client {
            &mut self.0.client
        }
    };
}
pub(super) use shared_methods;
