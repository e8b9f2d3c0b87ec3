//! What can be chosen: one struct that the command line, the environment and the configuration file all fill.

use std::{collections::BTreeMap, net::SocketAddr, path::PathBuf};

use clap::{Args, ValueEnum};
use minicom_core::{AiPolicy, RateLimits, WorkspaceId};
use minicom_sqlite::Checkpoints;
use minicom_web::Origin;
use serde::Deserialize;

use crate::{
    auth::{AuthOptions, JwtOptions, Way},
    limits::{AddressOptions, LimitOptions},
    telemetry::{LogOptions, MetricsOptions},
    widget::WidgetOptions,
    workspaces::WorkspaceSection,
};

/// Everything that is chosen. `Default` is what holds where nothing is.
#[derive(Debug, Clone, Args, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Options {
    /// The address to listen on. Port 0: any free one. Other machines reach it only with --auth, because otherwise whoever
    /// reaches it can be anybody.
    #[arg(long, env = "MINICOM_LISTEN", value_name = "ADDRESS", default_value_t = Self::default().listen)]
    pub(crate) listen: SocketAddr,

    /// The database file; made if it does not exist.
    #[arg(long, env = "MINICOM_DB", value_name = "FILE", default_value = "minicom.db")]
    pub(crate) db: PathBuf,

    /// Where conversations are kept.
    #[arg(long, env = "MINICOM_STORE", value_enum, default_value_t)]
    pub(crate) store: StoreKind,

    /// Who empties the database's write-ahead log: own, the server; elsewhere, another process that copies it, such as
    /// Litestream.
    #[arg(long, env = "MINICOM_CHECKPOINTS", value_enum, default_value_t)]
    pub(crate) checkpoints: CheckpointsBy,

    /// How long sockets may still live after SIGTERM: each is sent away at another moment of it. 0: all at once.
    #[arg(
        long,
        env = "MINICOM_DRAIN_SECONDS",
        value_name = "SECONDS",
        default_value_t = Self::default().drain_seconds
    )]
    pub(crate) drain_seconds: u16,

    /// An origin whose pages may connect, besides the server's own; several by repeating it, or with commas.
    #[arg(long, env = "MINICOM_ALLOW_ORIGIN", value_name = "URL", value_delimiter = ',')]
    pub(crate) allow_origin: Vec<Origin>,

    /// The web framework that serves it. Whichever it is, the chat is the same.
    #[arg(long, env = "MINICOM_FRAMEWORK", value_enum, default_value_t)]
    pub(crate) framework: Framework,

    /// Counts what clients do, and refuses what is too much (docs/limits.md), also where `--auth path` believes the URL; with
    /// any other it is always counted.
    #[arg(long = "limits", env = "MINICOM_LIMITS")]
    pub(crate) rate_limits: bool,

    /// Who says who somebody is.
    #[command(flatten)]
    pub(crate) auth: AuthOptions,

    /// Tokens that somebody else signs.
    #[command(flatten)]
    pub(crate) jwt: JwtOptions,

    /// Who answers before an agent does.
    #[command(flatten)]
    pub(crate) ai: AiOptions,

    /// The log.
    #[command(flatten)]
    pub(crate) log: LogOptions,

    /// What is counted.
    #[command(flatten)]
    pub(crate) metrics: MetricsOptions,

    /// What the server puts up with, of the people of each workspace.
    #[command(flatten)]
    pub(crate) limits: LimitOptions,

    /// Where requests come from, and how much may come from one address.
    #[command(flatten)]
    pub(crate) addresses: AddressOptions,

    /// How the widget looks and what it says.
    #[command(flatten)]
    pub(crate) widget: WidgetOptions,

    /// What is different in a workspace.
    #[arg(skip)]
    pub(crate) workspaces: BTreeMap<WorkspaceId, WorkspaceSection>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8000)),
            db: PathBuf::from("minicom.db"),
            store: StoreKind::default(),
            checkpoints: CheckpointsBy::default(),
            drain_seconds: 10,
            allow_origin: Vec::new(),
            framework: Framework::default(),
            rate_limits: false,
            auth: AuthOptions::default(),
            jwt: JwtOptions::default(),
            ai: AiOptions::default(),
            log: LogOptions::default(),
            metrics: MetricsOptions::default(),
            limits: LimitOptions::default(),
            addresses: AddressOptions::default(),
            widget: WidgetOptions::default(),
            workspaces: BTreeMap::new(),
        }
    }
}

impl Options {
    /// How much clients may do in a while; `None`: nobody counts.
    pub(crate) fn rates(&self) -> Option<RateLimits> {
        let mut rates = RateLimits::default();
        rates.workspace = self.limits.rates_over(rates.workspace);
        rates.address = self.addresses.rates();
        (self.rate_limits || !self.auth.by.have(Way::Path)).then_some(rates)
    }
}

/// Who answers before an agent does, and from what.
#[derive(Debug, Clone, Args, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[command(next_help_heading = "The AI")]
pub(crate) struct AiOptions {
    /// Who answers before an agent does.
    #[arg(id = "ai.responder", long = "responder", env = "MINICOM_RESPONDER", value_enum, default_value_t)]
    pub(crate) responder: ResponderKind,

    /// A folder of Markdown that answers rest on, also published at /help/; without it, pages about Minicom itself.
    #[arg(id = "ai.knowledge", long = "knowledge", env = "MINICOM_KNOWLEDGE", value_name = "DIR")]
    pub(crate) knowledge: Option<PathBuf>,

    /// A model for `--responder llama`: a GGUF file with a chat template. scripts/model fetches a small one.
    #[arg(id = "ai.model", long = "model", env = "MINICOM_MODEL", value_name = "FILE")]
    pub(crate) model: Option<PathBuf>,

    /// A server for `--responder openai` that speaks OpenAI's chat completions, such as `http://127.0.0.1:8080/v1`.
    #[arg(id = "ai.openai_url", long = "openai-url", env = "MINICOM_OPENAI_URL", value_name = "URL")]
    pub(crate) openai_url: Option<String>,

    /// What that server calls the model.
    #[arg(
        id = "ai.openai_model",
        long = "openai-model",
        env = "MINICOM_OPENAI_MODEL",
        value_name = "NAME",
        default_value = "gpt-5-mini"
    )]
    pub(crate) openai_model: String,

    /// A file with that server's key, if it wants one. The key itself may stand in the environment, in
    /// `MINICOM_OPENAI_KEY`, and nowhere else.
    #[arg(
        id = "ai.openai_key_file",
        long = "openai-key-file",
        env = "MINICOM_OPENAI_KEY_FILE",
        value_name = "FILE"
    )]
    pub(crate) openai_key_file: Option<PathBuf>,

    /// When it answers and how, where a workspace's supervisors have set nothing.
    #[arg(skip)]
    pub(crate) policy: Option<AiPolicy>,
}

impl AiOptions {
    /// When it answers and how, where a workspace's supervisors have set nothing, if anything is said of that.
    pub(crate) fn policy(&self) -> Option<AiPolicy> {
        if self.responder == ResponderKind::Llama && self.policy.is_none() {
            // One machine's cores are shared by all who ask at once: with a small model and sixteen visitors it takes longer
            // than a minute on two cores, and what an attempt has read and written is lost when its time is up.
            let mut patient = AiPolicy::default();
            patient.deadline_s = 180;
            return Some(patient);
        }
        self.policy.clone()
    }
}

impl Default for AiOptions {
    fn default() -> Self {
        Self {
            responder: ResponderKind::default(),
            knowledge: None,
            model: None,
            openai_url: None,
            openai_model: "gpt-5-mini".to_owned(),
            openai_key_file: None,
            policy: None,
        }
    }
}

/// The stores that this binary was built with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum StoreKind {
    /// A file.
    #[default]
    Sqlite,
    /// Nothing is kept.
    Memory,
}

/// Who empties the write-ahead log.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum CheckpointsBy {
    /// The server.
    #[default]
    Own,
    /// Another process.
    Elsewhere,
}

impl From<CheckpointsBy> for Checkpoints {
    fn from(by: CheckpointsBy) -> Self {
        match by {
            CheckpointsBy::Own => Self::Own,
            CheckpointsBy::Elsewhere => Self::Elsewhere,
        }
    }
}

/// The frameworks that this binary was built with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Framework {
    /// axum.
    #[default]
    Axum,
    /// warp.
    Warp,
}

/// The responders that this binary was built with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ResponderKind {
    /// Nobody.
    None,
    /// The knowledge base, in its own words.
    #[default]
    Faq,
    /// A server that speaks OpenAI's chat completions, with passages of the knowledge base.
    Openai,
    /// A model on this machine, with passages of the knowledge base; if it was built with the feature llama.
    Llama,
}
