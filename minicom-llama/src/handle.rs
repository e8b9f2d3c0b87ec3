//! How turns reach a model, and how its words come back. The same for one in this process and for one in a child.

use std::sync::Arc;

use minicom_core::{Answer, Draft, HandoffReason, Passage, Reply, ResponderError, Source, Tokens};
use serde::{Deserialize, Serialize};
use tokio::sync::{
    OwnedSemaphorePermit, Semaphore,
    mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
};

use crate::{error::TurnError, question::Question};

/// What becomes of a turn.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// More words of the reply.
    Words(String),
    /// It is over.
    Done(Result<Finished, TurnError>),
}

/// What is known of a turn that was answered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Finished {
    /// How many of the passages were in the prompt.
    pub(crate) material: usize,
    /// The tokens of the prompt, those among them that were known from before.
    pub(crate) prompt: usize,
    /// The tokens that were drawn.
    pub(crate) drawn: usize,
}

/// A turn that was accepted. It is dropped when it has been answered, or when it was noticed that nobody waits for it; only
/// then another one may take its place.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) question: Question,
    events: UnboundedSender<Event>,
    permit: OwnedSemaphorePermit,
}

impl Request {
    /// Whether nobody waits for it any more.
    pub(crate) fn cancelled(&self) -> bool {
        self.events.is_closed()
    }

    /// Who waits is told; whether anybody does is looked at elsewhere.
    pub(crate) fn send(&self, event: Event) {
        drop(self.events.send(event));
    }

    /// The question, and the place for its words, whose permit goes with it.
    pub(crate) fn split(self) -> (Question, Waiting) {
        (self.question, Waiting { events: self.events, _permit: self.permit })
    }
}

/// Who waits for a turn that somebody else works on.
#[derive(Debug)]
pub(crate) struct Waiting {
    events: UnboundedSender<Event>,
    _permit: OwnedSemaphorePermit,
}

impl Waiting {
    pub(crate) fn send(&self, event: Event) {
        drop(self.events.send(event));
    }
}

/// Lets in as many turns as may be under way, and no more.
#[derive(Debug)]
pub(crate) struct Gate(Arc<Semaphore>);

impl Gate {
    pub(crate) fn new(turns: usize) -> Self {
        Self(Arc::new(Semaphore::new(turns.min(Semaphore::MAX_PERMITS))))
    }

    /// A request, and what will be heard of it.
    pub(crate) fn enter(&self, question: Question) -> Result<(Request, UnboundedReceiver<Event>), TurnError> {
        let permit = self.0.clone().try_acquire_owned().map_err(|_| TurnError::Busy)?;
        let (events, heard) = unbounded_channel();
        Ok((Request { question, events, permit }, heard))
    }
}

/// Listens until a turn is over, and makes the reply. Words are bounded by what a reply may have, so the channel is.
pub(crate) async fn reply(
    mut heard: UnboundedReceiver<Event>,
    passages: &[Passage],
    draft: &mut Draft,
) -> Result<Reply, ResponderError> {
    let mut text = String::new();
    let Finished { material, prompt, drawn } = loop {
        match heard.recv().await {
            Some(Event::Words(words)) => {
                draft.push(&words);
                text.push_str(&words);
            }
            Some(Event::Done(Ok(finished))) => break finished,
            Some(Event::Done(Err(error))) => return Err(error.into()),
            None => return Err(TurnError::Stopped.into()),
        }
    };
    draft.spend(Tokens { input: prompt as u64, output: drawn as u64 });
    if text.is_empty() {
        // A visitor asked, and a person should not be kept from it because a model has no words.
        return Ok(Reply::Handoff(HandoffReason::Unknown));
    }
    let used = &passages[..material.min(passages.len())];
    let sources = Source::distinct(used.iter().map(|passage| &passage.source));
    Ok(Reply::Answer(Answer { text, sources }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::question::tests::turn;
    use minicom_core::Role;

    fn question() -> Question {
        Question::new(&turn(&[(Role::User, "open?")]), 100).unwrap()
    }

    fn passage(title: &str) -> Passage {
        Passage { text: "Nine to five.".into(), source: Source::new(title) }
    }

    #[test]
    fn one_turn_more_than_may_be_under_way_is_refused_until_one_has_left() {
        let gate = Gate::new(2);
        let _first = gate.enter(question()).unwrap();
        let (second, heard) = gate.enter(question()).unwrap();
        assert_eq!(gate.enter(question()).unwrap_err(), TurnError::Busy);
        drop(heard);
        assert!(second.cancelled());
        assert_eq!(gate.enter(question()).unwrap_err(), TurnError::Busy, "it still takes its place");
        drop(second);
        gate.enter(question()).unwrap();
    }

    #[tokio::test]
    async fn words_become_a_draft_and_an_answer_that_names_its_sources() {
        let (request, heard) = Gate::new(1).enter(question()).unwrap();
        let finished = Finished { material: 3, prompt: 40, drawn: 5 };
        for event in [Event::Words("From ".into()), Event::Words("nine.".into()), Event::Done(Ok(finished))] {
            request.send(event);
        }
        let (mut draft, _watching) = Draft::channel();
        let passages = [passage("Hours"), passage("Hours"), passage("Days"), passage("Left out")];
        let reply = reply(heard, &passages, &mut draft).await.unwrap();
        let sources = vec![Source::new("Hours"), Source::new("Days")];
        assert_eq!(reply, Reply::Answer(Answer { text: "From nine.".into(), sources }));
        assert_eq!(draft.text(), "From nine.");
        assert_eq!(draft.spent(), Tokens { input: 40, output: 5 });
    }

    #[tokio::test]
    async fn a_model_without_words_hands_over_and_one_that_is_gone_is_an_error() {
        let (mut draft, _watching) = Draft::channel();
        let (request, heard) = Gate::new(1).enter(question()).unwrap();
        request.send(Event::Done(Ok(Finished::default())));
        let said = reply(heard, &[], &mut draft).await.unwrap();
        assert_eq!(said, Reply::Handoff(HandoffReason::Unknown));
        let (request, heard) = Gate::new(1).enter(question()).unwrap();
        drop(request);
        assert!(!reply(heard, &[], &mut draft).await.unwrap_err().is_retryable());
    }
}
