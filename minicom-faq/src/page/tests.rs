use super::*;

fn read(text: &str) -> Vec<Section> {
    sections("first-steps.md", text, &KnowledgeOptions::new().base_url("https://example.com/help/"))
}

fn titles(text: &str) -> Vec<String> {
    read(text).into_iter().map(|section| section.source.title).collect()
}

#[test]
fn headings_make_sections_and_their_path_the_title() {
    let found = read(
        "# Storage\n\nA file.\n\n## Backup\n\nCopy it.\n\n### While it *runs*\n\nStill.\n\n## Limits\n\nNone.",
    );
    let seen: Vec<_> = found
        .iter()
        .map(|section| {
            (&*section.source.title, section.source.url.as_deref().unwrap_or_default(), &*section.text)
        })
        .collect();
    assert_eq!(
        seen,
        [
            ("Storage", "https://example.com/help/first-steps", "A file."),
            ("Storage › Backup", "https://example.com/help/first-steps#backup", "Copy it."),
            (
                "Storage › Backup › While it runs",
                "https://example.com/help/first-steps#while-it-runs",
                "Still."
            ),
            ("Storage › Limits", "https://example.com/help/first-steps#limits", "None."),
        ]
    );
}

#[test]
fn a_page_without_headings_is_called_after_its_file() {
    assert_eq!(titles("Just words."), ["First steps"]);
    assert_eq!(
        titles("---\ntitle: \"The start\"\n---\n# Another\n\nWords.\n\n# Two\n\nMore."),
        ["The start", "The start › Two"]
    );
    assert_eq!(titles("Intro\n\n## Later\n\nMore"), ["First steps", "First steps › Later"]);
    assert_eq!(titles("# Empty\n\n## Also"), Vec::<String>::new());
}

#[test]
fn front_matter_and_comments_say_where_and_what_else() {
    let text = "---\r\nurl: https://b.example/x\r\nkeywords: price, cost\r\n---\r\n# T\n\nOne.\n\n## S\n<!-- keywords: tariff -->\n\nTwo.";
    let found = read(text);
    assert_eq!(found[0].source.url.as_deref(), Some("https://b.example/x"));
    assert_eq!(found[0].keywords, "price, cost");
    assert_eq!(
        (found[1].source.url.as_deref(), found[1].keywords.trim()),
        (Some("https://b.example/x#s"), "tariff")
    );
    assert_eq!(found[1].text, "Two.");
    let found = read("<!-- url: /here -->\n# T\n\nOne.");
    assert_eq!(found[0].source.url.as_deref(), Some("/here"));
    // In code it is code.
    let found = read("```\n<!-- url: /here -->\n```");
    assert_eq!(found[0].source.url.as_deref(), Some("https://example.com/help/first-steps"));
    assert!(read("---\ntitle: x\n")[0].text.contains("title"), "no end, no front matter");
}

#[test]
fn headings_in_lists_quotes_and_code_are_none() {
    assert_eq!(titles("# T\n\n- # in a list\n\n> # in a quote\n\n```\n# in code\n```"), ["T"]);
}

#[test]
fn long_sections_are_split_between_paragraphs_and_code_is_kept() {
    let paragraph = "A sentence of some words. ".repeat(20);
    let code = format!("```\n{}```", "line of code\n".repeat(200));
    let found = read(&format!("# T\n\n{paragraph}\n\n{paragraph}\n\n{paragraph}\n\n{code}"));
    assert_eq!(found.len(), 3, "{found:#?}");
    assert!(found.iter().all(|section| section.source.title == "T"));
    assert_eq!(found[2].text, code);
    assert!(found[0].text.len() <= 1_200 && found[0].text.ends_with("words."));
}

#[test]
fn endless_paragraphs_are_split_at_sentences_then_words_then_anywhere() {
    for text in [
        "One **bold** sentence here. ".repeat(400),
        "word ".repeat(2_000),
        "日".repeat(4_000),
        format!("**{}**", "bold words ".repeat(500).trim_end()),
    ] {
        let found = read(&text);
        assert!(found.len() > 4);
        for section in &found {
            assert!(section.text.len() <= 1_200, "{}", section.text.len());
        }
    }
}

#[test]
fn cuts_lie_in_the_text() {
    let section = &read("One. Two.\n\n- a\n- b\n\nThree **x. y** four. Five.")[0];
    let pieces: Vec<_> = section.breaks.iter().map(|&at| &section.text[..at]).collect();
    assert_eq!(pieces[..3], ["One.", "One. Two.", "One. Two.\n\n- a"]);
    assert!(section.breaks.is_sorted() && section.breaks.iter().all(|&at| at < section.text.len()));
}
