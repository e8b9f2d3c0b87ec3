//! Whether a visitor asks for a person, in the languages of the pages. Few phrases that mean nothing else: who is
//! handed over by mistake waits for nothing, who is not understood has the button.

use std::sync::LazyLock;

use crate::text;

/// Each phrase is looked for as consecutive words.
const PHRASES: &[&str] = &[
    // English
    "talk to a person",
    "speak to a person",
    "talk to a human",
    "speak to a human",
    "speak with a human",
    "talk with a human",
    "speak with a person",
    "talk to someone",
    "speak to someone",
    "real person",
    "real human",
    "human agent",
    "live agent",
    "human please",
    "customer service representative",
    "talk to an agent",
    "speak to an agent",
    "speak to a representative",
    "talk to support staff",
    // German
    "mit einem menschen",
    "mit einer person",
    "mit jemandem sprechen",
    "mit einem mitarbeiter",
    "mit einer mitarbeiterin",
    "echten menschen",
    "echter mensch",
    "echte person",
    "menschlichen mitarbeiter",
    // Spanish
    "hablar con una persona",
    "hablar con un humano",
    "hablar con alguien",
    "hablar con un agente",
    "persona real",
    "agente humano",
    "un humano",
    // French
    "parler a une personne",
    "parler a un humain",
    "parler a quelqu un",
    "parler a un conseiller",
    "parler avec une personne",
    "parler a un agent",
    "vraie personne",
    "un humain",
    "conseiller humain",
    // Portuguese
    "falar com uma pessoa",
    "falar com um humano",
    "falar com alguem",
    "falar com um atendente",
    "falar com um agente",
    "pessoa real",
    "atendente humano",
    "um humano",
    // Japanese: each sign is a word of its own.
    "人 と 話",
    "人 間 と 話",
    "担 当 者 と 話",
    "担 当 者 に",
    "オ ペ レ ー タ",
    "有 人",
    // Arabic
    "التحدث مع شخص",
    "التحدث الى شخص",
    "اتحدث مع شخص",
    "شخص حقيقي",
    "التحدث مع موظف",
    "اتحدث مع موظف",
    "موظف بشري",
];

/// The words of each phrase, folded once.
static FOLDED: LazyLock<Vec<Vec<String>>> =
    LazyLock::new(|| PHRASES.iter().map(|phrase| text::terms(phrase)).collect());

/// Whether these words ask for a person.
pub(super) fn for_a_person(terms: &[String]) -> bool {
    FOLDED.iter().any(|phrase| stand_in(terms, phrase))
}

/// Whether the words of `phrase` stand in `terms`, one after the other.
pub(super) fn has_phrase(terms: &[String], phrase: &str) -> bool {
    stand_in(terms, &text::terms(phrase))
}

fn stand_in(terms: &[String], phrase: &[String]) -> bool {
    !phrase.is_empty() && terms.windows(phrase.len()).any(|window| window == phrase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_asked_for_in_seven_languages() {
        for text in [
            "Can I TALK to a human?",
            "I want a real person, now",
            "Kann ich mit einem Menschen sprechen?",
            "Ich möchte mit einer Mitarbeiterin reden",
            "Quiero hablar con una persona",
            "Je voudrais parler à quelqu’un",
            "Quero falar com alguém, por favor",
            "人と話したいです",
            "担当者に代わってください",
            "أريد التحدث مع شخص حقيقي",
        ] {
            assert!(for_a_person(&text::terms(text)), "{text}");
        }
        for text in [
            "",
            "Which user agent do you send?",
            "Is the parser human-readable?",
            "How many people can be agents?",
            "Wie viele Menschen nutzen das?",
            "¿Cuántas personas caben?",
            "注文の番号はどこですか",
        ] {
            assert!(!for_a_person(&text::terms(text)), "{text}");
        }
    }

    #[test]
    fn phrases_are_whole_words_in_order() {
        let terms = text::terms("Cancel my order and refund it");
        assert!(has_phrase(&terms, "REFUND"));
        assert!(has_phrase(&terms, "my order"));
        assert!(!has_phrase(&terms, "fund"));
        assert!(!has_phrase(&terms, "order my"));
        assert!(!has_phrase(&terms, "!"));
    }
}
