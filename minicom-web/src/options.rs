//! What a host may choose.

use std::time::Duration;

use crate::{Origin, TrustedProxies, WidgetConfig, WorkspaceOptions};

/// Options of a [`Web`](crate::Web).
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct WebOptions {
    /// Origins whose pages may carry the widget, open a WebSocket and read the REST answers, besides the server's own.
    pub allowed_origins: Vec<Origin>,
    /// How the widget looks and what it says.
    pub widget: WidgetConfig,
    /// The agents' login, if it is to be ours.
    #[cfg(feature = "login")]
    pub login: Option<minicom_login::Login>,
    /// What the server counts, for whoever has its token.
    #[cfg(feature = "metrics")]
    pub metrics: Option<crate::Metrics>,
    /// What is different in a workspace, and how a request chooses it. A workspace that is not here is chosen by identity
    /// alone, and is as everything above says.
    pub workspaces: Vec<WorkspaceOptions>,
    /// For how long a browser that came over TLS may ask this host for nothing but TLS
    /// ([RFC 6797](https://www.rfc-editor.org/rfc/rfc6797)); whole seconds. `None` says nothing of it, because it holds for all
    /// of the host's pages and cannot be taken back: the host decides.
    pub strict_transport: Option<Duration>,
    /// The reverse proxies whose word on the client's address is believed; nobody's if none is named.
    pub trusted_proxies: TrustedProxies,
}

impl WebOptions {
    /// Allows one more origin.
    #[must_use]
    pub fn allow_origin(mut self, origin: Origin) -> Self {
        self.allowed_origins.push(origin);
        self
    }

    /// Allows more origins.
    #[must_use]
    pub fn allow_origins(mut self, origins: impl IntoIterator<Item = Origin>) -> Self {
        self.allowed_origins.extend(origins);
        self
    }

    /// Serves the pages and routes of a login of agents. The same login must be the
    /// [authenticator](minicom_core::Builder::authenticator) of the `Minicom`, alone or among others.
    #[cfg(feature = "login")]
    #[must_use]
    pub fn login(mut self, login: minicom_login::Login) -> Self {
        self.login = Some(login);
        self
    }

    /// Serves what the server counts at `/metrics`.
    #[cfg(feature = "metrics")]
    #[must_use]
    pub fn metrics(mut self, metrics: crate::Metrics) -> Self {
        self.metrics = Some(metrics);
        self
    }

    /// Adds a workspace.
    #[must_use]
    pub fn workspace(mut self, workspace: WorkspaceOptions) -> Self {
        self.workspaces.push(workspace);
        self
    }

    /// Tells browsers to come over TLS alone for that long, on every answer of ours. A year is usual once all of the host's
    /// pages have TLS; begin with minutes.
    ///
    /// ```
    /// use std::time::Duration;
    /// use minicom_web::WebOptions;
    ///
    /// let options = WebOptions::default().strict_transport(Duration::from_mins(5));
    /// # drop(options);
    /// ```
    #[must_use]
    pub fn strict_transport(mut self, lasts: Duration) -> Self {
        self.strict_transport = Some(lasts);
        self
    }

    /// Says whose word on the client's address is believed.
    #[must_use]
    pub fn trusted_proxies(mut self, proxies: TrustedProxies) -> Self {
        self.trusted_proxies = proxies;
        self
    }

    /// Says how the widget looks and what it says.
    #[must_use]
    pub fn widget(mut self, widget: WidgetConfig) -> Self {
        self.widget = widget;
        self
    }
}
