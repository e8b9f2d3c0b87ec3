//! The host's moderator: it flags afterwards, delays nobody, and misses nothing that it does not fail at.

mod common;

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};

use async_trait::async_trait;
use common::{Client, TokioClock, agent, id, user};
use minicom_core::{
    Body, Builder, Command, FlagReason, MemoryStore, Minicom, Moderator, ModeratorError, PageRequest,
    Recorded, Said, Seq, Store, Target, Verdict, WordLists, WorkspaceId,
};
use minicom_testkit::faulty::{Fault, Faults, FaultyStore};
use serde_json::json;

/// Does as the words say, and writes down what it was told of.
#[derive(Debug, Default)]
struct Scripted {
    /// How often it was told of a text.
    told: Mutex<HashMap<String, usize>>,
    at_once: AtomicUsize,
    most_at_once: AtomicUsize,
}

impl Scripted {
    fn told(&self, text: &str) -> usize {
        self.told.lock().unwrap().get(text).copied().unwrap_or_default()
    }
}

/// Counts who is at it, for as long as it lives.
struct AtIt<'a>(&'a Scripted);

impl Drop for AtIt<'_> {
    fn drop(&mut self) {
        self.0.at_once.fetch_sub(1, SeqCst);
    }
}

#[async_trait]
impl Moderator for Scripted {
    async fn moderate(&self, said: Said) -> Result<Verdict, ModeratorError> {
        let times = {
            let mut told = self.told.lock().unwrap();
            let times = told.entry(said.text.clone()).or_default();
            *times += 1;
            *times
        };
        self.most_at_once.fetch_max(self.at_once.fetch_add(1, SeqCst) + 1, SeqCst);
        let _at_it = AtIt(self);
        match said.text.split(' ').next() {
            Some("rude") => Ok(Verdict::Flag { reason: format!("{} was rude", said.visitor.id.subject) }),
            Some("slow") => {
                tokio::time::sleep(Duration::from_secs(20)).await;
                Ok(Verdict::Flag { reason: "at last".into() })
            }
            Some("hangs") => std::future::pending().await,
            Some("panics") => panic!("as it was asked to"),
            Some("fails") => Err(ModeratorError::new("down")),
            Some("twice") if times < 3 => Err(ModeratorError::new("down")),
            Some("twice") => Ok(Verdict::Flag { reason: "x".repeat(500) }),
            _ => Ok(Verdict::Fine),
        }
    }
}

fn builder(store: &Arc<dyn Store>) -> Builder {
    Minicom::builder().without_rate_limits().shared_store(store.clone()).clock(TokioClock::default())
}

fn moderated(store: &Arc<dyn Store>) -> (Minicom, Arc<Scripted>) {
    let moderator = Arc::new(Scripted::default());
    (builder(store).async_moderator(moderator.clone()).build().unwrap(), moderator)
}

fn memory() -> Arc<dyn Store> {
    Arc::new(MemoryStore::new())
}

async fn says(minicom: &Minicom, name: &str, text: &str) -> Seq {
    let own = Target::Participant(id(name));
    minicom.execute(&user(name), &own, Command::message(text)).await.unwrap().unwrap().seq
}

/// Which messages of a conversation are flagged, and why.
async fn flags(minicom: &Minicom, name: &str) -> Vec<(Seq, String)> {
    let mut page = PageRequest::latest();
    page.limit = 200;
    let page = minicom.conversation(&agent("ben"), &Target::Participant(id(name)), page).await;
    let flag = |recorded: Recorded<Body>| match recorded.event.body {
        Body::Flagged { message, reason: FlagReason::Moderator { detail } } => Some((message, detail)),
        _ => None,
    };
    page.unwrap().events.into_iter().filter_map(flag).collect()
}

/// Lets everything happen that happens within a time.
async fn pass(seconds: u64) {
    tokio::time::sleep(Duration::from_secs(seconds)).await;
}

#[tokio::test(start_paused = true)]
async fn what_a_moderator_flags_waits_for_review_and_its_visitor_hears_nothing() {
    let (minicom, moderator) = moderated(&memory());
    let (mut eve, _) = Client::user(&minicom, "eve").await;
    let mut ben = Client::connect(&minicom, &agent("ben"));
    ben.send(json!({"type": "get_conversation", "email": "eve"}));
    ben.frame_of("conversation").await;
    for text in ["hello", "rude words"] {
        eve.send(json!({"type": "message", "message": text, "client_id": text}));
        eve.frame_of("ack").await;
    }
    let flagged = ben.frame_of("event").await["event"].clone();
    assert_eq!(
        (&flagged["kind"], &flagged["message"], &flagged["reason"], &flagged["detail"]),
        (&json!("flagged"), &json!(2), &json!("moderator"), &json!("eve was rude"))
    );
    eve.hears_no("event").await;
    // What agents say is theirs.
    ben.send(json!({"type": "message", "to": "eve", "message": "rude agent", "client_id": "a"}));
    pass(60).await;
    assert_eq!(
        (moderator.told("hello"), moderator.told("rude words"), moderator.told("rude agent")),
        (1, 1, 0)
    );
    assert_eq!(flags(&minicom, "eve").await.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_slow_or_failing_moderator_delays_flags_and_nothing_else() {
    let (minicom, moderator) = moderated(&memory());
    let began = tokio::time::Instant::now();
    for text in ["hangs", "panics", "fails", "slow one", "twice", "rude one"] {
        says(&minicom, "eve", text).await;
    }
    for number in 0..30 {
        says(&minicom, &format!("v{number}"), &format!("slow {number}")).await;
    }
    assert_eq!(began.elapsed(), Duration::ZERO, "nobody waited");
    pass(10).await;
    assert!(flags(&minicom, "v29").await.is_empty());
    pass(300).await;
    let flagged: Vec<_> = flags(&minicom, "eve").await.into_iter().map(|(seq, _)| seq).collect();
    let mut sorted = flagged.clone();
    sorted.sort();
    assert_eq!(sorted, [Seq(4), Seq(5), Seq(6)]);
    assert_eq!(flags(&minicom, "v29").await.len(), 1);
    for (text, times) in
        [("hangs", 3), ("panics", 3), ("fails", 3), ("twice", 3), ("slow one", 1), ("rude one", 1)]
    {
        assert_eq!(moderator.told(text), times, "{text}");
    }
    let long = flags(&minicom, "eve").await.into_iter().find(|(seq, _)| *seq == Seq(5)).unwrap();
    assert_eq!(long.1.len(), 200);
    assert_eq!(moderator.most_at_once.load(SeqCst), 8, "the bound is used and kept");
}

#[tokio::test(start_paused = true)]
async fn what_a_process_that_died_has_left_is_looked_at_by_the_next_and_flagged_once() {
    let store = memory();
    let (first, moderator) = moderated(&store);
    says(&first, "eve", "rude words").await;
    pass(1).await;
    says(&first, "eve", "slow words").await;
    pass(1).await;
    assert_eq!((moderator.told("slow words"), flags(&first, "eve").await.len()), (1, 1));
    first.shutdown().await;
    drop(first);
    let (second, moderator) = moderated(&store);
    pass(60).await;
    assert_eq!((moderator.told("rude words"), moderator.told("slow words")), (0, 1));
    assert_eq!(flags(&second, "eve").await.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn two_processes_flag_a_message_once() {
    let store = memory();
    let ((one, _), (other, _)) = (moderated(&store), moderated(&store));
    for number in 0..40 {
        let minicom = if number % 2 == 0 { &one } else { &other };
        says(minicom, "eve", &format!("rude {number}")).await;
    }
    pass(60).await;
    // One that has not looked before sees what both have written.
    let looks = builder(&store).build().unwrap();
    let mut flagged: Vec<_> = flags(&looks, "eve").await.into_iter().map(|(seq, _)| seq).collect();
    let all = flagged.len();
    flagged.sort();
    flagged.dedup();
    assert_eq!((all, flagged.len()), (40, 40));
}

#[tokio::test(start_paused = true)]
async fn a_store_that_fails_delays_a_flag() {
    let faulty = Arc::new(FaultyStore::new(MemoryStore::new(), Faults::none()));
    let store: Arc<dyn Store> = faulty.clone();
    let (minicom, moderator) = moderated(&store);
    says(&minicom, "eve", "slow words").await;
    pass(1).await;
    faulty.fail_next_append(Fault::Before);
    pass(120).await;
    assert_eq!(flags(&minicom, "eve").await.len(), 1);
    assert_eq!(moderator.told("slow words"), 2, "it was looked at again");
}

#[tokio::test(start_paused = true)]
async fn history_is_left_alone_and_other_workspaces_are_moderated() {
    let store = memory();
    let plain = builder(&store).build().unwrap();
    says(&plain, "eve", "rude before").await;
    plain.shutdown().await;
    pass(5).await;
    // Its clock began later than that of the first.
    let moderator = Arc::new(Scripted::default());
    let clock = Later(TokioClock::default());
    let minicom = builder(&store).clock(clock).async_moderator(moderator.clone()).build().unwrap();
    pass(5).await;
    let bob = minicom_core::Identity::user(WorkspaceId::new("shop").unwrap(), id("bob"));
    minicom.execute(&bob, &Target::Participant(id("bob")), Command::message("rude shop")).await.unwrap();
    says(&minicom, "eve", "rude after").await;
    pass(5).await;
    let told = |text| moderator.told(text);
    assert_eq!((told("rude before"), told("rude shop"), told("rude after")), (0, 1, 1));
    assert_eq!(flags(&minicom, "eve").await.len(), 1);
}

/// An hour ahead.
#[derive(Debug)]
struct Later(TokioClock);

impl minicom_core::Clock for Later {
    fn now(&self) -> jiff::Timestamp {
        self.0.now() + Duration::from_hours(1)
    }
}

/// Tells what it was told of, and blocks its thread until it may go on.
#[derive(Debug)]
struct Blocks(std::sync::mpsc::Sender<String>, Mutex<std::sync::mpsc::Receiver<()>>);

#[async_trait]
impl Moderator for Blocks {
    async fn moderate(&self, said: Said) -> Result<Verdict, ModeratorError> {
        let _ = self.0.send(said.text);
        let _ = self.1.lock().unwrap().recv();
        Ok(Verdict::Fine)
    }
}

#[tokio::test]
async fn a_moderator_that_blocks_its_thread_delays_nobody_and_sees_what_is_kept() {
    let ((told, hears), (go_on, waits)) = (std::sync::mpsc::channel(), std::sync::mpsc::channel());
    let minicom = builder(&memory()).moderator(Blocks(told, Mutex::new(waits))).build().unwrap();
    let mut lists = WordLists::default();
    lists.mask = vec!["damn".into()];
    minicom.set_word_lists(&agent("ben"), lists).await.unwrap();
    // The runtime has one thread, and goes on while another is blocked.
    for number in 0..20 {
        says(&minicom, "eve", &format!("damn {number}")).await;
    }
    let first = tokio::task::spawn_blocking(move || hears.recv().unwrap()).await.unwrap();
    assert!(first.starts_with("∗∗∗∗ "), "{first}");
    drop(go_on);
    minicom.shutdown().await;
}
