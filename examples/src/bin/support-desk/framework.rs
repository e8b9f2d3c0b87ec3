//! The web framework that was chosen, serving until it is told to stop.

use std::{future::IntoFuture, io, pin::Pin};

use minicom_core::Minicom;
use minicom_web::WebOptions;
use tokio::{net::TcpListener, sync::oneshot};

use crate::options::Framework;

/// A server. It ends once it was told to stop and requests under way are answered.
pub(crate) type Serving = Pin<Box<dyn Future<Output = io::Result<()>> + Send>>;

impl Framework {
    pub(crate) fn serve(
        self,
        listener: TcpListener,
        minicom: Minicom,
        options: WebOptions,
        stop: oneshot::Receiver<()>,
    ) -> Serving {
        let stop = async { drop(stop.await) };
        match self {
            Self::Axum => {
                let router = minicom_axum::router_with(minicom, options);
                Box::pin(axum::serve(listener, router).with_graceful_shutdown(stop).into_future())
            }
            Self::Warp => {
                // Nobody here but those whom the path names.
                let filter = minicom_warp::filter_with(minicom, options, warp::ext::optional());
                let server = warp::serve(filter).incoming(listener).graceful(stop);
                Box::pin(async {
                    server.run().await;
                    Ok(())
                })
            }
        }
    }
}
