//! Where it listens: a socket of its own, or one that whoever started it holds open from one process to the next.

use std::{
    env, io,
    net::{self, SocketAddr},
};

use listenfd::ListenFd;
use socket2::SockRef;
use tokio::net::TcpListener;

/// A socket that was handed over (`LISTEN_FDS`, as systemd and its like do it); `None`: none was. To be asked before
/// there is another thread, because it takes the variables out of the environment.
pub(crate) fn inherited() -> io::Result<Option<net::TcpListener>> {
    if env::var_os("LISTEN_FDS").is_none() {
        return Ok(None);
    }
    let mut handed_over = ListenFd::from_env();
    match handed_over.len() {
        // They were meant for whoever started us.
        0 => Ok(None),
        1 => handed_over.take_tcp_listener(0),
        more => Err(io::Error::other(format!("{more} sockets were handed over, and one is listened on"))),
    }
}

/// The socket that clients come to.
pub(crate) struct Listener {
    pub(crate) tcp: TcpListener,
    pub(crate) address: SocketAddr,
    /// Somebody else holds it too: who comes while nobody accepts waits in its queue, and is not refused.
    pub(crate) is_shared: bool,
}

impl Listener {
    /// Listens on the socket that was handed over, or else on a new one.
    pub(crate) async fn open(address: SocketAddr, inherited: Option<net::TcpListener>) -> io::Result<Self> {
        let is_shared = inherited.is_some();
        let tcp = match inherited {
            Some(tcp) => {
                tcp.set_nonblocking(true)?;
                TcpListener::from_std(tcp)?
            }
            None => TcpListener::bind(address).await?,
        };
        // What is accepted inherits it. Else a small frame may wait for the client to acknowledge the one before: 40 ms.
        SockRef::from(&tcp).set_tcp_nodelay(true)?;
        Ok(Self { address: tcp.local_addr()?, tcp, is_shared })
    }
}
