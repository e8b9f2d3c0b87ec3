//! Workspaces as the web sees them: each chosen by a host name or by a path, with looks and origins of its own.

use std::{fmt, str::FromStr};

use http::request::Parts;
use minicom_core::WorkspaceId;
use serde::Deserialize;

use crate::{Origin, WebOptions, WidgetConfig, origin, percent};

/// Below this, a workspace is named by the path.
pub(crate) const BELOW: &str = "/w/";

/// One workspace, for [`WebOptions::workspace`].
///
/// ```
/// use minicom_core::WorkspaceId;
/// use minicom_web::{WebOptions, WidgetConfig, WorkspaceOptions};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let lamps = WorkspaceOptions::new(WorkspaceId::new("lamps")?)
///     .host("chat.lamps.example".parse()?)
///     .allow_origin("https://lamps.example".parse()?)
///     .widget(WidgetConfig::default().title("Lamps".parse()?));
/// // At `/w/bikes/`, `/w/bikes/desk` and so on.
/// let bikes = WorkspaceOptions::new(WorkspaceId::new("bikes")?).by_path();
/// let options = WebOptions::default().workspace(lamps).workspace(bikes);
/// # drop(options);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct WorkspaceOptions {
    /// Which one.
    pub id: WorkspaceId,
    /// Requests to these names are for it. Of two workspaces with the same name, the first one has it.
    pub hosts: Vec<HostName>,
    /// Whether everything is also below `/w/{id}/`, for this workspace.
    pub reached_by_path: bool,
    /// Origins whose pages may carry its widget, besides [`WebOptions::allowed_origins`].
    pub allowed_origins: Vec<Origin>,
    /// How its widget looks. What is not chosen here is as in [`WebOptions::widget`].
    pub widget: WidgetConfig,
}

impl WorkspaceOptions {
    /// A workspace that is chosen by identity alone, and looks like every other.
    pub fn new(id: WorkspaceId) -> Self {
        Self {
            id,
            hosts: Vec::new(),
            reached_by_path: false,
            allowed_origins: Vec::new(),
            widget: WidgetConfig::default(),
        }
    }

    /// Takes requests to one more host name.
    #[must_use]
    pub fn host(mut self, host: HostName) -> Self {
        self.hosts.push(host);
        self
    }

    /// Takes requests below `/w/{id}/`, too.
    #[must_use]
    pub fn by_path(mut self) -> Self {
        self.reached_by_path = true;
        self
    }

    /// Allows one more origin.
    #[must_use]
    pub fn allow_origin(mut self, origin: Origin) -> Self {
        self.allowed_origins.push(origin);
        self
    }

    /// Says how its widget looks and what it says.
    #[must_use]
    pub fn widget(mut self, widget: WidgetConfig) -> Self {
        self.widget = widget;
        self
    }

    /// What holds for requests to it.
    pub(crate) fn over(&self, general: &WebOptions) -> WebOptions {
        let mut options = general.clone();
        options.workspaces = Vec::new();
        options.allowed_origins.extend(self.allowed_origins.iter().cloned());
        options.widget = self.widget.clone().or(&general.widget);
        options
    }
}

/// A host's name without a port: `chat.shop.example`, `127.0.0.1`, `[::1]`. Case does not matter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(try_from = "String")]
pub struct HostName(String);

/// The text is no host's name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a host name is a name without scheme, port or path: {0:?} is none")]
pub struct InvalidHostName(String);

impl FromStr for HostName {
    type Err = InvalidHostName;

    /// Reads a name; a dot at its end is forgiven.
    fn from_str(text: &str) -> Result<Self, InvalidHostName> {
        let name = text.strip_suffix('.').unwrap_or(text);
        let is_name = |name: &str| {
            name.split('.').all(|label| {
                (1..=63).contains(&label.len())
                    && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
            })
        };
        let is_address = |name: &str| {
            let inner = name.strip_prefix('[').and_then(|name| name.strip_suffix(']'));
            inner.is_some_and(|inner| inner.parse::<std::net::Ipv6Addr>().is_ok())
        };
        // RFC 1035 section 2.3.4.
        if name.len() <= 253 && (is_name(name) || is_address(name)) {
            Ok(Self(name.to_ascii_lowercase()))
        } else {
            Err(InvalidHostName(text.to_owned()))
        }
    }
}

impl TryFrom<String> for HostName {
    type Error = InvalidHostName;

    fn try_from(text: String) -> Result<Self, InvalidHostName> {
        text.parse()
    }
}

impl fmt::Display for HostName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The workspace that a request chose by its host name or path. In a request's extensions.
#[derive(Debug, Clone)]
pub(crate) struct Chosen {
    pub workspace: WorkspaceId,
    /// The part of the path that named it, `/w/lamps`; nothing if the host name did.
    #[cfg_attr(not(feature = "login"), allow(dead_code, reason = "a cookie holds below it"))]
    pub below: String,
}

/// Where in a list of workspaces a path leads, and what it is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place<'a> {
    /// A path that names no workspace.
    Unnamed(&'a str),
    /// A path below `/w/{id}`, with its slash.
    Within(usize, &'a str),
    /// `/w/{id}` itself; the segment is inside, as it came.
    Bare(usize, &'a str),
}

/// Reads a path.
pub(crate) fn place<'a>(workspaces: &[WorkspaceOptions], path: &'a str) -> Place<'a> {
    let Some(below) = path.strip_prefix(BELOW) else { return Place::Unnamed(path) };
    let (segment, rest) = below.find('/').map_or((below, ""), |slash| below.split_at(slash));
    let named = percent::decode(segment).ok().and_then(|id| {
        workspaces.iter().position(|workspace| workspace.reached_by_path && workspace.id.as_str() == id)
    });
    match named {
        None => Place::Unnamed(path),
        Some(workspace) if rest.is_empty() => Place::Bare(workspace, segment),
        Some(workspace) => Place::Within(workspace, rest),
    }
}

/// The workspace that the request's host name belongs to.
pub(crate) fn of_host(workspaces: &[WorkspaceOptions], parts: &Parts) -> Option<usize> {
    if workspaces.is_empty() {
        return None;
    }
    let authority = origin::own_authority(&parts.uri, &parts.headers)?;
    // No host's name has somebody's in front of it.
    let name: HostName = authority.host().parse().ok().filter(|_| !authority.as_str().contains('@'))?;
    workspaces.iter().position(|workspace| workspace.hosts.contains(&name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn workspace(id: &str) -> WorkspaceOptions {
        WorkspaceOptions::new(WorkspaceId::new(id).expect(id))
    }

    #[test]
    fn a_path_names_a_workspace_by_one_segment() {
        let list = [workspace("shop").by_path(), workspace("hidden"), workspace("a/b ü").by_path()];
        for (path, expected) in [
            ("/w/shop/", Place::Within(0, "/")),
            ("/w/shop/desk", Place::Within(0, "/desk")),
            ("/w/sh%6Fp/ws/chat/user/a%2Fb/", Place::Within(0, "/ws/chat/user/a%2Fb/")),
            ("/w/shop//", Place::Within(0, "//")),
            ("/w/shop", Place::Bare(0, "shop")),
            ("/w/a%2Fb%20%C3%BC/desk", Place::Within(2, "/desk")),
            ("/w/Shop/", Place::Unnamed("/w/Shop/")),
            ("/w/hidden/", Place::Unnamed("/w/hidden/")),
            ("/w/a/b/desk", Place::Unnamed("/w/a/b/desk")),
            ("/w/%zz/", Place::Unnamed("/w/%zz/")),
            ("/w//", Place::Unnamed("/w//")),
            ("/w/", Place::Unnamed("/w/")),
            ("/w", Place::Unnamed("/w")),
            ("/desk", Place::Unnamed("/desk")),
            ("/chat/w/shop/", Place::Unnamed("/chat/w/shop/")),
        ] {
            assert_eq!(place(&list, path), expected, "{path}");
        }
        assert_eq!(place(&[], "/w/shop/"), Place::Unnamed("/w/shop/"));
    }

    #[test]
    fn a_host_names_a_workspace_whatever_its_port() {
        let list = [
            workspace("shop").host("Chat.Shop.Example".parse().expect("a name")),
            workspace("six").host("[::1]".parse().expect("an address")),
        ];
        for (host, expected) in [
            ("chat.shop.example", Some(0)),
            ("CHAT.SHOP.EXAMPLE:8443", Some(0)),
            ("chat.shop.example.", Some(0)),
            ("[::1]:8000", Some(1)),
            ("shop.example", None),
            ("chat.shop.example.evil.example", None),
            ("evil@chat.shop.example", None),
            ("", None),
        ] {
            let parts =
                http::Request::get("/").header("host", host).body(()).expect("a request").into_parts().0;
            assert_eq!(of_host(&list, &parts), expected, "{host}");
        }
        let twice =
            http::Request::get("/").header("host", "chat.shop.example").header("host", "other.example");
        assert_eq!(of_host(&list, &twice.body(()).expect("a request").into_parts().0), None);
    }

    #[test]
    fn what_is_no_host_name() {
        for text in
            ["", ".", "a..b", "https://a", "a:80", "a/b", "a b", "[::1", "[a]", "*.example", &"a".repeat(64)]
        {
            assert!(text.parse::<HostName>().is_err(), "{text}");
        }
    }
}
