//! The floor: tokio, the WebSocket library, and nothing else.

use std::sync::{Arc, Mutex, PoisonError};

use futures_util::{SinkExt, StreamExt};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
};
use tokio_websockets::{Config, Message, ServerBuilder, WebSocketStream};

use crate::{Result, serve::Kind};

type Everybody = Arc<Mutex<Vec<UnboundedSender<Message>>>>;

/// Accepts sockets and serves each in a task.
pub(crate) async fn serve(listener: TcpListener, kind: Kind) -> Result<()> {
    let everybody = Everybody::default();
    loop {
        let (tcp, _) = listener.accept().await?;
        tcp.set_nodelay(true)?;
        tokio::spawn(socket(tcp, kind, everybody.clone()));
    }
}

async fn socket(tcp: TcpStream, kind: Kind, everybody: Everybody) -> Option<()> {
    // As Minicom sets it.
    let config = Config::default().flush_threshold(8 << 10);
    let (_, ws) = ServerBuilder::new().config(config).accept(tcp).await.ok()?;
    if kind == Kind::FloorEcho { echo(ws).await } else { fan_out(ws, &everybody).await }
}

async fn echo(mut ws: WebSocketStream<TcpStream>) -> Option<()> {
    loop {
        let message = ws.next().await?.ok()?;
        if message.is_text() {
            ws.send(message).await.ok()?;
        }
    }
}

async fn fan_out(mut ws: WebSocketStream<TcpStream>, everybody: &Everybody) -> Option<()> {
    let (sender, mut receiver): (_, UnboundedReceiver<Message>) = unbounded_channel();
    everybody.lock().unwrap_or_else(PoisonError::into_inner).push(sender);
    loop {
        tokio::select! {
            message = ws.next() => {
                let message = message?.ok()?;
                if message.is_text() {
                    // A payload is shared, not copied. Who has left is forgotten.
                    let mut everybody = everybody.lock().unwrap_or_else(PoisonError::into_inner);
                    everybody.retain(|socket| socket.send(message.clone()).is_ok());
                }
            }
            message = receiver.recv() => {
                ws.feed(message?).await.ok()?;
                while let Ok(message) = receiver.try_recv() {
                    ws.feed(message).await.ok()?;
                }
                ws.flush().await.ok()?;
            }
        }
    }
}
