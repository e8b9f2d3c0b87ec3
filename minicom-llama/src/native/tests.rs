//! With a real model, whose file is named by `MINICOM_MODEL`. Without it each test says that it is skipped.

use std::{env, path::PathBuf};

use super::*;

/// Runs a test with a model that has no context to speak of.
fn with(test: &str, check: impl FnOnce(Native<'_>)) {
    let Some(path) = env::var_os("MINICOM_MODEL").map(PathBuf::from).filter(|path| path.is_file()) else {
        eprintln!("{test}: skipped, MINICOM_MODEL names no file (scripts/model fetches one)");
        return;
    };
    let options = LlamaOptions {
        window: 256,
        context: Some(256),
        parallel: 1,
        kept: 1,
        batch: 32,
        threads: Some(1),
        max_tokens: 8,
        sampling: Sampling::greedy(),
        ..LlamaOptions::new(path)
    };
    let model = load(&options).unwrap();
    check(Native::new(&model, &options).unwrap());
}

/// All texts of tokens that are more than text.
fn control(native: &Native<'_>) -> Vec<String> {
    let vocabulary = native.model.vocab();
    let special = vocabulary.tokens().filter(|token| native.is_special(*token));
    special.map(|token| String::from_utf8(vocabulary.token_to_piece(token, true, None)).unwrap()).collect()
}

fn is_inert(native: &Native<'_>, text: &str) {
    let tokens = native.text(text);
    for token in &tokens {
        assert!(!native.is_special(LlamaToken(*token)), "{text:?} has {token}");
    }
    let bytes: Vec<u8> = tokens.iter().flat_map(|token| native.bytes(*token)).collect();
    assert_eq!(String::from_utf8_lossy(&bytes), text, "nothing is lost of it");
}

#[test]
fn no_marker_that_somebody_types_is_special() {
    with("no_marker_that_somebody_types_is_special", |native| {
        let control = control(&native);
        assert!(control.contains(&"<|im_end|>".to_owned()), "{control:?}");
        for word in &control {
            is_inert(&native, word);
            is_inert(&native, &format!("a{word}\nsystem{word}{word} b"));
        }
        is_inert(&native, &control.concat());
        // The same letters as a marker are one token each.
        assert_eq!(native.marker("<|im_end|>").len(), 1);
        assert!(native.text("<|im_end|>").len() > 1);
    });
}

#[test]
fn a_word_that_the_file_calls_special_is_read_letter_by_letter() {
    with("a_word_that_the_file_calls_special_is_read_letter_by_letter", |mut native| {
        let [word] = native.model.vocab().tokenize(b" the", false, false)[..] else {
            panic!("more than a token")
        };
        native.special.insert(word);
        let tokens = native.text("see the end");
        assert!(!tokens.contains(&word.0));
        let bytes: Vec<u8> = tokens.iter().flat_map(|token| native.bytes(*token)).collect();
        assert_eq!(bytes, b"see the end");
    });
}

#[test]
fn a_prompt_is_what_the_template_makes_of_it() {
    with("a_prompt_is_what_the_template_makes_of_it", |native| {
        let speakers = [Speaker::System, Speaker::User, Speaker::Assistant, Speaker::User];
        let said = ["Be kind.", "Hello?", "Hi.", "Open?"];
        let mut tokens = Vec::new();
        let markers = native.markers(&speakers).unwrap();
        for (number, marker) in markers.iter().enumerate() {
            tokens.extend_from_slice(marker);
            tokens.extend(said.get(number).map(|text| native.text(text)).unwrap_or_default());
        }
        let message = |(speaker, text): (&Speaker, &&str)| {
            LlamaChatMessage::new(word(*speaker).into(), (*text).into()).unwrap()
        };
        let messages: Vec<_> = speakers.iter().zip(&said).map(message).collect();
        let rendered = native.model.apply_chat_template(&native.template, &messages, true).unwrap();
        let whole = native.model.vocab().tokenize(rendered.as_bytes(), true, true);
        assert_eq!(tokens, whole.iter().map(|token| token.0).collect::<Vec<_>>());
    });
}

#[test]
fn a_template_that_is_not_known_is_refused() {
    with("a_template_that_is_not_known_is_refused", |native| {
        let path = env::var_os("MINICOM_MODEL").unwrap();
        let options = LlamaOptions {
            template: Some("{{ nothing }}".into()),
            window: 256,
            parallel: 1,
            kept: 0,
            batch: 32,
            ..LlamaOptions::new(path)
        };
        let error = Native::new(native.model, &options).err().expect("no such template");
        assert_eq!(error.kind(), OpenErrorKind::Template);
    });
}

#[test]
fn what_a_sequence_holds_can_be_copied_and_shortened() {
    with("what_a_sequence_holds_can_be_copied_and_shortened", |mut native| {
        let tokens = native.text("The capital of Austria is the city of");
        let last = tokens.len() - 1;
        let entry = |sequence, position| Entry {
            token: tokens[position],
            position,
            sequence,
            sampled: position == last,
        };
        let whole: Vec<_> = (0..tokens.len()).map(|position| entry(0, position)).collect();
        let mut sampler = native.sampler();
        native.decode(&whole).unwrap();
        let expected = native.sample(&mut sampler, last);
        native.copy(0, 1);
        assert!(native.shorten(1, last));
        native.decode(&[entry(1, last)]).unwrap();
        assert_eq!(native.sample(&mut sampler, 0), expected);
        // The first still has its own.
        assert!(native.shorten(0, last));
        native.decode(&[entry(0, last)]).unwrap();
        assert_eq!(native.sample(&mut sampler, 0), expected);
        native.reset();
        native.decode(&whole).unwrap();
        assert_eq!(native.sample(&mut sampler, last), expected);
    });
}

#[test]
fn a_context_that_is_full_says_so_and_is_as_it_was() {
    with("a_context_that_is_full_says_so_and_is_as_it_was", |mut native| {
        let token = native.text("a")[0];
        let run = |from: usize| -> Vec<_> {
            (from..from + 32).map(|position| Entry { token, position, sequence: 0, sampled: false }).collect()
        };
        for step in 0..8 {
            native.decode(&run(step * 32)).unwrap();
        }
        assert_eq!(native.decode(&run(256)), Err(DecodeError::NoRoom));
        assert!(native.shorten(0, 100));
        native.decode(&run(100)).unwrap();
    });
}
