//! A host's own session, as the two examples have it: by `axum-login`, and by a signed cookie in warp.

use std::{net::SocketAddr, process::Stdio};

use serde_json::json;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

use crate::client::{Client, http};

struct Shop {
    address: SocketAddr,
    /// Ends with it.
    _process: Child,
}

async fn open(binary: &str) -> Shop {
    let mut command = Command::new(binary);
    command.arg("127.0.0.1:0").stdout(Stdio::piped()).kill_on_drop(true);
    let mut process = command.spawn().expect(binary);
    let mut lines = BufReader::new(process.stdout.take().expect("a pipe")).lines();
    let line = lines.next_line().await.expect("a pipe").expect("a line");
    let address = line.trim_start_matches("http://").trim_end_matches('/').parse().expect("an address");
    Shop { address, _process: process }
}

impl Shop {
    /// What the browser would send back after the button was pressed.
    async fn sign_in(&self, name: &str) -> String {
        let answer =
            http(self.address, "POST", &format!("/sign-in/{name}"), &[("content-length", "0")]).await;
        assert_eq!((answer.status, answer.header("location")), (303, Some("/")));
        let cookie = answer.header("set-cookie").expect("a cookie");
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
        cookie.split(';').next().expect("a pair").to_owned()
    }

    async fn session(&self, cookie: &str) -> (u16, serde_json::Value) {
        let answer = http(self.address, "GET", "/chat/api/session", &[("cookie", cookie)]).await;
        (answer.status, answer.json()["email"].clone())
    }
}

async fn says_who_is_there(binary: &str) {
    let shop = open(binary).await;
    assert_eq!(http(shop.address, "GET", "/chat/api/session", &[]).await.status, 401);
    let (ann, ben) = (shop.sign_in("ann").await, shop.sign_in("ben").await);
    assert_eq!(shop.session(&ann).await, (200, json!("ann@example.com")));
    assert_eq!(shop.session(&ben).await, (200, json!("ben@example.com")));
    assert_eq!(http(shop.address, "POST", "/sign-in/eve", &[("content-length", "0")]).await.status, 404);
    assert!(http(shop.address, "GET", "/", &[("cookie", &ann)]).await.text().contains("Hello, Ann"));

    // Nobody else, whatever he made of it.
    let (name, value) = ann.split_once('=').expect("a pair");
    let cut = &value[1..];
    for forged in
        [format!("{name}=ann"), format!("{name}={cut}"), format!("{name}={value}x"), format!("x{ann}")]
    {
        assert_eq!(shop.session(&forged).await.0, 401, "{forged}");
    }

    // The same over a socket, and not from a stranger's page.
    let cookie = ("cookie", ann.as_str());
    Client::connect_with(shop.address, "/chat/ws", &[cookie]).await.expect("history").await;
    let stranger = [cookie, ("origin", "https://evil.example")];
    assert_eq!(Client::try_connect(shop.address, "/chat/ws", &stranger).await.err(), Some(403));
    let act = http(shop.address, "POST", "/chat/api/chat/user/ann%40example.com/stop", &stranger).await;
    assert_eq!(act.status, 403);
    let users = http(shop.address, "GET", "/chat/api/users/", &[cookie]).await;
    assert_eq!(users.status, 403);
    assert_eq!(http(shop.address, "GET", "/chat/api/users/", &[("cookie", &ben)]).await.status, 200);
}

#[tokio::test]
async fn by_axum_login() {
    says_who_is_there(env!("CARGO_BIN_EXE_axum-host-session")).await;
}

#[tokio::test]
async fn by_a_signed_cookie_in_warp() {
    says_who_is_there(env!("CARGO_BIN_EXE_warp-host-session")).await;
}
