//! The room's task: takes what waits and commits it in batches.

use std::{collections::VecDeque, sync::Arc};

use futures_util::future::OptionFuture;
use tokio::time::sleep;

use super::{
    Request, Room, RoomContext,
    batch::{Job, batch_len},
    deliver::Delivery,
    writer::{Shared, Writer},
};
use crate::{
    error::Refusal,
    log::{Command, Conversation},
    store::StoreError,
    sync::lock,
};

/// Why a room rests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rest {
    /// Nothing was asked of it for a while.
    Idle,
    /// The server stops, or the room has ended.
    Stopped,
}

/// What serves a room. There is one a room.
#[derive(Debug)]
pub(crate) struct RoomTask {
    context: Arc<RoomContext>,
    room: Arc<Room>,
    writer: Writer<Conversation>,
}

impl RoomTask {
    pub(super) fn new(context: Arc<RoomContext>, room: Arc<Room>) -> Self {
        let writer = Writer::new(&context, room.log.clone());
        Self { context, room, writer }
    }

    /// Its room.
    pub fn room(&self) -> &Room {
        &self.room
    }

    /// Serves what comes until nothing does.
    pub async fn serve(&mut self) -> Rest {
        loop {
            // While somebody watches it does not become idle; the last one who leaves says so.
            let idle =
                lock(&self.room.shared).watchers.is_empty().then(|| sleep(self.context.limits.room_idle));
            let waiting = tokio::select! {
                biased;
                waiting = self.room.requests.take() => waiting,
                () = self.context.stop.cancelled() => return Rest::Stopped,
                Some(()) = OptionFuture::from(idle) => return Rest::Idle,
            };
            match waiting {
                // Boxed, because a room rests for most of its life, and needs no place for this meanwhile.
                Some(waiting) => Box::pin(self.serve_waiting(waiting)).await,
                None => return Rest::Stopped,
            }
        }
    }

    /// Ends the room if it may: nothing is taken from then on. `false`: it rests, but somebody watches it or wrote to it.
    pub fn end(&mut self, rest: Rest) -> bool {
        let mut shared = lock(&self.room.shared);
        let needed = !shared.watchers.is_empty() || !self.room.requests.is_empty();
        if rest == Rest::Idle && needed {
            return false;
        }
        shared.ended = true;
        self.room.requests.close();
        true
    }

    /// Serves what waits, in order.
    async fn serve_waiting(&mut self, mut waiting: VecDeque<Request>) {
        while let Some(request) = waiting.pop_front() {
            match request {
                Request::Rest => {}
                Request::Refresh(reply) => {
                    let mut delivery = Delivery { context: &self.context, room: &self.room };
                    let refreshed = self.writer.refresh(&mut delivery).await;
                    // Who asked may have gone.
                    let _ = reply.send(refreshed.map(drop).map_err(|error| refuse(&error)));
                }
                Request::Execute(job) => {
                    let mut jobs = vec![*job];
                    while let Some(Request::Execute(_)) = waiting.front() {
                        let Some(Request::Execute(job)) = waiting.pop_front() else { break };
                        jobs.push(*job);
                    }
                    self.execute(jobs).await;
                }
            }
        }
    }

    async fn execute(&mut self, mut jobs: Vec<Job<Command>>) {
        let id = &self.room.log.workspace;
        let workspace = match self.context.workspace(id).await {
            Ok(workspace) => workspace,
            Err(error) => {
                let refusal = refuse(&error);
                for job in jobs {
                    job.answer(Err(refusal.clone()));
                }
                return;
            }
        };
        let ai = self.context.owing.as_ref().map(|owing| owing.policy(id, &workspace.fold));
        let cx = Shared { workspace: &workspace.fold, ai };
        let mut delivery = Delivery { context: &self.context, room: &self.room };
        while !jobs.is_empty() {
            let rest = jobs.split_off(batch_len::<Conversation>(&jobs, self.context.limits.batch));
            jobs = self.writer.commit(cx, jobs, &mut delivery).await;
            jobs.extend(rest);
        }
    }
}

/// Whoever waits for it learns that it is gone, as it would of a channel.
impl Drop for RoomTask {
    fn drop(&mut self) {
        self.room.requests.abandon();
    }
}

fn refuse(error: &StoreError) -> Refusal {
    tracing::warn!(error = error as &dyn std::error::Error, "a room could not be read");
    Refusal::unavailable()
}
