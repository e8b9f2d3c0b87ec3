//! One span a command: where, what kind and what came of it. Neither words nor names.

mod common;

use std::{
    io,
    sync::{Arc, Mutex},
};

use common::{Client, agent, id, minicom, user};
use minicom_core::{Command, ConversationId, Target};
use serde_json::json;
use tracing_subscriber::fmt::format::FmtSpan;

/// What was logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn a_command_has_one_span_without_words_or_names() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_ansi(false)
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_span_events(FmtSpan::CLOSE)
        .with_writer(move || writer.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);

    let minicom = minicom();
    let (mut visitor, _) = Client::user(&minicom, "ann.smith@example.com").await;
    visitor.send(json!({"type": "message", "message": "my card is 4111", "client_id": "secret-key"}));
    visitor.frame_of("ack").await;
    visitor.send(json!({"type": "message", "message": "my card was 4112", "client_id": "secret-key"}));
    visitor.frame_of("error").await;
    let ann = Target::Participant(id("ann.smith@example.com"));
    minicom.execute(&agent("ben"), &ann, Command::Read { up_to: None }).await.unwrap();
    let refused = minicom.execute(&user("bob"), &ann, Command::message("let me in, 4113")).await;
    assert!(refused.unwrap_err().is_forbidden());
    minicom.shutdown().await;

    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let ended = |part: &str| {
        log.lines().filter(|line| line.contains(" close ") && line.contains(part)).collect::<Vec<_>>()
    };
    let conversation = ConversationId::direct(&id("ann.smith@example.com"));
    let place = format!("workspace=default conversation={conversation}");
    for (kind, outcome) in [("message", "done"), ("message", "client_id_reused"), ("read", "done")] {
        let mut spans = ended(&format!("command{{kind=\"{kind}\""));
        spans.retain(|line| line.contains(&format!("outcome=\"{outcome}\"")));
        assert_eq!(spans.len(), 1, "{kind} {outcome}: {log}");
        assert!(spans[0].contains(&place) && spans[0].contains(" request="), "{spans:?}");
    }
    assert_eq!(ended("operation{kind=\"page\"").len(), 1, "his history: {log}");
    // No digits, nor what ids are made of: those are in any log by chance.
    for said in ["my card", "let me in", "smith", "secret-key"] {
        assert!(!log.contains(said), "{said}: {log}");
    }
}
