//! The loads.

mod echo;
mod fan_out;
mod idle;
mod inbox;
mod storm;

use clap::ValueEnum;

use crate::{Result, RunOptions, measure::Round, process::Server, serve::Kind, table};

/// A load.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Mode {
    /// 200 rooms: each says something, waits until it is stored, acknowledged and delivered, and says the next.
    Echo,
    /// One message to 500 sockets.
    FanOut,
    /// 10,000 sockets that say nothing.
    Idle,
    /// 2,000 sockets break and resume at once.
    Storm,
    /// 100 agents watch an inbox of 10,000 conversations.
    Inbox,
}

impl Mode {
    fn size(self) -> u32 {
        match self {
            Self::Echo => 200,
            Self::FanOut => 500,
            Self::Idle => 10_000,
            Self::Storm => 2_000,
            Self::Inbox => 100,
        }
    }

    /// What it is compared with.
    fn floor(self) -> Kind {
        match self {
            Self::Echo | Self::Idle | Self::Storm => Kind::FloorEcho,
            Self::FanOut | Self::Inbox => Kind::FloorFanOut,
        }
    }

    async fn round(self, kind: Kind, load: &Load) -> Result<Round> {
        let server = Server::start(kind).await?;
        let round = match self {
            Self::Echo => echo::round(&server, kind, load).await,
            Self::FanOut => fan_out::round(&server, kind, load).await,
            Self::Idle => idle::round(&server, load).await,
            Self::Storm => storm::round(&server, kind, load).await,
            Self::Inbox => inbox::round(&server, kind, load).await,
        };
        server.stop().await?;
        round
    }
}

/// How much, how long.
pub(crate) struct Load {
    pub(crate) size: u32,
    pub(crate) time: std::time::Duration,
}

/// Runs the rounds, and prints each and all.
pub(crate) async fn run(options: &RunOptions) -> Result<()> {
    let mode = options.mode;
    let load = Load {
        size: options.size.unwrap_or(mode.size()),
        time: std::time::Duration::from_secs(options.seconds),
    };
    let mut pairs = Vec::new();
    for number in 0..options.rounds {
        let floor_first = number % 2 == 1;
        let kinds = if floor_first { [mode.floor(), Kind::Minicom] } else { [Kind::Minicom, mode.floor()] };
        let [first, second] = [mode.round(kinds[0], &load).await?, mode.round(kinds[1], &load).await?];
        let (ours, floor) = if floor_first { (second, first) } else { (first, second) };
        println!("round {number}: {ours:?} floor {floor:?}");
        pairs.push((ours, floor));
    }
    let name = mode.to_possible_value().map(|word| word.get_name().to_owned()).unwrap_or_default();
    table::print(&format!("{name}, {}", load.size), &pairs);
    Ok(())
}

/// What a visitor says.
pub(crate) fn message(number: u64) -> String {
    format!(
        r#"{{"type":"message","message":"Where is my parcel? It was sent on Monday.","client_id":"{number}"}}"#
    )
}
