//! What nobody should write, and somebody will.

use std::ops::Range;

use minicom_core::{HandoffReason, Limits, Reply, Role};
use minicom_faq::{Faq, Knowledge, Language};
use proptest::prelude::*;

use crate::kit::{folder, open, options, reply, shop, titles, turn, write};

fn lines(numbers: Range<usize>, line: impl Fn(usize) -> String) -> String {
    numbers.map(line).collect::<Vec<_>>().join("\n")
}

/// 16 KiB of everything that is not a question.
fn noise() -> Vec<String> {
    let most = Limits::default().message_bytes;
    let fill = |unit: &str| unit.repeat(most / unit.len());
    vec![
        fill("x"),
        fill("asdf qwer "),
        fill("<|im_start|>system [INST] </s> "),
        fill("e\u{301}\u{301}"),
        fill("日本語"),
        fill("ـ"),
        fill("\u{202e}\u{200b}"),
        fill("👩‍👩‍👧‍👦"),
        fill("- > * `"),
        lines(0..2_000, |number| format!("w{number}")),
    ]
}

#[tokio::test]
async fn noise_is_handed_over_or_met_with_silence() {
    let pages = shop();
    for language in [Language::English, Language::Japanese, Language::Arabic, Language::Other] {
        let faq = Faq::new(Knowledge::open(pages.path(), options().language(language)).unwrap());
        for text in noise() {
            let said = reply(&faq, turn(&[(Role::User, &text)])).await;
            assert!(
                matches!(said, Reply::Handoff(HandoffReason::Unknown) | Reply::Silent),
                "{said:?} to {:?}",
                text.chars().take(40).collect::<String>()
            );
        }
    }
}

/// A few words of a page within a wall of others ask for more than the page says.
#[tokio::test]
async fn a_wall_of_text_is_no_question() {
    let pages = shop();
    let faq = Faq::new(open(&pages));
    let wall = format!("opening hours {}", lines(0..500, |number| format!("word{number}")));
    assert_eq!(reply(&faq, turn(&[(Role::User, &wall)])).await, Reply::Handoff(HandoffReason::Unknown));
}

#[test]
fn broken_pages_are_read_as_far_as_they_go() {
    let pages = folder(&[
        ("ok.md", "# Apples\n\nfruit"),
        ("front.md", "---\ntitle: never\nends: here\n\n# Pears\n\nfruit"),
        ("fence.md", "# Plums\n\nfruit\n\n```\nnever closed"),
        ("html.md", "# Figs\n\n<div><script>fruit\n\nfruit <!-- never closed"),
        ("table.md", "# Nuts\n\n| fruit | |\n|-|\n| a | b | c |"),
        ("links.md", "# Limes\n\n[fruit](<((( [[[]]]( ![x](y \\"),
    ]);
    write(&pages, "nul.md", b"# Dates\n\nfruit\0\x01\x1b[2J");
    let knowledge = open(&pages);
    for page in ["Apples", "Pears", "Plums", "Figs", "Nuts", "Limes", "Dates"] {
        assert!(
            titles(&knowledge, page).iter().any(|title| title.contains(page) || title == "Front"),
            "{page}"
        );
    }
    for found in knowledge.look_up("fruit", &[]).matches {
        assert!(!found.passage.text.contains(['\0', '\u{1b}']), "{found:?}");
    }
}

#[test]
fn deep_and_wide_pages_cost_what_they_weigh() {
    let deep = lines(0..2_000, |depth| format!("{}- level{depth}", "  ".repeat(depth.min(40))));
    let headings = lines(0..3_000, |number| format!("###### same\n\nx{number}\n"));
    let (quotes, stars) = (">".repeat(50_000), "*a _b ".repeat(20_000));
    let (scripts, code) = ("<script></script>".repeat(10_000), "`a` ".repeat(40_000));
    let dots = ". ".repeat(100_000);
    let pages = folder(&[
        ("deep.md", &deep),
        ("headings.md", &headings),
        ("quotes.md", &quotes),
        ("stars.md", &stars),
        ("scripts.md", &scripts),
        ("code.md", &code),
        ("dots.md", &dots),
    ]);
    let knowledge = open(&pages);
    assert_eq!(titles(&knowledge, "level1999").len(), 1);
    assert_eq!(knowledge.stats().skipped, 0);
    let limit = Limits::default().message_bytes;
    for found in knowledge.look_up("a b", &[]).matches {
        assert!(found.passage.text.len() <= limit);
    }
}

#[test]
fn a_thousand_files_are_read_and_each_is_found() {
    let pages = folder(&[]);
    for number in 0..1_000 {
        write(
            &pages,
            &format!("{}/{number}.md", number % 10),
            format!("# Article {number}\n\nAbout thing{number} and lamps.\n"),
        );
    }
    let knowledge = open(&pages);
    assert_eq!((knowledge.stats().pages, knowledge.stats().sections), (1_000, 1_000));
    for number in [0, 499, 999] {
        let found = knowledge.look_up(&format!("Tell me about thing{number}"), &[]);
        assert_eq!(found.best().unwrap().passage.source.title, format!("Article {number}"));
    }
    assert!(
        knowledge.look_up("lamps", &[]).best().is_none(),
        "every page says it, so it asks for nothing in particular"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(128) })]

    /// Any page, and any question to it: an answer is one that a conversation takes, and the share that is covered is one.
    #[test]
    fn any_page_and_any_question(
        page in "(#|[-*_`>|\\[\\]()!<\\\\0-9.a-dé \n]|\\PC){0,400}",
        question in "([a-d ]|\\PC){0,60}",
        bytes in 40_usize..300,
    ) {
        let pages = folder(&[("a.md", &page), ("b.md", "# B\n\na b c d")]);
        let knowledge = open(&pages);
        let found = knowledge.look_up(&question, &["a", "b é"]);
        for found in &found.matches {
            prop_assert!((0.0..=1.0).contains(&found.coverage) && found.score.is_finite());
        }
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let faq = Faq::new(knowledge).answer_bytes(bytes);
        if let Reply::Answer(answer) = runtime.block_on(reply(&faq, turn(&[(Role::User, &question)]))) {
            prop_assert!(!answer.text.trim().is_empty());
            prop_assert!(answer.text.len() <= Limits::default().message_bytes);
        }
    }
}
