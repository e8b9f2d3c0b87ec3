//! The rules beside a plain model: what must hold is said there a second time, without time stamps in folds, marks or JSON.

use std::collections::{BTreeMap, BTreeSet};

use proptest::{collection::vec, prelude::*};

use super::*;

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

fn email(n: u8) -> ParticipantId {
    ParticipantId::new(format!("agent{n}@example.com")).expect("an email")
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + seconds).expect("a time")
}

/// A hash that is read as it is written, from a number in place of a secret.
fn token(n: u32) -> TokenHash {
    serde_json::from_value(format!("token {n}").into()).expect("a text")
}

/// What somebody tries.
#[derive(Debug, Clone)]
enum Try {
    SetUp(u8),
    Attempt(u8),
    /// With the password that he has, or with one that he had.
    Enter(u8, bool),
    /// In the n-th session that there ever was, with the password that he has, or with one that he had.
    ChangePassword(usize, bool),
    /// The n-th session that there ever was.
    Leave(usize, bool),
    Use(usize),
    Invite(u8, u8, AgentRole),
    Revoke(u8, u8),
    /// With the n-th invitation that there ever was.
    Join(usize),
    SetRole(u8, u8, AgentRole),
    Remove(u8, u8),
    Wait(i64),
}

fn role() -> impl Strategy<Value = AgentRole> {
    prop::sample::select(vec![AgentRole::Agent, AgentRole::Supervisor, AgentRole::Owner])
}

fn attempt() -> impl Strategy<Value = Try> {
    let who = || 0..5_u8;
    prop_oneof![
        2 => who().prop_map(Try::SetUp),
        3 => who().prop_map(Try::Attempt),
        4 => (who(), prop::bool::weighted(0.8)).prop_map(|(who, current)| Try::Enter(who, current)),
        3 => (0..40_usize, prop::bool::weighted(0.8)).prop_map(|(n, current)| Try::ChangePassword(n, current)),
        2 => (0..40_usize, any::<bool>()).prop_map(|(n, everywhere)| Try::Leave(n, everywhere)),
        2 => (0..40_usize).prop_map(Try::Use),
        5 => (who(), who(), role()).prop_map(|(by, to, role)| Try::Invite(by, to, role)),
        1 => (who(), who()).prop_map(|(by, to)| Try::Revoke(by, to)),
        6 => (0..20_usize).prop_map(Try::Join),
        3 => (who(), who(), role()).prop_map(|(by, whom, role)| Try::SetRole(by, whom, role)),
        3 => (who(), who()).prop_map(|(by, whom)| Try::Remove(by, whom)),
        3 => prop::sample::select(vec![10, HOUR, DAY, 3 * DAY, 8 * DAY, 15 * DAY]).prop_map(Try::Wait),
    ]
}

/// The model: who is there, what he may do, and what was ever handed out.
#[derive(Debug, Default)]
struct Model {
    now: i64,
    agents: BTreeMap<u8, (AgentRole, u32)>,
    /// By token: whose, when it began, when it was noted last.
    sessions: BTreeMap<u32, (u8, i64, i64)>,
    /// By token: to whom, as what, until when.
    invitations: BTreeMap<u32, (u8, AgentRole, i64)>,
    /// Every token that ever was a session, or an invitation.
    all_sessions: Vec<u32>,
    all_invitations: Vec<u32>,
    passwords: u32,
    had_owner: bool,
}

impl Model {
    fn owners(&self) -> usize {
        self.agents.values().filter(|(role, _)| *role == AgentRole::Owner).count()
    }

    fn may_manage(&self, by: u8) -> bool {
        self.agents.get(&by).is_none_or(|(role, _)| *role == AgentRole::Owner)
    }

    fn is_last_owner(&self, who: u8) -> bool {
        self.owners() == 1 && self.agents.get(&who).is_some_and(|(role, _)| *role == AgentRole::Owner)
    }

    fn is_alive(&self, session: u32) -> bool {
        self.sessions
            .get(&session)
            .is_some_and(|(_, began, seen)| self.now < seen + 14 * DAY && self.now < began + 90 * DAY)
    }

    fn begin(&mut self, who: u8, session: u32) {
        let dead: Vec<_> = self.sessions.keys().copied().filter(|n| !self.is_alive(*n)).collect();
        for session in dead {
            if self.sessions[&session].0 == who {
                self.sessions.remove(&session);
            }
        }
        let his: Vec<_> =
            self.sessions.iter().filter(|(_, (whose, ..))| *whose == who).map(|(n, _)| *n).collect();
        // Tokens are numbered as they are drawn.
        for oldest in his.iter().take((his.len() + 1).saturating_sub(8)) {
            self.sessions.remove(oldest);
        }
        self.sessions.insert(session, (who, self.now, self.now));
        self.all_sessions.push(session);
    }

    fn join(&mut self, who: u8, role: AgentRole, session: u32) {
        self.passwords += 1;
        self.agents.insert(who, (role, self.passwords));
        self.invitations.retain(|_, (to, ..)| *to != who);
        self.begin(who, session);
    }

    fn next_phc(&self) -> String {
        format!("phc {}", self.passwords + 1)
    }

    /// What is asked, and whether it is to be granted.
    fn command(&self, attempt: &Try, fresh: u32) -> Option<(Command, bool)> {
        let hash = token(fresh);
        Some(match *attempt {
            Try::SetUp(who) => {
                let (email, name, phc) = (email(who), format!("Agent {who}"), self.next_phc());
                (Command::SetUp { email, name, phc, session: hash }, self.agents.is_empty())
            }
            // How many are too many is the matter of another test.
            Try::Attempt(who) => (Command::Attempt { email: email(who) }, true),
            Try::Enter(who, current) => {
                let kept = self.agents.get(&who).map_or(0, |(_, password)| *password);
                let phc = format!("phc {}", if current { kept } else { kept.saturating_sub(1) });
                let granted = current && self.agents.contains_key(&who);
                (Command::Enter { email: email(who), phc, session: hash }, granted)
            }
            Try::ChangePassword(n, current) => {
                let session = *self.all_sessions.get(n)?;
                let whose = self.sessions.get(&session).map(|(whose, ..)| *whose);
                let password = whose.map_or(0, |whose| self.agents[&whose].1);
                let kept = format!("phc {}", if current { password } else { password.saturating_sub(1) });
                let (from, phc) = (token(session), self.next_phc());
                let granted = current && self.is_alive(session);
                (Command::ChangePassword { from, kept, phc, session: hash }, granted)
            }
            Try::Leave(n, everywhere) => {
                let session = token(*self.all_sessions.get(n)?);
                (Command::Leave { session, everywhere }, true)
            }
            Try::Use(n) => (Command::Use { session: token(*self.all_sessions.get(n)?) }, true),
            Try::Invite(by, to, role) => {
                let command = Command::Invite { by: email(by), email: email(to), role, invitation: hash };
                (command, self.may_manage(by) && !self.agents.contains_key(&to))
            }
            Try::Revoke(by, to) => {
                // One that is too old goes with the next change; until then it may be there to be taken back.
                let open = self.invitations.values().any(|(whom, _, until)| *whom == to && self.now < *until);
                if !open && self.invitations.values().any(|(whom, ..)| *whom == to) {
                    return None;
                }
                (Command::Revoke { by: email(by), email: email(to) }, self.may_manage(by) && open)
            }
            Try::Join(n) => {
                let invitation = *self.all_invitations.get(n)?;
                let open = self.invitations.get(&invitation).is_some_and(|(_, _, until)| self.now < *until);
                let (name, phc) = (format!("Agent {n}"), self.next_phc());
                (Command::Join { invitation: token(invitation), name, phc, session: hash }, open)
            }
            Try::SetRole(by, who, role) => {
                let loses = role != AgentRole::Owner && self.is_last_owner(who);
                let granted = self.may_manage(by) && self.agents.contains_key(&who) && !loses;
                (Command::SetRole { by: email(by), email: email(who), role }, granted)
            }
            Try::Remove(by, who) => {
                let granted =
                    self.may_manage(by) && self.agents.contains_key(&who) && !self.is_last_owner(who);
                (Command::Remove { by: email(by), email: email(who) }, granted)
            }
            Try::Wait(_) => return None,
        })
    }

    /// What is so after it was granted.
    fn take(&mut self, attempt: &Try, fresh: u32) {
        match *attempt {
            Try::SetUp(who) => self.join(who, AgentRole::Owner, fresh),
            Try::Enter(who, _) => self.begin(who, fresh),
            Try::ChangePassword(n, _) => {
                let (whose, ..) = self.sessions[&self.all_sessions[n]];
                self.passwords += 1;
                let changed = self.passwords;
                self.agents.entry(whose).and_modify(|(_, password)| *password = changed);
                self.sessions.retain(|_, (other, ..)| *other != whose);
                self.begin(whose, fresh);
            }
            Try::Leave(n, everywhere) => {
                let session = self.all_sessions[n];
                if let Some((whose, ..)) = self.sessions.remove(&session)
                    && everywhere
                {
                    self.sessions.retain(|_, (other, ..)| *other != whose);
                }
            }
            Try::Use(n) => {
                let session = self.all_sessions[n];
                if self.is_alive(session)
                    && let Some((_, _, seen)) = self.sessions.get_mut(&session)
                    && self.now >= *seen + DAY
                {
                    *seen = self.now;
                }
            }
            Try::Invite(_, to, role) => {
                self.invitations.retain(|_, (other, ..)| *other != to);
                self.invitations.insert(fresh, (to, role, self.now + 7 * DAY));
                self.all_invitations.push(fresh);
            }
            Try::Revoke(_, to) => self.invitations.retain(|_, (other, ..)| *other != to),
            Try::Join(n) => {
                let (who, role, _) = self.invitations[&self.all_invitations[n]];
                self.join(who, role, fresh);
            }
            Try::SetRole(_, who, role) => {
                self.agents.entry(who).and_modify(|(is, _)| *is = role);
            }
            Try::Remove(_, who) => {
                self.agents.remove(&who);
                self.sessions.retain(|_, (whose, ..)| *whose != who);
            }
            Try::Attempt(_) | Try::Wait(_) => {}
        }
    }

    fn check(&mut self, accounts: &Accounts) {
        let roles = |accounts: &Accounts| -> BTreeMap<_, _> {
            accounts.agents.iter().map(|(email, account)| (email.clone(), account.role)).collect()
        };
        let expected: BTreeMap<_, _> =
            self.agents.iter().map(|(who, (role, _))| (email(*who), *role)).collect();
        assert_eq!(roles(accounts), expected);
        self.had_owner |= self.owners() > 0;
        assert!(!self.had_owner || self.owners() > 0, "nobody is the owner any more");
        for session in &self.all_sessions {
            let whose = accounts.session(at(self.now), &token(*session)).map(|(email, ..)| email.clone());
            let expected = self.is_alive(*session).then(|| email(self.sessions[session].0));
            assert_eq!(whose, expected, "session {session}");
        }
        for invitation in &self.all_invitations {
            let open = self.invitations.get(invitation).filter(|(_, _, until)| self.now < *until);
            let invited = accounts.invited(at(self.now), &token(*invitation)).map(|(email, _)| email.clone());
            assert_eq!(invited, open.map(|(to, ..)| email(*to)), "invitation {invitation}");
        }
        for account in accounts.agents.values() {
            assert!(account.sessions.len() <= 8);
        }
        assert_eq!(&Accounts::decode(&accounts.encode()).expect("readable"), accounts);
    }
}

proptest! {
    #[test]
    fn the_rules_are_those_of_the_model(attempts in vec(attempt(), 0..80)) {
        let (mut model, mut accounts) = (Model::default(), Accounts::default());
        let mut joined_by = BTreeSet::new();
        for (fresh, attempt) in (0..).zip(&attempts) {
            if let Try::Wait(seconds) = attempt {
                model.now += seconds;
            }
            let Some((command, granted)) = model.command(attempt, fresh) else { continue };
            match accounts.decide(at(model.now), &command) {
                Ok(facts) => {
                    assert!(granted, "{command:?} must be refused");
                    for fact in &facts {
                        accounts.apply(fact, at(model.now));
                    }
                    model.take(attempt, fresh);
                    if let Try::Join(n) = attempt {
                        assert!(joined_by.insert(model.all_invitations[*n]), "an invitation works once");
                    }
                }
                // Too many attempts.
                Err(Problem::Locked(_)) if matches!(attempt, Try::Attempt(_)) => {}
                Err(problem) => assert!(!granted, "{command:?} must be granted: {problem:?}"),
            }
            model.check(&accounts);
        }
    }
}

fn after_set_up() -> Accounts {
    let mut accounts = Accounts::default();
    let command =
        Command::SetUp { email: email(0), name: "Ann".into(), phc: "phc".into(), session: token(0) };
    take(&mut accounts, 0, &command).expect("nobody is there yet");
    accounts
}

fn take(accounts: &mut Accounts, now: i64, command: &Command) -> Result<(), Problem> {
    let facts = accounts.decide(at(now), command)?;
    for fact in &facts {
        accounts.apply(fact, at(now));
    }
    Ok(())
}

#[test]
fn five_attempts_are_free_and_the_right_password_does_not_open_a_lock() {
    let mut accounts = after_set_up();
    for who in [email(0), email(1)] {
        let attempt = Command::Attempt { email: who.clone() };
        for _ in 0..5 {
            take(&mut accounts, 0, &attempt).expect("free");
        }
        let locked = accounts.decide(at(0), &attempt);
        assert_eq!(locked, Err(Problem::Locked(Duration::from_secs(15))), "{who}");
        assert_eq!(accounts.decide(at(14), &attempt), Err(Problem::Locked(Duration::from_secs(1))));
        take(&mut accounts, 15, &attempt).expect("the wait is over");
        assert_eq!(accounts.decide(at(15), &attempt), Err(Problem::Locked(Duration::from_secs(30))));
    }
    // The sixth was right: what was counted is forgotten, and only his.
    let enter = Command::Enter { email: email(0), phc: "phc".into(), session: token(1) };
    take(&mut accounts, 16, &enter).expect("let in");
    take(&mut accounts, 16, &Command::Attempt { email: email(0) }).expect("free again");
    let other = accounts.decide(at(16), &Command::Attempt { email: email(1) });
    assert!(matches!(other, Err(Problem::Locked(_))));
}

#[test]
fn agents_and_invitations_are_bounded_together() {
    let mut accounts = after_set_up();
    let invite = |n: u8, fresh| Command::Invite {
        by: email(0),
        email: email(n),
        role: AgentRole::Agent,
        invitation: token(fresh),
    };
    for n in 1..100 {
        take(&mut accounts, 0, &invite(n, u32::from(n))).expect("there is room");
    }
    assert_eq!(accounts.decide(at(0), &invite(100, 100)), Err(Problem::Full));
    take(&mut accounts, 0, &invite(5, 200)).expect("in place of the one that he has");
    assert_eq!(accounts.decide(at(0), &invite(100, 100)), Err(Problem::Full));
    take(&mut accounts, 8 * DAY, &invite(100, 100)).expect("the others are too old");
    assert_eq!(accounts.invitations.len(), 1);
}

#[test]
fn the_snapshot_is_bounded_and_keeps_what_a_newer_version_says() {
    let mut accounts = after_set_up();
    for n in 1..100_u8 {
        let invitation = token(1_000 + u32::from(n));
        let (by, role) = (email(0), AgentRole::Agent);
        let invite = Command::Invite { by, email: email(n), role, invitation: invitation.clone() };
        take(&mut accounts, 0, &invite).expect("there is room");
        let (name, phc) = ("x".repeat(100), "$".repeat(97));
        let join = Command::Join { invitation, name, phc: phc.clone(), session: token(u32::from(n)) };
        take(&mut accounts, 0, &join).expect("invited");
        for session in 0..20 {
            let session = token(2_000 + u32::from(n) * 100 + session);
            let enter = Command::Enter { email: email(n), phc: phc.clone(), session };
            take(&mut accounts, 0, &enter).expect("let in");
        }
    }
    for stranger in 0..500 {
        let email = ParticipantId::new(format!("stranger{stranger}@example.com")).expect("an email");
        take(&mut accounts, 0, &Command::Attempt { email }).expect("free");
    }
    let bytes = accounts.encode();
    assert!(bytes.len() < 160 * 1024, "{}", bytes.len());

    let mut json: serde_json::Value = serde_json::from_slice(&bytes).expect("JSON");
    json["teams"] = serde_json::json!(["red"]);
    let accounts = Accounts::decode(json.to_string().as_bytes()).expect("readable");
    let again: serde_json::Value = serde_json::from_slice(&accounts.encode()).expect("JSON");
    assert_eq!(again["teams"], json["teams"]);
    json["format"] = 2.into();
    assert!(Accounts::decode(json.to_string().as_bytes()).is_err());
    assert!(Accounts::decode(b"[]").is_err());
}
