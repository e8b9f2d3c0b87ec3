//! The least that works: a chat in memory on one's own machine. Visitors at `/`, agents at `/desk`.

use minicom_core::{MemoryStore, Minicom, PathIdentity};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let listener = TcpListener::bind("127.0.0.1:8000").await?;
    let minicom = Minicom::builder()
        .store(MemoryStore::new())
        .authenticator(PathIdentity::new(listener.local_addr()?)?)
        .build()?;
    println!("visitors: http://127.0.0.1:8000/   agents: http://127.0.0.1:8000/desk");
    axum::serve(listener, minicom_axum::router(minicom)).await?;
    Ok(())
}
