//! Bounds, and what is shown.

use std::{error::Error as StdError, time::Duration};

use http::{HeaderValue, Method, header::AUTHORIZATION};
use minicom_outbound::{Outbound, OutboundOptions, Request};

use crate::{
    get,
    server::{Server, answer},
    strict,
};

fn local() -> OutboundOptions {
    strict().allow_host("127.0.0.1").expect("a host")
}

#[tokio::test]
async fn an_answer_that_is_too_long_is_cut() {
    let chunked =
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n6\r\n123456\r\n6\r\n789012\r\n0\r\n\r\n";
    for (bytes, fits) in [
        (answer("200 OK", "", "1234567890"), true),
        (answer("200 OK", "", "12345678901"), false),
        (chunked.to_owned(), false),
        // Without a length it lasts until the end.
        ("HTTP/1.1 200 OK\r\n\r\n12345678901".to_owned(), false),
    ] {
        let server = Server::start("127.0.0.1:0", bytes.clone()).await;
        let mut options = local();
        options.max_body = 10;
        match get(options, &format!("http://{}/", server.address)).await {
            Ok((_, body)) => assert!(fits && body == "1234567890", "{bytes}"),
            Err(error) => {
                assert!(!fits && error.is_too_long() && !error.is_retryable(), "{bytes}: {error:?}");
            }
        }
    }
}

/// A server that takes a request and never answers, or never ends its answer.
#[tokio::test]
async fn nobody_waits_for_ever() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let silent = listener.local_addr().expect("an address");
    let mut options = local();
    options.whole_within = Duration::from_millis(50);
    let error = get(options, &format!("http://{silent}/")).await.expect_err("silence");
    assert!(error.is_timeout() && error.is_retryable(), "{error:?}");
    drop(listener);
    let error = get(local(), &format!("http://{silent}/")).await.expect_err("nobody");
    assert!(error.is_connection() && error.is_retryable(), "{error:?}");
}

/// The URL's path and query, headers and bodies may be secrets; they are in nothing that is printed.
#[tokio::test]
async fn nothing_secret_is_shown() {
    let silent = Server::start("127.0.0.1:0", "SSH-2.0\r\n".into()).await;
    let outbound = Outbound::new(&local()).expect("a client");
    let url = outbound.check(&format!("http://{}/s3cret?token=s3cret", silent.address)).expect("a URL");
    let request = Request::new(Method::POST, url).body("s3cret");
    let request = request.header(AUTHORIZATION, HeaderValue::from_static("Bearer s3cret"));
    let mut shown = vec![format!("{request:?} {outbound:?}")];
    let error = outbound.send(request).await.expect_err("no HTTP");
    let first: &dyn StdError = &error;
    for error in std::iter::successors(Some(first), |&error| error.source()) {
        shown.push(format!("{error:?} {error:#?} {error}"));
    }
    assert!(!shown.concat().contains("s3cret"), "{shown:?}");
}
