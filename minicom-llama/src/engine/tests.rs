use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

use minicom_core::{ParticipantId, Role, WorkspaceId};
use proptest::prelude::*;
use tokio::sync::mpsc::UnboundedReceiver;

use super::*;
use crate::{
    handle::Gate,
    prompt::{Vocabulary, tests::Characters},
    question::{Question, tests::turn},
    template::Speaker,
};

const END: Token = -9;

/// Repeats the question with a mark after it. It reads it from its sequence, so that a sequence which holds anything but the
/// conversation's own words gives another answer, or none.
#[derive(Debug, Default, Clone)]
struct Parrot(Rc<RefCell<Context>>);

#[derive(Debug, Default)]
struct Context {
    sequences: BTreeMap<Sequence, Vec<Token>>,
    batch: Vec<Entry>,
    /// How many entries each batch had.
    sizes: Vec<usize>,
    /// What the next batches come to, in place of being evaluated.
    failures: Vec<DecodeError>,
    /// A model that cannot forget a part.
    whole: bool,
    /// How many texts were split into tokens.
    texts: usize,
}

impl Vocabulary for Parrot {
    fn text(&self, text: &str) -> Vec<Token> {
        self.0.borrow_mut().texts += 1;
        Characters.text(text)
    }

    fn markers(&self, speakers: &[Speaker]) -> Option<Vec<Vec<Token>>> {
        Characters.markers(speakers)
    }
}

impl Model for Parrot {
    type Sampler = ();

    fn sampler(&mut self) {}

    fn decode(&mut self, batch: &[Entry]) -> Result<(), DecodeError> {
        let mut context = self.0.borrow_mut();
        if let Some(failure) = context.failures.pop() {
            return Err(failure);
        }
        for entry in batch {
            let sequence = context.sequences.entry(entry.sequence).or_default();
            assert_eq!(sequence.len(), entry.position, "a gap, or a token twice");
            sequence.push(entry.token);
        }
        context.sizes.push(batch.len());
        context.batch = batch.to_vec();
        Ok(())
    }

    fn sample(&mut self, (): &mut (), entry: usize) -> Token {
        let context = self.0.borrow();
        let entry = context.batch[entry];
        assert!(entry.sampled);
        let held = &context.sequences[&entry.sequence][..=entry.position];
        let marker = |marker: Token| held.windows(2).rposition(|pair| pair == [-1, marker]).unwrap();
        let (asked, answer) = (marker(-3) + 2, marker(-4));
        let said = &held[answer + 2..];
        let reply = [&held[asked..answer], &['!' as Token, END]].concat();
        assert_eq!(said, &reply[..said.len()]);
        reply[said.len()]
    }

    fn ends(&self, token: Token) -> bool {
        token == END
    }

    fn bytes(&self, token: Token) -> Vec<u8> {
        char::from_u32(token.try_into().unwrap()).unwrap().to_string().into_bytes()
    }

    fn copy(&mut self, from: Sequence, to: Sequence) {
        let mut context = self.0.borrow_mut();
        let held = context.sequences[&from].clone();
        assert!(context.sequences.insert(to, held).is_none_or(|before| before.is_empty()), "not empty");
    }

    fn shorten(&mut self, sequence: Sequence, tokens: usize) -> bool {
        let mut context = self.0.borrow_mut();
        if context.whole && tokens > 0 {
            return false;
        }
        if let Some(held) = context.sequences.get_mut(&sequence) {
            assert!(tokens <= held.len());
            held.truncate(tokens);
        }
        true
    }

    fn reset(&mut self) {
        self.0.borrow_mut().sequences.clear();
    }
}

/// An engine, and who asks it.
struct Desk {
    engine: Engine<Parrot>,
    parrot: Parrot,
    gate: Gate,
}

type Heard = UnboundedReceiver<Event>;

impl Desk {
    fn new(change: impl FnOnce(&mut Settings)) -> Self {
        let layout = Layout { budget: 200, instructions: "Be kind.".into() };
        let mut settings = Settings {
            slots: 6,
            prefixes: 4,
            parallel: 4,
            cells: 2000,
            batch: 64,
            max_tokens: 50,
            stop: Vec::new(),
            layout,
        };
        change(&mut settings);
        let parrot = Parrot::default();
        let engine = Engine::new(parrot.clone(), settings, Arc::default());
        Self { engine, parrot, gate: Gate::new(64) }
    }

    fn ask(&mut self, workspace: &str, person: &str, messages: &[(Role, &str)]) -> Heard {
        let mut question = Question::new(&turn(messages), 1000).unwrap();
        question.workspace = WorkspaceId::new(workspace).unwrap();
        question.conversation = minicom_core::ConversationId::direct(&ParticipantId::new(person).unwrap());
        question.instructions = format!("We are {workspace}.");
        let (request, heard) = self.gate.enter(question).unwrap();
        self.engine.waiting.push_back(request);
        heard
    }

    fn steps(&mut self, steps: usize) {
        for _ in 0..steps {
            self.engine.step();
        }
    }

    /// Steps until nothing is left to do.
    fn finish(&mut self) {
        for _ in 0..10_000 {
            if self.engine.idle() {
                return;
            }
            self.engine.step();
        }
        panic!("it never comes to an end");
    }

    fn evaluated(&self) -> u64 {
        self.engine.counters.read().evaluated
    }
}

/// What was heard so far, and how it ended.
fn hear(heard: &mut Heard) -> (String, Option<Result<usize, TurnError>>) {
    let mut words = String::new();
    while let Ok(event) = heard.try_recv() {
        match event {
            Event::Words(more) => words.push_str(&more),
            Event::Done(done) => return (words, Some(done.map(|finished| finished.material))),
        }
    }
    (words, None)
}

fn said(text: &str) -> (String, Option<Result<usize, TurnError>>) {
    (text.into(), Some(Ok(0)))
}

#[test]
fn many_are_answered_at_once_each_with_its_own() {
    let mut desk = Desk::new(|_| ());
    let mut all: Vec<_> = (0..20)
        .map(|number| desk.ask("acme", &format!("p{number}"), &[(Role::User, &format!("number {number}?"))]))
        .collect();
    desk.finish();
    for (number, heard) in all.iter_mut().enumerate() {
        assert_eq!(hear(heard), said(&format!("number {number}?!")));
    }
    let stats = desk.engine.counters.read();
    assert_eq!((stats.turns, stats.busy, stats.waiting), (20, 0, 0));
}

#[test]
fn instructions_are_evaluated_once() {
    let mut desk = Desk::new(|_| ());
    let _first = desk.ask("acme", "ann", &[(Role::User, "a")]);
    let _second = desk.ask("acme", "ben", &[(Role::User, "b")]);
    desk.finish();
    // The prefix is "|SWe are acme."; each prompt then has "|Ua|A", and of the reply "a!" is evaluated.
    assert_eq!(desk.evaluated(), 14 + 2 * (5 + 2));
    assert_eq!(desk.engine.counters.read().reused, 0, "they waited for what was being evaluated");
    let _third = desk.ask("acme", "cid", &[(Role::User, "c")]);
    desk.finish();
    assert_eq!((desk.evaluated(), desk.engine.counters.read().reused), (14 + 3 * 7, 14));
}

#[test]
fn what_a_turn_took_is_told_whatever_was_known_before() {
    let mut desk = Desk::new(|_| ());
    for _ in 0..2 {
        let mut heard = desk.ask("acme", "ann", &[(Role::User, "one")]);
        desk.finish();
        let done = std::iter::from_fn(|| heard.try_recv().ok()).last();
        // "|SWe are acme." and "|Uone|A"; the reply "one!" and its end.
        let finished = Finished { material: 0, prompt: 14 + 7, drawn: 5 };
        assert_eq!(done, Some(Event::Done(Ok(finished))));
    }
}

#[test]
fn a_second_turn_evaluates_what_is_new() {
    let mut desk = Desk::new(|_| ());
    let _first = desk.ask("acme", "ann", &[(Role::User, "one")]);
    desk.finish();
    let before = desk.evaluated();
    let messages = [(Role::User, "one"), (Role::Ai, "one!"), (Role::User, "two")];
    let mut second = desk.ask("acme", "ann", &messages);
    desk.finish();
    assert_eq!(hear(&mut second), said("two!"));
    // "|Utwo|A" and the reply "two!".
    assert_eq!(desk.evaluated() - before, 7 + 4);
    assert_eq!(desk.engine.counters.read().kept, 1);
}

#[test]
fn a_model_that_cannot_forget_a_part_evaluates_it_all() {
    let mut desk = Desk::new(|_| ());
    desk.parrot.0.borrow_mut().whole = true;
    let _first = desk.ask("acme", "ann", &[(Role::User, "one")]);
    desk.finish();
    let messages = [(Role::User, "one"), (Role::Agent, "other words"), (Role::User, "two")];
    let mut second = desk.ask("acme", "ann", &messages);
    desk.finish();
    assert_eq!(hear(&mut second), said("two!"));
}

#[test]
fn a_turn_that_nobody_waits_for_makes_room_with_the_next_step() {
    let mut desk = Desk::new(|settings| settings.parallel = 1);
    let mut first = desk.ask("acme", "ann", &[(Role::User, "first")]);
    let waits = desk.ask("acme", "ben", &[(Role::User, "second")]);
    let mut third = desk.ask("acme", "cid", &[(Role::User, "third")]);
    desk.steps(4);
    assert_eq!(hear(&mut first), ("fir".into(), None));
    assert_eq!((desk.engine.active.len(), desk.engine.waiting.len()), (1, 2));
    drop((first, waits));
    desk.steps(1);
    assert_eq!((desk.engine.active.len(), desk.engine.waiting.len()), (1, 0));
    desk.finish();
    assert_eq!(hear(&mut third), said("third!"));
    // What was evaluated for the first is not lost.
    let before = desk.evaluated();
    let mut again = desk.ask("acme", "ann", &[(Role::User, "first")]);
    desk.finish();
    assert_eq!(hear(&mut again), said("first!"));
    assert_eq!(desk.evaluated() - before, 1 + 6);
}

#[test]
fn a_turn_cancelled_while_its_instructions_are_evaluated_leaves_no_trace() {
    let mut desk = Desk::new(|settings| settings.batch = 4);
    let first = desk.ask("acme", "ann", &[(Role::User, "first")]);
    desk.steps(1);
    drop(first);
    let mut second = desk.ask("acme", "ann", &[(Role::User, "second")]);
    desk.finish();
    assert_eq!(hear(&mut second), said("second!"));
}

#[test]
fn a_reply_ends_at_its_longest() {
    let mut desk = Desk::new(|settings| settings.max_tokens = 4);
    let mut heard = desk.ask("acme", "ann", &[(Role::User, "abcdefg")]);
    desk.finish();
    assert_eq!(hear(&mut heard), said("abcd"));
}

#[test]
fn a_reply_ends_before_a_stop_word() {
    let mut desk = Desk::new(|settings| settings.stop = vec!["cd".into()]);
    let mut heard = desk.ask("acme", "ann", &[(Role::User, "ab cdefg")]);
    desk.finish();
    assert_eq!(hear(&mut heard), said("ab"));
}

#[test]
fn prompts_do_not_hold_up_replies() {
    let mut desk = Desk::new(|_| ());
    let _writes = desk.ask("acme", "ann", &[(Role::User, "0123456789")]);
    desk.steps(3);
    let _reads = desk.ask("acme", "ben", &[(Role::User, &"x".repeat(100))]);
    desk.parrot.0.borrow_mut().sizes.clear();
    desk.steps(4);
    assert_eq!(desk.parrot.0.borrow().sizes, [16; 4]);
    desk.finish();
}

#[test]
fn a_context_without_room_forgets_what_is_kept_and_goes_on() {
    let mut desk = Desk::new(|_| ());
    let _first = desk.ask("acme", "ann", &[(Role::User, "one")]);
    desk.finish();
    desk.parrot.0.borrow_mut().failures = vec![DecodeError::NoRoom];
    let mut second = desk.ask("acme", "ben", &[(Role::User, "two")]);
    desk.finish();
    assert_eq!(hear(&mut second), said("two!"));
    assert_eq!(desk.engine.counters.read().kept, 1);
}

#[test]
fn a_batch_that_fails_is_the_end_of_its_turns_and_not_of_the_engine() {
    let mut desk = Desk::new(|_| ());
    let mut all =
        [desk.ask("acme", "ann", &[(Role::User, "one")]), desk.ask("acme", "ben", &[(Role::User, "two")])];
    desk.steps(2);
    desk.parrot.0.borrow_mut().failures = vec![DecodeError::Failed(-3)];
    desk.finish();
    for heard in &mut all {
        assert_eq!(hear(heard).1, Some(Err(TurnError::Failed)));
    }
    let mut again = desk.ask("acme", "ann", &[(Role::User, "three")]);
    desk.finish();
    assert_eq!(hear(&mut again), said("three!"));
}

#[test]
fn instructions_that_are_too_long_are_an_error_of_their_turn() {
    let mut desk = Desk::new(|settings| settings.layout.budget = 10);
    let mut heard = desk.ask("acme", "ann", &[(Role::User, "one")]);
    desk.finish();
    assert_eq!(hear(&mut heard), (String::new(), Some(Err(TurnError::TooLong))));
}

#[test]
fn turns_wait_for_cells_as_well_as_for_places() {
    let mut desk = Desk::new(|settings| {
        settings.cells = 100;
        settings.max_tokens = 20;
    });
    let mut all: Vec<_> = (0..8)
        .map(|number| {
            desk.ask("acme", &format!("p{number}"), &[(Role::User, &format!("{number}").repeat(15))])
        })
        .collect();
    desk.steps(2);
    // 14 for the instructions, and 39 for each.
    assert_eq!(desk.engine.active.len(), 2);
    // The prompt of the third is made once, not with every step.
    let texts = desk.parrot.0.borrow().texts;
    desk.steps(3);
    assert_eq!((desk.engine.active.len(), desk.parrot.0.borrow().texts), (2, texts));
    desk.finish();
    for (number, heard) in all.iter_mut().enumerate() {
        assert_eq!(hear(heard), said(&format!("{}!", format!("{number}").repeat(15))));
    }
}

proptest! {
    #[test]
    fn whatever_comes_and_goes_everybody_gets_his_own_answer(
        arrivals in prop::collection::vec((0usize..3, 0usize..5, 1usize..30, 0usize..6, prop::bool::weighted(0.2)), 1..40),
        cells in 120usize..400, batch in 4usize..40, whole: bool,
    ) {
        let mut desk = Desk::new(|settings| {
            (settings.cells, settings.batch, settings.max_tokens) = (cells, batch, 40);
            settings.layout.budget = 80;
        });
        desk.parrot.0.borrow_mut().whole = whole;
        let mut heard = Vec::new();
        for (number, (workspace, person, length, steps, cancel)) in arrivals.iter().enumerate() {
            let text = format!("{number}:{}", "x".repeat(*length));
            let receiver = desk.ask(&format!("w{workspace}"), &format!("p{person}"), &[(Role::User, &text)]);
            desk.steps(*steps);
            if !cancel {
                heard.push((text, receiver));
            }
            prop_assert!(desk.engine.pool.taken() <= cells);
        }
        desk.finish();
        for (text, mut receiver) in heard {
            prop_assert_eq!(hear(&mut receiver), said(&format!("{text}!")));
        }
        let largest = desk.parrot.0.borrow().sizes.iter().max().copied();
        prop_assert!(largest <= Some(batch));
    }
}

#[test]
fn it_works_on_a_thread_until_nobody_can_ask() {
    let (requests, incoming) = tokio::sync::mpsc::unbounded_channel();
    let counters = Arc::new(Counters::default());
    let counting = counters.clone();
    let thread = std::thread::spawn(move || {
        let Desk { engine, .. } = Desk::new(|_| ());
        Engine::new(engine.model, engine.settings, counting).run(incoming);
    });
    let gate = Gate::new(1);
    for text in ["one", "two"] {
        let question = Question::new(&turn(&[(Role::User, text)]), 1000).unwrap();
        let (request, mut heard) = gate.enter(question).unwrap();
        requests.send(request).unwrap();
        let mut words = String::new();
        while let Some(Event::Words(more)) = heard.blocking_recv() {
            words.push_str(&more);
        }
        assert_eq!(words, format!("{text}!"));
        // Its place is free once the engine has let go of it.
        while gate.enter(Question::new(&turn(&[(Role::User, "x")]), 1000).unwrap()).is_err() {
            std::thread::yield_now();
        }
    }
    drop(requests);
    thread.join().unwrap();
    assert_eq!(counters.read().turns, 2);
}
