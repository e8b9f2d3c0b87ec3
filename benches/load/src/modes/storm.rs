//! All sockets break and come back at once, each to say what it saw last and be told what it missed. Ten windows look at
//! each conversation, so that a server which reads its store once a conversation does a tenth of the reading.

use futures_util::future::try_join_all;
use serde_json::json;
use tokio::time::Instant;

use super::{Load, message};
use crate::{
    Result,
    client::Client,
    measure::{Round, Span, histogram, micros},
    process::Server,
    serve::Kind,
};

/// Windows on each conversation.
const WINDOWS: u32 = 10;
/// Messages of each conversation.
const MESSAGES: u64 = 20;
/// Of which a window has seen so many.
const SEEN: u64 = 15;

pub(crate) async fn round(server: &Server, kind: Kind, load: &Load) -> Result<Round> {
    let rooms = load.size.div_ceil(WINDOWS);
    if kind == Kind::Minicom {
        try_join_all((0..rooms).map(|room| fill(server, room))).await?;
    }
    let sockets = try_join_all((0..load.size).map(|number| arrive(server, kind, number / WINDOWS))).await?;
    drop(sockets);

    let span = Span::begin(server)?;
    let began = Instant::now();
    let back = (0..load.size).map(|number| async move {
        let mut client = arrive(server, kind, number / WINDOWS).await?;
        resume(&mut client, kind).await?;
        Ok::<_, Box<dyn std::error::Error + Send + Sync>>((client, began.elapsed()))
    });
    let back = try_join_all(back).await?;
    let (by_cpu, by_clock) = span.rates(u64::from(load.size))?;
    let mut latencies = histogram()?;
    for (_, took) in &back {
        latencies.record(micros(*took))?;
    }
    let mut round = Round::default();
    round.add("resumed for a second of CPU", by_cpu);
    round.add("resumed a second", by_clock);
    round.latencies(["half are back after, ms", "99 %, ms", "99.9 %, ms"], &latencies);
    Ok(round)
}

async fn fill(server: &Server, room: u32) -> Result<()> {
    let mut client = Client::visitor(server.address, &format!("visitor-{room}")).await?;
    for number in 0..MESSAGES {
        client.send(message(number)).await?;
        client.frame("ack").await?;
    }
    Ok(())
}

async fn arrive(server: &Server, kind: Kind, room: u32) -> Result<Client> {
    let mut client = Client::visitor(server.address, &format!("visitor-{room}")).await?;
    if kind == Kind::Minicom {
        client.frame("history").await?;
    }
    Ok(client)
}

/// Every message that was missed must come; the floor sends one frame back.
async fn resume(client: &mut Client, kind: Kind) -> Result<()> {
    let ask = json!({"type": "get_conversation", "after": SEEN, "client_id": "resume"});
    client.send(ask.to_string()).await?;
    if kind != Kind::Minicom {
        client.text().await?;
        return Ok(());
    }
    let page = client.frame("conversation").await?;
    let seqs: Vec<_> =
        page["messages"].as_array().into_iter().flatten().map(|message| message["seq"].as_u64()).collect();
    let missed: Vec<_> = (SEEN + 1..=MESSAGES).map(Some).collect();
    if seqs == missed { Ok(()) } else { Err(format!("{seqs:?} in place of {missed:?}").into()) }
}
