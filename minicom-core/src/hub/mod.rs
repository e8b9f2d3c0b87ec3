//! The hub: which rooms are open, who lists the inbox, and what waits for each socket.

mod inbox;
mod outbox;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

pub(crate) use inbox::{Inbox, Listing};
pub(crate) use outbox::{Outbox, StateKey};

use crate::{
    id::LogId,
    room::{Room, RoomContext},
};

/// The rooms that are open. A room is opened once, under this lock, and removed under it.
#[derive(Debug, Default)]
pub(crate) struct Hub {
    rooms: Mutex<HashMap<LogId, Arc<Room>>>,
}

/// Locks what no panic can leave half done: nothing under these locks calls foreign code.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Hub {
    /// The room of a conversation, opened if it is not.
    pub fn room(&self, context: &Arc<RoomContext>, log: &LogId) -> Arc<Room> {
        let mut rooms = lock(&self.rooms);
        if let Some(room) = rooms.get(log) {
            return room.clone();
        }
        let room = Room::open(context, log);
        rooms.insert(log.clone(), room.clone());
        room
    }

    /// The room of a conversation, if it is open.
    pub fn open_room(&self, log: &LogId) -> Option<Arc<Room>> {
        lock(&self.rooms).get(log).cloned()
    }

    /// Removes a room if `unused` says so, which is asked under the lock: nobody can find the room meanwhile. Another
    /// room that took its place stays.
    pub fn remove_if(&self, room: &Room, unused: impl FnOnce() -> bool) -> bool {
        let mut rooms = lock(&self.rooms);
        let remove = unused();
        if remove && rooms.get(room.log()).is_some_and(|open| std::ptr::eq(&raw const **open, room)) {
            rooms.remove(room.log());
        }
        remove
    }

    /// How many rooms are open.
    pub fn len(&self) -> usize {
        lock(&self.rooms).len()
    }
}
