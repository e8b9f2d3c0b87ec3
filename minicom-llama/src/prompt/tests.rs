use minicom_core::{Passage, Source};
use proptest::prelude::*;

use super::*;
use crate::question::tests::turn;

/// One token for each character; markers are negative.
pub(crate) struct Characters;

impl Vocabulary for Characters {
    fn text(&self, text: &str) -> Vec<Token> {
        text.chars().map(|char| char as Token).collect()
    }

    fn markers(&self, speakers: &[Speaker]) -> Option<Vec<Vec<Token>>> {
        let open = |speaker: Speaker| vec![-1, -2 - speaker as Token];
        let mut markers: Vec<_> = speakers.iter().map(|speaker| open(*speaker)).collect();
        markers.push(open(Speaker::Assistant));
        Some(markers)
    }
}

fn layout(budget: usize) -> Layout {
    Layout { budget, instructions: "Be kind.".into() }
}

fn ask(messages: &[(Role, &str)]) -> Question {
    Question::new(&turn(messages), 10_000).unwrap()
}

/// The prompt as one reads it.
fn read(prompt: &Prompt) -> String {
    let char = |token: &Token| match token {
        -1 => '|',
        -2 => 'S',
        -3 => 'U',
        -4 => 'A',
        char => u32::try_from(*char).ok().and_then(char::from_u32).unwrap(),
    };
    prompt.tokens.iter().map(char).collect()
}

#[test]
fn instructions_then_what_was_said_then_the_question() {
    let question =
        ask(&[(Role::User, "hi"), (Role::Agent, "hello"), (Role::Ai, "yes?"), (Role::User, "open?")]);
    let prompt = layout(100).prompt(&Characters, &question, None).unwrap();
    assert_eq!(read(&prompt), "|SBe kind.|Uhi|Ahello|Ayes?|Uopen?|A");
    assert_eq!((prompt.shared, prompt.first, prompt.material), (10, Seq(1), 0));
}

#[test]
fn a_workspaces_own_instructions_take_the_place_of_ours() {
    let mut question = ask(&[(Role::User, "open?")]);
    question.instructions = "Be short.".into();
    let prompt = layout(100).prompt(&Characters, &question, None).unwrap();
    assert_eq!(read(&prompt), "|SBe short.|Uopen?|A");
    assert_eq!(prompt.first, Seq(1));
}

#[test]
fn what_is_older_slides_out_and_the_instructions_stay() {
    let question =
        ask(&[(Role::User, "one"), (Role::Ai, "two"), (Role::User, "three"), (Role::User, "open?")]);
    let prompt = layout(30).prompt(&Characters, &question, None).unwrap();
    assert_eq!(read(&prompt), "|SBe kind.|Uthree|Uopen?|A");
    assert_eq!(prompt.first, Seq(3));
}

#[test]
fn the_window_stays_where_it_was_as_long_as_it_can() {
    let messages = [(Role::User, "0123456789"); 8];
    let first = layout(100).prompt(&Characters, &ask(&messages[..7]), None).unwrap();
    let begin = |prompt: &Prompt| Some(prompt.first);
    let again = layout(100).prompt(&Characters, &ask(&messages[..7]), begin(&first)).unwrap();
    assert_eq!(first, again);
    // With one more message there is no room: it leaves some for those that follow.
    let next = layout(100).prompt(&Characters, &ask(&messages), begin(&again)).unwrap();
    assert!(next.first > again.first);
    assert!(next.tokens.len() <= 85, "{}", next.tokens.len());
}

#[test]
fn a_question_that_is_too_long_keeps_its_beginning() {
    let question = ask(&[(Role::User, "old"), (Role::User, &"x".repeat(500))]);
    let prompt = layout(50).prompt(&Characters, &question, None).unwrap();
    assert_eq!(prompt.tokens.len(), 50);
    assert_eq!(prompt.first, Seq(2));
}

#[test]
fn instructions_that_leave_no_room_are_an_error() {
    let mut question = ask(&[(Role::User, "open?")]);
    question.instructions = "x".repeat(44);
    assert_eq!(layout(50).prompt(&Characters, &question, None), Err(TurnError::TooLong));
    question.instructions = "x".repeat(100);
    assert_eq!(layout(50).prompt(&Characters, &question, None), Err(TurnError::TooLong));
}

fn with_material(passages: &[&str]) -> Question {
    let mut turn = turn(&[(Role::User, "open?")]);
    let passage = |text: &&str| Passage { text: (*text).into(), source: Source::new("Our\nhours") };
    turn.passages = passages.iter().map(passage).collect();
    Question::new(&turn, 10_000).unwrap()
}

#[test]
fn material_is_quoted_line_by_line_before_the_question() {
    let question = with_material(&["Nine to five.\nThe question:", "On Sundays: closed."]);
    let prompt = layout(2000).prompt(&Characters, &question, None).unwrap();
    let text = read(&prompt);
    let rest = text.strip_prefix("|SBe kind.|U").unwrap().strip_prefix(MATERIAL).unwrap();
    assert_eq!(
        rest,
        "\n\n[1] Our hours\n> Nine to five.\n> The question:\n\n[2] Our hours\n> On Sundays: closed.\n\nThe question:\nopen?|A"
    );
    assert_eq!((prompt.material, prompt.shared), (2, 10));
}

#[test]
fn of_the_material_goes_in_what_there_is_room_for() {
    let (long, short) = ("a".repeat(300), "b".repeat(300));
    let question = with_material(&[&long, &short]);
    for (budget, taken) in [(2000, 2), (1000, 1), (600, 1), (200, 0)] {
        let prompt = layout(budget).prompt(&Characters, &question, None).unwrap();
        assert_eq!(prompt.material, taken, "{budget}");
        assert!(read(&prompt).ends_with("open?|A"));
    }
}

proptest! {
    #[test]
    fn a_prompt_fits_and_holds_the_question(
        lengths in prop::collection::vec(1usize..60, 1..40), budget in 20usize..400, begin in 0u64..40,
        passages in prop::collection::vec(1usize..200, 0..4),
    ) {
        let texts: Vec<_> = lengths.iter().map(|length| "x".repeat(*length)).collect();
        let sides = [Role::User, Role::Ai];
        let mut messages: Vec<_> = texts.iter().enumerate().map(|(n, text)| (sides[n % 2], &**text)).collect();
        messages.push((Role::User, "?"));
        let mut turn = turn(&messages);
        let passage = |length: &usize| Passage { text: "y".repeat(*length), source: Source::new("t") };
        turn.passages = passages.iter().map(passage).collect();
        let question = Question::new(&turn, 10_000).unwrap();
        let prompt = layout(budget).prompt(&Characters, &question, (begin > 0).then_some(Seq(begin))).unwrap();
        prop_assert!(prompt.tokens.len() <= budget);
        prop_assert!(read(&prompt).starts_with("|SBe kind.|"));
        prop_assert!(read(&prompt).ends_with("?|A"));
    }
}
