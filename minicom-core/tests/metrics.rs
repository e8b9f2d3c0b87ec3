//! Each metric moves when its thing happens, and by as much.
#![allow(clippy::float_cmp, reason = "most are whole numbers, which a float holds exactly")]

mod common;

use std::{collections::HashMap, sync::Arc, time::Duration};

use common::{Client, TokioClock, agent, id, slow_store, user};
use metrics_util::debugging::{DebugValue, DebuggingRecorder, Snapshotter};
use minicom_core::{
    Admission, AiPolicy, Builder, CloseCode, Command, HandoffReason, Limits, MemoryStore, Minicom, NotReady,
    Responder, Target, metrics,
};
use minicom_testkit::{
    faulty::{Fault, Faults, FaultyStore},
    responder::ScriptedResponder,
};
use serde_json::json;
use tokio::time::{Instant, advance, sleep};

/// A server, and what it has counted.
struct Counted {
    minicom: Minicom,
    snapshotter: Snapshotter,
    /// The sum of counters and gauges, and how many values histograms have; a snapshot takes them out.
    sums: HashMap<String, f64>,
    values: HashMap<String, Vec<f64>>,
}

impl Counted {
    fn build(builder: Builder) -> Self {
        let recorder = DebuggingRecorder::new();
        let snapshotter = recorder.snapshotter();
        let build = || builder.clock(TokioClock::default()).without_rate_limits().build().unwrap();
        let minicom = ::metrics::with_local_recorder(&recorder, build);
        Self { minicom, snapshotter, sums: HashMap::new(), values: HashMap::new() }
    }

    fn new() -> Self {
        Self::build(Minicom::builder().store(MemoryStore::new()))
    }

    fn look(&mut self) {
        for (key, _, _, value) in self.snapshotter.snapshot().into_vec() {
            let key = key.key();
            let labels: Vec<_> =
                key.labels().map(|label| format!("{}={}", label.key(), label.value())).collect();
            let name = format!("{}{{{}}}", key.name(), labels.join(","));
            let more = match value {
                DebugValue::Counter(more) => u32::try_from(more).unwrap().into(),
                DebugValue::Gauge(change) => change.into_inner(),
                DebugValue::Histogram(values) => {
                    let values: Vec<f64> = values.into_iter().map(Into::into).collect();
                    let count = u32::try_from(values.len()).unwrap().into();
                    self.values.entry(name.clone()).or_default().extend(values);
                    count
                }
            };
            *self.sums.entry(name).or_default() += more;
        }
    }

    /// The value of a counter or a gauge; of a histogram, how many values it has.
    #[track_caller]
    fn is(&mut self, name: &str, label: &str, expected: f64) {
        self.look();
        let found = self.sums.get(&format!("{name}{{{label}}}")).copied();
        assert_eq!(found, Some(expected), "{name}{{{label}}}: {:?}", self.sums);
    }

    fn values(&mut self, name: &str, label: &str) -> Vec<f64> {
        self.look();
        self.values.get(&format!("{name}{{{label}}}")).cloned().unwrap_or_default()
    }
}

fn ann() -> Target {
    Target::Participant(id("ann"))
}

/// What the sockets' own tasks have to do, they have done.
async fn settled() {
    sleep(Duration::from_secs(3)).await;
}

#[tokio::test(start_paused = true)]
async fn every_metric_is_there_before_it_moves() {
    let mut counted = Counted::new();
    counted.look();
    for metric in metrics::ALL {
        let here: Vec<_> =
            counted.sums.keys().filter(|key| key.split('{').next() == Some(metric.name)).collect();
        assert!(!here.is_empty(), "{}", metric.name);
        let labelled = here.iter().all(|key| {
            let label = key.split(['{', '=']).nth(1).filter(|label| *label != "}");
            label == metric.label
        });
        assert!(labelled && here.len() < 20, "{here:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn sockets_rooms_and_frames() {
    let mut counted = Counted::new();
    let (mut visitor, _) = Client::user(&counted.minicom, "ann").await;
    let (other, _) = Client::user(&counted.minicom, "bob").await;
    counted.is("minicom_sockets", "", 2.0);
    counted.is("minicom_rooms", "", 2.0);
    counted.is("minicom_frames_sent_total", "", 2.0);
    for _ in 0..3 {
        visitor.send(json!({"type": "ping"}));
        visitor.frame_of("pong").await;
    }
    settled().await;
    counted.is("minicom_frames_received_total", "", 3.0);
    counted.is("minicom_frames_sent_total", "", 5.0);
    drop((visitor, other));
    settled().await;
    counted.is("minicom_sockets", "", 0.0);
    counted.is("minicom_sockets_opened_total", "", 2.0);
    sleep(Limits::default().room_idle).await;
    counted.is("minicom_rooms", "", 0.0);
}

#[tokio::test(start_paused = true)]
async fn a_room_is_kept_for_a_while_after_the_last_one_left() {
    let mut limits = Limits::default();
    // Before anybody is missed who answers no ping.
    limits.room_idle = Duration::from_secs(8);
    let idle = limits.room_idle;
    let mut counted = Counted::build(Minicom::builder().store(MemoryStore::new()).limits(limits));
    let (first, _) = Client::user(&counted.minicom, "ann").await;
    let (second, _) = Client::user(&counted.minicom, "ann").await;
    sleep(idle.mul_f64(1.5)).await;
    drop(first);
    settled().await;
    sleep(idle * 2).await;
    counted.is("minicom_rooms", "", 1.0);
    drop(second);
    sleep(idle.mul_f64(0.9)).await;
    counted.is("minicom_rooms", "", 1.0);
    sleep(idle.mul_f64(0.2)).await;
    counted.is("minicom_rooms", "", 0.0);
}

#[tokio::test(start_paused = true)]
async fn what_the_server_closes_and_what_waits_for_a_slow_one() {
    let mut limits = Limits::default();
    limits.outbox_bytes = 8_000;
    let mut counted = Counted::build(Minicom::builder().store(MemoryStore::new()).limits(limits));
    // Its window takes the history; one frame more, a message or its first ping, is on its way.
    let slow = Client::connect_with(&counted.minicom, Admission::Known(user("ann")), 1);
    let mut refused = Client::connect_with(&counted.minicom, Admission::Refused(CloseCode::UnknownRole), 8);
    assert_eq!(refused.close_code().await, 4504);
    settled().await;
    counted.is("minicom_sockets_closed_total", "code=unknown_role", 1.0);
    let say = async |minicom: &Minicom| {
        minicom.execute(&agent("ben"), &ann(), Command::message("x".repeat(1_000))).await.unwrap();
        // Paused, the clock goes on once nothing is left to do: the socket has looked at what came.
        sleep(Duration::from_millis(1)).await;
    };
    for _ in 0..4 {
        say(&counted.minicom).await;
    }
    counted.look();
    let waiting = counted.sums["minicom_outbox_bytes{}"];
    assert!((3_000.0..8_000.0).contains(&waiting), "{waiting}");
    for _ in 0..8 {
        say(&counted.minicom).await;
    }
    settled().await;
    counted.is("minicom_sockets_closed_total", "code=slow", 1.0);
    counted.is("minicom_outbox_bytes", "", 0.0);
    drop(slow);
}

#[tokio::test(start_paused = true)]
async fn acknowledgements_batches_and_the_stores_time() {
    let mut counted = Counted::build(Minicom::builder().store(slow_store()));
    let (mut visitor, _) = Client::user(&counted.minicom, "ann").await;
    for number in 0..20 {
        visitor.send(json!({"type": "message", "message": "x", "client_id": number.to_string()}));
    }
    for _ in 0..20 {
        visitor.frame_of("ack").await;
    }
    counted.minicom.execute(&agent("ben"), &ann(), Command::message("y")).await.unwrap();
    counted.is("minicom_ack_duration_seconds", "", 21.0);
    let longest = counted.values("minicom_ack_duration_seconds", "").into_iter().fold(0.0, f64::max);
    assert!(longest > 0.0 && longest < 0.1, "{longest}: two or three appends of up to a millisecond");
    let batches = counted.values("minicom_batch_commands", "");
    assert_eq!(batches.iter().sum::<f64>(), 21.0, "{batches:?}");
    assert!(batches.len() < 10, "{batches:?}");
    counted.is("minicom_store_duration_seconds", "call=append", u32::try_from(batches.len()).unwrap().into());
    assert!(!counted.values("minicom_store_duration_seconds", "call=load").is_empty());
}

#[tokio::test(start_paused = true)]
async fn resumes_and_refusals() {
    let mut counted = Counted::new();
    let (mut visitor, _) = Client::user(&counted.minicom, "ann").await;
    visitor.send(json!({"type": "message", "message": "x", "client_id": "a"}));
    visitor.frame_of("ack").await;
    for (after, recovered) in [(1, "true"), (7_000, "false")] {
        visitor.send(json!({"type": "get_conversation", "after": after}));
        visitor.frame_of("conversation").await;
        counted.is("minicom_resumes_total", &format!("recovered={recovered}"), 1.0);
    }
    for (frame, code) in [
        (json!({"type": "dance"}), "unknown_type"),
        (json!({"type": "list"}), "forbidden"),
        (json!({"type": "message", "message": "x".repeat(20_000)}), "too_large"),
    ] {
        visitor.send(frame);
        visitor.frame_of("error").await;
        counted.is("minicom_refusals_total", &format!("code={code}"), 1.0);
    }
    counted.is("minicom_refusals_total", "code=banned", 0.0);
}

#[tokio::test(start_paused = true)]
async fn a_store_that_fails() {
    let store = Arc::new(FaultyStore::new(MemoryStore::new(), Faults::none()));
    let mut counted = Counted::build(Minicom::builder().shared_store(store.clone()));
    let hello = || Command::message("hello");
    counted.minicom.execute(&user("ann"), &ann(), hello()).await.unwrap();
    store.fail_next_append(Fault::Before);
    assert!(counted.minicom.execute(&user("ann"), &ann(), hello()).await.unwrap_err().is_retryable());
    counted.is("minicom_store_errors_total", "error=unavailable", 1.0);
    counted.is("minicom_store_errors_total", "error=full", 0.0);
    counted.is("minicom_ack_duration_seconds", "", 1.0);
}

fn with_ai(responder: impl Responder) -> Counted {
    let mut limits = Limits::default();
    limits.ai_attempts = 1;
    let builder = Minicom::builder().store(MemoryStore::new()).limits(limits);
    Counted::build(builder.async_responder(responder).ai_policy(AiPolicy::default()))
}

#[tokio::test(start_paused = true)]
async fn the_ai_at_work() {
    let second = Duration::from_secs(1);
    let script = ScriptedResponder::new().says("From nine to five.").after(5 * second);
    let mut counted = with_ai(script.hands_over(HandoffReason::Unknown).after(2 * second));
    for name in ["ann", "bob", "cid"] {
        let own = Target::Participant(id(name));
        counted.minicom.execute(&user(name), &own, Command::message("When do you open?")).await.unwrap();
    }
    sleep(second).await;
    counted.is("minicom_ai_running", "", 1.0);
    counted.is("minicom_ai_queue", "", 2.0);
    sleep(20 * second).await;
    counted.is("minicom_ai_running", "", 0.0);
    counted.is("minicom_ai_queue", "", 0.0);
    assert_eq!(counted.values("minicom_ai_attempt_duration_seconds", "outcome=answer"), [5.0]);
    assert_eq!(counted.values("minicom_ai_attempt_duration_seconds", "outcome=handoff"), [2.0, 2.0]);
    counted.is("minicom_ai_tokens_total", "type=input", 12.0);
    counted.is("minicom_ai_tokens_total", "type=output", 4.0);
}

#[tokio::test(start_paused = true)]
async fn what_an_attempt_may_come_to_besides() {
    for (script, outcome) in [
        (ScriptedResponder::new().stays_silent(), "silent"),
        (ScriptedResponder::new().fails(), "retry"),
        (ScriptedResponder::new().fails_for_good(), "failed"),
        (ScriptedResponder::new().hangs(), "cancelled"),
    ] {
        let mut counted = with_ai(script);
        counted.minicom.execute(&user("ann"), &ann(), Command::message("Hello?")).await.unwrap();
        sleep(Duration::from_millis(500)).await;
        // An agent speaks, and whatever is under way has nothing to say any more.
        counted.minicom.execute(&agent("ben"), &ann(), Command::message("Hello.")).await.unwrap();
        sleep(Duration::from_millis(500)).await;
        counted.is("minicom_ai_attempt_duration_seconds", &format!("outcome={outcome}"), 1.0);
        // It has read, and that has a price, whatever became of it.
        counted.is("minicom_ai_tokens_total", "type=input", 1.0);
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_is_ready_while_its_store_writes_and_until_it_drains() {
    let store = Arc::new(FaultyStore::new(MemoryStore::new(), Faults::none()));
    let minicom = Minicom::builder().shared_store(store.clone()).build().unwrap();
    for _ in 0..100 {
        minicom.ready().await.unwrap();
    }
    assert_eq!(store.committed(), 1, "strangers do not make the store write");
    store.break_down();
    minicom.ready().await.expect("it was, less than a second ago");
    advance(Duration::from_secs(1)).await;
    assert!(matches!(minicom.ready().await, Err(NotReady::Store(_))));
    store.recover();
    assert!(minicom.ready().await.is_err(), "it was not, less than a second ago");
    advance(Duration::from_secs(1)).await;
    minicom.ready().await.unwrap();
    assert_eq!(store.committed(), 2);

    // One that does not answer is as bad as one that says no, and nobody waits for it for long.
    store.set_faults(Faults::seeded(1).slow(1.0, Duration::from_hours(1)));
    advance(Duration::from_secs(1)).await;
    let asked = Instant::now();
    assert!(matches!(minicom.ready().await, Err(NotReady::Store(_))));
    assert_eq!(asked.elapsed(), Limits::default().ready_within);
    store.set_faults(Faults::none());
    advance(Duration::from_secs(1)).await;
    minicom.ready().await.unwrap();

    assert!(!minicom.is_draining());
    minicom.shutdown().await;
    assert!(minicom.is_draining());
    assert!(matches!(minicom.ready().await, Err(NotReady::Draining)));
}

fn documentation(file: &str) -> String {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs").join(file);
    std::fs::read_to_string(path).expect(file)
}

/// The metrics that a text names, without what is added to histograms.
fn named(text: &str) -> Vec<&str> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let names = words.filter(|word| word.starts_with("minicom_"));
    names
        .map(|name| ["_bucket", "_sum", "_count"].iter().fold(name, |name, end| name.trim_end_matches(end)))
        .collect()
}

#[test]
fn dashboard_and_alerts_know_the_metrics_that_there_are() {
    let (dashboard, alerts) = (documentation("grafana-dashboard.json"), documentation("alerts.yaml"));
    let dashboard_names = named(&dashboard);
    for name in dashboard_names.iter().copied().chain(named(&alerts)) {
        assert!(metrics::ALL.iter().any(|metric| metric.name == name), "there is no {name}");
    }
    for metric in metrics::ALL {
        assert!(dashboard_names.contains(&metric.name), "the dashboard lacks {}", metric.name);
    }
    // What a rule or a panel picks by a label must be among its values.
    let codes = minicom_core::Code::ALL.iter().map(|code| code.as_str());
    let words: Vec<_> = codes.chain(CloseCode::ALL.iter().map(|code| code.name())).collect();
    for code in alerts.split("code=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(words.contains(&code), "there is no code {code}");
    }
    let dashboard: serde_json::Value = serde_json::from_str(&dashboard).expect("JSON");
    assert!(dashboard["panels"].as_array().is_some_and(|panels| panels.len() > 10));
}
