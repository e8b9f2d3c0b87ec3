//! A server without accounts of its own: agents sign in with Minicom's login, at `/login`. At the first start it prints the
//! link that makes the first owner. Visitors say who they are themselves, so it serves this machine alone.

use std::{net::SocketAddr, path::PathBuf, sync::Arc};

use clap::Parser;
use minicom_core::{Minicom, PathIdentity, Store, WorkspaceId};
use minicom_login::{Login, LoginOptions};
use minicom_sqlite::SqliteStore;
use minicom_web::WebOptions;
use tokio::net::TcpListener;

/// Agents who sign in.
#[derive(Debug, Parser)]
struct Options {
    /// Where to listen: a loopback address.
    #[arg(long, default_value = "127.0.0.1:8000")]
    listen: SocketAddr,
    /// The file of conversations and accounts.
    #[arg(long, default_value = "minicom.db")]
    db: PathBuf,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let Options { listen, db } = Options::parse();
    let listener = TcpListener::bind(listen).await?;
    let address = listener.local_addr()?;
    // The same store for both.
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(db)?);
    let visitors = PathIdentity::new(address)?;
    let login = Login::with_options(store.clone(), LoginOptions::default().visitors(visitors));
    let minicom = Minicom::builder().shared_store(store).authenticator(login.clone()).build()?;
    if let Some(link) = login.setup_link(&WorkspaceId::default(), &format!("http://{address}")).await? {
        println!("to become the first owner: {link}");
    }
    println!("agents: http://{address}/desk");
    let chat = minicom_axum::router_with(minicom, WebOptions::default().login(login));
    // With the peer's address, by which guesses are counted where limits are on.
    axum::serve(listener, chat.into_make_service_with_connect_info::<SocketAddr>()).await?;
    Ok(())
}
