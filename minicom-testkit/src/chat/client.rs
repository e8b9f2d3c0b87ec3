//! A client that speaks frames: to `Minicom::serve` over channels, or to whatever else is at the other end of them.

use std::{
    convert::Infallible,
    fmt::Display,
    net::IpAddr,
    pin::Pin,
    task::{Context, Poll},
};

use futures_util::{Sink, Stream};
use minicom_core::{Admission, AgentRole, Identity, Incoming, Minicom, Outgoing, ParticipantId, WorkspaceId};
use serde_json::{Value, json};
use tokio::{sync::mpsc, task::JoinHandle};
use tokio_util::sync::PollSender;

/// How many frames may lie unread before the server's writes wait, if nothing else is asked for.
pub(super) const WINDOW: usize = 4096;

/// The server's end.
struct Pipe {
    incoming: mpsc::UnboundedReceiver<Incoming>,
    outgoing: PollSender<Outgoing>,
}

impl Stream for Pipe {
    type Item = Result<Incoming, Infallible>;
    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.incoming.poll_recv(cx).map(|incoming| incoming.map(Ok))
    }
}

/// A client that is gone takes everything: what a socket of a vanished peer does for a while, too.
impl Sink<Outgoing> for Pipe {
    type Error = Infallible;
    fn poll_ready(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.outgoing.poll_reserve(cx).map(|_| Ok(()))
    }
    fn start_send(mut self: Pin<&mut Self>, item: Outgoing) -> Result<(), Infallible> {
        if !self.outgoing.is_closed() {
            let _ = self.outgoing.send_item(item);
        }
        Ok(())
    }
    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }
    fn poll_close(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }
}

/// A connected client, for tests that look at frames. Its methods panic where something else comes than they wait for.
#[derive(Debug)]
pub struct Client {
    /// `None` once the connection was cut.
    pub(super) sender: Option<mpsc::UnboundedSender<Incoming>>,
    pub(super) receiver: mpsc::Receiver<Outgoing>,
    /// What serves the connection; it ends with it.
    pub served: JoinHandle<()>,
}

impl Client {
    /// Connects in process; `window` frames may lie unread before the server's writes wait.
    pub fn connect_with(minicom: &Minicom, admission: Admission, window: usize) -> Self {
        Self::open(minicom, admission, window, None)
    }

    /// Connects in process as somebody whose address is known, and reads nothing yet.
    pub fn connect_from(minicom: &Minicom, identity: &Identity, remote: IpAddr) -> Self {
        Self::open(minicom, Admission::Known(identity.clone()), WINDOW, Some(remote))
    }

    fn open(minicom: &Minicom, admission: Admission, window: usize, remote: Option<IpAddr>) -> Self {
        let (sender, incoming) = mpsc::unbounded_channel();
        let (outgoing, receiver) = mpsc::channel(window);
        let pipe = Pipe { incoming, outgoing: PollSender::new(outgoing) };
        let minicom = minicom.clone();
        let served = tokio::spawn(async move { minicom.serve_from(pipe, admission, remote).await });
        Self { sender: Some(sender), receiver, served }
    }

    /// Connects in process as somebody, and reads nothing yet.
    pub fn connect(minicom: &Minicom, identity: &Identity) -> Self {
        Self::connect_with(minicom, Admission::Known(identity.clone()), WINDOW)
    }

    /// A visitor of the default workspace, and his history.
    ///
    /// # Panics
    ///
    /// If `email` is no participant, or something else comes first.
    pub async fn user(minicom: &Minicom, email: &str) -> (Self, Value) {
        let mut client = Self::connect(minicom, &Identity::user(WorkspaceId::default(), participant(email)));
        let history = client.frame().await;
        assert_eq!(history["type"], "history");
        (client, history)
    }

    /// An owner of the default workspace, named `dummy` as the original's agents.
    pub fn agent(minicom: &Minicom) -> Self {
        let dummy = Identity::agent(WorkspaceId::default(), participant("dummy"));
        Self::connect(minicom, &dummy.with_agent_role(AgentRole::Owner))
    }

    /// Sends a frame.
    pub fn send(&self, frame: impl Display) {
        self.raw(Incoming::Text(frame.to_string().into()));
    }

    /// Sends what is no text frame, or no JSON.
    pub fn raw(&self, incoming: Incoming) {
        if let Some(sender) = &self.sender {
            // Who is gone hears nothing; that is seen by what comes, or does not.
            let _ = sender.send(incoming);
        }
    }

    /// Cuts the connection without a word. What was sent before still arrives, what came before can still be read.
    pub fn cut(&mut self) {
        self.sender = None;
    }

    /// What comes next; pings are answered and left out. `None`: the connection has ended.
    pub async fn next(&mut self) -> Option<Outgoing> {
        loop {
            match self.receiver.recv().await? {
                Outgoing::Ping => self.raw(Incoming::Pong),
                other => return Some(other),
            }
        }
    }

    /// What comes next, pings included and not answered.
    pub async fn receive_raw(&mut self) -> Option<Outgoing> {
        self.receiver.recv().await
    }

    /// The next text frame.
    ///
    /// # Panics
    ///
    /// If the connection ends instead.
    pub async fn frame(&mut self) -> Value {
        match self.next().await {
            Some(Outgoing::Text(text)) => serde_json::from_slice(&text).expect("JSON"),
            other => panic!("a frame was expected, not {other:?}"),
        }
    }

    /// The next frame of a type; others are skipped.
    ///
    /// # Panics
    ///
    /// If the connection ends before.
    pub async fn frame_of(&mut self, kind: &str) -> Value {
        loop {
            let frame = self.frame().await;
            if frame["type"] == kind {
                return frame;
            }
        }
    }

    /// The number that the socket is closed with; what comes before it is skipped.
    ///
    /// # Panics
    ///
    /// If the connection ends without one.
    pub async fn close_code(&mut self) -> u16 {
        loop {
            match self.next().await.expect("a close frame") {
                Outgoing::Close { code, .. } => return code.code(),
                Outgoing::Text(_) | Outgoing::Ping => {}
            }
        }
    }

    /// Sends a ping and waits for its answer, to be sure that nothing of `unwanted` type came before it.
    ///
    /// # Panics
    ///
    /// If something did, or the connection ends.
    pub async fn hears_no(&mut self, unwanted: &str) {
        self.send(json!({"type": "ping", "client_id": "probe"}));
        loop {
            let frame = self.frame().await;
            assert_ne!(frame["type"], unwanted, "{frame}");
            if frame["type"] == "pong" {
                return;
            }
        }
    }
}

pub(super) fn participant(name: &str) -> ParticipantId {
    ParticipantId::new(name).expect("a participant's name")
}
