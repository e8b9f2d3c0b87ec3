//! Taking another password: who may, what it costs to guess, and what ends with the old one.

use crate::hand::{self, PASSWORD, is_in, set_up, workspace};

const OTHER: &str = "two plums and a quince";
const WRONG: &str = "not three apples, nor a pear";

#[tokio::test]
async fn every_other_session_ends_and_the_new_password_lets_in() {
    let (login, _, _) = hand::login();
    let ann = set_up(&login).await;
    let phone = login.log_in(&workspace(), "ann@example.com", PASSWORD).await.unwrap();
    let changed = login.change_password(&workspace(), &ann.session, PASSWORD, OTHER).await.unwrap();
    assert_eq!(changed.identity.participant, ann.identity.participant);
    assert!(is_in(&login, &changed.session).await);
    for ended in [&ann.session, &phone.session] {
        assert!(!is_in(&login, ended).await);
        let refused = login.change_password(&workspace(), ended, OTHER, PASSWORD).await.unwrap_err();
        assert!(refused.is_signed_out() && refused.code() == "unauthenticated");
    }
    let old = login.log_in(&workspace(), "ann@example.com", PASSWORD).await.unwrap_err();
    assert!(old.is_wrong_password());
    login.log_in(&workspace(), "ann@example.com", OTHER).await.expect("the new one");
}

#[tokio::test]
async fn guessing_in_a_session_that_was_found_open_is_as_locked_as_signing_in() {
    let (login, hand, _) = hand::login();
    let ann = set_up(&login).await;
    let change = async |current| login.change_password(&workspace(), &ann.session, current, OTHER).await;
    for _ in 0..5 {
        assert!(change(WRONG).await.unwrap_err().is_wrong_password());
    }
    let locked = change(PASSWORD).await.unwrap_err();
    assert_eq!((locked.is_locked(), locked.retry_after().unwrap().as_secs()), (true, 15));
    let locked = login.log_in(&workspace(), "ann@example.com", PASSWORD).await.unwrap_err();
    assert!(locked.is_locked(), "it is one count");
    assert!(is_in(&login, &ann.session).await, "who is in stays in");
    hand.forward(15);
    change(PASSWORD).await.expect("changed");
    let other = login.log_in(&workspace(), "ann@example.com", WRONG).await.unwrap_err();
    assert!(other.is_wrong_password(), "what was tried before is forgotten");
}

#[tokio::test]
async fn what_cannot_be_taken_is_told_and_costs_no_attempt() {
    let (login, _, _) = hand::login();
    let ann = set_up(&login).await;
    for _ in 0..9 {
        for (password, code) in [
            ("too short", "password_too_short"),
            ("passwordpasswordpassword", "password_guessable"),
            (&*"x".repeat(257), "password_too_long"),
        ] {
            let refused = login.change_password(&workspace(), &ann.session, PASSWORD, password).await;
            assert_eq!(refused.unwrap_err().code(), code);
        }
    }
    login.change_password(&workspace(), &ann.session, PASSWORD, OTHER).await.expect("changed");
}

#[tokio::test]
async fn a_session_is_good_in_its_own_workspace_alone() {
    let (login, _, _) = hand::login();
    let ann = set_up(&login).await;
    let other = minicom_core::WorkspaceId::new("other").unwrap();
    let refused = login.change_password(&other, &ann.session, PASSWORD, OTHER).await.unwrap_err();
    assert!(refused.is_signed_out());
    assert!(is_in(&login, &ann.session).await);
}

/// Of two changes at the same moment one is made; the other's old password is not the one that there is, or its session is over.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_at_once_one_is_made() {
    let (login, _, _) = hand::login();
    let ann = set_up(&login).await;
    let (workspace, passwords) = (workspace(), [OTHER, "four figs and a medlar"]);
    let [one, two] =
        passwords.map(|password| login.change_password(&workspace, &ann.session, PASSWORD, password));
    let (one, two) = tokio::join!(one, two);
    assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
    for (made, password) in [&one, &two].into_iter().zip(passwords) {
        let lets_in = login.log_in(&workspace, "ann@example.com", password).await.is_ok();
        assert_eq!(lets_in, made.is_ok());
        if let Ok(made) = made {
            assert!(is_in(&login, &made.session).await);
        }
    }
}
