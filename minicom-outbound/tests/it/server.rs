//! A server that answers every request with the same bytes, and counts who came.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    sync::mpsc,
};

/// A running server. It ends with the test's runtime.
pub struct Server {
    pub address: SocketAddr,
    connections: Arc<AtomicUsize>,
    pub heads: mpsc::UnboundedReceiver<String>,
}

impl Server {
    /// Answers each request with `answer`, and closes.
    pub async fn start(at: &str, answer: String) -> Self {
        Self::serve(TcpListener::bind(at).await.expect("a port"), answer)
    }

    /// Two on one port, at `127.0.0.2` and at `127.0.0.1`.
    pub async fn neighbours(allowed: String, inside: String) -> (Self, Self) {
        loop {
            let other = TcpListener::bind("127.0.0.2:0").await.expect("a port");
            let port = other.local_addr().expect("an address").port();
            // Somebody else may have it there.
            if let Ok(listener) = TcpListener::bind(("127.0.0.1", port)).await {
                return (Self::serve(other, allowed), Self::serve(listener, inside));
            }
        }
    }

    fn serve(listener: TcpListener, answer: String) -> Self {
        let address = listener.local_addr().expect("an address");
        let connections = Arc::new(AtomicUsize::new(0));
        let (seen, heads) = mpsc::unbounded_channel();
        let came = Arc::clone(&connections);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                came.fetch_add(1, Ordering::SeqCst);
                let (seen, answer) = (seen.clone(), answer.clone());
                tokio::spawn(async move {
                    let mut head = Vec::new();
                    while !head.ends_with(b"\r\n\r\n") {
                        let Ok(byte) = stream.read_u8().await else { return };
                        head.push(byte);
                    }
                    let _ = seen.send(String::from_utf8(head).expect("a head of text"));
                    let _ = stream.write_all(answer.as_bytes()).await;
                    let _ = stream.shutdown().await;
                });
            }
        });
        Self { address, connections, heads }
    }

    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

/// An answer with a body, after which the connection ends.
pub fn answer(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n{headers}\r\n{body}", body.len())
}
