//! The accounts of a workspace: the fold of their log, bounded. What may happen to it is in `rules`.

use std::collections::BTreeMap;

use jiff::Timestamp;
use minicom_core::{AgentRole, Fields, ParticipantId, StoreError};
use serde::{Deserialize, Serialize};

use crate::{
    attempts::{Attempts, Key},
    event::AccountEvent,
    token::TokenHash,
};

const FORMAT: u32 = 1;

/// How many browsers an agent may be signed in with. One more ends the session that was begun first.
pub(crate) const SESSIONS: usize = 8;

/// The accounts' snapshot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Accounts {
    format: u32,
    /// Of the last change; an event is never earlier than the one before it.
    time: Timestamp,
    pub(crate) agents: BTreeMap<ParticipantId, Account>,
    pub(crate) invitations: BTreeMap<ParticipantId, Invitation>,
    pub(crate) attempts: Attempts,
    /// What a newer version keeps here.
    #[serde(flatten)]
    extra: Fields,
}

/// An agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Account {
    pub name: String,
    pub role: AgentRole,
    pub since: Timestamp,
    /// A PHC string.
    pub password: String,
    /// In the order in which they began.
    pub sessions: Vec<Session>,
}

/// A browser that is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Session {
    pub hash: TokenHash,
    pub began: Timestamp,
    /// When it was last used, to about a day.
    pub seen: Timestamp,
}

/// Somebody who may become an agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Invitation {
    pub hash: TokenHash,
    pub role: AgentRole,
    pub until: Timestamp,
}

/// Something that became true.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Fact {
    /// Stored, for whoever looks into it later.
    Event(AccountEvent),
    /// Changes the snapshot only: what is secret, and what would be noise.
    Mark(Mark),
}

/// What changes the snapshot alone.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Mark {
    /// The secret half of `Invited`.
    Invitation { email: ParticipantId, invitation: Invitation },
    /// The secret half of `Joined` and of `PasswordChanged`.
    Password { email: ParticipantId, phc: String },
    /// Somebody tries a password.
    Attempted { email: ParticipantId },
    /// It was the right one.
    Entered { email: ParticipantId, session: Session },
    /// A session ends. `None`: all of them.
    Left { email: ParticipantId, hash: Option<TokenHash> },
    /// A session is used.
    Seen { email: ParticipantId, hash: TokenHash },
}

impl Default for Accounts {
    fn default() -> Self {
        Self {
            format: FORMAT,
            time: Timestamp::UNIX_EPOCH,
            agents: BTreeMap::new(),
            invitations: BTreeMap::new(),
            attempts: Attempts::default(),
            extra: Fields::new(),
        }
    }
}

impl Accounts {
    /// When something that happens now is said to have happened.
    pub fn dated(&self, now: Timestamp) -> Timestamp {
        now.max(self.time)
    }

    /// Takes a fact in. Total: whatever was decided can be folded.
    pub fn apply(&mut self, fact: &Fact, now: Timestamp) {
        self.time = self.dated(now);
        // What is too old goes with the next change, whatever that is.
        self.invitations.retain(|_, invitation| invitation.until > now);
        match fact {
            Fact::Event(event) => self.apply_event(event),
            Fact::Mark(mark) => self.apply_mark(mark, now),
        }
    }

    fn apply_event(&mut self, event: &AccountEvent) {
        match event {
            // The invitation itself, and the password, are their secret halves.
            AccountEvent::Invited { .. }
            | AccountEvent::PasswordChanged { .. }
            | AccountEvent::Unknown { .. } => {}
            AccountEvent::InvitationRevoked { email } => drop(self.invitations.remove(email)),
            AccountEvent::Joined { email, name, role } => {
                let account = Account {
                    name: name.clone(),
                    role: *role,
                    since: self.time,
                    password: String::new(),
                    sessions: Vec::new(),
                };
                self.agents.insert(email.clone(), account);
                self.invitations.remove(email);
            }
            AccountEvent::RoleSet { email, role } => {
                self.agents.entry(email.clone()).and_modify(|account| account.role = *role);
            }
            AccountEvent::Removed { email } => drop(self.agents.remove(email)),
        }
    }

    fn apply_mark(&mut self, mark: &Mark, now: Timestamp) {
        match mark {
            Mark::Invitation { email, invitation } => {
                self.invitations.insert(email.clone(), invitation.clone());
            }
            Mark::Attempted { email } => {
                let known: Vec<_> = self.agents.keys().map(Key::of).collect();
                self.attempts.begin(&Key::of(email), now, |key| known.contains(key));
            }
            Mark::Password { email, .. }
            | Mark::Entered { email, .. }
            | Mark::Left { email, .. }
            | Mark::Seen { email, .. } => {
                if let Some(account) = self.agents.get_mut(email) {
                    account.apply(mark, now);
                }
                if let Mark::Entered { .. } = mark {
                    self.attempts.clear(&Key::of(email));
                }
            }
        }
    }

    /// The snapshot's bytes.
    pub fn encode(&self) -> Vec<u8> {
        // Strings, numbers and maps with string keys always serialise.
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// Reads a snapshot.
    pub fn decode(snapshot: &[u8]) -> Result<Self, StoreError> {
        let accounts: Self = serde_json::from_slice(snapshot).map_err(StoreError::corrupt)?;
        if accounts.format > FORMAT {
            return Err(StoreError::corrupt("a newer version wrote the accounts"));
        }
        Ok(accounts)
    }
}

impl Account {
    fn apply(&mut self, mark: &Mark, now: Timestamp) {
        match mark {
            Mark::Password { phc, .. } => self.password.clone_from(phc),
            Mark::Entered { session, .. } => {
                self.sessions.retain(|session| session.is_alive(now));
                let excess = (self.sessions.len() + 1).saturating_sub(SESSIONS);
                self.sessions.drain(..excess);
                self.sessions.push(session.clone());
            }
            Mark::Left { hash, .. } => {
                self.sessions.retain(|session| hash.as_ref().is_some_and(|hash| session.hash != *hash));
            }
            Mark::Seen { hash, .. } => {
                let sessions = self.sessions.iter_mut().filter(|session| session.hash == *hash);
                sessions.for_each(|session| session.seen = session.seen.max(now));
            }
            Mark::Invitation { .. } | Mark::Attempted { .. } => {}
        }
    }
}
