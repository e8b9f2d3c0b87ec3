//! The servers under load, each in a process of its own.

use std::sync::Arc;

use axum::serve::ListenerExt;
use clap::ValueEnum;
use minicom_core::{Minicom, PathIdentity};
use minicom_sqlite::SqliteStore;
use tokio::{io::AsyncReadExt, net::TcpListener};

use crate::{Result, floor};

/// A server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    /// Minicom in axum, on a file.
    Minicom,
    /// Every frame goes back to who sent it.
    FloorEcho,
    /// Every frame goes to everybody.
    FloorFanOut,
}

impl Kind {
    /// Its word on the command line.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Minicom => "minicom",
            Self::FloorEcho => "floor-echo",
            Self::FloorFanOut => "floor-fan-out",
        }
    }
}

/// Serves until the standard input ends.
pub(crate) async fn serve(kind: Kind) -> Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?);
    let ended = async {
        // Whatever it says, its end is what counts.
        let _ = tokio::io::stdin().read_to_end(&mut Vec::new()).await;
    };
    match kind {
        Kind::FloorEcho | Kind::FloorFanOut => {
            tokio::select! {
                served = floor::serve(listener, kind) => served,
                () = ended => Ok(()),
            }
        }
        Kind::Minicom => {
            let folder = tempfile::tempdir()?;
            let store = Arc::new(SqliteStore::open(folder.path().join("load.db"))?);
            let identity = PathIdentity::new(listener.local_addr()?)?;
            let minicom = Minicom::builder().shared_store(store.clone()).authenticator(identity).build()?;
            let router = minicom_axum::router(minicom.clone());
            let listener = listener.tap_io(|tcp| drop(tcp.set_nodelay(true)));
            tokio::select! {
                served = async { axum::serve(listener, router).await } => served?,
                () = ended => {}
            }
            minicom.shutdown().await;
            store.close().await;
            Ok(())
        }
    }
}
