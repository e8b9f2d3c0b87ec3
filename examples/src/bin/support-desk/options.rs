//! What the command line and the environment choose.

use std::{net::SocketAddr, path::PathBuf};

use clap::{Args, Parser, ValueEnum};
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

    /// Counts what clients do, and refuses what is too much (docs/limits.md), as a server does that others reach.
    #[arg(long, env = "MINICOM_LIMITS")]
    pub(crate) limits: bool,

    /// Who answers before an agent does.
    #[command(flatten)]
    pub(crate) ai: AiOptions,

    /// How the widget looks and what it says.
    #[command(flatten)]
    pub(crate) widget: WidgetOptions,
}

/// Who answers before an agent does, and from what.
#[derive(Debug, Args)]
pub(crate) struct AiOptions {
    /// Who answers before an agent does.
    #[arg(long, env = "MINICOM_RESPONDER", value_enum, default_value_t = ResponderKind::Faq)]
    pub(crate) responder: ResponderKind,

    /// A folder of Markdown that answers rest on, also published at /help/; without it, pages about Minicom itself.
    #[arg(long, env = "MINICOM_KNOWLEDGE", value_name = "DIR")]
    pub(crate) knowledge: Option<PathBuf>,

    /// A model for `--responder llama`: a GGUF file with a chat template. scripts/model fetches a small one.
    #[cfg(feature = "llama")]
    #[arg(long, env = "MINICOM_MODEL", value_name = "FILE")]
    pub(crate) model: Option<PathBuf>,

    /// A server for `--responder openai` that speaks OpenAI's chat completions, such as `http://127.0.0.1:8080/v1`. Its key, if
    /// it wants one, is read from the environment, from `MINICOM_OPENAI_KEY`.
    #[arg(long, env = "MINICOM_OPENAI_URL", value_name = "URL")]
    pub(crate) openai_url: Option<String>,

    /// What that server calls the model.
    #[arg(long, env = "MINICOM_OPENAI_MODEL", value_name = "NAME", default_value = "gpt-5-mini")]
    pub(crate) openai_model: String,
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
    /// The knowledge base, in its own words.
    Faq,
    /// A server that speaks OpenAI's chat completions, with passages of the knowledge base.
    Openai,
    /// A model on this machine, with passages of the knowledge base.
    #[cfg(feature = "llama")]
    Llama,
}
