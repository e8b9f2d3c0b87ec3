//! The built pages: bytes that the compiler took in, with their encodings made beforehand.

use bytes::Bytes;
use http::{
    HeaderMap, HeaderName, HeaderValue, Response, StatusCode,
    header::{
        ACCEPT_ENCODING, ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_ENCODING,
        CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH, REFERRER_POLICY, VARY,
        X_CONTENT_TYPE_OPTIONS,
    },
};

use crate::{
    Body, Origin,
    origin::frame_ancestors,
    quality,
    reply::{self, CROSS_ORIGIN_RESOURCE_POLICY},
};

macro_rules! shared_policy {
    () => {
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
         connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; \
         require-trusted-types-for 'script'"
    };
}

/// One file of the built pages.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Asset {
    /// Relative to the mount.
    path: &'static str,
    content_type: &'static str,
    /// Of the bytes as they are, with its quotes.
    etag: &'static str,
    /// Whether the path names the content, so that it never changes.
    immutable: bool,
    identity: &'static [u8],
    br: Option<&'static [u8]>,
    gzip: Option<&'static [u8]>,
}

/// A line of the table that the build of the pages writes. Each file has its compressed copies beside it.
macro_rules! asset {
    ($path:literal, $content_type:literal, $etag:literal, $immutable:literal) => {
        Asset {
            path: $path,
            content_type: $content_type,
            etag: concat!("\"", $etag, "\""),
            immutable: $immutable,
            identity: include_bytes!($path),
            br: Some(include_bytes!(concat!($path, ".br"))),
            gzip: Some(include_bytes!(concat!($path, ".gz"))),
        }
    };
}

/// Written by the build of the pages.
static ASSETS: &[Asset] = include!("../dist/assets.rs");

/// Scripts, styles and connections of our own alone; nothing inline, nobody's frame, and no strings made into markup.
const POLICY: &str = concat!(shared_policy!(), "; frame-ancestors 'none'");
/// The same without a word on frames.
const PANEL_POLICY: &str = shared_policy!();

/// What the pages never ask a browser for, so that no script that got in could either.
const PERMISSIONS: &str = "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), \
     magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=()";

/// The script that other pages load. Its address stays, so it is kept for a short while only.
const LOADER: &str = "widget.js";
/// What that script says in each language; the same holds for it.
const LOADER_WORDS: &str = "assets/launcher/";

/// The agents' login, which is there for those who have one.
const LOGIN: &str = "login.html";

/// The page of the login.
#[cfg(feature = "login")]
pub(crate) fn login() -> Option<&'static Asset> {
    ASSETS.iter().find(|asset| asset.path == LOGIN)
}

/// Finds a file by its path without the leading slash.
pub(crate) fn find(path: &str) -> Option<&'static Asset> {
    let path = match path {
        "" => "index.html",
        "desk" => "desk.html",
        // One address a page.
        "desk.html" | LOGIN => return None,
        path => path,
    };
    ASSETS.iter().find(|asset| asset.path == path)
}

/// How bytes are packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Coding {
    Brotli,
    Gzip,
    Identity,
}

impl Coding {
    fn token(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
            Self::Identity => "identity",
        }
    }
}

/// Answers with a file, or says that the client has it.
pub(crate) fn response(asset: &'static Asset, request: &HeaderMap) -> Response<Body> {
    let (coding, bytes) = choose(asset, request);
    let etag = etag(asset, coding);
    let known = etag.as_ref().is_some_and(|etag| matches(request, etag.as_bytes()));
    let mut response = reply::empty(if known { StatusCode::NOT_MODIFIED } else { StatusCode::OK });
    if !known {
        *response.body_mut() = Body::from(Bytes::from_static(bytes));
    }
    let of_loader = asset.path == LOADER || asset.path.starts_with(LOADER_WORDS);
    let cache = match asset.path {
        _ if asset.immutable => "public, max-age=31536000, immutable",
        _ if of_loader => "public, max-age=300",
        _ => "no-cache",
    };
    let mut headers = vec![
        (CACHE_CONTROL, cache),
        (VARY, "Accept-Encoding"),
        (CONTENT_TYPE, asset.content_type),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    if coding != Coding::Identity {
        headers.push((CONTENT_ENCODING, coding.token()));
    }
    if asset.content_type.starts_with("text/html") {
        headers.extend([
            (CONTENT_SECURITY_POLICY, POLICY),
            (REFERRER_POLICY, "no-referrer"),
            (HeaderName::from_static("permissions-policy"), PERMISSIONS),
            (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
            (CROSS_ORIGIN_RESOURCE_POLICY, "same-origin"),
        ]);
    }
    if of_loader {
        // Pages of any origin load it; those that isolate themselves, or ask for the script's integrity, too.
        headers.extend([(CROSS_ORIGIN_RESOURCE_POLICY, "cross-origin"), (ACCESS_CONTROL_ALLOW_ORIGIN, "*")]);
    }
    for (name, value) in headers {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response.headers_mut().extend(etag.map(|etag| (ETAG, etag)));
    response
}

/// Answers with the visitor's page for a frame on a page of our own or of an allowed origin.
pub(crate) fn panel(request: &HeaderMap, allowed: &[Origin]) -> Response<Body> {
    let Some(page) = find("") else { return reply::not_found() };
    let mut response = response(page, request);
    let policy = format!("{PANEL_POLICY}; {}", frame_ancestors(allowed));
    let headers = response.headers_mut();
    // Origins are made of what a header may hold; if one were not, nobody would be the right answer.
    let policy = HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static(POLICY));
    headers.insert(CONTENT_SECURITY_POLICY, policy);
    headers.insert(CROSS_ORIGIN_RESOURCE_POLICY, HeaderValue::from_static("cross-origin"));
    response
}

/// Each coding's bytes are a representation of their own, and so need a strong tag of their own.
fn etag(asset: &Asset, coding: Coding) -> Option<HeaderValue> {
    let etag = match coding {
        Coding::Identity => return Some(HeaderValue::from_static(asset.etag)),
        Coding::Brotli | Coding::Gzip => {
            format!("{}-{}\"", asset.etag.trim_end_matches('"'), coding.token())
        }
    };
    HeaderValue::try_from(etag).ok()
}

/// Whether the client has what we would send (RFC 9110 section 13.1.2; the comparison is the weak one).
fn matches(request: &HeaderMap, etag: &[u8]) -> bool {
    let values = request.get_all(IF_NONE_MATCH).iter();
    let mut tags =
        values.flat_map(|value| value.as_bytes().split(|byte| *byte == b',')).map(<[u8]>::trim_ascii);
    tags.any(|tag| tag == b"*" || tag.strip_prefix(b"W/").unwrap_or(tag) == etag)
}

/// The smallest that the client accepts most gladly (RFC 9110 section 12.5.3). One that accepts nothing gets the plain
/// bytes, which serves it better than a refusal.
fn choose(asset: &'static Asset, request: &HeaderMap) -> (Coding, &'static [u8]) {
    let accepted = Accepted::read(request);
    let mut best = (Coding::Identity, asset.identity);
    let mut quality = accepted.identity.unwrap_or(0);
    for (coding, bytes) in [(Coding::Gzip, asset.gzip), (Coding::Brotli, asset.br)] {
        let wanted = accepted.quality(coding);
        if let Some(bytes) = bytes.filter(|_| wanted > 0 && wanted >= quality) {
            (best, quality) = ((coding, bytes), wanted);
        }
    }
    best
}

/// How gladly each coding is accepted, in thousandths; `None`: it is not named.
#[derive(Debug, Default)]
struct Accepted {
    brotli: Option<u16>,
    gzip: Option<u16>,
    identity: Option<u16>,
    any: Option<u16>,
}

impl Accepted {
    fn read(request: &HeaderMap) -> Self {
        let mut accepted = Self::default();
        let values = request.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
        for item in values.flat_map(|value| value.split(',')) {
            let (name, quality) = quality::item(item);
            match name.to_ascii_lowercase().as_str() {
                "br" => accepted.brotli = Some(quality),
                "gzip" | "x-gzip" => accepted.gzip = Some(quality),
                "identity" => accepted.identity = Some(quality),
                "*" => accepted.any = Some(quality),
                _ => {}
            }
        }
        accepted
    }

    fn quality(&self, coding: Coding) -> u16 {
        let named = match coding {
            Coding::Brotli => self.brotli,
            Coding::Gzip => self.gzip,
            Coding::Identity => self.identity,
        };
        named.or(self.any).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_wanted_coding_wins_and_brotli_a_tie() {
        let page = find("").expect("the page");
        for (accept, coding) in [
            (None, Coding::Identity),
            (Some(""), Coding::Identity),
            (Some("gzip, deflate, br"), Coding::Brotli),
            (Some("gzip"), Coding::Gzip),
            (Some("GZIP;Q=0.5"), Coding::Gzip),
            (Some("br;q=0.5, gzip;q=0.9"), Coding::Gzip),
            (Some("br;q=0, gzip;q=0.001"), Coding::Gzip),
            (Some("br;q=0, gzip;q=0"), Coding::Identity),
            (Some("*"), Coding::Brotli),
            (Some("*;q=0.1, br;q=0"), Coding::Gzip),
            (Some("identity, gzip;q=0.5"), Coding::Identity),
            (Some("identity;q=0.5, gzip"), Coding::Gzip),
            (Some("identity;q=0, deflate"), Coding::Identity),
            (Some("br;q=2, gzip;q=x, deflate"), Coding::Identity),
        ] {
            let mut request = HeaderMap::new();
            request.extend(accept.map(|accept| (ACCEPT_ENCODING, HeaderValue::from_static(accept))));
            assert_eq!(choose(page, &request).0, coding, "{accept:?}");
        }
    }

    #[test]
    fn every_file_is_what_its_table_says() {
        for asset in ASSETS {
            assert!(asset.etag.starts_with('"') && asset.etag.ends_with('"'), "{}", asset.path);
            let named_by_content = asset.path.starts_with("assets/") && !asset.path.starts_with(LOADER_WORDS);
            assert_eq!(asset.immutable, named_by_content, "{}", asset.path);
            assert!(!asset.identity.is_empty(), "{}", asset.path);
        }
        for path in ["index.html", "desk", LOADER, "assets/launcher/de.json", "favicon.svg"] {
            assert!(find(path).is_some(), "{path}");
        }
    }
}
