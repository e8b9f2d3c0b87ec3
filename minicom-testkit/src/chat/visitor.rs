//! The one who asks.

use minicom_core::{Identity, Minicom, Role, Side, WorkspaceId};
use serde_json::json;

use super::{
    Client, Said,
    client::participant,
    person::{Person, shared_methods},
};

/// A visitor in his own conversation.
#[derive(Debug)]
pub struct Visitor(Person);

impl Visitor {
    /// Connects in process, to the default workspace, and waits for the history.
    ///
    /// # Panics
    ///
    /// If `email` is no participant, or no history comes.
    pub async fn connect(minicom: &Minicom, email: &str) -> Self {
        let identity = Identity::user(WorkspaceId::default(), participant(email));
        Self::on(Client::connect(minicom, &identity)).await
    }

    /// Connects to `ws://127.0.0.1:8000/ws/chat/user/ann%40example.com/` or the like, and waits for the history. Where
    /// headers are needed, [`Client::connect_ws`] takes them.
    ///
    /// # Panics
    ///
    /// If the server cannot be reached, or no history comes.
    #[cfg(feature = "ws")]
    pub async fn connect_ws(url: &str) -> Self {
        Self::on(Client::connect_ws(url, &[]).await.expect("a WebSocket")).await
    }

    /// Waits for the history on a connection of a visitor.
    ///
    /// # Panics
    ///
    /// If none comes.
    pub async fn on(client: Client) -> Self {
        let mut person = Person::new(client, Side::User);
        while person.next("the history").await["type"] != "history" {}
        Self(person)
    }

    /// Says something and waits until it is stored; answers its seq.
    ///
    /// # Panics
    ///
    /// If it is refused.
    pub async fn says(&mut self, text: &str) -> u64 {
        self.0.say(text).await
    }

    /// Waits for an answer of the AI, which must be the next thing that is said to him.
    ///
    /// # Panics
    ///
    /// If an agent says something instead, or nothing comes.
    pub async fn hears_from_ai(&mut self) -> Said {
        let said = self.0.hear_next().await;
        assert_eq!(said.role, Role::Ai, "heard somebody else: {said:?}");
        said
    }

    /// Presses the button that asks for a person, and waits until it is known.
    ///
    /// # Panics
    ///
    /// If it is refused.
    pub async fn asks_for_a_person(&mut self) {
        self.0.ask(json!({"type": "handoff"}), "a person to be asked for").await;
    }

    /// Judges an answer of the AI, and waits until it is stored.
    ///
    /// # Panics
    ///
    /// If it is refused, because it was no answer.
    pub async fn rates(&mut self, answer: &Said, helpful: bool) {
        let frame = json!({"type": "rate", "answer": answer.seq, "helpful": helpful});
        self.0.ask(frame, "the answer to be rated").await;
    }

    shared_methods!();
}
