//! What a host may choose.

use crate::{Origin, TrustedProxies, WidgetConfig};

/// Options of a [`Web`](crate::Web).
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct WebOptions {
    /// Origins whose pages may carry the widget, open a WebSocket and read the REST answers, besides the server's own.
    pub allowed_origins: Vec<Origin>,
    /// How the widget looks and what it says.
    pub widget: WidgetConfig,
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
