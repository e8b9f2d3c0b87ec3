//! From the options to a server that runs until it is told to stop, and how it stops.

use std::{
    io::{self, Write},
    net::SocketAddr,
    path::PathBuf,
    process::ExitCode,
    time::Duration,
};

use minicom_core::{BuildError, Limits, Minicom};
use minicom_login::LoginError;
use minicom_sqlite::OpenError;
use tokio::{sync::oneshot, time::timeout};

use crate::{
    auth::{self, AuthFailure, People},
    check, first_owner,
    listener::Listener,
    options::Options,
    responder::{Answers, ResponderFailure},
    signals::{Asked, Signals},
    store::OpenStore,
    supervisor::{self, Told},
    telemetry::MetricsFailure,
    workspaces::{self, Contradiction},
};

/// How long requests that are under way may still take after every socket is closed.
const LAST_REQUESTS: Duration = Duration::from_millis(500);

/// Why it does not run.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error(transparent)]
    Auth(#[from] AuthFailure),
    #[error(transparent)]
    Contradiction(#[from] Contradiction),
    #[error("cannot listen on {address}")]
    Listen { address: SocketAddr, source: io::Error },
    #[error("cannot open the database {}", path.display())]
    Store { path: PathBuf, source: OpenError },
    #[error("the accounts of agents cannot be read")]
    Login(#[source] LoginError),
    #[error(transparent)]
    Metrics(#[from] MetricsFailure),
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
        let of_options =
            matches!(self, Self::Auth(_) | Self::Contradiction(_) | Self::Metrics(_) | Self::Responder(_));
        ExitCode::from(if of_options { 2 } else { 1 })
    }
}

/// Runs until a signal comes.
pub(crate) async fn run(
    mut options: Options,
    inherited: Option<std::net::TcpListener>,
) -> Result<(), Failure> {
    if let Some(inherited) = &inherited {
        // Who may be believed depends on where it listens in fact.
        let listen = |source| Failure::Listen { address: options.listen, source };
        options.listen = inherited.local_addr().map_err(listen)?;
    }
    check::check(&options)?;
    let listen = |source| Failure::Listen { address: options.listen, source };
    let Listener { tcp: listener, address, is_shared } =
        Listener::open(options.listen, inherited).await.map_err(listen)?;
    let store =
        OpenStore::open(&options).map_err(|source| Failure::Store { path: options.db.clone(), source })?;
    let people = auth::open(&options, store.shared())?;
    let answers = Answers::open(&options.ai).await?;
    let mut builder =
        Minicom::builder().shared_store(store.shared()).authenticator(people.authenticator.clone());
    builder = match options.rates() {
        Some(rates) => builder.rate_limits(rates),
        None => builder.without_rate_limits(),
    };
    if let Some(responder) = answers.responder {
        builder = builder.shared_responder(responder);
    }
    if let Some(policy) = options.ai.policy() {
        builder = builder.ai_policy(policy);
    }
    let mut limits = Limits::default();
    limits.message_bytes = options.limits.message_bytes.unwrap_or(limits.message_bytes);
    let builder = workspaces::configure(builder.limits(limits), &options);
    let mut web = workspaces::web(&options);
    let minicom = match options.metrics.open()? {
        Some(metrics) => {
            let minicom = metrics.within(|| builder.build())?;
            web = web.metrics(metrics);
            minicom
        }
        None => builder.build()?,
    };
    let mut links = Vec::new();
    if let Some(login) = &people.login {
        web = web.login(login.clone());
        links = first_owner::links(login, &options, address).await.map_err(Failure::Login)?;
    }

    // Before anybody is told that the server runs: who is told may already stop it.
    let mut signals = Signals::new(people.have_keys()).map_err(Failure::Signals)?;
    let (stop, stopped) = oneshot::channel::<()>();
    let mut serving =
        tokio::spawn(options.framework.serve(listener, minicom.clone(), web, answers.help, stopped));
    announce(address, &links);
    supervisor::tell(Told::Ready);

    let (served, window) = loop {
        tokio::select! {
            asked = signals.next() => match asked {
                Asked::Stop => break (None, Duration::ZERO),
                Asked::Drain => break (None, Duration::from_secs(options.drain_seconds.into())),
                Asked::ReadAgain => read_again(&people),
            },
            served = &mut serving => break (Some(served), Duration::ZERO),
        }
    };
    tracing::info!("stopping");
    supervisor::tell(Told::Stopping);
    let ending = async {
        // A socket that somebody else holds too is left to him at once. On our own, who comes is still told that it stops.
        let stop = (!is_shared).then_some(stop);
        minicom.drain(window).await;
        drop(stop);
        minicom.shutdown().await;
        let served = match served {
            Some(served) => Some(served),
            // A client that does not finish its request is not waited for.
            None => timeout(LAST_REQUESTS, serving).await.ok(),
        };
        store.close().await;
        served
    };
    let served = tokio::select! {
        served = ending => served,
        () = signals.stop() => {
            // What was acknowledged is on the disk. What else there is, nobody wants to wait for.
            tracing::warn!("told twice: ended at once");
            std::process::exit(1);
        }
    };
    match served {
        Some(Ok(served)) => served.map_err(Failure::Serve),
        Some(Err(panicked)) => Err(Failure::Serve(io::Error::other(panicked))),
        None => Ok(()),
    }
}

/// New keys, or the old ones and a word about why.
fn read_again(people: &People) {
    match people.read_again() {
        Ok(()) => tracing::info!("the keys were read again"),
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "the keys stay as they are");
        }
    }
}

/// Says where to look. Whether anybody reads it does not matter.
fn announce(address: SocketAddr, links: &[String]) {
    let mut stdout = io::stdout();
    let _ = writeln!(stdout, "visitors  http://{address}/\nagents    http://{address}/desk");
    for link in links {
        let _ = writeln!(stdout, "{link}");
    }
}
