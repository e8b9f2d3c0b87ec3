//! Answers from pages alone.

use std::collections::HashMap;

use minicom_core::{Answer, HandoffReason, Reply, Role, Source, WorkspaceId};
use minicom_faq::{Faq, Knowledge, Language};

use crate::kit::{folder, open, options, reply, shop, turn};

const UNKNOWN: Reply = Reply::Handoff(HandoffReason::Unknown);

fn answer(reply: Reply) -> Answer {
    match reply {
        Reply::Answer(answer) => answer,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn it_says_what_is_written_and_where() {
    let pages = shop();
    let faq = Faq::new(open(&pages));
    let said =
        answer(reply(&faq, turn(&[(Role::User, "When do you open? I mean the opening hours.")])).await);
    assert_eq!(said.text, "From **nine** to five.");
    assert_eq!(said.sources, [Source::new("Shop › Opening hours").at("/help/shop#opening-hours")]);
    assert_eq!(reply(&faq, turn(&[(Role::User, "Do you sell fish?")])).await, UNKNOWN);
    assert_eq!(reply(&faq, turn(&[(Role::User, "Can I have it?")])).await, UNKNOWN, "nothing in particular");
}

#[tokio::test]
async fn a_follow_up_is_understood_with_what_was_said_before() {
    let pages = shop();
    let faq = Faq::new(open(&pages));
    let title = async |said: &[(Role, &str)]| answer(reply(&faq, turn(said)).await).sources.remove(0).title;
    let follow_up = "And on weekends?";
    let (hours, parcels) = ("What are your opening hours?", "How long do parcels take?");
    assert_eq!(
        title(&[(Role::User, hours), (Role::Ai, "From nine to five."), (Role::User, follow_up)]).await,
        "Shop › Weekends"
    );
    assert_eq!(
        title(&[(Role::User, parcels), (Role::Ai, "Two days."), (Role::User, follow_up)]).await,
        "Delivery › Weekends"
    );
    // The latest counts most, and small talk does not count.
    let said = [(Role::User, parcels), (Role::User, hours), (Role::User, "thanks!"), (Role::User, follow_up)];
    assert_eq!(title(&said).await, "Shop › Weekends");
    for (asked, other, wanted) in
        [(hours, parcels, "Shop › Weekends"), (parcels, hours, "Delivery › Weekends")]
    {
        let thanks = (Role::User, "thanks!");
        let talked = [(Role::User, asked), thanks, thanks, thanks, (Role::User, follow_up)];
        assert_eq!(title(&talked).await, wanted, "thanks take no place");
        for role in [Role::Agent, Role::Ai] {
            let answered = [(Role::User, asked), (role, other), (Role::User, follow_up)];
            assert_eq!(title(&answered).await, wanted, "only the visitor asks");
        }
    }
    // What was asked before does not answer what is asked now.
    let other = [(Role::User, hours), (Role::User, "And fish?")];
    assert_eq!(reply(&faq, turn(&other)).await, UNKNOWN);
    let nothing = [(Role::User, hours), (Role::User, "And why?")];
    assert_eq!(reply(&faq, turn(&nothing)).await, UNKNOWN);
}

#[tokio::test]
async fn small_talk_gets_a_kind_word_and_no_agent() {
    let pages = shop();
    let faq = Faq::new(open(&pages));
    for (said, word) in
        [("Hi!", "Hello"), ("Thank you!", "welcome"), ("Guten Tag", "Hallo"), ("merci beaucoup", "plaisir")]
    {
        let said = answer(reply(&faq, turn(&[(Role::User, said)])).await);
        assert!(said.text.contains(word) && said.sources.is_empty(), "{said:?}");
    }
    for said in ["ok", "👍", ""] {
        assert_eq!(reply(&faq, turn(&[(Role::User, said)])).await, Reply::Silent, "{said}");
    }
    assert_eq!(
        reply(&faq, turn(&[(Role::User, "opening hours"), (Role::Agent, "opening hours")])).await,
        Reply::Silent
    );
    assert_eq!(reply(&faq, turn(&[])).await, Reply::Silent);
}

#[tokio::test]
async fn no_workspace_is_answered_from_anothers_pages() {
    let (lamps, chairs) = (WorkspaceId::new("lamps").unwrap(), WorkspaceId::new("chairs").unwrap());
    let lamp_pages = folder(&[("a.md", "# Warranty\n\nTwo years for lamps.")]);
    let chair_pages = folder(&[("a.md", "# Warranty\n\nTen years for chairs.")]);
    let shelves = HashMap::from([(lamps.clone(), open(&lamp_pages)), (chairs.clone(), open(&chair_pages))]);
    let faq = Faq::new(shelves);
    let ask = async |workspace: &WorkspaceId, question: &str| {
        let mut turn = turn(&[(Role::User, question)]);
        turn.workspace = workspace.clone();
        reply(&faq, turn).await
    };
    assert_eq!(answer(ask(&lamps, "Which warranty is there?").await).text, "Two years for lamps.");
    assert_eq!(answer(ask(&chairs, "Which warranty is there?").await).text, "Ten years for chairs.");
    assert_eq!(ask(&chairs, "A lamp?").await, UNKNOWN);
    for question in ["Which warranty is there?", "Hello"] {
        assert_eq!(ask(&WorkspaceId::default(), question).await, UNKNOWN, "a workspace without pages");
    }
}

#[tokio::test]
async fn a_long_section_is_cut_where_a_paragraph_ends() {
    let pages = folder(&[(
        "a.md",
        &format!("# Lamps\n\n{}\n\nIn short:\n\n{}", "One sentence. ".repeat(20), "- point\n".repeat(40)),
    )]);
    let faq = Faq::new(open(&pages)).answer_bytes(290);
    let said = answer(reply(&faq, turn(&[(Role::User, "lamps")])).await);
    assert_eq!(said.text, format!("{}\n\n…", "One sentence. ".repeat(20).trim_end()));
}

#[tokio::test]
async fn pages_of_other_languages_are_asked_in_them() {
    for (language, page, question, other) in [
        (
            Language::German,
            "# Öffnungszeiten\n\nWir haben montags offen.",
            "Wie sind eure Öffnungszeiten?",
            "Verkauft ihr Fische?",
        ),
        (
            Language::Spanish,
            "# Devoluciones\n\nSe aceptan devoluciones durante un mes.",
            "¿Cómo hago una devolución?",
            "¿Venden pescado?",
        ),
        (
            Language::French,
            "# Livraison\n\nDeux jours pour les colis.",
            "Quels sont les délais de livraison des colis ?",
            "Vendez-vous du poisson ?",
        ),
        (
            Language::Portuguese,
            "# Garantia\n\nDois anos de garantia.",
            "Qual é a garantia?",
            "Vocês vendem peixe?",
        ),
        (Language::Japanese, "# 営業時間\n\n九時から五時まで。", "営業時間は何時ですか", "魚はありますか"),
        (
            Language::Arabic,
            "# ساعات العمل\n\nمن التاسعة إلى الخامسة.",
            "ما هي ساعات العمل؟",
            "هل تبيعون السمك؟",
        ),
        (Language::Other, "# Openingstijden\n\nVan negen tot vijf.", "openingstijden", "vis"),
    ] {
        let pages = folder(&[("a.md", page)]);
        let faq = Faq::new(Knowledge::open(pages.path(), options().language(language)).unwrap());
        let said = reply(&faq, turn(&[(Role::User, question)])).await;
        assert!(matches!(&said, Reply::Answer(answer) if answer.sources.len() == 1), "{question}: {said:?}");
        assert_eq!(reply(&faq, turn(&[(Role::User, other)])).await, UNKNOWN, "{other}");
    }
}
