//! Copies: made while others write, kept, and put back.

use std::{
    fs,
    num::NonZeroUsize,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
};

use jiff::Timestamp;
use minicom_core::{Also, EventQuery, Order, Rev, Seq, Store};
use minicom_sqlite::{Existing, SqliteStore, backup, backup_into, restore};
use tempfile::TempDir;
use uuid::Uuid;

use crate::{change, file, log, rev};

const NOW: &str = "2026-01-31T09:30:00Z";

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

/// The names in a folder, in order.
fn names(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.collect();
    names.sort_unstable();
    names
}

/// A store with one event, closed; its folder and its file.
async fn closed() -> (TempDir, PathBuf) {
    let (folder, path) = file();
    let store = SqliteStore::open(&path).unwrap();
    store.append(change(1, Rev::NONE, "kept")).await.unwrap();
    store.close().await;
    (folder, path)
}

async fn generation(path: &Path) -> Uuid {
    let store = SqliteStore::open(path).unwrap();
    let generation = store.load(&log(1), &Also::NOTHING).await.unwrap().unwrap().generation;
    store.close().await;
    generation
}

#[tokio::test]
async fn a_copy_is_one_sound_file_for_its_owner_alone_and_is_a_store() {
    let (folder, path) = file();
    let store = SqliteStore::open(&path).unwrap();
    store.append(change(1, Rev::NONE, "in the log beside the file")).await.unwrap();
    let copies = folder.path().join("copies");
    fs::create_dir(&copies).unwrap();
    let copy = copies.join("copy.db");
    store.backup_to(&copy, Existing::Keep).await.unwrap();
    assert_eq!(names(&copies), ["copy.db"]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&copy).unwrap().permissions().mode() & 0o777, 0o600);
    }
    // The one that was copied goes on, and the copy does not.
    store.append(change(1, Rev(1), "later")).await.unwrap();
    let opened = SqliteStore::open(&copy).unwrap();
    assert_eq!((rev(&opened, 1).await, rev(&store, 1).await), (Rev(1), Rev(2)));
    opened.append(change(2, Rev::NONE, "of its own")).await.unwrap();
    opened.close().await;
}

#[tokio::test]
async fn what_exists_is_overwritten_only_if_that_is_asked_for() {
    let (folder, path) = closed().await;
    let to = folder.path().join("copy.db");
    fs::write(&to, "precious").unwrap();
    let error = backup(&path, &to, Existing::Keep).unwrap_err();
    assert!(error.is_existing() && error.to_string().contains("copy.db"), "{error:?}");
    assert_eq!(fs::read(&to).unwrap(), b"precious");
    backup(&path, &to, Existing::Replace).unwrap();
    let opened = SqliteStore::open(&to).unwrap();
    assert_eq!(rev(&opened, 1).await, Rev(1));
}

#[tokio::test]
async fn what_is_no_store_is_not_copied_and_nothing_is_left() {
    let (folder, path) = closed().await;
    let copies = folder.path().join("copies");
    fs::create_dir(&copies).unwrap();
    let to = copies.join("copy.db");

    let none = folder.path().join("none.db");
    assert!(std::error::Error::source(&backup(&none, &to, Existing::Keep).unwrap_err()).is_some());
    assert!(!none.exists(), "it is not made");
    let empty = folder.path().join("empty.db");
    fs::write(&empty, "").unwrap();
    assert!(backup(&empty, &to, Existing::Keep).unwrap_err().is_foreign());
    let foreign = folder.path().join("foreign.db");
    rusqlite::Connection::open(&foreign).unwrap().execute_batch("CREATE TABLE theirs (x)").unwrap();
    assert!(backup(&foreign, &to, Existing::Keep).unwrap_err().is_foreign());
    let newer = folder.path().join("newer.db");
    fs::copy(&path, &newer).unwrap();
    rusqlite::Connection::open(&newer).unwrap().pragma_update(None, "user_version", 99).unwrap();
    assert!(backup(&newer, &to, Existing::Keep).unwrap_err().is_newer_format());
    assert!(restore(&path, &newer, now()).unwrap_err().is_newer_format());

    // A page of an index that is overwritten with nonsense.
    let damaged = folder.path().join("damaged.db");
    fs::copy(&path, &damaged).unwrap();
    let root: u32 = rusqlite::Connection::open(&damaged)
        .unwrap()
        .query_row("SELECT rootpage FROM sqlite_schema WHERE name = 'event_seq'", [], |row| row.get(0))
        .unwrap();
    let mut bytes = fs::read(&damaged).unwrap();
    let at = (root as usize - 1) * 4096;
    bytes[at..at + 4096].fill(0xff);
    fs::write(&damaged, bytes).unwrap();
    for error in [
        backup(&damaged, &to, Existing::Keep).unwrap_err(),
        restore(&path, &damaged, now()).unwrap_err(),
        restore(folder.path().join("new.db"), &damaged, now()).unwrap_err(),
    ] {
        assert!(error.is_damaged(), "{error:?}");
    }

    assert!(names(&copies).is_empty());
    assert!(backup(&path, folder.path().join("nowhere/copy.db"), Existing::Keep).is_err());
    assert!(names(folder.path()).iter().all(|name| !name.contains("partial")), "{:?}", names(folder.path()));
    let store = SqliteStore::open(&path).unwrap();
    assert_eq!(rev(&store, 1).await, Rev(1), "a restore that fails leaves what was there");
}

/// Each copy, made while two stores write as two processes would, has what was appended before it began, and of each log a
/// beginning.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_made_under_load_is_a_beginning_of_every_log() {
    const LOGS: u128 = 4;
    let (folder, path) = file();
    let stores = [(); 2].map(|()| Arc::new(SqliteStore::open(&path).unwrap()));
    let stop = Arc::new(AtomicBool::new(false));
    let appended: Arc<[AtomicU64; LOGS as usize]> = Arc::default();
    let writers: Vec<_> = (0..LOGS)
        .map(|number| {
            let (store, stop) = (stores[usize::try_from(number).unwrap() % 2].clone(), stop.clone());
            let appended = appended.clone();
            tokio::spawn(async move {
                let mut last = Rev::NONE;
                while !stop.load(Ordering::Relaxed) {
                    last = store.append(change(number, last, vec![7; 2_000])).await.unwrap().rev;
                    appended[usize::try_from(number).unwrap()].store(last.0, Ordering::Release);
                }
            })
        })
        .collect();
    let far = |at_least| appended.iter().all(|revs| revs.load(Ordering::Acquire) >= at_least);
    for round in 0..5 {
        while !far(20 * (round + 1)) {
            tokio::task::yield_now().await;
        }
        let before: Vec<_> = appended.iter().map(|revs| revs.load(Ordering::Acquire)).collect();
        let copy = folder.path().join(format!("copy-{round}.db"));
        stores[0].backup_to(&copy, Existing::Keep).await.unwrap();
        let opened = SqliteStore::open(&copy).unwrap();
        for (number, before) in (0..LOGS).zip(before) {
            let last = rev(&opened, number).await;
            assert!(last.0 >= before, "{last:?} after {before}");
            let query = EventQuery::Log {
                log: log(number),
                from: Seq(1),
                through: Seq(u64::MAX >> 1),
                order: Order::OldestFirst,
                limit: 100_000,
            };
            let events = opened.events(&query).await.unwrap().items;
            assert!(events.iter().map(|event| event.seq.0).eq(1..=last.0), "no gap");
        }
        opened.close().await;
    }
    stop.store(true, Ordering::Relaxed);
    for writer in writers {
        writer.await.unwrap();
    }
}

#[tokio::test]
async fn a_folder_keeps_the_newest_copies_and_whatever_else_lies_there() {
    let (folder, path) = closed().await;
    let copies = folder.path().join("copies");
    fs::create_dir(&copies).unwrap();
    let others = [
        "minicom-20200101T000000.db",
        "minicom-20200101T000000Z.db.gz",
        "minicom-20209901T000000Z.db",
        "minicom-before-restore-20200101T000000Z.db",
        "minicom.db",
        "other-20200101T000000Z.db",
    ];
    for other in others {
        fs::write(copies.join(other), "precious").unwrap();
    }
    fs::create_dir(copies.join("minicom-20200102T000000Z.db")).unwrap();
    let keep = NonZeroUsize::new(3).unwrap();
    let mut removed = Vec::new();
    for second in 0..6 {
        let kept =
            backup_into(&path, &copies, keep, now() + jiff::SignedDuration::from_secs(second)).unwrap();
        assert_eq!(kept.made, copies.join(format!("minicom-20260131T09300{second}Z.db")));
        removed.extend(kept.removed);
    }
    let gone = (0..3).map(|second| copies.join(format!("minicom-20260131T09300{second}Z.db")));
    assert!(removed.into_iter().eq(gone));
    let mut expected: Vec<_> = others.map(str::to_owned).into();
    expected.extend((3..6).map(|second| format!("minicom-20260131T09300{second}Z.db")));
    expected.push("minicom-20200102T000000Z.db".to_owned());
    expected.sort_unstable();
    assert_eq!(names(&copies), expected);
    // A clock that was set back: the new one is kept, though it looks the oldest.
    let kept = backup_into(&path, &copies, NonZeroUsize::MIN, now()).unwrap();
    assert!(kept.made.exists() && kept.removed.len() == 3, "{kept:?}");
    assert!(backup_into(&path, &copies, keep, now()).unwrap_err().is_existing(), "two within a second");
}

#[tokio::test]
async fn a_restore_renews_the_generation_and_keeps_what_was_there() {
    let (folder, path) = closed().await;
    let copy = folder.path().join("copy.db");
    backup(&path, &copy, Existing::Keep).unwrap();
    let before = generation(&path).await;
    let store = SqliteStore::open(&path).unwrap();
    store.append(change(1, Rev(1), "after the copy")).await.unwrap();
    store.close().await;

    let former = restore(&path, &copy, now()).unwrap().unwrap();
    assert_eq!(former, folder.path().join("minicom-before-restore-20260131T093000Z.db"));
    let (restored, kept) = (SqliteStore::open(&path).unwrap(), SqliteStore::open(&former).unwrap());
    assert_eq!((rev(&restored, 1).await, rev(&kept, 1).await), (Rev(1), Rev(2)));
    restored.append(change(1, Rev(1), "another way on")).await.unwrap();
    for store in [restored, kept] {
        store.close().await;
    }
    let generations = [generation(&path).await, generation(&former).await, generation(&copy).await];
    assert_eq!(&generations[1..], [before; 2]);
    assert_ne!(generations[0], before);
    // The same copy again is another generation again, and another former one is not overwritten.
    assert!(restore(&path, &copy, now()).unwrap_err().is_existing());
    restore(&path, &copy, now() + jiff::SignedDuration::from_secs(1)).unwrap();
    assert_ne!(generation(&path).await, generations[0]);
    assert!(names(folder.path()).iter().all(|name| !name.contains("partial") && !name.ends_with("-wal")));
}

#[tokio::test]
async fn a_restore_makes_a_file_that_is_missing() {
    let (folder, path) = closed().await;
    let new = folder.path().join("new.db");
    assert_eq!(restore(&new, &path, now()).unwrap(), None);
    let store = SqliteStore::open(&new).unwrap();
    assert_eq!(rev(&store, 1).await, Rev(1));
    store.close().await;
    // A log without its file would be applied to whatever comes in its place.
    fs::remove_file(&new).unwrap();
    fs::write(folder.path().join("new.db-wal"), "left").unwrap();
    let error = restore(&new, &path, now()).unwrap_err();
    assert!(error.to_string().contains("new.db-wal"), "{error}");
    assert!(!new.exists());
}

#[tokio::test]
async fn a_store_that_is_open_is_not_restored() {
    let (folder, path) = closed().await;
    let copy = folder.path().join("copy.db");
    backup(&path, &copy, Existing::Keep).unwrap();
    let store = SqliteStore::open(&path).unwrap();
    assert!(restore(&path, &copy, now()).unwrap_err().is_in_use(), "nothing was asked of it yet");
    store.append(change(1, Rev(1), "going on")).await.unwrap();
    assert!(restore(&path, &copy, now()).unwrap_err().is_in_use());
    assert_eq!(rev(&store, 1).await, Rev(2));
    store.append(change(1, Rev(2), "and on")).await.unwrap();
    store.close().await;
    // Who only reads has it open, too.
    let reader = rusqlite::Connection::open(&path).unwrap();
    let _: i64 = reader.query_row("SELECT count(*) FROM event", [], |row| row.get(0)).unwrap();
    assert!(restore(&path, &copy, now()).unwrap_err().is_in_use());
    reader.close().unwrap();
    assert_eq!(names(folder.path()), ["copy.db", "minicom.db"], "what was refused has left nothing");
    restore(&path, &copy, now()).unwrap();
}

/// What a killed process leaves is a log beside the file, and that is part of what is kept.
#[tokio::test]
async fn what_a_dead_process_left_in_its_log_is_kept() {
    let (folder, path) = closed().await;
    let store = SqliteStore::open(&path).unwrap();
    store.append(change(1, Rev(1), "only in the log")).await.unwrap();
    let dead = folder.path().join("dead.db");
    for end in ["", "-wal"] {
        let name = |path: &Path| PathBuf::from(format!("{}{end}", path.display()));
        fs::copy(name(&path), name(&dead)).unwrap();
    }
    store.close().await;
    let copy = folder.path().join("copy.db");
    backup(&dead, &copy, Existing::Keep).unwrap();
    assert_eq!(rev(&SqliteStore::open(&copy).unwrap(), 1).await, Rev(2));
    let former = restore(&dead, &path, now()).unwrap().unwrap();
    assert_eq!(rev(&SqliteStore::open(former).unwrap(), 1).await, Rev(2));
}

#[test]
fn a_backup_waits_for_who_holds_the_file_for_a_moment() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let (folder, path) = runtime.block_on(closed());
    let holder = rusqlite::Connection::open(&path).unwrap();
    holder.execute_batch("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE").unwrap();
    let copy = folder.path().join("copy.db");
    let waiting = thread::spawn({
        let (path, copy) = (path.clone(), copy.clone());
        move || backup(path, copy, Existing::Keep)
    });
    // Whether it has come as far as the lock by now or not, it is done afterwards.
    holder.execute_batch("COMMIT").unwrap();
    holder.close().unwrap();
    waiting.join().unwrap().unwrap();
    assert!(copy.exists());
}
