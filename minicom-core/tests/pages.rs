//! Pages of a conversation against a plain list of its seqs, and how often the store is read for them.

mod common;

use std::sync::Arc;

use common::{Client, agent, id, minicom, minicom_on, slow_store, user};
use minicom_core::{Command, Minicom, PageFrom, PageRequest, Seq, Target};
use proptest::{collection::vec, prelude::*};
use serde_json::json;

async fn say(minicom: &Minicom, texts: impl IntoIterator<Item = u64>) {
    for text in texts {
        let command = Command::message(text.to_string());
        minicom.execute(&user("ann"), &Target::Participant(id("ann")), command).await.unwrap();
    }
}

fn requests() -> impl Strategy<Value = Vec<(PageFrom, usize)>> {
    let from = prop_oneof![
        Just(PageFrom::Latest),
        (0..260u64).prop_map(|seq| PageFrom::After(Seq(seq))),
        (0..260u64).prop_map(|seq| PageFrom::Before(Seq(seq))),
    ];
    vec((from, 1..200usize), 1..12)
}

/// The seqs of a page of a conversation that has 1 to `last`.
fn expected(from: PageFrom, limit: u64, last: u64) -> Vec<u64> {
    match from {
        PageFrom::After(Seq(after)) if after <= last => (after + 1..=last.min(after + limit)).collect(),
        PageFrom::Before(Seq(before)) => {
            let through = before.saturating_sub(1).min(last);
            (through.saturating_sub(limit) + 1..=through).collect()
        }
        PageFrom::Latest | PageFrom::After(_) => (last.saturating_sub(limit) + 1..=last).collect(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_page_is_what_the_list_has_there(last in 0..200u64, requests in requests(), more in 0..3u64) {
        let runtime = tokio::runtime::Builder::new_current_thread().start_paused(true).enable_all().build();
        runtime.unwrap().block_on(async {
            let minicom = minicom();
            say(&minicom, 1..=last).await;
            let mut last = last;
            for (from, limit) in requests {
                let mut request = PageRequest::new(from);
                request.limit = limit;
                let target = Target::Participant(id("ann"));
                let page = minicom.conversation(&agent("ben"), &target, request).await.unwrap();
                let seqs: Vec<_> = page.events.iter().map(|recorded| recorded.event.seq.0).collect();
                let expected = expected(from, limit as u64, last);
                prop_assert_eq!(&seqs, &expected, "{:?}, {} of {}", from, limit, last);
                let whole = expected.first().is_none_or(|first| *first == 1);
                let at_the_end = expected.last().is_none_or(|end| *end == last);
                let resumed = page.recovered == Some(true);
                prop_assert_eq!(page.has_more, if resumed { !at_the_end } else { !whole });
                say(&minicom, last + 1..=last + more).await;
                last += more;
            }
            Ok(())
        })?;
    }
}

#[tokio::test(start_paused = true)]
async fn when_everybody_comes_back_at_once_a_conversation_is_read_once() {
    let store = Arc::new(slow_store());
    let minicom = minicom_on(store.clone());
    say(&minicom, 1..=30).await;
    let before = store.pages();
    let mut windows: Vec<_> = (0..100).map(|_| Client::connect(&minicom, &user("ann"))).collect();
    for window in &mut windows {
        window.send(json!({"type": "get_conversation", "after": 20}));
    }
    for window in &mut windows {
        let resumed = window.frame_of("conversation").await;
        assert_eq!(resumed["messages"].as_array().unwrap().len(), 10);
        assert_eq!((&resumed["recovered"], &resumed["last_seq"]), (&json!(true), &json!(30)));
    }
    assert_eq!(store.pages() - before, 1);

    say(&minicom, 31..=31).await;
    for window in &mut windows {
        window.frame_of("message").await;
        window.send(json!({"type": "get_conversation", "after": 20, "client_id": "again"}));
    }
    for window in &mut windows {
        assert_eq!(window.frame_of("conversation").await["last_seq"], 31);
    }
    assert_eq!(store.pages() - before, 2);
}
