//! The client against a real server on this machine, which it must not reach unless it may.

mod limits;
mod reach;
mod server;
mod urls;

use minicom_outbound::{Outbound, OutboundError, OutboundOptions, Request};

/// What a stranger's URL is asked with.
fn strict() -> OutboundOptions {
    OutboundOptions::new("test")
}

/// Asks for a URL with `GET`.
async fn get(options: OutboundOptions, url: &str) -> Result<(u16, String), OutboundError> {
    let outbound = Outbound::new(&options)?;
    let url = outbound.check(url)?;
    let answer = outbound.send(Request::new(http::Method::GET, url)).await?;
    let status = answer.status().as_u16();
    let body = answer.into_body().bytes().await?;
    Ok((status, String::from_utf8(body.into()).expect("a text")))
}
