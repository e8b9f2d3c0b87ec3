//! The least that works in warp, on one's own machine: visitors at `/`, agents at `/desk`, history in `minicom.db`.

use minicom_core::{Minicom, PathIdentity};
use minicom_sqlite::SqliteStore;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let listener = TcpListener::bind("127.0.0.1:8000").await?;
    let minicom = Minicom::builder()
        .store(SqliteStore::open("minicom.db")?)
        .authenticator(PathIdentity::new(listener.local_addr()?)?)
        .build()?;
    println!("visitors: http://127.0.0.1:8000/   agents: http://127.0.0.1:8000/desk");
    warp::serve(minicom_warp::filter(minicom)).incoming(listener).run().await;
    Ok(())
}
