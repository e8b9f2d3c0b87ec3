//! Agents who watch the inbox of many conversations while visitors write: every change of a row reaches every agent, at most
//! every 250 ms each. The floor copies what is written to as many, at once.

use std::time::Duration;

use futures_util::future::try_join_all;
use serde_json::{Value, json};
use tokio::time::{Instant, interval};

use super::{Load, message};
use crate::{
    Result,
    client::{Client, is},
    measure::{Round, Span, histogram, micros},
    process::Server,
    serve::Kind,
};

/// Conversations in the inbox.
const CONVERSATIONS: usize = 10_000;
/// Visitors who write, one after the other.
const WRITERS: usize = 100;
/// How often one of them does.
const EVERY: Duration = Duration::from_millis(5);

pub(crate) async fn round(server: &Server, kind: Kind, load: &Load) -> Result<Round> {
    let ours = kind == Kind::Minicom;
    if ours {
        fill(server).await?;
    }
    let mut writers = Vec::new();
    // To the floor one is as good as many, and each more would be sent a copy.
    for number in 0..if ours { WRITERS } else { 1 } {
        let mut writer = Client::visitor(server.address, &format!("visitor-{number}")).await?;
        if ours {
            writer.frame("history").await?;
        }
        writers.push(writer);
    }
    let agents = (0..load.size).map(|number| async move {
        let mut agent = Client::agent(server.address, &format!("agent-{number}")).await?;
        if ours {
            agent.send(json!({"type": "list", "limit": 50, "client_id": "list"}).to_string()).await?;
            agent.frame("list").await?;
        }
        Ok::<_, Box<dyn std::error::Error + Send + Sync>>(agent)
    });
    let mut agents = try_join_all(agents).await?;

    let span = Span::begin(server)?;
    let until = Instant::now() + load.time;
    let mut latencies = histogram()?;
    let watching = try_join_all(agents.iter_mut().map(|agent| rows(agent, kind, until)));
    let writing = write(&mut writers, kind, until);
    let (acks, rows) = tokio::try_join!(writing, watching)?;
    for latency in acks {
        latencies.record(latency)?;
    }
    let (by_cpu, by_clock) = span.rates(rows.into_iter().sum())?;
    let mut round = Round::default();
    round.add("rows for a second of CPU", by_cpu);
    round.add("rows a second", by_clock);
    round.latencies(["p50 until the writer's ack, ms", "p99, ms", "p99.9, ms"], &latencies);
    Ok(round)
}

/// One message in each conversation, by one agent.
async fn fill(server: &Server) -> Result<()> {
    const AT_ONCE: usize = 200;
    let mut agent = Client::agent(server.address, "filler").await?;
    for begin in (0..CONVERSATIONS).step_by(AT_ONCE) {
        for number in begin..begin + AT_ONCE {
            let frame = json!({"type": "message", "to": format!("visitor-{number}"), "message": "How can I help?",
                "client_id": format!("fill-{number}")});
            agent.send(frame.to_string()).await?;
        }
        for _ in 0..AT_ONCE {
            agent.frame("ack").await?;
        }
    }
    Ok(())
}

/// Counts the rows that come, or whatever the floor copies.
async fn rows(agent: &mut Client, kind: Kind, until: Instant) -> Result<u64> {
    let mut rows = 0;
    while let Ok(frame) = tokio::time::timeout_at(until, agent.text()).await {
        rows += u64::from(is(&frame?, if kind == Kind::Minicom { "\"row\"" } else { "\"message\"" }));
    }
    Ok(rows)
}

/// Writes at a steady pace, and tells how long each ack took from when its message was due.
async fn write(writers: &mut [Client], kind: Kind, until: Instant) -> Result<Vec<u64>> {
    let mut latencies = Vec::new();
    let mut pace = interval(EVERY);
    let mut number = 0;
    while Instant::now() < until {
        let due = pace.tick().await;
        number += 1;
        let turn = usize::try_from(number).unwrap_or_default() % writers.len();
        let writer = &mut writers[turn];
        writer.send(message(number)).await?;
        // The floor's is the copy that the writer gets himself.
        let _: Value = writer.frame(if kind == Kind::Minicom { "ack" } else { "message" }).await?;
        latencies.push(micros(due.elapsed()));
    }
    Ok(latencies)
}
