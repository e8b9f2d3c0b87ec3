//! The one rule of what may be reached: asked of a URL before it is used, and of every address that a name leads to, in the
//! moment of connecting.

use std::{io, net::IpAddr, sync::Arc};

use ipnet::IpNet;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

use crate::{
    OutboundError, OutboundOptions, Proxy,
    address::is_public,
    error::{Kind, NotAllowed},
    names::Names,
};

/// What may be reached.
#[derive(Debug)]
pub(crate) struct Reach {
    hosts: Vec<Host>,
    networks: Vec<IpNet>,
    proxy: Proxy,
}

impl Reach {
    pub(crate) fn of(options: &OutboundOptions) -> Self {
        Self { hosts: options.hosts.clone(), networks: options.networks.clone(), proxy: options.proxy }
    }

    /// Judges a URL as far as it says where it leads; its name is judged when it is resolved.
    pub(crate) fn check(&self, url: &Url) -> Result<(), OutboundError> {
        match url.scheme() {
            "http" => {}
            "https" if cfg!(feature = "tls") => {}
            "https" => return Err(Kind::NoTls.into()),
            _ => return Err(Kind::Scheme.into()),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Kind::Credentials.into());
        }
        let host = url.host().ok_or(Kind::Scheme)?;
        let reached = self.names(&host)
            || match host {
                Host::Ipv4(ip) => self.direct(IpAddr::V4(ip)),
                Host::Ipv6(ip) => self.direct(IpAddr::V6(ip)),
                Host::Domain(_) => self.proxy == Proxy::None,
            };
        if reached { Ok(()) } else { Err(Kind::NotAllowed(NotAllowed).into()) }
    }

    fn names(&self, host: &Host<&str>) -> bool {
        self.hosts.iter().any(|allowed| match (allowed, host) {
            (Host::Domain(allowed), Host::Domain(host)) => allowed == host,
            (Host::Ipv4(allowed), Host::Ipv4(host)) => allowed == host,
            (Host::Ipv6(allowed), Host::Ipv6(host)) => allowed == host,
            _ => false,
        })
    }

    /// An address that nobody has to resolve, so that a proxy would not either.
    fn direct(&self, ip: IpAddr) -> bool {
        self.proxy == Proxy::None && self.permits(ip)
    }

    fn permits(&self, ip: IpAddr) -> bool {
        is_public(ip) || self.networks.iter().any(|network| network.contains(&ip.to_canonical()))
    }
}

/// Resolves names for the connector, and hands it only what may be reached: what was judged is what is connected to.
#[derive(Debug)]
pub(crate) struct Resolver {
    pub(crate) names: Arc<dyn Names>,
    pub(crate) reach: Arc<Reach>,
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let (names, reach) = (Arc::clone(&self.names), Arc::clone(&self.reach));
        Box::pin(async move {
            let mut found = names.addresses(name.as_str()).await?;
            if found.is_empty() {
                return Err(io::Error::new(io::ErrorKind::NotFound, "the name has no address").into());
            }
            if !reach.names(&Host::Domain(name.as_str())) {
                found.retain(|ip| reach.permits(*ip));
            }
            if found.is_empty() {
                return Err(NotAllowed.into());
            }
            // The port is the URL's.
            let found: Addrs = Box::new(found.into_iter().map(|ip| (ip, 0).into()));
            Ok(found)
        })
    }
}
