//! The web framework that was chosen, serving until it is told to stop.

use std::{future::IntoFuture, io, net::SocketAddr, pin::Pin};

use axum::{
    body::Body,
    extract::Path,
    http::{HeaderValue, Response, StatusCode, header},
    routing::get,
};
use minicom_core::Minicom;
use minicom_web::WebOptions;
use tokio::{net::TcpListener, sync::oneshot};

use warp::{Filter, path::Tail};

use crate::{
    help::{self, Help},
    options::Framework,
};

/// A server. It ends once it was told to stop and requests under way are answered.
pub(crate) type Serving = Pin<Box<dyn Future<Output = io::Result<()>> + Send>>;

impl Framework {
    pub(crate) fn serve(
        self,
        listener: TcpListener,
        minicom: Minicom,
        options: WebOptions,
        help: Option<Help>,
        stop: oneshot::Receiver<()>,
    ) -> Serving {
        let stop = async { drop(stop.await) };
        match self {
            Self::Axum => {
                let mut router = minicom_axum::router_with(minicom, options);
                if let Some(help) = help {
                    let index = help.clone();
                    router = router
                        .route(help::PATH, get(async move || answer(&index, "").map(Body::from)))
                        .route(
                            "/help/{*page}",
                            get(async move |Path(page): Path<String>| answer(&help, &page)),
                        );
                }
                let router = router.into_make_service_with_connect_info::<SocketAddr>();
                Box::pin(axum::serve(listener, router).with_graceful_shutdown(stop).into_future())
            }
            Self::Warp => {
                // Nobody here but those whom the path names.
                let chat = minicom_warp::filter_with(minicom, options, warp::ext::optional());
                let pages = warp::path("help").and(warp::get()).and(warp::path::tail());
                let pages = pages.and_then(move |tail: Tail| {
                    let page = help.as_ref().map(|help| answer(help, tail.as_str()));
                    async move { page.ok_or_else(warp::reject::not_found) }
                });
                // Boxed, because the compiler cannot name what borrows the path.
                let pages = pages.boxed();
                let filter = chat.or(pages);
                let server = warp::serve(filter).incoming(listener).graceful(stop);
                Box::pin(async {
                    server.run().await;
                    Ok(())
                })
            }
        }
    }
}

/// A page of the knowledge base, for either framework.
fn answer(help: &Help, page: &str) -> Response<String> {
    const HTML: &str = "text/html; charset=utf-8";
    let (status, kind, text) = match help.page(page) {
        _ if page == help::STYLE_NAME => (StatusCode::OK, "text/css; charset=utf-8", help::STYLE.to_owned()),
        Ok(Some(html)) => (StatusCode::OK, HTML, html),
        Ok(None) => (StatusCode::NOT_FOUND, HTML, "There is no such page.".to_owned()),
        Err(error) => {
            tracing::warn!(error = &error as &dyn std::error::Error, page, "a page could not be read");
            (StatusCode::INTERNAL_SERVER_ERROR, HTML, "The page could not be read.".to_owned())
        }
    };
    let mut response = Response::new(text);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(help::POLICY));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}
