//! Everything that is parsed from a text: what parses prints as what parses to the same.

use std::{
    fmt::{Debug, Display},
    str::FromStr,
};

use minicom_core::{
    ActorId, ClientId, ConversationId, LogKind, ParticipantId, ReaderName, Role, RowCursor, Status,
    WorkspaceId,
};

pub(super) fn check(text: &str) {
    prints::<RowCursor>(text);
    prints::<ConversationId>(text);
    prints::<ActorId>(text);
    prints::<LogKind>(text);
    for verbatim in [
        prints::<WorkspaceId>(text),
        prints::<ParticipantId>(text),
        prints::<ClientId>(text),
        prints::<ReaderName>(text),
        Role::parse(text).map(|role| role.as_str().to_owned()),
        Status::parse(text).map(|status| status.as_str().to_owned()),
    ] {
        assert!(verbatim.is_none_or(|printed| printed == text));
    }
}

fn prints<T: FromStr + Display + Debug + PartialEq>(text: &str) -> Option<String> {
    let parsed: T = text.parse().ok()?;
    let printed = parsed.to_string();
    assert_eq!(printed.parse().ok(), Some(parsed), "{printed}");
    Some(printed)
}
