//! Events: read, and what is not understood kept.

use std::collections::BTreeMap;

use bytes::Bytes;
use jiff::Timestamp;
use minicom_core::{
    Body, ConversationId, EventBody, EventId, Fields, LogId, Position, Recorded, Seq, StoredEvent,
    WorkspaceBody, WorkspaceId,
};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::fixtures::{ann, ben};

/// Reads bytes as an event of either log. Whether they are one.
pub(super) fn check(data: &[u8]) -> bool {
    let object = serde_json::from_slice::<Map<String, Value>>(data).ok();
    let (conversation, workspace) = (stored(data), stored(data));
    let read = Recorded::<Body>::read(&conversation);
    assert_eq!(read.is_ok(), object.is_some(), "an object is an event, and nothing else is");
    let (Ok(event), Some(object)) = (read, object) else { return false };
    match &event.event.body {
        Body::Message { text, .. } => assert_eq!(object.get("text"), Some(&Value::from(text.as_str()))),
        Body::Unknown { fields, .. } => kept(&object, fields),
        body => said(&object, &body.fields()),
    }
    again(&object, &event);
    let event = Recorded::<WorkspaceBody>::read(&workspace).expect("an object is an event");
    match &event.event.body {
        WorkspaceBody::Unknown { fields, .. } => kept(&object, fields),
        WorkspaceBody::AiSet { policy } => understood(&object["policy"], policy),
        WorkspaceBody::WordListsSet { lists } => understood(&object["lists"], lists),
        _ => {}
    }
    again(&object, &event);
    true
}

/// Every field of a setting is.
fn understood(stored: &Value, known: &impl Serialize) {
    let known = serde_json::to_value(known).expect("a setting");
    let stored = stored.as_object();
    assert!(
        stored.into_iter().flat_map(Map::keys).all(|field| known.get(field).is_some()),
        "{stored:?} is not all understood"
    );
}

/// What is understood is what was written. A value that is no word or number may be written in more than one way.
fn said(object: &Map<String, Value>, fields: &Fields) {
    for (field, value) in fields.iter().filter(|(_, value)| !value.is_object() && !value.is_array()) {
        assert!(object.get(field).unwrap_or(&Value::Null) == value || field == "personality", "{field}");
    }
}

fn again<B: EventBody>(object: &Map<String, Value>, recorded: &Recorded<B>) {
    let body = &recorded.event.body;
    assert_eq!(B::from_fields(body.kind(), body.fields()), *body);
    let word = |field| object.get(field).and_then(Value::as_str);
    assert_eq!(recorded.event.actor.name.as_deref(), word("name"));
    assert_eq!(body.kind(), word("kind").unwrap_or_default());
}

/// Everything but what was understood of it.
fn kept(object: &Map<String, Value>, fields: &Fields) {
    let understood = |field: &str| ["kind", "name"].contains(&field) && object[field].is_string();
    let expected: BTreeMap<_, _> = object.iter().filter(|(field, _)| !understood(field)).collect();
    assert_eq!(fields.iter().collect::<BTreeMap<_, _>>(), expected);
}

fn stored(data: &[u8]) -> StoredEvent {
    StoredEvent {
        log: LogId::conversation(&WorkspaceId::default(), ConversationId::direct(&ann().participant)),
        seq: Seq(1),
        id: EventId(1),
        position: Position(1),
        actor: ben().actor().id,
        client_id: None,
        digest: None,
        time: Timestamp::UNIX_EPOCH,
        data: Bytes::copy_from_slice(data),
    }
}
