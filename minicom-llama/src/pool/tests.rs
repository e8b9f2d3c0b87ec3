use std::collections::{BTreeMap, BTreeSet};

use minicom_core::ParticipantId;
use proptest::prelude::*;

use super::*;

fn key(workspace: usize, conversation: usize) -> Key {
    let person = ParticipantId::new(format!("p{conversation}")).unwrap();
    (WorkspaceId::new(format!("w{workspace}")).unwrap(), ConversationId::direct(&person))
}

fn prompt(shared: &[Token], own: &[Token]) -> Prompt {
    Prompt { tokens: [shared, own].concat(), shared: shared.len(), first: Seq(1), material: 0 }
}

const WORDS: [Token; 3] = [1, 2, 3];

#[test]
fn instructions_are_evaluated_once_for_a_workspace() {
    let mut pool = Pool::new(4, 2, 2, 100);
    let one = pool.admit(key(1, 1), &prompt(&WORDS, &[10]), 8).unwrap();
    assert_eq!(one, Admission { slot: 0, clear: vec![], kept: 0, prefix: 4, fresh: true });
    let two = pool.admit(key(1, 2), &prompt(&WORDS, &[20]), 8).unwrap();
    assert_eq!(two, Admission { slot: 1, clear: vec![], kept: 0, prefix: 4, fresh: false });
    assert_eq!((pool.busy(), pool.taken()), (2, 3 + 5 + 5));
    assert_eq!(pool.admit(key(1, 3), &prompt(&WORDS, &[30]), 8), None, "two at a time");
}

#[test]
fn the_same_words_of_another_workspace_are_another_prefix() {
    let mut pool = Pool::new(4, 2, 2, 100);
    assert_eq!(pool.admit(key(1, 1), &prompt(&WORDS, &[10]), 8).unwrap().prefix, 4);
    let other = pool.admit(key(2, 1), &prompt(&WORDS, &[10]), 8).unwrap();
    assert_eq!((other.prefix, other.fresh, other.kept), (5, true, 0));
}

#[test]
fn a_conversation_goes_on_where_it_was() {
    let mut pool = Pool::new(4, 2, 2, 100);
    pool.admit(key(1, 1), &prompt(&WORDS, &[10, 11]), 9).unwrap();
    assert_eq!(pool.first(&key(1, 1)), None, "busy");
    assert!(!pool.release(0, vec![1, 2, 3, 10, 11, 12]));
    assert_eq!((pool.kept(), pool.first(&key(1, 1))), (1, Some(Seq(1))));
    let again = pool.admit(key(1, 1), &prompt(&WORDS, &[10, 11, 12, 13]), 9).unwrap();
    assert_eq!((again.slot, again.kept, again.fresh), (0, 6, false));
    assert!(!pool.release(0, vec![1, 2, 3, 10, 11, 12, 13]));
    let changed = pool.admit(key(1, 1), &prompt(&WORDS, &[10, 99]), 9).unwrap();
    assert_eq!((changed.slot, changed.kept), (0, 4));
    assert!(!pool.release(0, vec![1, 2, 3, 10, 99]));
    let same = pool.admit(key(1, 1), &prompt(&WORDS, &[10, 99]), 9).unwrap();
    assert_eq!(same.kept, 4, "the last token is always evaluated");
}

#[test]
fn another_conversation_takes_the_least_recent_sequence_and_clears_it() {
    let mut pool = Pool::new(2, 1, 1, 100);
    for conversation in [1, 2] {
        let slot = pool.admit(key(1, conversation), &prompt(&WORDS, &[10]), 8).unwrap().slot;
        assert!(!pool.release(slot, vec![1, 2, 3, 10]));
    }
    let third = pool.admit(key(1, 3), &prompt(&WORDS, &[10]), 8).unwrap();
    assert_eq!((third.slot, third.clear, third.kept), (0, vec![0], 0));
}

#[test]
fn other_instructions_begin_anew() {
    let mut pool = Pool::new(2, 2, 1, 100);
    let slot = pool.admit(key(1, 1), &prompt(&WORDS, &[10]), 8).unwrap().slot;
    assert!(!pool.release(slot, vec![1, 2, 3, 10]));
    let admission = pool.admit(key(1, 1), &prompt(&[1, 2, 4], &[10]), 8).unwrap();
    assert_eq!((admission.kept, admission.fresh), (0, true));
}

#[test]
fn what_is_kept_makes_room_and_what_is_busy_does_not() {
    let mut pool = Pool::new(8, 2, 2, 20);
    let slot = pool.admit(key(1, 1), &prompt(&WORDS, &[10; 6]), 12).unwrap().slot;
    assert!(!pool.release(slot, [&WORDS[..], &[10; 6]].concat()));
    // 3 and 6 are taken; 12 more are too many, so the first goes.
    let second = pool.admit(key(1, 2), &prompt(&WORDS, &[10; 6]), 15).unwrap();
    assert_eq!(second.clear, [slot]);
    assert_eq!(pool.admit(key(1, 3), &prompt(&WORDS, &[10; 6]), 10), None);
    assert!(pool.admit(key(1, 3), &prompt(&WORDS, &[10; 2]), 6).is_some());
}

#[test]
fn a_turn_that_ended_before_its_instructions_were_there_leaves_nothing() {
    let mut pool = Pool::new(2, 1, 1, 20);
    let slot = pool.admit(key(1, 1), &prompt(&WORDS, &[10]), 8).unwrap().slot;
    assert!(pool.release(slot, Vec::new()));
    assert_eq!((pool.kept(), pool.busy(), pool.taken()), (0, 0, 3));
    assert_eq!(pool.forget(), [2]);
    assert_eq!(pool.taken(), 0);
}

/// Plays admissions and releases, and does to a model of the context what the pool says.
fn play(steps: &[(usize, usize, usize, bool)], cells: usize) {
    let (slots, prefixes, parallel) = (5, 3, 3);
    let mut pool = Pool::new(slots, prefixes, parallel, cells);
    // What each sequence holds, and whose it is.
    let mut context: BTreeMap<Sequence, (Key, Vec<Token>)> = BTreeMap::new();
    let mut busy: Vec<(Sequence, Vec<Token>)> = Vec::new();
    for (workspace, conversation, length, finish) in steps {
        let key = key(*workspace, *conversation);
        let shared: Vec<Token> = (0..4).map(|n| Token::try_from(workspace * 10 + n).unwrap()).collect();
        let own: Vec<Token> =
            (0..*length).map(|n| Token::try_from(conversation * 1000 + n).unwrap()).collect();
        let prompt = prompt(&shared, &own);
        let most = prompt.tokens.len() + 2;
        if let Some(admission) = pool.admit(key.clone(), &prompt, most) {
            for sequence in &admission.clear {
                assert!(!busy.iter().any(|(slot, _)| slot == sequence), "a busy sequence is cleared");
                context.remove(sequence);
            }
            if admission.fresh {
                let there = context.insert(admission.prefix, (key.clone(), shared.clone()));
                assert_eq!(there, None, "a prefix in another's place");
            }
            assert_eq!(context[&admission.prefix].1, shared);
            assert_eq!(context[&admission.prefix].0.0, key.0, "another workspace's instructions");
            if admission.kept == 0 {
                assert!(!context.contains_key(&admission.slot), "a sequence that was not cleared");
            } else {
                let (owner, held) = &context[&admission.slot];
                assert_eq!(owner, &key, "another conversation's tokens");
                assert_eq!(held[..admission.kept], prompt.tokens[..admission.kept]);
            }
            context.insert(admission.slot, (key, prompt.tokens.clone()));
            busy.push((admission.slot, prompt.tokens));
        } else {
            assert!(!busy.is_empty(), "refused although nothing is under way");
        }
        assert!(pool.taken() <= cells);
        assert_eq!(pool.busy(), busy.len());
        assert_eq!(busy.iter().map(|(slot, _)| slot).collect::<BTreeSet<_>>().len(), busy.len());
        if *finish && !busy.is_empty() {
            let (slot, tokens) = busy.remove(0);
            assert!(!pool.release(slot, tokens));
        }
    }
}

proptest! {
    #[test]
    fn sequences_are_nobody_elses_and_there_is_always_room(
        steps in prop::collection::vec((0usize..5, 0usize..4, 1usize..12, any::<bool>()), 1..60),
        cells in 18usize..80,
    ) {
        play(&steps, cells);
    }
}
