//! A shop on a server of its own, whose pages carry the chat of another: one script tag, and a strict content security
//! policy that lets that one server in.
//!
//! ```sh
//! cargo run -p minicom-examples --bin support-desk -- --allow-origin http://localhost:8001
//! cargo run -p minicom-examples --bin third-party-site
//! ```
//!
//! Then open `http://localhost:8001/` as a visitor, and `http://127.0.0.1:8000/desk` as an agent.

use std::net::SocketAddr;

use axum::{
    Router,
    http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName},
    response::{AppendHeaders, IntoResponse},
    routing::get,
};
use clap::Parser;
use minicom_web::Origin;
use tokio::net::TcpListener;

/// A shop that carries a chat of another origin.
#[derive(Debug, Parser)]
struct Options {
    /// The address to listen on.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8001")]
    listen: SocketAddr,

    /// Where the chat is served.
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8000")]
    chat: Origin,
}

/// A response's type and policy before its content.
type Page = (AppendHeaders<[(HeaderName, String); 2]>, String);

fn page(kind: &str, policy: &str, content: String) -> Page {
    (AppendHeaders([(CONTENT_TYPE, kind.to_owned()), (CONTENT_SECURITY_POLICY, policy.to_owned())]), content)
}

/// Nothing but the shop's own, and three things of the chat: its script, its panel in a frame, its configuration.
/// Strings never become markup or script.
fn policy(chat: &Origin) -> String {
    format!(
        "default-src 'self'; script-src 'self' {chat}; style-src 'self'; frame-src 'self' {chat}; \
         connect-src 'self' {chat}; require-trusted-types-for 'script'; trusted-types 'none'"
    )
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let Options { listen, chat } = Options::parse();
    let policy = policy(&chat);
    let html = include_str!("shop.html").replace("CHAT", &chat.to_string());
    let pages = [
        ("/", "text/html; charset=utf-8", html.clone()),
        ("/cart", "text/html; charset=utf-8", html),
        ("/lamp.svg", "image/svg+xml", include_str!("lamp.svg").to_owned()),
        ("/shop.css", "text/css; charset=utf-8", include_str!("shop.css").to_owned()),
        ("/shop.js", "text/javascript; charset=utf-8", include_str!("shop.js").to_owned()),
    ];
    let shop = pages.into_iter().fold(Router::new(), |router, (path, kind, content)| {
        let answer = page(kind, &policy, content);
        router.route(path, get(|| async move { answer.into_response() }))
    });
    let listener = TcpListener::bind(listen).await?;
    println!("shop  http://{}/   with the chat of {chat}", listener.local_addr()?);
    axum::serve(listener, shop).await?;
    Ok(())
}
