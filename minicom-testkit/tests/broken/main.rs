//! Stores with one fault each: the suite must fail, by the name of a case that says what is wrong. A store without fault
//! passes.

mod store;

use std::{
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::PathBuf,
    sync::Arc,
};

use async_trait::async_trait;
use minicom_core::{EventQuery, MemoryStore, Position, Store, WorkspaceId};
use minicom_testkit::{
    store::{StoreFixture, cases},
    suite::{Case, run},
};
use store::{Broken, Wrong};
use tempfile::TempDir;

/// A broken store, what it is made of, and its file.
struct Fixture {
    wrong: Wrong,
    inner: Arc<MemoryStore>,
    directory: TempDir,
}

impl Fixture {
    fn new(wrong: Wrong) -> Self {
        Self { wrong, inner: Arc::default(), directory: tempfile::tempdir().unwrap() }
    }

    fn file(&self) -> PathBuf {
        self.directory.path().join("events")
    }
}

#[async_trait]
impl StoreFixture for Fixture {
    async fn open(&self) -> Arc<dyn Store> {
        Arc::new(Broken::new(self.wrong, self.inner.clone(), self.file()))
    }

    async fn reopen(&self) -> Option<Arc<dyn Store>> {
        let mut store = Broken::new(self.wrong, self.inner.clone(), self.file());
        store.reopened = true;
        Some(Arc::new(store))
    }

    async fn settled_files(&self) -> Option<Vec<PathBuf>> {
        if self.wrong != Wrong::KeepsDeletedWords {
            // What is kept, and nothing else. Those who look into files live in this workspace.
            let workspace = WorkspaceId::new("w").unwrap();
            let query = EventQuery::Workspace { workspace, after: Position(0), limit: usize::MAX };
            let events = self.inner.events(&query).await.unwrap().items;
            let kept: Vec<_> = events.iter().flat_map(|event| event.data.to_vec()).collect();
            fs::write(self.file(), kept).unwrap();
        }
        Some(vec![self.file()])
    }
}

fn fails(case: &Case<dyn StoreFixture>, wrong: Wrong) -> bool {
    let fixture = Fixture::new(wrong);
    catch_unwind(AssertUnwindSafe(|| run((case.run)(&fixture)))).is_err()
}

/// Only the case that names the fault is run: others fail, too, and some take their time to say how.
#[track_caller]
fn assert_caught(wrong: Wrong, by: &str) {
    let case = cases().into_iter().find(|case| case.name == by).expect("a case of this name");
    assert!(fails(&case, wrong), "{wrong:?} is not caught by {by}");
}

#[test]
fn a_healthy_store_passes_every_case() {
    let failing: Vec<_> = cases().into_iter().filter(|case| fails(case, Wrong::Nothing)).collect();
    assert!(failing.is_empty(), "{failing:?}");
}

macro_rules! caught {
    ($($test:ident: $wrong:ident by $case:literal;)+) => {
        $(#[test]
        fn $test() {
            assert_caught(Wrong::$wrong, $case);
        })+
    };
}

caught! {
    a_lost_append: LosesAnAppend by "concurrent::writers_of_one_log_lose_nothing";
    a_stale_snapshot: AnswersAStaleSnapshot by "append::stale_revision_conflicts";
    a_seq_given_twice: GivesASeqTwice by "append::numbers_are_dense";
    a_forgotten_client_id: ForgetsClientIds by "duplicates::and_conflicts_in_every_order";
    a_client_id_forgotten_by_a_restart: ForgetsClientIdsWhenReopened by "duplicates::and_conflicts_after_reopening";
    position_7_shown_before_6: ShowsALaterPositionFirst by "concurrent::a_reader_by_position_misses_nothing";
    deleted_words_in_the_file: KeepsDeletedWords by "erase::forgotten_bytes_are_gone";
    deleted_words_in_the_file_after_a_restart: KeepsDeletedWords by "lasting::erased_bytes_stay_gone_after_reopening";
    a_revision_ignored: IgnoresExpect by "append::stale_revision_conflicts";
    a_conflict_told_before_a_duplicate: TellsConflictFirst by "duplicates::win_over_conflict";
    rows_of_another_workspace: LeaksRows by "isolation::workspaces_share_nothing";
    half_a_change: ShowsHalfAChange by "concurrent::no_change_is_seen_by_halves";
    a_page_that_hides_that_there_is_more: HidesMore by "events::limits_and_more";
    a_row_not_moved_by_its_change: LeavesRowsInPlace by "rows::changed_after";
    a_snapshot_lost_with_its_events: LosesTheSnapshotWithTheEvents by "lasting::a_long_log_opens_by_its_snapshot";
}
