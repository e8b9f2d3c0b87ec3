//! Which of our resources a path is. The path is taken as it came, so that an encoded slash stays inside its segment.

use http::Method;

use crate::pages::{self, Asset};

/// One of our resources.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Route<'a> {
    /// A page or what it loads.
    Asset(&'static Asset),
    /// `/panel`: the visitor's page for a frame.
    Panel,
    /// `/desk/` or `/panel/`, from where the page's relative links would lead astray; the page's path is inside.
    Slash(&'static str),
    /// `/ws/chat/{role}/{email}/`, both still encoded.
    Chat { role: &'a str, email: &'a str },
    /// `/api/chat/{role}/{email}/{act}`, role and email still encoded.
    Act { role: &'a str, email: &'a str, act: Act },
    /// `/ws`
    Socket,
    /// `/api/users/`
    Users,
    /// `/api/session`
    Session,
    /// `/api/widget`
    Widget,
    /// `/api/visitor`
    Visitor,
    /// `/healthz`
    Health,
    /// `/readyz`
    Ready,
    /// `/metrics`
    #[cfg(feature = "metrics")]
    Metrics,
    /// `/w/{id}`, from where the page's relative links would lead astray; the segment is inside, as it came.
    Workspace(&'a str),
    /// What the agents' login has.
    #[cfg(feature = "login")]
    Login(crate::login::Resource),
}

macro_rules! kinds {
    ($($name:ident),+ $(,)?) => {
        /// What each route is, for tests that go through all of them: they no longer compile when there is one more.
        #[doc(hidden)]
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[allow(missing_docs, reason = "as above")]
        pub enum RouteKind {
            $($name,)+
        }

        impl RouteKind {
            /// Every one.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];
        }
    };
}

kinds!(
    Asset, Panel, Slash, Chat, Act, Socket, Users, Session, Widget, Visitor, Health, Ready, Metrics,
    Workspace, Login
);

impl RouteKind {
    /// The words of what can be done to a conversation.
    pub fn acts() -> impl Iterator<Item = &'static str> {
        Act::ALL.iter().map(|act| act.as_str())
    }
}

/// What can be asked of a conversation without a socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    HandOff,
    Stop,
    TakeOver,
    HandBack,
    Review,
}

impl Act {
    const ALL: &'static [Self] = &[Self::HandOff, Self::Stop, Self::TakeOver, Self::HandBack, Self::Review];

    fn as_str(self) -> &'static str {
        match self {
            Self::HandOff => "handoff",
            Self::Stop => "stop",
            Self::TakeOver => "take_over",
            Self::HandBack => "hand_back",
            Self::Review => "review",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|act| act.as_str() == word)
    }
}

impl<'a> Route<'a> {
    /// `None`: the path is not ours.
    pub(crate) fn find(whole: &'a str) -> Option<Self> {
        let path = whole.strip_prefix('/')?;
        match path {
            "panel" => return Some(Self::Panel),
            "panel/" => return Some(Self::Slash("../panel")),
            "desk/" => return Some(Self::Slash("../desk")),
            _ => {}
        }
        // Not under `/assets`: a file has no slash at its end.
        if let Some(asset) = pages::find(path) {
            return Some(Self::Asset(asset));
        }
        #[cfg(feature = "login")]
        if let Some(resource) = crate::login::Resource::find(whole) {
            return Some(Self::Login(resource));
        }
        let mut segments = path.strip_suffix('/').unwrap_or(path).split('/');
        let mut next = || segments.next();
        Some(match (next(), next(), next(), next(), next(), next()) {
            (Some("ws"), None, ..) => Self::Socket,
            (Some("ws"), Some("chat"), Some(role), Some(email), None, _) => Self::Chat { role, email },
            (Some("api"), Some("chat"), Some(role), Some(email), Some(act), None) => {
                Self::Act { role, email, act: Act::parse(act)? }
            }
            (Some("api"), Some("users"), None, ..) => Self::Users,
            (Some("api"), Some("session"), None, ..) => Self::Session,
            (Some("api"), Some("widget"), None, ..) => Self::Widget,
            (Some("api"), Some("visitor"), None, ..) => Self::Visitor,
            (Some("healthz"), None, ..) => Self::Health,
            (Some("readyz"), None, ..) => Self::Ready,
            #[cfg(feature = "metrics")]
            (Some("metrics"), None, ..) => Self::Metrics,
            _ => return None,
        })
    }

    /// What it is.
    pub(crate) fn kind(self) -> RouteKind {
        match self {
            Self::Asset(_) => RouteKind::Asset,
            Self::Panel => RouteKind::Panel,
            Self::Slash(_) => RouteKind::Slash,
            Self::Chat { .. } => RouteKind::Chat,
            Self::Act { .. } => RouteKind::Act,
            Self::Socket => RouteKind::Socket,
            Self::Users => RouteKind::Users,
            Self::Session => RouteKind::Session,
            Self::Widget => RouteKind::Widget,
            Self::Visitor => RouteKind::Visitor,
            Self::Health => RouteKind::Health,
            Self::Ready => RouteKind::Ready,
            #[cfg(feature = "metrics")]
            Self::Metrics => RouteKind::Metrics,
            Self::Workspace(_) => RouteKind::Workspace,
            #[cfg(feature = "login")]
            Self::Login(_) => RouteKind::Login,
        }
    }

    /// Whether it is also below each workspace's path. The process as a whole is no workspace's.
    pub(crate) fn is_in_workspaces(self) -> bool {
        self.kind() != RouteKind::Metrics
    }

    /// Whether it is a WebSocket's.
    pub(crate) fn opens_socket(self) -> bool {
        matches!(self, Self::Chat { .. } | Self::Socket)
    }

    /// The methods that it knows.
    pub(crate) fn methods(self) -> &'static [Method] {
        match self {
            Self::Asset(_)
            | Self::Panel
            | Self::Slash(_)
            | Self::Health
            | Self::Ready
            | Self::Workspace(_) => &[Method::GET, Method::HEAD],
            #[cfg(feature = "metrics")]
            Self::Metrics => &[Method::GET, Method::HEAD],
            Self::Users | Self::Session | Self::Widget => &[Method::GET, Method::HEAD, Method::OPTIONS],
            Self::Chat { .. } | Self::Socket => &[Method::GET],
            Self::Act { .. } | Self::Visitor => &[Method::POST, Method::OPTIONS],
            #[cfg(feature = "login")]
            Self::Login(resource) => resource.methods(),
        }
    }

    /// Whether a request may have a body that is to be read.
    pub(crate) fn takes_body(self) -> bool {
        match self {
            #[cfg(feature = "login")]
            Self::Login(resource) => resource.methods().contains(&Method::POST),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths() {
        let chat = |role, email| Some(Route::Chat { role, email });
        for (path, route) in [
            ("/ws", Some(Route::Socket)),
            ("/ws/", Some(Route::Socket)),
            ("/ws/chat/user/ann%2Fx", chat("user", "ann%2Fx")),
            ("/ws/chat/user/ann/", chat("user", "ann")),
            ("/ws/chat/user//", chat("user", "")),
            ("/ws/chat/user/a/b", None),
            ("/ws/chat/user/", None),
            ("/ws/chat", None),
            ("/api/users", Some(Route::Users)),
            ("/api/users/", Some(Route::Users)),
            ("/api/users//", None),
            ("/api/session", Some(Route::Session)),
            (
                "/api/chat/user/ann%2Fx/handoff",
                Some(Route::Act { role: "user", email: "ann%2Fx", act: Act::HandOff }),
            ),
            ("/api/chat/user/ann/stop/", Some(Route::Act { role: "user", email: "ann", act: Act::Stop })),
            ("/api/chat/user/ann/dance", None),
            ("/api/chat/user/ann", None),
            ("/api", None),
            ("/healthz", Some(Route::Health)),
            ("/readyz/", Some(Route::Ready)),
            ("/readyz/x", None),
            ("/metrics", Some(Route::Metrics)),
            ("/metrics/x", None),
            ("/api/widget/", Some(Route::Widget)),
            ("/api/visitor", Some(Route::Visitor)),
            ("/desk/", Some(Route::Slash("../desk"))),
            ("/panel", Some(Route::Panel)),
            ("/panel/", Some(Route::Slash("../panel"))),
            ("/panel//", None),
            ("/widget.js/", None),
            ("/desk//", None),
            ("/assets/", None),
            ("//", None),
            ("", None),
            ("*", None),
        ] {
            assert_eq!(Route::find(path), route, "{path}");
        }
        for path in ["/", "/index.html", "/desk", "/widget.js", "/favicon.svg"] {
            assert!(matches!(Route::find(path), Some(Route::Asset(_))), "{path}");
        }
    }
}
