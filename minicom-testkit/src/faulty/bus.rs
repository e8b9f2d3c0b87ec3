//! A bus that fails now and then.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::{StreamExt, stream::BoxStream};
use minicom_core::{Bus, BusError, BusEvent, Topic};

use super::schedule::{Fault, Faults, Schedule};

/// A bus around another one. Calls fail before or after their work, messages come late or are lost and reported as lost;
/// none comes twice, and those of a topic keep their order.
#[derive(Debug)]
pub struct FaultyBus {
    inner: Arc<dyn Bus>,
    schedule: Arc<Schedule>,
}

impl FaultyBus {
    /// Around a node's bus.
    pub fn new(inner: impl Bus, faults: Faults) -> Self {
        Self { inner: Arc::new(inner), schedule: Arc::new(Schedule::new(faults)) }
    }

    /// Begins another schedule.
    pub fn set_faults(&self, faults: Faults) {
        self.schedule.set(faults);
    }

    /// From now on every call fails and does nothing, and every message is lost.
    pub fn break_down(&self) {
        self.schedule.set_down(true);
    }

    /// Ends [`break_down`](Self::break_down).
    pub fn recover(&self) {
        self.schedule.set_down(false);
    }

    /// How many faults there were.
    pub fn injected(&self) -> u64 {
        self.schedule.injected()
    }

    async fn call(&self, call: impl Future<Output = Result<(), BusError>>) -> Result<(), BusError> {
        let fate = self.schedule.write();
        fate.wait_before().await;
        if fate.fault == Some(Fault::Before) {
            return Err(injected());
        }
        let answer = call.await;
        fate.wait_after().await;
        if fate.fault == Some(Fault::After) { Err(injected()) } else { answer }
    }
}

fn injected() -> BusError {
    BusError::new("a fault was injected")
}

#[async_trait]
impl Bus for FaultyBus {
    async fn publish(&self, topic: &Topic, payload: Bytes) -> Result<(), BusError> {
        self.call(self.inner.publish(topic, payload)).await
    }

    async fn subscribe(&self, topic: &Topic) -> Result<(), BusError> {
        self.call(self.inner.subscribe(topic)).await
    }

    async fn unsubscribe(&self, topic: &Topic) -> Result<(), BusError> {
        self.call(self.inner.unsubscribe(topic)).await
    }

    fn incoming(&self) -> BoxStream<'static, BusEvent> {
        let schedule = self.schedule.clone();
        // One after the other: what is late delays what follows it, as a connection does.
        let late = self.inner.incoming().then(move |event| {
            let schedule = schedule.clone();
            async move {
                let fate = schedule.read();
                fate.wait_before().await;
                if fate.lost { BusEvent::Lost } else { event }
            }
        });
        late.boxed()
    }
}
