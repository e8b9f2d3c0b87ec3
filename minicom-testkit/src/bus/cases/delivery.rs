//! Who hears, and in which order.

use std::{collections::BTreeMap, sync::Arc};

use minicom_core::Bus;

use crate::bus::{
    BusFixture,
    kit::{Node, bytes, topic},
};

/// A node hears what it publishes itself.
pub async fn own_messages_arrive(fixture: &dyn BusFixture) {
    let mut node = Node::new(fixture.node().await);
    node.subscribe(&topic(1)).await;
    node.publish(&topic(1), "mine").await;
    node.hears(&topic(1), "mine").await;
}

/// All who subscribed hear, each once.
pub async fn every_node_hears(fixture: &dyn BusFixture) {
    let mut nodes = Vec::new();
    for _ in 0..4 {
        let node = Node::new(fixture.node().await);
        node.subscribe(&topic(1)).await;
        nodes.push(node);
    }
    for n in 0..10 {
        nodes[n % 4].publish(&topic(1), bytes(n)).await;
        for node in &mut nodes {
            node.hears(&topic(1), bytes(n)).await;
        }
    }
}

/// What one node publishes on a topic arrives in that order, whatever else is published in between.
pub async fn each_topic_keeps_its_order(fixture: &dyn BusFixture) {
    let [sender, mut hearer] = [Node::new(fixture.node().await), Node::new(fixture.node().await)];
    for number in 0..3 {
        hearer.subscribe(&topic(number)).await;
    }
    for n in 0..100 {
        for number in 0..3 {
            sender.publish(&topic(number), bytes(n)).await;
        }
    }
    let mut next = BTreeMap::new();
    for _ in 0..300 {
        let (at, payload) = hearer.message().await;
        let expected = next.entry(at.as_str().to_owned()).or_insert(0);
        assert_eq!(payload, bytes(*expected), "on {}", at.as_str());
        *expected += 1;
    }
}

/// Sixteen at once: each one's messages arrive, once, in its order.
pub async fn many_publishers_lose_nothing(fixture: &dyn BusFixture) {
    const PUBLISHERS: usize = 16;
    const EACH: usize = 30;
    let mut hearer = Node::new(fixture.node().await);
    hearer.subscribe(&topic(1)).await;
    let mut publishers = Vec::new();
    for publisher in 0..PUBLISHERS {
        let bus: Arc<dyn Bus> = fixture.node().await;
        publishers.push(tokio::spawn(async move {
            for n in 0..EACH {
                let payload = format!("{publisher} {n}").into_bytes().into();
                bus.publish(&topic(1), payload).await.expect("the bus answers");
            }
        }));
    }
    let mut next = [0; PUBLISHERS];
    for _ in 0..PUBLISHERS * EACH {
        let (_, payload) = hearer.message().await;
        let text = std::str::from_utf8(&payload).expect("two numbers");
        let (publisher, n) = text.split_once(' ').expect("two numbers");
        let expected = &mut next[publisher.parse::<usize>().expect("a number")];
        assert_eq!(n, expected.to_string(), "of publisher {publisher}");
        *expected += 1;
    }
    for publisher in publishers {
        publisher.await.expect("a publisher");
    }
}

/// That nobody listens is no error.
pub async fn publishing_to_nobody_is_fine(fixture: &dyn BusFixture) {
    let bus = fixture.node().await;
    for n in 0..10 {
        bus.publish(&topic(1), bytes(n)).await.expect("the bus answers");
    }
}

/// Who ceases to listen takes nothing from the others, nor from himself when he listens again.
pub async fn a_dropped_stream_is_harmless(fixture: &dyn BusFixture) {
    let mut node = Node::new(fixture.node().await);
    let other = Node::new(fixture.node().await);
    other.subscribe(&topic(1)).await;
    node.subscribe(&topic(1)).await;
    drop(other.incoming);
    node.publish(&topic(1), bytes(1)).await;
    node.hears(&topic(1), bytes(1)).await;
    let mut again = Node::new(node.bus.clone());
    drop(node);
    again.publish(&topic(1), bytes(2)).await;
    again.hears(&topic(1), bytes(2)).await;
}
