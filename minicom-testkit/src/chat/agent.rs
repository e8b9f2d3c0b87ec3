//! The one who answers.

use minicom_core::{AgentRole, Identity, Minicom, Side, WorkspaceId};
use serde_json::{Value, json};

use super::{
    Client, Said,
    client::participant,
    person::{Person, shared_methods},
};

/// An agent at his desk, with at most one conversation open.
#[derive(Debug)]
pub struct Agent(Person);

/// A row of the inbox.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct InboxRow {
    /// The visitor.
    pub email: String,
    /// How many of his messages no agent has read; 100 stands for more.
    pub unread: u64,
    /// The last message, cut at 200 bytes.
    pub last: String,
}

impl Agent {
    /// Connects in process, to the default workspace.
    ///
    /// # Panics
    ///
    /// If `name` is no participant.
    pub async fn connect(minicom: &Minicom, name: &str) -> Self {
        let identity =
            Identity::agent(WorkspaceId::default(), participant(name)).with_agent_role(AgentRole::Owner);
        Self::on(Client::connect(minicom, &identity)).await
    }

    /// Connects to `ws://127.0.0.1:8000/ws/chat/admin/ben/` or the like. Where headers are needed,
    /// [`Client::connect_ws`] takes them.
    ///
    /// # Panics
    ///
    /// If the server cannot be reached.
    #[cfg(feature = "ws")]
    pub async fn connect_ws(url: &str) -> Self {
        Self::on(Client::connect_ws(url, &[]).await.expect("a WebSocket")).await
    }

    /// Takes a connection of an agent, and waits until the server answers on it.
    ///
    /// # Panics
    ///
    /// If it does not.
    pub async fn on(client: Client) -> Self {
        let mut agent = Self(Person::new(client, Side::Agents));
        agent.ask("the server to answer", json!({"type": "ping"})).await;
        agent
    }

    /// Opens a visitor's conversation, which closes the one before. What no agent has read waits to be
    /// [heard](Self::hears).
    ///
    /// # Panics
    ///
    /// If it is refused.
    pub async fn opens(&mut self, email: &str) {
        self.0.open(email).await;
    }

    /// Says something in the conversation that is open and waits until it is stored; answers its seq.
    ///
    /// # Panics
    ///
    /// If it is refused, or nothing is open.
    pub async fn answers(&mut self, text: &str) -> u64 {
        self.0.say(text).await
    }

    /// The inbox's first page, last activity first.
    ///
    /// # Panics
    ///
    /// If it is refused.
    pub async fn inbox(&mut self) -> Vec<InboxRow> {
        let list = self.ask("the inbox", json!({"type": "list"})).await;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let row = |row: &Value| InboxRow {
            email: text(&row["email"]),
            unread: row["unread"].as_u64().unwrap_or_default(),
            last: text(&row["last_message"]["content"]),
        };
        list["rows"].as_array().into_iter().flatten().map(row).collect()
    }

    /// The messages in which words occur, newest first.
    ///
    /// # Panics
    ///
    /// If it is refused.
    pub async fn finds(&mut self, words: &str) -> Vec<String> {
        let found = self.ask("what was found", json!({"type": "search", "query": words})).await;
        let hits = found["hits"].as_array().into_iter().flatten();
        hits.map(|hit| hit["content"].as_str().unwrap_or_default().to_owned()).collect()
    }

    /// Has the AI no longer answer in the conversation that is open. Who [answers](Self::answers) takes over by that alone.
    ///
    /// # Panics
    ///
    /// If it is refused.
    pub async fn takes_over(&mut self) {
        self.0.ask(json!({"type": "take_over"}), "the AI to be told").await;
    }

    /// Lets the AI answer again in the conversation that is open.
    ///
    /// # Panics
    ///
    /// If it is refused.
    pub async fn hands_back(&mut self) {
        self.0.ask(json!({"type": "hand_back"}), "the AI to be told").await;
    }

    /// Waits for what the AI would say, where it only suggests.
    ///
    /// # Panics
    ///
    /// If it suggests nothing.
    pub async fn sees_suggestion(&mut self) -> String {
        loop {
            if let Some(text) = self.0.suggestions.pop_front() {
                return text;
            }
            self.0.next("a suggestion").await;
        }
    }

    async fn ask(&mut self, waiting_for: &str, mut frame: Value) -> Value {
        let id = self.0.fresh_id();
        frame["client_id"] = id.as_str().into();
        self.0.client.send(frame);
        self.0.answer(&id, waiting_for).await
    }

    shared_methods!();
}
