//! A request's body, whole and bounded in bytes and in time.

use std::{error::Error as StdError, future::poll_fn, pin::pin, time::Duration};

use bytes::{Buf, BufMut, Bytes, BytesMut};
use http::{Response, StatusCode, header::CONTENT_LENGTH, request::Parts};
use http_body::Body as IncomingBody;

use crate::{Body, reply};

/// The longest body, in bytes: a name, an email, a token and a password fit many times.
const LONGEST: usize = 8 * 1024;
/// How long it may take to come.
const WITHIN: Duration = Duration::from_secs(10);

/// Why there is no body.
#[derive(Debug)]
pub(super) enum Problem {
    TooLarge,
    TooSlow,
    /// The client went away, or does not keep to HTTP.
    Broken,
}

impl Problem {
    pub fn response(self) -> Response<Body> {
        let (status, code, message) = match self {
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "too_large", "a body has at most 8192 bytes"),
            Self::TooSlow => (StatusCode::REQUEST_TIMEOUT, "bad_request", "the body did not come in time"),
            Self::Broken => (StatusCode::BAD_REQUEST, "bad_request", "the body is not whole"),
        };
        reply::problem(status, code, message)
    }
}

/// Reads all of it. One that says that it is too long is not read at all.
pub(super) async fn read<B>(parts: &Parts, body: B) -> Result<Bytes, Problem>
where
    B: IncomingBody,
    B::Error: StdError,
{
    let said = parts.headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    if said.is_some_and(|said: u64| said > LONGEST as u64) {
        return Err(Problem::TooLarge);
    }
    tokio::time::timeout(WITHIN, collect(body)).await.unwrap_or(Err(Problem::TooSlow))
}

async fn collect<B>(body: B) -> Result<Bytes, Problem>
where
    B: IncomingBody,
    B::Error: StdError,
{
    let mut body = pin!(body);
    let mut all = BytesMut::new();
    while let Some(frame) = poll_fn(|cx| body.as_mut().poll_frame(cx)).await {
        let frame = frame.map_err(|error| {
            tracing::debug!(%error, "a request's body broke off");
            Problem::Broken
        })?;
        // Trailers say nothing here.
        let Ok(data) = frame.into_data() else { continue };
        if data.remaining() > LONGEST - all.len() {
            return Err(Problem::TooLarge);
        }
        all.put(data);
    }
    Ok(all.freeze())
}

#[cfg(test)]
mod tests {
    use std::{
        collections::VecDeque,
        pin::Pin,
        task::{Context, Poll},
    };

    use http_body::Frame;

    use super::*;

    /// Comes in pieces; after the last one it ends, breaks off, or never ends.
    struct Pieces(VecDeque<usize>, End);

    #[derive(Clone, Copy)]
    enum End {
        Whole,
        Broken,
        Never,
    }

    impl IncomingBody for Pieces {
        type Data = Bytes;
        type Error = std::io::Error;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
            match (self.0.pop_front(), self.1) {
                (Some(length), _) => Poll::Ready(Some(Ok(Frame::data(Bytes::from(vec![b'x'; length]))))),
                (None, End::Whole) => Poll::Ready(None),
                (None, End::Broken) => Poll::Ready(Some(Err(std::io::Error::other("gone")))),
                (None, End::Never) => Poll::Pending,
            }
        }
    }

    async fn outcome(said: Option<&str>, pieces: &[usize], end: End) -> Result<usize, u16> {
        let mut request = http::Request::post("/api/login");
        if let Some(said) = said {
            request = request.header("content-length", said);
        }
        let parts = request.body(()).expect("a request").into_parts().0;
        let read = read(&parts, Pieces(pieces.iter().copied().collect(), end)).await;
        read.map(|bytes| bytes.len()).map_err(|problem| problem.response().status().as_u16())
    }

    #[tokio::test(start_paused = true)]
    async fn bounded_in_bytes_and_in_time() {
        assert_eq!(outcome(None, &[], End::Whole).await, Ok(0));
        assert_eq!(outcome(Some("3"), &[1, 0, 2], End::Whole).await, Ok(3));
        assert_eq!(outcome(Some("8192"), &[8000, 192], End::Whole).await, Ok(8192));
        assert_eq!(outcome(None, &[8192, 1], End::Never).await, Err(413));
        assert_eq!(outcome(Some("8193"), &[], End::Never).await, Err(413), "not even waited for");
        assert_eq!(outcome(None, &[100], End::Broken).await, Err(400));
        assert_eq!(outcome(Some("200"), &[100], End::Never).await, Err(408));
    }
}
