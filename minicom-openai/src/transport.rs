//! The way to the server and back, so that everything with time in it can be tested without a socket.

use std::{error::Error as StdError, fmt, time::Duration};

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::{
    StreamExt,
    stream::{self, BoxStream},
};
use reqwest::{
    Client, StatusCode, Url,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue},
    redirect, retry,
};

use crate::options::{OpenAiOptions, OptionsError};

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

/// HTTP/1.1.
pub(crate) struct Http {
    client: Client,
    endpoint: Url,
}

impl Http {
    pub(crate) fn new(options: &OpenAiOptions) -> Result<Self, OptionsError> {
        let endpoint = options.endpoint()?;
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("text/event-stream"));
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if let Some(authorization) = options.authorization()? {
            headers.insert(AUTHORIZATION, authorization);
        }
        let mut client = Client::builder()
            .default_headers(headers)
            .user_agent(concat!("minicom-openai/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(options.connect_within)
            // Shorter than servers keep them, so that a request seldom meets a connection that is about to go.
            .pool_idle_timeout(Duration::from_secs(20))
            // The words of a visitor go where the host said, and nowhere else.
            .redirect(redirect::Policy::none())
            // Repetitions are counted in one place, and that is not here.
            .retry(retry::never());
        if is_loopback(&endpoint) {
            client = client.no_proxy();
        }
        Ok(Self { client: client.build().map_err(OptionsError::client)?, endpoint })
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
        let sent = self.client.post(self.endpoint.clone()).body(body).send().await;
        let mut response = sent.map_err(broken)?;
        let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
        let body = stream::try_unfold(response, async |mut response| {
            let piece = response.chunk().await.map_err(broken)?;
            Ok(piece.map(|piece| (piece, response)))
        });
        Ok(Response { status, headers, body: body.boxed() })
    }
}

/// Without the address: its query may be somebody's secret.
fn broken(error: reqwest::Error) -> Broken {
    error.without_url().into()
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
