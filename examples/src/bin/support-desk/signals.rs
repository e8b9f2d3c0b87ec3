//! What asks a server to stop, and what asks it to read its keys again.

use std::io;

/// What a signal asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    /// Ctrl-C: somebody waits for it.
    Stop,
    /// On Unix SIGTERM: clients have a moment to go elsewhere.
    Drain,
    /// On Unix SIGHUP, if anybody listens for it.
    ReadAgain,
}

/// The signals that are listened for.
pub(crate) struct Signals {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    hangup: Option<tokio::signal::unix::Signal>,
}

impl Signals {
    /// Without keys SIGHUP means what it means to any program.
    #[cfg(unix)]
    pub(crate) fn new(have_keys: bool) -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hangup: have_keys.then(|| signal(SignalKind::hangup())).transpose()?,
        })
    }

    #[cfg(unix)]
    pub(crate) async fn next(&mut self) -> Asked {
        let hangup = async {
            match &mut self.hangup {
                Some(hangup) => hangup.recv().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = self.terminate.recv() => Asked::Drain,
            _ = self.interrupt.recv() => Asked::Stop,
            _ = hangup => Asked::ReadAgain,
        }
    }

    /// Waits until it is asked to end, in whichever way.
    pub(crate) async fn stop(&mut self) {
        while self.next().await == Asked::ReadAgain {}
    }

    #[cfg(not(unix))]
    #[allow(clippy::unnecessary_wraps)]
    pub(crate) fn new(_: bool) -> io::Result<Self> {
        Ok(Self {})
    }

    #[cfg(not(unix))]
    pub(crate) async fn next(&mut self) -> Asked {
        // Without a handler there is nothing to wait for but the end.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        Asked::Stop
    }
}
