//! The suite for responders, against servers that do as they are scripted.

use std::sync::Arc;

use minicom_core::Responder;
use minicom_openai::OpenAi;
use minicom_testkit::{async_trait, responder::ResponderFixture};

use crate::{
    patient,
    server::{Act, Request, Server, refuses, says, whole_stream},
};

struct Fixture(Server);

#[async_trait]
impl ResponderFixture for Fixture {
    async fn responder(&self) -> Arc<dyn Responder> {
        Arc::new(OpenAi::new(patient(&self.0.base_url)).unwrap())
    }
}

/// Repeats what it is asked.
async fn echo() -> Fixture {
    let act = |_, request: &Request| {
        let last = request.body["messages"].as_array().unwrap().last().unwrap();
        Act::Send(says(&format!("You say: {}", last["content"].as_str().unwrap())))
    };
    Fixture(Server::start(act).await)
}

minicom_testkit::responder_conformance!(one_that_echoes, echo());

/// Fails every other time, in one way or another, and says the same otherwise.
async fn moody() -> Fixture {
    let act = |number: usize, _: &Request| match number % 4 {
        0 => Act::SendAndClose(Vec::new()),
        2 => Act::Send(refuses("503 Service Unavailable", "retry-after: 0\r\n", "{}")),
        _ => Act::Send(says("From nine to five, but not on Sundays.")),
    };
    Fixture(Server::start(act).await)
}

struct Moody(Fixture);

#[async_trait]
impl ResponderFixture for Moody {
    async fn responder(&self) -> Arc<dyn Responder> {
        let mut options = patient(&self.0.0.base_url);
        // Whoever comes at the same time takes the good answers away.
        options.retries = 1_000;
        Arc::new(OpenAi::new(options).unwrap())
    }
}

minicom_testkit::responder_conformance!(one_that_fails_often, async { Moody(moody().await) });

/// Calls the function that hands over.
async fn hands_over() -> Fixture {
    let call = "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"name\":\"hand_over\",\"arguments\":\"{}\"}}]},\"finish_reason\":\"tool_calls\"}]}\n\n";
    Fixture(Server::start(move |_, _| Act::Send(whole_stream(&[call]))).await)
}

minicom_testkit::responder_conformance!(one_that_hands_over, hands_over());
