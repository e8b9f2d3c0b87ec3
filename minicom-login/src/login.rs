//! `Login`: what a host holds. Each call reads the accounts anew, so that what another process did holds here at once.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use jiff::Timestamp;
use minicom_core::{
    Action, Actor, AgentRole, AuthRequest, Authenticator, Clock, Identity, ParticipantId, Store, SystemClock,
    WorkspaceId, authorize,
};

use crate::{
    LoginError, Token,
    accounts::{Account, Accounts, Session},
    attempts::after,
    books::{Books, actor},
    cookie, email,
    error::Problem,
    hashing::Hashing,
    password::Password,
    rules::Command,
    token::TokenHash,
};

/// How long an identity is good for. A socket is then judged anew: what another process did to the account holds on all
/// sockets after so long at the latest.
pub const JUDGED_EVERY: Duration = Duration::from_mins(5);

/// What a [`Login`] may be given. Nothing must be.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct LoginOptions {
    /// The clock of lock-outs and ends; [`SystemClock`] if none is given.
    pub clock: Arc<dyn Clock>,
    /// How many passwords are hashed at the same time at most, of 19 MiB each; eight times as many wait. 4.
    pub hashes_at_once: usize,
    /// Who judges those that bring no session of an agent.
    pub visitors: Option<Arc<dyn Authenticator>>,
}

impl Default for LoginOptions {
    fn default() -> Self {
        Self { clock: Arc::new(SystemClock), hashes_at_once: 4, visitors: None }
    }
}

impl LoginOptions {
    /// Sets the clock.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Sets how many passwords are hashed at the same time: 1–64.
    #[must_use]
    pub fn hashes_at_once(mut self, hashes: usize) -> Self {
        self.hashes_at_once = hashes;
        self
    }

    /// Sets who judges those that bring no session of an agent. What it says of agents is not believed.
    #[must_use]
    pub fn visitors(mut self, authenticator: impl Authenticator) -> Self {
        self.visitors = Some(Arc::new(authenticator));
        self
    }
}

/// The login of agents. Cheap to clone; all clones are the same one. See the [crate](crate).
#[derive(Debug, Clone)]
pub struct Login {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    books: Books,
    hashing: Hashing,
    visitors: Option<Arc<dyn Authenticator>>,
    /// Who may make the first owner, by workspace. It dies with the process.
    founding: Mutex<HashMap<WorkspaceId, TokenHash>>,
}

/// An agent who has just come in.
#[derive(Debug)]
#[non_exhaustive]
pub struct SignedIn {
    /// His session, for his browser's cookie.
    pub session: Token,
    /// Who he is.
    pub identity: Identity,
}

/// An agent as owners see him.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Agent {
    /// His email, in lower case.
    pub email: ParticipantId,
    /// The name that colleagues and visitors see.
    pub name: String,
    /// What he may do.
    pub role: AgentRole,
    /// Since when he is one.
    pub since: Timestamp,
}

/// An invitation that nobody has used yet.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OpenInvitation {
    /// To whom.
    pub email: ParticipantId,
    /// As what.
    pub role: AgentRole,
    /// How long it may still be used.
    pub expires_in: Duration,
}

impl Login {
    /// A login whose accounts are in a store, with the defaults of [`LoginOptions`]. Give the same store to the
    /// [`Minicom`](minicom_core::Minicom), and this as its authenticator.
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self::with_options(store, LoginOptions::default())
    }

    /// With options.
    pub fn with_options(store: Arc<dyn Store>, options: LoginOptions) -> Self {
        let LoginOptions { clock, hashes_at_once, visitors } = options;
        let inner = Inner {
            books: Books::new(store, clock),
            hashing: Hashing::new(hashes_at_once),
            visitors,
            founding: Mutex::default(),
        };
        Self { inner: Arc::new(inner) }
    }

    /// The link with which the first owner of a workspace is made; `base` is the chat's own address, such as
    /// `https://shop.example/chat/`. `None`: there is an agent already. It works once, until the process ends or this is called
    /// again; whoever has it becomes the owner, so print it where the operator alone looks.
    pub async fn setup_link(
        &self,
        workspace: &WorkspaceId,
        base: &str,
    ) -> Result<Option<String>, LoginError> {
        if !self.inner.books.read(workspace).await?.agents.is_empty() {
            return Ok(None);
        }
        let token = Token::draw()?;
        self.founding().insert(workspace.clone(), token.hash());
        Ok(Some(format!("{}/login#setup={}", base.trim_end_matches('/'), token.as_str())))
    }

    /// Makes the first owner, with the token of [`setup_link`](Self::setup_link), and signs him in.
    pub async fn set_up(
        &self,
        workspace: &WorkspaceId,
        token: &Token,
        email: &str,
        name: &str,
        password: &str,
    ) -> Result<SignedIn, LoginError> {
        if self.founding().get(workspace) != Some(&token.hash()) {
            return Err(Problem::SetUpVoid.into());
        }
        let (email, name) = (email::read(email)?, email::read_name(name)?);
        let phc = self.hash(password, &email, &name).await?;
        let session = Token::draw()?;
        let by = actor(&email, Some(&name));
        let command = Command::SetUp { email: email.clone(), name, phc, session: session.hash() };
        let changed = self.inner.books.execute(workspace, &by, &command).await;
        // Used, or of no use any more because somebody else was faster; a store that failed leaves it.
        if !changed.as_ref().is_err_and(LoginError::is_retryable) {
            self.founding().remove(workspace);
        }
        self.signed_in(workspace, &changed?.after, session)
    }

    fn founding(&self) -> MutexGuard<'_, HashMap<WorkspaceId, TokenHash>> {
        self.inner.founding.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets an agent in who knows his password. After five failures it is [locked](LoginError::is_locked) for a while that
    /// doubles with each one more, at most 15 minutes; an email without an account behaves in the same way.
    pub async fn log_in(
        &self,
        workspace: &WorkspaceId,
        email: &str,
        password: &str,
    ) -> Result<SignedIn, LoginError> {
        // What is no email, or longer than any password, is nobody's, and says nothing of anybody.
        let email = email::read(email).map_err(|_| Problem::WrongPassword)?;
        let by = actor(&email, None);
        let phc = self.attempt(workspace, &by, password).await?;
        let session = Token::draw()?;
        let enter = Command::Enter { email, phc, session: session.hash() };
        let changed = self.inner.books.execute(workspace, &by, &enter).await?;
        self.signed_in(workspace, &changed.after, session)
    }

    /// Takes another password for the agent whose session it is, who must know the one that he has: that is an attempt, as
    /// [`log_in`](Self::log_in) makes one, and as soon locked. All his sessions end and a fresh one begins, so that whoever had got
    /// hold of the old password or of a cookie is out. His sockets are closed by whoever has them:
    /// [`Minicom::disconnect`](minicom_core::Minicom::disconnect).
    pub async fn change_password(
        &self,
        workspace: &WorkspaceId,
        session: &Token,
        current: &str,
        password: &str,
    ) -> Result<SignedIn, LoginError> {
        let (now, from) = (self.inner.books.now(), session.hash());
        let accounts = self.inner.books.read(workspace).await?;
        let (email, account, _) = accounts.session(now, &from).ok_or(Problem::SignedOut)?;
        // What cannot be taken costs no attempt.
        let chosen = Password::chosen(password, email, &account.name)?;
        let by = actor(email, Some(&account.name));
        let kept = self.attempt(workspace, &by, current).await?;
        let place = self.inner.hashing.place()?;
        let phc = self.inner.hashing.hash(place, chosen).await?;
        let fresh = Token::draw()?;
        let command = Command::ChangePassword { from, kept, phc, session: fresh.hash() };
        let changed = self.inner.books.execute(workspace, &by, &command).await?;
        self.signed_in(workspace, &changed.after, fresh)
    }

    /// Compares a password with that of an account, which counts. Answers the hash that it has.
    async fn attempt(
        &self,
        workspace: &WorkspaceId,
        by: &Actor,
        password: &str,
    ) -> Result<String, LoginError> {
        let email = &by.id.subject;
        let password = Password::typed(password)?;
        let place = self.inner.hashing.place()?;
        let attempt = Command::Attempt { email: email.clone() };
        let accounts = self.inner.books.execute(workspace, by, &attempt).await?.before;
        let kept = accounts.agents.get(email).map(|account| account.password.clone());
        if !self.inner.hashing.matches(place, password, kept.clone()).await? {
            return Err(Problem::WrongPassword.into());
        }
        Ok(kept.ok_or(Problem::WrongPassword)?)
    }

    /// Ends a session, or all sessions of its agent. Answers whose it was; `None`: nobody's. His sockets are closed by
    /// whoever has them: [`Minicom::disconnect`](minicom_core::Minicom::disconnect).
    pub async fn log_out(
        &self,
        workspace: &WorkspaceId,
        session: &Token,
        everywhere: bool,
    ) -> Result<Option<ParticipantId>, LoginError> {
        let hash = session.hash();
        let accounts = self.inner.books.read(workspace).await?;
        let Some(email) = accounts.session(self.inner.books.now(), &hash).map(|(email, ..)| email.clone())
        else {
            return Ok(None);
        };
        let command = Command::Leave { session: hash, everywhere };
        self.inner.books.execute(workspace, &actor(&email, None), &command).await?;
        Ok(Some(email))
    }

    /// The agents, by email. For owners.
    pub async fn agents(&self, by: &Identity) -> Result<Vec<Agent>, LoginError> {
        authorize(by, Action::Manage)?;
        let accounts = self.inner.books.read(&by.workspace).await?;
        let agent = |(email, account): (ParticipantId, Account)| Agent {
            email,
            name: account.name,
            role: account.role,
            since: account.since,
        };
        Ok(accounts.agents.into_iter().map(agent).collect())
    }

    /// The invitations that may still be used, by email. For owners.
    pub async fn invitations(&self, by: &Identity) -> Result<Vec<OpenInvitation>, LoginError> {
        authorize(by, Action::Manage)?;
        let accounts = self.inner.books.read(&by.workspace).await?;
        let now = self.inner.books.now();
        let open = accounts.invitations.into_iter().filter_map(|(email, invitation)| {
            let left = Duration::try_from(invitation.until.duration_since(now)).ok()?;
            (!left.is_zero()).then_some(OpenInvitation { email, role: invitation.role, expires_in: left })
        });
        Ok(open.collect())
    }

    /// Invites somebody; in place of an invitation that he has already. The token is for a link
    /// `…/login#join=…`, works once and for [`INVITATION_LASTS`](crate::INVITATION_LASTS), and cannot be asked for again. For
    /// owners.
    pub async fn invite(&self, by: &Identity, email: &str, role: AgentRole) -> Result<Token, LoginError> {
        let token = Token::draw()?;
        let (email, invitation) = (email::read(email)?, token.hash());
        let command = Command::Invite { by: by.participant.clone(), email, role, invitation };
        self.manage(by, &command).await?;
        Ok(token)
    }

    /// Takes an invitation back. For owners.
    pub async fn revoke(&self, by: &Identity, email: &str) -> Result<(), LoginError> {
        let command = Command::Revoke { by: by.participant.clone(), email: email::read(email)? };
        self.manage(by, &command).await
    }

    /// Changes what an agent may do. His sockets go on as what they were until whoever has them
    /// [closes](minicom_core::Minicom::disconnect) them, or for [`JUDGED_EVERY`]. For owners.
    pub async fn set_role(&self, by: &Identity, email: &str, role: AgentRole) -> Result<(), LoginError> {
        let command = Command::SetRole { by: by.participant.clone(), email: email::read(email)?, role };
        self.manage(by, &command).await
    }

    /// Removes an agent. His sessions end at once; his sockets when whoever has them
    /// [closes](minicom_core::Minicom::disconnect) them, or after [`JUDGED_EVERY`]. For owners.
    pub async fn remove(&self, by: &Identity, email: &str) -> Result<(), LoginError> {
        let command = Command::Remove { by: by.participant.clone(), email: email::read(email)? };
        self.manage(by, &command).await
    }

    async fn manage(&self, by: &Identity, command: &Command) -> Result<(), LoginError> {
        authorize(by, Action::Manage)?;
        self.inner.books.execute(&by.workspace, &by.actor(), command).await.map(drop)
    }

    /// Who is invited by a token, and as what.
    pub async fn invited(
        &self,
        workspace: &WorkspaceId,
        token: &Token,
    ) -> Result<(ParticipantId, AgentRole), LoginError> {
        let accounts = self.inner.books.read(workspace).await?;
        let invited = accounts.invited(self.inner.books.now(), &token.hash());
        let (email, invitation) = invited.ok_or(Problem::InvitationVoid)?;
        Ok((email.clone(), invitation.role))
    }

    /// Makes somebody who was invited an agent, and signs him in.
    pub async fn join(
        &self,
        workspace: &WorkspaceId,
        token: &Token,
        name: &str,
        password: &str,
    ) -> Result<SignedIn, LoginError> {
        let (email, _) = self.invited(workspace, token).await?;
        let name = email::read_name(name)?;
        let phc = self.hash(password, &email, &name).await?;
        let session = Token::draw()?;
        let by = actor(&email, Some(&name));
        let command = Command::Join { invitation: token.hash(), name, phc, session: session.hash() };
        let changed = self.inner.books.execute(workspace, &by, &command).await?;
        self.signed_in(workspace, &changed.after, session)
    }

    async fn hash(&self, password: &str, email: &ParticipantId, name: &str) -> Result<String, LoginError> {
        let password = Password::chosen(password, email, name)?;
        let place = self.inner.hashing.place()?;
        self.inner.hashing.hash(place, password).await
    }

    fn signed_in(
        &self,
        workspace: &WorkspaceId,
        accounts: &Accounts,
        session: Token,
    ) -> Result<SignedIn, LoginError> {
        let now = self.inner.books.now();
        let (email, account, kept) = accounts.session(now, &session.hash()).ok_or(Problem::WrongPassword)?;
        let identity = identity(workspace, email, account, kept, now);
        Ok(SignedIn { session, identity })
    }

    /// An email as accounts have it: without space around it, in lower case.
    pub fn account(email: &str) -> Result<ParticipantId, LoginError> {
        email::read(email)
    }

    /// What a request brings as sessions in its cookies, at most four, whether or not they are any: one of a workspace below
    /// another's path is sent with the other's.
    pub fn sessions(request: &AuthRequest) -> Vec<Token> {
        cookie::sessions(request)
    }

    /// Whose session it is. `None`: nobody's, or not any more.
    pub async fn identity(
        &self,
        workspace: &WorkspaceId,
        session: &Token,
    ) -> Result<Option<Identity>, LoginError> {
        let accounts = self.inner.books.read(workspace).await?;
        let (now, hash) = (self.inner.books.now(), session.hash());
        let Some((email, account, kept)) = accounts.session(now, &hash) else { return Ok(None) };
        if kept.is_use_news(now) {
            let command = Command::Use { session: hash };
            // A store that takes nothing now is no reason to turn somebody away.
            if let Err(error) = self.inner.books.execute(workspace, &actor(email, None), &command).await {
                tracing::warn!(error = &error as &dyn std::error::Error, "a session's use was not noted");
            }
        }
        Ok(Some(identity(workspace, email, account, kept, now)))
    }

    pub(crate) fn visitors(&self) -> Option<&Arc<dyn Authenticator>> {
        self.inner.visitors.as_ref()
    }
}

fn identity(
    workspace: &WorkspaceId,
    email: &ParticipantId,
    account: &Account,
    session: &Session,
    now: Timestamp,
) -> Identity {
    let ends = after(now, JUDGED_EVERY).min(session.ends());
    let mut identity = Identity::agent(workspace.clone(), email.clone())
        .with_agent_role(account.role)
        .with_name(&account.name)
        .with_expiry(ends);
    identity.email = Some(email.as_str().to_owned());
    identity
}
