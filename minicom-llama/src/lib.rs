//! Answers by a local model in Minicom: llama.cpp in the server's own process, or in a child of it.
//!
//! ```no_run
//! # #[cfg(feature = "llama")]
//! # async fn answer() -> Result<(), Box<dyn std::error::Error>> {
//! use minicom_core::{Draft, Reply, Responder, Turn};
//! use minicom_llama::{LlamaOptions, LlamaResponder};
//!
//! # let turn: Turn = unreachable!();
//! let options = LlamaOptions { parallel: 8, max_tokens: 200, ..LlamaOptions::new("model.gguf") };
//! let responder = LlamaResponder::open(options).await?;
//!
//! let (mut draft, watching) = Draft::channel();
//! match responder.respond(turn, &mut draft).await? {
//!     Reply::Answer(answer) => println!("{}", answer.text),
//!     other => println!("{other:?}"),
//! }
//! # drop(watching);
//! # Ok(())
//! # }
//! ```
//!
//! - `LlamaResponder` (feature `llama`) runs the model on a thread of this process.
//! - [`LlamaProcess`] runs it in a child process, and starts that again when it dies. The child is the binary
//!   `minicom-llama-worker`, or the host's own that calls `run_worker` (both feature `llama`); the host itself then needs no
//!   C++ in it.
//!
//! Without the feature `llama` this crate is Rust alone. With it llama.cpp is compiled, which takes minutes, cmake and libclang.
//!
//! What it promises:
//!
//! - **One batch for all.** Whatever is asked at the same time is evaluated together; a reply that has begun goes on while
//!   another's prompt is read.
//! - **Once.** A workspace's instructions are evaluated once and shared; a conversation goes on where it was, as long as there
//!   is room for what is known of it.
//! - **Bounded.** Places, queue, context, reply and memory have limits; beyond them is an error that may pass, and a history
//!   that is too long slides.
//! - **Words are words.** What people say, and what passages hold, never becomes a special token, whatever it looks like. A
//!   sequence of the context belongs to one conversation, instructions belong to one workspace.
//! - **Dropped is stopped.** A turn that nobody waits for ends between two tokens, and another takes its place.
//!
//! What a model says is not promised: a small one invents things. Give it passages, and see `docs/models.md`.

#[cfg(any(feature = "llama", test))]
mod engine;
mod error;
#[cfg(any(feature = "llama", test))]
mod gguf;
mod handle;
#[cfg(any(feature = "llama", test))]
mod memory;
#[cfg(any(feature = "llama", test))]
mod model;
#[cfg(feature = "llama")]
mod native;
mod options;
#[cfg(any(feature = "llama", test))]
mod output;
#[cfg(any(feature = "llama", test))]
mod pool;
mod process;
#[cfg(any(feature = "llama", test))]
mod prompt;
mod question;
#[cfg(feature = "llama")]
mod responder;
#[cfg(any(feature = "llama", test))]
mod stats;
#[cfg(any(feature = "llama", test))]
mod template;
#[cfg(any(feature = "llama", test))]
mod utf8;
mod wire;
#[cfg(feature = "llama")]
mod worker;

pub use error::{OpenError, OpenErrorKind};
pub use options::{LlamaOptions, Sampling};
pub use process::LlamaProcess;
#[cfg(feature = "llama")]
pub use responder::LlamaResponder;
#[cfg(feature = "llama")]
pub use stats::LlamaStats;
#[cfg(feature = "llama")]
pub use worker::run_worker;
