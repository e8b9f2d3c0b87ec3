//! Sockets that say nothing, each of another visitor: what one of them holds of the server's memory.

use std::time::Duration;

use futures_util::future::try_join_all;
use tokio::time::sleep;

use super::Load;
use crate::{Result, client::Client, measure::Round, process::Server};

/// How many connect at once.
const AT_ONCE: u32 = 100;
/// Until what was allocated for handshakes is given back.
const SETTLE: Duration = Duration::from_secs(3);

pub(crate) async fn round(server: &Server, load: &Load) -> Result<Round> {
    // What is allocated once is not the sockets'.
    let first = connect(server, 0, AT_ONCE).await?;
    sleep(SETTLE).await;
    let before = server.resident()?;
    let mut sockets = Vec::new();
    for begin in (AT_ONCE..AT_ONCE + load.size).step_by(AT_ONCE as usize) {
        sockets.extend(connect(server, begin, AT_ONCE.min(AT_ONCE + load.size - begin)).await?);
    }
    sleep(SETTLE).await;
    let mut round = Round::default();
    round.add("KiB a socket", (server.resident()? - before) / f64::from(load.size));
    drop((first, sockets));
    Ok(round)
}

async fn connect(server: &Server, begin: u32, count: u32) -> Result<Vec<Client>> {
    let names = (begin..begin + count).map(|number| format!("visitor-{number}"));
    try_join_all(names.map(|name| async move { Client::visitor(server.address, &name).await })).await
}
