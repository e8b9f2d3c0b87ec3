//! A login of our own for the agents of hosts that have none: accounts with passwords, sessions in a cookie, lock-out,
//! invitations, and a link that makes the first owner. It keeps them in the same [`Store`](minicom_core::Store) as the
//! conversations, knows no HTTP, and is an [`Authenticator`](minicom_core::Authenticator). Routes and pages are
//! `minicom-web`'s, with its feature `login`.
//!
//! ```
//! use std::sync::Arc;
//!
//! use minicom_core::{MemoryStore, Minicom, Store, WorkspaceId};
//! use minicom_login::Login;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
//! let login = Login::new(store.clone());
//! let minicom = Minicom::builder().shared_store(store).authenticator(login.clone()).build()?;
//!
//! // At the start of a server that has no agent yet: a link for whoever runs it.
//! let workspace = WorkspaceId::default();
//! let link = login.setup_link(&workspace, "http://127.0.0.1:8000").await?;
//! assert!(link.is_some_and(|link| link.starts_with("http://127.0.0.1:8000/login#setup=")));
//! // `minicom_web::WebOptions::login(login)` gives it its pages.
//! # minicom.shutdown().await;
//! # Ok(())
//! # }
//! ```
//!
//! # What it guarantees
//!
//! - **Passwords** are kept as argon2id (19 MiB, 2 passes, 1 lane, as OWASP asks), hashed a few at a time. What may be one
//!   follows NIST SP 800-63B-4: at least [`MIN_PASSWORD_CHARS`] characters of any kind, at most [`MAX_PASSWORD_BYTES`], not
//!   one of those that are guessed first.
//! - **Guessing** is counted by email before a password is looked at, so that many attempts at the same moment are no more
//!   guesses than one after the other. After five it waits 15 s, then twice as long each time, at most 15 minutes, never for
//!   ever. An email without an account is counted, refused and paid for in the same way.
//! - **Sessions** are random tokens of which only a hash is kept, at most eight an agent. One ends when it is logged out, with
//!   the agent, after 14 days without use, and 90 days after it began.
//! - **An invitation** works once, for seven days. So does the link for the first owner, for as long as the process lives.
//! - **There is always an owner**, once there was one.
//! - **Bounded**: at most [`MAX_AGENTS`] agents and invitations, and 128 remembered emails that are nobody's.
//! - **Several processes** on one store agree: each change is compared and appended. A removed agent's requests are refused
//!   everywhere at once; his sockets close at once in the process that removed him
//!   ([`Minicom::disconnect`](minicom_core::Minicom::disconnect)) and within [`JUDGED_EVERY`] in others.
//! - **Audit**: who was invited, joined, was given another role or removed, by whom and when, are events ([`AccountEvent`]).
//!
//! How many requests an address may make is not counted here: that is `minicom-web`'s, which knows addresses.

mod accounts;
mod attempts;
mod authenticator;
mod books;
mod cookie;
mod email;
mod error;
mod event;
mod hashing;
mod login;
mod password;
mod rules;
mod token;

pub use cookie::{CookieScope, is_loopback};
pub use error::LoginError;
pub use event::AccountEvent;
pub use login::{Agent, JUDGED_EVERY, Login, LoginOptions, OpenInvitation, SignedIn};
pub use password::{MAX_PASSWORD_BYTES, MIN_PASSWORD_CHARS, PasswordProblem};
pub use rules::{INVITATION_LASTS, MAX_AGENTS, SESSION_IDLE, SESSION_LASTS};
pub use token::Token;
