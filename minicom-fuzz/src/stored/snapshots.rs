//! Snapshots: decoded, written, and whatever happens to them.

use std::fmt::Debug;

use bytes::Bytes;
use minicom_core::{
    Context, Conversation, EventBody, Fact, Log, MAX_MEMBERS, Mark, ParticipantId, Reader, Seq, Side,
    UNREAD_KEPT, Workspace, WorkspaceCommand,
};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::facts::{Ask, ConversationFact, Happening, subject, time};

/// What a conversation's snapshot has of this version's fields.
const OF_CONVERSATION: [&str; 11] = [
    "format",
    "epoch",
    "first",
    "last",
    "time",
    "messages",
    "members",
    "agents_read",
    "unread_by_user",
    "unread_by_agents",
    "last_message",
];

/// What a workspace's snapshot has of this version's fields.
const OF_WORKSPACE: [&str; 4] = ["format", "last", "time", "name"];

/// How large a conversation's snapshot may become, whatever happens; seqs that are as long as they can be included.
const LARGEST: usize = 16 * 1024;

pub(super) fn conversation(stored: &[u8], happenings: &[Happening<'_>]) {
    let mut fresh = Conversation::default();
    for happening in happenings {
        happen(&mut fresh, happening);
    }
    assert!(reread(&fresh).len() <= LARGEST);
    let Ok(mut fold) = Conversation::decode(stored) else { return };
    keeps_unknown(stored, &fold.encode(), &OF_CONVERSATION);
    reread(&fold);
    for happening in happenings {
        happen(&mut fold, happening);
    }
    keeps_unknown(stored, &reread(&fold), &OF_CONVERSATION);
}

pub(super) fn workspace(stored: &[u8], happenings: &[Happening<'_>]) {
    let Ok(mut fold) = Workspace::decode(stored) else { return };
    for happening in happenings {
        let Happening::Asked { who, second, ask: Ask::Name(name), .. } = happening else { continue };
        let (actor, before) = (who.actor(), fold.clone());
        let cx = Context::new(time(*second), &actor, &before, Uuid::nil());
        let command = WorkspaceCommand::SetName { name: (*name).to_owned() };
        for fact in fold.decide(&cx, &command).unwrap_or_default() {
            fold.apply(&fact);
            assert_eq!(fold.name(), Some(name.trim()));
        }
    }
    keeps_unknown(stored, &reread(&fold), &OF_WORKSPACE);
}

/// Writes a fold and reads it back.
fn reread<L: Log + PartialEq + Debug>(fold: &L) -> Bytes {
    let written = fold.encode();
    assert_eq!(L::decode(&written).expect("what was written can be read"), *fold);
    written
}

/// What this version does not know is written as it was read.
fn keeps_unknown(read: &[u8], written: &[u8], known: &[&str]) {
    let object =
        |bytes| serde_json::from_slice::<Map<String, Value>>(bytes).expect("a snapshot is an object");
    let (read, written) = (object(read), object(written));
    for (field, value) in read.iter().filter(|(field, _)| !known.contains(&field.as_str())) {
        assert_eq!(written.get(field), Some(value), "{field}");
    }
}

fn happen(fold: &mut Conversation, happening: &Happening<'_>) {
    match happening {
        Happening::Asked { who, second, direct, ask } => {
            let Some(command) = ask.command() else { return };
            let (actor, workspace, participant) = (who.actor(), Workspace::default(), subject(0));
            let mut cx = Context::new(time(*second), &actor, &workspace, Uuid::from_u128(7));
            cx.participant = direct.then_some(&participant);
            let decided = fold.decide(&cx, &command);
            assert_eq!(decided, fold.decide(&cx, &command), "a decision is a function");
            for fact in decided.unwrap_or_default() {
                follows(fold, &fact);
                apply(fold, &fact);
            }
        }
        _ => happening.fact().iter().for_each(|fact| apply(fold, fact)),
    }
}

/// A fact that was decided on fits to what it was decided on.
fn follows(fold: &Conversation, fact: &ConversationFact) {
    match fact {
        Fact::Event(event) => assert_eq!(event.seq, fold.last_seq().next()),
        Fact::Mark(Mark::Read { up_to, .. }) => assert!(*up_to <= fold.last_seq()),
        Fact::Mark(_) => assert!(fold.epoch().is_nil()),
    }
}

/// What of a fold is compared before and after.
struct Before {
    unread: [usize; 2],
    members: usize,
    sorted: bool,
    read: [Seq; 2],
    messages: u64,
}

impl Before {
    fn of(fold: &Conversation) -> Self {
        let sides = [Side::User, Side::Agents];
        Self {
            unread: sides.map(|side| fold.unread(side)),
            members: fold.members().len(),
            sorted: fold.members().is_sorted_by(|a, b| a.participant < b.participant),
            read: sides.map(|side| fold.read(side)),
            messages: fold.messages(),
        }
    }
}

fn apply(fold: &mut Conversation, fact: &ConversationFact) {
    let before = Before::of(fold);
    fold.apply(fact);
    let after = Before::of(fold);
    for side in 0..2 {
        // What a store hands out beyond a bound need not shrink, but grows no more.
        assert!(after.unread[side] <= before.unread[side].max(UNREAD_KEPT));
    }
    assert!(after.members <= before.members.max(MAX_MEMBERS));
    assert!(!before.sorted || after.sorted);
    assert!(after.messages >= before.messages);
    match fact {
        Fact::Event(event) => {
            assert_eq!(fold.last_seq(), event.seq);
            assert!(before.read == after.read, "who says something has not read");
            let seen = fold.last_message().filter(|_| event.body.text().is_some());
            assert!(seen.is_none_or(|last| last.seq == event.seq && last.text.len() <= 200));
        }
        Fact::Mark(Mark::Read { reader, .. }) => {
            assert!(
                after.read >= before.read && after.read[1] >= before.read[1],
                "no cursor moves backwards"
            );
            let side = usize::from(*reader == Reader::Agents);
            assert!(after.unread[side] <= before.unread[side]);
        }
        Fact::Mark(Mark::Created { epoch, .. }) => assert_eq!(fold.epoch(), *epoch),
        Fact::Mark(_) => {}
    }
    assert_eq!(fold.row().unread as usize, fold.unread(Side::Agents));
    let members: Vec<ParticipantId> =
        fold.members().iter().map(|member| member.participant.clone()).collect();
    assert_eq!(fold.row().members, members);
}
