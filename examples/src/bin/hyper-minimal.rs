//! No framework and no adapter, only hyper: visitors at `/`, agents at `/desk`, history in `minicom.db`. This is all that
//! the adapter for a third framework has to do at its heart.

use std::convert::Infallible;

use hyper::{Request, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use minicom_core::{Minicom, PathIdentity};
use minicom_sqlite::SqliteStore;
use minicom_web::Web;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let listener = TcpListener::bind("127.0.0.1:8000").await?;
    let minicom = Minicom::builder()
        .store(SqliteStore::open("minicom.db")?)
        .authenticator(PathIdentity::new(listener.local_addr()?)?)
        .build()?;
    let web = Web::new(minicom);
    println!("visitors: http://127.0.0.1:8000/   agents: http://127.0.0.1:8000/desk");
    loop {
        let (stream, peer) = listener.accept().await?;
        let web = web.clone();
        let service = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(peer);
            let response = web.handle(request);
            async { Ok::<_, Infallible>(response.await) }
        });
        // With upgrades, else no WebSocket.
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service).with_upgrades());
    }
}
