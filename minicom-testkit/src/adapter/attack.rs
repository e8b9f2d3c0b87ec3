//! Attacks as rows of tables: what is sent, and what must come of it.

use super::{
    http::{Line, Reply},
    kit::{Header, Server},
};

/// Stands for the server's own origin in a header's value.
pub(crate) const OWN: &str = "{own}";
/// Leaves out the header that a handshake would otherwise have.
pub(crate) const NONE: &str = "{none}";

/// What becomes of a handshake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Opens {
    /// A visitor is in, and his history has come.
    In,
    /// It waits for a first frame `auth`, and closes with 4501 at any other.
    Asks,
    /// It is opened and closed at once with this code.
    Closed(u16),
    /// It is not opened.
    Status(u16),
}

/// A handshake.
#[derive(Debug)]
pub(crate) struct Handshake {
    pub(crate) what: &'static str,
    pub(crate) path: &'static str,
    /// Besides those of RFC 6455, or in their place.
    pub(crate) headers: &'static [Header<'static>],
    pub(crate) opens: Opens,
}

/// A request.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) what: &'static str,
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    pub(crate) headers: &'static [Header<'static>],
    pub(crate) status: u16,
}

/// A request as bytes, in which `{host}` is the server's address.
#[derive(Debug)]
pub(crate) struct Raw {
    pub(crate) what: &'static str,
    pub(crate) bytes: &'static str,
    /// Any of these. Servers differ in how they refuse, and none may let it pass.
    pub(crate) statuses: &'static [u16],
}

/// Bytes on an open socket.
#[derive(Debug)]
pub(crate) struct Frame {
    pub(crate) what: &'static str,
    pub(crate) bytes: &'static [u8],
    pub(crate) closes: u16,
}

/// What every handshake has.
const HANDSHAKE: [Header<'_>; 4] = [
    ("upgrade", "websocket"),
    ("connection", "Upgrade"),
    ("sec-websocket-version", "13"),
    ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
];

/// A text of the protocol under a mask of zeros.
const HASTE: &[u8] = b"\x81\xa1\0\0\0\0{\"type\":\"message\",\"message\":\"hi\"}";

impl Handshake {
    /// Tries it, and says what came of it. Nothing that it offers besides may be taken up.
    pub(crate) async fn tried(&self, server: &Server) -> Opens {
        let given = self.headers.iter().map(|(name, _)| *name).collect::<Vec<_>>();
        let usual = HANDSHAKE.iter().filter(|(name, _)| !given.contains(name));
        let headers: Vec<_> =
            usual.chain(self.headers.iter().filter(|(_, value)| *value != NONE)).copied().collect();
        let mut line = Line::open(server.address).await;
        let reply = ask(&mut line, server, "GET", self.path, &headers).await;
        if reply.status != 101 {
            return Opens::Status(reply.status);
        }
        for name in ["sec-websocket-extensions", "sec-websocket-protocol", "access-control-allow-origin"] {
            assert_eq!(reply.header(name), None, "{}: {name} in the answer", self.what);
        }
        if self.opens == Opens::Asks {
            line.send(HASTE).await;
        }
        match line.frame().await {
            (0x81, text) => {
                let text = String::from_utf8(text).expect("a text");
                assert!(text.contains(r#""type":"history""#), "{}: {text}", self.what);
                Opens::In
            }
            (0x88, close) => match u16::from_be_bytes([close[0], close[1]]) {
                4501 if self.opens == Opens::Asks => Opens::Asks,
                code => Opens::Closed(code),
            },
            other => panic!("{}: {other:?}", self.what),
        }
    }
}

impl Request {
    pub(crate) async fn tried(&self, server: &Server) -> Reply {
        let mut line = Line::open(server.address).await;
        ask(&mut line, server, self.method, self.path, self.headers).await
    }
}

async fn ask(line: &mut Line, server: &Server, method: &str, path: &str, headers: &[Header<'_>]) -> Reply {
    let own = format!("http://{}", server.address);
    let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.replace(OWN, &own))).collect();
    let headers: Vec<Header<'_>> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    line.ask(method, path, &headers).await
}

impl Raw {
    /// The status of the first answer; 0: the connection ended without one.
    pub(crate) async fn tried(&self, server: &Server) -> u16 {
        let mut line = Line::open(server.address).await;
        line.send(self.bytes.replace("{host}", &server.address.to_string()).as_bytes()).await;
        line.status().await
    }
}
