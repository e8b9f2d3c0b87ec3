//! A server that echoes, over the sockets that chat uses. `scripts/autobahn` runs the Autobahn cases against it.
//!
//! It listens on any free port of the loopback address, prints its address, and runs until it is ended.

use std::{convert::Infallible, error::Error};

use hyper::{Request, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept().await?;
        let service =
            service_fn(async |request: Request<Incoming>| Ok::<_, Infallible>(minicom_web::echo(request)));
        let connection =
            http1::Builder::new().serve_connection(TokioIo::new(stream), service).with_upgrades();
        tokio::spawn(async {
            // The client's mistakes are what the suite is about.
            let _ = connection.await;
        });
    }
}
