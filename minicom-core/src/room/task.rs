//! The room's task: takes what waits, commits it in batches, and ends when nobody needs the room.

use std::{collections::VecDeque, sync::Arc};

use tokio::{sync::mpsc, time::timeout};

use super::{
    Request, Room, RoomContext,
    batch::{Job, batch_len},
    deliver::Delivery,
    writer::Writer,
};
use crate::{
    error::Refusal,
    hub::lock,
    log::{Command, Conversation},
    store::StoreError,
};

/// Runs a room until it is idle or the server stops.
pub(super) async fn run(context: Arc<RoomContext>, room: Arc<Room>, mut requests: mpsc::Receiver<Request>) {
    let mut writer = Writer::<Conversation>::new(&context, room.log.clone());
    let mut waiting = VecDeque::new();
    while next(&context, &room, &mut requests, &mut waiting).await {
        serve(&context, &room, &mut writer, &mut waiting).await;
    }
}

/// Waits until there is something to do, and takes all of it. `false`: the room has ended.
async fn next(
    context: &RoomContext,
    room: &Room,
    requests: &mut mpsc::Receiver<Request>,
    waiting: &mut VecDeque<Request>,
) -> bool {
    loop {
        let received = tokio::select! {
            biased;
            received = timeout(context.limits.room_idle, requests.recv()) => received,
            () = context.stop.cancelled() => {
                requests.close();
                Ok(requests.recv().await)
            }
        };
        match received {
            Ok(Some(request)) => {
                waiting.push_back(request);
                while waiting.len() < context.limits.batch {
                    let Ok(request) = requests.try_recv() else { break };
                    waiting.push_back(request);
                }
                return true;
            }
            // Closed and empty.
            Ok(None) => {
                context.hub.remove_if(room, || end(room));
                return false;
            }
            Err(_) => {
                let unused = || requests.is_empty() && lock(&room.shared).watchers.is_empty();
                if context.hub.remove_if(room, || unused() && end(room)) {
                    // Who found the room before it was removed may still have put something in.
                    requests.close();
                    let Ok(request) = requests.try_recv() else { return false };
                    waiting.push_back(request);
                    return true;
                }
            }
        }
    }
}

fn end(room: &Room) -> bool {
    lock(&room.shared).ended = true;
    true
}

/// Serves what waits, in order.
async fn serve(
    context: &RoomContext,
    room: &Room,
    writer: &mut Writer<Conversation>,
    waiting: &mut VecDeque<Request>,
) {
    let mut delivery = Delivery { context, room };
    while let Some(request) = waiting.pop_front() {
        match request {
            Request::Refresh(reply) => {
                let refreshed = writer.refresh(&mut delivery).await;
                // Who asked may have gone.
                let _ = reply.send(refreshed.map(drop).map_err(|error| refuse(&error)));
            }
            Request::Execute(job) => {
                let mut jobs = vec![job];
                while let Some(Request::Execute(_)) = waiting.front() {
                    let Some(Request::Execute(job)) = waiting.pop_front() else { break };
                    jobs.push(job);
                }
                execute(context, room, writer, jobs).await;
            }
        }
    }
}

async fn execute(
    context: &RoomContext,
    room: &Room,
    writer: &mut Writer<Conversation>,
    mut jobs: Vec<Job<Command>>,
) {
    let workspace = match context.workspace(&room.log.workspace).await {
        Ok(workspace) => workspace,
        Err(error) => {
            let refusal = refuse(&error);
            for job in jobs {
                job.answer(Err(refusal.clone()));
            }
            return;
        }
    };
    while !jobs.is_empty() {
        let rest = jobs.split_off(batch_len::<Conversation>(&jobs, context.limits.batch));
        let mut delivery = Delivery { context, room };
        jobs = writer.commit(&workspace, jobs, &mut delivery).await;
        jobs.extend(rest);
    }
}

fn refuse(error: &StoreError) -> Refusal {
    tracing::warn!(error = error as &dyn std::error::Error, "a room could not be read");
    Refusal::unavailable()
}
