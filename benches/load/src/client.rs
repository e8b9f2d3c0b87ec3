//! A client's socket.

use std::net::SocketAddr;

use futures_util::{SinkExt, StreamExt};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio_websockets::{ClientBuilder, Message, WebSocketStream};

use crate::Result;

pub(crate) struct Client(WebSocketStream<TcpStream>);

impl Client {
    /// Connects to a path; the floor takes any.
    pub(crate) async fn connect(address: SocketAddr, path: &str) -> Result<Self> {
        let tcp = TcpStream::connect(address).await?;
        tcp.set_nodelay(true)?;
        let (ws, _) = ClientBuilder::new().uri(&format!("ws://{address}{path}"))?.connect_on(tcp).await?;
        Ok(Self(ws))
    }

    pub(crate) async fn visitor(address: SocketAddr, name: &str) -> Result<Self> {
        Self::connect(address, &format!("/ws/chat/user/{name}/")).await
    }

    pub(crate) async fn agent(address: SocketAddr, name: &str) -> Result<Self> {
        Self::connect(address, &format!("/ws/chat/admin/{name}/")).await
    }

    pub(crate) async fn send(&mut self, text: impl Into<String>) -> Result<()> {
        Ok(self.0.send(Message::text(text.into())).await?)
    }

    /// The next text.
    pub(crate) async fn text(&mut self) -> Result<Message> {
        loop {
            let message = self.0.next().await.ok_or("the server ended the connection")??;
            if message.is_text() {
                return Ok(message);
            }
            if let Some((code, reason)) = message.as_close() {
                return Err(format!("closed with {}: {reason}", u16::from(code)).into());
            }
        }
    }

    /// The next frame of a type; others are skipped.
    pub(crate) async fn frame(&mut self, kind: &str) -> Result<Value> {
        loop {
            let text = self.text().await?;
            let frame: Value = serde_json::from_slice(text.as_payload())?;
            if frame["type"] == "error" {
                return Err(format!("refused: {frame}").into());
            }
            if frame["type"] == kind {
                return Ok(frame);
            }
        }
    }
}

/// Whether a frame is of a type, without reading all of it: the generator has one CPU too.
pub(crate) fn is(message: &Message, kind: &str) -> bool {
    let head = message.as_payload();
    let head = &head[..head.len().min(40)];
    head.windows(kind.len()).any(|window| window == kind.as_bytes())
}
