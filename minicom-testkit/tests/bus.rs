//! The suite for buses, run for the one within a process, and for it under faults that a correct bus may have.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::StreamExt;
use minicom_core::{Bus, BusEvent, LocalBus, LogId, Topic, WorkspaceId};
use minicom_testkit::{
    async_trait,
    bus::BusFixture,
    faulty::{Faults, FaultyBus},
};

struct Local(LocalBus);

#[async_trait]
impl BusFixture for Local {
    async fn node(&self) -> Arc<dyn Bus> {
        Arc::new(self.0.node())
    }

    fn more_than_is_kept(&self) -> Option<usize> {
        Some(2_000)
    }
}

minicom_testkit::bus_conformance!(async { Local(LocalBus::new()) });

/// As [`Local`], around which nothing goes wrong.
struct Wrapped(LocalBus);

#[async_trait]
impl BusFixture for Wrapped {
    async fn node(&self) -> Arc<dyn Bus> {
        Arc::new(FaultyBus::new(self.0.node(), Faults::none()))
    }
}

minicom_testkit::bus_conformance!(a_faulty_bus_without_faults, async { Wrapped(LocalBus::new()) });

fn topic() -> Topic {
    Topic::of(&LogId::workspace(&WorkspaceId::default()))
}

#[tokio::test(start_paused = true)]
async fn what_a_faulty_bus_loses_it_reports() {
    let local = LocalBus::new();
    let faults = Faults::seeded(3).losing(0.3).slow(0.5, std::time::Duration::from_secs(1));
    let bus = FaultyBus::new(local.node(), faults);
    let mut incoming = bus.incoming();
    bus.subscribe(&topic()).await.unwrap();
    for n in 0..100_u8 {
        local.publish(&topic(), Bytes::from(vec![n])).await.unwrap();
    }
    let (mut messages, mut lost) = (Vec::new(), 0);
    while messages.len() + lost < 100 {
        match incoming.next().await.unwrap() {
            BusEvent::Message { payload, .. } => messages.push(payload[0]),
            _ => lost += 1,
        }
    }
    assert!(messages.is_sorted());
    assert_eq!(bus.injected(), lost as u64);
    assert!((10..60).contains(&lost), "{lost} of 100 at a share of 0.3");
}

#[tokio::test]
async fn a_bus_that_is_down_fails_and_comes_back() {
    let bus = FaultyBus::new(LocalBus::new(), Faults::none());
    let mut incoming = bus.incoming();
    bus.subscribe(&topic()).await.unwrap();
    bus.break_down();
    bus.publish(&topic(), Bytes::from_static(b"1")).await.unwrap_err();
    bus.recover();
    bus.publish(&topic(), Bytes::from_static(b"2")).await.unwrap();
    let message = BusEvent::Message { topic: topic(), payload: Bytes::from_static(b"2") };
    assert_eq!(incoming.next().await, Some(message));
}
