//! Where a request comes from: the peer's address, or the one that a proxy whom the host trusts says stands behind it.

use std::{
    net::{IpAddr, SocketAddr},
    sync::atomic::{AtomicBool, Ordering},
};

use http::{HeaderMap, HeaderName, request::Parts};
use minicom_core::{AddressCharge, AddressRange, Minicom, Refusal};

/// Which header says where a request comes from. One alone is believed: a proxy that writes one passes on what a client has
/// put into the other.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ForwardedHeader {
    /// `X-Forwarded-For: 203.0.113.7, 10.0.0.2`, as most proxies write it.
    #[default]
    XForwardedFor,
    /// `Forwarded: for=203.0.113.7;proto=https` (RFC 7239).
    Forwarded,
}

/// Whose word on the client's address is believed. Only a request whose peer is one of them is looked at; the header is read
/// from its end, where the nearest proxy wrote, up to the first address that is none of them: that one is the client's.
///
/// ```
/// use minicom_web::{TrustedProxies, WebOptions};
/// let proxies = TrustedProxies::default().allow("10.0.0.0/8".parse()?).allow("::1".parse()?);
/// let options = WebOptions::default().trusted_proxies(proxies);
/// # drop(options);
/// # Ok::<(), minicom_core::InvalidRange>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrustedProxies {
    ranges: Vec<AddressRange>,
    header: ForwardedHeader,
}

impl TrustedProxies {
    /// Trusts one more address or range.
    #[must_use]
    pub fn allow(mut self, range: AddressRange) -> Self {
        self.ranges.push(range);
        self
    }

    /// Says which header they write; `X-Forwarded-For` if nothing is said.
    #[must_use]
    pub fn header(mut self, header: ForwardedHeader) -> Self {
        self.header = header;
        self
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.ranges.iter().any(|range| range.contains(address))
    }

    /// The client's address. What cannot be read ends the search: whoever wrote it is the client, as far as we know.
    fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = peer.to_canonical();
        let mut hops = match self.header {
            ForwardedHeader::XForwardedFor => hops(headers, &X_FORWARDED_FOR, address),
            ForwardedHeader::Forwarded => hops(headers, &http::header::FORWARDED, forwarded_for),
        };
        while self.trusts(client) {
            match hops.pop() {
                Some(Some(hop)) => client = hop,
                Some(None) | None => break,
            }
        }
        client
    }
}

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The items of a header's lines, each read, in the order in which they were written.
fn hops(headers: &HeaderMap, name: &HeaderName, read: fn(&str) -> Option<IpAddr>) -> Vec<Option<IpAddr>> {
    let lines = headers.get_all(name).iter();
    // A line that is no text is one hop that cannot be read.
    lines.flat_map(|line| line.to_str().unwrap_or("?").split(',')).map(|item| read(item.trim())).collect()
}

/// `203.0.113.7`, `203.0.113.7:4711`, `2001:db8::1`, `[2001:db8::1]:4711`.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    let read = bare.parse().ok().or_else(|| text.parse().ok().map(|socket: SocketAddr| socket.ip()));
    read.map(|address| address.to_canonical())
}

/// The `for` of one hop: `for=203.0.113.7;by=…`, `For="[2001:db8::1]:4711"`.
fn forwarded_for(hop: &str) -> Option<IpAddr> {
    let mut pairs = hop.split(';').filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.find(|(name, _)| name.trim().eq_ignore_ascii_case("for"))?;
    let value = value.trim();
    address(value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value))
}

/// Where the request comes from, once it was found.
#[derive(Debug, Clone, Copy)]
struct Client(IpAddr);

/// Finds where a request comes from and takes note of it.
pub(crate) fn find(parts: &mut Parts, proxies: &TrustedProxies) {
    let Some(peer) = parts.extensions.get::<SocketAddr>().map(SocketAddr::ip) else { return };
    let client = proxies.client(peer, &parts.headers);
    if proxies.ranges.is_empty() && parts.headers.contains_key(X_FORWARDED_FOR) {
        warn_of_a_proxy(peer);
    }
    parts.extensions.insert(Client(client));
}

/// Whoever is behind a proxy that nobody trusts shares its address, and with it its limits.
fn warn_of_a_proxy(peer: IpAddr) {
    static WARNED: AtomicBool = AtomicBool::new(false);
    if !WARNED.swap(true, Ordering::Relaxed) {
        tracing::warn!(%peer, "a proxy that is not trusted: all its clients share one address and its limits");
    }
}

/// Where a request comes from; `None`: the server does not say.
pub(crate) fn of(parts: &Parts) -> Option<IpAddr> {
    parts.extensions.get::<Client>().map(|Client(address)| *address)
}

/// Counts a request for its address.
pub(crate) fn charge(minicom: &Minicom, parts: &Parts, charge: AddressCharge) -> Result<(), Refusal> {
    of(parts).map_or(Ok(()), |remote| minicom.charge_address(remote, charge))
}

#[cfg(test)]
mod tests {
    use http::{HeaderValue, Request};

    use super::*;

    fn client(proxies: &TrustedProxies, peer: &str, headers: &[(&'static str, &'static str)]) -> String {
        let mut parts = Request::new(()).into_parts().0;
        for (name, value) in headers {
            parts.headers.append(*name, HeaderValue::from_static(value));
        }
        parts.extensions.insert(SocketAddr::new(peer.parse().expect("an address"), 4711));
        find(&mut parts, proxies);
        of(&parts).expect("found").to_string()
    }

    fn proxies() -> TrustedProxies {
        let ranges = ["10.0.0.0/8", "2001:db8::/32"].map(|range| range.parse().expect("a range"));
        ranges.into_iter().fold(TrustedProxies::default(), TrustedProxies::allow)
    }

    #[test]
    fn the_first_that_is_not_trusted_from_the_end_is_the_client() {
        for (peer, header, found) in [
            ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
            ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
            ("::ffff:10.0.0.1", "198.51.100.1", "198.51.100.1"),
            ("10.0.0.1", "1.2.3.4, 198.51.100.1", "198.51.100.1"),
            ("10.0.0.1", "198.51.100.1, 10.0.0.2,10.0.0.3", "198.51.100.1"),
            ("10.0.0.1", "198.51.100.1:4711", "198.51.100.1"),
            ("10.0.0.1", "[2001:db9::1]:4711, 2001:db8::7", "2001:db9::1"),
            ("10.0.0.1", "10.0.0.2", "10.0.0.2"),
            ("10.0.0.1", "198.51.100.1, unknown", "10.0.0.1"),
            ("10.0.0.1", "198.51.100.1, unknown, 10.0.0.2", "10.0.0.2"),
            ("10.0.0.1", "", "10.0.0.1"),
            ("10.0.0.1", "::ffff:198.51.100.1", "198.51.100.1"),
        ] {
            assert_eq!(client(&proxies(), peer, &[("x-forwarded-for", header)]), found, "{peer} {header}");
        }
    }

    #[test]
    fn lines_follow_one_another_and_nobody_is_trusted_unasked() {
        let lines = [("x-forwarded-for", "1.2.3.4"), ("x-forwarded-for", "198.51.100.1, 10.0.0.2")];
        assert_eq!(client(&proxies(), "10.0.0.1", &lines), "198.51.100.1");
        assert_eq!(client(&TrustedProxies::default(), "127.0.0.1", &lines), "127.0.0.1");
    }

    #[test]
    fn the_header_that_the_proxies_do_not_write_is_the_clients_own() {
        let both = [("forwarded", "for=1.2.3.4"), ("x-forwarded-for", "198.51.100.1")];
        assert_eq!(client(&proxies(), "10.0.0.1", &both), "198.51.100.1");
        let forwarded = proxies().header(ForwardedHeader::Forwarded);
        assert_eq!(client(&forwarded, "10.0.0.1", &both), "1.2.3.4");
        for (header, found) in [
            ("for=1.1.1.1, for=198.51.100.1;proto=https;by=10.0.0.1", "198.51.100.1"),
            (r#"For="[2001:db9::1]:4711""#, "2001:db9::1"),
            ("proto=https", "10.0.0.1"),
            ("for=_hidden", "10.0.0.1"),
        ] {
            assert_eq!(client(&forwarded, "10.0.0.1", &[("forwarded", header)]), found, "{header}");
        }
    }
}
