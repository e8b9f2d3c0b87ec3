//! Anything, in any order, against a plain model.

use crate::store::{StoreFixture, model};

/// Random operations are answered as [`MemoryStore`](minicom_core::MemoryStore) answers them.
pub async fn operations_agree_with_the_model(fixture: &dyn StoreFixture) {
    let store = fixture.open().await;
    // The runner is synchronous and wants to run the failing case again and again while it makes it smaller.
    tokio::task::block_in_place(|| model::check(&store));
}
