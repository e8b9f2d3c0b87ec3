//! The committed corpus: seeds, what was found, and a part of what fuzzing reached. A file that fails names itself.

use std::{fs, path::Path};

use minicom_fuzz::TARGETS;

/// Tells which file was running when a target panicked.
struct Running(String);

impl Drop for Running {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("failed: {}", self.0);
        }
    }
}

fn replay(target: &str) {
    let (_, run) = TARGETS.iter().find(|(name, _)| *name == target).expect("a target");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus").join(target);
    let mut files: Vec<_> =
        fs::read_dir(&folder).expect("a corpus").map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    for file in &files {
        let running = Running(file.display().to_string());
        run(&fs::read(file).expect("a file"));
        println!("{}", running.0);
    }
    assert!(files.len() >= 8, "{} files are no corpus", files.len());
}

#[test]
fn frames() {
    replay("frames");
}

#[test]
fn session() {
    replay("session");
}

#[test]
fn http() {
    replay("http");
}

#[test]
fn stored() {
    replay("stored");
}

#[test]
fn every_target_has_a_corpus_and_every_corpus_a_target() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus");
    let mut folders: Vec<_> = fs::read_dir(corpus)
        .expect("a corpus")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("a name"))
        .collect();
    folders.sort();
    let mut targets = TARGETS.map(|(name, _)| name);
    targets.sort_unstable();
    assert_eq!(folders, targets);
}
