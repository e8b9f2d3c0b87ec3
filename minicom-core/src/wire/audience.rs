//! Who may see an event.

use crate::{
    log::Body,
    role::{Role, Side},
};

/// Who may see an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Audience {
    Everyone,
    Agents,
}

impl Audience {
    /// Who may see a body. What is not understood may be private, so agents alone see it.
    pub fn of(body: &Body) -> Self {
        match body {
            Body::Message { .. }
            | Body::Handoff { .. }
            | Body::TakenOver
            | Body::HandedBack
            | Body::Stopped { .. }
            | Body::Rated { .. } => Self::Everyone,
            Body::Suggestion { .. }
            | Body::PersonalityChosen { .. }
            | Body::Moved { .. }
            | Body::Banned { .. }
            | Body::Unbanned { .. }
            | Body::Flagged { .. }
            | Body::Reviewed { .. }
            | Body::Unknown { .. } => Self::Agents,
        }
    }

    /// Whether a role belongs to it.
    pub fn includes(self, role: Role) -> bool {
        self == Self::Everyone || role.side() == Side::Agents
    }
}
