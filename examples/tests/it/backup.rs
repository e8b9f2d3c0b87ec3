//! Copies of the database while everybody talks, and what a restore is to the server and to clients.

use std::{ffi::OsStr, fs, path::Path, sync::Arc};

use serde_json::json;
use tempfile::TempDir;

use crate::{
    client::Client,
    desk::{Desk, Ended, command, fails},
    talk::{EMAILS, Progress, email_of, everybody, stored, talk},
};

/// Runs the command on a database until it ends.
async fn on(db: &Path, arguments: &[&OsStr]) -> Ended {
    let db = [OsStr::new("--db"), db.as_os_str()];
    fails(command(&[&db[..], arguments].concat())).await
}

async fn back_up(db: &Path, to: &Path) -> Ended {
    on(db, &["backup".as_ref(), to.as_ref()]).await
}

async fn restore(db: &Path, from: &Path) -> Ended {
    on(db, &["restore".as_ref(), from.as_ref()]).await
}

fn succeeded(ended: &Ended) {
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""), "{ended:?}");
}

#[tokio::test]
async fn copies_made_under_load_are_whole_beginnings_that_can_be_served() {
    const COPIES: usize = 3;
    let folder = TempDir::new().expect("a folder");
    let db = folder.path().join("minicom.db");
    let desk = Desk::start(&db).await;
    let progress = Arc::new(Progress::default());
    let talking = talk(everybody(), &desk, &progress).await;
    let mut copies = Vec::new();
    for copy in 0..COPIES {
        progress.reach(progress.acked().len() + 100).await;
        let (before, path) = (progress.acked(), folder.path().join(format!("copy-{copy}.db")));
        succeeded(&back_up(&db, &path).await);
        copies.push((before, path));
    }
    // Everybody has gone on talking.
    progress.reach(progress.acked().len() + 100).await;
    desk.signal("TERM");
    assert_eq!(desk.ended().await.code, Some(0));
    talking.join_all().await;

    let desk = Desk::start(&db).await;
    let mut whole = Vec::new();
    for email in EMAILS {
        whole.push(stored(&desk, email).await);
    }
    for (before, path) in copies {
        let restored = folder.path().join("restored").with_extension(path.file_stem().expect("a name"));
        succeeded(&restore(&restored, &path).await);
        let desk = Desk::start(&restored).await;
        for (email, whole) in EMAILS.iter().zip(&whole) {
            // Dense from its first seq, as `stored` looks.
            let stored = stored(&desk, email).await;
            assert!(
                stored.iter().all(|(id, seq)| whole.get(id) == Some(seq)),
                "what it has, it has at its seq"
            );
            for (id, seq) in before.iter().filter(|(id, _)| email_of(id) == *email) {
                assert_eq!(stored.get(id), Some(seq), "{id} was acknowledged before the copy began");
            }
        }
    }
}

#[tokio::test]
async fn clients_load_anew_what_was_restored() {
    let folder = TempDir::new().expect("a folder");
    let (db, copy) = (folder.path().join("minicom.db"), folder.path().join("copy.db"));
    let desk = Desk::start(&db).await;
    let mut ann = Client::connect(desk.address, "/ws/chat/user/ann/").await;
    ann.expect("history").await;
    let say = async |ann: &mut Client, id: &str| {
        ann.send(json!({"type": "message", "message": id, "client_id": id})).await;
        ann.expect_all(["ack", "message"]).await
    };
    say(&mut ann, "in the copy").await;
    succeeded(&back_up(&db, &copy).await);
    say(&mut ann, "after it").await;
    ann.send(json!({"type": "get_conversation", "after": 0, "client_id": "page"})).await;
    let page = ann.expect("conversation").await;
    assert_eq!(page["last_seq"], 2);

    let refused = restore(&db, &copy).await;
    assert_eq!((refused.code, refused.stderr.lines().count()), (Some(1), 1), "{refused:?}");
    assert!(refused.stderr.contains("minicom.db open"), "{refused:?}");
    say(&mut ann, "undisturbed").await;
    desk.signal("TERM");
    assert_eq!(desk.ended().await.code, Some(0));
    let restored = restore(&db, &copy).await;
    succeeded(&restored);
    let former = restored.stdout.lines().find_map(|line| line.strip_prefix("former    ")).expect("a path");
    assert!(Path::new(former).exists());

    let desk = Desk::start(&db).await;
    let mut ann = Client::connect(desk.address, "/ws/chat/user/ann/").await;
    ann.expect("history").await;
    for after in [0, 1, 2] {
        let known = json!({"type": "get_conversation", "after": after, "epoch": page["epoch"]});
        ann.send(known).await;
        let reload = ann.expect("conversation").await;
        assert_eq!((&reload["recovered"], &reload["last_seq"]), (&json!(false), &json!(1)), "{reload}");
        assert_ne!(reload["epoch"], page["epoch"]);
        assert_eq!(reload["messages"][0]["content"], "in the copy");
    }
    // What the copy does not know is stored when it is said again, and what it knows is not.
    assert_eq!(say(&mut ann, "after it").await["ack"]["seq"], 2);
    ann.send(json!({"type": "message", "message": "in the copy", "client_id": "in the copy"})).await;
    assert_eq!(ann.expect("ack").await["seq"], 1);
}

#[tokio::test]
async fn a_folder_of_copies_has_as_many_as_were_asked_for() {
    let folder = TempDir::new().expect("a folder");
    let db = folder.path().join("minicom.db");
    let desk = Desk::start(&db).await;
    let copies = folder.path().join("copies");
    fs::create_dir(&copies).expect("a folder");
    for old in ["20200101", "20200102", "20200103"] {
        fs::write(copies.join(format!("minicom-{old}T000000Z.db")), "old").expect("written");
    }
    fs::write(copies.join("notes.txt"), "precious").expect("written");
    let kept = on(&db, &["backup".as_ref(), "--keep".as_ref(), "2".as_ref(), copies.as_ref()]).await;
    succeeded(&kept);
    let said: Vec<_> = kept.stdout.lines().map(|line| line.split(' ').next().expect("a word")).collect();
    assert_eq!(said, ["copied", "removed", "removed"], "{kept:?}");
    let mut left: Vec<_> =
        fs::read_dir(&copies).expect("a folder").map(|entry| entry.expect("one").file_name()).collect();
    left.sort_unstable();
    assert_eq!(left.len(), 3, "{left:?}");
    assert_eq!((&left[0], &left[2]), (&"minicom-20200103T000000Z.db".into(), &"notes.txt".into()));
    drop(desk);
}

#[tokio::test]
async fn what_cannot_be_copied_or_put_back_is_one_clear_line() {
    let folder = TempDir::new().expect("a folder");
    let (db, text) = (folder.path().join("minicom.db"), folder.path().join("letter.txt"));
    fs::write(&text, "Dear reader, this is not a database. ".repeat(40)).expect("written");
    let copy = folder.path().join("copy.db");
    let none = back_up(&db, &copy).await;
    let foreign = back_up(&text, &copy).await;
    drop(Desk::start(&db).await);
    let existing = back_up(&db, &text).await;
    let no_copy = restore(&db, &text).await;
    for (ended, told) in
        [(none, "minicom.db"), (foreign, "not a store"), (existing, "exists"), (no_copy, "not a store")]
    {
        assert_eq!((ended.code, ended.stderr.lines().count()), (Some(1), 1), "{ended:?}");
        assert!(ended.stderr.contains(told), "{told}: {ended:?}");
    }
    assert!(!copy.exists());
    let replaced = on(&db, &["backup".as_ref(), "--replace".as_ref(), text.as_ref()]).await;
    succeeded(&replaced);
    let memory = fails(command(&["--store", "memory", "backup", "x.db"].map(OsStr::new))).await;
    assert_eq!(memory.code, Some(2), "{memory:?}");
}
