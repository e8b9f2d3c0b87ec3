//! The suite for stores: what an implementation brings, and the one list of all cases.
//!
//! [`store_conformance!`](crate::store_conformance) makes tests of it.

pub mod cases;
mod kit;
mod model;

use std::{path::PathBuf, sync::Arc};

use async_trait::async_trait;
use minicom_core::Store;

use crate::suite::Case;

/// What a store brings to the suite. Each case has a fixture of its own; dropping it cleans up.
#[async_trait]
pub trait StoreFixture: Send + Sync {
    /// An empty store. Called once, before anything else.
    async fn open(&self) -> Arc<dyn Store>;

    /// Closes the store and opens it again upon what it has kept. `None`: it keeps nothing.
    async fn reopen(&self) -> Option<Arc<dyn Store>> {
        None
    }

    /// Waits until the store has settled and names all of its files. `None`: there are none to look into.
    async fn settled_files(&self) -> Option<Vec<PathBuf>> {
        None
    }
}

/// Every case, for a harness of one's own.
pub fn cases() -> Vec<Case<dyn StoreFixture>> {
    crate::__store_cases!(__suite_list { store })
}

/// Makes a `#[test]` of each case, in a module `store_conformance` or of the name that is given first. The last
/// argument is a future of a [`StoreFixture`](crate::store::StoreFixture), evaluated for each case.
#[macro_export]
macro_rules! store_conformance {
    ($fixture:expr) => {
        $crate::store_conformance!(store_conformance, $fixture);
    };
    ($module:ident, $fixture:expr) => {
        mod $module {
            #[allow(unused_imports)]
            use super::*;

            $crate::__store_cases!(__suite_tests { store, $fixture });
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __store_cases {
    ($then:ident $with:tt) => {
        $crate::$then! { $with
            append: unknown_log_is_none, created_log_is_loaded, existing_log_is_not_created_again,
                stale_revision_conflicts, future_revision_conflicts, numbers_are_dense,
                marks_raise_rev_and_position, several_logs_share_positions, large_bodies_come_back,
                generation_is_one;
            also: by_seq, by_client_id_across_logs, unknown_names_are_left_out;
            duplicates: across_logs_of_a_workspace, name_index_and_event, win_over_conflict,
                write_nothing, are_per_actor, are_per_workspace, within_one_change_are_refused,
                and_conflicts_in_every_order, and_conflicts_after_reopening;
            erase: rewrite_keeps_the_numbers, rewrite_replaces_words, rewrite_of_unknown_seq_is_ignored,
                rewrite_does_not_reach_new_events, forget_removes_events_and_words, forget_frees_keys,
                seq_continues_after_forgetting_all, forget_spares_the_changes_own_events,
                forgotten_bytes_are_gone, many_forgotten_bytes_are_gone;
            events: ranges_in_both_orders, limits_and_more, empty_and_inverted_ranges,
                workspace_by_position, extreme_numbers;
            rows: come_back_whole, hold_conversations_only, order_is_active_then_id, pages_join_up,
                unread_filter, member_filter, both_filters, waiting_filter, flagged_filter, members_are_replaced,
                changed_after, due;
            search: whole_words_and_a_last_prefix, all_terms_must_occur, newest_first_in_pages,
                within_a_conversation, hostile_terms_find_nothing_and_harm_nothing, no_terms_no_hits,
                beyond_ascii, many_terms;
            isolation: workspaces_share_nothing, due_anywhere, kinds_of_log_are_apart;
            concurrent: writers_of_one_log_lose_nothing, writers_of_many_logs_commit_all,
                a_reader_by_position_misses_nothing, a_reader_of_changed_rows_misses_none,
                no_change_is_seen_by_halves, one_of_racing_equals_wins;
            lasting: reopening_keeps_everything, numbers_go_on_after_reopening,
                erased_bytes_stay_gone_after_reopening, a_long_log_opens_by_its_snapshot;
            random: operations_agree_with_the_model;
        }
    };
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_case_is_listed() {
        crate::suite::assert_all_listed(&super::cases(), "store");
    }
}
