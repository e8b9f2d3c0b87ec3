//! argon2id on threads of its own, a few at a time: each takes 19 MiB, and a flood of logins must not take them all.

use std::sync::Arc;

use argon2::{Argon2, PasswordHasher, PasswordVerifier, password_hash};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::{
    error::{LoginError, Problem},
    password::Password,
};

/// A hash that no password has, of the same cost as all others: what is checked where there is no account.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IGhhcyB0aGlzIQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// How many wait for each that is worked on. At 20 to 50 ms a password nobody waits long.
const LINE_FACTOR: usize = 8;

/// Checks and makes hashes.
#[derive(Debug)]
pub(crate) struct Hashing {
    line: Arc<Semaphore>,
    running: Arc<Semaphore>,
}

/// The right to have a password hashed.
#[derive(Debug)]
pub(crate) struct Place(#[allow(dead_code, reason = "held until the hash is there")] OwnedSemaphorePermit);

impl Hashing {
    /// At most `at_once` at a time.
    pub fn new(at_once: usize) -> Self {
        let at_once = at_once.clamp(1, 64);
        Self {
            line: Arc::new(Semaphore::new(at_once * LINE_FACTOR)),
            running: Arc::new(Semaphore::new(at_once)),
        }
    }

    /// Stands in line, unless it is too long.
    pub fn place(&self) -> Result<Place, LoginError> {
        let permit = self.line.clone().try_acquire_owned().map_err(|_| Problem::Busy)?;
        Ok(Place(permit))
    }

    /// A hash to keep, as a PHC string.
    pub async fn hash(&self, place: Place, password: Password) -> Result<String, LoginError> {
        let mut salt = [0; 16];
        getrandom::fill(&mut salt).map_err(LoginError::unavailable)?;
        let hash = move || {
            let hash = Argon2::default().hash_password_with_salt(password.expose().as_bytes(), &salt)?;
            Ok::<_, password_hash::Error>(hash.to_string())
        };
        self.run(place, hash).await?.map_err(LoginError::unavailable)
    }

    /// Whether a password has this hash. `None`: there is no account, and it takes as long to find that out.
    pub async fn matches(
        &self,
        place: Place,
        password: Password,
        kept: Option<String>,
    ) -> Result<bool, LoginError> {
        let check = move || {
            let hash = kept.as_deref().unwrap_or(NOBODY);
            let checked = Argon2::default().verify_password(password.expose().as_bytes(), hash);
            (checked, kept.is_some())
        };
        match self.run(place, check).await? {
            (Ok(()), is_kept) => Ok(is_kept),
            (Err(password_hash::Error::PasswordInvalid), _) => Ok(false),
            (Err(error), _) => Err(LoginError::unavailable(error)),
        }
    }

    /// On a thread that may block. Whoever is no longer waited for keeps his place until his hash is there, or places
    /// would mean nothing.
    async fn run<T: Send + 'static>(
        &self,
        place: Place,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, LoginError> {
        let permit = self.running.clone().acquire_owned().await.map_err(LoginError::unavailable)?;
        let work = move || {
            let done = work();
            drop((permit, place));
            done
        };
        tokio::task::spawn_blocking(work).await.map_err(LoginError::unavailable)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn password(text: &str) -> Password {
        Password::typed(text).unwrap()
    }

    #[tokio::test]
    async fn a_hash_is_argon2id_with_owasps_parameters_and_a_salt_of_its_own() {
        let hashing = Hashing::new(2);
        let mut hashes = Vec::new();
        for _ in 0..2 {
            hashes.push(hashing.hash(hashing.place().unwrap(), password("three apples")).await.unwrap());
        }
        assert_ne!(hashes[0], hashes[1]);
        for hash in &hashes {
            assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
            for (text, right) in [("three apples", true), ("three pears", false), ("", false)] {
                let place = hashing.place().unwrap();
                let matches = hashing.matches(place, password(text), Some(hash.clone())).await.unwrap();
                assert_eq!(matches, right, "{text}");
            }
        }
    }

    /// The work is the same because it is the same function of a hash of the same parameters and lengths.
    #[tokio::test]
    async fn nobody_costs_as_much_as_somebody_and_is_never_let_in() {
        let hashing = Hashing::new(1);
        let somebody = hashing.hash(hashing.place().unwrap(), password("three apples")).await.unwrap();
        let costs = |hash: &str| hash.split('$').take(4).map(str::to_owned).collect::<Vec<_>>();
        let lengths = |hash: &str| hash.split('$').map(str::len).collect::<Vec<_>>();
        assert_eq!(costs(NOBODY), costs(&somebody));
        assert_eq!(lengths(NOBODY), lengths(&somebody));
        for text in ["", "three apples"] {
            let place = hashing.place().unwrap();
            assert!(!hashing.matches(place, password(text), None).await.unwrap());
        }
    }

    #[tokio::test]
    async fn a_line_that_is_too_long_is_not_joined() {
        let hashing = Hashing::new(1);
        let mut places: Vec<_> = (0..LINE_FACTOR).map(|_| hashing.place().unwrap()).collect();
        let refused = hashing.place().unwrap_err();
        assert!(refused.is_retryable() && refused.retry_after().is_some());
        assert_eq!(refused.code(), "unavailable");
        let place = places.pop().unwrap();
        assert!(!hashing.matches(place, password("x"), None).await.unwrap());
        assert!(hashing.place().is_ok(), "who is through leaves the line");
    }
}
