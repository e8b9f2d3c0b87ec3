//! An echo over the very sockets that chat uses, for suites that test framing and not what is said in the frames.
//! Everything but a binary message takes the way of a chat's frame: the same handshake, limits, reading, writing and end.

use std::{future::poll_fn, time::Duration};

use futures_util::{SinkExt, StreamExt};
use http::{Request, Response};
use minicom_core::{CloseCode, Incoming, Outgoing};
use tokio::time::timeout;
use tokio_websockets::{Error, Message};

use crate::{Body, handshake, socket::Socket};

/// How long the other side may take to end it, as in chat.
const GOODBYE: Duration = Duration::from_secs(2);

/// Answers a handshake with a socket that sends back what it gets.
pub fn echo<B>(request: Request<B>) -> Response<Body> {
    handshake::echo(request.into_parts().0)
}

/// Echoes until the client or its mistake ends it.
pub(crate) async fn serve(mut socket: Socket) {
    while let Some(message) = poll_fn(|cx| socket.poll_message(cx)).await {
        let sent = match message {
            // Chat closes on one, so that its way back is none of chat's.
            Ok(message) if message.is_binary() => {
                socket.send_message(Message::binary(message.into_payload())).await
            }
            Ok(message) => match socket.receive(message) {
                Incoming::Text(text) => socket.send(Outgoing::Text(text)).await,
                Incoming::Close => break,
                _ => Ok(()),
            },
            Err(Error::PayloadTooLong { .. }) => {
                let code = CloseCode::TooBig;
                let _ = socket.send(Outgoing::Close { code, reason: code.name().into() }).await;
                break;
            }
            Err(error) => Err(error),
        };
        if sent.is_err() {
            break;
        }
    }
    let goodbye = async {
        while let Some(Ok(incoming)) = socket.next().await {
            if incoming == Incoming::Close {
                break;
            }
        }
        let _ = socket.close().await;
    };
    let _ = timeout(GOODBYE, goodbye).await;
}
