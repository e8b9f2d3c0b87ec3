//! A whole `Minicom` upon a file: what a conversation costs, a disk that fills up, and a restart.

use std::{path::Path, sync::Arc};

use minicom_core::{
    ClientId, Command, Identity, Minicom, PageFrom, PageRequest, ParticipantId, Seq, Store, Target,
    WorkspaceId,
};
use minicom_sqlite::{SqliteOptions, SqliteStore};

fn ann() -> (Identity, Target) {
    let ann = ParticipantId::new("ann@example.com").unwrap();
    (Identity::user(WorkspaceId::default(), ann.clone()), Target::Participant(ann))
}

fn open(path: &Path, options: &SqliteOptions) -> (Minicom, Arc<SqliteStore>) {
    let store = Arc::new(SqliteStore::open_with(path, options).unwrap());
    let shared: Arc<dyn Store> = store.clone();
    (Minicom::builder().without_rate_limits().shared_store(shared).build().unwrap(), store)
}

#[tokio::test]
async fn two_hundred_messages_in_flight_cost_few_syncs() {
    let directory = tempfile::tempdir().unwrap();
    let (minicom, store) = open(&directory.path().join("chat.db"), &SqliteOptions::new());
    let said: Vec<_> = (0..200)
        .map(|number| {
            let minicom = minicom.clone();
            tokio::spawn(async move {
                let (identity, target) = ann();
                minicom
                    .execute(&identity, &target, Command::message(format!("{number}")))
                    .await
                    .unwrap()
                    .unwrap()
                    .seq
            })
        })
        .collect();
    let mut seqs = Vec::new();
    for said in said {
        seqs.push(said.await.unwrap().0);
    }
    seqs.sort_unstable();
    assert!(seqs.into_iter().eq(1..=200));
    let stats = store.stats();
    assert!(stats.transactions <= 20, "{stats:?}");
    minicom.shutdown().await;
    store.close().await;
}

#[tokio::test]
async fn a_full_disk_is_unavailable_and_loses_nothing_that_was_acknowledged() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("chat.db");
    let (identity, target) = ann();
    let say =
        |number: u64| Command::message_once("x".repeat(4000), ClientId::new(number.to_string()).unwrap());
    let (minicom, store) = open(&path, &SqliteOptions::new().max_pages(120));
    let mut acknowledged = 0;
    let error = loop {
        match minicom.execute(&identity, &target, say(acknowledged + 1)).await {
            Ok(_) => acknowledged += 1,
            Err(error) => break error,
        }
        assert!(acknowledged < 1000, "it never fills up");
    };
    assert!(acknowledged > 0 && error.is_retryable(), "{error:?}");
    // What is stored can still be read.
    let page = minicom.conversation(&identity, &target, PageRequest::latest()).await.unwrap();
    assert_eq!(page.last_seq, Seq(acknowledged));
    minicom.shutdown().await;
    store.close().await;

    // There is room again: the same message, sent again, is stored.
    let (minicom, store) = open(&path, &SqliteOptions::new());
    let ack = minicom.execute(&identity, &target, say(acknowledged + 1)).await.unwrap().unwrap();
    assert_eq!(ack.seq, Seq(acknowledged + 1));
    assert_eq!(
        minicom.execute(&identity, &target, say(1)).await.unwrap().unwrap().seq,
        Seq(1),
        "stored once"
    );
    let page =
        minicom.conversation(&identity, &target, PageRequest::new(PageFrom::After(Seq(0)))).await.unwrap();
    assert_eq!(page.first_seq, Seq(1));
    minicom.shutdown().await;
    store.close().await;
}
