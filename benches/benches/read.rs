//! Reading a file of 10,000, 100,000 and 1,000,000 messages: opening a conversation, paging back in a long one, the inbox,
//! a search. In test mode the smallest file alone is made.
//!
//! A tenth of the messages is in one conversation, the others in conversations of twenty. Rooms close at once, so that each
//! opening reads the store, as it does after a quiet night.

#![allow(missing_docs, reason = "criterion's macros document nothing")]

use std::{hint::black_box, time::Duration};

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use futures_util::{StreamExt, stream};
use minicom_benches::{agent, measured, visitor, whose};
use minicom_core::{Command, Identity, Limits, Minicom, PageFrom, PageRequest, RowFilter, Seq};
use minicom_sqlite::SqliteStore;
use tokio::runtime::Runtime;

const SIZES: [usize; 3] = [10_000, 100_000, 1_000_000];
/// Messages of an ordinary conversation.
const SHORT: usize = 20;
/// How many are said at once while the file is made.
const AT_ONCE: usize = 512;
/// So many messages have the rare word, in each file: what is found is loaded, and is to be as much everywhere.
const RARE: usize = 100;

/// A chat with so many messages in a file.
struct Filled {
    runtime: Runtime,
    minicom: Minicom,
    agent: Identity,
    visitors: usize,
    long: usize,
    _folder: tempfile::TempDir,
}

fn person(number: usize) -> Identity {
    visitor(format!("visitor-{number}@example.com"))
}

fn text(number: usize, of: usize) -> String {
    let word = ["parcel", "invoice", "password", "refund", "delivery"][number % 5];
    let rare = if number.is_multiple_of(of / RARE) { " zeppelin" } else { "" };
    format!("Message {number}: where is my {word}? It was promised for Monday.{rare}")
}

impl Filled {
    fn new(messages: usize) -> Self {
        let runtime = Runtime::new().expect("a runtime");
        let folder = tempfile::tempdir().expect("a folder");
        let store = SqliteStore::open(folder.path().join("bench.db")).expect("a database");
        let mut limits = Limits::default();
        limits.room_idle = Duration::ZERO;
        let minicom = runtime
            .block_on(async { Minicom::builder().store(store).limits(limits).build() })
            .expect("a store was given");
        let agent = agent("ben");
        let (long, visitors) = (messages / 10, messages * 9 / 10 / SHORT);
        let filled = Self { runtime, minicom, agent, visitors, long, _folder: folder };
        // Of those that are not the long conversation's, each visitor in turn.
        let says = |number: usize| {
            if number.is_multiple_of(10) { 0 } else { 1 + (number - number / 10 - 1) % visitors }
        };
        let saying = stream::iter(0..messages).for_each_concurrent(AT_ONCE, |number| {
            let (visitor, minicom) = (person(says(number)), &filled.minicom);
            async move {
                let said = Command::message(text(number, messages));
                minicom.execute(&visitor, &whose(&visitor), said).await.expect("stored");
            }
        });
        filled.runtime.block_on(saying);
        filled
    }

    fn page(&self, visitor: usize, request: PageRequest) {
        let target = whose(&person(visitor));
        let page = self.runtime.block_on(self.minicom.conversation(&self.agent, &target, request));
        assert!(!black_box(page.expect("a page")).events.is_empty());
    }

    fn search(&self, words: &str) {
        let found = self.runtime.block_on(self.minicom.search(&self.agent, words, None, None, 50));
        assert!(!black_box(found.expect("an answer")).hits.is_empty());
    }

    fn inbox(&self, filter: &RowFilter) {
        let list = self.minicom.conversations(&self.agent, filter.clone(), None, 50);
        let list = self.runtime.block_on(list).expect("a list");
        assert_eq!(black_box(list).rows.len(), 50);
    }
}

fn read(c: &mut Criterion) {
    let measured = std::env::args().any(|argument| argument == "--bench");
    for messages in SIZES.into_iter().take(if measured { SIZES.len() } else { 1 }) {
        let filled = Filled::new(messages);
        let mut group = c.benchmark_group("read");
        let mut bench = |name: &str, run: &mut dyn FnMut()| {
            group.bench_function(BenchmarkId::new(name, messages), |b| b.iter(&mut *run));
        };
        let mut next = 0;
        bench("open", &mut || {
            // Far apart, so that what was read for one is of no use for the next.
            next = (next + 7_919) % filled.visitors;
            filled.page(1 + next, PageRequest::latest());
        });
        let middle = Seq(filled.long as u64 / 2);
        bench("page_back_in_a_long_one", &mut || filled.page(0, PageRequest::new(PageFrom::Before(middle))));
        bench("inbox", &mut || filled.inbox(&RowFilter::default()));
        let mut unread = RowFilter::default();
        unread.unread = Some(true);
        bench("inbox_unread", &mut || filled.inbox(&unread));
        bench("search_a_rare_word", &mut || filled.search("zeppelin"));
        bench("search_a_common_word", &mut || filled.search("invoice"));
        // The beginning of very many words, among them the newest messages'.
        bench("search_a_digit", &mut || filled.search("9"));
        bench("search_two_words_and_a_beginning", &mut || filled.search("promised refund mond"));
        group.finish();
        filled.runtime.block_on(filled.minicom.shutdown());
    }
}

criterion_group! { name = benches; config = measured(); targets = read }
criterion_main!(benches);
