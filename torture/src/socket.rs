//! A client's connection, by a WebSocket library of another make than the server's.

use std::{net::SocketAddr, time::Duration};

use futures_util::{SinkExt, StreamExt};
use serde_json::Value;
use tokio::{
    io::AsyncReadExt,
    net::TcpStream,
    time::{Instant, sleep_until, timeout},
};
use tokio_tungstenite::{
    WebSocketStream, client_async_with_config,
    tungstenite::{
        Message,
        protocol::{CloseFrame, WebSocketConfig},
    },
};

/// How long the server may take none of what is sent.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long one request of a socket that jams itself may take; then it is jammed.
const JAMMED: Duration = Duration::from_millis(250);
/// How long the end of a stalled socket may take to be seen.
const DRAIN: Duration = Duration::from_secs(5);

/// Why a connection is over.
#[derive(Debug)]
pub(crate) enum Gone {
    /// As connections are lost.
    Lost,
    /// Before it began: nobody listens.
    NotAccepted,
    /// Before it began: who listens answers no handshake.
    NoHandshake,
    /// By something that may not happen.
    Refused(String),
}

impl Gone {
    /// Whether a close is one of those after which a client comes back.
    pub fn closed(close: Option<&CloseFrame>) -> Self {
        match close.map(|close| u16::from(close.code)) {
            None | Some(1012 | 4407 | 4408 | 4430) => Self::Lost,
            Some(code) => Self::Refused(format!("closed with {code}")),
        }
    }
}

pub(crate) struct Socket(WebSocketStream<TcpStream>);

impl Socket {
    pub async fn connect(address: SocketAddr, path: &str) -> Result<Self, Gone> {
        let connected = timeout(PATIENCE, TcpStream::connect(address)).await;
        let stream = connected.ok().and_then(Result::ok).ok_or(Gone::NotAccepted)?;
        let handshake = async {
            stream.set_nodelay(true).ok()?;
            let config = WebSocketConfig::default().read_buffer_size(8 << 10).write_buffer_size(0);
            let url = format!("ws://{address}{path}");
            client_async_with_config(url, stream, Some(config)).await.ok()
        };
        let (ws, _) = timeout(PATIENCE, handshake).await.ok().flatten().ok_or(Gone::NoHandshake)?;
        Ok(Self(ws))
    }

    pub async fn send(&mut self, frame: &Value) -> Result<(), Gone> {
        match timeout(PATIENCE, self.0.send(Message::text(frame.to_string()))).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(Gone::Lost),
            Err(_) => Err(Gone::Refused("the server reads no more".into())),
        }
    }

    pub async fn next(&mut self) -> Result<Message, Gone> {
        self.0.next().await.and_then(Result::ok).ok_or(Gone::Lost)
    }

    /// Makes the coming drop a reset, or leaves it an end. There is no close frame either way.
    pub fn cut(&mut self, reset: bool) {
        if reset {
            let _ = self.0.get_mut().set_zero_linger();
        }
    }

    /// Asks for more than the kernel holds and reads nothing of it. Whether the server has ended the connection since.
    pub async fn stall(&mut self, request: &Value, times: usize, until: Instant) -> bool {
        for _ in 0..times {
            let sent = timeout(JAMMED, self.0.send(Message::text(request.to_string()))).await;
            if !matches!(sent, Ok(Ok(()))) {
                break;
            }
        }
        sleep_until(until).await;
        let mut scratch = vec![0; 64 << 10];
        let stream = self.0.get_mut();
        let end = async { while stream.read(&mut scratch).await.is_ok_and(|read| read > 0) {} };
        timeout(DRAIN, end).await.is_ok()
    }
}
