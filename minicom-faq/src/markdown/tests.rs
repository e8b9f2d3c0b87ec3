use std::fmt::Write as _;

use proptest::prelude::*;

use super::*;

fn blocks(markdown: &str) -> Vec<Block> {
    let resolve = |address: &str| address.starts_with("https://").then(|| address.to_owned());
    let mut renderer = Renderer::new(&resolve);
    for event in Parser::new_ext(markdown, options()) {
        renderer.event(event);
    }
    renderer.take()
}

fn render(markdown: &str) -> String {
    let mut text = String::new();
    let mut before = None;
    for block in blocks(markdown) {
        if let Some(before) = before {
            text.push_str(joint(before, block.kind));
        }
        text.push_str(&block.text);
        before = Some(block.kind);
    }
    text
}

#[test]
fn the_subset_stays_as_it_is() {
    for text in [
        "Some **bold**, *italic* and `code`.",
        "A [link](https://example.com/a?b=c#d) in text.",
        "- one\n- two\n  - deeper\n  - still\n- three",
        "3. three\n4. four",
        "> quoted\n>\n> twice",
        "```rust\nfn main() {\n    body();\n}\n```",
        "````\n```\n````",
        "Text:\n\n- item\n\n  second paragraph of it\n- next",
        "snake_case and 1.5 and a - b stay",
        "``a`b``",
    ] {
        assert_eq!(render(text), text);
    }
}

#[test]
fn the_rest_becomes_the_subset_or_words() {
    for (from, to) in [
        ("# Head\n\ntext", "Head\n\ntext"),
        ("hard-wrapped\nlines", "hard-wrapped lines"),
        ("a  \nb<br>c", "a\nb\nc"),
        ("![a lamp](lamp.png) and ~~gone~~", "a lamp and gone"),
        ("[inside](other.md) goes", "inside goes"),
        ("<https://example.com/a_b>", "[https://example.com/a_b](https://example.com/a_b)"),
        ("<div>Words <b>in</b> HTML</div>", "Words in HTML"),
        ("text with <b>tags</b>", "text with tags"),
        ("| a | b |\n| - | - |\n| 1 | **2** |\n| 3 |  |", "- a: 1; b: **2**\n- a: 3"),
        ("- [x] done\n- [ ] open", "- ☑ done\n- ☐ open"),
        ("* a\n* b", "- a\n- b"),
        ("__bold__ _it_", "**bold** *it*"),
        ("one[^1]\n\n[^1]: note", "one\n\nnote"),
        ("---\n\nrule", "rule"),
        ("    indented", "```\nindented\n```"),
        ("a \\<b> and 1 < 2", "a \\<b> and 1 < 2"),
        ("\\\nstart", "start"),
        ("[]() ** ** ``", "\\*\\* \\*\\* \\`\\`"),
    ] {
        assert_eq!(render(from), to, "{from:?}");
    }
}

#[test]
fn what_is_no_markup_does_not_become_any() {
    for text in [
        "1\\. not a list",
        "\\- nor this",
        "\\> no quote",
        "2 \\* 3 \\* 4",
        "\\[x\\](https://x.example)",
        "\\_a\\_",
    ] {
        assert_eq!(render(text), text);
    }
}

#[test]
fn text_is_cut_after_sentences_outside_of_markup() {
    let [block] = &blocks(
        "One. Two **bold. Still bold** yet. Three `A. B. C` still. [Four. Five](https://x.example). Six.",
    )[..] else {
        panic!()
    };
    let pieces: Vec<_> = block.breaks.iter().map(|&at| &block.text[..at]).collect();
    assert_eq!(pieces.len(), 4, "{pieces:?}");
    assert_eq!(pieces[0], "One.");
    assert!(pieces[3].ends_with("(https://x.example)."), "{pieces:?}");
}

#[test]
fn nesting_is_bounded() {
    for unit in ["- ", "> ", "1. ", "> - ", "* > "] {
        let text = render(&format!("{}deep", unit.repeat(4_000)));
        assert!(text.contains("deep") && text.len() < 100, "{text:?}");
    }
    let mut staircase = String::new();
    for depth in 0..200 {
        writeln!(staircase, "{}- level {depth}", "  ".repeat(depth)).unwrap();
    }
    let text = render(&staircase);
    assert!(text.contains("level 199"), "{text}");
    assert!(text.len() < 3 * staircase.len());
}

/// What was rendered says the same when it is read: nothing that was a word became markup, or the other way round.
#[test]
fn pages_rendered_twice_are_as_rendered_once() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../");
    let mut pages = 0;
    for folder in ["", "docs/", "ui/", "fuzz/", "examples/knowledge/"] {
        for file in std::fs::read_dir(format!("{root}{folder}")).unwrap() {
            let path = file.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "md") {
                for block in blocks(&std::fs::read_to_string(&path).unwrap()) {
                    assert_eq!(render(&block.text), block.text, "{}", path.display());
                }
                pages += 1;
            }
        }
    }
    assert!(pages > 20, "{pages}");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    /// Whatever a page holds, cuts lie between characters.
    #[test]
    fn any_text_can_be_rendered(text in "([-*_`>#|\\[\\]()!<>\\\\~0-9.a-dé \n]|\\PC){0,120}") {
        for block in blocks(&text) {
            for at in block.breaks {
                prop_assert!(block.text.is_char_boundary(at) && at < block.text.len());
            }
        }
        plain(&text);
    }
}
