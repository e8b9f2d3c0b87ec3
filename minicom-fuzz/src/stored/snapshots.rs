//! Snapshots: decoded, written, and whatever happens to them.

use std::fmt::Debug;

use bytes::Bytes;
use minicom_core::{
    Command, Context, Conversation, EventBody, Fact, Log, MAX_MEMBERS, Mark, ParticipantId, Reader, Seq,
    Side, UNREAD_KEPT, Workspace, WorkspaceCommand,
};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::{
    asked::may_be_set,
    facts::{Ask, ConversationFact, Happening, subject, time},
    owing::{self, Asking},
};

/// What a conversation's snapshot has of this version's fields.
const OF_CONVERSATION: [&str; 13] = [
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
    "ai",
    "flags",
];

/// What the AI's part of it has.
const OF_AI: [&str; 7] = ["attending", "owed", "queued_at", "unthanked", "answers", "rated", "personality"];

/// What a workspace's snapshot has of this version's fields.
const OF_WORKSPACE: [&str; 6] = ["format", "last", "time", "name", "ai", "word_lists"];

/// How large a conversation's snapshot may become, whatever happens; seqs that are as long as they can be included.
const LARGEST: usize = 16 * 1024;

/// How large one may become by what is decided, whatever is asked.
const LARGEST_DECIDED: usize = 8 * 1024;

pub(super) fn conversation(stored: &[u8], happenings: &[Happening<'_>]) {
    let mut fresh = Conversation::default();
    for happening in happenings {
        happen(&mut fresh, happening);
    }
    assert!(reread(&fresh).len() <= LARGEST);
    let mut decided = Conversation::default();
    for asked in happenings.iter().filter(|happening| matches!(happening, Happening::Asked { .. })) {
        happen(&mut decided, asked);
    }
    assert!(reread(&decided).len() <= LARGEST_DECIDED);
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
    let text = str::from_utf8(stored).map(|_| object(stored)).unwrap_or_default();
    let known =
        [("ai", serde_json::to_value(fold.ai())), ("word_lists", serde_json::to_value(fold.word_lists()))];
    for (setting, known) in known {
        let Some(stored) = text.get(setting).and_then(Value::as_object) else { continue };
        let known = known.expect("a setting");
        assert!(stored.keys().all(|field| known.get(field).is_some()), "{stored:?} is not all understood");
    }
    for happening in happenings {
        let Happening::Asked { who, second, ask, .. } = happening else { continue };
        let (actor, before) = (who.actor(), fold.clone());
        let cx = Context::new(time(*second), &actor, &before, Uuid::nil());
        let command = match ask {
            Ask::Name(name) => WorkspaceCommand::SetName { name: (*name).to_owned() },
            Ask::SetAi(policy) => WorkspaceCommand::SetAi { policy: Box::new(policy.policy()) },
            _ => continue,
        };
        let decided = fold.decide(&cx, &command);
        for fact in decided.iter().flatten() {
            fold.apply(fact);
        }
        match command {
            WorkspaceCommand::SetName { name } if decided.is_ok() => {
                assert_eq!(fold.name(), Some(name.trim()));
            }
            WorkspaceCommand::SetAi { policy } => {
                assert_eq!(decided.is_ok(), may_be_set(&policy));
                assert!(decided.is_err() || fold.ai() == Some(&policy));
            }
            _ => {}
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
    if str::from_utf8(read).is_err() {
        // What is no text was skipped, deep inside of something that is known.
        return drop(object(written));
    }
    let (read, written) = (object(read), object(written));
    keeps(&read, &written, known);
    if let (true, Some(Value::Object(read))) = (known == OF_CONVERSATION, read.get("ai")) {
        keeps(read, written["ai"].as_object().expect("an object"), &OF_AI);
    }
}

fn keeps(read: &Map<String, Value>, written: &Map<String, Value>, known: &[&str]) {
    for (field, value) in read.iter().filter(|(field, _)| !known.contains(&field.as_str())) {
        assert_eq!(written.get(field), Some(value), "{field}");
    }
}

fn object(bytes: &[u8]) -> Map<String, Value> {
    serde_json::from_slice(bytes).expect("a snapshot is an object")
}

fn happen(fold: &mut Conversation, happening: &Happening<'_>) {
    match happening {
        Happening::Asked { who, second, direct, policy, ask } => {
            let Some(command) = ask.command() else { return };
            let (actor, workspace, participant) = (who.actor(), Workspace::default(), subject(0));
            let (policy, rated) = (policy.map(|policy| policy.policy()), ask.rated());
            let also: Vec<_> = rated.iter().map(|(event, _)| event.clone()).collect();
            let mut cx = Context::new(time(*second), &actor, &workspace, Uuid::from_u128(7));
            cx.participant = direct.then_some(&participant);
            cx.ai = policy.as_ref();
            cx.also = &also;
            let decided = fold.decide(&cx, &command);
            assert_eq!(decided, fold.decide(&cx, &command), "a decision is a function");
            let asking = Asking {
                role: actor.id.role,
                policy: policy.as_ref(),
                now: cx.now,
                rates_an_answer: rated.is_some_and(|(_, answer)| answer),
            };
            match &command {
                Command::Ai(command) => asking.decided(fold, command, &decided),
                Command::Message { .. } => {
                    asking.said(fold, decided.as_deref().unwrap_or_default(), fold.last_seq().next());
                }
                _ => {}
            }
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
        Fact::Mark(Mark::Ai(_)) => {}
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
    let (was, before) = (fold.clone(), Before::of(fold));
    fold.apply(fact);
    owing::applied(&was, fold, fact);
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
