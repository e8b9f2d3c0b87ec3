//! A turn, from the first request to the reply.

use std::{
    fmt,
    sync::Arc,
    time::{Duration, SystemTime},
};

use async_trait::async_trait;
use futures_util::StreamExt;
use http::{HeaderMap, header::CONTENT_TYPE};
use minicom_core::{Draft, Reply, Responder, ResponderError, Turn};
use tokio::time::{Instant, sleep, timeout, timeout_at};
use tracing::debug;

use crate::{
    answer::{Reading, Step, filtered},
    error::{Kind, Malformed, OpenAiError, Patience, Refused},
    options::{OpenAiOptions, OptionsError},
    request::Request,
    retry,
    said::Said,
    sse::Events,
    transport::{Http, Response, Transport},
};

/// How much of a stream is read, in bytes: most of it is thoughts and the frame around each token.
const STREAM_BYTES: usize = 32 * 1024 * 1024;

/// How much of a refusal is read, in bytes.
const REFUSAL_BYTES: usize = 64 * 1024;

/// How long the rest of a stream may take once the answer is whole. Read to its end, the connection can be used again.
const REST: Duration = Duration::from_millis(250);

/// Answers visitors with a model behind a server that speaks OpenAI's chat completions.
///
/// One instance serves any number of turns at a time; it keeps connections open between them. See the crate's docs.
pub struct OpenAi {
    options: OpenAiOptions,
    transport: Arc<dyn Transport>,
}

impl fmt::Debug for OpenAi {
    /// Without the options, whose address may have a secret in its query.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("OpenAi");
        debug.field("model", &self.options.model).field("transport", &self.transport).finish_non_exhaustive()
    }
}

impl OpenAi {
    /// A responder of these options. Nothing is sent before the first turn.
    ///
    /// # Errors
    /// If the options cannot be used: the address, the key, or a number.
    pub fn new(options: OpenAiOptions) -> Result<Self, OptionsError> {
        let transport = Arc::new(Http::new(&options)?);
        Self::with_transport(options, transport)
    }

    fn with_transport(options: OpenAiOptions, transport: Arc<dyn Transport>) -> Result<Self, OptionsError> {
        options.check()?;
        Ok(Self { options, transport })
    }

    /// Asks until there is a reply, or a reason to stop.
    async fn ask(&self, request: Request, draft: &mut Draft, until: Instant) -> Result<Reply, OpenAiError> {
        let mut number = 0;
        loop {
            let error = match self.ask_once(&request, draft).await {
                Ok(reading) => return reading.finish(request.sources),
                Err(error) if error.is_filtered() => return Ok(filtered()),
                Err(error) => error,
            };
            if number == self.options.retries || !error.invites_repetition() {
                return Err(error);
            }
            let delay = retry::delay(&self.options, number, error.retry_after(), fastrand::f64());
            let Some(delay) = delay.filter(|delay| Instant::now() + *delay < until) else {
                return Err(error);
            };
            debug!(%error, ?delay, number, "asks the model again");
            sleep(delay).await;
            number += 1;
        }
    }

    async fn ask_once(&self, request: &Request, draft: &mut Draft) -> Result<Reading, OpenAiError> {
        let late = |_| Kind::TimedOut(Patience::FirstToken);
        let first_by = Instant::now() + self.options.first_token_within;
        let sent = timeout_at(first_by, self.transport.post(request.body.clone())).await.map_err(late)?;
        let mut response = sent.map_err(Kind::Connection)?;
        if response.status.is_redirection() {
            return Err(Kind::Redirected(response.status).into());
        }
        if !response.status.is_success() || !is_event_stream(&response.headers) {
            let body = timeout_at(first_by, bounded(&mut response)).await.map_err(late)?;
            return Err(self.refusal(&response, &body).into());
        }
        let mut reading = Reading::default();
        let read = self.read(&mut response, &mut reading, draft, first_by).await;
        draft.spend(reading.tokens());
        let drafted = !draft.text().is_empty();
        read.map(|()| reading).map_err(|error| error.after_words(drafted))
    }

    /// What a response means that is no stream.
    fn refusal(&self, response: &Response, body: &[u8]) -> Kind {
        let said = Said::read_body(body, self.options.api_key.as_ref());
        let ok = response.status.is_success();
        if ok && said.is_none() {
            return Kind::NoStream;
        }
        let said = said.unwrap_or_default();
        Kind::Refused(Refused {
            status: if ok { said.status() } else { Some(response.status) },
            said,
            retry_after: retry::retry_after(&response.headers, SystemTime::now()),
        })
    }

    /// Reads a stream until the answer is whole.
    async fn read(
        &self,
        response: &mut Response,
        reading: &mut Reading,
        draft: &mut Draft,
        first_by: Instant,
    ) -> Result<(), OpenAiError> {
        let key = self.options.api_key.as_ref();
        let (mut events, mut read, mut by) = (Events::default(), 0, first_by);
        while !reading.has_ended() {
            let Ok(piece) = timeout_at(by, response.body.next()).await else {
                let begun = reading.has_begun();
                return Err(
                    Kind::TimedOut(if begun { Patience::NextToken } else { Patience::FirstToken }).into()
                );
            };
            let piece =
                piece.ok_or(Kind::EndedEarly(None))?.map_err(|error| Kind::EndedEarly(Some(error)))?;
            read += piece.len();
            if read > STREAM_BYTES {
                return Err(Malformed::TooLong.into());
            }
            let step = events.read(&piece, |data| {
                if reading.has_ended() {
                    return Ok(reading.read_rest(data));
                }
                if reading.read(data, key, draft)? == Step::Token {
                    by = Instant::now() + self.options.next_token_within;
                }
                Ok::<_, OpenAiError>(true)
            });
            // An answer that is whole is not spoilt by what follows it.
            if !reading.has_ended() {
                step?;
            }
        }
        let rest = async {
            while let Some(Ok(piece)) = response.body.next().await {
                // What the answer took may be in it, and nothing else that matters.
                let _ = events.read(&piece, |data| Ok::<_, OpenAiError>(reading.read_rest(data)));
            }
        };
        let _ = timeout(REST, rest).await;
        Ok(())
    }
}

#[async_trait]
impl Responder for OpenAi {
    async fn respond(&self, turn: Turn, draft: &mut Draft) -> Result<Reply, ResponderError> {
        let Some(request) = Request::new(&turn, &self.options) else { return Ok(Reply::Silent) };
        let until = Instant::now() + self.options.answer_within;
        let asked = timeout_at(until, self.ask(request, draft, until)).await;
        let asked = asked.unwrap_or_else(|_| {
            let error = OpenAiError::from(Kind::TimedOut(Patience::WholeAnswer));
            Err(error.after_words(!draft.text().is_empty()))
        });
        asked.map_err(|error| {
            let retryable = error.is_retryable();
            if retryable { ResponderError::retryable(error) } else { ResponderError::permanent(error) }
        })
    }
}

/// Servers that say nothing are believed.
fn is_event_stream(headers: &HeaderMap) -> bool {
    let Some(kind) = headers.get(CONTENT_TYPE) else { return true };
    let kind = kind.as_bytes().split(|&byte| byte == b';').next().unwrap_or_default();
    kind.trim_ascii().eq_ignore_ascii_case(b"text/event-stream")
}

/// The beginning of a body, as far as it comes.
async fn bounded(response: &mut Response) -> Vec<u8> {
    let mut body = Vec::new();
    while let Some(Ok(piece)) = response.body.next().await {
        body.extend_from_slice(&piece[..piece.len().min(REFUSAL_BYTES - body.len())]);
        if body.len() == REFUSAL_BYTES {
            break;
        }
    }
    body
}

#[cfg(test)]
mod tests;
