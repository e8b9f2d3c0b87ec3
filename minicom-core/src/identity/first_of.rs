//! Several authenticators as one.

use std::sync::Arc;

use async_trait::async_trait;

use super::{AuthError, AuthRequest, Authenticator, Identity, IdentityMode, Issued};

/// Asks several authenticators, in their order, until one decides.
///
/// One decides by knowing who it is, and by any refusal that shows that the request is meant for it: `Expired`, `Forbidden`,
/// `UnknownRole`, and `Unavailable`, because nobody can say what it would have said. `Missing` and `Unauthenticated` leave it to
/// the next. If none decides, the answer is `Missing` where no token was brought and one of them said so, so that a socket
/// may still show one; otherwise `Unauthenticated`.
///
/// New visitors are those of the first that offers them.
///
/// ```
/// use minicom_core::{DenyAll, FirstOf, Minicom, MemoryStore, PathIdentity};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let people = FirstOf::new().then(PathIdentity::new("127.0.0.1:8000".parse()?)?).then(DenyAll);
/// let minicom = Minicom::builder().store(MemoryStore::new()).authenticator(people).build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default)]
pub struct FirstOf(Vec<Arc<dyn Authenticator>>);

impl FirstOf {
    /// Of none yet, which lets nobody in.
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks this one when those before it did not decide.
    #[must_use]
    pub fn then(self, authenticator: impl Authenticator) -> Self {
        self.then_shared(Arc::new(authenticator))
    }

    /// As [`then`](Self::then), shared with the caller.
    #[must_use]
    pub fn then_shared(mut self, authenticator: Arc<dyn Authenticator>) -> Self {
        self.0.push(authenticator);
        self
    }
}

#[async_trait]
impl Authenticator for FirstOf {
    async fn authenticate(&self, request: &AuthRequest) -> Result<Identity, AuthError> {
        let mut undecided = AuthError::Unauthenticated;
        for authenticator in &self.0 {
            match authenticator.authenticate(request).await {
                Err(AuthError::Missing) if request.token.is_none() => undecided = AuthError::Missing,
                Err(AuthError::Missing | AuthError::Unauthenticated) => {}
                decided => return decided,
            }
        }
        Err(undecided)
    }

    /// The path's, if one of them takes identity from there.
    fn mode(&self) -> IdentityMode {
        let by_path = self.0.iter().any(|authenticator| authenticator.mode() == IdentityMode::Path);
        if by_path { IdentityMode::Path } else { IdentityMode::Session }
    }

    fn offers_visitors(&self) -> bool {
        self.0.iter().any(|authenticator| authenticator.offers_visitors())
    }

    async fn new_visitor(&self, request: &AuthRequest) -> Result<Issued, AuthError> {
        match self.0.iter().find(|authenticator| authenticator.offers_visitors()) {
            Some(authenticator) => authenticator.new_visitor(request).await,
            None => Err(AuthError::Forbidden),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AuthTarget, ParticipantId, WorkspaceId};

    /// Says one thing.
    #[derive(Debug, Clone, Copy)]
    enum Says {
        Known(&'static str),
        Missing,
        Unauthenticated,
        Expired,
        Unavailable,
    }

    #[async_trait]
    impl Authenticator for Says {
        async fn authenticate(&self, _: &AuthRequest) -> Result<Identity, AuthError> {
            Err(match self {
                Self::Known(name) => {
                    return Ok(Identity::user(WorkspaceId::default(), ParticipantId::new(name).unwrap()));
                }
                Self::Missing => AuthError::Missing,
                Self::Unauthenticated => AuthError::Unauthenticated,
                Self::Expired => AuthError::Expired,
                Self::Unavailable => AuthError::Unavailable("down".into()),
            })
        }
    }

    async fn asked(all: &[Says], token: bool) -> String {
        let people = all.iter().fold(FirstOf::new(), |people, says| people.then(*says));
        let mut request = AuthRequest::new(AuthTarget::Socket);
        request.token = token.then(|| "token".to_owned());
        match people.authenticate(&request).await {
            Ok(identity) => identity.participant.to_string(),
            Err(error) => error.to_string(),
        }
    }

    #[tokio::test]
    async fn the_first_that_decides_decides() {
        use Says::{Expired, Known, Missing, Unauthenticated, Unavailable};
        let nothing = "nothing was brought to authenticate with";
        for (all, without, with) in [
            (&[][..], "not authenticated", "not authenticated"),
            (&[Missing, Missing], nothing, "not authenticated"),
            (&[Unauthenticated, Missing], nothing, "not authenticated"),
            (&[Missing, Unauthenticated], nothing, "not authenticated"),
            (&[Unauthenticated, Unauthenticated], "not authenticated", "not authenticated"),
            (&[Missing, Unauthenticated, Known("ann"), Known("bob")], "ann", "ann"),
            (&[Expired, Known("ann")], "expired", "expired"),
            (
                &[Unavailable, Known("ann")],
                "the authenticator is unavailable",
                "the authenticator is unavailable",
            ),
        ] {
            assert_eq!(asked(all, false).await, without, "{all:?}");
            assert_eq!(asked(all, true).await, with, "{all:?} with a token");
        }
    }

    #[tokio::test]
    async fn nobody_offers_visitors_unless_somebody_does() {
        let people = FirstOf::new().then(Says::Missing);
        assert!(!people.offers_visitors());
        let asked = people.new_visitor(&AuthRequest::new(AuthTarget::Rest)).await;
        assert!(matches!(asked, Err(AuthError::Forbidden)));
    }
}
