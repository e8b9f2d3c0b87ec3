//! What the cases are written with: a server of the fixture's, and short ways to speak to it.

use std::{net::SocketAddr, time::Duration};

use minicom_core::{Authenticator, Builder, Command, EventBody, Limits, Minicom, PageRequest, Target};
use minicom_web::WebOptions;
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle, time::timeout};

use super::{
    Site,
    cases::Fixture,
    http::{Line, Reply},
    people::{self, Tokens},
    socket::Socket,
};

pub(crate) use super::socket::PATIENCE;

/// A header of a request.
pub(crate) type Header<'a> = (&'a str, &'a str);

/// A running server. It ends with the case's runtime.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) minicom: Minicom,
    stop: oneshot::Sender<()>,
    served: JoinHandle<()>,
}

/// Identity by path, at the root.
pub(crate) async fn by_path(fixture: &Fixture) -> Server {
    Server::start(fixture, people::path_identity(), WebOptions::default(), None).await
}

/// Identity by token, at the root.
pub(crate) async fn by_token(fixture: &Fixture) -> Server {
    Server::start(fixture, Tokens::default(), WebOptions::default(), None).await
}

/// Nobody but the host's session says who it is, at the root.
pub(crate) async fn by_session(fixture: &Fixture) -> Server {
    Server::start(fixture, minicom_core::DenyAll, WebOptions::default(), None).await
}

/// Identity by token below `/chat`.
pub(crate) async fn below_chat(fixture: &Fixture) -> Server {
    Server::start(fixture, Tokens::default(), WebOptions::default(), Some("chat")).await
}

impl Server {
    pub(crate) async fn start(
        fixture: &Fixture,
        authenticator: impl Authenticator,
        options: WebOptions,
        mount: Option<&'static str>,
    ) -> Self {
        let builder = Minicom::builder().shared_store(fixture.store()).authenticator(authenticator);
        Self::start_with(fixture, builder, options, mount).await
    }

    /// The same with all that a builder may be told but limits.
    pub(crate) async fn start_with(
        fixture: &Fixture,
        builder: Builder,
        options: WebOptions,
        mount: Option<&'static str>,
    ) -> Self {
        let mut limits = Limits::default();
        // A drain that waits for something to time out is one that fails.
        limits.drain_within = PATIENCE * 10;
        // A row that would come later comes at once, so that silence means something.
        limits.row_every = Duration::ZERO;
        let minicom = builder.limits(limits).build().expect("a store is given");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let (stop, stopped) = oneshot::channel();
        let site = Site { minicom: minicom.clone(), options, mount, listener, stop: stopped };
        let fixture = fixture.clone();
        let served = tokio::spawn(async move { fixture.serve(site).await });
        Self { address, minicom, stop, served }
    }

    /// One request on a connection of its own.
    pub(crate) async fn ask(&self, method: &str, path: &str, headers: &[Header<'_>]) -> Reply {
        let mut line = Line::open(self.address).await;
        line.ask(method, path, headers).await
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.ask("GET", path, &[]).await
    }

    /// A socket that was let in, or is closed at once.
    pub(crate) async fn socket(&self, path: &str) -> Socket {
        self.socket_with(path, &[]).await
    }

    pub(crate) async fn socket_with(&self, path: &str, headers: &[Header<'_>]) -> Socket {
        Socket::open(self.address, path, headers).await.unwrap_or_else(|status| panic!("{path}: {status}"))
    }

    /// A visitor's socket, by path identity, whose history has come.
    pub(crate) async fn visitor(&self, name: &str) -> Socket {
        let mut socket = self.socket(&format!("/ws/chat/user/{name}/")).await;
        socket.expect("history").await;
        socket
    }

    /// How a socket is closed that says nothing.
    pub(crate) async fn close_of(&self, path: &str, headers: &[Header<'_>]) -> u16 {
        self.socket_with(path, headers).await.closed().await
    }

    /// Says something as a visitor, in process.
    pub(crate) async fn say(&self, name: &str, text: &str) {
        let visitor = people::user(name);
        let own = Target::Participant(visitor.participant.clone());
        self.minicom.execute(&visitor, &own, Command::message(text)).await.expect("stored");
    }

    /// What happened in a visitor's conversation.
    pub(crate) async fn kinds_of_events(&self, name: &str) -> Vec<String> {
        let visitor = people::user(name);
        let own = Target::Participant(visitor.participant.clone());
        let page = self.minicom.conversation(&visitor, &own, PageRequest::latest()).await.expect("a page");
        page.events.iter().map(|recorded| recorded.event.body.kind().to_owned()).collect()
    }

    /// Tells the server to stop, drains the sockets, and waits for the server's end.
    pub(crate) async fn stop(self) {
        let _ = self.stop.send(());
        timeout(PATIENCE, self.minicom.shutdown()).await.expect("every socket ends");
        let served = timeout(PATIENCE, self.served).await;
        served.expect("the server ends once its sockets did").expect("without a panic");
    }
}
