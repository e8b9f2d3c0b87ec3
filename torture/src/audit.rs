//! Reads everything that is stored, as an agent who pages every conversation from its beginning.

use std::{net::SocketAddr, time::Duration};

use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message as Ws;

use crate::{
    Error,
    client::Role,
    socket::{Gone, Socket},
    view::{Shown, Watching},
    wire::{Frame, Seen},
};

/// For a room.
const PATIENCE: Duration = Duration::from_secs(30);

/// What is stored in each room. What breaks the rules of a page is added to `record`.
pub(crate) async fn read(
    address: SocketAddr,
    rooms: usize,
    record: &mut crate::record::Record,
) -> Result<Vec<Vec<Seen>>, Error> {
    let mut socket = Socket::connect(address, "/ws/chat/admin/auditor/").await.map_err(unread)?;
    let mut stored = Vec::with_capacity(rooms);
    for room in 0..rooms {
        let room = read_room(&mut socket, room, record);
        stored.push(timeout(PATIENCE, room).await.map_err(|_| Error::Audit("took too long".into()))??);
    }
    Ok(stored)
}

async fn read_room(
    socket: &mut Socket,
    room: usize,
    record: &mut crate::record::Record,
) -> Result<Vec<Seen>, Error> {
    let mut watching = Watching::new(room);
    loop {
        let by = tokio::time::Instant::now() + PATIENCE;
        let request = watching.ask(Role::Agent, by);
        socket.send(&request).await.map_err(unread)?;
        loop {
            let Ws::Text(text) = socket.next().await.map_err(unread)? else { continue };
            let frame = serde_json::from_str(&text).map_err(|error| Error::Audit(error.to_string()))?;
            let Frame::Conversation(page) = frame else { continue };
            match watching.page(&page, record) {
                Shown::Nothing => {}
                Shown::More(_) => break,
                Shown::Live(_) => return Ok(watching.seen),
            }
        }
    }
}

fn unread(gone: Gone) -> Error {
    Error::Audit(match gone {
        Gone::Lost | Gone::NotAccepted | Gone::NoHandshake => "the connection was lost".into(),
        Gone::Refused(what) => what,
    })
}
