//! What systemd, and whoever speaks as it does, is told: that clients may come, and that they may no longer.

/// What there is to tell.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Told {
    Ready,
    Stopping,
}

/// Tells it, if somebody wants to know (`NOTIFY_SOCKET`).
#[cfg(unix)]
pub(crate) fn tell(told: Told) {
    let state = match told {
        Told::Ready => sd_notify::NotifyState::Ready,
        Told::Stopping => sd_notify::NotifyState::Stopping,
    };
    if let Err(error) = sd_notify::notify(&[state]) {
        tracing::warn!(%error, ?told, "whoever started this could not be told");
    }
}

/// Nobody elsewhere asks.
#[cfg(not(unix))]
pub(crate) fn tell(_: Told) {}
