//! Traces: a span for each thing that is asked for, with where it happens and what came of it. Never what anybody says, and
//! never who he is: a participant's name may be his address.

use tracing::{Span, field::Empty, info_span};
use uuid::Uuid;

use crate::{
    id::{LogId, WorkspaceId},
    identity::Identity,
    session::Operation,
};

/// A span for a command. Its `outcome` is recorded with its answer: `done`, or the code of the refusal.
pub(super) fn command(log: &LogId, kind: &'static str) -> Span {
    let span = info_span!(
        "command",
        kind,
        request = %Uuid::now_v7(),
        workspace = %log.workspace,
        conversation = Empty,
        outcome = Empty,
    );
    if let Some(conversation) = log.as_conversation() {
        span.record("conversation", tracing::field::display(conversation));
    }
    span
}

/// A span for what a socket asks for besides. An execute has one of its own, as a command.
pub(super) fn operation(operation: &Operation, identity: Option<&Identity>) -> Span {
    let (kind, target) = match operation {
        Operation::Execute { .. } => return Span::none(),
        Operation::Page { target, .. } => ("page", Some(target)),
        Operation::List { .. } => ("list", None),
        Operation::Search { target, .. } => ("search", target.as_ref()),
        Operation::Ai { .. } => ("ai", None),
        Operation::WordLists { .. } => ("word_lists", None),
        Operation::Ban { target, .. } => ("ban", Some(target)),
        Operation::Authenticate(_) => ("authenticate", None),
        Operation::Move(_) => ("move", None),
    };
    let span =
        info_span!("operation", kind, request = %Uuid::now_v7(), workspace = Empty, conversation = Empty);
    let workspace: Option<&WorkspaceId> = identity.map(|identity| &identity.workspace);
    if let Some(workspace) = workspace {
        span.record("workspace", tracing::field::display(workspace));
    }
    if let Some(target) = target {
        span.record("conversation", tracing::field::display(target.conversation()));
    }
    span
}
