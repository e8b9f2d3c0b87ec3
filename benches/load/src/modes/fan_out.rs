//! One message to many sockets: a visitor with that many windows. The next is said once all have the one before.

use futures_util::future::try_join_all;
use tokio::time::Instant;

use super::{Load, message};
use crate::{
    Result,
    client::{Client, is},
    measure::{Round, Span, histogram, micros},
    process::Server,
    serve::Kind,
};

pub(crate) async fn round(server: &Server, kind: Kind, load: &Load) -> Result<Round> {
    let mut sockets = try_join_all((0..load.size).map(|_| Client::visitor(server.address, "ann"))).await?;
    if kind == Kind::Minicom {
        try_join_all(sockets.iter_mut().map(|socket| socket.frame("history"))).await?;
    }
    let mut said = 0;
    let mut latencies = histogram()?;
    for _ in 0..20 {
        deliver(&mut sockets, kind, &mut said).await?;
    }
    let span = Span::begin(server)?;
    let (began, mut deliveries) = (Instant::now(), 0);
    while began.elapsed() < load.time {
        let sent = Instant::now();
        deliver(&mut sockets, kind, &mut said).await?;
        latencies.record(micros(sent.elapsed()))?;
        deliveries += u64::from(load.size);
    }
    let (by_cpu, by_clock) = span.rates(deliveries)?;
    let mut round = Round::default();
    round.add("deliveries for a second of CPU", by_cpu);
    round.add("deliveries a second", by_clock);
    round.latencies(["p50 until the last has it, ms", "p99, ms", "p99.9, ms"], &latencies);
    Ok(round)
}

async fn deliver(sockets: &mut [Client], kind: Kind, said: &mut u64) -> Result<()> {
    *said += 1;
    sockets[0].send(message(*said)).await?;
    for socket in sockets {
        loop {
            let frame = socket.text().await?;
            if kind == Kind::FloorFanOut || is(&frame, "\"message\"") {
                break;
            }
            if is(&frame, "\"error\"") {
                return Err(String::from_utf8_lossy(frame.as_payload()).into());
            }
        }
    }
    Ok(())
}
