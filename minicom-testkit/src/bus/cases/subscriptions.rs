//! What arrives depends on what one has subscribed to.

use std::collections::BTreeSet;

use crate::bus::{
    BusFixture,
    kit::{Node, bytes, topic},
};

/// Once `subscribe` has returned, each later message arrives.
pub async fn what_follows_arrives(fixture: &dyn BusFixture) {
    let [sender, mut hearer] = [Node::new(fixture.node().await), Node::new(fixture.node().await)];
    hearer.subscribe(&topic(1)).await;
    for n in 0..10 {
        sender.publish(&topic(1), bytes(n)).await;
        hearer.hears(&topic(1), bytes(n)).await;
    }
}

/// A stream gives what comes from then on.
pub async fn what_was_before_does_not(fixture: &dyn BusFixture) {
    let bus = fixture.node().await;
    bus.publish(&topic(1), bytes(1)).await.expect("the bus answers");
    let mut node = Node::new(bus);
    node.subscribe(&topic(1)).await;
    node.publish(&topic(1), bytes(2)).await;
    node.hears(&topic(1), bytes(2)).await;
}

/// Another topic is no affair of this node, whoever else listens to it.
pub async fn nothing_arrives_unasked(fixture: &dyn BusFixture) {
    let [mut one, mut two] = [Node::new(fixture.node().await), Node::new(fixture.node().await)];
    one.subscribe(&topic(1)).await;
    two.subscribe(&topic(2)).await;
    for n in 0..10 {
        one.publish(&topic(2), bytes(n)).await;
        one.publish(&topic(1), bytes(n)).await;
    }
    for n in 0..10 {
        one.hears(&topic(1), bytes(n)).await;
        two.hears(&topic(2), bytes(n)).await;
    }
}

/// Once `unsubscribe` has returned, no later message arrives; other topics go on.
pub async fn nothing_follows_an_unsubscription(fixture: &dyn BusFixture) {
    let mut node = Node::new(fixture.node().await);
    node.subscribe(&topic(1)).await;
    node.subscribe(&topic(2)).await;
    node.publish(&topic(1), bytes(1)).await;
    node.hears(&topic(1), bytes(1)).await;
    node.unsubscribe(&topic(1)).await;
    for n in 0..10 {
        node.publish(&topic(1), bytes(n)).await;
        node.publish(&topic(2), bytes(n)).await;
        node.hears(&topic(2), bytes(n)).await;
    }
}

/// Who subscribes twice hears once, and is rid of it by one unsubscription.
pub async fn a_second_subscription_changes_nothing(fixture: &dyn BusFixture) {
    let mut node = Node::new(fixture.node().await);
    for number in [1, 1, 2] {
        node.subscribe(&topic(number)).await;
    }
    for n in 0..10 {
        node.publish(&topic(1), bytes(n)).await;
        node.hears(&topic(1), bytes(n)).await;
    }
    node.unsubscribe(&topic(1)).await;
    node.publish(&topic(1), bytes(0)).await;
    node.publish(&topic(2), bytes(1)).await;
    node.hears(&topic(2), bytes(1)).await;
}

/// Nor does it harm to leave what one has not entered.
pub async fn an_unsubscription_of_nothing_is_harmless(fixture: &dyn BusFixture) {
    let mut node = Node::new(fixture.node().await);
    node.unsubscribe(&topic(1)).await;
    node.subscribe(&topic(1)).await;
    node.unsubscribe(&topic(2)).await;
    node.publish(&topic(1), bytes(1)).await;
    node.hears(&topic(1), bytes(1)).await;
}

/// Rooms close and open again, so topics do.
pub async fn one_can_come_back(fixture: &dyn BusFixture) {
    let mut node = Node::new(fixture.node().await);
    for n in 0..20 {
        node.subscribe(&topic(1)).await;
        node.publish(&topic(1), bytes(n)).await;
        node.hears(&topic(1), bytes(n)).await;
        node.unsubscribe(&topic(1)).await;
    }
}

/// A node has as many topics as rooms. None is taken for another.
pub async fn many_topics(fixture: &dyn BusFixture) {
    const TOPICS: usize = 500;
    let [sender, mut hearer] = [Node::new(fixture.node().await), Node::new(fixture.node().await)];
    for number in 0..TOPICS {
        hearer.subscribe(&topic(number as u128)).await;
    }
    for number in 0..TOPICS {
        sender.publish(&topic(number as u128), bytes(number)).await;
    }
    let mut heard = BTreeSet::new();
    while heard.len() < TOPICS {
        let (at, payload) = hearer.message().await;
        let number: usize = std::str::from_utf8(&payload).expect("a number").parse().expect("a number");
        assert_eq!(at, topic(number as u128));
        assert!(heard.insert(number), "{number} came twice");
    }
}
