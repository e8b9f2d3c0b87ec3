//! The first owner, invitations, roles, sessions.

use minicom_core::{
    AgentRole, Authenticator, EventBody, EventQuery, Identity, LogKind, ParticipantId, Position, Recorded,
};
use minicom_login::{AccountEvent, JUDGED_EVERY, Login};

use crate::hand::{self, PASSWORD, is_in, join, set_up, token_of, workspace};

const DAY: i64 = 24 * 3_600;

#[tokio::test]
async fn the_first_owner_is_made_once() {
    let (login, _, store) = hand::login();
    let base = "http://127.0.0.1:8000";
    let old = token_of(&login.setup_link(&workspace(), base).await.unwrap().unwrap());
    let link = token_of(&login.setup_link(&workspace(), base).await.unwrap().unwrap());
    let elsewhere = Login::new(store.clone());
    let theirs = token_of(&elsewhere.setup_link(&workspace(), base).await.unwrap().unwrap());

    let set_up = async |login: &Login, token, password| {
        let set_up = login.set_up(&workspace(), token, "Ann@Example.com", "Ann", password).await;
        set_up.map(|signed_in| signed_in.identity).map_err(|error| error.code())
    };
    assert_eq!(set_up(&login, &old, PASSWORD).await, Err("setup_void"), "a newer link was made");
    assert_eq!(set_up(&login, &theirs, PASSWORD).await, Err("setup_void"), "of another process");
    assert_eq!(set_up(&login, &link, "short").await, Err("password_too_short"));
    let ann = set_up(&login, &link, PASSWORD).await.expect("the link is good until it was used");
    assert_eq!((ann.participant.as_str(), ann.agent_role), ("ann@example.com", AgentRole::Owner));
    assert_eq!(set_up(&login, &link, PASSWORD).await, Err("setup_void"), "a second use");
    assert_eq!(set_up(&elsewhere, &theirs, PASSWORD).await, Err("setup_void"), "somebody was faster");
    for login in [login, elsewhere, Login::new(store)] {
        assert_eq!(login.setup_link(&workspace(), base).await.unwrap(), None);
    }
}

#[tokio::test]
async fn an_invitation_works_once() {
    let (login, hand, _) = hand::login();
    let owner = set_up(&login).await.identity;
    let first = login.invite(&owner, "ben@example.com", AgentRole::Agent).await.unwrap();
    let second = login.invite(&owner, "Ben@example.com", AgentRole::Supervisor).await.unwrap();
    let join = async |token| {
        let joined = login.join(&workspace(), token, "Ben", PASSWORD).await;
        joined.map(|signed_in| signed_in.identity.agent_role).map_err(|error| error.code())
    };
    assert_eq!(join(&first).await, Err("invitation_void"), "the second one took its place");
    let (email, role) = login.invited(&workspace(), &second).await.unwrap();
    assert_eq!((email.as_str(), role), ("ben@example.com", AgentRole::Supervisor));
    assert_eq!(join(&second).await, Ok(AgentRole::Supervisor));
    assert_eq!(join(&second).await, Err("invitation_void"), "replayed");
    let again = login.invite(&owner, "ben@example.com", AgentRole::Agent).await.unwrap_err();
    assert!(again.is_conflict());

    let revoked = login.invite(&owner, "cem@example.com", AgentRole::Agent).await.unwrap();
    login.revoke(&owner, "cem@example.com").await.unwrap();
    assert_eq!(join(&revoked).await, Err("invitation_void"));
    let late = login.invite(&owner, "cem@example.com", AgentRole::Agent).await.unwrap();
    hand.forward(7 * DAY);
    assert_eq!(join(&late).await, Err("invitation_void"));
    assert!(login.invitations(&owner).await.unwrap().is_empty());
}

/// Two who open the same link at the same moment.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_who_use_an_invitation_one_becomes_the_agent() {
    let (login, _, _) = hand::login();
    let owner = set_up(&login).await.identity;
    let token = login.invite(&owner, "ben@example.com", AgentRole::Agent).await.unwrap();
    let tries = ["Ben", "Eve"].map(|name| {
        let (login, token) = (login.clone(), token.clone());
        tokio::spawn(async move { login.join(&workspace(), &token, name, PASSWORD).await.is_ok() })
    });
    let mut joined = 0;
    for attempt in tries {
        joined += usize::from(attempt.await.unwrap());
    }
    assert_eq!(joined, 1);
}

#[tokio::test]
async fn agents_are_managed_by_owners_alone() {
    let (login, _, _) = hand::login();
    let owner = set_up(&login).await.identity;
    let ben = join(&login, &owner, "ben@example.com", AgentRole::Supervisor).await.identity;
    let visitor = Identity::user(workspace(), ParticipantId::new("ann@example.com").unwrap());
    for nobody in [&ben, &visitor] {
        assert!(login.agents(nobody).await.unwrap_err().is_forbidden());
        assert!(login.invitations(nobody).await.unwrap_err().is_forbidden());
        assert!(login.invite(nobody, "x@example.com", AgentRole::Agent).await.unwrap_err().is_forbidden());
        assert!(
            login.set_role(nobody, "ben@example.com", AgentRole::Owner).await.unwrap_err().is_forbidden()
        );
        assert!(login.remove(nobody, "ann@example.com").await.unwrap_err().is_forbidden());
        assert!(login.revoke(nobody, "x@example.com").await.unwrap_err().is_forbidden());
    }
    // An identity that is out of date opens nothing.
    login.set_role(&owner, "ben@example.com", AgentRole::Owner).await.unwrap();
    let promoted = ben.clone().with_agent_role(AgentRole::Owner);
    login.set_role(&promoted, "ann@example.com", AgentRole::Agent).await.unwrap();
    assert!(login.remove(&owner, "ben@example.com").await.unwrap_err().is_forbidden());

    for refused in [
        login.remove(&promoted, "ben@example.com").await,
        login.set_role(&promoted, "ben@example.com", AgentRole::Agent).await,
    ] {
        assert_eq!(refused.unwrap_err().code(), "last_owner");
    }
    assert!(login.remove(&promoted, "nobody@example.com").await.unwrap_err().is_not_found());
    let agents = login.agents(&promoted).await.unwrap();
    let agents: Vec<_> = agents.iter().map(|agent| (agent.email.as_str(), agent.role)).collect();
    assert_eq!(agents, [("ann@example.com", AgentRole::Agent), ("ben@example.com", AgentRole::Owner)]);
}

#[tokio::test]
async fn a_removed_agents_sessions_end_at_once() {
    let (login, _, _) = hand::login();
    let owner = set_up(&login).await.identity;
    let ben = join(&login, &owner, "ben@example.com", AgentRole::Agent).await;
    let phone = login.log_in(&workspace(), "ben@example.com", PASSWORD).await.unwrap();
    assert!(is_in(&login, &ben.session).await && is_in(&login, &phone.session).await);
    login.remove(&owner, "ben@example.com").await.unwrap();
    assert!(!is_in(&login, &ben.session).await && !is_in(&login, &phone.session).await);
    assert!(login.log_in(&workspace(), "ben@example.com", PASSWORD).await.unwrap_err().is_wrong_password());
    // Who comes back is the same participant with other sessions.
    let back = join(&login, &owner, "ben@example.com", AgentRole::Agent).await;
    assert_eq!(back.identity.participant, ben.identity.participant);
    assert!(is_in(&login, &back.session).await && !is_in(&login, &ben.session).await);
}

#[tokio::test]
async fn a_role_holds_for_sessions_that_were_there_before() {
    let (login, _, _) = hand::login();
    let owner = set_up(&login).await.identity;
    let ben = join(&login, &owner, "ben@example.com", AgentRole::Supervisor).await;
    login.set_role(&owner, "ben@example.com", AgentRole::Agent).await.unwrap();
    let now = login.identity(&workspace(), &ben.session).await.unwrap().unwrap();
    assert_eq!(now.agent_role, AgentRole::Agent);
}

#[tokio::test]
async fn one_session_or_all_of_them_end() {
    let (login, _, _) = hand::login();
    let ann = set_up(&login).await;
    let mut sessions = vec![ann.session];
    for _ in 0..3 {
        sessions.push(login.log_in(&workspace(), "ann@example.com", PASSWORD).await.unwrap().session);
    }
    let left = login.log_out(&workspace(), &sessions[0], false).await.unwrap();
    assert_eq!(left.unwrap().as_str(), "ann@example.com");
    assert_eq!(login.log_out(&workspace(), &sessions[0], false).await.unwrap(), None, "it is over already");
    assert!(!is_in(&login, &sessions[0]).await && is_in(&login, &sessions[1]).await);
    login.log_out(&workspace(), &sessions[1], true).await.unwrap();
    for session in &sessions {
        assert!(!is_in(&login, session).await);
    }
}

#[tokio::test]
async fn a_session_ends_when_it_rests_and_when_it_is_old() {
    let (login, hand, _) = hand::login();
    let ann = set_up(&login).await;
    let resting = login.log_in(&workspace(), "ann@example.com", PASSWORD).await.unwrap();
    for _ in 0..8 {
        hand.forward(11 * DAY);
        assert!(is_in(&login, &ann.session).await);
    }
    assert!(!is_in(&login, &resting.session).await);
    let identity = login.identity(&workspace(), &ann.session).await.unwrap().unwrap();
    let judged = i64::try_from(JUDGED_EVERY.as_secs()).unwrap();
    assert_eq!(identity.expires_at.unwrap().as_second() - 1_800_000_000, 88 * DAY + judged);
    hand.forward(2 * DAY - 1);
    let identity = login.identity(&workspace(), &ann.session).await.unwrap().unwrap();
    assert_eq!(identity.expires_at.unwrap().as_second() - 1_800_000_000, 90 * DAY, "not beyond the end");
    hand.forward(1);
    assert!(!is_in(&login, &ann.session).await);
}

#[tokio::test]
async fn nine_browsers_are_one_too_many() {
    let (login, _, _) = hand::login();
    let mut sessions = vec![set_up(&login).await.session];
    for _ in 0..8 {
        sessions.push(login.log_in(&workspace(), "ann@example.com", PASSWORD).await.unwrap().session);
    }
    assert!(!is_in(&login, &sessions[0]).await, "the first one");
    for session in &sessions[1..] {
        assert!(is_in(&login, session).await);
    }
}

#[tokio::test]
async fn what_happened_is_in_the_log_without_a_secret() {
    let (login, _, store) = hand::login();
    let ann = set_up(&login).await;
    let owner = ann.identity;
    let ben = join(&login, &owner, "ben@example.com", AgentRole::Agent).await;
    login.log_in(&workspace(), "ben@example.com", "wrong, wrong, wrong").await.unwrap_err();
    login.set_role(&owner, "ben@example.com", AgentRole::Supervisor).await.unwrap();
    let other = "two plums and a quince";
    let ben = login.change_password(&workspace(), &ben.session, PASSWORD, other).await.unwrap();
    login.remove(&owner, "ben@example.com").await.unwrap();
    login.invite(&owner, "cem@example.com", AgentRole::Agent).await.unwrap();
    login.revoke(&owner, "cem@example.com").await.unwrap();

    let query = EventQuery::Workspace { workspace: workspace(), after: Position(0), limit: 100 };
    let stored = store.events(&query).await.unwrap().items;
    let mut told = Vec::new();
    for stored in &stored {
        assert_eq!(stored.log.kind, LogKind::Accounts);
        let text = String::from_utf8(stored.data.to_vec()).unwrap();
        assert!(
            !text.contains("argon2") && !text.contains("quince") && !text.contains(ben.session.as_str()),
            "{text}"
        );
        let event = Recorded::<AccountEvent>::read(stored).unwrap().event;
        let (by, kind) = (event.actor.id.subject.as_str().to_owned(), event.body.kind().to_owned());
        told.push((by, kind, event.actor.name));
    }
    let told: Vec<_> =
        told.iter().map(|(by, kind, name)| (by.as_str(), kind.as_str(), name.as_deref())).collect();
    assert_eq!(
        told,
        [
            ("ann@example.com", "agent_joined", Some("Ann")),
            ("ann@example.com", "agent_invited", Some("Ann")),
            ("ben@example.com", "agent_joined", Some("Ben")),
            ("ann@example.com", "agent_role_set", Some("Ann")),
            ("ben@example.com", "agent_password_changed", Some("Ben")),
            ("ann@example.com", "agent_removed", Some("Ann")),
            ("ann@example.com", "agent_invited", Some("Ann")),
            ("ann@example.com", "invitation_revoked", Some("Ann")),
        ]
    );
}

/// Workspaces share a store and nothing else.
#[tokio::test]
async fn another_workspace_knows_nobody() {
    let (login, _, _) = hand::login();
    let ann = set_up(&login).await;
    let other = minicom_core::WorkspaceId::new("other").unwrap();
    assert!(login.identity(&other, &ann.session).await.unwrap().is_none());
    assert!(login.log_in(&other, "ann@example.com", PASSWORD).await.unwrap_err().is_wrong_password());
    assert!(login.setup_link(&other, "http://localhost").await.unwrap().is_some());
    assert_eq!(login.mode(), minicom_core::IdentityMode::Session);
}
