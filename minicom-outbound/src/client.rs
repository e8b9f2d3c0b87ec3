//! The client, what it sends, and what comes back.

use std::{fmt, mem, sync::Arc};

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Response};
use reqwest::{redirect, retry};
use url::Url;

use crate::{
    OutboundError, OutboundOptions, Proxy,
    error::Kind,
    reach::{Reach, Resolver},
};

/// The client. Cheap to clone; all clones share connections.
#[derive(Clone)]
pub struct Outbound {
    client: reqwest::Client,
    reach: Arc<Reach>,
    max_body: usize,
}

impl Outbound {
    /// A client that reaches what its options say.
    pub fn new(options: &OutboundOptions) -> Result<Self, OutboundError> {
        let reach = Arc::new(Reach::of(options));
        let resolver = Resolver { names: Arc::clone(&options.names), reach: Arc::clone(&reach) };
        let mut client = reqwest::Client::builder()
            .user_agent(&options.user_agent)
            .connect_timeout(options.connect_within)
            .timeout(options.whole_within)
            .pool_idle_timeout(options.idle_for)
            .dns_resolver(resolver)
            // A redirect is the other side's choice of where we go.
            .redirect(redirect::Policy::none())
            // Whether something is sent again is the caller's to say.
            .retry(retry::never());
        if options.proxy == Proxy::None {
            client = client.no_proxy();
        }
        let client = client.build().map_err(|error| Kind::Client(error.without_url()))?;
        Ok(Self { client, reach, max_body: options.max_body })
    }

    /// Reads a URL and judges it, as far as it can be without asking for its name: good for telling whoever typed it.
    pub fn check(&self, url: &str) -> Result<Url, OutboundError> {
        let url = Url::parse(url).map_err(|error| Kind::Url(error.into()))?;
        self.reach.check(&url)?;
        Ok(url)
    }

    /// Sends a request; done when the head of the answer is there. Whatever its status, it is an answer; a redirect is one too
    /// and is not followed. Dropping this, or the answer, closes the connection.
    pub async fn send(&self, request: Request) -> Result<Response<Body>, OutboundError> {
        self.reach.check(&request.url)?;
        let Request { method, url, headers, body } = request;
        let sent = self.client.request(method, url).headers(headers).body(body).send().await;
        let mut response = sent.map_err(OutboundError::sent)?;
        let left = self.max_body as u64;
        if response.content_length().is_some_and(|length| length > left) {
            return Err(Kind::TooLong.into());
        }
        let (status, headers) = (response.status(), mem::take(response.headers_mut()));
        let mut answer = Response::new(Body { response, left });
        *answer.status_mut() = status;
        *answer.headers_mut() = headers;
        Ok(answer)
    }
}

impl fmt::Debug for Outbound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outbound").field("reach", &self.reach).finish_non_exhaustive()
    }
}

/// What is sent.
#[derive(Clone)]
pub struct Request {
    method: Method,
    url: Url,
    headers: HeaderMap,
    body: Bytes,
}

impl Request {
    /// A request without headers and body.
    pub fn new(method: Method, url: Url) -> Self {
        Self { method, url, headers: HeaderMap::new(), body: Bytes::new() }
    }

    /// Sets a header.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// Sets the body.
    #[must_use]
    pub fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }
}

impl fmt::Debug for Request {
    /// Without what may be secret: headers, body, and all of the URL but where it leads.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("host", &self.url.host_str())
            .field("headers", &self.headers.len())
            .field("body", &self.body.len())
            .finish()
    }
}

/// An answer's body, as it comes in. Longer than [`OutboundOptions::max_body`] it is an error.
pub struct Body {
    response: reqwest::Response,
    left: u64,
}

impl Body {
    /// The next piece; `None`: it is all there.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, OutboundError> {
        let Some(piece) = self.response.chunk().await.map_err(OutboundError::sent)? else { return Ok(None) };
        self.left = self.left.checked_sub(piece.len() as u64).ok_or(Kind::TooLong)?;
        Ok(Some(piece))
    }

    /// All of it.
    pub async fn bytes(mut self) -> Result<Bytes, OutboundError> {
        let mut all = BytesMut::new();
        while let Some(piece) = self.chunk().await? {
            all.extend_from_slice(&piece);
        }
        Ok(all.freeze())
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Body").field("left", &self.left).finish_non_exhaustive()
    }
}
