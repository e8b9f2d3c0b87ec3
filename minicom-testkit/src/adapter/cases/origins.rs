//! Which pages may talk to the server.

use minicom_web::WebOptions;

use super::Fixture;
use crate::adapter::{
    kit::{Header, Server},
    people::Tokens,
};

const SHOP: &str = "https://shop.example";
const ANN: Header<'_> = ("authorization", "Bearer user:ann");

async fn open_to_the_shop(fixture: &Fixture) -> Server {
    let options = WebOptions::default().allow_origin(SHOP.parse().expect("an origin"));
    Server::start(fixture, Tokens::default(), options, None).await
}

/// A stranger's page gets 403; ours, a listed one and what is no browser get in.
pub async fn sockets(fixture: &Fixture) {
    let server = open_to_the_shop(fixture).await;
    let own = format!("http://{}", server.address);
    let behind_tls = format!("https://{}", server.address);
    for (origin, allowed) in [
        (None, true),
        (Some(own.as_str()), true),
        (Some(&behind_tls), true),
        (Some(SHOP), true),
        (Some("http://shop.example"), false),
        (Some("https://shop.example.evil.example"), false),
        (Some("http://127.0.0.1"), false),
        (Some("null"), false),
    ] {
        let mut headers = vec![ANN];
        headers.extend(origin.map(|origin| ("origin", origin)));
        for path in ["/ws", "/ws/chat/user/ann/"] {
            let opened = crate::adapter::socket::Socket::open(server.address, path, &headers).await;
            assert_eq!(opened.err(), (!allowed).then_some(403), "{origin:?} at {path}");
        }
    }
}

/// A listed page may read answers, refusals too, and no other page may.
pub async fn reading(fixture: &Fixture) {
    let server = open_to_the_shop(fixture).await;
    for (origin, allowed) in [(SHOP, true), ("https://evil.example", false), ("null", false)] {
        for (headers, status) in [(&[("origin", origin), ANN][..], 200), (&[("origin", origin)][..], 401)] {
            let answer = server.ask("GET", "/api/session", headers).await;
            assert_eq!((answer.status, answer.header("vary")), (status, Some("Origin")));
            assert_eq!(answer.header("access-control-allow-origin"), allowed.then_some(origin));
            assert_eq!(answer.header("access-control-allow-credentials"), allowed.then_some("true"));
        }
    }
}

/// A browser asks before it sends a token.
pub async fn asking_first(fixture: &Fixture) {
    let server = open_to_the_shop(fixture).await;
    for (origin, allowed) in [(SHOP, true), ("https://evil.example", false)] {
        let question = [
            ("origin", origin),
            ("access-control-request-method", "GET"),
            ("access-control-request-headers", "authorization"),
        ];
        for path in ["/api/users/", "/api/session"] {
            let answer = server.ask("OPTIONS", path, &question).await;
            assert_eq!(answer.status, 204, "{path}");
            for (name, value) in [
                ("access-control-allow-origin", origin),
                ("access-control-allow-methods", "GET, HEAD, POST"),
                ("access-control-allow-headers", "authorization"),
            ] {
                assert_eq!(answer.header(name), allowed.then_some(value), "{name} at {path}");
            }
        }
    }
}
