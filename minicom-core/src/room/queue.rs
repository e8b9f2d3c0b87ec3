//! What waits for a room. It is what tokio's channel would be, in a tenth of the memory while nothing waits: ten thousand
//! visitors who say nothing have as many rooms.

use std::{collections::VecDeque, sync::Mutex};

use tokio::sync::Notify;

use super::Request;
use crate::sync::lock;

/// A queue with one consumer, the room's task.
#[derive(Debug)]
pub(super) struct Queue {
    waiting: Mutex<Waiting>,
    arrived: Notify,
    /// How many commands may wait.
    most: usize,
}

#[derive(Debug, Default)]
struct Waiting {
    requests: VecDeque<Request>,
    closed: bool,
}

/// Why a request was not taken. It is given back.
#[derive(Debug)]
pub(super) enum Rejected {
    Full(Request),
    Closed(Request),
}

impl Queue {
    pub fn new(most: usize) -> Self {
        Self { waiting: Mutex::default(), arrived: Notify::new(), most }
    }

    /// Puts a request at the end, if there is room.
    pub fn push(&self, request: Request) -> Result<(), Rejected> {
        self.push_below(self.most, request)
    }

    /// Puts a request at the end. For those of which whoever asks has one at a time.
    pub fn push_always(&self, request: Request) -> Result<(), Rejected> {
        self.push_below(usize::MAX, request)
    }

    fn push_below(&self, most: usize, request: Request) -> Result<(), Rejected> {
        let mut waiting = lock(&self.waiting);
        if waiting.closed {
            return Err(Rejected::Closed(request));
        }
        if waiting.requests.len() >= most {
            return Err(Rejected::Full(request));
        }
        waiting.requests.push_back(request);
        drop(waiting);
        self.arrived.notify_one();
        Ok(())
    }

    /// Everything that waits, in order, as soon as there is something; `None`: nothing will come any more.
    pub async fn take(&self) -> Option<VecDeque<Request>> {
        loop {
            {
                let mut waiting = lock(&self.waiting);
                if !waiting.requests.is_empty() {
                    return Some(std::mem::take(&mut waiting.requests));
                }
                if waiting.closed {
                    return None;
                }
            }
            self.arrived.notified().await;
        }
    }

    pub fn is_empty(&self) -> bool {
        lock(&self.waiting).requests.is_empty()
    }

    /// Takes nothing from now on; what waits can still be taken.
    pub fn close(&self) {
        lock(&self.waiting).closed = true;
        self.arrived.notify_one();
    }

    /// Takes nothing from now on, and forgets what waits: its task is gone.
    pub fn abandon(&self) {
        self.close();
        lock(&self.waiting).requests.clear();
    }
}
