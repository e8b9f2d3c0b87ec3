//! `kill -9` under load, again and again: what was acknowledged is there once, at its seq, and nothing is there twice.

use std::sync::Arc;

use tempfile::TempDir;

use crate::{
    desk::Desk,
    talk::{EMAILS, Progress, Sender, email_of, everybody, stored, talk},
};

const KILLS: usize = 50;

async fn check(desk: &Desk, senders: &[Sender]) {
    for email in EMAILS {
        let stored = stored(desk, email).await;
        let acked = senders.iter().flat_map(|sender| &sender.acked);
        for (id, seq) in acked.filter(|(id, _)| email_of(id) == email) {
            assert_eq!(stored.get(id), Some(seq), "{id} was acknowledged");
        }
    }
}

#[tokio::test]
async fn killed_fifty_times_it_loses_nothing_acknowledged_and_doubles_nothing() {
    let folder = TempDir::new().expect("a folder");
    let db = folder.path().join("minicom.db");
    let mut senders = everybody();
    for kill in 0..KILLS {
        let desk = Desk::start(&db).await;
        check(&desk, &senders).await;
        let progress = Arc::new(Progress::default());
        let talking = talk(senders, &desk, &progress).await;
        // At another moment each time, the first few before much is written.
        progress.reach(1 + kill * 7 % 60).await;
        desk.signal("KILL");
        assert_eq!(desk.ended().await.code, None);
        senders = talking.join_all().await;
    }
    let desk = Desk::start(&db).await;
    check(&desk, &senders).await;
    let acked: usize = senders.iter().map(|sender| sender.acked.len()).sum();
    assert!(acked >= KILLS * 10, "too little was said to mean anything: {acked}");
    desk.signal("TERM");
    assert_eq!(desk.ended().await.code, Some(0));
}
