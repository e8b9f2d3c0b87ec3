//! Who may become an agent, come in, and go: pure functions of the fold, the time and what is asked.

use std::time::Duration;

use jiff::Timestamp;
use minicom_core::{AgentRole, ParticipantId};

use crate::{
    accounts::{Account, Accounts, Fact, Invitation, Mark, Session},
    attempts::{Key, after},
    error::Problem,
    event::AccountEvent,
    token::TokenHash,
};

/// How many agents and open invitations there are at most, together.
pub const MAX_AGENTS: usize = 100;
/// How long an invitation may be used.
pub const INVITATION_LASTS: Duration = Duration::from_hours(7 * 24);
/// A session that was not used for so long is over. Use is noted once a day, so it may be a day less.
pub const SESSION_IDLE: Duration = Duration::from_hours(14 * 24);
/// And so is one that began so long ago, however much it is used.
pub const SESSION_LASTS: Duration = Duration::from_hours(90 * 24);
/// How often use is noted.
const SEEN_EVERY: Duration = Duration::from_hours(24);

/// What is asked of the accounts. Passwords were hashed and compared before; whether that still means something is decided
/// here.
#[derive(Debug, Clone)]
pub(crate) enum Command {
    /// Make the first agent, an owner, who is signed in at once. The right to was checked.
    SetUp { email: ParticipantId, name: String, phc: String, session: TokenHash },
    /// Try a password.
    Attempt { email: ParticipantId },
    /// Come in: the password had this hash.
    Enter { email: ParticipantId, phc: String, session: TokenHash },
    /// Take another password in the session `from`, where the old one had the hash `kept`; every session ends, and `session` begins.
    ChangePassword { from: TokenHash, kept: String, phc: String, session: TokenHash },
    /// End a session, or all of its agent's.
    Leave { session: TokenHash, everywhere: bool },
    /// Note that a session is used.
    Use { session: TokenHash },
    /// Invite somebody.
    Invite { by: ParticipantId, email: ParticipantId, role: AgentRole, invitation: TokenHash },
    /// Take an invitation back.
    Revoke { by: ParticipantId, email: ParticipantId },
    /// Become an agent who is signed in at once.
    Join { invitation: TokenHash, name: String, phc: String, session: TokenHash },
    /// Change what an agent may do.
    SetRole { by: ParticipantId, email: ParticipantId, role: AgentRole },
    /// Remove an agent.
    Remove { by: ParticipantId, email: ParticipantId },
}

impl Session {
    /// When it is over, unless it is used before.
    pub fn ends(&self) -> Timestamp {
        after(self.seen, SESSION_IDLE).min(after(self.began, SESSION_LASTS))
    }

    pub fn is_alive(&self, now: Timestamp) -> bool {
        now < self.ends()
    }

    /// Whether a use is to be noted.
    pub fn is_use_news(&self, now: Timestamp) -> bool {
        after(self.seen, SEEN_EVERY) <= now
    }
}

impl Accounts {
    /// Judges a command. It changes nothing: the facts do.
    pub fn decide(&self, now: Timestamp, command: &Command) -> Result<Vec<Fact>, Problem> {
        match command {
            Command::SetUp { email, name, phc, session } => self.set_up(now, email, name, phc, session),
            Command::Attempt { email } => self.attempt(now, email),
            Command::Enter { email, phc, session } => self.enter(now, email, phc, session),
            Command::ChangePassword { from, kept, phc, session } => {
                self.change_password(now, from, kept, phc, session)
            }
            Command::Leave { session, everywhere } => Ok(self.leave(session, *everywhere)),
            Command::Use { session } => Ok(self.used(now, session)),
            Command::Invite { by, email, role, invitation } => {
                self.may_manage(by)?;
                self.invite(now, email, *role, invitation)
            }
            Command::Revoke { by, email } => {
                self.may_manage(by)?;
                self.invitations.get(email).ok_or(Problem::NotFound)?;
                Ok(vec![Fact::Event(AccountEvent::InvitationRevoked { email: email.clone() })])
            }
            Command::Join { invitation, name, phc, session } => {
                self.join(now, invitation, name, phc, session)
            }
            Command::SetRole { by, email, role } => {
                self.may_manage(by)?;
                self.set_role(email, *role)
            }
            Command::Remove { by, email } => {
                self.may_manage(by)?;
                self.remove(email)
            }
        }
    }

    /// Whose session it is, while it lasts.
    pub fn session(&self, now: Timestamp, hash: &TokenHash) -> Option<(&ParticipantId, &Account, &Session)> {
        self.agents.iter().find_map(|(email, account)| {
            let session = account.sessions.iter().find(|session| session.hash == *hash)?;
            session.is_alive(now).then_some((email, account, session))
        })
    }

    /// Who is invited by it, while it may be used.
    pub fn invited(&self, now: Timestamp, hash: &TokenHash) -> Option<(&ParticipantId, &Invitation)> {
        self.invitations.iter().find(|(_, invitation)| invitation.hash == *hash && now < invitation.until)
    }

    /// He was an owner when he asked. If he has an account, he must be one still; the host may vouch for others.
    fn may_manage(&self, by: &ParticipantId) -> Result<(), Problem> {
        match self.agents.get(by) {
            Some(account) if account.role != AgentRole::Owner => Err(Problem::Forbidden),
            _ => Ok(()),
        }
    }

    fn set_up(
        &self,
        now: Timestamp,
        email: &ParticipantId,
        name: &str,
        phc: &str,
        session: &TokenHash,
    ) -> Result<Vec<Fact>, Problem> {
        if !self.agents.is_empty() {
            return Err(Problem::SetUpVoid);
        }
        Ok(joined(now, email, name, AgentRole::Owner, phc, session))
    }

    fn attempt(&self, now: Timestamp, email: &ParticipantId) -> Result<Vec<Fact>, Problem> {
        match self.attempts.locked_for(&Key::of(email), now) {
            Some(left) => Err(Problem::Locked(left)),
            None => Ok(vec![Fact::Mark(Mark::Attempted { email: email.clone() })]),
        }
    }

    fn enter(
        &self,
        now: Timestamp,
        email: &ParticipantId,
        phc: &str,
        session: &TokenHash,
    ) -> Result<Vec<Fact>, Problem> {
        // He may have been removed, and even have joined anew, while his password was compared.
        self.agents.get(email).filter(|account| account.password == phc).ok_or(Problem::WrongPassword)?;
        Ok(vec![entered(now, email, session)])
    }

    fn change_password(
        &self,
        now: Timestamp,
        from: &TokenHash,
        kept: &str,
        phc: &str,
        session: &TokenHash,
    ) -> Result<Vec<Fact>, Problem> {
        // It may have ended while passwords were compared, and another may have been taken from elsewhere.
        let (email, account, _) = self.session(now, from).ok_or(Problem::SignedOut)?;
        if account.password != kept {
            return Err(Problem::WrongPassword);
        }
        Ok(vec![
            Fact::Event(AccountEvent::PasswordChanged { email: email.clone() }),
            Fact::Mark(Mark::Password { email: email.clone(), phc: phc.to_owned() }),
            Fact::Mark(Mark::Left { email: email.clone(), hash: None }),
            entered(now, email, session),
        ])
    }

    fn leave(&self, session: &TokenHash, everywhere: bool) -> Vec<Fact> {
        let is_his = |account: &Account| account.sessions.iter().any(|kept| kept.hash == *session);
        let whose = self.agents.iter().find(|(_, account)| is_his(account));
        let left = whose.map(|(email, _)| {
            let hash = (!everywhere).then(|| session.clone());
            Fact::Mark(Mark::Left { email: email.clone(), hash })
        });
        left.into_iter().collect()
    }

    fn used(&self, now: Timestamp, hash: &TokenHash) -> Vec<Fact> {
        let session = self.session(now, hash).filter(|(_, _, session)| session.is_use_news(now));
        let seen =
            session.map(|(email, ..)| Fact::Mark(Mark::Seen { email: email.clone(), hash: hash.clone() }));
        seen.into_iter().collect()
    }

    fn invite(
        &self,
        now: Timestamp,
        email: &ParticipantId,
        role: AgentRole,
        hash: &TokenHash,
    ) -> Result<Vec<Fact>, Problem> {
        if self.agents.contains_key(email) {
            return Err(Problem::Exists);
        }
        let others = self.invitations.iter().filter(|(to, open)| *to != email && open.until > now).count();
        if self.agents.len() + others >= MAX_AGENTS {
            return Err(Problem::Full);
        }
        let (email, until) = (email.clone(), after(now, INVITATION_LASTS));
        let invitation = Invitation { hash: hash.clone(), role, until };
        Ok(vec![
            Fact::Event(AccountEvent::Invited { email: email.clone(), role }),
            Fact::Mark(Mark::Invitation { email, invitation }),
        ])
    }

    fn join(
        &self,
        now: Timestamp,
        hash: &TokenHash,
        name: &str,
        phc: &str,
        session: &TokenHash,
    ) -> Result<Vec<Fact>, Problem> {
        let (email, invitation) = self.invited(now, hash).ok_or(Problem::InvitationVoid)?;
        Ok(joined(now, email, name, invitation.role, phc, session))
    }

    fn set_role(&self, email: &ParticipantId, role: AgentRole) -> Result<Vec<Fact>, Problem> {
        let account = self.agents.get(email).ok_or(Problem::NotFound)?;
        if account.role == role {
            return Ok(Vec::new());
        }
        self.may_lose(email, account)?;
        Ok(vec![Fact::Event(AccountEvent::RoleSet { email: email.clone(), role })])
    }

    fn remove(&self, email: &ParticipantId) -> Result<Vec<Fact>, Problem> {
        let account = self.agents.get(email).ok_or(Problem::NotFound)?;
        self.may_lose(email, account)?;
        Ok(vec![Fact::Event(AccountEvent::Removed { email: email.clone() })])
    }

    /// Whether there is still an owner without this agent, if he is one.
    fn may_lose(&self, email: &ParticipantId, account: &Account) -> Result<(), Problem> {
        let mut others = self.agents.iter().filter(|(who, _)| *who != email);
        let is_last =
            account.role == AgentRole::Owner && others.all(|(_, account)| account.role != AgentRole::Owner);
        if is_last { Err(Problem::LastOwner) } else { Ok(()) }
    }
}

fn joined(
    now: Timestamp,
    email: &ParticipantId,
    name: &str,
    role: AgentRole,
    phc: &str,
    session: &TokenHash,
) -> Vec<Fact> {
    vec![
        Fact::Event(AccountEvent::Joined { email: email.clone(), name: name.to_owned(), role }),
        Fact::Mark(Mark::Password { email: email.clone(), phc: phc.to_owned() }),
        entered(now, email, session),
    ]
}

fn entered(now: Timestamp, email: &ParticipantId, hash: &TokenHash) -> Fact {
    let session = Session { hash: hash.clone(), began: now, seen: now };
    Fact::Mark(Mark::Entered { email: email.clone(), session })
}

#[cfg(test)]
mod tests;
