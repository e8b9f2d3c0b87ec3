//! What the cases are written with.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::{StreamExt, stream::BoxStream};
use minicom_core::{Bus, BusEvent, ConversationId, LogId, Topic, WorkspaceId};
use uuid::Uuid;

/// The topic of a conversation.
pub(super) fn topic(number: u128) -> Topic {
    let workspace = WorkspaceId::new("w").expect("a workspace id");
    Topic::of(&LogId::conversation(&workspace, ConversationId(Uuid::from_u128(number))))
}

/// A number as a payload.
pub(super) fn bytes(number: usize) -> Bytes {
    number.to_string().into_bytes().into()
}

/// A node and what comes to it. Where nothing may be lost, a report of a loss is a failure.
pub(super) struct Node {
    pub bus: Arc<dyn Bus>,
    pub incoming: BoxStream<'static, BusEvent>,
}

impl Node {
    pub fn new(bus: Arc<dyn Bus>) -> Self {
        let incoming = bus.incoming();
        Self { bus, incoming }
    }

    pub async fn subscribe(&self, topic: &Topic) {
        self.bus.subscribe(topic).await.expect("the bus answers");
    }

    pub async fn unsubscribe(&self, topic: &Topic) {
        self.bus.unsubscribe(topic).await.expect("the bus answers");
    }

    pub async fn publish(&self, topic: &Topic, payload: impl Into<Bytes>) {
        self.bus.publish(topic, payload.into()).await.expect("the bus answers");
    }

    pub async fn event(&mut self) -> BusEvent {
        self.incoming.next().await.expect("the bus goes on")
    }

    /// The next message.
    pub async fn message(&mut self) -> (Topic, Bytes) {
        match self.event().await {
            BusEvent::Message { topic, payload } => (topic, payload),
            other => panic!("a message was expected, not {other:?}"),
        }
    }

    pub async fn hears(&mut self, topic: &Topic, payload: impl Into<Bytes>) {
        assert_eq!(self.message().await, (topic.clone(), payload.into()));
    }
}
