//! The way to the server and back, so that everything with time in it can be tested without a socket.

use std::{error::Error as StdError, fmt};

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::{
    StreamExt,
    stream::{self, BoxStream},
};
use http::{
    HeaderMap, HeaderValue, Method, StatusCode,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE},
};
use minicom_outbound::{Outbound, OutboundOptions, Proxy, Request, Url};

use crate::options::{OpenAiOptions, OptionsError};

/// The longest stream that is read: an answer's words have a bound of their own, and each comes wrapped in a line of JSON.
const MAX_STREAM: usize = 64 << 20;

/// A connection broke, or never was.
pub(crate) type Broken = Box<dyn StdError + Send + Sync>;

/// What came back.
pub(crate) struct Response {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    /// Dropping it before its end closes the connection.
    pub(crate) body: BoxStream<'static, Result<Bytes, Broken>>,
}

/// Takes a request there.
#[async_trait]
pub(crate) trait Transport: fmt::Debug + Send + Sync + 'static {
    /// Sends a body of JSON; done when the head of the response is there.
    async fn post(&self, body: Bytes) -> Result<Response, Broken>;
}

/// HTTP/1.1. The address is the operator's own words, so it is reached wherever it is, and nothing else is: the words of a
/// visitor go where the host said.
pub(crate) struct Http {
    outbound: Outbound,
    /// With the headers, the key among them.
    request: Request,
    endpoint: Url,
}

impl Http {
    pub(crate) fn new(options: &OpenAiOptions) -> Result<Self, OptionsError> {
        let endpoint = options.endpoint()?;
        let outbound = OutboundOptions::new(concat!("minicom-openai/", env!("CARGO_PKG_VERSION")));
        let host = endpoint.host_str().unwrap_or_default();
        let mut outbound = outbound.allow_host(host).map_err(OptionsError::client)?;
        outbound.connect_within = options.connect_within;
        outbound.whole_within = options.answer_within;
        outbound.max_body = MAX_STREAM;
        if !is_loopback(&endpoint) {
            outbound.proxy = Proxy::System;
        }
        let mut request = Request::new(Method::POST, endpoint.clone())
            .header(ACCEPT, HeaderValue::from_static("text/event-stream"))
            .header(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if let Some(authorization) = options.authorization()? {
            request = request.header(AUTHORIZATION, authorization);
        }
        let outbound = Outbound::new(&outbound).map_err(OptionsError::client)?;
        Ok(Self { outbound, request, endpoint })
    }
}

/// Whether it is this machine, which no proxy can reach for us.
fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost" || host.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback())
}

#[async_trait]
impl Transport for Http {
    async fn post(&self, body: Bytes) -> Result<Response, Broken> {
        let (head, body) = self.outbound.send(self.request.clone().body(body)).await?.into_parts();
        let body = stream::try_unfold(body, async |mut body| {
            let piece = body.chunk().await?;
            Ok(piece.map(|piece| (piece, body)))
        });
        Ok(Response { status: head.status, headers: head.headers, body: body.boxed() })
    }
}

impl fmt::Debug for Http {
    /// Without the client, whose headers hold the key, and without the query.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut endpoint = self.endpoint.clone();
        endpoint.set_query(None);
        f.debug_tuple("Http").field(&endpoint.as_str()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_is_known_by_all_its_names() {
        for (url, loopback) in [
            ("http://localhost:1/", true),
            ("http://127.0.0.9/", true),
            ("http://[::1]:80/", true),
            ("http://10.0.0.1/", false),
            ("http://localhost.example/", false),
        ] {
            assert_eq!(is_loopback(&url.parse().unwrap()), loopback, "{url}");
        }
    }

    #[test]
    fn neither_key_nor_query_is_shown() {
        let mut options = OpenAiOptions::new("http://h/v1?token=s3cret", "m");
        options.api_key = Some("sk-s3cret".into());
        let shown = format!("{:?}", Http::new(&options).unwrap());
        assert_eq!(shown, r#"Http("http://h/v1/chat/completions")"#);
    }
}
