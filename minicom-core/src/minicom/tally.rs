//! What one socket adds to the figures of all.

use std::sync::Arc;

use crate::{metrics::Metrics, session::Outgoing};

/// A socket's share. What it takes is summed up here and told once for each time that the socket is written to; what waits for
/// it is told only while it does not take it, so that delivering to sockets that do costs nothing. It ends with the socket.
#[derive(Debug)]
pub(super) struct Tally {
    metrics: Arc<Metrics>,
    /// Text frames that were handed to the socket and not told yet.
    frames: u64,
    /// The bytes of its outbox, as they were told.
    waiting: usize,
}

impl Tally {
    pub fn new(metrics: Arc<Metrics>) -> Self {
        metrics.sockets.rise(1);
        Self { metrics, frames: 0, waiting: 0 }
    }

    /// A frame is handed to the socket.
    pub fn going(&mut self, frame: &Outgoing) {
        match frame {
            Outgoing::Text(_) => self.frames += 1,
            Outgoing::Ping => {}
            Outgoing::Close { code, .. } => self.metrics.sockets_closed.count(*code),
        }
    }

    /// The socket has taken what there was, but so many bytes.
    pub fn written(&mut self, waiting: usize) {
        if self.frames > 0 {
            self.metrics.frames_sent.add(self.frames);
            self.frames = 0;
        }
        self.waiting(waiting);
    }

    /// So many bytes wait for it.
    pub fn waiting(&mut self, bytes: usize) {
        if bytes > self.waiting {
            self.metrics.outbox_bytes.rise(bytes - self.waiting);
        } else if bytes < self.waiting {
            self.metrics.outbox_bytes.fall(self.waiting - bytes);
        }
        self.waiting = bytes;
    }
}

impl Drop for Tally {
    fn drop(&mut self) {
        self.written(0);
        self.metrics.sockets.fall(1);
    }
}
