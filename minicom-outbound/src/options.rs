//! What may be reached, and how patiently.

use std::{sync::Arc, time::Duration};

use ipnet::IpNet;
use url::Host;

use crate::{
    OutboundError,
    error::Kind,
    names::{Names, SystemNames},
};

/// What a client may reach and how long it waits.
///
/// ```
/// use std::time::Duration;
/// use minicom_outbound::OutboundOptions;
///
/// // Anywhere in the internet, and one machine of the operator's own.
/// let mut options = OutboundOptions::new("shop/1.0").allow_host("hooks.internal")?;
/// options.whole_within = Duration::from_secs(5);
/// # Ok::<(), minicom_outbound::OutboundError>(())
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct OutboundOptions {
    /// Who is asking, as `User-Agent`.
    pub user_agent: String,
    /// How long a connection may take, its name's resolution and TLS included. 5 s.
    pub connect_within: Duration,
    /// How long a request may take in all, up to the end of the answer's body. 30 s.
    pub whole_within: Duration,
    /// How long a connection is kept that nobody uses. 20 s: shorter than servers do, so that a request seldom meets one that
    /// is about to go.
    pub idle_for: Duration,
    /// The most bytes that an answer's body may have; a longer one is an error. 1 MiB.
    pub max_body: usize,
    /// Whether requests go through the proxy that the environment names.
    pub proxy: Proxy,
    pub(crate) hosts: Vec<Host>,
    pub(crate) networks: Vec<IpNet>,
    pub(crate) names: Arc<dyn Names>,
}

/// Whether requests go through a proxy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Proxy {
    /// Never.
    None,
    /// As `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` say. It is the proxy that then resolves names, so that only hosts that are
    /// [allowed](OutboundOptions::allow_host) by name are asked at all.
    System,
}

impl OutboundOptions {
    /// The internet and nothing of the host's own.
    pub fn new(user_agent: impl Into<String>) -> Self {
        Self {
            user_agent: user_agent.into(),
            connect_within: Duration::from_secs(5),
            whole_within: Duration::from_secs(30),
            idle_for: Duration::from_secs(20),
            max_body: 1 << 20,
            proxy: Proxy::None,
            hosts: Vec::new(),
            networks: Vec::new(),
            names: Arc::new(SystemNames),
        }
    }

    /// Lets one host be reached wherever it is: the operator's own choice, never a stranger's. A name, or an address as it
    /// stands in a URL.
    pub fn allow_host(mut self, host: &str) -> Result<Self, OutboundError> {
        self.hosts.push(Host::parse(host).map_err(|error| Kind::Url(error.into()))?);
        Ok(self)
    }

    /// Lets the addresses of a network be reached, by whatever name.
    #[must_use]
    pub fn allow_network(mut self, network: IpNet) -> Self {
        self.networks.push(network);
        self
    }

    /// Asks somebody else for names than the system.
    #[must_use]
    pub fn resolve_with(mut self, names: impl Names) -> Self {
        self.names = Arc::new(names);
        self
    }
}
