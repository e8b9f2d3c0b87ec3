//! What is read of a folder.

use std::{fs, sync::Arc, thread};

use minicom_faq::Knowledge;

use crate::kit::{folder, open, options, shop, titles, write};

#[test]
fn folders_in_folders_are_read_and_others_left_out() {
    let pages = folder(&[
        ("a.md", "# Apples\n\nfruit"),
        ("deep/er/b.MD", "# Pears\n\nfruit"),
        (".hidden.md", "# Hidden\n\nfruit"),
        (".git/c.md", "# Git\n\nfruit"),
        ("d.txt", "# Text\n\nfruit"),
        ("e.md", ""),
    ]);
    write(&pages, "latin1.md", b"# Caf\xe9\n\nfruit");
    write(&pages, "large.md", format!("# Large\n\n{}", "fruit ".repeat(1_000)));
    fs::create_dir(pages.path().join("folder.md")).unwrap();
    let knowledge = Knowledge::open(pages.path(), options().max_file_bytes(4_000)).unwrap();
    let mut found = titles(&knowledge, "fruit");
    found.sort();
    assert_eq!(found, ["Apples", "Pears"]);
    let stats = knowledge.stats();
    assert_eq!((stats.pages, stats.skipped, stats.sections), (3, 2, 2));
    let url = knowledge.look_up("pears", &[]).matches[0].passage.source.url.clone();
    assert_eq!(url.as_deref(), Some("/help/deep/er/b"));
}

#[cfg(unix)]
#[test]
fn links_are_followed_within_the_folder_only() {
    use std::os::unix::fs::symlink;

    let secret = folder(&[("secret.md", "# Secret\n\nfruit")]);
    let pages = folder(&[("a.md", "# Apples\n\nfruit"), (".data/b.md", "# Pears\n\nfruit")]);
    symlink(pages.path().join(".data/b.md"), pages.path().join("b.md")).unwrap();
    symlink(secret.path().join("secret.md"), pages.path().join("c.md")).unwrap();
    symlink(secret.path(), pages.path().join("d")).unwrap();
    symlink("/dev/zero", pages.path().join("e.md")).unwrap();
    symlink(pages.path(), pages.path().join("loop")).unwrap();
    symlink("nowhere.md", pages.path().join("f.md")).unwrap();
    let mut found = titles(&open(&pages), "fruit");
    found.sort();
    assert_eq!(found, ["Apples", "Pears"]);
}

#[test]
fn what_cannot_be_a_knowledge_base_is_said() {
    let pages = folder(&[("a.txt", "words"), ("b.md", "# Only a heading")]);
    let missing = Knowledge::open(pages.path().join("missing"), options()).unwrap_err();
    assert!(missing.is_unreadable() && std::error::Error::source(&missing).is_some());
    assert!(Knowledge::open(pages.path().join("a.txt"), options()).unwrap_err().is_unreadable());
    assert!(Knowledge::open(pages.path(), options()).unwrap_err().is_empty());
    for number in 0..4 {
        write(&pages, &format!("{number}.md"), "some words");
    }
    assert!(Knowledge::open(pages.path(), options().max_files(4)).unwrap_err().is_too_large());
    assert!(Knowledge::open(pages.path(), options().max_bytes(30)).unwrap_err().is_too_large());
    assert!(Knowledge::open(pages.path(), options().max_files(5)).is_ok());
}

#[test]
fn a_reload_takes_over_and_a_broken_one_changes_nothing() {
    let pages = shop();
    let knowledge = open(&pages);
    let clone = knowledge.clone();
    write(&pages, "new.md", "# Fish\n\nWe sell fish.");
    assert!(titles(&knowledge, "fish").is_empty());
    knowledge.reload().unwrap();
    assert_eq!(titles(&clone, "fish"), ["Fish"]);
    assert_eq!(knowledge.stats().loads, 2);
    fs::remove_dir_all(pages.path()).unwrap();
    assert!(knowledge.reload().unwrap_err().is_unreadable());
    assert_eq!(titles(&knowledge, "fish"), ["Fish"]);
    assert_eq!(knowledge.stats().loads, 2);
}

/// Two pages that always say the same: whoever sees one of them changed sees both.
#[test]
fn who_asks_during_a_reload_sees_one_state() {
    let both = |word: &str| {
        [("a.md", format!("# First fruit\n\n{word}")), ("b.md", format!("# Second fruit\n\n{word}"))]
    };
    let pages = folder(&[]);
    for (name, text) in both("apple") {
        write(&pages, name, text);
    }
    let knowledge = Arc::new(open(&pages));
    let asking = knowledge.clone();
    let asker = thread::spawn(move || {
        while asking.stats().loads < 40 {
            let texts: Vec<_> =
                asking.look_up("fruit", &[]).matches.into_iter().map(|found| found.passage.text).collect();
            assert_eq!(texts.len(), 2);
            assert_eq!(texts[0], texts[1]);
        }
    });
    for round in 0..39 {
        for (name, text) in both(if round % 2 == 0 { "pear" } else { "apple" }) {
            write(&pages, name, text);
        }
        knowledge.reload().unwrap();
    }
    asker.join().unwrap();
}

#[test]
fn the_same_folder_answers_the_same() {
    let many: Vec<_> =
        (0..50).map(|number| (format!("{number}.md"), format!("# Page {number}\n\nfruit"))).collect();
    let pages = folder(&many.iter().map(|(name, text)| (&**name, &**text)).collect::<Vec<_>>());
    let first = titles(&open(&pages), "fruit");
    assert_eq!(first.len(), 8);
    for _ in 0..3 {
        assert_eq!(titles(&open(&pages), "fruit"), first);
    }
}
