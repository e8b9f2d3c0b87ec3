//! The suite of the testkit, for a model in this process and for one in a child.

use std::sync::Arc;

use minicom_core::Responder;
use minicom_testkit::{async_trait, responder::ResponderFixture, responder_conformance};

use crate::kit::{open, options, ready, start};

struct Fixture(Arc<dyn Responder>);

#[async_trait]
impl ResponderFixture for Fixture {
    async fn responder(&self) -> Arc<dyn Responder> {
        self.0.clone()
    }
}

responder_conformance!(in_a_thread, ready, async { Fixture(Arc::new(open(options()).await)) });
responder_conformance!(in_a_child, ready, async { Fixture(Arc::new(start(options()).await)) });
