//! A banned visitor is identified, or somebody who is banned turns out to be the visitor: the ban goes along, and all of it is
//! moved.

mod common;

use std::{sync::Arc, time::Duration};

use common::{BreakAt, Client, TokioClock, agent, id, user};
use jiff::Timestamp;
use minicom_core::{
    Ban, Body, Clock, Code, Command, Identity, MemoryStore, Minicom, PageFrom, PageRequest, ParticipantId,
    Seq, Store, Target, WorkspaceId,
};
use minicom_testkit::faulty::{Fault, Faults, FaultyStore};
use proptest::{collection::vec, prelude::*};
use uuid::Uuid;

fn nobody() -> Identity {
    Identity::user(WorkspaceId::default(), ParticipantId::anonymous(Uuid::from_u128(7)))
}

fn ann() -> Identity {
    user("ann@example.com")
}

fn own(identity: &Identity) -> Target {
    Target::Participant(identity.participant.clone())
}

fn on(store: Arc<dyn Store>) -> Minicom {
    let builder = Minicom::builder().without_rate_limits().shared_store(store);
    builder.clock(TokioClock::default()).build().expect("a store is given")
}

fn minicom() -> Minicom {
    on(Arc::new(MemoryStore::new()))
}

async fn say(minicom: &Minicom, who: &Identity, to: &Identity, text: &str) {
    minicom.execute(who, &own(to), Command::message(text)).await.expect("stored");
}

async fn ban(minicom: &Minicom, whom: &Identity, ban: Ban) {
    minicom.ban(&agent("sue"), &own(whom), ban, false).await.expect("banned");
}

/// What an agent sees: all events, oldest first, and the ban that holds.
async fn seen(minicom: &Minicom, of: &Identity) -> (Vec<Body>, Option<Ban>) {
    let mut all = Vec::new();
    loop {
        let mut page = PageRequest::new(PageFrom::After(Seq(all.len() as u64)));
        page.limit = 200;
        let page = minicom.conversation(&agent("ben"), &own(of), page).await.expect("a page");
        all.extend(page.events.into_iter().map(|recorded| recorded.event.body));
        if !page.has_more {
            return (all, page.ban);
        }
    }
}

fn words(seen: &[Body]) -> Vec<&str> {
    seen.iter()
        .filter_map(|body| match body {
            Body::Message { text, .. } => Some(text.as_str()),
            _ => None,
        })
        .collect()
}

/// Who is in: what reading his own conversation is answered.
async fn code_of(minicom: &Minicom, who: &Identity) -> Option<Code> {
    let page = minicom.conversation(who, &own(who), PageRequest::latest()).await;
    page.err().map(|error| error.code())
}

#[tokio::test(start_paused = true)]
async fn who_was_banned_before_he_was_identified_stays_banned() {
    let minicom = minicom();
    say(&minicom, &nobody(), &nobody(), "Buy my pills").await;
    ban(&minicom, &nobody(), Ban::new("spam")).await;
    say(&minicom, &agent("ben"), &nobody(), "Never again.").await;
    let (mut tab, _) = Client::user(&minicom, "ann@example.com").await;

    minicom.move_visitor(&nobody(), &ann()).await.expect("moved");
    assert_eq!(tab.close_code().await, 4505, "who he is has no place either");
    let (events, held) = seen(&minicom, &ann()).await;
    assert_eq!(words(&events), ["Buy my pills", "Never again."]);
    assert_eq!(events[1], Body::Banned { ban: Ban::new("spam"), over: false });
    assert_eq!(held, Some(Ban::new("spam")));
    assert_eq!(code_of(&minicom, &ann()).await, Some(Code::Banned));
    assert_eq!(seen(&minicom, &nobody()).await.0, [Body::Moved { to: id("ann@example.com") }]);
    minicom.move_visitor(&nobody(), &ann()).await.expect("moved before");

    minicom.lift_ban(&agent("sue"), &own(&ann())).await.expect("lifted");
    assert_eq!(code_of(&minicom, &ann()).await, None);
    minicom.move_visitor(&nobody(), &ann()).await.expect("moved before");
    assert_eq!(code_of(&minicom, &ann()).await, None, "what was lifted does not come again");
}

#[tokio::test(start_paused = true)]
async fn a_ban_that_is_over_is_told_and_changes_nothing() {
    let minicom = minicom();
    say(&minicom, &nobody(), &nobody(), "one").await;
    ban(&minicom, &nobody(), Ban::new("by mistake")).await;
    minicom.lift_ban(&agent("sue"), &own(&nobody())).await.expect("lifted");
    say(&minicom, &nobody(), &nobody(), "two").await;
    let (mut tab, _) = Client::user(&minicom, "ann@example.com").await;
    minicom.move_visitor(&nobody(), &ann()).await.expect("moved");
    let (events, held) = seen(&minicom, &ann()).await;
    assert_eq!(held, None);
    assert_eq!(events[1], Body::Banned { ban: Ban::new("by mistake"), over: true });
    assert_eq!(events[2], Body::Unbanned { over: true });
    assert_eq!(tab.frame_of("message").await["message"]["content"], "one", "nobody was closed");
    assert_eq!(code_of(&minicom, &ann()).await, None);
}

#[tokio::test(start_paused = true)]
async fn who_is_banned_as_himself_is_known_for_it_and_not_let_in_by_it() {
    let minicom = minicom();
    ban(&minicom, &ann(), Ban::new("threats")).await;
    say(&minicom, &nobody(), &nobody(), "Me again").await;
    // A ban that soon ends does not take the place of one that lasts.
    let soon = TokioClock::default().now() + Duration::from_mins(1);
    ban(&minicom, &nobody(), Ban::new("spam").until(soon)).await;
    minicom.move_visitor(&nobody(), &ann()).await.expect("moved");
    let (events, held) = seen(&minicom, &ann()).await;
    assert_eq!((words(&events), held), (vec!["Me again"], Some(Ban::new("threats"))));
    tokio::time::advance(Duration::from_secs(61)).await;
    assert_eq!(code_of(&minicom, &ann()).await, Some(Code::Banned));
}

#[tokio::test(start_paused = true)]
async fn his_address_is_lifted_with_him() {
    let minicom = minicom();
    let mut tab = Client::connect_from(&minicom, &nobody(), "203.0.113.7".parse().expect("an address"));
    tab.frame_of("history").await;
    say(&minicom, &nobody(), &nobody(), "Buy").await;
    minicom.ban(&agent("sue"), &own(&nobody()), Ban::new("spam"), true).await.expect("banned");
    minicom.move_visitor(&nobody(), &ann()).await.expect("moved");
    let banned = async || minicom.address_bans(&agent("sue")).await.expect("a list").len();
    minicom.lift_ban(&agent("sue"), &own(&user("bob"))).await.expect("nothing to lift");
    assert_eq!(banned().await, 1);
    minicom.lift_ban(&agent("sue"), &own(&ann())).await.expect("lifted");
    assert_eq!(banned().await, 0);
}

/// Wherever it breaks off, he is banned, nothing is lost, and what is tried again ends as if nothing had broken.
#[tokio::test(start_paused = true)]
async fn it_may_break_off_anywhere() {
    for fault in [Fault::Before, Fault::After] {
        for broken in 0..3 {
            let store = Arc::new(FaultyStore::new(MemoryStore::new(), Faults::none()));
            let first = on(store.clone());
            ban(&first, &nobody(), Ban::new("spam")).await;
            for number in 0..80 {
                say(&first, &agent("ben"), &nobody(), &format!("line {number}")).await;
            }
            first.shutdown().await;
            let second = on(Arc::new(BreakAt::new(store.clone(), broken, fault)));
            let refused = second.move_visitor(&nobody(), &ann()).await.expect_err("it broke off");
            assert!(refused.is_retryable(), "{refused:?}");
            second.shutdown().await;

            let third = on(store);
            third.move_visitor(&nobody(), &ann()).await.expect("moved");
            let (events, held) = seen(&third, &ann()).await;
            let lines: Vec<_> = (0..80).map(|number| format!("line {number}")).collect();
            assert_eq!((words(&events).len(), held), (80, Some(Ban::new("spam"))), "{fault:?} at {broken}");
            assert_eq!(words(&events), lines, "{fault:?} at {broken}");
            third.shutdown().await;
        }
    }
}

/// What somebody at the desk does: seconds that a ban lasts (0: until it is lifted), or lifts it.
type Act = Option<u64>;

fn acts() -> impl Strategy<Value = Vec<(u64, bool, Act)>> {
    vec((0..40u64, any::<bool>(), proptest::option::weighted(0.7, 0..90u64)), 0..8)
}

/// The plain one: the end of the ban that holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Held {
    Not,
    Until(Timestamp),
    Always,
}

impl Held {
    fn at(self, now: Timestamp) -> Self {
        if matches!(self, Self::Until(end) if end <= now) { Self::Not } else { self }
    }

    fn longer(self, other: Self) -> Self {
        match (self, other) {
            (Self::Always, _) | (_, Self::Always) => Self::Always,
            (Self::Not, one) | (one, Self::Not) => one,
            (Self::Until(one), Self::Until(two)) => Self::Until(one.max(two)),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn whatever_was_banned_the_longer_of_two_bans_holds(acts in acts(), pause in 0..60u64) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
        runtime.expect("a runtime").block_on(async {
            let (minicom, clock) = (minicom(), TokioClock::default());
            say(&minicom, &nobody(), &nobody(), "hi").await;
            let (mut his, mut hers) = (Held::Not, Held::Not);
            for (number, (pause, anonymous, act)) in acts.into_iter().enumerate() {
                tokio::time::advance(Duration::from_secs(pause)).await;
                let (who, held) = if anonymous { (nobody(), &mut his) } else { (ann(), &mut hers) };
                let reason = Ban::new(number.to_string());
                match act {
                    None => {
                        // Nothing to lift where nothing was ever said.
                        let _ = minicom.lift_ban(&agent("sue"), &own(&who)).await;
                        *held = Held::Not;
                    }
                    Some(0) => {
                        ban(&minicom, &who, reason).await;
                        *held = Held::Always;
                    }
                    Some(seconds) => {
                        let until = clock.now() + Duration::from_secs(seconds);
                        ban(&minicom, &who, reason.until(until)).await;
                        *held = Held::Until(until);
                    }
                }
            }
            tokio::time::advance(Duration::from_secs(pause)).await;
            let expected = his.at(clock.now()).longer(hers.at(clock.now()));
            minicom.move_visitor(&nobody(), &ann()).await.expect("moved");
            let (events, held) = seen(&minicom, &ann()).await;
            let held = held.map_or(Held::Not, |ban| ban.until.map_or(Held::Always, Held::Until));
            assert_eq!(held, expected);
            assert_eq!(words(&events), ["hi"]);
        });
    }
}
