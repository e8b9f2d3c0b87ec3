//! What the command line and the environment choose.

use std::{net::SocketAddr, path::PathBuf};

use clap::{Parser, ValueEnum};
use minicom_web::Origin;

use crate::widget::WidgetOptions;

/// A support desk: visitors at `/`, agents at `/desk`.
#[derive(Debug, Parser)]
#[command(version)]
pub(crate) struct Options {
    /// The address to listen on: a loopback address, because whoever reaches it can be anybody. Port 0: any free one.
    #[arg(long, env = "MINICOM_LISTEN", value_name = "ADDRESS", default_value = "127.0.0.1:8000")]
    pub(crate) listen: SocketAddr,

    /// The database file; made if it does not exist.
    #[arg(long, env = "MINICOM_DB", value_name = "FILE", default_value = "minicom.db")]
    pub(crate) db: PathBuf,

    /// Where conversations are kept.
    #[arg(long, env = "MINICOM_STORE", value_enum, default_value_t = StoreKind::Sqlite)]
    pub(crate) store: StoreKind,

    /// An origin whose pages may connect, besides the server's own; several by repeating it, or with commas.
    #[arg(long, env = "MINICOM_ALLOW_ORIGIN", value_name = "URL", value_delimiter = ',')]
    pub(crate) allow_origin: Vec<Origin>,

    /// The web framework that serves it. Whichever it is, the chat is the same.
    #[arg(long, env = "MINICOM_FRAMEWORK", value_enum, default_value_t = Framework::Axum)]
    pub(crate) framework: Framework,

    /// Who answers before an agent does.
    #[arg(long, env = "MINICOM_RESPONDER", value_enum, default_value_t = ResponderKind::None)]
    pub(crate) responder: ResponderKind,

    /// How the widget looks and what it says.
    #[command(flatten)]
    pub(crate) widget: WidgetOptions,
}

/// The stores that this binary was built with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum StoreKind {
    /// A file.
    Sqlite,
    /// Nothing is kept.
    Memory,
}

/// The frameworks that this binary was built with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Framework {
    /// axum.
    Axum,
    /// warp.
    Warp,
}

/// The responders that this binary was built with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ResponderKind {
    /// Nobody.
    None,
}
