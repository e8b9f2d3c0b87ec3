//! A model in a child process. What it does to its memory is its own affair: if it dies, its turns get an error that may pass,
//! and it is started again.

use std::{
    collections::HashMap,
    fmt, io,
    process::Stdio,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use async_trait::async_trait;
use minicom_core::{Draft, Reply, Responder, ResponderError, Turn};
use tokio::{
    io::{AsyncRead, AsyncWrite, BufReader},
    process::{Child, Command},
    sync::{
        mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
        oneshot,
    },
    time::{Instant, sleep, timeout},
};

use crate::{
    error::{OpenError, OpenErrorKind, TurnError},
    handle::{Event, Finished, Gate, Request, Waiting, reply},
    options::LlamaOptions,
    question::Question,
    wire::{self, FromWorker, ToWorker, TurnId},
};

/// How long it takes until the process is started again: this, twice as long after each failure, and at most [`LONGEST`].
const SHORTEST: Duration = Duration::from_millis(100);
const LONGEST: Duration = Duration::from_secs(30);
/// Who has lived for so long had no failure when it was started.
const SETTLED: Duration = Duration::from_mins(1);

/// Answers by a model in a child process, which is started again when it dies.
///
/// ```no_run
/// # async fn start() -> Result<(), Box<dyn std::error::Error>> {
/// use std::process::Command;
///
/// use minicom_llama::{LlamaOptions, LlamaProcess};
///
/// let command = Command::new("minicom-llama-worker");
/// let responder = LlamaProcess::start(command, LlamaOptions::new("model.gguf")).await?;
/// # drop(responder);
/// # Ok(())
/// # }
/// ```
///
/// It needs a tokio runtime with time and I/O. The child ends with the host, and when this is dropped.
pub struct LlamaProcess {
    gate: Gate,
    window: usize,
    next: AtomicU64,
    orders: UnboundedSender<Order>,
    state: Arc<State>,
}

/// What the supervisor lets others see.
#[derive(Debug, Default)]
struct State {
    /// The child; 0 while there is none.
    pid: AtomicU32,
    /// Whether the child has opened its model.
    ready: AtomicBool,
    starts: AtomicU64,
}

/// What the supervisor is to do.
enum Order {
    Ask { id: TurnId, request: Request },
    Cancel { id: TurnId },
}

impl fmt::Debug for LlamaProcess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LlamaProcess").field("state", &self.state).finish_non_exhaustive()
    }
}

impl LlamaProcess {
    /// Starts the process and waits until its model is open. `command` is run again after each death; its standard input and
    /// output are taken, its standard error is left as it is.
    ///
    /// Fails as [`OpenError`] says, with the child's reason, or with [`OpenErrorKind::Process`] if there is none. After that it
    /// does not fail any more: while there is no child, turns get an error that may pass.
    pub async fn start(command: std::process::Command, options: LlamaOptions) -> Result<Self, OpenError> {
        options.validate()?;
        let mut command = Command::from(command);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
        let (window, gate) = (options.window, Gate::new(options.turns()));
        let (orders, incoming) = unbounded_channel();
        let (opened, opening) = oneshot::channel();
        let state = Arc::new(State::default());
        let supervisor = Supervisor { command, options, state: state.clone(), opened: Some(opened) };
        tokio::spawn(supervisor.run(incoming));
        opening
            .await
            .unwrap_or_else(|_| Err(OpenError::new(OpenErrorKind::Process, "nobody looks after it")))?;
        Ok(Self { gate, window, next: AtomicU64::new(0), orders, state })
    }

    /// The child's process id; `None` while there is none.
    pub fn pid(&self) -> Option<u32> {
        Some(self.state.pid.load(Relaxed)).filter(|pid| *pid != 0)
    }

    /// How often the child was started, the first time included.
    pub fn starts(&self) -> u64 {
        self.state.starts.load(Relaxed)
    }
}

/// Tells the child that nobody waits any more, unless the turn is over.
struct Ticket<'a> {
    orders: &'a UnboundedSender<Order>,
    id: TurnId,
}

impl Drop for Ticket<'_> {
    fn drop(&mut self) {
        drop(self.orders.send(Order::Cancel { id: self.id }));
    }
}

#[async_trait]
impl Responder for LlamaProcess {
    async fn respond(&self, turn: Turn, draft: &mut Draft) -> Result<Reply, ResponderError> {
        let Some(question) = Question::new(&turn, self.window) else { return Ok(Reply::Silent) };
        if !self.state.ready.load(Relaxed) {
            return Err(TurnError::Restarting.into());
        }
        let (request, heard) = self.gate.enter(question)?;
        let id = self.next.fetch_add(1, Relaxed);
        self.orders.send(Order::Ask { id, request }).map_err(|_| TurnError::Stopped)?;
        let _ticket = Ticket { orders: &self.orders, id };
        reply(heard, &turn.passages, draft).await
    }
}

struct Supervisor {
    command: Command,
    options: LlamaOptions,
    state: Arc<State>,
    /// Who waits for the first start.
    opened: Option<oneshot::Sender<Result<(), OpenError>>>,
}

/// Why there is no more to do for a child.
#[derive(Debug)]
enum End {
    /// The responder was dropped.
    Dropped,
    /// The child is gone, or does not say what it should.
    Gone(OpenError),
}

impl Supervisor {
    /// Starts the child again and again, until nobody needs it.
    async fn run(mut self, mut orders: UnboundedReceiver<Order>) {
        let mut failures = 0;
        loop {
            let began = Instant::now();
            let end = self.live(&mut orders).await;
            self.state.ready.store(false, Relaxed);
            self.state.pid.store(0, Relaxed);
            let End::Gone(error) = end else { return };
            if let Some(opened) = self.opened.take() {
                return drop(opened.send(Err(error)));
            }
            failures = if began.elapsed() >= SETTLED { 0 } else { failures + 1 };
            let pause = backoff(failures);
            tracing::warn!(%error, ?pause, "the model's process has ended and is started again");
            tokio::select! {
                () = sleep(pause) => {}
                () = refuse(&mut orders) => return,
            }
        }
    }

    /// A child's life.
    async fn live(&mut self, orders: &mut UnboundedReceiver<Order>) -> End {
        self.state.starts.fetch_add(1, Relaxed);
        let process = |detail: &str| OpenError::new(OpenErrorKind::Process, detail);
        let mut child = match self.command.spawn() {
            Ok(child) => child,
            Err(error) => return End::Gone(process("its process could not be started").because(error)),
        };
        self.state.pid.store(child.id().unwrap_or(0), Relaxed);
        let (Some(to), Some(from)) = (child.stdin.take(), child.stdout.take()) else {
            return End::Gone(process("its process has no input or output"));
        };
        let pending = Pending::default();
        let talked = self.talk(to, BufReader::new(from), orders, &pending).await;
        pending.fail();
        match talked {
            Ok(end) => end,
            Err(error) => End::Gone(process(&ended(&mut child).await).because(error)),
        }
    }

    /// Talks with a child until one of the two has enough.
    async fn talk(
        &mut self,
        mut to: impl AsyncWrite + Unpin,
        mut from: impl AsyncRead + Unpin,
        orders: &mut UnboundedReceiver<Order>,
        pending: &Pending,
    ) -> io::Result<End> {
        wire::write(&mut to, &ToWorker::Open(Box::new(self.options.clone()))).await?;
        let first = tokio::select! {
            first = wire::read(&mut from) => first?,
            () = refuse(orders) => return Ok(End::Dropped),
        };
        match first {
            Some(FromWorker::Opened) => {}
            Some(FromWorker::Failed { kind, detail }) => return Ok(End::Gone(OpenError::new(kind, detail))),
            _ => return Err(io::ErrorKind::UnexpectedEof.into()),
        }
        self.state.ready.store(true, Relaxed);
        if let Some(opened) = self.opened.take() {
            drop(opened.send(Ok(())));
        }
        tokio::select! {
            heard = hear(&mut from, pending) => heard,
            told = tell(&mut to, orders, pending) => told,
        }
    }
}

/// Turns that the child works on.
#[derive(Debug, Default)]
struct Pending(Mutex<HashMap<TurnId, Waiting>>);

impl Pending {
    fn turns(&self) -> MutexGuard<'_, HashMap<TurnId, Waiting>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn say(&self, id: TurnId, words: String) {
        if let Some(turn) = self.turns().get(&id) {
            turn.send(Event::Words(words));
        }
    }

    fn finish(&self, id: TurnId, finished: Result<Finished, TurnError>) {
        if let Some(turn) = self.turns().remove(&id) {
            turn.send(Event::Done(finished));
        }
    }

    /// The child is gone.
    fn fail(&self) {
        for (_, turn) in self.turns().drain() {
            turn.send(Event::Done(Err(TurnError::Restarting)));
        }
    }
}

/// Hands on what the child says, until it says no more.
async fn hear(from: &mut (impl AsyncRead + Unpin), pending: &Pending) -> io::Result<End> {
    while let Some(piece) = wire::read(from).await? {
        match piece {
            FromWorker::Words { id, words } => pending.say(id, words),
            FromWorker::Done { id, finished } => pending.finish(id, Ok(finished)),
            FromWorker::Error { id, error } => pending.finish(id, Err(error)),
            FromWorker::Opened | FromWorker::Failed { .. } => return Err(io::ErrorKind::InvalidData.into()),
        }
    }
    Err(io::ErrorKind::UnexpectedEof.into())
}

/// Tells the child what it is to do, until nobody can ask any more.
async fn tell(
    to: &mut (impl AsyncWrite + Unpin),
    orders: &mut UnboundedReceiver<Order>,
    pending: &Pending,
) -> io::Result<End> {
    while let Some(order) = orders.recv().await {
        match order {
            Order::Ask { id, request } if !request.cancelled() => {
                let (question, waiting) = request.split();
                pending.turns().insert(id, waiting);
                wire::write(to, &ToWorker::Turn { id, question: Box::new(question) }).await?;
            }
            Order::Cancel { id } if pending.turns().remove(&id).is_some() => {
                wire::write(to, &ToWorker::Cancel { id }).await?;
            }
            Order::Ask { .. } | Order::Cancel { .. } => {}
        }
    }
    Ok(End::Dropped)
}

/// Refuses all turns, until nobody can ask any more.
async fn refuse(orders: &mut UnboundedReceiver<Order>) {
    while let Some(order) = orders.recv().await {
        if let Order::Ask { request, .. } = order {
            request.send(Event::Done(Err(TurnError::Restarting)));
        }
    }
}

/// How a child came to its end.
async fn ended(child: &mut Child) -> String {
    // It has closed its output, so it is about to; if it is not, it is ended when it is dropped.
    match timeout(Duration::from_secs(1), child.wait()).await {
        Ok(Ok(status)) => format!("its process has ended: {status}"),
        Ok(Err(_)) | Err(_) => "its process does not say what it should".to_owned(),
    }
}

/// The pause after so many failures in a row.
fn backoff(failures: u32) -> Duration {
    SHORTEST.saturating_mul(2u32.saturating_pow(failures.saturating_sub(1))).min(LONGEST)
}

#[cfg(test)]
mod tests;
