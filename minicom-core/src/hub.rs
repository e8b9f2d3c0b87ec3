//! The hub: which rooms are open. A room is opened once, under its lock, and removed under it.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use crate::{
    id::{LogId, WorkspaceId},
    room::{Rest, Room, RoomContext, RoomTask},
    sync::lock,
};

/// The rooms that are open, and what they share.
#[derive(Debug)]
pub(crate) struct Hub {
    pub context: Arc<RoomContext>,
    rooms: Mutex<HashMap<LogId, Arc<Room>>>,
}

impl Hub {
    pub fn new(context: RoomContext) -> Arc<Self> {
        Arc::new(Self { context: Arc::new(context), rooms: Mutex::default() })
    }

    /// The room of a conversation, opened if it is not.
    pub fn room(self: &Arc<Self>, log: &LogId) -> Arc<Room> {
        let mut rooms = lock(&self.rooms);
        if let Some(room) = rooms.get(log) {
            return room.clone();
        }
        let (room, task) = Room::open(&self.context, log);
        rooms.insert(log.clone(), room.clone());
        self.context.metrics.rooms.rise(1);
        self.context.tasks.spawn(keep(self.clone(), Box::new(task)));
        room
    }

    /// The room of a conversation, if it is open.
    pub fn open_room(&self, log: &LogId) -> Option<Arc<Room>> {
        lock(&self.rooms).get(log).cloned()
    }

    /// The open rooms of a workspace, in the order of their logs, so that what is done with them is repeatable.
    pub fn rooms_of(&self, workspace: &WorkspaceId) -> Vec<Arc<Room>> {
        let rooms = lock(&self.rooms);
        let mut of: Vec<_> =
            rooms.values().filter(|room| room.log().workspace == *workspace).cloned().collect();
        drop(rooms);
        of.sort_unstable_by(|one, other| one.log().cmp(other.log()));
        of
    }

    /// How many rooms are open.
    pub fn len(&self) -> usize {
        lock(&self.rooms).len()
    }

    /// Removes a room that rests, unless somebody needs it again. Under the lock nobody can find it meanwhile.
    fn remove(&self, task: &mut RoomTask, rest: Rest) -> bool {
        let mut rooms = lock(&self.rooms);
        let ended = task.end(rest);
        if ended && rooms.remove(task.room().log()).is_some() {
            self.context.metrics.rooms.fall(1);
        }
        ended
    }
}

/// Keeps a room for as long as it is needed.
async fn keep(hub: Arc<Hub>, mut task: Box<RoomTask>) {
    loop {
        let rest = task.serve().await;
        if hub.remove(&mut task, rest) {
            break;
        }
    }
    // Who found the room just before it was removed may still have put something in.
    task.serve().await;
}
