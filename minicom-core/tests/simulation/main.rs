//! A small world under a seed: visitors and agents on two nodes that share a store and no bus. Connections are cut, nodes
//! restart, rooms close when idle, readers are slow, and the store fails before and after it commits. Time is paused and
//! everything runs on one thread, so a seed is a history.
//!
//! `MINICOM_SIM_SEEDS=10000` runs more seeds, `MINICOM_SIM_SEED=17` replays one and prints what happened.

#![allow(missing_docs, reason = "there is nobody to read them")]

mod oracle;
mod person;
mod trace;
mod view;
mod world;

use std::{
    env,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    rc::Rc,
};

use trace::Trace;
use world::World;

/// How many seeds run if nothing else is said.
const SEEDS: u64 = 200;

fn number(name: &str) -> Option<u64> {
    env::var(name).ok().map(|value| value.parse().expect("a number"))
}

/// Plays a seed and judges it.
fn play(seed: u64, trace: &Rc<Trace>) {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let world = Rc::new(World::new(seed, trace.clone()));
        let people = world.play().await;
        oracle::judge(&world, &people).await;
        world.end().await;
    });
}

/// Plays a seed; if it fails, says how to play it again.
fn play_or_tell(seed: u64) -> Rc<Trace> {
    let trace = Rc::new(Trace::default());
    if let Err(panic) = catch_unwind(AssertUnwindSafe(|| play(seed, &trace))) {
        eprintln!("seed {seed} failed after:\n{}", trace.end(40));
        eprintln!("again: MINICOM_SIM_SEED={seed} cargo test -p minicom-core --test simulation");
        resume_unwind(panic);
    }
    trace
}

#[test]
fn nothing_is_lost_doubled_or_leaked() {
    if let Some(seed) = number("MINICOM_SIM_SEED") {
        println!("{}", play_or_tell(seed).end(usize::MAX));
        return;
    }
    for seed in 0..number("MINICOM_SIM_SEEDS").unwrap_or(SEEDS) {
        play_or_tell(seed);
    }
}

/// Else a failing seed could not be played again.
#[test]
fn a_seed_is_a_history() {
    for seed in [1, 2, 3] {
        let [first, second] = [play_or_tell(seed), play_or_tell(seed)];
        first.assert_same(&second);
    }
}
