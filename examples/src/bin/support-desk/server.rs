//! From the options to a server that runs until it is told to stop, and how it stops.

use std::{
    io::{self, Write},
    net::SocketAddr,
    path::PathBuf,
    process::ExitCode,
    time::Duration,
};

use minicom_core::{BuildError, Minicom, NotLoopback, PathIdentity, RateLimits};
use minicom_sqlite::OpenError;
use minicom_web::WebOptions;
use tokio::{net::TcpListener, sync::oneshot, time::timeout};

use crate::{
    options::Options,
    responder::{Answers, ResponderFailure},
    store::OpenStore,
};

/// How long requests that are under way may still take after every socket is closed.
const LAST_REQUESTS: Duration = Duration::from_millis(500);

/// Why it does not run.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// Nobody but this machine may reach a server that believes paths.
    #[error(
        "{0}. To serve others, embed Minicom in your own server and say who is who: give \
         Minicom::builder().authenticator(…) your own, or put an Identity into the request's extensions \
         (see the axum-host-session example)"
    )]
    NotLoopback(NotLoopback),
    #[error("cannot listen on {address}")]
    Listen { address: SocketAddr, source: io::Error },
    #[error("cannot open the database {}", path.display())]
    Store { path: PathBuf, source: OpenError },
    #[error("nobody can answer")]
    Responder(#[from] ResponderFailure),
    #[error(transparent)]
    Build(#[from] BuildError),
    #[error("cannot wait for signals")]
    Signals(#[source] io::Error),
    #[error("the server ended")]
    Serve(#[source] io::Error),
}

impl Failure {
    /// 2: the options are at fault.
    pub(crate) fn exit_code(&self) -> ExitCode {
        ExitCode::from(if matches!(self, Self::NotLoopback(_) | Self::Responder(_)) { 2 } else { 1 })
    }
}

/// Runs until a signal comes.
pub(crate) async fn run(options: Options) -> Result<(), Failure> {
    let identity = PathIdentity::new(options.listen).map_err(Failure::NotLoopback)?;
    let listen = |source| Failure::Listen { address: options.listen, source };
    let listener = TcpListener::bind(options.listen).await.map_err(listen)?;
    let address = listener.local_addr().map_err(listen)?;
    let store =
        OpenStore::open(&options).map_err(|source| Failure::Store { path: options.db.clone(), source })?;
    let answers = Answers::open(&options.ai).await?;
    let mut builder = Minicom::builder().shared_store(store.shared()).authenticator(identity);
    if options.limits {
        builder = builder.rate_limits(RateLimits::default());
    }
    if let Some(responder) = answers.responder {
        builder = builder.shared_responder(responder);
    }
    let minicom = builder.build()?;
    let web = WebOptions::default().allow_origins(options.allow_origin).widget(options.widget.into());

    // Before anybody is told that the server runs: who is told may already stop it.
    let mut signals = Signals::new().map_err(Failure::Signals)?;
    let (stop, stopped) = oneshot::channel::<()>();
    let mut serving =
        tokio::spawn(options.framework.serve(listener, minicom.clone(), web, answers.help, stopped));
    announce(address);

    let served = tokio::select! {
        () = signals.next() => None,
        served = &mut serving => Some(served),
    };
    tracing::info!("stopping");
    drop(stop);
    minicom.shutdown().await;
    let served = match served {
        Some(served) => Some(served),
        // A client that does not finish its request is not waited for.
        None => timeout(LAST_REQUESTS, serving).await.ok(),
    };
    store.close().await;
    match served {
        Some(Ok(served)) => served.map_err(Failure::Serve),
        Some(Err(panicked)) => Err(Failure::Serve(io::Error::other(panicked))),
        None => Ok(()),
    }
}

/// Says where to look. Whether anybody reads it does not matter.
fn announce(address: SocketAddr) {
    let _ = writeln!(io::stdout(), "visitors  http://{address}/\nagents    http://{address}/desk");
}

/// What asks a server to stop: Ctrl-C, and on Unix SIGTERM.
struct Signals {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
}

impl Signals {
    #[cfg(unix)]
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    #[cfg(unix)]
    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }

    #[cfg(not(unix))]
    #[allow(clippy::unnecessary_wraps)]
    fn new() -> io::Result<Self> {
        Ok(Self {})
    }

    #[cfg(not(unix))]
    async fn next(&mut self) {
        // Without a handler there is nothing to wait for but the end.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
