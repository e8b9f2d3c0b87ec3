//! Rooms of one visitor each. Full speed first, for the work that a second of CPU does; then half of that at a steady pace,
//! for the time that it takes. That is counted from when a message was due, not from when it could be sent: who is late
//! makes the next ones late, too (coordinated omission).

use std::{net::SocketAddr, time::Duration};

use futures_util::future::try_join_all;
use hdrhistogram::Histogram;
use tokio::time::{Instant, sleep_until};

use super::{Load, message};
use crate::{
    Result,
    client::{Client, is},
    measure::{Round, Span, histogram, micros},
    process::Server,
    serve::Kind,
};

/// What is not measured at the beginning.
const WARM_UP: Duration = Duration::from_secs(1);

pub(crate) async fn round(server: &Server, kind: Kind, load: &Load) -> Result<Round> {
    let mut rooms =
        try_join_all((0..load.size).map(|number| Room::open(server.address, kind, number))).await?;
    at_full_speed(&mut rooms, WARM_UP).await?;
    let span = Span::begin(server)?;
    let echoes = at_full_speed(&mut rooms, load.time).await?;
    let (by_cpu, by_clock) = span.rates(echoes)?;

    let every = Duration::from_secs_f64(2.0 * f64::from(load.size) / by_clock);
    let begin = Instant::now();
    let paced = rooms.iter_mut().zip(0u32..).map(|(room, number)| {
        // Spread over the interval, as people are.
        let first = begin + every.mul_f64(f64::from(number) / f64::from(load.size));
        room.at_a_pace(first, every, begin + load.time)
    });
    let mut latencies = histogram()?;
    for of_a_room in try_join_all(paced).await? {
        latencies.add(of_a_room)?;
    }
    let mut round = Round::default();
    round.add("echoes for a second of CPU", by_cpu);
    round.add("echoes a second", by_clock);
    round.latencies(["p50 at half of that, ms", "p99, ms", "p99.9, ms"], &latencies);
    Ok(round)
}

async fn at_full_speed(rooms: &mut [Room], time: Duration) -> Result<u64> {
    let until = Instant::now() + time;
    let counts = rooms.iter_mut().map(|room| async move {
        let mut echoes = 0;
        while Instant::now() < until {
            room.echo().await?;
            echoes += 1;
        }
        Ok::<u64, Box<dyn std::error::Error + Send + Sync>>(echoes)
    });
    Ok(try_join_all(counts).await?.into_iter().sum())
}

struct Room {
    client: Client,
    kind: Kind,
    said: u64,
}

impl Room {
    async fn open(address: SocketAddr, kind: Kind, number: u32) -> Result<Self> {
        let mut client = Client::visitor(address, &format!("visitor-{number}")).await?;
        if kind == Kind::Minicom {
            client.frame("history").await?;
        }
        Ok(Self { client, kind, said: 0 })
    }

    /// Says something, and waits for the ack and for the message itself.
    async fn echo(&mut self) -> Result<()> {
        self.said += 1;
        self.client.send(message(self.said)).await?;
        let answers = if self.kind == Kind::Minicom { 2 } else { 1 };
        for _ in 0..answers {
            let answer = self.client.text().await?;
            if is(&answer, "\"error\"") {
                return Err(String::from_utf8_lossy(answer.as_payload()).into());
            }
        }
        Ok(())
    }

    async fn at_a_pace(&mut self, first: Instant, every: Duration, until: Instant) -> Result<Histogram<u64>> {
        let mut latencies = histogram()?;
        let mut due = first;
        while due < until {
            sleep_until(due).await;
            self.echo().await?;
            latencies.record(micros(due.elapsed()))?;
            due += every;
        }
        Ok(latencies)
    }
}
