//! The client over a real WebSocket.

use std::{error::Error as StdError, fmt};

use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use minicom_core::{CloseCode, Incoming, Outgoing};
use tokio::{net::TcpStream, sync::mpsc};
use tokio_websockets::{
    ClientBuilder, CloseCode as WireCode, MaybeTlsStream, Message, WebSocketStream, upgrade::Response,
};

use super::Client;

type Stream = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// A server could not be reached, or did not open a WebSocket.
#[derive(Debug)]
pub struct ConnectError(Box<dyn StdError + Send + Sync>);

impl fmt::Display for ConnectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the WebSocket did not open")
    }
}

impl StdError for ConnectError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&*self.0)
    }
}

impl Client {
    /// Connects to `ws://127.0.0.1:8000/ws/chat/user/ann%40example.com/` or the like. `headers` go along with the
    /// handshake: a cookie, a token, an origin.
    pub async fn connect_ws(url: &str, headers: &[(&str, &str)]) -> Result<Self, ConnectError> {
        let (stream, _) = handshake(url, headers).await.map_err(ConnectError)?;
        let (sender, incoming) = mpsc::unbounded_channel();
        let (outgoing, receiver) = mpsc::channel(super::client::WINDOW);
        let served = tokio::spawn(carry(stream, incoming, outgoing));
        Ok(Self { sender: Some(sender), receiver, served })
    }
}

async fn handshake(
    url: &str,
    headers: &[(&str, &str)],
) -> Result<(Stream, Response), Box<dyn StdError + Send + Sync>> {
    let mut builder = ClientBuilder::new().uri(url)?;
    for (name, value) in headers {
        builder = builder.add_header(name.parse()?, value.parse()?)?;
    }
    Ok(builder.connect().await?)
}

/// Carries frames until either side ends.
async fn carry(
    mut stream: Stream,
    mut incoming: mpsc::UnboundedReceiver<Incoming>,
    outgoing: mpsc::Sender<Outgoing>,
) {
    loop {
        tokio::select! {
            sent = incoming.recv() => match sent {
                // Cut: the connection falls without a close frame.
                None => return,
                Some(frame) => {
                    if let Some(message) = to_message(frame)
                        && stream.send(message).await.is_err()
                    {
                        return;
                    }
                }
            },
            received = stream.next() => match received {
                Some(Ok(message)) => {
                    if let Some(frame) = from_message(message)
                        && outgoing.send(frame).await.is_err()
                    {
                        return;
                    }
                }
                Some(Err(_)) | None => return,
            },
        }
    }
}

/// What goes onto the wire. Pings are answered by the library.
fn to_message(frame: Incoming) -> Option<Message> {
    /// One byte over the server's hard limit of 1 MiB.
    const TOO_BIG: usize = (1 << 20) + 1;
    match frame {
        Incoming::Text(text) => Some(Message::text(text)),
        Incoming::Binary => Some(Message::binary(Bytes::new())),
        Incoming::TooBig => Some(Message::text(" ".repeat(TOO_BIG))),
        Incoming::Close => Some(Message::close(Some(WireCode::NORMAL_CLOSURE), "")),
        Incoming::Pong => None,
    }
}

fn from_message(message: Message) -> Option<Outgoing> {
    if message.is_text() {
        return Some(Outgoing::Text(message.into_payload().into()));
    }
    let (number, reason) = message.as_close()?;
    let code = CloseCode::ALL.iter().find(|code| code.code() == u16::from(number))?;
    Some(Outgoing::Close { code: *code, reason: reason.to_owned() })
}
