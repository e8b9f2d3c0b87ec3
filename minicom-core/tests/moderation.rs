//! Word lists and review: over sockets, in a second process, for who sends again, and as rules against a plain model.

mod common;

use std::{sync::Arc, time::Duration};

use common::{Client, TokioClock, agent, id, user};
use jiff::Timestamp;
use minicom_core::{
    Actor, AgentRole, Body, ClientId, Code, Command, Context, Conversation, Event, Fact, FlagReason,
    Identity, Log, Minicom, PageRequest, ParticipantId, Role, RowFilter, Seq, Store, StoredEvent, Target,
    WordLists, Workspace, WorkspaceCommand, WorkspaceId,
};
use minicom_core::{MemoryStore, Recorded};
use proptest::{prelude::*, sample::select};
use serde_json::{Value, json};
use uuid::Uuid;

fn on(store: &Arc<MemoryStore>) -> Minicom {
    let store: Arc<dyn Store> = store.clone();
    let builder = Minicom::builder().without_rate_limits().shared_store(store).clock(TokioClock::default());
    builder.build().unwrap()
}

fn supervisor() -> Identity {
    Identity::agent(WorkspaceId::default(), id("sue")).with_agent_role(AgentRole::Supervisor)
}

fn lists(refuse: &[&str], mask: &[&str], flag: &[&str]) -> WordLists {
    let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    let mut lists = WordLists::default();
    (lists.refuse, lists.mask, lists.flag) = (owned(refuse), owned(mask), owned(flag));
    lists
}

async fn moderated() -> Minicom {
    let minicom = on(&Arc::new(MemoryStore::new()));
    minicom.set_word_lists(&supervisor(), lists(&["spam"], &["damn"], &["lawyer"])).await.unwrap();
    minicom
}

fn says(text: &str, key: &str) -> Value {
    json!({"type": "message", "message": text, "client_id": key})
}

async fn conversation(agent: &mut Client, email: &str) -> Value {
    agent.send(json!({"type": "get_conversation", "email": email}));
    agent.frame_of("conversation").await
}

#[tokio::test(start_paused = true)]
async fn what_is_refused_is_stored_nowhere_and_said_to_its_visitor_alone() {
    let minicom = moderated().await;
    let (mut eve, _) = Client::user(&minicom, "eve").await;
    eve.send(says("Great SPAM here", "one"));
    let refused = eve.frame_of("error").await;
    assert_eq!((&refused["code"], &refused["client_id"]), (&json!("words_refused"), &json!("one")));
    let (sue, own) = (supervisor(), Target::Participant(id("eve")));
    let page = minicom.conversation(&sue, &own, PageRequest::latest()).await.unwrap();
    assert_eq!(page.epoch, None, "no conversation began");
    // The same key says something else then.
    eve.send(says("Great ham here", "one"));
    assert_eq!(eve.frame_of("ack").await["seq"], 1);
    // An agent may say so.
    let mut ben = Client::connect(&minicom, &agent("ben"));
    ben.send(
        json!({"type": "message", "to": "eve", "message": "Your spam, damn lawyer?", "client_id": "two"}),
    );
    ben.frame_of("ack").await;
    let page = conversation(&mut ben, "eve").await;
    assert_eq!(
        (&page["messages"][1]["content"], &page["events"]),
        (&json!("Your spam, damn lawyer?"), &json!([]))
    );
}

#[tokio::test(start_paused = true)]
async fn what_is_masked_is_masked_for_everybody_and_is_the_same_message_again() {
    let minicom = moderated().await;
    let (mut eve, _) = Client::user(&minicom, "eve").await;
    for _ in 0..2 {
        eve.send(says("DAMN, it broke", "one"));
        assert_eq!(eve.frame_of("ack").await["seq"], 1);
    }
    // Under other lists as well: the key stands for what was sent.
    for lists in [lists(&[], &["broke"], &[]), WordLists::default()] {
        minicom.set_word_lists(&supervisor(), lists).await.unwrap();
        eve.send(says("DAMN, it broke", "one"));
        assert_eq!(eve.frame_of("ack").await["seq"], 1);
    }
    eve.send(says("∗∗∗∗, it broke", "one"));
    assert_eq!(eve.frame_of("error").await["code"], "client_id_reused");
    let (_, history) = Client::user(&minicom, "eve").await;
    assert_eq!(history["messages"][0]["content"], "∗∗∗∗, it broke");
    assert_eq!(history["messages"].as_array().unwrap().len(), 1);
    assert_eq!(history["messages"][0].get("masked"), None);
    let found = |query: &'static str| {
        let minicom = minicom.clone();
        async move { minicom.search(&supervisor(), query, None, None, 9).await.unwrap().hits.len() }
    };
    assert_eq!((found("damn").await, found("broke").await), (0, 1));
    let list = minicom.conversations(&supervisor(), RowFilter::default(), None, 9).await.unwrap();
    assert_eq!(list.rows[0].last_message.as_ref().unwrap().text, "∗∗∗∗, it broke");
}

#[tokio::test(start_paused = true)]
async fn a_masked_message_is_the_same_where_its_visitor_moved() {
    let minicom = moderated().await;
    let nobody = ParticipantId::anonymous(Uuid::from_u128(7));
    let visitor = Identity::user(WorkspaceId::default(), nobody.clone());
    let says = |who: &Identity, text: &str| {
        let command = Command::message_once(text, ClientId::new("key").unwrap());
        let (minicom, who, own) =
            (minicom.clone(), who.clone(), Target::Participant(who.participant.clone()));
        async move { minicom.execute(&who, &own, command).await.map_err(|error| error.code()) }
    };
    says(&visitor, "damn lawyer").await.unwrap();
    minicom.move_visitor(&visitor, &user("ann")).await.unwrap();
    assert_eq!(says(&user("ann"), "damn lawyer").await.unwrap().unwrap().seq, Seq(1));
    assert_eq!(says(&user("ann"), "lawyer").await, Err(Code::ClientIdReused));
    let mut filter = RowFilter::default();
    filter.flagged = Some(true);
    let flagged = minicom.conversations(&supervisor(), filter, None, 9).await.unwrap();
    let emails: Vec<_> = flagged.rows.iter().map(minicom_core::ConversationRow::email).collect();
    assert_eq!(emails, ["ann"], "the flag went along");
    let mut sue = Client::connect(&minicom, &supervisor());
    let page = conversation(&mut sue, "ann").await;
    assert_eq!((&page["events"][0]["kind"], &page["events"][0]["message"]), (&json!("flagged"), &json!(1)));
}

#[tokio::test(start_paused = true)]
async fn what_is_flagged_waits_in_the_inbox_until_a_supervisor_reviewed_it() {
    let minicom = moderated().await;
    let mut sue = Client::connect(&minicom, &supervisor());
    sue.send(json!({"type": "list", "filter": {"flagged": true}}));
    assert_eq!(sue.frame_of("list").await["rows"], json!([]));
    assert_eq!(conversation(&mut sue, "eve").await["flags"], Value::Null);

    let (mut eve, _) = Client::user(&minicom, "eve").await;
    eve.send(says("My LAWYER says: damn", "one"));
    eve.frame_of("ack").await;
    let flagged = sue.frame_of("event").await["event"].clone();
    assert_eq!(
        (&flagged["kind"], &flagged["message"], &flagged["reason"], &flagged["words"]),
        (&json!("flagged"), &json!(1), &json!("listed"), &json!(["lawyer"]))
    );
    let row = sue.frame_of("row").await["row"].clone();
    assert_eq!((&row["email"], &row["flagged"]), (&json!("eve"), &json!(true)));
    // He hears nothing of it, now and when he comes back.
    eve.hears_no("event").await;
    let (_, history) = Client::user(&minicom, "eve").await;
    assert_eq!((&history["events"], history.get("flags")), (&json!([]), None));
    let page = conversation(&mut sue, "eve").await;
    assert_eq!(
        (&page["events"][0]["kind"], &page["flags"]),
        (&json!("flagged"), &json!({"last": 2, "reviewed": 0}))
    );

    // An agent sees it, and may not call it reviewed; nor may the visitor.
    let mut ben = Client::connect(&minicom, &Identity::agent(WorkspaceId::default(), id("ben")));
    assert_eq!(conversation(&mut ben, "eve").await["flags"]["last"], 2);
    for (client, frame) in [
        (&mut ben, json!({"type": "review", "email": "eve", "client_id": "r"})),
        (&mut eve, json!({"type": "review", "client_id": "r"})),
    ] {
        client.send(frame);
        assert_eq!(client.frame_of("error").await["code"], "forbidden");
    }
    for _ in 0..2 {
        sue.send(json!({"type": "review", "email": "eve", "up_to": 99, "client_id": "r"}));
        sue.frame_of("ack").await;
    }
    let row = loop {
        let row = sue.frame_of("row").await["row"].clone();
        if row["gone"] == true {
            break row;
        }
    };
    assert_eq!(row.get("flagged"), None);
    let page = conversation(&mut sue, "eve").await;
    let events: Vec<_> =
        page["events"].as_array().unwrap().iter().map(|event| event["kind"].as_str().unwrap()).collect();
    assert_eq!((events, page.get("flags")), (vec!["flagged", "reviewed"], None));
    assert_eq!(page["events"][1]["up_to"], 2);
    sue.send(json!({"type": "review", "email": "nobody", "client_id": "none"}));
    assert_eq!(sue.frame_of("error").await["code"], "not_found");
}

#[tokio::test(start_paused = true)]
async fn lists_are_for_supervisors_bounded_and_known_to_a_second_process_soon() {
    let store = Arc::new(MemoryStore::new());
    let (here, there) = (on(&store), on(&store));
    let says = |minicom: &Minicom| {
        let minicom = minicom.clone();
        async move {
            let said = minicom
                .execute(&user("eve"), &Target::Participant(id("eve")), Command::message("spam"))
                .await;
            said.map(drop).map_err(|error| error.code())
        }
    };
    assert_eq!(says(&there).await, Ok(()));
    let mut sue = Client::connect(&here, &supervisor());
    sue.send(json!({"type": "word_lists", "client_id": "w"}));
    let none = json!({"refuse": [], "mask": [], "flag": []});
    assert_eq!(
        sue.frame_of("word_lists").await,
        json!({"type": "word_lists", "client_id": "w", "lists": none})
    );
    sue.send(json!({"type": "set_word_lists", "lists": {"refuse": ["spam"]}, "client_id": "w"}));
    let set = json!({"refuse": ["spam"], "mask": [], "flag": []});
    assert_eq!(sue.frame_of("word_lists").await["lists"], set);
    for bad in [json!({"refuse": ["!"]}), json!({"refuse": "spam"}), json!({"delete": []}), json!([["spam"]])]
    {
        sue.send(json!({"type": "set_word_lists", "lists": bad, "client_id": "w"}));
        assert_eq!(sue.frame_of("error").await["code"], "bad_request", "{bad}");
    }
    assert_eq!(here.word_lists(&supervisor()).await.unwrap().refuse, ["spam"]);
    for who in [Identity::agent(WorkspaceId::default(), id("ben")), user("eve")] {
        assert!(here.word_lists(&who).await.unwrap_err().is_forbidden());
        assert!(here.set_word_lists(&who, WordLists::default()).await.unwrap_err().is_forbidden());
    }
    assert_eq!(says(&here).await, Err(Code::WordsRefused));
    tokio::time::advance(Duration::from_secs(6)).await;
    assert_eq!(says(&there).await, Err(Code::WordsRefused));
}

#[tokio::test(start_paused = true)]
async fn a_message_that_masking_makes_too_long_is_too_long() {
    let minicom = moderated().await;
    let text = "damn ".repeat(3000);
    let said = minicom.execute(&user("eve"), &Target::Participant(id("eve")), Command::message(text)).await;
    assert_eq!(said.unwrap_err().code(), Code::TooLarge);
}

/// Something that somebody does.
#[derive(Debug, Clone)]
enum Step {
    Say { who: Role, words: Vec<&'static str> },
    Flag { who: Role, seq: u64 },
    Review { up_to: Option<u64> },
    SetLists { refuse: Vec<&'static str>, mask: Vec<&'static str>, flag: Vec<&'static str> },
}

/// What is known of a conversation without any fold: all that was said and done, in a list.
#[derive(Default)]
struct Model {
    lists: [Vec<&'static str>; 3],
    /// By seq − 1.
    bodies: Vec<Body>,
    visitors: Vec<u64>,
    flagged: Vec<u64>,
    reviewed: u64,
}

impl Model {
    fn add(&mut self, body: Body) -> u64 {
        self.bodies.push(body);
        self.bodies.len() as u64
    }

    /// Whether it is done.
    fn step(&mut self, step: &Step) -> Result<(), Code> {
        match step {
            Step::SetLists { refuse, mask, flag } => {
                self.lists = [refuse.clone(), mask.clone(), flag.clone()];
            }
            Step::Say { who, words } => {
                let visitor = *who == Role::User;
                let in_list = |list: usize, word: &str| visitor && self.lists[list].contains(&word);
                if words.iter().any(|word| in_list(0, word)) {
                    return Err(Code::WordsRefused);
                }
                let kept = words
                    .iter()
                    .map(|word| if in_list(1, word) { "∗".repeat(word.len()) } else { (*word).into() });
                let kept = kept.collect::<Vec<_>>().join(" ");
                let mut found: Vec<_> =
                    self.lists[2].iter().filter(|word| visitor && words.contains(word)).collect();
                found.sort();
                found.dedup();
                let found: Vec<_> = found.into_iter().map(|word| (*word).to_owned()).collect();
                let seq = self.add(Body::message(kept));
                if visitor {
                    self.visitors.push(seq);
                }
                if !found.is_empty() {
                    let flag = self.add(Body::Flagged {
                        message: Seq(seq),
                        reason: FlagReason::Listed { words: found },
                    });
                    self.flagged.push(flag);
                }
            }
            Step::Flag { who, seq } => {
                if *who != Role::Ai {
                    return Err(Code::Forbidden);
                }
                if !self.visitors.contains(seq) {
                    return Err(Code::NotFound);
                }
                let reason = FlagReason::Moderator { detail: "rude".into() };
                let flag = self.add(Body::Flagged { message: Seq(*seq), reason });
                self.flagged.push(flag);
            }
            Step::Review { up_to } => {
                if self.bodies.is_empty() {
                    return Err(Code::NotFound);
                }
                let last = self.flagged.last().copied().unwrap_or(0);
                let up_to = up_to.unwrap_or(last).min(last);
                if up_to > self.reviewed {
                    self.reviewed = up_to;
                    self.add(Body::Reviewed { up_to: Seq(up_to) });
                }
            }
        }
        Ok(())
    }
}

fn word() -> impl Strategy<Value = &'static str> {
    select(&["ab", "cde", "f", "ghij"][..])
}

fn words(most: usize) -> impl Strategy<Value = Vec<&'static str>> {
    proptest::collection::vec(word(), 0..most)
}

fn step() -> impl Strategy<Value = Step> {
    let role = || select(&[Role::User, Role::User, Role::Agent, Role::Ai][..]);
    prop_oneof![
        6 => (role(), proptest::collection::vec(word(), 1..5)).prop_map(|(who, words)| Step::Say { who, words }),
        2 => (role(), 0..12_u64).prop_map(|(who, seq)| Step::Flag { who, seq }),
        2 => proptest::option::of(0..14_u64).prop_map(|up_to| Step::Review { up_to }),
        1 => (words(2), words(3), words(3)).prop_map(|(refuse, mask, flag)| Step::SetLists { refuse, mask, flag }),
    ]
}

/// The same message, but for the digest of what was sent.
fn plain(body: &Body) -> Body {
    match body {
        Body::Message { text, .. } => Body::message(text.clone()),
        other => other.clone(),
    }
}

fn stored(event: &Event<Body>) -> StoredEvent {
    let mut data = minicom_core::EventBody::fields(&event.body);
    data.insert("kind".into(), minicom_core::EventBody::kind(&event.body).into());
    let ann = minicom_core::ConversationId::direct(&id("ann"));
    StoredEvent {
        log: minicom_core::LogId::conversation(&WorkspaceId::default(), ann),
        seq: event.seq,
        id: minicom_core::EventId(event.seq.0),
        position: minicom_core::Position(event.seq.0),
        actor: event.actor.id.clone(),
        client_id: event.client_id.clone(),
        digest: None,
        time: event.time,
        data: Value::Object(data).to_string().into(),
    }
}

proptest! {
    #[test]
    fn the_rules_are_those_of_a_plain_model(steps in proptest::collection::vec(step(), 0..40)) {
        let (mut fold, mut workspace, mut model) = (Conversation::default(), Workspace::default(), Model::default());
        let mut events: Vec<Event<Body>> = Vec::new();
        let ann = id("ann");
        for step in steps {
            let expected = model.step(&step);
            let role = match &step {
                Step::Say { who, .. } | Step::Flag { who, .. } => *who,
                _ => Role::Agent,
            };
            let subject = if role == Role::User { ann.clone() } else { id("ben") };
            let actor = Actor { id: minicom_core::ActorId { role, subject }, name: None };
            let also: Vec<_> = events.iter().map(stored).collect();
            let before = workspace.clone();
            let mut cx = Context::new(Timestamp::UNIX_EPOCH, &actor, &before, Uuid::from_u128(7));
            cx.participant = Some(&ann);
            let command = match &step {
                Step::Say { words, .. } => Command::message(words.join(" ")),
                Step::Flag { seq, .. } => Command::Flag { seq: Seq(*seq), reason: " rude ".into() },
                Step::Review { up_to } => Command::Review { up_to: up_to.map(Seq) },
                Step::SetLists { refuse, mask, flag } => {
                    let lists = Box::new(lists(refuse, mask, flag));
                    for fact in workspace.decide(&cx, &WorkspaceCommand::SetWordLists { lists }).unwrap() {
                        workspace.apply(&fact);
                    }
                    workspace = Workspace::decode(&workspace.encode()).unwrap();
                    continue;
                }
            };
            let needs = Conversation::needs(&command);
            cx.also = &also;
            prop_assert_eq!(needs.is_empty(), !matches!(step, Step::Flag { .. }));
            let decided = fold.decide(&cx, &command);
            prop_assert_eq!(decided.as_ref().map(drop).map_err(minicom_core::Refusal::code), expected, "{:?}", step);
            for fact in decided.unwrap_or_default() {
                fold.apply(&fact);
                if let Fact::Event(event) = fact {
                    prop_assert_eq!(Recorded::<Body>::read(&stored(&event)).unwrap().event.body, event.body.clone());
                    events.push(event);
                }
            }
            let seqs: Vec<_> = events.iter().map(|event| event.seq.0).collect();
            prop_assert_eq!(seqs, (1..=model.bodies.len() as u64).collect::<Vec<_>>());
            prop_assert_eq!(events.iter().map(|event| plain(&event.body)).collect::<Vec<_>>(), model.bodies.clone());
            let waits = model.flagged.iter().any(|flag| *flag > model.reviewed);
            prop_assert_eq!((fold.flags().wait(), fold.row().flagged), (waits, waits));
            prop_assert_eq!(&Conversation::decode(&fold.encode()).unwrap(), &fold);
        }
    }
}
