//! How much slower than llama.cpp itself: `cargo run --release -p minicom-llama --features llama --example speed -- MODEL [ROUNDS]`.
//!
//! The floor is a bare loop: the same model, prompts of the same length, one batch after the other with one token of each
//! sequence, the likeliest one taken. Rounds are pairs, one after the other and in turn the other way round, so that what
//! else the machine does hits both; each is printed, also those that we lose. Besides tokens a second there are tokens for
//! each second of CPU, which other work on the machine disturbs less; they mean something with `THREADS=1` alone, since more
//! threads wait for each other without sleeping.

use std::{
    env,
    error::Error,
    fs,
    num::{NonZeroU32, NonZeroUsize},
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use futures_util::future::join_all;
use jiff::Timestamp;
use llama_cpp_2::{
    context::params::LlamaContextParams,
    llama_backend::LlamaBackend,
    llama_batch::LlamaBatch,
    model::{LlamaModel, params::LlamaModelParams},
    sampling::LlamaSampler,
};
use minicom_core::{
    Actor, ActorId, Body, ConversationId, Draft, Event, EventId, ParticipantId, Position, Recorded,
    Responder, Role, Seq, Turn, WorkspaceId,
};
use minicom_llama::{LlamaOptions, LlamaResponder, Sampling};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Tokens of a reply.
const REPLY: usize = 64;
/// Tokens of instructions and of a question with its markers, as the template of the model for tests makes them.
const SHARED: usize = 80;
const QUESTION: usize = 30;
/// Makes this process the floor.
const FLOOR: &str = "--floor";

fn main() -> Result<()> {
    let model = PathBuf::from(env::args().nth(1).ok_or("which model?")?);
    if env::args().nth(2).as_deref() == Some(FLOOR) {
        let speed = bare(&model, env::args().nth(3).ok_or("how many?")?.parse()?)?;
        println!("{} {}", speed.clock, speed.cpu);
        return Ok(());
    }
    let rounds: usize = env::args().nth(2).map_or(Ok(5), |rounds| rounds.parse())?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    println!("load {}", fs::read_to_string("/proc/loadavg").unwrap_or_default().trim());
    for (parallel, sampling, name) in [
        (1, Sampling::greedy(), "greedy"),
        (4, Sampling::greedy(), "greedy"),
        (16, Sampling::greedy(), "greedy"),
        (16, Sampling::default(), "as by default"),
    ] {
        if rounds > 0 {
            runtime.block_on(compare(&model, parallel, sampling, name, rounds))?;
        }
    }
    runtime.block_on(first_word(&model))?;
    runtime.block_on(memory(&model))?;
    println!("load {}", fs::read_to_string("/proc/loadavg").unwrap_or_default().trim());
    Ok(())
}

fn options(model: &Path, parallel: usize, sampling: Sampling) -> LlamaOptions {
    LlamaOptions {
        parallel,
        window: 512,
        context: Some(512 * parallel),
        max_tokens: REPLY,
        threads: Some(threads()),
        sampling,
        ..LlamaOptions::new(model)
    }
}

/// Both take all cores, or as many as `THREADS` says.
fn threads() -> usize {
    let said = env::var("THREADS").ok().and_then(|threads| threads.parse().ok());
    said.unwrap_or_else(|| thread::available_parallelism().map_or(1, NonZeroUsize::get))
}

/// Paired rounds of the two.
async fn compare(model: &Path, parallel: usize, sampling: Sampling, name: &str, rounds: usize) -> Result<()> {
    let responder = LlamaResponder::open(options(model, parallel, sampling)).await?;
    ask(&responder, parallel, "warm").await?;
    let mut all = Vec::new();
    for round in 0..rounds {
        let ours = async || ask(&responder, parallel, &round.to_string()).await;
        let (ours, floor) = if round % 2 == 0 {
            let floor = floor(model, parallel)?;
            (ours().await?, floor)
        } else {
            (ours().await?, floor(model, parallel)?)
        };
        println!(
            "{parallel:2} {name}, round {round}: {:6.1} of {:6.1} a second, {:.3}; {:6.1} of {:6.1} a second of CPU, {:.3}",
            ours.clock,
            floor.clock,
            ours.clock / floor.clock,
            ours.cpu,
            floor.cpu,
            ours.cpu / floor.cpu
        );
        all.push((ours, floor));
    }
    for (what, of) in [("a second", Speed::clock as fn(&Speed) -> f64), ("a second of CPU", Speed::cpu)] {
        let [ours, floor, ratio]: [fn(f64, f64) -> f64; 3] =
            [|ours, _| ours, |_, floor| floor, |ours, floor| ours / floor];
        let [ours, floor, ratio] = [ours, floor, ratio]
            .map(|pick| spread(all.iter().map(|(ours, floor)| pick(of(ours), of(floor))).collect()));
        println!("{parallel:2} {name}, {what}: ours {ours}, floor {floor}, ratio {ratio}");
    }
    Ok(())
}

/// Tokens for each second.
struct Speed {
    clock: f64,
    cpu: f64,
}

impl Speed {
    fn clock(&self) -> f64 {
        self.clock
    }

    fn cpu(&self) -> f64 {
        self.cpu
    }
}

/// What both are measured with.
struct Watch {
    clock: Instant,
    cpu: f64,
}

impl Watch {
    fn start() -> Self {
        Self { clock: Instant::now(), cpu: cpu() }
    }

    fn speed(&self, tokens: u64) -> Speed {
        let tokens = f64::from(u32::try_from(tokens).unwrap_or(u32::MAX));
        Speed { clock: tokens / self.clock.elapsed().as_secs_f64(), cpu: tokens / (cpu() - self.cpu) }
    }
}

/// Seconds of CPU that this process has taken, in steps of a hundredth.
fn cpu() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // After the name in parentheses, which may hold spaces.
    let fields = stat.rsplit_once(')').map_or("", |(_, fields)| fields).split_whitespace();
    fields.skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}

/// Median, smallest and largest.
fn spread(mut all: Vec<f64>) -> String {
    all.sort_by(f64::total_cmp);
    format!("{:.3} [{:.3}–{:.3}]", all[all.len() / 2], all[0], all[all.len() - 1])
}

/// All conversations ask at once; tokens a second until the last is answered.
async fn ask(responder: &LlamaResponder, parallel: usize, round: &str) -> Result<Speed> {
    let before = responder.stats().drawn;
    let watch = Watch::start();
    let turns = (0..parallel).map(async |number| {
        let (mut draft, _watching) = Draft::channel();
        responder.respond(turn(&format!("{round}-{number}"), number), &mut draft).await
    });
    for answered in join_all(turns).await {
        answered?;
    }
    Ok(watch.speed(responder.stats().drawn - before))
}

fn turn(person: &str, number: usize) -> Turn {
    let subject = ParticipantId::new(person).expect("a participant");
    let conversation = ConversationId::direct(&subject);
    let actor = Actor { id: ActorId { role: Role::User, subject }, name: None };
    let text = format!("Write a long story of many pages about {number} bicycles and a lighthouse.");
    let body = Body::message(text);
    let event = Event { seq: Seq(1), time: Timestamp::UNIX_EPOCH, actor, client_id: None, body };
    let recorded = Recorded { id: EventId(1), position: Position(1), event };
    Turn::new(WorkspaceId::default(), conversation, vec![recorded])
}

/// llama.cpp and nothing else, in a process of its own: it can be set up once in each.
fn floor(model: &Path, parallel: usize) -> Result<Speed> {
    let output =
        Command::new(env::current_exe()?).arg(model).args([FLOOR, &parallel.to_string()]).output()?;
    let printed = String::from_utf8(output.stdout)?;
    let (clock, cpu) =
        printed.trim().split_once(' ').ok_or_else(|| String::from_utf8_lossy(&output.stderr).into_owned())?;
    Ok(Speed { clock: clock.parse()?, cpu: cpu.parse()? })
}

fn bare(model: &Path, parallel: usize) -> Result<Speed> {
    let mut backend = LlamaBackend::init()?;
    backend.void_logs();
    let model = LlamaModel::load_from_file(&backend, model, &LlamaModelParams::default())?;
    let threads = i32::try_from(threads())?;
    let params = LlamaContextParams::default()
        .with_n_ctx(NonZeroU32::new(u32::try_from(512 * parallel)?))
        .with_n_batch(512)
        .with_n_ubatch(512)
        .with_n_seq_max(u32::try_from(parallel + 1)?)
        .with_n_threads(threads)
        .with_n_threads_batch(threads)
        .with_kv_unified(true);
    let mut context = model.new_context(&backend, params)?;
    let words = model.vocab().tokenize("one two three ".repeat(100).as_bytes(), false, false);
    let mut batch = LlamaBatch::new(512, 1);
    let sequences = 0..i32::try_from(parallel)?;
    let shared = i32::try_from(parallel)?;
    for (position, token) in (0..).zip(&words[..SHARED]) {
        batch.add(*token, position, &[shared], position + 1 == i32::try_from(SHARED)?)?;
    }
    context.decode(&mut batch)?;
    for sequence in sequences.clone() {
        context.copy_kv_cache_seq(shared, sequence, None, None)?;
    }
    let mut sampler = LlamaSampler::greedy();
    let watch = Watch::start();
    // Prompts as ours reads them: in batches of 512.
    let mut next = vec![words[0]; parallel];
    batch.clear();
    for sequence in sequences.clone() {
        if batch.n_tokens() + i32::try_from(QUESTION)? > 512 {
            context.decode(&mut batch)?;
            batch.clear();
        }
        for (position, token) in (i32::try_from(SHARED)?..).zip(&words[..QUESTION]) {
            batch.add(*token, position, &[sequence], position + 1 == i32::try_from(SHARED + QUESTION)?)?;
        }
    }
    context.decode(&mut batch)?;
    let mut drawn = parallel as u64;
    for step in 1..REPLY {
        batch.clear();
        for (sequence, token) in sequences.clone().zip(&next) {
            batch.add(*token, i32::try_from(SHARED + QUESTION + step - 1)?, &[sequence], true)?;
        }
        context.decode(&mut batch)?;
        for (entry, token) in (0..).zip(&mut next) {
            *token = sampler.sample(&context, entry);
        }
        drawn += parallel as u64;
    }
    Ok(watch.speed(drawn))
}

/// From a question to the first word of its answer, in a conversation of its own whose instructions are known.
async fn first_word(model: &Path) -> Result<()> {
    let responder = LlamaResponder::open(options(model, 1, Sampling::default())).await?;
    ask(&responder, 1, "warm").await?;
    let (mut times, mut taken) = (Vec::new(), Vec::new());
    for number in 0..20 {
        let (mut draft, mut watching) = Draft::channel();
        let watch = Watch::start();
        let answered = responder.respond(turn(&format!("first-{number}"), number), &mut draft);
        tokio::select! {
            _ = answered => return Err("answered without a word".into()),
            seen = watching.changed() => seen?,
        }
        times.push(watch.clock.elapsed().as_secs_f64());
        taken.push(cpu() - watch.cpu);
    }
    println!("seconds to the first word, one conversation, instructions known: {}", spread(times));
    println!("of them seconds of CPU: {}", spread(taken));
    Ok(())
}

/// What a turn that waits, and a conversation that is kept, take.
async fn memory(model: &Path) -> Result<()> {
    const WAITING: usize = 2000;
    let options = LlamaOptions { queue: WAITING, ..options(model, 1, Sampling::default()) };
    let responder = Arc::new(LlamaResponder::open(options).await?);
    ask(&responder, 1, "warm").await?;
    let before = resident();
    let turns: Vec<_> = (0..WAITING)
        .map(|number| {
            let responder = responder.clone();
            tokio::spawn(async move {
                let (mut draft, _watching) = Draft::channel();
                drop(responder.respond(turn(&format!("waits-{number}"), number), &mut draft).await);
            })
        })
        .collect();
    while responder.stats().waiting + 2 < WAITING {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    println!("bytes of a turn that waits: {}", resident().saturating_sub(before) / WAITING as u64);
    for turn in &turns {
        turn.abort();
    }
    let stats = responder.stats();
    println!("cells of a context with {} kept conversation(s): {}", stats.kept, stats.taken);
    Ok(())
}

fn resident() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap_or(0) * 1024
}
