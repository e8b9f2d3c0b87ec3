//! Where terms occur.

use minicom_core::{Position, Rewrite, SearchQuery, Seq};

use crate::store::{
    StoreFixture,
    kit::{add, all, change, conversation, found, log, said, search, words, workspace},
};

/// Each term is a whole word, but the last one the beginning of one.
pub async fn whole_words_and_a_last_prefix(fixture: &dyn StoreFixture) {
    let store = fixture.open().await;
    add(&store, &log(1), vec![said("Refund the order"), said("refunds ordered"), said("prefund")]).await;
    assert_eq!(found(&store, "refund").await, [2, 1]);
    assert_eq!(found(&store, "refund ord").await, [1]);
    assert_eq!(found(&store, "ord refund").await, Vec::<u64>::new());
    assert_eq!(found(&store, "refunds o").await, [2]);
    assert_eq!(found(&store, "fund").await, Vec::<u64>::new());
    assert_eq!(found(&store, "REFUND").await, [2, 1]);
}

/// In any order, and in any distance.
pub async fn all_terms_must_occur(fixture: &dyn StoreFixture) {
    let store = fixture.open().await;
    add(&store, &log(1), vec![said("one two three"), said("three one"), said("two")]).await;
    assert_eq!(found(&store, "three one").await, [2, 1]);
    assert_eq!(found(&store, "one three two").await, [1]);
    assert_eq!(found(&store, "one one one").await, [2, 1]);
    assert!(found(&store, "one four").await.is_empty());
}

/// Hits come newest first over all logs, and a page ends where the next one begins.
pub async fn newest_first_in_pages(fixture: &dyn StoreFixture) {
    let store = fixture.open().await;
    for number in [1, 2, 1, 3, 2] {
        add(&store, &log(number), vec![said("common"), said("other"), said("common too")]).await;
    }
    let whole = search(&store, &words("common", 100)).await;
    assert_eq!((whole.items.len(), whole.more), (10, false));
    assert!(whole.items.is_sorted_by(|a, b| a.position > b.position));
    let event = all(&store, &log(2)).await.pop().unwrap();
    let newest = &whole.items[0];
    assert_eq!((&newest.log, newest.seq, newest.position), (&event.log, event.seq, event.position));
    let mut query = words("common", 3);
    let mut joined = Vec::new();
    loop {
        let page = search(&store, &query).await;
        joined.extend(page.items);
        assert_eq!(page.more, joined.len() < whole.items.len());
        if !page.more {
            break;
        }
        query.before = joined.last().map(|hit| hit.position);
    }
    assert_eq!(joined, whole.items);
    query.before = Some(Position(0));
    assert!(search(&store, &query).await.items.is_empty());
    query.before = Some(Position(u64::MAX));
    assert_eq!(search(&store, &query).await.items, whole.items[..3]);
}

/// A conversation's scope leaves out all others, also where it does not exist.
pub async fn within_a_conversation(fixture: &dyn StoreFixture) {
    let store = fixture.open().await;
    add(&store, &log(1), vec![said("word here")]).await;
    add(&store, &log(2), vec![said("word there"), said("word there")]).await;
    let mut query = words("word", 9);
    query.conversation = Some(conversation(1));
    let page = search(&store, &query).await;
    assert_eq!((page.items.len(), &page.items[0].log), (1, &log(1)));
    query.conversation = Some(conversation(2));
    assert_eq!(search(&store, &query).await.items.len(), 2);
    query.before = Some(all(&store, &log(2)).await[1].position);
    assert_eq!(search(&store, &query).await.items.len(), 1);
    query.conversation = Some(conversation(3));
    assert!(search(&store, &query).await.items.is_empty());
}

/// What no folding makes is not in any index, and is nobody's syntax.
pub async fn hostile_terms_find_nothing_and_harm_nothing(fixture: &dyn StoreFixture) {
    let store = fixture.open().await;
    add(&store, &log(1), vec![said("near or not and alpha beta")]).await;
    let hostile = [
        "\"",
        "\"\"",
        "'",
        "*",
        "al*",
        "alpha OR beta",
        "alpha beta",
        "terms:alpha",
        "NEAR(alpha)",
        "(",
        ")",
        "^alpha",
        "-",
        "+",
        "\\",
        "%",
        "_",
        "_1",
        "1_alpha",
        "\0",
        "alpha\0",
        "",
        " ",
        "ALPHA",
        "\"alpha\" OR \"beta\"",
        "{",
        "}",
        ";--",
    ];
    for term in hostile {
        for terms in [vec![term], vec![term, "alpha"], vec!["alpha", term]] {
            let terms = terms.into_iter().map(String::from).collect();
            let page = search(&store, &SearchQuery::new(workspace("w"), terms, 9)).await;
            assert!(page.items.is_empty() && !page.more, "{term:?}");
        }
    }
    // An operator's name is a word like any other.
    for word in ["near", "or", "not", "and", "or near alpha"] {
        assert_eq!(found(&store, word).await, [1], "{word}");
    }
}

/// Nothing to look for, nothing found.
pub async fn no_terms_no_hits(fixture: &dyn StoreFixture) {
    let store = fixture.open().await;
    let mut silent = said("silent");
    silent.terms = None;
    let mut empty = said("empty");
    empty.terms = Some(String::new());
    add(&store, &log(1), vec![said("word"), silent, empty]).await;
    assert_eq!(search(&store, &words("", 9)).await.items, []);
    assert!(found(&store, "silent").await.is_empty());
    assert!(found(&store, "empty").await.is_empty());
    let mut change = change(&log(1), minicom_core::Rev(1), Vec::new());
    change.rewrite = vec![Rewrite::new(Seq(2), "x".into(), Some("silent".into()))];
    store.append(change).await.unwrap();
    assert_eq!(found(&store, "silent").await, [2]);
}

/// Letters of every script are letters; nothing is split or folded a second time.
pub async fn beyond_ascii(fixture: &dyn StoreFixture) {
    let store = fixture.open().await;
    let bodies = [
        "Ångström ÉCOLE",
        "日本語",
        "Привет, мир",
        "ﷺ ١٢٣",
        "straße STRASSE",
        "𝔘𝔫𝔦 𐐷𐐏",
        "İstanbul ıiI",
        "ϐ β ς σ",
    ];
    add(&store, &log(1), bodies.iter().map(|body| said(body)).collect()).await;
    for (seq, body) in (1..).zip(bodies) {
        assert!(found(&store, body).await.contains(&seq), "{body}");
    }
    assert_eq!(found(&store, "angstro").await, [1]);
    assert_eq!(found(&store, "本 日").await, [2]);
    assert_eq!(found(&store, "мир прив").await, [3]);
    assert!(found(&store, "ривет").await.is_empty());
}

/// As many terms as a message can hold.
pub async fn many_terms(fixture: &dyn StoreFixture) {
    let store = fixture.open().await;
    let body = (0..2_000).map(|n| format!("t{n}")).collect::<Vec<_>>().join(" ");
    add(&store, &log(1), vec![said(&body), said("t1 t2")]).await;
    assert_eq!(found(&store, &body).await, [1]);
    assert!(found(&store, &format!("{body} missing")).await.is_empty());
    let long = "x".repeat(5_000);
    add(&store, &log(1), vec![said(&long)]).await;
    assert_eq!(found(&store, &long[..4_000]).await, [3]);
}
