//! Clients: plain HTTP written by hand, and a WebSocket. Shared with the adapters' tests.

// Each of the tests that share this file uses a part of it.
#![allow(dead_code)]

use std::{collections::BTreeMap, net::SocketAddr, time::Duration};

use futures_util::{SinkExt, StreamExt};
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{
        self, Message,
        client::IntoClientRequest,
        handshake::client::Request,
        http::{HeaderName, HeaderValue},
    },
};

/// Nothing here takes long; whatever does has failed.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// What the server answered.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    headers: BTreeMap<String, String>,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("a text")
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }
}

/// One request on a connection of its own, and all that comes back.
pub async fn http(address: SocketAddr, method: &str, path: &str, headers: &[(&str, &str)]) -> Reply {
    let mut head = format!("{method} {path} HTTP/1.1\r\n");
    if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host")) {
        head.extend(["host: ", &address.to_string(), "\r\n"]);
    }
    if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("connection")) {
        head += "connection: close\r\n";
    }
    for (name, value) in headers {
        head.extend([name, ": ", value, "\r\n"]);
    }
    let mut stream = TcpStream::connect(address).await.expect("a server");
    stream.write_all(format!("{head}\r\n").as_bytes()).await.expect("a request");
    let all = timeout(PATIENCE, read_reply(&mut stream)).await.expect("a reply in time");
    parse(&all)
}

/// One request with a body, and all that comes back.
pub async fn post(address: SocketAddr, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Reply {
    let mut head = format!(
        "POST {path} HTTP/1.1\r\nhost: {address}\r\ncontent-length: {}\r\nconnection: close\r\n",
        body.len()
    );
    for (name, value) in headers {
        head.extend([name, ": ", value, "\r\n"]);
    }
    raw(address, &[format!("{head}\r\n").as_bytes(), body].concat()).await
}

/// These very bytes, and all that comes back.
pub async fn raw(address: SocketAddr, request: &[u8]) -> Reply {
    let mut stream = TcpStream::connect(address).await.expect("a server");
    stream.write_all(request).await.expect("a request");
    let all = timeout(PATIENCE, read_reply(&mut stream)).await.expect("a reply in time");
    parse(&all)
}

/// Reads to the end, or as far as an answer with a length goes.
async fn read_reply(stream: &mut TcpStream) -> Vec<u8> {
    let mut all = Vec::new();
    loop {
        let mut chunk = [0; 4096];
        let read = stream.read(&mut chunk).await.unwrap_or(0);
        all.extend_from_slice(&chunk[..read]);
        let head = all.windows(4).position(|end| end == b"\r\n\r\n").map(|at| at + 4);
        let complete = head.is_some_and(|head| {
            let text = String::from_utf8_lossy(&all[..head]).to_ascii_lowercase();
            let length =
                text.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
            text.starts_with("http/1.1 101") || length.is_some_and(|length| all.len() >= head + length)
        });
        if read == 0 || complete {
            return all;
        }
    }
}

fn parse(all: &[u8]) -> Reply {
    let end = all.windows(4).position(|end| end == b"\r\n\r\n").expect("a head");
    let head = std::str::from_utf8(&all[..end]).expect("a head of text");
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).expect("a status");
    let headers = lines.map(|line| {
        let (name, value) = line.split_once(": ").expect("a header");
        (name.to_ascii_lowercase(), value.to_owned())
    });
    Reply {
        status: status.parse().expect("a number"),
        headers: headers.collect(),
        body: all[end + 4..].to_vec(),
    }
}

/// A WebSocket.
pub struct Client {
    ws: WebSocketStream<TcpStream>,
}

impl Client {
    /// Connects, or says with which status it was not let in.
    pub async fn try_connect(address: SocketAddr, path: &str, headers: &[(&str, &str)]) -> Result<Self, u16> {
        let mut request: Request = format!("ws://{address}{path}").into_client_request().expect("a path");
        for (name, value) in headers {
            let name = HeaderName::try_from(*name).expect("a name");
            request.headers_mut().insert(name, HeaderValue::from_str(value).expect("a value"));
        }
        let stream = TcpStream::connect(address).await.expect("a server");
        match timeout(PATIENCE, client_async(request, stream)).await.expect("a handshake in time") {
            Ok((ws, _)) => Ok(Self { ws }),
            Err(tungstenite::Error::Http(response)) => Err(response.status().as_u16()),
            Err(error) => panic!("{path}: {error}"),
        }
    }

    pub async fn connect(address: SocketAddr, path: &str) -> Self {
        Self::connect_with(address, path, &[]).await
    }

    pub async fn connect_with(address: SocketAddr, path: &str, headers: &[(&str, &str)]) -> Self {
        Self::try_connect(address, path, headers).await.expect(path)
    }

    /// Sends a frame of the protocol.
    pub async fn send(&mut self, frame: Value) {
        self.send_raw(Message::text(frame.to_string())).await;
    }

    /// Sends any frame. A server that has closed already may not take it.
    pub async fn send_raw(&mut self, message: Message) {
        let _ = timeout(PATIENCE, self.ws.send(message)).await.expect("a server that reads");
    }

    async fn message(&mut self) -> Option<Message> {
        match timeout(PATIENCE, self.ws.next()).await.expect("a frame in time") {
            Some(Ok(message)) => Some(message),
            Some(Err(tungstenite::Error::ConnectionClosed)) | None => None,
            Some(Err(error)) => panic!("{error}"),
        }
    }

    /// The next frame of the protocol.
    pub async fn next(&mut self) -> Value {
        loop {
            match self.message().await {
                Some(Message::Text(text)) => return serde_json::from_str(&text).expect("JSON"),
                Some(Message::Ping(_) | Message::Pong(_)) => {}
                other => panic!("no text: {other:?}"),
            }
        }
    }

    /// The next frame of the protocol; `None`: the connection has ended, however.
    pub async fn try_next(&mut self) -> Option<Value> {
        loop {
            match timeout(PATIENCE, self.ws.next()).await.expect("a frame in time")?.ok()? {
                Message::Text(text) => return serde_json::from_str(&text).ok(),
                Message::Ping(_) | Message::Pong(_) => {}
                _ => return None,
            }
        }
    }

    /// The next frame, which must be of this type.
    pub async fn expect(&mut self, kind: &str) -> Value {
        let frame = self.next().await;
        assert_eq!(frame["type"], kind, "{frame}");
        frame
    }

    /// The next frames, which must be of these types, in whatever order.
    pub async fn expect_all<const N: usize>(&mut self, mut kinds: [&str; N]) -> BTreeMap<String, Value> {
        let mut frames = BTreeMap::new();
        for _ in kinds {
            let frame = self.next().await;
            frames.insert(frame["type"].as_str().expect("a type").to_owned(), frame);
        }
        kinds.sort_unstable();
        assert!(frames.keys().eq(kinds.iter()), "{frames:?}");
        frames
    }

    /// Waits for so many pings, which are answered as they are read.
    pub async fn pinged(&mut self, times: usize) {
        for _ in 0..times {
            while !matches!(self.message().await.expect("a ping"), Message::Ping(_)) {}
        }
    }

    /// Nothing came before the answer to this.
    pub async fn expect_silence(&mut self) {
        self.send(serde_json::json!({"type": "ping", "client_id": "silence"})).await;
        let pong = self.expect("pong").await;
        assert_eq!(pong["client_id"], "silence");
    }

    /// Waits for the close frame, and for the end of the connection. What comes before is let pass.
    pub async fn closed(&mut self) -> (u16, String) {
        let mut close = None;
        while let Some(message) = self.message().await {
            if let Message::Close(frame) = message {
                close = frame;
            }
        }
        let close = close.expect("a close frame with a code");
        (close.code.into(), close.reason.to_string())
    }

    pub async fn close(&mut self) {
        let _ = self.ws.close(None).await;
    }

    /// The connection underneath.
    pub fn stream(&mut self) -> &mut TcpStream {
        self.ws.get_mut()
    }
}
