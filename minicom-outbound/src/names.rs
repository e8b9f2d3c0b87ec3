//! Who knows which addresses a name has.

use std::{fmt, io, net::IpAddr};

use async_trait::async_trait;

/// Resolves names. What it answers is judged afterwards, so it need not be trusted.
#[async_trait]
pub trait Names: fmt::Debug + Send + Sync + 'static {
    /// The addresses of a name, best first.
    async fn addresses(&self, name: &str) -> io::Result<Vec<IpAddr>>;
}

/// The system's resolver.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemNames;

#[async_trait]
impl Names for SystemNames {
    async fn addresses(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        Ok(tokio::net::lookup_host((name, 0)).await?.map(|address| address.ip()).collect())
    }
}
