//! A request, from lines.

use bytes::Bytes;
use http::{
    HeaderMap, HeaderName, HeaderValue, Method, Request, Uri, Version,
    header::{AUTHORIZATION, HOST},
};
use minicom_web::Body;

/// A request, and what its surroundings put into its extensions.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub method: Method,
    pub uri: Uri,
    pub version: Version,
    pub headers: HeaderMap,
    /// The server can upgrade.
    pub upgrade: bool,
    /// The host's session knows a visitor.
    pub user: bool,
    /// The host's session knows an agent.
    pub agent: bool,
    /// An adapter serves below a mount: the whole path.
    pub mount: Option<String>,
}

impl Asked {
    /// A request without headers, from nobody.
    pub(super) fn new(method: Method, uri: Uri, version: Version) -> Self {
        let headers = HeaderMap::new();
        Self { method, uri, version, headers, upgrade: false, user: false, agent: false, mount: None }
    }

    /// Reads a request. A line that is no header is left out; without a first line there is no request.
    pub(super) fn read(data: &[u8]) -> Option<Self> {
        let mut lines = data.split(|byte| *byte == b'\n');
        let mut first = lines.next()?.split(|byte| *byte == b' ');
        let method = Method::from_bytes(first.next()?).ok()?;
        let uri = Uri::from_maybe_shared(Bytes::copy_from_slice(first.next()?)).ok()?;
        let version = match first.next() {
            Some(b"HTTP/1.0") => Version::HTTP_10,
            Some(b"HTTP/2") => Version::HTTP_2,
            _ => Version::HTTP_11,
        };
        let mut asked = Self::new(method, uri, version);
        for line in lines.take(64) {
            match line {
                b"!upgrade" => asked.upgrade = true,
                b"!user" => asked.user = true,
                b"!agent" => asked.agent = true,
                line => match line.strip_prefix(b"!mount ").map(str::from_utf8) {
                    Some(Ok(mount)) => asked.mount = Some(mount.to_owned()),
                    _ => asked.headers.extend(header(line)),
                },
            }
        }
        Some(asked)
    }

    pub(super) fn with_method(&self, method: Method) -> Self {
        Self { method, ..self.clone() }
    }

    /// As `http` has it.
    pub(super) fn request(&self) -> Request<Body> {
        let mut request = Request::new(Body::default());
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = self.uri.clone();
        *request.version_mut() = self.version;
        *request.headers_mut() = self.headers.clone();
        request
    }

    /// The value of a header that stands there once.
    pub(super) fn only(&self, name: &HeaderName) -> Option<&[u8]> {
        let values: Vec<_> = self.headers.get_all(name).iter().collect();
        if let [value] = values[..] { Some(value.as_bytes()) } else { None }
    }

    /// The host that is asked.
    pub(super) fn authority(&self) -> Option<String> {
        let named = self.uri.authority().map(ToString::to_string);
        named.or_else(|| Some(std::str::from_utf8(self.only(&HOST)?).ok()?.to_owned()))
    }

    /// The token that it brings.
    pub(super) fn token(&self) -> Option<&str> {
        let (scheme, token) = self.headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
    }
}

fn header(line: &[u8]) -> Option<(HeaderName, HeaderValue)> {
    let colon = line.iter().position(|byte| *byte == b':')?;
    let name = HeaderName::from_bytes(&line[..colon]).ok()?;
    let value = HeaderValue::from_bytes(line[colon + 1..].trim_ascii()).ok()?;
    Some((name, value))
}
