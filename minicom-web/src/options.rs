//! What a host may choose.

use crate::{Origin, WidgetConfig, WorkspaceOptions};

/// Options of a [`Web`](crate::Web).
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct WebOptions {
    /// Origins whose pages may carry the widget, open a WebSocket and read the REST answers, besides the server's own.
    pub allowed_origins: Vec<Origin>,
    /// How the widget looks and what it says.
    pub widget: WidgetConfig,
    /// What is different in a workspace, and how a request chooses it. A workspace that is not here is chosen by identity
    /// alone, and is as everything above says.
    pub workspaces: Vec<WorkspaceOptions>,
    /// The agents' login, if it is to be ours.
    #[cfg(feature = "login")]
    pub login: Option<minicom_login::Login>,
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

    /// Adds a workspace.
    #[must_use]
    pub fn workspace(mut self, workspace: WorkspaceOptions) -> Self {
        self.workspaces.push(workspace);
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

    /// Says how the widget looks and what it says.
    #[must_use]
    pub fn widget(mut self, widget: WidgetConfig) -> Self {
        self.widget = widget;
        self
    }
}
