//! What a host chooses for one workspace, as against all of them.

use crate::{error::Refusal, limits::Limits, log::AiPolicy, rates::WorkspaceRates};

/// What a host chooses for one workspace, for [`Builder::workspace`](crate::Builder::workspace). Whatever is not chosen is as
/// in every other.
///
/// ```
/// use minicom_core::{AiPolicy, MemoryStore, Minicom, WorkspaceId, WorkspaceSettings};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut policy = AiPolicy::default();
/// policy.prompt = "You answer for a shop that sells lamps.".into();
/// let lamps = WorkspaceSettings::default().ai_policy(policy).message_bytes(4 * 1024);
/// let minicom =
///     Minicom::builder().store(MemoryStore::new()).workspace(WorkspaceId::new("lamps")?, lamps).build()?;
/// # drop(minicom);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct WorkspaceSettings {
    /// When the AI answers and how, until somebody at the desk sets something else.
    pub ai_policy: Option<AiPolicy>,
    /// The longest message text, in bytes of UTF-8 ([`Limits::message_bytes`]).
    pub message_bytes: Option<usize>,
    /// How much its people may do in a while, each and together ([`RateLimits::workspace`](crate::RateLimits::workspace)). Where
    /// nothing is counted ([`Builder::rate_limits`](crate::Builder::rate_limits)), nothing is counted here either.
    pub rates: Option<WorkspaceRates>,
}

impl WorkspaceSettings {
    /// Sets [`ai_policy`](Self::ai_policy).
    #[must_use]
    pub fn ai_policy(mut self, policy: AiPolicy) -> Self {
        self.ai_policy = Some(policy);
        self
    }

    /// Sets [`message_bytes`](Self::message_bytes).
    #[must_use]
    pub fn message_bytes(mut self, bytes: usize) -> Self {
        self.message_bytes = Some(bytes);
        self
    }

    /// Sets [`rates`](Self::rates).
    #[must_use]
    pub fn rates(mut self, rates: WorkspaceRates) -> Self {
        self.rates = Some(rates);
        self
    }

    /// Whether every bound is kept.
    pub(crate) fn check(&self) -> Result<(), Refusal> {
        self.ai_policy.as_ref().map_or(Ok(()), AiPolicy::check)
    }

    /// The limits that hold in the workspace, where `general` hold in general.
    pub(crate) fn limits(&self, general: &Limits) -> Limits {
        let mut limits = general.clone();
        limits.message_bytes = self.message_bytes.unwrap_or(limits.message_bytes);
        limits
    }
}
