//! A WebSocket client of another make than the server.

use std::{net::SocketAddr, time::Duration};

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{
        Error, Message,
        client::IntoClientRequest,
        http::{HeaderName, HeaderValue},
        protocol::{
            Role,
            frame::{
                Frame,
                coding::{Data, OpCode},
            },
        },
    },
};

use super::kit::Header;

/// Nothing here takes long; whatever does has failed.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// A client's end.
pub(crate) struct Socket {
    ws: WebSocketStream<TcpStream>,
}

impl Socket {
    /// Connects, or says with which status it was not let in.
    pub(crate) async fn open(address: SocketAddr, path: &str, headers: &[Header<'_>]) -> Result<Self, u16> {
        let mut request = format!("ws://{address}{path}").into_client_request().expect("a path");
        for (name, value) in headers {
            let name = HeaderName::try_from(*name).expect("a header's name");
            request.headers_mut().insert(name, HeaderValue::from_str(value).expect("a header's value"));
        }
        let stream = TcpStream::connect(address).await.expect("a server");
        match timeout(PATIENCE, client_async(request, stream)).await.expect("a handshake in time") {
            Ok((ws, _)) => Ok(Self { ws }),
            Err(Error::Http(response)) => Err(response.status().as_u16()),
            Err(error) => panic!("{path}: {error}"),
        }
    }

    /// Goes on with a connection whose handshake somebody else made; `read` came with its answer.
    pub(crate) async fn after_handshake(stream: TcpStream, read: Vec<u8>) -> Self {
        Self { ws: WebSocketStream::from_partially_read(stream, read, Role::Client, None).await }
    }

    /// Sends a frame of the protocol.
    pub(crate) async fn send(&mut self, frame: Value) {
        self.send_raw(Message::text(frame.to_string())).await;
    }

    /// Sends any message. A server that has closed already may not take it.
    pub(crate) async fn send_raw(&mut self, message: Message) {
        let _ = timeout(PATIENCE, self.ws.send(message)).await.expect("a server that reads");
    }

    /// Sends one piece of a text.
    pub(crate) async fn send_piece(&mut self, bytes: &[u8], first: bool, last: bool) {
        let opcode = OpCode::Data(if first { Data::Text } else { Data::Continue });
        self.send_raw(Message::Frame(Frame::message(bytes.to_vec(), opcode, last))).await;
    }

    /// What comes next. `None`: the connection has ended.
    pub(crate) async fn message(&mut self) -> Option<Message> {
        match timeout(PATIENCE, self.ws.next()).await.expect("a frame in time") {
            Some(Ok(message)) => Some(message),
            Some(Err(Error::ConnectionClosed)) | None => None,
            Some(Err(error)) => panic!("{error}"),
        }
    }

    /// The next frame of the protocol.
    pub(crate) async fn next(&mut self) -> Value {
        loop {
            match self.message().await {
                Some(Message::Text(text)) => return serde_json::from_str(&text).expect("JSON"),
                Some(Message::Ping(_) | Message::Pong(_)) => {}
                other => panic!("a text was expected, not {other:?}"),
            }
        }
    }

    /// The next frame, which must be of this type.
    pub(crate) async fn expect(&mut self, kind: &str) -> Value {
        let frame = self.next().await;
        assert_eq!(frame["type"], kind, "{frame}");
        frame
    }

    /// The words of the next frame, which must be a message.
    pub(crate) async fn words(&mut self) -> String {
        let frame = self.expect("message").await;
        frame["message"]["content"].as_str().expect("a text").to_owned()
    }

    /// The server answers, and has said nothing else meanwhile.
    pub(crate) async fn is_alive_and_silent(&mut self) {
        self.send(json!({"type": "ping", "client_id": "alive"})).await;
        assert_eq!(self.expect("pong").await["client_id"], "alive");
    }

    /// The code of the close frame, after which the connection ends. What comes before is let pass.
    pub(crate) async fn closed(&mut self) -> u16 {
        self.closed_with().await.0
    }

    /// As [`closed`](Self::closed), and the reason.
    pub(crate) async fn closed_with(&mut self) -> (u16, String) {
        let mut end = None;
        while let Some(message) = self.message().await {
            if let Message::Close(close) = message {
                end = close.map(|close| (close.code.into(), close.reason.to_string()));
            }
        }
        end.expect("a close frame with a code")
    }

    /// Whether a visitor is let in: his history comes first, or a close frame.
    pub(crate) async fn opens(&mut self) -> bool {
        self.refused_with().await.is_none()
    }

    /// The code of the close frame that comes first; `None`: his history does.
    pub(crate) async fn refused_with(&mut self) -> Option<u16> {
        match self.message().await {
            Some(Message::Text(_)) => None,
            Some(Message::Close(Some(close))) => Some(close.code.into()),
            other => panic!("a history or a close frame was expected, not {other:?}"),
        }
    }

    /// Asks for a conversation as an agent, and waits for it.
    pub(crate) async fn watch(&mut self, email: &str) -> Value {
        self.send(json!({"type": "get_conversation", "email": email})).await;
        self.expect("conversation").await
    }

    /// The connection underneath.
    pub(crate) fn stream(&mut self) -> &mut TcpStream {
        self.ws.get_mut()
    }

    /// Ends the connection with a reset, as a machine does that lost its power.
    pub(crate) fn reset(mut self) {
        self.stream().set_zero_linger().expect("a socket's option");
    }
}
