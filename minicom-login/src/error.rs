//! Why the login says no: opaque, with a stable code, a sentence, and predicates.

use std::{error::Error as StdError, fmt, time::Duration};

use minicom_core::{AuthError, Refusal, StoreError};

use crate::PasswordProblem;

/// What a call of [`Login`](crate::Login) answers when it fails.
///
/// Whoever is told sees [`code`](Self::code), [`message`](Self::message) and [`retry_after`](Self::retry_after); the source
/// is for the log.
#[derive(Debug)]
pub struct LoginError {
    problem: Problem,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Problem {
    BadRequest(&'static str),
    Password(PasswordProblem),
    WrongPassword,
    SignedOut,
    Locked(Duration),
    Forbidden,
    NotFound,
    Exists,
    Full,
    LastOwner,
    InvitationVoid,
    SetUpVoid,
    Busy,
    Unavailable,
}

/// How long one waits who came while too many passwords were being checked.
const BUSY_FOR: Duration = Duration::from_secs(2);

impl LoginError {
    /// A word that stays the same: `bad_request`, `password_too_short`, `password_too_long`, `password_guessable`,
    /// `wrong_password`, `unauthenticated`, `locked`, `forbidden`, `not_found`, `exists`, `full`, `last_owner`, `invitation_void`, `setup_void` or
    /// `unavailable`.
    pub fn code(&self) -> &'static str {
        match self.problem {
            Problem::BadRequest(_) => "bad_request",
            Problem::Password(problem) => problem.code(),
            Problem::WrongPassword => "wrong_password",
            Problem::SignedOut => "unauthenticated",
            Problem::Locked(_) => "locked",
            Problem::Forbidden => "forbidden",
            Problem::NotFound => "not_found",
            Problem::Exists => "exists",
            Problem::Full => "full",
            Problem::LastOwner => "last_owner",
            Problem::InvitationVoid => "invitation_void",
            Problem::SetUpVoid => "setup_void",
            Problem::Busy | Problem::Unavailable => "unavailable",
        }
    }

    /// A sentence for whoever reads it. It never has an inner message.
    pub fn message(&self) -> &'static str {
        match self.problem {
            Problem::BadRequest(message) => message,
            Problem::Password(problem) => problem.message(),
            Problem::WrongPassword => "the email or the password is not right",
            Problem::SignedOut => "nobody is signed in",
            Problem::Locked(_) => "too many attempts with this email, try again later",
            Problem::Forbidden => "this is not allowed",
            Problem::NotFound => "there is no such agent or invitation",
            Problem::Exists => "there is an agent of this email already",
            Problem::Full => "there are as many agents and invitations as there may be",
            Problem::LastOwner => "somebody must be the owner",
            Problem::InvitationVoid => "this invitation is used, withdrawn or too old",
            Problem::SetUpVoid => "this link is used, or not of this run of the server",
            Problem::Busy | Problem::Unavailable => "not now, try again",
        }
    }

    /// When to try again, if waiting helps.
    pub fn retry_after(&self) -> Option<Duration> {
        match self.problem {
            Problem::Locked(left) => Some(left),
            Problem::Busy => Some(BUSY_FOR),
            Problem::Unavailable => Some(Duration::from_secs(1)),
            _ => None,
        }
    }

    /// Whether email and password do not belong together. It is not told which of them is wrong.
    pub fn is_wrong_password(&self) -> bool {
        self.problem == Problem::WrongPassword
    }
    /// Whether there is no session, or not any more.
    pub fn is_signed_out(&self) -> bool {
        self.problem == Problem::SignedOut
    }
    /// Whether too many attempts failed; the right password is refused too until [`retry_after`](Self::retry_after).
    pub fn is_locked(&self) -> bool {
        matches!(self.problem, Problem::Locked(_))
    }
    /// Whether it is not for him to do.
    pub fn is_forbidden(&self) -> bool {
        self.problem == Problem::Forbidden
    }
    /// Whether what was named does not exist.
    pub fn is_not_found(&self) -> bool {
        self.problem == Problem::NotFound
    }
    /// Whether it does not fit what there is: the agent exists, nobody else is an owner, there is no room for one more.
    pub fn is_conflict(&self) -> bool {
        matches!(self.problem, Problem::Exists | Problem::Full | Problem::LastOwner)
    }
    /// Whether an invitation or a link for setting up is used, too old or made up.
    pub fn is_void(&self) -> bool {
        matches!(self.problem, Problem::InvitationVoid | Problem::SetUpVoid)
    }
    /// Whether the same call may succeed later.
    pub fn is_retryable(&self) -> bool {
        self.retry_after().is_some()
    }

    pub(crate) fn unavailable(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { problem: Problem::Unavailable, source: Some(source.into()) }
    }
}

impl fmt::Display for LoginError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message())
    }
}

impl StdError for LoginError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

impl From<Problem> for LoginError {
    fn from(problem: Problem) -> Self {
        Self { problem, source: None }
    }
}

impl From<PasswordProblem> for LoginError {
    fn from(problem: PasswordProblem) -> Self {
        Problem::Password(problem).into()
    }
}

impl From<StoreError> for LoginError {
    fn from(error: StoreError) -> Self {
        Self::unavailable(error)
    }
}

impl From<Refusal> for LoginError {
    /// Of core's refusals only that of its one rule comes here.
    fn from(_: Refusal) -> Self {
        Problem::Forbidden.into()
    }
}

impl From<LoginError> for AuthError {
    fn from(error: LoginError) -> Self {
        Self::Unavailable(Box::new(error))
    }
}
