//! The bus between nodes: a hint that something happened. The store is the truth, so a bus may lose messages if it says so.

use std::{
    collections::HashSet,
    error::Error as StdError,
    fmt,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::stream::{self, BoxStream, StreamExt};
use tokio::sync::broadcast::{self, error::RecvError};

use crate::{hub::lock, id::LogId};

/// How many messages a listener of a [`LocalBus`] may fall behind.
const KEPT: usize = 1024;

/// Carries payloads between the nodes that share a store: best effort, at most once.
#[async_trait]
pub trait Bus: fmt::Debug + Send + Sync + 'static {
    /// Sends to every node that subscribed, this one included. Best effort.
    async fn publish(&self, topic: &Topic, payload: Bytes) -> Result<(), BusError>;
    /// On return every later message on the topic comes out of [`incoming`](Self::incoming), or [`BusEvent::Lost`] does.
    async fn subscribe(&self, topic: &Topic) -> Result<(), BusError>;
    /// The opposite; a message that is under way may still come.
    async fn unsubscribe(&self, topic: &Topic) -> Result<(), BusError>;
    /// What comes from now on.
    fn incoming(&self) -> BoxStream<'static, BusEvent>;
}

/// What a message is about: a log.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Topic(Arc<str>);

impl Topic {
    /// The topic of a log.
    pub fn of(log: &LogId) -> Self {
        Self(format!("{}/{}", log.workspace, log.kind).into())
    }

    /// Its name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What comes from a bus.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum BusEvent {
    /// A message.
    Message {
        /// On which topic.
        topic: Topic,
        /// What it says.
        payload: Bytes,
    },
    /// Messages were lost: whoever relies on them asks the store.
    Lost,
}

/// A bus could not do what was asked.
#[derive(Debug)]
pub struct BusError(Box<dyn StdError + Send + Sync>);

impl BusError {
    /// With its cause.
    pub fn new(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self(source.into())
    }
}

impl fmt::Display for BusError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the bus failed")
    }
}

impl StdError for BusError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&*self.0)
    }
}

/// A bus within one process. Clones are one node; [`node`](Self::node) makes another one on the same bus.
#[derive(Debug, Clone)]
pub struct LocalBus {
    messages: broadcast::Sender<(Topic, Bytes)>,
    topics: Arc<Mutex<HashSet<Topic>>>,
}

impl Default for LocalBus {
    fn default() -> Self {
        Self { messages: broadcast::channel(KEPT).0, topics: Arc::default() }
    }
}

impl LocalBus {
    /// A bus of one node.
    pub fn new() -> Self {
        Self::default()
    }

    /// Another node on this bus.
    #[must_use]
    pub fn node(&self) -> Self {
        Self { messages: self.messages.clone(), topics: Arc::default() }
    }
}

#[async_trait]
impl Bus for LocalBus {
    async fn publish(&self, topic: &Topic, payload: Bytes) -> Result<(), BusError> {
        // Nobody listens: best effort was made.
        let _ = self.messages.send((topic.clone(), payload));
        Ok(())
    }

    async fn subscribe(&self, topic: &Topic) -> Result<(), BusError> {
        lock(&self.topics).insert(topic.clone());
        Ok(())
    }

    async fn unsubscribe(&self, topic: &Topic) -> Result<(), BusError> {
        lock(&self.topics).remove(topic);
        Ok(())
    }

    fn incoming(&self) -> BoxStream<'static, BusEvent> {
        let (receiver, topics) = (self.messages.subscribe(), self.topics.clone());
        stream::unfold((receiver, topics), |(mut receiver, topics)| async {
            let event = loop {
                match receiver.recv().await {
                    Ok((topic, payload)) if lock(&topics).contains(&topic) => {
                        break BusEvent::Message { topic, payload };
                    }
                    Ok(_) => {}
                    Err(RecvError::Lagged(_)) => break BusEvent::Lost,
                    Err(RecvError::Closed) => return None,
                }
            };
            Some((event, (receiver, topics)))
        })
        .boxed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::WorkspaceId;

    fn topic(workspace: &str) -> Topic {
        Topic::of(&LogId::workspace(&WorkspaceId::new(workspace).unwrap()))
    }

    #[tokio::test]
    async fn nodes_hear_what_they_subscribed_to() {
        let one = LocalBus::new();
        let two = one.node();
        let mut heard = two.incoming();
        two.subscribe(&topic("b")).await.unwrap();
        for name in ["a", "b"] {
            one.publish(&topic(name), Bytes::from_static(b"x")).await.unwrap();
        }
        let message = BusEvent::Message { topic: topic("b"), payload: Bytes::from_static(b"x") };
        assert_eq!(heard.next().await, Some(message));
    }

    #[tokio::test]
    async fn a_slow_node_is_told_that_it_lost_some() {
        let bus = LocalBus::new();
        let mut heard = bus.incoming();
        bus.subscribe(&topic("a")).await.unwrap();
        for _ in 0..=KEPT {
            bus.publish(&topic("a"), Bytes::new()).await.unwrap();
        }
        assert_eq!(heard.next().await, Some(BusEvent::Lost));
    }
}
