//! Two logins on one database file, as two processes have it.

use std::sync::Arc;

use minicom_core::AgentRole;
use minicom_login::Login;
use minicom_sqlite::SqliteStore;

use crate::hand::{PASSWORD, is_in, join, set_up, workspace};

const WRONG: &str = "not three apples, nor a pear";

fn two(folder: &tempfile::TempDir) -> [Login; 2] {
    let file = folder.path().join("desk.db");
    [0, 1].map(|_| Login::new(Arc::new(SqliteStore::open(&file).expect("a file"))))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_one_does_holds_in_the_other_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let [here, there] = two(&folder);
    let ann = set_up(&here).await;
    assert!(is_in(&there, &ann.session).await);
    let ben = join(&there, &ann.identity, "ben@example.com", AgentRole::Agent).await;
    let elsewhere = here.log_in(&workspace(), "ben@example.com", PASSWORD).await.unwrap();
    assert!(is_in(&here, &ben.session).await && is_in(&there, &elsewhere.session).await);
    here.remove(&ann.identity, "ben@example.com").await.unwrap();
    assert!(!is_in(&there, &ben.session).await && !is_in(&there, &elsewhere.session).await);
}

/// Whatever the order of their appends: nothing that was answered is lost, and guesses are counted together.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn both_at_once_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let logins = two(&folder);
    let ann = set_up(&logins[0]).await;
    let invited: Vec<_> = (0..20)
        .map(|n| {
            let (login, owner) = (logins[n % 2].clone(), ann.identity.clone());
            let email = format!("agent{n}@example.com");
            tokio::spawn(async move { login.invite(&owner, &email, AgentRole::Agent).await.map(drop) })
        })
        .collect();
    let guesses: Vec<_> = (0..20)
        .map(|n| {
            let login = logins[n % 2].clone();
            tokio::spawn(async move { login.log_in(&workspace(), "ann@example.com", WRONG).await.map(drop) })
        })
        .collect();
    let mut open = 0;
    for invited in invited {
        open += usize::from(invited.await.unwrap().is_ok());
    }
    assert_eq!(logins[1].invitations(&ann.identity).await.unwrap().len(), open);
    assert_eq!(open, 20);
    let mut compared = 0;
    for guess in guesses {
        compared += usize::from(guess.await.unwrap().unwrap_err().is_wrong_password());
    }
    assert_eq!(compared, 5);
    assert!(logins[1].log_in(&workspace(), "ann@example.com", PASSWORD).await.unwrap_err().is_locked());
}
