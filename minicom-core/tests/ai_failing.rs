//! The AI on a store that fails.

mod common;

use std::{sync::Arc, time::Duration};

use common::{Client, TokioClock, id, user};
use minicom_core::{MemoryStore, Minicom, PageRequest, Target};
use minicom_testkit::{
    faulty::{Fault, Faults, FaultyStore},
    responder::ScriptedResponder,
};
use serde_json::json;

/// A store that is down answers at once that it is: who asks again at once keeps a processor busy, and the store.
#[tokio::test(start_paused = true)]
async fn a_claim_that_cannot_be_stored_is_tried_again_in_a_while() {
    let store = Arc::new(FaultyStore::new(MemoryStore::new(), Faults::none()));
    let minicom = Minicom::builder()
        .shared_store(store.clone())
        .clock(TokioClock::default())
        .async_responder(ScriptedResponder::new().fails().says("At last."))
        .build()
        .unwrap();
    let (mut ann, _) = Client::user(&minicom, "ann").await;
    ann.send(json!({"type": "message", "message": "Hello?"}));
    ann.frame_of("message").await;
    // The first attempt has failed, the second one is due in a second.
    tokio::time::sleep(Duration::from_secs(1)).await;
    for _ in 0..15 {
        store.fail_next_append(Fault::Before);
    }
    tokio::time::sleep(Duration::from_secs(10)).await;
    assert!((5..=11).contains(&store.injected()), "{} appends in 10 seconds", store.injected());
    tokio::time::sleep(Duration::from_secs(15)).await;
    let page = minicom
        .conversation(&user("ann"), &Target::Participant(id("ann")), PageRequest::latest())
        .await
        .unwrap();
    assert_eq!(page.events.len(), 2, "it is answered once the store is up again");
}
