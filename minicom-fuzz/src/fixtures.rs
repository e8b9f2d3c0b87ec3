//! A small Minicom with something in it, asked once: the values that operations end with cannot be made by hand.

use std::{future::Future, sync::LazyLock};

use async_trait::async_trait;
use bytes::Bytes;
use jiff::Timestamp;
use minicom_core::{
    AgentRole, AiCommand, AiMode, AiPolicy, AiReport, Answer, Change, Command, ConversationId,
    ConversationList, ConversationPage, Draft, Identity, LogId, MAX_HANDOFF_WORDS, MAX_PROMPT_BYTES,
    MemoryStore, Minicom, NewEvent, PageFrom, PageRequest, ParticipantId, Personality, Reply, Responder,
    ResponderError, Rev, Row, RowFilter, SearchResults, Seq, Source, Store, Target, Turn, WorkspaceId,
};
use tokio::runtime::Runtime;

/// Answers of every kind.
#[derive(Debug)]
pub(crate) struct Answers {
    pub pages: Vec<ConversationPage>,
    pub lists: Vec<ConversationList>,
    pub finds: Vec<SearchResults>,
    pub reports: Vec<AiReport>,
}

/// The answers that all targets share.
pub(crate) static ANSWERS: LazyLock<Answers> = LazyLock::new(|| block_on(ask()));

/// The visitor.
pub(crate) fn ann() -> Identity {
    Identity::user(WorkspaceId::default(), participant("ann@example.com"))
}

/// The agent.
pub(crate) fn ben() -> Identity {
    Identity::agent(WorkspaceId::default(), participant("ben")).with_agent_role(AgentRole::Owner)
}

/// A participant whose name is known to be valid.
pub(crate) fn participant(name: &str) -> ParticipantId {
    ParticipantId::new(name).expect("a valid name")
}

/// Runs a future to its end. What it spawned ends with it.
pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    runtime().block_on(future)
}

/// A runtime of one thread.
pub(crate) fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime")
}

async fn ask() -> Answers {
    let store = MemoryStore::new();
    let strange = ConversationId::direct(&participant("from-tomorrow"));
    store.append(strange_change(strange)).await.expect("stored");
    let minicom = Minicom::builder().store(store).build().expect("a store was given");
    for name in ["ann@example.com", "bob@example.com", "\u{e9}ve \"quoted\"\\"] {
        let visitor = Identity::user(WorkspaceId::default(), participant(name)).with_name("N\u{e4}me");
        let own = Target::Participant(participant(name));
        for text in ["Hello, caf\u{e9}", "\u{65e5}\u{672c}\u{8a9e} \u{1f600} \u{2028}"] {
            minicom.execute(&visitor, &own, Command::message(text)).await.expect("executed");
        }
        minicom.execute(&ben(), &own, Command::message("hello")).await.expect("executed");
        minicom.execute(&ben(), &own, Command::Read { up_to: Some(Seq(1)) }).await.expect("executed");
    }
    let (pages, lists, finds) = (Vec::new(), Vec::new(), Vec::new());
    let mut answers =
        Answers { pages, lists, finds, reports: vec![minicom.ai(&ben()).await.expect("a report")] };
    for target in [
        Target::Participant(participant("ann@example.com")),
        Target::Participant(participant("nobody")),
        Target::Conversation(strange),
    ] {
        for from in [PageFrom::Latest, PageFrom::After(Seq(1)), PageFrom::Before(Seq(2))] {
            let page = minicom.conversation(&ben(), &target, PageRequest::new(from)).await;
            answers.pages.extend(page.ok());
        }
    }
    for limit in [1, 50] {
        let list = minicom.conversations(&ben(), RowFilter::default(), None, limit).await;
        answers.lists.push(list.expect("listed"));
        let found = minicom.search(&ben(), "hel", None, None, limit).await;
        answers.finds.push(found.expect("searched"));
    }
    assert!(answers.pages.len() >= 6 && answers.finds[1].hits.len() == 6);
    minicom.shutdown().await;
    ask_where_an_ai_answers(&mut answers).await;
    answers
}

/// Knows everything.
#[derive(Debug)]
pub(crate) struct Knows;

#[async_trait]
impl Responder for Knows {
    async fn respond(&self, _: Turn, draft: &mut Draft) -> Result<Reply, ResponderError> {
        draft.push("Copy the \"file\".");
        let sources = vec![Source::new("Backups").at("/docs/backups"), Source::new("\u{e9}\\")];
        Ok(Reply::Answer(Answer { text: draft.text(), sources }))
    }
}

/// A conversation with an event of every kind that concerns an AI, and reports with a policy as large as it may be.
async fn ask_where_an_ai_answers(answers: &mut Answers) {
    let store = MemoryStore::new();
    let minicom = Minicom::builder().store(store).async_responder(Knows).build().expect("a store was given");
    let own = Target::Participant(ann().participant);
    let rhyme = AiCommand::ChoosePersonality { personality: Some(Personality::Own("Rhyme.".into())) };
    minicom.execute(&ann(), &own, Command::message("How?")).await.expect("executed");
    while last_seq(&minicom, &own).await < Seq(2) {
        tokio::task::yield_now().await;
    }
    for (identity, command) in [
        (ann(), AiCommand::Rate { seq: Seq(2), helpful: true }),
        (ann(), AiCommand::HandOff),
        (ben(), AiCommand::HandBack),
        (ben(), rhyme),
    ] {
        minicom.execute(&identity, &own, command.into()).await.expect("executed");
    }
    minicom.set_ai(&ben(), largest_policy()).await.expect("set");
    minicom.execute(&ann(), &own, Command::message("Why?")).await.expect("executed");
    while last_seq(&minicom, &own).await < Seq(8) {
        tokio::task::yield_now().await;
    }
    for identity in [ann(), ben()] {
        let page = minicom.conversation(&identity, &own, PageRequest::latest()).await;
        answers.pages.push(page.expect("a page"));
    }
    let [.., seen_by_ann, seen_by_ben] = &answers.pages[..] else { panic!("two pages") };
    assert_eq!((seen_by_ann.events.len(), seen_by_ben.events.len()), (6, 8));
    answers.reports.push(minicom.ai(&ben()).await.expect("a report"));
    minicom.shutdown().await;
}

async fn last_seq(minicom: &Minicom, target: &Target) -> Seq {
    minicom.conversation(&ben(), target, PageRequest::latest()).await.expect("a page").last_seq
}

/// One that keeps every bound, just.
pub(crate) fn largest_policy() -> AiPolicy {
    let mut policy = AiPolicy::new(AiMode::Suggest);
    policy.name = Some("\"".repeat(100));
    policy.prompt = "\u{1}".repeat(MAX_PROMPT_BYTES);
    policy.personality = Personality::Own("\"".repeat(2048));
    policy.handoff_words = vec!["refund\\".repeat(9); MAX_HANDOFF_WORDS];
    policy.unhelpful_after = Some(u32::MAX);
    policy
}

/// A conversation that a newer version wrote: an event of an unknown kind whose fields take the names of ours.
fn strange_change(conversation: ConversationId) -> Change {
    let log = LogId::conversation(&WorkspaceId::default(), conversation);
    let snapshot = br#"{"format":1,"epoch":"0b5ac0de-0000-4000-8000-000000000001","first":1,"last":1,
        "time":"2026-01-31T09:30:00Z","messages":0,"members":[{"participant":"from-tomorrow","read":0}],
        "agents_read":0,"unread_by_user":[],"unread_by_agents":[],"last_message":null,"colour":"red"}"#;
    let mut change = Change::new(log, Rev::NONE, Bytes::from_static(snapshot), Row::default());
    let data =
        br#"{"kind":"poll","name":"Zo\u00e9","seq":"x","actor":null,"type":"ack","options":[1,{"a":2.5}]}"#;
    change.events.push(NewEvent::new(ben().actor().id, Timestamp::UNIX_EPOCH, Bytes::from_static(data)));
    change
}
