//! A knowledge base of 1,000 sections in 100 pages: reading and indexing it, and looking a question up in it.

#![allow(missing_docs, reason = "criterion's macros document nothing")]

use std::{fmt::Write as _, fs, hint::black_box};

use criterion::{Criterion, criterion_group, criterion_main};
use minicom_benches::measured;
use minicom_faq::{Knowledge, KnowledgeOptions};
use tempfile::TempDir;

/// Words that many sections share, so that a question has much to choose from.
const COMMON: [&str; 12] = [
    "order", "parcel", "account", "invoice", "refund", "address", "delivery", "payment", "lamp", "shade",
    "cable", "warranty",
];

fn pages() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for page in 0..100 {
        let mut text = format!("# Page {page}\n\n");
        for section in 0..10 {
            let _ = write!(text, "## Topic{page}x{section} {}\n\n", COMMON[(page + section) % COMMON.len()]);
            for sentence in 0..8 {
                let (a, b) = (
                    COMMON[(page * 7 + sentence) % COMMON.len()],
                    COMMON[(section + sentence * 5) % COMMON.len()],
                );
                let _ = write!(
                    text,
                    "About the {a} and its {b} we say *something* of item{} here. ",
                    page * 31 + sentence
                );
            }
            text.push_str("\n\n");
        }
        fs::write(folder.path().join(format!("{page}.md")), text).expect("a page");
    }
    folder
}

fn knowledge(c: &mut Criterion) {
    let folder = pages();
    let open =
        || Knowledge::open(folder.path(), KnowledgeOptions::new().watch_every(None)).expect("the pages");
    let knowledge = open();
    assert_eq!(knowledge.stats().sections, 1_000);
    let mut group = c.benchmark_group("knowledge");
    group.bench_function("open 1,000 sections", |b| b.iter(open));
    let long = (0..4_000).map(|n| COMMON[n % COMMON.len()]).collect::<Vec<_>>().join(" ");
    for (name, question) in [
        ("a question of rare words", "What does topic42x7 say?"),
        ("a question of common words", "When will the refund of my order arrive at my account address?"),
        ("nothing known", "How tall is Mount Everest?"),
        ("16 KiB of common words", &long),
    ] {
        group.bench_function(name, |b| b.iter(|| black_box(knowledge.look_up(black_box(question), &[]))));
    }
    group.finish();
}

criterion_group! { name = benches; config = measured(); targets = knowledge }
criterion_main!(benches);
