//! The suite that every responder runs.

use std::sync::Arc;

use minicom_core::Responder;
use minicom_faq::{Faq, Grounded, WhenUnknown};
use minicom_testkit::{
    async_trait,
    responder::{ResponderFixture, ScriptedResponder},
};
use tempfile::TempDir;

use crate::kit::{open, shop};

struct AnswersFromPages(TempDir);

#[async_trait]
impl ResponderFixture for AnswersFromPages {
    async fn responder(&self) -> Arc<dyn Responder> {
        Arc::new(Faq::new(open(&self.0)))
    }
    fn question(&self) -> &'static str {
        "What are your opening hours?"
    }
}

minicom_testkit::responder_conformance!(faq, async { AnswersFromPages(shop()) });

/// The suite's own question, which these pages do not answer.
struct HandsOver(TempDir);

#[async_trait]
impl ResponderFixture for HandsOver {
    async fn responder(&self) -> Arc<dyn Responder> {
        Arc::new(Faq::new(open(&self.0)))
    }
    fn question(&self) -> &'static str {
        "Do you sell fish?"
    }
}

minicom_testkit::responder_conformance!(faq_that_hands_over, async { HandsOver(shop()) });

struct IsGrounded(TempDir);

#[async_trait]
impl ResponderFixture for IsGrounded {
    async fn responder(&self) -> Arc<dyn Responder> {
        let inner = ScriptedResponder::new().says("From nine to five, but not on weekends.");
        Arc::new(Grounded::new(Arc::new(inner), open(&self.0)))
    }
    fn question(&self) -> &'static str {
        "What are your opening hours?"
    }
}

minicom_testkit::responder_conformance!(grounded, async { IsGrounded(shop()) });

struct AsksAnyway(TempDir);

#[async_trait]
impl ResponderFixture for AsksAnyway {
    async fn responder(&self) -> Arc<dyn Responder> {
        let inner = ScriptedResponder::new().says("Fish? No.");
        Arc::new(Grounded::new(Arc::new(inner), open(&self.0)).when_unknown(WhenUnknown::Ask))
    }
    fn question(&self) -> &'static str {
        "Do you sell fish?"
    }
}

minicom_testkit::responder_conformance!(grounded_that_asks, async { AsksAnyway(shop()) });
