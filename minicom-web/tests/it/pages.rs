//! The built pages: what is sent, how it is packed, and what else a browser is told.

use minicom_core::Minicom;
use minicom_web::WebOptions;

use crate::{client::http, server};

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
                      font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; \
                      form-action 'none'; require-trusted-types-for 'script'; frame-ancestors ";

#[tokio::test]
async fn pages_have_strict_headers_and_what_they_load_is_there() {
    let address = server::by_path().await.address;
    for path in ["/", "/index.html", "/desk"] {
        let page = http(address, "GET", path, &[]).await;
        assert_eq!(page.status, 200, "{path}");
        assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
        assert_eq!(page.header("content-security-policy"), Some(format!("{POLICY}'none'").as_str()));
        assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
        assert_eq!(page.header("cross-origin-opener-policy"), Some("same-origin"));
        assert_eq!(page.header("cache-control"), Some("no-cache"));
        let permissions = page.header("permissions-policy").expect("a policy of permissions");
        for denied in ["camera=()", "geolocation=()", "microphone=()"] {
            assert!(permissions.contains(denied), "{permissions}");
        }

        let loaded: Vec<_> =
            page.text().split('"').filter_map(|link| link.strip_prefix("./assets/")).collect();
        assert!(!loaded.is_empty(), "{path}");
        for file in loaded {
            let asset = http(address, "GET", &format!("/assets/{file}"), &[]).await;
            assert_eq!(asset.status, 200, "{file}");
            assert_eq!(asset.header("cache-control"), Some("public, max-age=31536000, immutable"));
            assert_eq!(asset.header("x-content-type-options"), Some("nosniff"));
            let script = file.contains(".js");
            let kind = if script { "text/javascript; charset=utf-8" } else { "text/css; charset=utf-8" };
            assert_eq!(asset.header("content-type"), Some(kind), "{file}");
        }
    }
    let icon = http(address, "GET", "/favicon.svg", &[]).await;
    assert_eq!((icon.status, icon.header("content-type")), (200, Some("image/svg+xml")));
}

#[tokio::test]
async fn each_encoding_has_its_own_tag_and_is_sent_once() {
    let address = server::by_path().await.address;
    let plain = http(address, "GET", "/desk", &[]).await;
    assert_eq!(plain.header("content-encoding"), None);
    let mut tags = vec![plain.header("etag").expect("a tag").to_owned()];
    for coding in ["br", "gzip"] {
        let accept = ("accept-encoding", coding);
        let packed = http(address, "GET", "/desk", &[accept]).await;
        assert_eq!(packed.header("content-encoding"), Some(coding));
        assert_eq!(packed.header("vary"), Some("Accept-Encoding"));
        assert!(packed.body.len() < plain.body.len());
        let tag = packed.header("etag").expect("a tag").to_owned();

        let list = format!("\"other\", W/{tag}");
        for known in [tag.as_str(), "*", &list] {
            let same = http(address, "GET", "/desk", &[accept, ("if-none-match", known)]).await;
            assert_eq!((same.status, same.body.len()), (304, 0), "{known}");
            assert_eq!(same.header("etag"), Some(tag.as_str()));
            assert_eq!(same.header("vary"), Some("Accept-Encoding"));
            assert_eq!(same.header("cache-control"), Some("no-cache"));
        }
        let of_plain = http(address, "GET", "/desk", &[accept, ("if-none-match", &tags[0])]).await;
        assert_eq!(of_plain.status, 200, "the tag of other bytes");
        tags.push(tag);
    }
    tags.sort();
    tags.dedup();
    assert_eq!(tags.len(), 3);
}

#[tokio::test]
async fn head_is_get_without_the_body() {
    let address = server::by_path().await.address;
    for path in [
        "/",
        "/desk",
        "/panel",
        "/widget.js",
        "/favicon.svg",
        "/healthz",
        "/readyz",
        "/api/users/",
        "/api/session",
        "/api/widget",
        "/desk/",
    ] {
        let accept = ("accept-encoding", "br");
        let (get, head) =
            (http(address, "GET", path, &[accept]).await, http(address, "HEAD", path, &[accept]).await);
        assert_eq!((head.status, head.body.len()), (get.status, 0), "{path}");
        for header in ["content-length", "content-type", "etag", "content-encoding", "vary"] {
            assert_eq!(head.header(header), get.header(header), "{header} of {path}");
        }
        assert_eq!(head.header("content-length"), Some(get.body.len().to_string().as_str()), "{path}");
    }
}

#[tokio::test]
async fn what_is_not_ours_and_what_cannot_be_done() {
    let address = server::by_path().await.address;
    let minicom = minicom_core::Minicom::builder().store(minicom_core::MemoryStore::new()).build();
    let web = minicom_web::Web::new(minicom.expect("a store is given"));
    for path in
        ["/nothing", "/assets/", "/assets/none.js", "/assets/../desk.html", "/desk.html", "/ws/chat", "/api"]
    {
        assert_eq!(http(address, "GET", path, &[]).await.status, 404, "{path}");
        assert!(!web.serves(path), "{path}");
    }
    for (method, path, allow) in [
        ("POST", "/", "GET, HEAD"),
        ("OPTIONS", "/desk", "GET, HEAD"),
        ("POST", "/panel", "GET, HEAD"),
        ("POST", "/api/widget", "GET, HEAD, OPTIONS"),
        ("DELETE", "/healthz", "GET, HEAD"),
        ("POST", "/api/users/", "GET, HEAD, OPTIONS"),
        ("PUT", "/api/session", "GET, HEAD, OPTIONS"),
        ("POST", "/ws", "GET"),
        ("HEAD", "/ws/chat/user/ann/", "GET"),
    ] {
        let refused = http(address, method, path, &[]).await;
        assert_eq!((refused.status, refused.header("allow")), (405, Some(allow)), "{method} {path}");
    }
    for (path, page) in [("/desk/", "../desk"), ("/panel/", "../panel")] {
        let moved = http(address, "GET", path, &[]).await;
        assert_eq!((moved.status, moved.header("location")), (308, Some(page)));
    }
    let health = http(address, "GET", "/healthz", &[]).await;
    assert_eq!((health.status, health.text()), (200, "ok"));
    assert_eq!(health.header("content-type"), Some("text/plain; charset=utf-8"));
}

/// An answer that is no page is taken for none, framed by none, and loaded by no other origin's.
#[tokio::test]
async fn what_is_no_page_is_sealed() {
    let address = server::by_token().await.address;
    for path in ["/healthz", "/readyz", "/api/session", "/api/widget", "/api/users/", "/nothing", "/ws"] {
        let answer = http(address, "GET", path, &[]).await;
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(answer.header(name), Some(value), "{name} of {path}");
        }
    }
}

/// Whether browsers must come over TLS is the host's to say.
#[tokio::test]
async fn tls_alone_is_asked_for_where_the_host_says_so() {
    let silent = server::by_path().await.address;
    let year = std::time::Duration::from_hours(365 * 24);
    let options = WebOptions::default().strict_transport(year);
    let strict = server::serve_with(Minicom::builder(), options, None).await.address;
    for path in ["/", "/desk", "/panel", "/widget.js", "/api/session", "/nothing", "/ws"] {
        let header = "strict-transport-security";
        assert_eq!(http(silent, "GET", path, &[]).await.header(header), None, "{path}");
        assert_eq!(http(strict, "GET", path, &[]).await.header(header), Some("max-age=31536000"), "{path}");
    }
}
