//! What is carried is none of the bus's business.

use bytes::Bytes;

use crate::bus::{
    BusFixture,
    kit::{Node, topic},
};

async fn carries(fixture: &dyn BusFixture, payloads: impl IntoIterator<Item = Bytes>) {
    let [sender, mut hearer] = [Node::new(fixture.node().await), Node::new(fixture.node().await)];
    hearer.subscribe(&topic(1)).await;
    for payload in payloads {
        sender.publish(&topic(1), payload.clone()).await;
        hearer.hears(&topic(1), payload).await;
    }
}

/// Every byte there is, and no text.
pub async fn come_back_byte_by_byte(fixture: &dyn BusFixture) {
    let every: Bytes = (0..=u8::MAX).collect();
    let hostile =
        ["\r\n", "PUB w 1\r\n", "\0", "\u{feff}", "'; --"].map(|text| Bytes::from_static(text.as_bytes()));
    carries(fixture, hostile.into_iter().chain([every])).await;
}

/// A message without a payload is a message.
pub async fn may_be_empty(fixture: &dyn BusFixture) {
    carries(fixture, [Bytes::new(), Bytes::from_static(b"x"), Bytes::new()]).await;
}

/// The longest that Minicom sends.
pub async fn up_to_64_kib(fixture: &dyn BusFixture) {
    let of = |length: usize| (0..=u8::MAX).cycle().take(length).collect::<Bytes>();
    carries(fixture, [1 << 10, (1 << 16) - 1, 1 << 16].map(of)).await;
}
