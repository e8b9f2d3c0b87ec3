#![allow(dead_code, missing_docs, reason = "each test uses its own part of this")]
//! A client for tests: speaks frames to `Minicom::serve` over channels, no socket in between.

use std::{
    convert::Infallible,
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    task::{Context, Poll},
};

use async_trait::async_trait;
use futures_core::Stream;
use futures_util::Sink;
use jiff::{Span, Timestamp};
use minicom_core::{
    Admission, Also, AppendError, Appended, Change, Clock, EventQuery, Hit, Identity, Incoming, Loaded,
    LogId, MemoryStore, Minicom, Outgoing, Page, ParticipantId, RowQuery, SearchQuery, Store, StoreError,
    StoredEvent, StoredRow, WorkspaceId,
};
use serde_json::{Value, json};
use tokio::{sync::mpsc, task::JoinHandle};
use tokio_util::sync::PollSender;

/// The server's end of a pipe.
pub struct Pipe {
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

/// A connected client.
pub struct Client {
    sender: Option<mpsc::UnboundedSender<Incoming>>,
    receiver: mpsc::Receiver<Outgoing>,
    pub served: JoinHandle<()>,
}

impl Client {
    /// Connects; `window` frames may lie unread before the server's writes wait.
    pub fn connect_with(minicom: &Minicom, admission: Admission, window: usize) -> Self {
        let (sender, incoming) = mpsc::unbounded_channel();
        let (outgoing, receiver) = mpsc::channel(window);
        let pipe = Pipe { incoming, outgoing: PollSender::new(outgoing) };
        let minicom = minicom.clone();
        let served = tokio::spawn(async move { minicom.serve(pipe, admission).await });
        Self { sender: Some(sender), receiver, served }
    }

    pub fn connect(minicom: &Minicom, identity: &Identity) -> Self {
        Self::connect_with(minicom, Admission::Known(identity.clone()), 4096)
    }

    /// A visitor, and his history.
    pub async fn user(minicom: &Minicom, email: &str) -> (Self, Value) {
        let mut client = Self::connect(minicom, &user(email));
        let history = client.frame().await;
        assert_eq!(history["type"], "history");
        (client, history)
    }

    pub fn agent(minicom: &Minicom) -> Self {
        Self::connect(minicom, &agent("dummy"))
    }

    /// Sends a frame.
    pub fn send(&self, frame: Value) {
        self.raw(Incoming::Text(frame.to_string().into()));
    }

    pub fn raw(&self, incoming: Incoming) {
        if let Some(sender) = &self.sender {
            let _ = sender.send(incoming);
        }
    }

    /// Cuts the connection without a word.
    pub fn cut(&mut self) {
        self.sender = None;
    }

    /// What comes next, pings left out.
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
    pub async fn frame(&mut self) -> Value {
        match self.next().await {
            Some(Outgoing::Text(text)) => serde_json::from_slice(&text).expect("JSON"),
            other => panic!("a frame was expected, not {other:?}"),
        }
    }

    /// The next frame of a type; others are skipped.
    pub async fn frame_of(&mut self, kind: &str) -> Value {
        loop {
            let frame = self.frame().await;
            if frame["type"] == kind {
                return frame;
            }
        }
    }

    /// The number that the socket is closed with; what comes before it is skipped.
    pub async fn close_code(&mut self) -> u16 {
        loop {
            match self.next().await.expect("a close frame") {
                Outgoing::Close { code, .. } => return code.code(),
                Outgoing::Text(_) | Outgoing::Ping => {}
            }
        }
    }

    /// Sends a request and waits for its answer, to be sure that nothing of `unwanted` type came before it.
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

pub fn id(email: &str) -> ParticipantId {
    ParticipantId::new(email).unwrap()
}

pub fn user(email: &str) -> Identity {
    Identity::user(WorkspaceId::default(), id(email))
}

pub fn agent(name: &str) -> Identity {
    Identity::agent(WorkspaceId::default(), id(name))
}

/// A clock that moves by a second whenever it is asked.
#[derive(Debug, Default)]
pub struct TestClock(Mutex<i64>);

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        let mut seconds = self.0.lock().unwrap();
        *seconds += 1;
        let start: Timestamp = "2026-01-31T09:30:00.123456Z".parse().unwrap();
        start + Span::new().seconds(*seconds)
    }
}

/// A store that counts its appends and fails on demand.
#[derive(Debug, Default)]
pub struct Shaky {
    inner: MemoryStore,
    pub appends: AtomicUsize,
    pub broken: AtomicBool,
}

impl Shaky {
    fn check(&self) -> Result<(), StoreError> {
        if self.broken.load(Ordering::SeqCst) { Err(StoreError::full("no room")) } else { Ok(()) }
    }
}

#[async_trait]
impl Store for Shaky {
    async fn load(&self, log: &LogId, also: &Also) -> Result<Option<Loaded>, StoreError> {
        self.check()?;
        self.inner.load(log, also).await
    }
    async fn append(&self, change: Change) -> Result<Appended, AppendError> {
        // Lets what else is queued come in, as a disk would.
        tokio::task::yield_now().await;
        self.check()?;
        self.appends.fetch_add(1, Ordering::SeqCst);
        self.inner.append(change).await
    }
    async fn events(&self, query: &EventQuery) -> Result<Page<StoredEvent>, StoreError> {
        self.check()?;
        tokio::task::yield_now().await;
        self.inner.events(query).await
    }
    async fn rows(&self, query: &RowQuery) -> Result<Page<StoredRow>, StoreError> {
        self.check()?;
        self.inner.rows(query).await
    }
    async fn search(&self, query: &SearchQuery) -> Result<Page<Hit>, StoreError> {
        self.check()?;
        self.inner.search(query).await
    }
}

pub fn minicom_on(store: Arc<dyn Store>) -> Minicom {
    Minicom::builder().shared_store(store).clock(TestClock::default()).build().unwrap()
}

pub fn minicom() -> Minicom {
    Minicom::builder().store(MemoryStore::new()).clock(TestClock::default()).build().unwrap()
}
