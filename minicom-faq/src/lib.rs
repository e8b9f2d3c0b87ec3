//! A folder of Markdown answers visitors: by itself, or by giving passages to a model.
//!
//! ```
//! use minicom_core::{ConversationId, Draft, Reply, Responder, Turn, WorkspaceId};
//! use minicom_faq::{Faq, Knowledge, KnowledgeOptions};
//! # use jiff::Timestamp;
//! # use minicom_core::{Actor, ActorId, Body, Event, EventId, ParticipantId, Position, Recorded, Role, Seq};
//!
//! # fn question(text: &str) -> Turn {
//! #     let ann = ParticipantId::new("ann@example.com").expect("a name");
//! #     let conversation = ConversationId::direct(&ann);
//! #     let actor = Actor { id: ActorId { role: Role::User, subject: ann }, name: None };
//! #     let body = Body::message(text);
//! #     let event = Event { seq: Seq(1), time: Timestamp::UNIX_EPOCH, actor, client_id: None, body };
//! #     let recorded = Recorded { id: EventId(1), position: Position(1), event };
//! #     Turn::new(WorkspaceId::default(), conversation, vec![recorded])
//! # }
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = tempfile::tempdir()?;
//! # let pages = folder.path();
//! std::fs::write(pages.join("shop.md"), "# Shop\n\n## Opening hours\n\nFrom **nine** to five.\n")?;
//!
//! let options = KnowledgeOptions::new().base_url("https://example.com/help/");
//! let faq = Faq::new(Knowledge::open(pages, options)?);
//!
//! let (mut draft, _watching) = Draft::channel();
//! let Reply::Answer(answer) = faq.respond(question("When do you open?"), &mut draft).await? else {
//!     panic!("that is known");
//! };
//! assert_eq!(answer.text, "From **nine** to five.");
//! assert_eq!(answer.sources[0].title, "Shop › Opening hours");
//! assert_eq!(answer.sources[0].url.as_deref(), Some("https://example.com/help/shop#opening-hours"));
//!
//! let reply = faq.respond(question("Do you sell fish?"), &mut draft).await?;
//! assert!(matches!(reply, Reply::Handoff(_)), "it does not guess");
//! # Ok(())
//! # }
//! ```
//!
//! # What is where
//!
//! - [`Knowledge`]: a folder, read, ranked and watched. [`Found`] says what a match must come to.
//! - [`Faq`]: a [`Responder`](minicom_core::Responder) that shows the section that covers the question.
//! - [`Grounded`]: around any other responder; it puts passages into the turn and sources under the answer.
//! - [`Library`]: one knowledge base for all workspaces, or each its own.
//!
//! How to write pages stands in the repository's `docs/knowledge.md`.
//!
//! # What it promises
//!
//! - **It does not guess.** What no section covers is handed over as unknown.
//! - **What is written is what is said.** Answers are the pages' own words, in the subset of Markdown that the chat draws.
//! - **Bounded.** Files, bytes, sections, depth, the words of a question: each has a limit. A look-up takes no lock for longer
//!   than it takes to clone an `Arc`, needs no runtime, and reads no file.
//! - **One state.** A change of the folder is taken over as a whole or not at all.
//! - **Apart.** A workspace is never answered from another's pages.
//!
//! # How it ranks
//!
//! Sections are ranked by BM25 (the crate `bm25`), and the best of them by how much of the question they cover. Words are
//! split and folded as [`minicom_core::text`] does everywhere, lose their endings by Snowball's stemmers, and are left out if
//! they carry no meaning in the pages' [`Language`]. Han and Katakana are indexed as pairs of characters. There are no
//! synonyms: what visitors call a thing and pages do not is said in a page's `keywords`.

mod address;
mod asked;
mod error;
mod faq;
mod folder;
mod grounded;
mod index;
mod knowledge;
mod language;
mod library;
mod markdown;
mod options;
mod page;
mod shorten;
mod small_talk;
mod stopwords;
mod watch;
mod words;

pub use address::Anchors;
pub use error::KnowledgeError;
pub use faq::Faq;
pub use grounded::{Grounded, WhenUnknown};
pub use index::Match;
pub use knowledge::{Found, Knowledge, KnowledgeStats};
pub use language::Language;
pub use library::Library;
pub use options::KnowledgeOptions;
