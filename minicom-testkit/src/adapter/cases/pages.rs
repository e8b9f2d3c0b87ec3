//! The built pages: an adapter must lose none of their headers and change none of their bytes.

use super::Fixture;
use crate::adapter::kit;

/// A browser is told what a page may do.
pub async fn are_strict(fixture: &Fixture) {
    let server = kit::by_path(fixture).await;
    for path in ["/", "/index.html", "/desk", "/?a=b"] {
        let page = server.get(path).await;
        assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")));
        let policy = page.header("content-security-policy").expect("a policy");
        for rule in ["default-src 'none'", "frame-ancestors 'none'", "script-src 'self'"] {
            assert!(policy.contains(rule), "{path}: {policy}");
        }
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cache-control", "no-cache"),
            ("cross-origin-opener-policy", "same-origin"),
        ] {
            assert_eq!(page.header(name), Some(value), "{name} of {path}");
        }
    }
}

/// Every script and style is there, for ever.
pub async fn load_what_is_there(fixture: &Fixture) {
    let server = kit::by_path(fixture).await;
    for path in ["/", "/desk"] {
        let page = server.get(path).await;
        let links: Vec<_> =
            page.text().split('"').filter_map(|link| link.strip_prefix("./assets/")).collect();
        assert!(!links.is_empty(), "{path} loads something");
        for link in links {
            let asset = server.get(&format!("/assets/{link}")).await;
            assert_eq!(asset.status, 200, "{link}");
            assert!(!asset.body.is_empty(), "{link}");
            assert_eq!(asset.header("cache-control"), Some("public, max-age=31536000, immutable"));
        }
    }
    let icon = server.get("/favicon.svg").await;
    assert_eq!((icon.status, icon.header("content-type")), (200, Some("image/svg+xml")));
}

/// What a browser has is not sent again.
pub async fn have_tags(fixture: &Fixture) {
    let server = kit::by_path(fixture).await;
    let page = server.get("/desk").await;
    let tag = page.header("etag").expect("a tag").to_owned();
    let list = format!("\"other\", W/{tag}");
    for known in [tag.as_str(), "*", &list] {
        let same = server.ask("GET", "/desk", &[("if-none-match", known)]).await;
        assert_eq!((same.status, same.header("etag")), (304, Some(tag.as_str())), "{known}");
    }
    assert_eq!(server.ask("GET", "/desk", &[("if-none-match", "\"other\"")]).await.status, 200);
}

/// Packed as the browser can unpack it, each with its own tag.
pub async fn have_encodings(fixture: &Fixture) {
    let server = kit::by_path(fixture).await;
    let plain = server.get("/").await;
    let mut tags = vec![plain.header("etag").expect("a tag").to_owned()];
    for (accept, coding) in [("gzip, deflate, br", "br"), ("gzip", "gzip")] {
        let packed = server.ask("GET", "/", &[("accept-encoding", accept)]).await;
        assert_eq!((packed.status, packed.header("content-encoding")), (200, Some(coding)));
        assert_eq!(packed.header("vary"), Some("Accept-Encoding"));
        assert!(packed.body.len() < plain.body.len());
        let tag = packed.header("etag").expect("a tag").to_owned();
        let same = server.ask("GET", "/", &[("accept-encoding", accept), ("if-none-match", &tag)]).await;
        assert_eq!(same.status, 304);
        assert!(!tags.contains(&tag), "{tag}");
        tags.push(tag);
    }
    assert_eq!(plain.header("content-encoding"), None);
}

/// The same headers, the length included.
pub async fn head_is_get_without_a_body(fixture: &Fixture) {
    let server = kit::by_path(fixture).await;
    for path in ["/", "/desk", "/favicon.svg", "/healthz", "/api/users/", "/api/session"] {
        let (get, head) = (server.get(path).await, server.ask("HEAD", path, &[]).await);
        assert_eq!(head.status, get.status, "{path}");
        for name in ["content-length", "content-type", "etag", "vary", "cache-control"] {
            assert_eq!(head.header(name), get.header(name), "{name} of {path}");
        }
    }
}

/// With a slash its relative links would lead astray.
pub async fn the_desk_has_one_address(fixture: &Fixture) {
    let server = kit::by_path(fixture).await;
    let moved = server.get("/desk/").await;
    assert_eq!((moved.status, moved.header("location")), (308, Some("../desk")));
}
