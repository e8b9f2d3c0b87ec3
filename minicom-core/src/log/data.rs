//! How events become a store's bytes, and come back.

use bytes::Bytes;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::{Event, EventBody, Recorded};
use crate::{
    id::{LogId, LogKind},
    identity::Actor,
    store::{NewEvent, StoredEvent},
    text,
};

/// The fields of a body.
pub type Fields = Map<String, Value>;

/// Stored bytes that are no event.
#[derive(Debug, thiserror::Error)]
#[error("an event's data is no JSON object")]
pub struct UnreadableEvent(#[from] serde_json::Error);

/// The namespace of digests in logs that have no UUID of their own.
const NO_CONVERSATION: Uuid = Uuid::nil();

impl<B: EventBody> Event<B> {
    /// What a store is given.
    pub(crate) fn to_new(&self, log: &LogId) -> NewEvent {
        let mut fields = self.body.fields();
        fields.insert("kind".into(), self.body.kind().into());
        if let Some(name) = &self.actor.name {
            fields.insert("name".into(), name.as_str().into());
        }
        let data = Bytes::from(Value::Object(fields).to_string());
        let mut new = NewEvent::new(self.actor.id.clone(), self.time, data);
        new.client_id.clone_from(&self.client_id);
        new.digest = self.digest(log);
        new.terms =
            self.body.text().map(|text| text::terms(text).join(" ")).filter(|terms| !terms.is_empty());
        new
    }

    /// What the idempotency key stands for: the conversation and the text as first sent.
    pub(crate) fn digest(&self, log: &LogId) -> Option<Uuid> {
        self.client_id.as_ref()?;
        let namespace = match log.kind {
            LogKind::Conversation(conversation) => conversation.0,
            LogKind::Workspace | LogKind::Accounts | LogKind::Reader(_) => NO_CONVERSATION,
        };
        Some(Uuid::new_v5(&namespace, self.body.sent().as_bytes()))
    }
}

impl<B: EventBody> Recorded<B> {
    /// Reads what a store holds.
    pub fn read(stored: &StoredEvent) -> Result<Self, UnreadableEvent> {
        let mut fields: Fields = serde_json::from_slice(&stored.data)?;
        // What is no text is not ours to take.
        let mut word = |key| match fields.get_mut(key) {
            Some(Value::String(word)) => {
                let word = std::mem::take(word);
                fields.remove(key);
                Some(word)
            }
            _ => None,
        };
        let (kind, name) = (word("kind").unwrap_or_default(), word("name"));
        let event = Event {
            seq: stored.seq,
            time: stored.time,
            actor: Actor { id: stored.actor.clone(), name },
            client_id: stored.client_id.clone(),
            body: B::from_fields(&kind, fields),
        };
        Ok(Self { id: stored.id, position: stored.position, event })
    }
}
