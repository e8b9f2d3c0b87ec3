//! The suite for buses: what an implementation brings, and the one list of all cases.
//!
//! [`bus_conformance!`](crate::bus_conformance) makes tests of it. That something does not arrive is judged by what arrives
//! after it; no case waits for time to pass.

pub mod cases;
mod kit;

use std::sync::Arc;

use async_trait::async_trait;
use minicom_core::Bus;

use crate::suite::Case;

/// What a bus brings to the suite. Each case has a fixture of its own, whose nodes nobody else shares.
#[async_trait]
pub trait BusFixture: Send + Sync {
    /// Another node on the fixture's bus.
    async fn node(&self) -> Arc<dyn Bus>;

    /// So many messages that a node which takes none of them must lose some. `None`: a node may fall behind without end.
    fn more_than_is_kept(&self) -> Option<usize> {
        None
    }
}

/// Every case, for a harness of one's own.
pub fn cases() -> Vec<Case<dyn BusFixture>> {
    crate::__bus_cases!(__suite_list { bus })
}

/// Makes a `#[test]` of each case, in a module `bus_conformance` or of the name that is given first. The last argument
/// is a future of a [`BusFixture`](crate::bus::BusFixture), evaluated for each case.
///
/// ```
/// use std::sync::Arc;
///
/// use minicom_core::{Bus, LocalBus};
/// use minicom_testkit::{async_trait, bus::BusFixture};
///
/// struct Local(LocalBus);
///
/// #[async_trait]
/// impl BusFixture for Local {
///     async fn node(&self) -> Arc<dyn Bus> {
///         Arc::new(self.0.node())
///     }
/// }
///
/// minicom_testkit::bus_conformance!(async { Local(LocalBus::new()) });
/// # fn main() {}
/// ```
#[macro_export]
macro_rules! bus_conformance {
    ($fixture:expr) => {
        $crate::bus_conformance!(bus_conformance, $fixture);
    };
    ($module:ident, $fixture:expr) => {
        mod $module {
            #[allow(unused_imports)]
            use super::*;

            $crate::__bus_cases!(__suite_tests { bus, $fixture });
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __bus_cases {
    ($then:ident $with:tt) => {
        $crate::$then! { $with
            subscriptions: what_follows_arrives, what_was_before_does_not, nothing_arrives_unasked,
                nothing_follows_an_unsubscription, a_second_subscription_changes_nothing,
                an_unsubscription_of_nothing_is_harmless, one_can_come_back, many_topics;
            delivery: own_messages_arrive, every_node_hears, each_topic_keeps_its_order,
                many_publishers_lose_nothing, publishing_to_nobody_is_fine, a_dropped_stream_is_harmless;
            payloads: come_back_byte_by_byte, may_be_empty, up_to_64_kib;
            overflow: is_told;
        }
    };
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_case_is_listed() {
        crate::suite::assert_all_listed(&super::cases(), "bus");
    }
}
