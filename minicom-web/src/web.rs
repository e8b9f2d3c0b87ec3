//! `Web`: what an adapter holds. It finds what a path is and hands the request there.

use std::{
    convert::Infallible,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use http::{
    HeaderValue, Method, Request, Response, StatusCode,
    header::{CONTENT_LENGTH, LOCATION},
    request::Parts,
};
use http_body::Body as _;
use minicom_core::Minicom;
use tower_service::Service;

use crate::{
    Body, WebOptions,
    handshake::{self, Asked},
    origin, pages, reply, rest,
    route::Route,
};

/// The HTTP side of a [`Minicom`]. Cheap to clone; all clones are the same one.
#[derive(Debug, Clone)]
pub struct Web {
    inner: Arc<Inner>,
}

/// The whole path as the client sent it. An adapter that serves below a mount, and so hands over relative paths, puts it
/// into the request's extensions, so that a client who asks for the bare `/chat` is led to the page below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OriginalPath(pub String);

impl OriginalPath {
    /// Where the front page's relative links hold, if they do not here: at `/chat` they would mean files beside it.
    fn page_below(&self) -> Option<HeaderValue> {
        let (_, mount) = self.0.rsplit_once('/')?;
        // The dot keeps a mount with a colon from being read as a scheme.
        (!mount.is_empty()).then(|| HeaderValue::try_from(format!("./{mount}/index.html")).ok())?
    }
}

#[derive(Debug)]
struct Inner {
    minicom: Minicom,
    options: WebOptions,
}

impl Inner {
    /// What a path is. `None`: it is not ours; and the login's are the host's where there is none.
    #[cfg_attr(
        not(feature = "login"),
        allow(clippy::unused_self, reason = "a login is what may be there or not")
    )]
    fn find<'a>(&self, path: &'a str) -> Option<Route<'a>> {
        let route = Route::find(path);
        #[cfg(feature = "login")]
        let route = route.filter(|route| self.options.login.is_some() || !matches!(route, Route::Login(_)));
        route
    }
}

impl Web {
    /// With the options' defaults: only the server's own pages may talk to it.
    pub fn new(minicom: Minicom) -> Self {
        Self::with_options(minicom, WebOptions::default())
    }

    /// With options.
    pub fn with_options(minicom: Minicom, options: WebOptions) -> Self {
        Self { inner: Arc::new(Inner { minicom, options }) }
    }

    /// Whether a path, as it stands in the request, is one of ours. An adapter leaves any other to the host.
    pub fn serves(&self, path: &str) -> bool {
        self.inner.find(path).is_some()
    }

    /// Answers a request. Its body is read where the resource has one, and dropped before anything else where not.
    pub fn handle<B>(
        &self,
        request: Request<B>,
    ) -> impl Future<Output = Response<Body>> + Send + 'static + use<B>
    where
        B: http_body::Body + Send + 'static,
        B::Error: std::error::Error,
    {
        // Apart before the first await: a framework's body need be neither `Sync` nor kept.
        let (parts, body) = request.into_parts();
        let reads = self.inner.find(parts.uri.path()).is_some_and(Route::takes_body);
        self.clone().respond(parts, reads.then_some(body))
    }

    async fn respond<B>(self, parts: Parts, body: Option<B>) -> Response<Body>
    where
        B: http_body::Body + Send + 'static,
        B::Error: std::error::Error,
    {
        let path = parts.uri.path().to_owned();
        let original = parts.extensions.get::<OriginalPath>().filter(|_| path == "/");
        let below = original.and_then(OriginalPath::page_below);
        let head = parts.method == Method::HEAD;
        let response = match self.inner.find(&path) {
            None => reply::not_found(),
            Some(route) if !route.methods().contains(&parts.method) => {
                reply::method_not_allowed(route.methods())
            }
            Some(route) => match below {
                Some(location) => reply::moved(location),
                None => self.dispatch(route, parts, body).await,
            },
        };
        if head { without_body(response) } else { response }
    }

    #[cfg_attr(
        not(feature = "login"),
        allow(unused_variables, reason = "only the login's resources have one")
    )]
    async fn dispatch<B>(&self, route: Route<'_>, parts: Parts, body: Option<B>) -> Response<Body>
    where
        B: http_body::Body + Send + 'static,
        B::Error: std::error::Error,
    {
        let Inner { minicom, options } = &*self.inner;
        let from = origin::judge(&parts, &options.allowed_origins);
        match route {
            Route::Asset(asset) => pages::response(asset, &parts.headers),
            Route::Panel => pages::panel(&parts.headers, &options.allowed_origins),
            Route::Slash(page) => reply::with(reply::empty(StatusCode::PERMANENT_REDIRECT), LOCATION, page),
            Route::Health => reply::text(StatusCode::OK, "ok"),
            Route::Users | Route::Session | Route::Widget | Route::Act { .. } => {
                let response = match (&parts.method, route) {
                    (&Method::OPTIONS, _) => origin::preflight(&parts, from, route.methods()),
                    (_, Route::Users) => rest::users(minicom, &parts).await,
                    (_, Route::Widget) => rest::widget(&options.widget),
                    (_, Route::Act { role, email, act }) => {
                        rest::act(minicom, &parts, from, role, email, act).await
                    }
                    _ => self.session(&parts).await,
                };
                origin::share(response, &parts, from)
            }
            Route::Chat { role, email } => {
                handshake::answer(minicom, parts, from, Asked::Path { role, email }).await
            }
            Route::Socket => handshake::answer(minicom, parts, from, Asked::Nothing).await,
            #[cfg(feature = "login")]
            Route::Login(resource) => match &options.login {
                Some(login) => crate::login::respond(login, minicom, &parts, from, resource, body).await,
                None => reply::not_found(),
            },
        }
    }
}

impl Web {
    #[cfg(not(feature = "login"))]
    async fn session(&self, parts: &Parts) -> Response<Body> {
        rest::session(&self.inner.minicom, parts, false).await
    }

    /// Who it is; with a login of our own also that he comes from it, or where it is.
    #[cfg(feature = "login")]
    async fn session(&self, parts: &Parts) -> Response<Body> {
        let Inner { minicom, options } = &*self.inner;
        let response = rest::session(minicom, parts, options.login.is_some()).await;
        if options.login.is_some() { crate::login::tell_where(response) } else { response }
    }
}

/// What `HEAD` answers: the same headers, the length included.
fn without_body(mut response: Response<Body>) -> Response<Body> {
    if let Some(length) = response.body().size_hint().exact().filter(|_| has_length(response.status())) {
        response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(length));
    }
    *response.body_mut() = Body::default();
    response
}

/// A 304 must not claim that its body is empty.
fn has_length(status: StatusCode) -> bool {
    status != StatusCode::NOT_MODIFIED
}

impl<B> Service<Request<B>> for Web
where
    B: http_body::Body + Send + 'static,
    B::Error: std::error::Error,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let response = self.handle(request);
        Box::pin(async { Ok(response.await) })
    }
}

#[cfg(test)]
mod tests {
    use minicom_core::MemoryStore;

    use super::*;

    /// hyper cuts off what must not be there; another server need not.
    #[tokio::test]
    async fn head_is_answered_without_a_body() {
        let web = Web::new(Minicom::builder().store(MemoryStore::new()).build().expect("a store was given"));
        for (path, status) in
            [("/", 200), ("/healthz", 200), ("/api/users/", 401), ("/ws", 405), ("/basket", 404)]
        {
            let head = web.handle(Request::head(path).body(Body::default()).expect("a request")).await;
            assert_eq!((head.status().as_u16(), head.body().is_end_stream()), (status, true), "{path}");
            assert_ne!(
                head.headers()[CONTENT_LENGTH],
                "0",
                "{path}: the length of what GET would be answered"
            );
        }
    }
}
