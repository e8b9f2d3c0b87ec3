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
    header::{CACHE_CONTROL, CONTENT_LENGTH, HOST, LOCATION, STRICT_TRANSPORT_SECURITY},
    request::Parts,
};
use http_body::Body as _;
use minicom_core::{AddressCharge, AuthTarget, Code, Minicom, NotReady, WorkspaceId};
use tower_service::Service;

use crate::{
    Body, WebOptions, auth,
    handshake::{self, Asked},
    origin, pages, peer, reply, rest,
    route::{Route, RouteKind},
    visitor,
    workspace::{self, Chosen, Place},
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
    /// What holds in each of [`WebOptions::workspaces`], in their order.
    within: Vec<WebOptions>,
}

impl Inner {
    /// What a path is, and in which of the workspaces if it names one.
    fn find<'a>(&self, path: &'a str) -> (Option<usize>, Option<Route<'a>>) {
        match workspace::place(&self.options.workspaces, path) {
            Place::Unnamed(path) => (None, self.route(path)),
            Place::Within(workspace, path) => {
                (Some(workspace), self.route(path).filter(|route| route.is_in_workspaces()))
            }
            Place::Bare(workspace, segment) => (Some(workspace), Some(Route::Workspace(segment))),
        }
    }

    /// What a path is below the workspaces. The login's, and that of the metrics, are the host's where there are none.
    #[cfg_attr(
        not(any(feature = "login", feature = "metrics")),
        allow(clippy::unused_self, reason = "these are what may be there or not")
    )]
    fn route<'a>(&self, path: &'a str) -> Option<Route<'a>> {
        let route = Route::find(path);
        #[cfg(feature = "login")]
        let route = route.filter(|route| self.options.login.is_some() || !matches!(route, Route::Login(_)));
        #[cfg(feature = "metrics")]
        let route = route.filter(|route| self.options.metrics.is_some() || *route != Route::Metrics);
        route
    }

    /// The same for a request, which remembers the workspace that its path or host name chose; and what holds there.
    fn enter<'a>(&self, parts: &mut Parts, path: &'a str) -> (Option<Route<'a>>, &WebOptions) {
        let (by_path, route) = self.find(path);
        let by_host = workspace::of_host(&self.options.workspaces, parts);
        // One workspace's name with another one's path is nowhere.
        let route = route.filter(|_| by_path.is_none() || by_host.is_none() || by_path == by_host);
        let Some(index) = by_path.or(by_host) else { return (route, &self.options) };
        if let Some(workspace) = self.options.workspaces.get(index) {
            parts.extensions.insert(Chosen(workspace.id.clone()));
        }
        (route, self.within.get(index).unwrap_or(&self.options))
    }

    /// What holds in a workspace that an identity named.
    fn within(&self, id: &WorkspaceId) -> &WebOptions {
        let found = self.options.workspaces.iter().position(|workspace| workspace.id == *id);
        found.and_then(|index| self.within.get(index)).unwrap_or(&self.options)
    }
}

impl Web {
    /// With the options' defaults: only the server's own pages may talk to it.
    pub fn new(minicom: Minicom) -> Self {
        Self::with_options(minicom, WebOptions::default())
    }

    /// With options.
    pub fn with_options(minicom: Minicom, options: WebOptions) -> Self {
        let within = options.workspaces.iter().map(|workspace| workspace.over(&options)).collect();
        Self { inner: Arc::new(Inner { minicom, options, within }) }
    }

    /// Whether a path, as it stands in the request, is one of ours. An adapter leaves any other to the host.
    pub fn serves(&self, path: &str) -> bool {
        self.inner.find(path).1.is_some()
    }

    /// Which route a path is, for tests that go through all of them.
    #[doc(hidden)]
    pub fn route_kind(&self, path: &str) -> Option<RouteKind> {
        self.inner.find(path).1.map(Route::kind)
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
        let reads = self.inner.find(parts.uri.path()).1.is_some_and(Route::takes_body);
        self.clone().respond(parts, reads.then_some(body))
    }

    async fn respond<B>(self, mut parts: Parts, body: Option<B>) -> Response<Body>
    where
        B: http_body::Body + Send + 'static,
        B::Error: std::error::Error,
    {
        peer::find(&mut parts, &self.inner.options.trusted_proxies);
        let path = parts.uri.path().to_owned();
        let original = parts.extensions.get::<OriginalPath>().filter(|_| path == "/");
        let below = original.and_then(OriginalPath::page_below);
        let head = parts.method == Method::HEAD;
        let (route, options) = self.inner.enter(&mut parts, &path);
        let response = match route {
            None => reply::not_found(),
            // RFC 9112 section 3.2. Who checks the host before us, or chooses by it after us, may have taken the other one.
            Some(_) if parts.headers.get_all(HOST).iter().nth(1).is_some() => {
                reply::text(StatusCode::BAD_REQUEST, "one Host, please\n")
            }
            Some(route) if !route.methods().contains(&parts.method) => {
                reply::method_not_allowed(route.methods())
            }
            Some(route) => match below {
                Some(location) => reply::moved(location),
                None => self.dispatch(route, options, parts, body).await,
            },
        };
        let response = self.strict(self.counted(response));
        if head { without_body(response) } else { response }
    }

    /// Counts it if it refuses something.
    fn counted(&self, mut response: Response<Body>) -> Response<Body> {
        if let Some(code) = response.extensions_mut().remove::<Code>() {
            self.inner.minicom.count_refusal(code);
        }
        response
    }

    /// With the host's word on TLS, if it gave one.
    fn strict(&self, mut response: Response<Body>) -> Response<Body> {
        let lasts = self.inner.options.strict_transport.map(|lasts| format!("max-age={}", lasts.as_secs()));
        let value = lasts.and_then(|lasts| HeaderValue::try_from(lasts).ok());
        response.headers_mut().extend(value.map(|value| (STRICT_TRANSPORT_SECURITY, value)));
        response
    }

    #[cfg_attr(
        not(feature = "login"),
        allow(unused_variables, reason = "only the login's resources have one")
    )]
    async fn dispatch<B>(
        &self,
        route: Route<'_>,
        options: &WebOptions,
        parts: Parts,
        body: Option<B>,
    ) -> Response<Body>
    where
        B: http_body::Body + Send + 'static,
        B::Error: std::error::Error,
    {
        let minicom = &self.inner.minicom;
        let from = origin::judge(&parts, &options.allowed_origins);
        if let Some(refused) = origin::refuse(&parts, from, route.opens_socket()) {
            return refused;
        }
        // A handshake is counted where it can be answered so that a page sees it, and a check of health is no visit.
        if !matches!(route, Route::Chat { .. } | Route::Socket | Route::Health | Route::Ready)
            && let Err(refusal) = peer::charge(minicom, &parts, AddressCharge::Request)
        {
            return origin::share(reply::error(&refusal.into()), &parts, from);
        }
        match route {
            Route::Asset(asset) => pages::response(asset, &parts.headers),
            Route::Panel => pages::panel(&parts.headers, &options.allowed_origins),
            Route::Slash(page) => reply::with(reply::empty(StatusCode::PERMANENT_REDIRECT), LOCATION, page),
            Route::Workspace(segment) => reply::below(segment),
            Route::Health => reply::text(StatusCode::OK, "ok"),
            Route::Ready => ready(minicom).await,
            #[cfg(feature = "metrics")]
            Route::Metrics => match &options.metrics {
                Some(metrics) => metrics.respond(&parts),
                None => reply::not_found(),
            },
            Route::Users | Route::Session | Route::Widget | Route::Visitor | Route::Act { .. } => {
                let response = match (&parts.method, route) {
                    (&Method::OPTIONS, _) => origin::preflight(&parts, from, route.methods()),
                    (_, Route::Users) => rest::users(minicom, &parts).await,
                    (_, Route::Widget) => self.widget(options, &parts).await,
                    (_, Route::Visitor) => visitor::create(minicom, &parts).await,
                    (_, Route::Act { role, email, act }) => {
                        rest::act(minicom, &parts, role, email, act).await
                    }
                    _ => self.session(&parts).await,
                };
                origin::share(response, &parts, from)
            }
            Route::Chat { role, email } => {
                handshake::answer(minicom, parts, Asked::Path { role, email }).await
            }
            Route::Socket => handshake::answer(minicom, parts, Asked::Nothing).await,
            #[cfg(feature = "login")]
            Route::Login(resource) => match &options.login {
                Some(login) => crate::login::respond(login, minicom, &parts, from, resource, body).await,
                None => reply::not_found(),
            },
        }
    }
}

impl Web {
    /// The looks of the workspace that the request is for. If neither its path nor its host name says which one that is, who
    /// asks does, if anybody knows him.
    async fn widget(&self, options: &WebOptions, parts: &Parts) -> Response<Body> {
        if self.inner.options.workspaces.is_empty() || parts.extensions.get::<Chosen>().is_some() {
            return rest::widget(parts, &options.widget);
        }
        let request = auth::request(parts, AuthTarget::Rest);
        match auth::identify(&self.inner.minicom, parts, &request).await {
            Ok(identity) => rest::own_widget(parts, &self.inner.within(&identity.workspace).widget),
            Err(_) => rest::own_widget(parts, &options.widget),
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
        let Inner { minicom, options, .. } = &*self.inner;
        let response = rest::session(minicom, parts, options.login.is_some()).await;
        if options.login.is_some() { crate::login::tell_where(response) } else { response }
    }
}

/// Whether a balancer may send somebody here.
async fn ready(minicom: &Minicom) -> Response<Body> {
    let response = match minicom.ready().await {
        Ok(()) => reply::text(StatusCode::OK, "ready"),
        Err(NotReady::Draining) => reply::text(StatusCode::SERVICE_UNAVAILABLE, "draining"),
        Err(_) => reply::text(StatusCode::SERVICE_UNAVAILABLE, "the store does not write"),
    };
    reply::with(response, CACHE_CONTROL, "no-store")
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
        for (path, status) in [
            ("/", 200),
            ("/healthz", 200),
            ("/readyz", 200),
            ("/api/users/", 401),
            ("/ws", 405),
            ("/basket", 404),
        ] {
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
