//! A node that cannot keep up.

use minicom_core::BusEvent;

use crate::bus::{
    BusFixture,
    kit::{Node, bytes, topic},
};

/// Messages may be lost, but not in silence: wherever some are missing, [`BusEvent::Lost`] stands in their place, and what
/// comes afterwards arrives again. Passes at once for a bus that keeps everything.
pub async fn is_told(fixture: &dyn BusFixture) {
    let Some(more_than_is_kept) = fixture.more_than_is_kept() else { return };
    let mut node = Node::new(fixture.node().await);
    node.subscribe(&topic(1)).await;
    for n in 0..more_than_is_kept {
        node.publish(&topic(1), bytes(n)).await;
    }
    let (mut published, mut expected, mut lost) = (more_than_is_kept, 0, 0_u64);
    let mut excused = false;
    while expected < published {
        match node.event().await {
            BusEvent::Message { payload, .. } => {
                let text = std::str::from_utf8(&payload).expect("a number");
                let n: usize = text.parse().expect("a number");
                assert!(n == expected || (excused && n > expected), "{n} came, not {expected}");
                (expected, excused) = (n + 1, false);
            }
            BusEvent::Lost => {
                (lost, excused) = (lost + 1, true);
                // The last ones may be among the lost, and then nothing would come any more. More and more seldom, because
                // where nothing more fits each new one pushes out another.
                if lost.is_power_of_two() {
                    node.publish(&topic(1), bytes(published)).await;
                    published += 1;
                }
            }
            other => panic!("{other:?}"),
        }
    }
    assert!(lost > 0, "{more_than_is_kept} messages were said to be more than is kept");
}
