//! What the tests are written with.

use std::fs;

use jiff::Timestamp;
use minicom_core::{
    Actor, ActorId, Body, ConversationId, Draft, Event, EventId, ParticipantId, Position, Recorded, Reply,
    Responder, Role, Seq, Turn, WorkspaceId,
};
use minicom_faq::{Knowledge, KnowledgeOptions};
use tempfile::TempDir;

/// A folder of pages, by name and text.
pub(crate) fn folder(pages: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in pages {
        write(&folder, name, text);
    }
    folder
}

pub(crate) fn write(folder: &TempDir, name: &str, text: impl AsRef<[u8]>) {
    let path = folder.path().join(name);
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(path, text).expect("a page");
}

/// What does not watch, published below `/help/`.
pub(crate) fn options() -> KnowledgeOptions {
    KnowledgeOptions::new().base_url("/help/").watch_every(None)
}

pub(crate) fn open(folder: &TempDir) -> Knowledge {
    Knowledge::open(folder.path(), options()).expect("the pages")
}

/// A shop's pages.
pub(crate) fn shop() -> TempDir {
    folder(&[
        (
            "shop.md",
            "# Shop\n\nWe sell lamps.\n\n## Opening hours\n\nFrom **nine** to five.\n\n## Weekends\n\nWe are closed on weekends; our opening hours begin on Monday.\n",
        ),
        (
            "delivery.md",
            "# Delivery\n\nParcels take two days.\n\n## Weekends\n\nParcels come on weekends too.\n",
        ),
        ("returns.md", "# Returns\n\nSend the lamp back within 30 days for a refund.\n"),
    ])
}

pub(crate) fn titles(knowledge: &Knowledge, question: &str) -> Vec<String> {
    let matches = knowledge.look_up(question, &[]).matches;
    matches.into_iter().map(|found| found.passage.source.title).collect()
}

fn participant(name: &str) -> ParticipantId {
    ParticipantId::new(name).expect("a participant")
}

/// A turn of what was said; the last is to be answered.
pub(crate) fn turn(said: &[(Role, &str)]) -> Turn {
    let events = (1..).zip(said).map(|(number, (role, text))| {
        let actor = Actor { id: ActorId { role: *role, subject: participant(role.as_str()) }, name: None };
        let body = Body::message(*text);
        let event = Event { seq: Seq(number), time: Timestamp::UNIX_EPOCH, actor, client_id: None, body };
        Recorded { id: EventId(number), position: Position(number), event }
    });
    Turn::new(WorkspaceId::default(), ConversationId::direct(&participant("ann")), events.collect())
}

pub(crate) async fn reply(responder: &dyn Responder, turn: Turn) -> Reply {
    let (mut draft, _watching) = Draft::channel();
    responder.respond(turn, &mut draft).await.expect("no error")
}
