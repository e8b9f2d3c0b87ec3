//! HTTP/1.1 by hand, byte for byte, so that a case can send what no client library would.

use std::{collections::BTreeMap, net::SocketAddr};

use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
    time::timeout,
};

use super::{
    kit::{Header, PATIENCE},
    socket::Socket,
};

/// What the server answered.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("a text")
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }
}

/// A connection.
pub(crate) struct Line {
    address: SocketAddr,
    stream: BufReader<TcpStream>,
}

impl Line {
    pub(crate) async fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.expect("a server");
        Self { address, stream: BufReader::new(stream) }
    }

    /// A request's head, with a `Host`.
    pub(crate) fn head(&self, method: &str, target: &str, headers: &[Header<'_>]) -> String {
        let mut first = format!("{method} {target} HTTP/1.1\r\n");
        if !headers.iter().any(|(name, _)| *name == "host") {
            first.extend(["host: ", &self.address.to_string(), "\r\n"]);
        }
        let lines = headers.iter().flat_map(|(name, value)| [name, ": ", value, "\r\n"]);
        first + &lines.collect::<String>() + "\r\n"
    }

    /// Sends bytes. A server that has answered already may not take all of them.
    pub(crate) async fn send(&mut self, bytes: &[u8]) {
        let _ = timeout(PATIENCE, self.stream.write_all(bytes)).await.expect("a server that reads");
    }

    /// One request without a body, and its answer.
    pub(crate) async fn ask(&mut self, method: &str, target: &str, headers: &[Header<'_>]) -> Reply {
        let head = self.head(method, target, headers);
        self.send(head.as_bytes()).await;
        self.reply(method).await
    }

    /// The next answer. All of ours have a length.
    pub(crate) async fn reply(&mut self, method: &str) -> Reply {
        timeout(PATIENCE, self.read_reply(method)).await.expect("an answer in time")
    }

    /// The status of the next answer alone; 0: the connection ended instead.
    pub(crate) async fn status(&mut self) -> u16 {
        let mut line = Vec::new();
        let read = timeout(PATIENCE, self.stream.read_until(b'\n', &mut line)).await;
        // A reset is an end too: it comes where the server left unread what was sent.
        read.expect("an answer or an end in time").unwrap_or_default();
        let line = String::from_utf8_lossy(&line);
        line.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0)
    }

    /// The next frame after an answer of 101: its first byte and what it brings.
    pub(crate) async fn frame(&mut self) -> (u8, Vec<u8>) {
        timeout(PATIENCE, self.read_frame()).await.expect("a frame in time").expect("a whole frame")
    }

    async fn read_frame(&mut self) -> std::io::Result<(u8, Vec<u8>)> {
        let first = self.stream.read_u8().await?;
        let length = match self.stream.read_u8().await? {
            126 => usize::from(self.stream.read_u16().await?),
            length => usize::from(length),
        };
        let mut payload = vec![0; length];
        self.stream.read_exact(&mut payload).await?;
        Ok((first, payload))
    }

    /// Goes on as a WebSocket, after an answer of 101.
    pub(crate) async fn into_socket(self) -> Socket {
        let read = self.stream.buffer().to_vec();
        Socket::after_handshake(self.stream.into_inner(), read).await
    }

    async fn read_reply(&mut self, method: &str) -> Reply {
        let first = self.read_line().await;
        let status = first.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        let mut headers = BTreeMap::new();
        loop {
            let line = self.read_line().await;
            let Some((name, value)) = line.split_once(':') else { break };
            headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
        }
        let bodiless = method == "HEAD" || status < 200 || matches!(status, 204 | 304);
        let length = headers.get("content-length").map(|length| length.parse().expect("a number"));
        let length = if bodiless { 0 } else { length.expect("a length") };
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).await.expect("the whole body");
        Reply { status, headers, body }
    }

    async fn read_line(&mut self) -> String {
        let mut line = String::new();
        self.stream.read_line(&mut line).await.expect("a line of text");
        line.trim_end().to_owned()
    }
}
