//! A knowledge base around any responder.

use std::sync::Arc;

use async_trait::async_trait;
use minicom_core::{
    Draft, HandoffReason, MAX_SOURCES, Passage, Reply, Responder, ResponderError, Source, Turn,
};

use crate::{Found, Library, asked::Asked, shorten::shorten};

/// A passage of fewer bytes than that is not worth a place.
const PASSAGE_AT_LEAST: usize = 120;

/// A section whose score is below this share of the best one's has little to do with the question.
const SCORE_AT_LEAST: f32 = 0.3;

/// What [`Grounded`] does when nothing covers the question.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum WhenUnknown {
    /// It hands over with [`HandoffReason::Unknown`]; the responder is not asked.
    #[default]
    HandOver,
    /// It asks the responder without passages.
    Ask,
}

/// Looks the question up and gives the responder inside what was found, as the turn's `passages`. What the responder says
/// is its own; if it names no sources, those of the passages are added.
///
/// Small talk goes to the responder without a look-up. Passages that the turn had already stay, and ours follow them.
///
/// ```
/// use std::sync::Arc;
///
/// use minicom_faq::{Grounded, Knowledge, KnowledgeOptions};
/// use minicom_testkit::responder::ScriptedResponder;
///
/// # let folder = tempfile::tempdir()?;
/// # std::fs::write(folder.path().join("a.md"), "words")?;
/// let knowledge = Knowledge::open(folder.path(), KnowledgeOptions::new())?;
/// let model = Arc::new(ScriptedResponder::new().says("From nine to five."));
/// let responder = Grounded::new(model, knowledge).passages(3).bytes(4_000);
/// # let _ = responder;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Grounded {
    responder: Arc<dyn Responder>,
    library: Library,
    passages: usize,
    bytes: usize,
    when_unknown: WhenUnknown,
}

impl Grounded {
    /// Wraps a responder; at most 4 passages of 6,000 bytes together, and a hand-off when nothing is known.
    pub fn new(responder: Arc<dyn Responder>, knowledge: impl Into<Library>) -> Self {
        let library = knowledge.into();
        Self { responder, library, passages: 4, bytes: 6_000, when_unknown: WhenUnknown::default() }
    }

    /// How many passages a turn gets at most: 1 to 8.
    #[must_use]
    pub fn passages(mut self, most: usize) -> Self {
        self.passages = most.clamp(1, MAX_SOURCES);
        self
    }

    /// How long all passages together may be, in bytes; what is longer is cut after a paragraph or sentence. At least 400.
    #[must_use]
    pub fn bytes(mut self, most: usize) -> Self {
        self.bytes = most.max(400);
        self
    }

    /// What to do when nothing covers the question.
    #[must_use]
    pub fn when_unknown(mut self, what: WhenUnknown) -> Self {
        self.when_unknown = what;
        self
    }

    /// The best passages, within their bounds. None if the best one does not cover enough.
    fn choose(&self, found: Found) -> Vec<Passage> {
        let Some(least) = found.best().map(|best| best.score * SCORE_AT_LEAST) else { return Vec::new() };
        let mut chosen = Vec::new();
        let mut left = self.bytes;
        for found in found.matches.into_iter().take_while(|found| found.score >= least).take(self.passages) {
            // A cut may come later than asked for, by as much again.
            let text = match found.passage.text.len() {
                length if length <= left => found.passage.text,
                _ if left < PASSAGE_AT_LEAST => break,
                _ => shorten(&found.passage.text, &found.breaks, left / 2),
            };
            left = left.saturating_sub(text.len());
            chosen.push(Passage { text, source: found.passage.source });
        }
        chosen
    }
}

#[async_trait]
impl Responder for Grounded {
    async fn respond(&self, mut turn: Turn, draft: &mut Draft) -> Result<Reply, ResponderError> {
        let asked = self.library.of(&turn.workspace).map(|knowledge| Asked::of(&turn, knowledge));
        let chosen = match asked {
            Some(Asked::SmallTalk(_) | Asked::Nothing) => return self.responder.respond(turn, draft).await,
            Some(Asked::Question(found)) => self.choose(found),
            None => Vec::new(),
        };
        turn.passages.extend(chosen);
        if turn.passages.is_empty() && self.when_unknown == WhenUnknown::HandOver {
            return Ok(Reply::Handoff(HandoffReason::Unknown));
        }
        let sources = Source::distinct(turn.passages.iter().map(|passage| &passage.source));
        let mut reply = self.responder.respond(turn, draft).await?;
        if let Reply::Answer(answer) = &mut reply
            && answer.sources.is_empty()
        {
            answer.sources = sources;
        }
        Ok(reply)
    }
}
