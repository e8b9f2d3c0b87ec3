//! What names lead to, and what is connected to in the end.

use std::{io, net::IpAddr, sync::Mutex};

use async_trait::async_trait;
use minicom_outbound::{Names, Outbound, Request};

use crate::{
    get,
    server::{Server, answer},
    strict,
};

/// Answers one question after the other as it was told to, whatever is asked; the last one for ever.
#[derive(Debug)]
struct Told(Mutex<Vec<Vec<IpAddr>>>);

impl Told {
    fn new<const N: usize>(answers: [&[&str]; N]) -> Self {
        let parse = |addresses: &&[&str]| {
            addresses.iter().map(|address| address.parse().expect("an address")).collect()
        };
        Self(Mutex::new(answers.iter().rev().map(parse).collect()))
    }
}

#[async_trait]
impl Names for Told {
    async fn addresses(&self, _: &str) -> io::Result<Vec<IpAddr>> {
        let mut answers = self.0.lock().expect("no test panics here");
        let last = answers.len() == 1;
        Ok(if last { answers[0].clone() } else { answers.pop().expect("an answer") })
    }
}

async fn here() -> Server {
    Server::start("127.0.0.1:0", answer("200 OK", "", "inside")).await
}

async fn neighbours() -> (Server, Server) {
    Server::neighbours(answer("200 OK", "", "allowed"), answer("200 OK", "", "inside")).await
}

/// The operator's own server, by its address, by its network, and by a name.
#[tokio::test]
async fn what_is_allowed_is_reached() {
    let mut server = here().await;
    let port = server.address.port();
    let by_address = strict().allow_host("127.0.0.1").expect("a host");
    let by_network = strict().allow_network("127.0.0.0/8".parse().expect("a network"));
    let by_name = strict().allow_host("localhost").expect("a host");
    let told = strict().allow_host("desk.internal").expect("a host");
    let told = told.resolve_with(Told::new([&["127.0.0.1"]]));
    for (options, host) in [
        (by_address, "127.0.0.1"),
        (by_network.clone(), "127.0.0.1"),
        (by_network, "localhost"),
        (by_name, "localhost"),
        (told, "desk.internal"),
    ] {
        let (status, body) = get(options, &format!("http://{host}:{port}/a?b")).await.expect(host);
        assert_eq!((status, body.as_str()), (200, "inside"), "{host}");
        let head = server.heads.recv().await.expect("a request").to_lowercase();
        assert!(head.starts_with("get /a?b http/1.1\r\n"), "{head}");
        assert!(head.contains(&format!("\r\nhost: {host}:{port}\r\n")), "{head}");
        assert!(head.contains("\r\nuser-agent: test\r\n"), "{head}");
    }
}

/// Names that lead to this machine or into its networks, whatever else they lead to.
#[tokio::test]
async fn names_that_lead_inside_are_refused_when_they_are_resolved() {
    let server = here().await;
    let port = server.address.port();
    for host in ["localhost", "LOCALHOST", "localhost."] {
        // A system may not know the last one at all; it must not come through.
        let error = get(strict(), &format!("http://{host}:{port}/")).await.expect_err(host);
        assert!(
            error.is_not_allowed() || (host.ends_with('.') && error.is_connection()),
            "{host}: {error:?}"
        );
    }
    for addresses in [
        &["127.0.0.1"][..],
        &["::1"],
        &["::ffff:127.0.0.1"],
        &["0.0.0.0"],
        &["169.254.169.254"],
        &["10.0.0.1", "127.0.0.1"],
        &["64:ff9b::7f00:1"],
    ] {
        let options = strict().resolve_with(Told::new([addresses]));
        let error = get(options, &format!("http://evil.example:{port}/")).await.expect_err("refused");
        assert!(error.is_not_allowed() && !error.is_retryable(), "{addresses:?}: {error:?}");
    }
    let nobody = strict().resolve_with(Told::new([&[]]));
    let error = get(nobody, "http://evil.example/").await.expect_err("nobody");
    assert!(error.is_connection(), "{error:?}");
    assert_eq!(server.connections(), 0);
}

/// Of several addresses only those that may be are tried: the server listens on both.
#[tokio::test]
async fn of_mixed_addresses_only_the_allowed_are_connected_to() {
    let (allowed, inside) = neighbours().await;
    let port = allowed.address.port();
    let options = strict().allow_network("127.0.0.2/32".parse().expect("a network"));
    let options = options.resolve_with(Told::new([&["127.0.0.1", "127.0.0.2"]]));
    let (_, body) = get(options, &format!("http://mixed.example:{port}/")).await.expect("an answer");
    assert_eq!((body.as_str(), inside.connections(), allowed.connections()), ("allowed", 0, 1));
}

/// DNS rebinding: a name that was good when it was looked at leads inside when it is connected to.
#[tokio::test]
async fn a_name_that_changes_its_mind_is_judged_each_time() {
    let (allowed, inside) = neighbours().await;
    let port = allowed.address.port();
    let options = strict().allow_network("127.0.0.2/32".parse().expect("a network"));
    let outbound = Outbound::new(&options.resolve_with(Told::new([&["127.0.0.2"], &["127.0.0.1"]])));
    let outbound = outbound.expect("a client");
    let url = outbound.check(&format!("http://rebinding.example:{port}/")).expect("a URL");
    let request = Request::new(http::Method::GET, url);
    let answer = outbound.send(request.clone()).await.expect("an answer");
    assert_eq!(answer.into_body().bytes().await.expect("a body"), "allowed");
    for _ in 0..3 {
        let error = outbound.send(request.clone()).await.expect_err("inside");
        assert!(error.is_not_allowed(), "{error:?}");
    }
    assert_eq!((allowed.connections(), inside.connections()), (1, 0));
}

/// A redirect is an answer, wherever it points.
#[tokio::test]
async fn redirects_lead_nowhere() {
    let inside = here().await;
    for status in ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"] {
        let location = format!("location: http://{}/\r\n", inside.address);
        let outside = Server::start("127.0.0.2:0", answer(status, &location, "elsewhere")).await;
        let options = strict().allow_network("127.0.0.2/32".parse().expect("a network"));
        let (got, body) = get(options, &format!("http://{}/", outside.address)).await.expect("an answer");
        assert_eq!((got.to_string().as_str(), body.as_str()), (&status[..3], "elsewhere"));
    }
    assert_eq!(inside.connections(), 0);
}
