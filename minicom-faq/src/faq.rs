//! A responder that needs no model: it shows what is written.

use async_trait::async_trait;
use minicom_core::{Answer, Draft, HandoffReason, Reply, Responder, ResponderError, Turn};

use crate::{Library, asked::Asked, shorten::shorten};

/// Answers with the section that covers the question, and says where it stands. If none covers enough, it hands over with
/// [`HandoffReason::Unknown`]; so it does in a workspace that has no knowledge base. A greeting and a thank-you get a kind
/// word in their language (English, German, Spanish, French, Portuguese, Japanese, Arabic); a nod gets none.
///
/// It needs no runtime and never fails. See the [crate's documentation](crate) for an example.
#[derive(Debug, Clone)]
pub struct Faq {
    library: Library,
    answer_bytes: usize,
}

impl Faq {
    /// Answers from one [`Knowledge`](crate::Knowledge) for all workspaces, or from a map of one for each.
    pub fn new(knowledge: impl Into<Library>) -> Self {
        Self { library: knowledge.into(), answer_bytes: 1_200 }
    }

    /// How long an answer may be, in bytes; a longer section is cut after a paragraph or sentence, which may be a little
    /// later. 1,200, as long as a section is by default. From 40 to 4,000.
    #[must_use]
    pub fn answer_bytes(mut self, bytes: usize) -> Self {
        self.answer_bytes = bytes.clamp(40, 4_000);
        self
    }
}

#[async_trait]
impl Responder for Faq {
    async fn respond(&self, turn: Turn, _draft: &mut Draft) -> Result<Reply, ResponderError> {
        let unknown = Reply::Handoff(HandoffReason::Unknown);
        let Some(knowledge) = self.library.of(&turn.workspace) else { return Ok(unknown) };
        Ok(match Asked::of(&turn, knowledge) {
            Asked::Nothing => Reply::Silent,
            Asked::SmallTalk(talk) => {
                talk.answer().map_or(Reply::Silent, |words| Reply::Answer(words.into()))
            }
            Asked::Question(found) => found.best().map_or(unknown, |best| {
                let mut answer = Answer::from(shorten(&best.passage.text, &best.breaks, self.answer_bytes));
                answer.sources.push(best.passage.source.clone());
                Reply::Answer(answer)
            }),
        })
    }
}
