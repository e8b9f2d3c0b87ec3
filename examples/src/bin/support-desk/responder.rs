//! Who answers before an agent does, as it was chosen.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use minicom_core::Responder;
use minicom_faq::{Faq, Grounded, Knowledge, KnowledgeError, KnowledgeOptions, WhenUnknown};
use minicom_openai::{OpenAi, OpenAiOptions, OptionsError};

use crate::{
    help::{self, Help},
    options::{AiOptions, ResponderKind},
    secret::{self, SecretError},
};

/// Where the environment has the key of a model's server.
const KEY: &str = "MINICOM_OPENAI_KEY";

/// Why nobody can answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ResponderFailure {
    #[error("cannot read the knowledge base {}", folder.display())]
    Knowledge { folder: PathBuf, source: KnowledgeError },
    #[error("cannot ask the model's server")]
    OpenAi(#[from] OptionsError),
    #[cfg(feature = "llama")]
    #[error("cannot open the model")]
    Llama(#[from] minicom_llama::OpenError),
    #[cfg(feature = "llama")]
    #[error("cannot find this program, to run the model in a process of its own")]
    Program(#[source] std::io::Error),
    #[cfg(not(feature = "llama"))]
    #[error(
        "this binary was built without what runs models\n\
         with it: cargo build --release -p minicom-examples --features llama --bin support-desk"
    )]
    NotBuilt,
    #[error("{0} is needed for it")]
    Missing(&'static str),
    #[error("its key cannot be had")]
    Secret(#[from] SecretError),
    #[error("there is no folder {}", .0.display())]
    NoFolder(PathBuf),
}

/// Whether what was chosen can be had, as far as that can be told without opening it.
pub(crate) fn check(options: &AiOptions) -> Result<(), ResponderFailure> {
    if let Some(folder) = options.knowledge.as_ref().filter(|folder| !folder.is_dir()) {
        return Err(ResponderFailure::NoFolder(folder.clone()));
    }
    match options.responder {
        ResponderKind::None | ResponderKind::Faq => Ok(()),
        ResponderKind::Openai => openai(options).map(drop),
        ResponderKind::Llama if options.model.is_none() => Err(ResponderFailure::Missing("--model")),
        #[cfg(feature = "llama")]
        ResponderKind::Llama => Ok(()),
        #[cfg(not(feature = "llama"))]
        ResponderKind::Llama => Err(ResponderFailure::NotBuilt),
    }
}

/// Who answers, and the knowledge base that the answers lead to.
#[derive(Debug, Default)]
pub(crate) struct Answers {
    pub(crate) responder: Option<Arc<dyn Responder>>,
    pub(crate) help: Option<Help>,
}

impl Answers {
    #[cfg_attr(
        not(feature = "llama"),
        allow(clippy::unused_async, reason = "only a model here is waited for")
    )]
    pub(crate) async fn open(options: &AiOptions) -> Result<Self, ResponderFailure> {
        let model: Arc<dyn Responder> = match options.responder {
            ResponderKind::None => return Ok(Self::default()),
            ResponderKind::Faq => {
                let Some((knowledge, help)) = knowledge(options)? else { return Ok(Self::default()) };
                return Ok(Self { responder: Some(Arc::new(Faq::new(knowledge))), help: Some(help) });
            }
            ResponderKind::Openai => Arc::new(openai(options)?),
            #[cfg(feature = "llama")]
            ResponderKind::Llama => Arc::new(llama(options).await?),
            #[cfg(not(feature = "llama"))]
            ResponderKind::Llama => return Err(ResponderFailure::NotBuilt),
        };
        let Some((knowledge, help)) = knowledge(options)? else {
            return Ok(Self { responder: Some(model), help: None });
        };
        // Somebody's own pages say what can be answered; ours are there to lean on.
        let when_unknown = if options.knowledge.is_some() { WhenUnknown::HandOver } else { WhenUnknown::Ask };
        let grounded = Grounded::new(model, knowledge).when_unknown(when_unknown);
        Ok(Self { responder: Some(Arc::new(grounded)), help: Some(help) })
    }
}

/// The knowledge base that was named, or the one about Minicom that lies beside this source.
fn knowledge(options: &AiOptions) -> Result<Option<(Knowledge, Help)>, ResponderFailure> {
    let folder = match &options.knowledge {
        Some(folder) => folder.clone(),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("knowledge"),
    };
    if options.knowledge.is_none() && !folder.exists() {
        tracing::warn!("there is no knowledge base here: name one with --knowledge, and it answers");
        return Ok(None);
    }
    let open = Knowledge::open(&folder, KnowledgeOptions::new().base_url(help::PATH));
    let knowledge = open.map_err(|source| ResponderFailure::Knowledge { folder: folder.clone(), source })?;
    Ok(Some((knowledge, Help::new(folder))))
}

fn openai(options: &AiOptions) -> Result<OpenAi, ResponderFailure> {
    let url = options.openai_url.as_deref().ok_or(ResponderFailure::Missing("--openai-url"))?;
    let mut server = OpenAiOptions::new(url, &options.openai_model);
    server.api_key = secret::read(KEY, options.openai_key_file.as_deref())?;
    Ok(OpenAi::new(server)?)
}

/// In a process of its own: if the model dies, the chat does not.
#[cfg(feature = "llama")]
async fn llama(options: &AiOptions) -> Result<minicom_llama::LlamaProcess, ResponderFailure> {
    let model = options.model.as_deref().ok_or(ResponderFailure::Missing("--model"))?;
    let mut program = std::process::Command::new(std::env::current_exe().map_err(ResponderFailure::Program)?);
    program.arg(crate::WORKER);
    let mut settings = minicom_llama::LlamaOptions::new(model);
    settings.parallel = 16;
    Ok(minicom_llama::LlamaProcess::start(program, settings).await?)
}
