//! The WebSocket layer, the only file that knows the library: frames of an upgraded connection as core's
//! [`Incoming`] and [`Outgoing`].

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use futures_core::Stream;
use futures_util::{Sink, SinkExt, StreamExt};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use minicom_core::{Incoming, Outgoing};
use tokio::io::{AsyncRead, ReadBuf};
use tokio_websockets::{CloseCode, Config, Error, Limits, Message, ServerBuilder, WebSocketStream};

/// The longest message that is read at all; core answers those over its own, smaller limit.
const MAX_PAYLOAD: usize = 1 << 20;
/// What waits beyond this is written before more is taken.
const FLUSH_ABOVE: usize = 8 << 10;
/// Longer than anything that core sends, so that nothing is split.
const FRAME_SIZE: usize = 4 << 20;
/// A payload over this has made the read buffer grow beyond what it starts with.
const LARGE: usize = 4 << 10;
/// How much of what a client still sends is read away at the end, at most.
const MAX_DRAINED: usize = 4 << 20;

/// An upgraded connection.
pub(crate) struct Socket {
    ws: WebSocketStream<TokioIo<Upgraded>>,
    /// A large payload is a slice of the read buffer. While somebody holds it the library cannot fall back on that
    /// buffer and takes a fresh, small one, so it is held until the library has asked for more; then both are free.
    held: Option<Bytes>,
    /// A pong was queued: it leaves before more is read, else a client that pings and never reads fills our memory.
    pong_queued: bool,
    /// Whether our half is shut down.
    shut: bool,
    /// How many bytes may still be read away after that. Unread bytes would turn the end into a reset, which can destroy
    /// our close frame on its way. After the client's close frame nothing comes.
    drain: usize,
}

impl Socket {
    pub(crate) fn new(upgraded: Upgraded) -> Self {
        let config = Config::default().flush_threshold(FLUSH_ABOVE).frame_size(FRAME_SIZE);
        let limits = Limits::default().max_payload_len(Some(MAX_PAYLOAD));
        let ws = ServerBuilder::new().config(config).limits(limits).serve(TokioIo::new(upgraded));
        Self { ws, held: None, pong_queued: false, shut: false, drain: MAX_DRAINED }
    }

    /// The next message but pings, which the library answers. Over the limit is an error of this socket alone:
    /// [`Error::PayloadTooLong`].
    pub(crate) fn poll_message(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Message, Error>>> {
        loop {
            if self.pong_queued {
                ready!(self.ws.poll_flush_unpin(cx))?;
                self.pong_queued = false;
            }
            let Poll::Ready(message) = self.ws.poll_next_unpin(cx) else {
                self.held = None;
                return Poll::Pending;
            };
            match message {
                Some(Ok(ping)) if ping.is_ping() => self.pong_queued = true,
                message => return Poll::Ready(message),
            }
        }
    }

    /// Sends what core has no word for.
    #[cfg(feature = "conformance")]
    pub(crate) async fn send_message(&mut self, message: Message) -> Result<(), Error> {
        self.ws.send(message).await
    }

    /// What a message is to core.
    pub(crate) fn receive(&mut self, message: Message) -> Incoming {
        if message.is_text() {
            let text = Bytes::from(message.into_payload());
            if text.len() > LARGE {
                self.held = Some(text.clone());
            }
            Incoming::Text(text)
        } else if message.is_binary() {
            Incoming::Binary
        } else if message.is_close() {
            self.drain = 0;
            Incoming::Close
        } else {
            Incoming::Pong
        }
    }
}

impl Stream for Socket {
    type Item = Result<Incoming, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let incoming = match ready!(self.poll_message(cx)) {
            Some(Ok(message)) => Some(Ok(self.receive(message))),
            Some(Err(Error::PayloadTooLong { .. })) => Some(Ok(Incoming::TooBig)),
            Some(Err(error)) => Some(Err(error)),
            None => None,
        };
        Poll::Ready(incoming)
    }
}

impl Sink<Outgoing> for Socket {
    type Error = Error;

    fn poll_ready(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.ws.poll_ready_unpin(cx)
    }

    fn start_send(mut self: Pin<&mut Self>, outgoing: Outgoing) -> Result<(), Error> {
        match outgoing {
            Outgoing::Text(text) => self.ws.start_send_unpin(Message::text(text)),
            Outgoing::Ping => self.ws.start_send_unpin(Message::ping(Bytes::new())),
            Outgoing::Close { code, reason } => {
                let code = CloseCode::try_from(code.code()).ok();
                match self.ws.start_send_unpin(Message::close(code, &reason)) {
                    // After a frame that was too long the library has queued a close frame of its own.
                    Err(Error::AlreadyClosed) => Ok(()),
                    sent => sent,
                }
            }
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.ws.poll_flush_unpin(cx)
    }

    /// Flushes, waits for the client's close frame, shuts our half down, and without such a frame reads until the client has
    /// done the same. It has no limit in time: core sets one.
    fn poll_close(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        if !self.shut {
            ready!(self.ws.poll_close_unpin(cx))?;
            self.shut = true;
        }
        let mut scratch = [0; 4096];
        while self.drain > 0 {
            let mut buffer = ReadBuf::new(&mut scratch);
            ready!(Pin::new(self.ws.get_mut()).poll_read(cx, &mut buffer)).map_err(Error::Io)?;
            let got = buffer.filled().len();
            self.drain = if got == 0 { 0 } else { self.drain.saturating_sub(got) };
        }
        Poll::Ready(Ok(()))
    }
}
