//! How a server ends: slowly, if it has time, and then at once.

use std::time::Duration;

use tokio::time::{Instant, timeout, timeout_at};

use super::Minicom;

/// A window beyond this is as good as none.
const LONGEST: Duration = Duration::from_hours(24);

impl Minicom {
    /// Sends the sockets away within `window`, each at another, random moment, so that whoever takes over is not stormed.
    /// Until its moment a socket is served as ever; then what it asked for is answered, and it is closed with 1012
    /// ([`CloseCode::Restart`](crate::CloseCode::Restart)), after which clients come back and resume. New ones are refused from
    /// now on, and no AI begins a reply; those that are being written may be finished.
    ///
    /// Returns as soon as nobody is left, and at the latest at the end of the window, when the last ones may still be saying
    /// goodbye. What the host calls itself goes on; [`shutdown`](Self::shutdown), which is to follow, ends all that. Called
    /// again, it can only make the window end earlier; a window of more than a day is one of a day.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use minicom_core::{MemoryStore, Minicom};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let minicom = Minicom::builder().store(MemoryStore::new()).build()?;
    /// minicom.drain(Duration::from_secs(10)).await;
    /// assert!(minicom.is_draining());
    /// minicom.shutdown().await;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn drain(&self, window: Duration) {
        let context = &self.inner.hub.context;
        let until = Instant::now() + window.min(LONGEST);
        context.drain.cancel();
        context.sockets.leave_by(until);
        context.open.close();
        let answered = async {
            if let Some(answering) = &self.inner.answering {
                answering.rest().await;
            }
        };
        let over = async { tokio::join!(context.open.wait(), answered) };
        // Who is left by then is the shutdown's matter.
        let _ = timeout_at(until, over).await;
    }

    /// Whether new sockets are refused, because the server [drains](Self::drain) or [stops](Self::shutdown). For whoever
    /// decides where new clients go: the process is alive, and not ready.
    pub fn is_draining(&self) -> bool {
        self.inner.hub.context.drain.is_cancelled()
    }

    /// Closes every socket with 1012 after what is under way is answered, and commits what waits in rooms. Nothing is
    /// accepted from then on. Ends within 5 s ([`Limits::drain_within`](crate::Limits::drain_within)), whatever a client does.
    /// [`drain`](Self::drain) comes before it where clients have a moment.
    pub async fn shutdown(&self) {
        let context = &self.inner.hub.context;
        context.drain.cancel();
        context.stop.cancel();
        context.sockets.leave_by(Instant::now());
        context.tasks.close();
        if timeout(context.limits.drain_within, context.tasks.wait()).await.is_err() {
            tracing::warn!(left = context.tasks.len(), "not everything ended in time");
        }
    }
}
