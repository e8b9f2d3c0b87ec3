//! Who answers before an agent does, as it was chosen.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use minicom_core::Responder;
use minicom_faq::{Faq, Knowledge, KnowledgeError, KnowledgeOptions};

use crate::{
    help::{self, Help},
    options::{AiOptions, ResponderKind},
};

/// Why nobody can answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ResponderFailure {
    #[error("cannot read the knowledge base {}", folder.display())]
    Knowledge { folder: PathBuf, source: KnowledgeError },
}

/// Who answers, and the knowledge base that the answers lead to.
#[derive(Debug, Default)]
pub(crate) struct Answers {
    pub(crate) responder: Option<Arc<dyn Responder>>,
    pub(crate) help: Option<Help>,
}

impl Answers {
    pub(crate) fn open(options: &AiOptions) -> Result<Self, ResponderFailure> {
        let Some((knowledge, help)) = knowledge(options)? else { return Ok(Self::default()) };
        let responder: Option<Arc<dyn Responder>> = match options.responder {
            ResponderKind::None => None,
            ResponderKind::Faq => Some(Arc::new(Faq::new(knowledge))),
        };
        let help = responder.is_some().then_some(help);
        Ok(Self { responder, help })
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
