//! A model in this process, on a thread of its own.

use std::{
    fmt,
    sync::Arc,
    thread::{self, JoinHandle},
};

use async_trait::async_trait;
use minicom_core::{Draft, Reply, Responder, ResponderError, Turn};
use tokio::sync::{
    mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    oneshot,
};

use crate::{
    engine::{Engine, Settings},
    error::{OpenError, OpenErrorKind, TurnError},
    gguf,
    handle::{Event, Gate, Request, reply},
    memory,
    native::{self, Native},
    options::LlamaOptions,
    prompt::{Layout, Vocabulary},
    question::Question,
    stats::{Counters, LlamaStats},
    template::Speaker,
};

/// Tokens that are left to history and question at the least.
const LEAST: usize = 64;

/// Answers by a model in this process. All conversations are evaluated together on one thread of its own.
///
/// If llama.cpp aborts, so does this process; [`LlamaProcess`](crate::LlamaProcess) runs it in another one.
///
/// ```no_run
/// # async fn open() -> Result<(), Box<dyn std::error::Error>> {
/// use minicom_llama::{LlamaOptions, LlamaResponder};
///
/// let responder = LlamaResponder::open(LlamaOptions::new("model.gguf")).await?;
/// println!("{:?}", responder.stats());
/// # Ok(())
/// # }
/// ```
///
/// Dropping it ends the thread after the batch that it is at, and waits for that.
pub struct LlamaResponder {
    gate: Gate,
    window: usize,
    counters: Arc<Counters>,
    /// Taken when it is dropped, which tells the thread to end.
    requests: Option<UnboundedSender<Request>>,
    thread: Option<JoinHandle<()>>,
}

impl fmt::Debug for LlamaResponder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LlamaResponder").field("stats", &self.stats()).finish_non_exhaustive()
    }
}

impl LlamaResponder {
    /// Loads a model, which takes from a part of a second to many, on its thread.
    ///
    /// Fails as [`OpenError`] says. What can be checked is checked before C++ sees the file, since that may abort the process.
    pub async fn open(mut options: LlamaOptions) -> Result<Self, OpenError> {
        prepare(&mut options)?;
        let (window, gate) = (options.window, Gate::new(options.turns()));
        let counters = Arc::new(Counters::default());
        let (requests, incoming) = unbounded_channel();
        let (opened, opening) = oneshot::channel();
        let counting = counters.clone();
        let thread = thread::Builder::new()
            .name("minicom-llama".into())
            .spawn(move || work(&options, counting, opened, incoming))
            .map_err(|error| OpenError::new(OpenErrorKind::Refused, "no thread for it").because(error))?;
        // Nothing is sent if the thread has panicked.
        let ended = |_| Err(OpenError::new(OpenErrorKind::Refused, "its thread has ended"));
        opening.await.unwrap_or_else(ended)?;
        Ok(Self { gate, window, counters, requests: Some(requests), thread: Some(thread) })
    }

    /// What it has done, and what it is doing.
    pub fn stats(&self) -> LlamaStats {
        self.counters.read()
    }

    /// Puts a question, and gives back what will be heard of it.
    pub(crate) fn ask(&self, question: Question) -> Result<UnboundedReceiver<Event>, TurnError> {
        let (request, heard) = self.gate.enter(question)?;
        let requests = self.requests.as_ref().ok_or(TurnError::Stopped)?;
        requests.send(request).map_err(|_| TurnError::Stopped)?;
        Ok(heard)
    }
}

impl Drop for LlamaResponder {
    fn drop(&mut self) {
        self.requests.take();
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the model's thread had panicked");
        }
    }
}

#[async_trait]
impl Responder for LlamaResponder {
    async fn respond(&self, turn: Turn, draft: &mut Draft) -> Result<Reply, ResponderError> {
        let Some(question) = Question::new(&turn, self.window) else { return Ok(Reply::Silent) };
        reply(self.ask(question)?, &turn.passages, draft).await
    }
}

/// All that can be known before the model is loaded.
fn prepare(options: &mut LlamaOptions) -> Result<(), OpenError> {
    options.validate()?;
    let head = gguf::read(&options.model)?;
    if let Some(trained) = head.trained.and_then(|trained| usize::try_from(trained).ok()) {
        options.window = options.window.min(trained);
    }
    if options.max_tokens + LEAST > options.window {
        let detail = format!(
            "a window of {} tokens has no room for a reply of {}",
            options.window, options.max_tokens
        );
        return Err(OpenError::new(OpenErrorKind::ContextTooSmall, detail));
    }
    memory::check(&head, options)
}

/// The thread: loads, says how that went, and works.
fn work(
    options: &LlamaOptions,
    counters: Arc<Counters>,
    opened: oneshot::Sender<Result<(), OpenError>>,
    requests: UnboundedReceiver<Request>,
) {
    let model = match native::load(options) {
        Ok(model) => model,
        Err(error) => return drop(opened.send(Err(error))),
    };
    let native = match Native::new(&model, options).and_then(|native| checked(native, options)) {
        Ok(native) => native,
        Err(error) => return drop(opened.send(Err(error))),
    };
    if opened.send(Ok(())).is_ok() {
        Engine::new(native, settings(options), counters).run(requests);
    }
}

/// The model, if its window holds instructions, a question and a reply.
fn checked<'model>(native: Native<'model>, options: &LlamaOptions) -> Result<Native<'model>, OpenError> {
    let instructions = native.text(&options.instructions).len();
    let markers =
        native.markers(&[Speaker::System, Speaker::User]).map_or(0, |markers| markers.concat().len());
    let needed = instructions + markers + LEAST + options.max_tokens;
    if needed <= options.window {
        return Ok(native);
    }
    let detail =
        format!("instructions and reply need {needed} tokens, and the window has {}", options.window);
    Err(OpenError::new(OpenErrorKind::ContextTooSmall, detail))
}

fn settings(options: &LlamaOptions) -> Settings {
    Settings {
        slots: options.slots(),
        prefixes: options.prefixes(),
        parallel: options.parallel,
        cells: options.cells(),
        batch: options.batch,
        max_tokens: options.max_tokens,
        stop: options.stop.clone(),
        layout: Layout {
            budget: options.window - options.max_tokens,
            instructions: options.instructions.trim().to_owned(),
        },
    }
}

#[cfg(test)]
mod tests;
