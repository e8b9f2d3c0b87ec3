//! Agents who watch the inbox of many conversations while visitors write: every change of a row reaches every agent, at most
//! every 250 ms each.

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
};

/// Conversations in the inbox.
const CONVERSATIONS: usize = 10_000;
/// Visitors who write, one after the other.
const WRITERS: usize = 100;
/// How often one of them does.
const EVERY: Duration = Duration::from_millis(5);

pub(crate) async fn round(server: &Server, load: &Load) -> Result<Round> {
    fill(server).await?;
    let mut writers = Vec::new();
    for number in 0..WRITERS {
        let mut writer = Client::visitor(server.address, &format!("visitor-{number}")).await?;
        writer.frame("history").await?;
        writers.push(writer);
    }
    let agents = (0..load.size).map(|number| async move {
        let mut agent = Client::agent(server.address, &format!("agent-{number}")).await?;
        agent.send(json!({"type": "list", "limit": 50, "client_id": "list"}).to_string()).await?;
        agent.frame("list").await?;
        Ok::<_, Box<dyn std::error::Error + Send + Sync>>(agent)
    });
    let mut agents = try_join_all(agents).await?;

    let span = Span::begin(server)?;
    let (began, until) = (Instant::now(), Instant::now() + load.time);
    let mut latencies = histogram()?;
    let watching = try_join_all(agents.iter_mut().map(|agent| rows(agent, until)));
    let writing = write(&mut writers, until);
    let (acks, rows) = tokio::try_join!(writing, watching)?;
    for latency in acks {
        latencies.record(latency)?;
    }
    let (by_cpu, by_clock) = span.rates(rows.into_iter().sum())?;
    let mut round = Round::default();
    round.add("rows for a second of CPU", by_cpu);
    round.add("rows a second", by_clock);
    round.latencies(["p50 until the writer's ack, ms", "p99, ms", "p99.9, ms"], &latencies);
    round.add("measured, s", began.elapsed().as_secs_f64());
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

/// Counts the rows that come.
async fn rows(agent: &mut Client, until: Instant) -> Result<u64> {
    let mut rows = 0;
    while let Ok(frame) = tokio::time::timeout_at(until, agent.text()).await {
        rows += u64::from(is(&frame?, "\"row\""));
    }
    Ok(rows)
}

/// Writes at a steady pace, and tells how long each ack took from when its message was due.
async fn write(writers: &mut [Client], until: Instant) -> Result<Vec<u64>> {
    let mut latencies = Vec::new();
    let mut pace = interval(EVERY);
    let mut number = 0;
    while Instant::now() < until {
        let due = pace.tick().await;
        number += 1;
        let writer = &mut writers[usize::try_from(number).unwrap_or_default() % WRITERS];
        writer.send(message(number)).await?;
        let _: Value = writer.frame("ack").await?;
        latencies.push(micros(due.elapsed()));
    }
    Ok(latencies)
}
