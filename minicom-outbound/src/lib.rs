//! Minicom's HTTP client, for addresses that somebody else may have chosen: whatever the URL, it leads into the internet, and
//! to no machine of the host's own unless the operator said so.
//!
//! ```no_run
//! use http::Method;
//! use minicom_outbound::{Outbound, OutboundOptions, Request};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let outbound = Outbound::new(&OutboundOptions::new("shop/1.0"))?;
//! assert!(outbound.check("http://0x7f.1/").is_err_and(|error| error.is_not_allowed()));
//!
//! let url = outbound.check("https://hooks.example/minicom")?;
//! let answer = outbound.send(Request::new(Method::POST, url).body("{}")).await?;
//! println!("{} {:?}", answer.status(), answer.into_body().bytes().await?);
//! # Ok(())
//! # }
//! ```
//!
//! # What is reached
//! - `http:` and `https:`, without a name or a password in the URL.
//! - Addresses of the internet: no loopback, private, link-local, shared, unique-local, multicast, unspecified, documented or
//!   reserved ones, and none of these wrapped into IPv6 (mapped, NAT64, 6to4, Teredo).
//! - What is judged is what is connected to. A URL is read as browsers read it, so that `2130706433`, `0177.1` and `0x7f.1` are
//!   the address that they mean; a name is resolved once, by a resolver that hands the connector only what may be reached. A
//!   name that leads elsewhere the next time is judged the next time.
//! - Redirects are not followed; no proxy resolves names for us; connections are tried no second time.
//! - Bodies and times have bounds.
//!
//! [`OutboundOptions::allow_host`] and [`OutboundOptions::allow_network`] make exceptions: they are for an operator's own
//! words, never for what a visitor, an agent or a tenant typed.

mod address;
mod client;
mod error;
mod names;
mod options;
mod reach;

pub use client::{Body, Outbound, Request};
pub use error::OutboundError;
pub use ipnet::IpNet;
pub use names::{Names, SystemNames};
pub use options::{OutboundOptions, Proxy};
pub use url::Url;
