//! A server by hand: what it sends is what a test says, byte by byte.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::mpsc,
};

/// What is done on a connection, for each request.
#[derive(Debug, Clone)]
pub enum Act {
    /// These bytes, and the connection stays open for the next request.
    Send(Vec<u8>),
    /// These bytes, and it is closed.
    SendAndClose(Vec<u8>),
    /// These bytes, and then nothing, until the other side closes.
    SendAndHang(Vec<u8>),
}

/// A request, as it came.
#[derive(Debug, Clone)]
pub struct Request {
    pub head: String,
    pub body: serde_json::Value,
}

/// It lives as long as the runtime.
pub struct Server {
    pub base_url: String,
    requests: mpsc::UnboundedReceiver<Request>,
    closed: mpsc::UnboundedReceiver<()>,
    connections: Arc<AtomicUsize>,
}

impl Server {
    /// A server that answers each request as `act` says, which is told its number, from 0.
    pub async fn start(act: impl Fn(usize, &Request) -> Act + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_url = format!("http://{}/v1", listener.local_addr().unwrap());
        let (seen, requests) = mpsc::unbounded_channel();
        let (gone, closed) = mpsc::unbounded_channel();
        let (act, number, connections) =
            (Arc::new(act), Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let counted = connections.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                counted.fetch_add(1, Ordering::SeqCst);
                let (act, number, seen, gone) = (act.clone(), number.clone(), seen.clone(), gone.clone());
                tokio::spawn(async move {
                    serve(stream, &*act, &number, &seen).await;
                    let _ = gone.send(());
                });
            }
        });
        Self { base_url, requests, closed, connections }
    }

    pub async fn request(&mut self) -> Request {
        self.requests.recv().await.expect("the server runs")
    }

    /// Waits until a connection has been closed by the other side, or after an act that closes it.
    pub async fn connection_closed(&mut self) {
        self.closed.recv().await.expect("the server runs");
    }

    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

async fn serve(
    mut stream: TcpStream,
    act: &(impl Fn(usize, &Request) -> Act + Send + Sync),
    number: &AtomicUsize,
    seen: &mpsc::UnboundedSender<Request>,
) {
    let mut buffer = Vec::new();
    while let Some(request) = read(&mut stream, &mut buffer).await {
        let act = act(number.fetch_add(1, Ordering::SeqCst), &request);
        let _ = seen.send(request);
        let (Act::Send(bytes) | Act::SendAndClose(bytes) | Act::SendAndHang(bytes)) = &act;
        if stream.write_all(bytes).await.is_err() {
            return;
        }
        match act {
            Act::Send(_) => {}
            Act::SendAndClose(_) => return drop(stream.shutdown().await),
            Act::SendAndHang(_) => {
                while matches!(stream.read(&mut [0; 64]).await, Ok(1..)) {}
                return;
            }
        }
    }
}

/// `None` if the other side closes.
async fn read(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<Request> {
    let end = loop {
        match buffer.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
            Some(end) => break end + 4,
            None => more(stream, buffer).await?,
        }
    };
    let head = String::from_utf8(buffer.drain(..end).collect()).unwrap();
    let length =
        head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
    let length: usize = length.expect("a body of a known length");
    while buffer.len() < length {
        more(stream, buffer).await?;
    }
    let body: Vec<u8> = buffer.drain(..length).collect();
    Some(Request { head, body: serde_json::from_slice(&body).unwrap() })
}

async fn more(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<()> {
    (stream.read_buf(buffer).await.ok()? > 0).then_some(())
}

/// The head of a stream, and these pieces, each a chunk of its own; open at the end.
pub fn open_stream(pieces: &[impl AsRef<[u8]>]) -> Vec<u8> {
    let mut bytes =
        b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
    for piece in pieces {
        let piece = piece.as_ref();
        bytes.extend(format!("{:x}\r\n", piece.len()).bytes());
        bytes.extend(piece);
        bytes.extend(b"\r\n");
    }
    bytes
}

/// The same, ended as it should be.
pub fn whole_stream(pieces: &[impl AsRef<[u8]>]) -> Vec<u8> {
    [open_stream(pieces), b"0\r\n\r\n".to_vec()].concat()
}

/// An event with words.
pub fn word(text: &str) -> String {
    let chunk =
        serde_json::json!({"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": null}]});
    format!("data: {chunk}\n\n")
}

/// The end of an answer.
pub const DONE: &str =
    "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";

/// An answer of these words.
pub fn says(text: &str) -> Vec<u8> {
    let mut pieces: Vec<String> = text.split_inclusive(' ').map(word).collect();
    pieces.push(DONE.to_owned());
    whole_stream(&pieces)
}

/// A response with a body of JSON.
pub fn refuses(status: &str, headers: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n{headers}\r\n{body}")
        .into_bytes()
}
