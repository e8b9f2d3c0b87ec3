//! A warp shop with accounts of its own, whose session is a signed cookie, and the chat below `/chat/`. The shop's session says
//! who is there; the chat asks nobody for an email, and strangers get nothing.
//!
//! In place of a password there is a button for each of the two accounts. An argument names another address than
//! `127.0.0.1:8000`.

use std::{env, time::Duration};

use cookie::{Cookie, CookieJar, Key};
use minicom_core::{AgentRole, Identity, MemoryStore, Minicom, ParticipantId, WorkspaceId};
use minicom_web::{InvalidCookie, SessionCookie, WebOptions};
use tokio::net::TcpListener;
use warp::{
    Filter, Reply,
    filters::BoxedFilter,
    http::{
        HeaderMap, Response, StatusCode,
        header::{CONTENT_TYPE, LOCATION, SET_COOKIE},
    },
};

const NAME: &str = "session";

/// Who is signed in stands in the browser's cookie, with a signature that only this process can make: it ends with the process.
#[derive(Clone)]
struct Sessions {
    key: Key,
    cookie: SessionCookie,
}

impl Sessions {
    fn new() -> Result<Self, InvalidCookie> {
        // Without TLS, as on one's own machine, no browser keeps a cookie that is `Secure`.
        Ok(Self { key: Key::generate(), cookie: SessionCookie::without_tls(NAME)? })
    }

    /// The value of `Set-Cookie` that signs somebody in for a day.
    fn start(&self, name: &str) -> Option<warp::http::HeaderValue> {
        let mut jar = CookieJar::new();
        jar.signed_mut(&self.key).add((NAME, name.to_owned()));
        self.cookie.set(jar.get(NAME)?.value(), Duration::from_hours(24)).ok()
    }

    /// Who is signed in.
    fn find(&self, headers: &HeaderMap) -> Option<Identity> {
        let mut jar = CookieJar::new();
        jar.add_original(Cookie::new(NAME, self.cookie.find(headers)?.to_owned()));
        account(jar.signed(&self.key).get(NAME)?.value())
    }
}

/// The two accounts of this shop.
fn account(name: &str) -> Option<Identity> {
    let participant = |id| ParticipantId::new(id).ok();
    match name {
        "ann" => {
            Some(Identity::user(WorkspaceId::default(), participant("ann@example.com")?).with_name("Ann"))
        }
        "ben" => {
            let ben = Identity::agent(WorkspaceId::default(), participant("ben@example.com")?);
            Some(ben.with_agent_role(AgentRole::Owner).with_name("Ben"))
        }
        _ => None,
    }
}

fn page(sessions: &Sessions, headers: &HeaderMap) -> impl Reply + use<> {
    let greeting = match sessions.find(headers).and_then(|identity| identity.name) {
        Some(name) => format!("<p>Hello, {name}. <a href=chat/>Chat</a> or <a href=chat/desk>desk</a>?</p>"),
        None => "<p>Nobody is signed in.</p>".into(),
    };
    let buttons = ["ann", "ben"]
        .map(|name| format!("<form method=post action=sign-in/{name}><button>I am {name}</button></form>"));
    let html = format!("<!doctype html><title>Shop</title><h1>Shop</h1>{greeting}{}", buttons.concat());
    warp::reply::with_header(html, CONTENT_TYPE, "text/html; charset=utf-8")
}

fn sign_in(sessions: &Sessions, name: &str) -> Response<&'static str> {
    let cookie = account(name).and_then(|_| sessions.start(name));
    let mut response = Response::new("");
    match cookie {
        Some(cookie) => {
            *response.status_mut() = StatusCode::SEE_OTHER;
            response.headers_mut().insert(SET_COOKIE, cookie);
            response.headers_mut().insert(LOCATION, warp::http::HeaderValue::from_static("/"));
        }
        None => *response.status_mut() = StatusCode::NOT_FOUND,
    }
    response
}

/// The shop's own pages.
fn shop(shown: Sessions) -> BoxedFilter<(impl Reply,)> {
    let started = shown.clone();
    let front = warp::path::end()
        .and(warp::get())
        .and(warp::header::headers_cloned())
        .map(move |headers: HeaderMap| page(&shown, &headers));
    let sign_in =
        warp::path!("sign-in" / String).and(warp::post()).map(move |name: String| sign_in(&started, &name));
    front.or(sign_in).boxed()
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let minicom = Minicom::builder().store(MemoryStore::new()).build()?;
    let sessions = Sessions::new()?;
    let pages = shop(sessions.clone());
    // Who is it? All that Minicom needs of the host:
    let who = minicom_warp::identify(move |headers| std::future::ready(sessions.find(&headers)));
    let chat = warp::path("chat").and(minicom_warp::filter_with(minicom, WebOptions::default(), who));
    let address = env::args().nth(1).unwrap_or_else(|| "127.0.0.1:8000".into());
    let listener = TcpListener::bind(address).await?;
    println!("http://{}/", listener.local_addr()?);
    warp::serve(pages.or(chat)).incoming(listener).run().await;
    Ok(())
}
