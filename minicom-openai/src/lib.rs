//! Answers Minicom's visitors with a model behind any server that speaks OpenAI's chat completions: OpenAI itself, a
//! gateway, or llama.cpp, vLLM, Ollama on a machine of one's own.
//!
//! ```
//! use minicom_core::{Draft, Reply, Responder, Turn};
//! use minicom_openai::{OpenAi, OpenAiOptions, SecretString};
//!
//! # async fn example(turn: Turn) -> Result<(), Box<dyn std::error::Error>> {
//! let mut options = OpenAiOptions::new("http://127.0.0.1:8080/v1", "smollm2");
//! options.api_key = std::env::var("MINICOM_OPENAI_KEY").ok().map(SecretString::from);
//! options.instructions = "You answer for a bicycle shop. Be brief.".into();
//! let responder = OpenAi::new(options)?;
//!
//! // Minicom's runtime does this for every message that nobody has answered.
//! let (mut draft, watching) = Draft::channel();
//! match responder.respond(turn, &mut draft).await? {
//!     Reply::Answer(answer) => println!("{}", answer.text),
//!     Reply::Handoff(reason) => println!("a person should answer: {reason:?}"),
//!     _ => {}
//! }
//! # drop(watching);
//! # Ok(())
//! # }
//! ```
//!
//! # What it promises
//!
//! - **Words as they come.** Each token goes to the draft when it arrives, and the answer begins with all that was drafted.
//! - **Handing over is no phrase.** The model is offered a function for it; its call is a
//!   [`Reply::Handoff`](minicom_core::Reply::Handoff), and so is an answer that the server's content filter stops.
//! - **Repeated with sense.** A busy or broken server is asked again, with growing random delays and no earlier than it says,
//!   and never once a word of the answer was drafted.
//! - **Bounded.** Connecting, each token and the whole turn have their time, and lines, events, refusals, answers and streams
//!   their size.
//! - **Cancelled by dropping.** The connection is closed, so that the server can stop, too.
//! - **Discreet.** The key is in no error, no `Debug` and no log; what visitors say is in none, either. Redirects are not followed.
//! - **Roles are kept apart.** What a visitor says is never in the system message. What a knowledge base says stands there as
//!   quoted JSON, and is called data.
//!
//! What is sent, which servers are known to work and what each option is for stands in the repository's `docs/openai.md`.
//!
//! # Features
//!
//! `tls`, on by default: `https:` addresses, by rustls with aws-lc-rs and the system's roots. Without it the crate asks `http:`
//! addresses alone, and there is neither C nor a TLS library in the tree.
//!
//! # Errors
//!
//! A [`ResponderError`](minicom_core::ResponderError) says whether another try may help; its source is an [`OpenAiError`].

mod answer;
mod error;
mod options;
mod request;
mod responder;
mod retry;
mod said;
mod sse;
#[cfg(test)]
mod talk;
mod transport;
mod words;

pub use error::OpenAiError;
pub use options::{Handoff, OpenAiOptions, OptionsError, TokenLimit, Usage};
pub use responder::OpenAi;
/// A text that `Debug` does not show.
pub use secrecy::SecretString;
