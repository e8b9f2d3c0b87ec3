//! Links with which whoever runs the server makes the first owner of each workspace that has nobody yet.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use minicom_core::WorkspaceId;
use minicom_login::{Login, LoginError};

use crate::{options::Options, workspaces::WorkspaceSection};

/// A line for each link. They are good until this process ends.
pub(crate) async fn links(
    login: &Login,
    options: &Options,
    address: SocketAddr,
) -> Result<Vec<String>, LoginError> {
    let root = options.auth.public_url.as_ref().map_or_else(|| here(address), ToString::to_string);
    let own =
        options.workspaces.iter().filter_map(|(id, section)| Some((id.clone(), base(&root, id, section)?)));
    let all = [(WorkspaceId::default(), root.clone())].into_iter().chain(own);
    let mut lines = Vec::new();
    for (id, base) in all {
        if let Some(link) = login.setup_link(&id, &base).await? {
            lines.push(format!("first owner of {id}  {link}"));
        }
    }
    Ok(lines)
}

/// Where a browser on this machine reaches what listens there. "Every address" is none that a browser knows as its own
/// machine's, so that without TLS it would keep no sign-in of such a page.
fn here(mut address: SocketAddr) -> String {
    match address.ip() {
        IpAddr::V4(Ipv4Addr::UNSPECIFIED) => address.set_ip(Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(Ipv6Addr::UNSPECIFIED) => address.set_ip(Ipv6Addr::LOCALHOST.into()),
        _ => {}
    }
    format!("http://{address}")
}

/// Where a workspace is reached. `None`: identity alone chooses it, and nobody has one yet.
fn base(root: &str, id: &WorkspaceId, section: &WorkspaceSection) -> Option<String> {
    if section.path {
        return Some(format!("{root}/w/{}", encoded(id.as_str())));
    }
    let (scheme, authority) = root.split_once("://")?;
    let port = authority.rsplit_once(':').map(|(_, port)| port);
    let port = port.filter(|port| port.bytes().all(|byte| byte.is_ascii_digit()));
    let host = section.hosts.first()?;
    Some(port.map_or_else(|| format!("{scheme}://{host}"), |port| format!("{scheme}://{host}:{port}")))
}

/// One segment of a path (RFC 3986 section 2.1).
fn encoded(segment: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    segment.bytes().map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_is_reached_at_ones_own() {
        for (listens, reached) in [
            ("0.0.0.0:8000", "http://127.0.0.1:8000"),
            ("[::]:8000", "http://[::1]:8000"),
            ("192.0.2.1:8000", "http://192.0.2.1:8000"),
            ("[2001:db8::1]:80", "http://[2001:db8::1]:80"),
        ] {
            assert_eq!(here(listens.parse().expect("an address")), reached);
        }
    }

    #[test]
    fn a_link_leads_to_where_the_workspace_is() {
        let id = WorkspaceId::new("a/b").expect("an id");
        let section = |path, hosts: &[&str]| WorkspaceSection {
            path,
            hosts: hosts.iter().map(|host| host.parse().expect("a name")).collect(),
            ..WorkspaceSection::default()
        };
        for (root, path, hosts, expected) in [
            ("https://chat.example", true, &["lamps.example"][..], Some("https://chat.example/w/a%2Fb")),
            ("https://chat.example", false, &["lamps.example"], Some("https://lamps.example")),
            ("http://127.0.0.1:8000", false, &["lamps.example"], Some("http://lamps.example:8000")),
            ("http://[::1]:8000", false, &["lamps.example"], Some("http://lamps.example:8000")),
            ("https://chat.example", false, &[], None),
        ] {
            assert_eq!(base(root, &id, &section(path, hosts)).as_deref(), expected, "{root}");
        }
    }
}
