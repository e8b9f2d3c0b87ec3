//! Guessing passwords: one after the other, all at once, and with every email.

use minicom_core::AgentRole;
use minicom_login::{Login, LoginOptions};

use crate::hand::{self, PASSWORD, join, set_up, workspace};

const WRONG: &str = "not three apples, nor a pear";

/// What an attempt is told, and for how long it must wait.
async fn attempt(login: &Login, email: &str, password: &str) -> (&'static str, Option<u64>) {
    match login.log_in(&workspace(), email, password).await {
        Ok(_) => ("in", None),
        Err(error) => (error.code(), error.retry_after().map(|left| left.as_secs())),
    }
}

#[tokio::test]
async fn after_five_it_waits_and_known_and_unknown_look_alike() {
    let (login, hand, _) = hand::login();
    set_up(&login).await;
    for email in ["ann@example.com", "nobody@example.com", "ANN@example.com "] {
        let mut told = Vec::new();
        for _ in 0..6 {
            told.push(attempt(&login, email, WRONG).await);
        }
        let expected = [("wrong_password", None), ("locked", Some(15))];
        assert_eq!(told, [vec![expected[0]; 5], vec![expected[1]]].concat(), "{email}");
        // However right.
        assert_eq!(attempt(&login, email, PASSWORD).await, ("locked", Some(15)));
        hand.forward(14);
        assert_eq!(attempt(&login, email, PASSWORD).await, ("locked", Some(1)));
        hand.forward(1);
        assert_eq!(attempt(&login, email, WRONG).await, ("wrong_password", None));
        assert_eq!(attempt(&login, email, WRONG).await, ("locked", Some(30)));
        hand.forward(30);
        let right = if email.contains("nobody") { "wrong_password" } else { "in" };
        assert_eq!(attempt(&login, email, PASSWORD).await.0, right);
    }
    assert_eq!(attempt(&login, "ann@example.com", WRONG).await, ("wrong_password", None), "forgotten");
}

/// A hundred at the same moment, from wherever, are five guesses.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_at_once_are_no_more_guesses() {
    let (hand, store) = (hand::Hand::default(), std::sync::Arc::new(minicom_core::MemoryStore::new()));
    let options = LoginOptions::default().clock(hand).hashes_at_once(16);
    let login = Login::with_options(store, options);
    set_up(&login).await;
    let guesses: Vec<_> = (0..100)
        .map(|n| {
            let login = login.clone();
            tokio::spawn(async move { attempt(&login, "ann@example.com", &format!("{WRONG}{n}")).await.0 })
        })
        .collect();
    let mut compared = 0;
    for guess in guesses {
        compared += usize::from(guess.await.unwrap() == "wrong_password");
    }
    assert_eq!(compared, 5);
    assert_eq!(attempt(&login, "ann@example.com", PASSWORD).await.0, "locked");
}

/// One account's lock is nobody else's, and nobody's session ends by it.
#[tokio::test]
async fn a_lock_concerns_one_email() {
    let (login, _, _) = hand::login();
    let ann = set_up(&login).await;
    join(&login, &ann.identity, "ben@example.com", AgentRole::Agent).await;
    for n in 0..40 {
        attempt(&login, "ann@example.com", WRONG).await;
        attempt(&login, &format!("guess{n}@example.com"), WRONG).await;
    }
    assert_eq!(attempt(&login, "ann@example.com", PASSWORD).await.0, "locked");
    assert_eq!(attempt(&login, "ben@example.com", PASSWORD).await.0, "in");
    assert!(hand::is_in(&login, &ann.session).await);
}

/// Ten browsers with the right password at once.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_right_password_at_once_lets_in_as_many_as_five() {
    let (login, _, _) = hand::login();
    set_up(&login).await;
    let logins: Vec<_> = (0..5)
        .map(|_| {
            let login = login.clone();
            tokio::spawn(async move { login.log_in(&workspace(), "ann@example.com", PASSWORD).await })
        })
        .collect();
    let mut sessions = Vec::new();
    for signed_in in logins {
        sessions.push(signed_in.await.unwrap().expect("let in").session);
    }
    for session in &sessions {
        assert!(hand::is_in(&login, session).await);
    }
    let mut secrets: Vec<_> = sessions.iter().map(|session| session.as_str().to_owned()).collect();
    secrets.sort();
    secrets.dedup();
    assert_eq!(secrets.len(), 5);
}

/// A flood is told to come back, and whoever is in line is served.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_is_told_to_come_back() {
    let store = std::sync::Arc::new(minicom_core::MemoryStore::new());
    let login = Login::with_options(store, LoginOptions::default().hashes_at_once(1));
    set_up(&login).await;
    let flood: Vec<_> = (0..60)
        .map(|n| {
            let login = login.clone();
            tokio::spawn(async move { attempt(&login, &format!("x{n}@example.com"), WRONG).await })
        })
        .collect();
    let mut told = Vec::new();
    for attempt in flood {
        told.push(attempt.await.unwrap());
    }
    assert!(
        told.iter().all(|told| matches!(told, ("wrong_password", None) | ("unavailable", Some(2)))),
        "{told:?}"
    );
    assert!(told.iter().filter(|(code, _)| *code == "wrong_password").count() >= 8, "{told:?}");
    assert_eq!(attempt(&login, "ann@example.com", PASSWORD).await.0, "in");
}
