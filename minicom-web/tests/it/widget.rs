//! What a page that carries the widget gets: the script, the page that it frames, and how the widget looks.

use minicom_core::Minicom;
use minicom_web::{Side, WebOptions, WidgetConfig, WidgetLanguage};
use serde_json::json;

use crate::{
    client::http,
    server::{self, Tokens},
};

const SHOP: &str = "https://shop.example";

fn options() -> WebOptions {
    WebOptions::default().allow_origin(SHOP.parse().expect("an origin"))
}

#[tokio::test]
async fn the_panel_is_framed_by_listed_origins_and_our_own_alone() {
    let alone = server::by_path().await.address;
    let listed = server::serve_with(Minicom::builder(), options(), None).await.address;
    for (address, ancestors) in
        [(alone, "frame-ancestors 'self'"), (listed, "frame-ancestors 'self' https://shop.example")]
    {
        let page = http(address, "GET", "/", &[]).await;
        let panel = http(address, "GET", "/panel", &[]).await;
        assert_eq!((panel.status, panel.text()), (200, page.text()));
        assert_eq!(panel.header("content-type"), Some("text/html; charset=utf-8"));
        assert_eq!(panel.header("cache-control"), Some("no-cache"));
        assert_eq!(panel.header("cross-origin-resource-policy"), Some("cross-origin"));
        assert_eq!(panel.header("x-frame-options"), None, "it knows no lists and would forbid them");
        let directives = |reply: &crate::client::Reply| {
            let policy = reply.header("content-security-policy").expect("a policy");
            policy.split("; ").map(str::to_owned).collect::<Vec<_>>()
        };
        let (ours, theirs) = (directives(&page), directives(&panel));
        assert_eq!(ours[..ours.len() - 1], theirs[..theirs.len() - 1], "as strict in everything else");
        assert_eq!(theirs.last().map(String::as_str), Some(ancestors));
        for path in ["/", "/desk"] {
            let unframed = http(address, "GET", path, &[]).await;
            let policy = unframed.header("content-security-policy").expect("a policy");
            assert!(policy.ends_with("; frame-ancestors 'none'"), "{path}: {policy}");
        }

        let tag = panel.header("etag").expect("a tag");
        let same = http(address, "GET", "/panel", &[("if-none-match", tag)]).await;
        assert_eq!((same.status, same.body.len()), (304, 0));
        assert_eq!(same.header("content-security-policy"), panel.header("content-security-policy"));
    }
}

#[tokio::test]
async fn the_script_is_for_every_page_and_kept_for_a_short_while() {
    let address = server::by_path().await.address;
    let script = http(address, "GET", "/widget.js", &[("accept-encoding", "gzip")]).await;
    assert_eq!(script.status, 200);
    assert_eq!(script.header("content-type"), Some("text/javascript; charset=utf-8"));
    assert_eq!(script.header("cache-control"), Some("public, max-age=300"));
    assert_eq!(script.header("cross-origin-resource-policy"), Some("cross-origin"));
    assert_eq!(script.header("access-control-allow-origin"), Some("*"));
    assert_eq!(script.header("set-cookie"), None);
    assert!(script.body.len() <= 5 * 1024, "{} bytes", script.body.len());
    let tag = script.header("etag").expect("a tag");
    let known = [("accept-encoding", "gzip"), ("if-none-match", tag)];
    assert_eq!(http(address, "GET", "/widget.js", &known).await.status, 304);

    // And what it says in another language than English.
    let words = http(address, "GET", "/assets/launcher/ar.json", &[("origin", "https://any.example")]).await;
    assert_eq!(words.header("content-type"), Some("application/json"));
    assert_eq!(words.header("cache-control"), Some("public, max-age=300"));
    assert_eq!(words.header("access-control-allow-origin"), Some("*"));
    assert!(words.json()["launcher"].is_string());
    assert_eq!(http(address, "GET", "/assets/launcher/xx.json", &[]).await.status, 404);
}

#[tokio::test]
async fn how_the_widget_looks_is_asked_by_listed_origins() {
    let plain = server::by_token().await.address;
    let nothing = http(plain, "GET", "/api/widget", &[]).await;
    assert_eq!((nothing.status, nothing.json()), (200, json!({})));

    let config = WidgetConfig::default()
        .accent("#0F766E".parse().expect("a colour"))
        .side(Side::Start)
        .greeting("Hello from the shop".parse().expect("a text"));
    let server = server::serve_with(Minicom::builder().authenticator(Tokens), options().widget(config), None);
    let address = server.await.address;
    for (origin, allowed) in [(SHOP, true), ("https://evil.example", false)] {
        let answer = http(address, "GET", "/api/widget/", &[("origin", origin)]).await;
        assert_eq!(answer.status, 200, "without saying who one is");
        let chosen = json!({"accent": "#0f766e", "side": "start", "greeting": "Hello from the shop"});
        assert_eq!(answer.json(), chosen);
        assert_eq!(answer.header("content-type"), Some("application/json"));
        assert_eq!(answer.header("cache-control"), Some("public, max-age=60"));
        assert_eq!(answer.header("vary"), Some("Origin"));
        assert_eq!(answer.header("access-control-allow-origin"), allowed.then_some(origin));
    }
}

/// Said by the address, the host and the browser, in that order; what is not allowed is not spoken.
#[tokio::test]
async fn the_widget_speaks_what_is_allowed() {
    let config = WidgetConfig::default()
        .lang("ja".parse().expect("a tag"))
        .languages([WidgetLanguage::De, WidgetLanguage::Fr]);
    let server = server::serve_with(Minicom::builder().authenticator(Tokens), options().widget(config), None);
    let address = server.await.address;
    for (path, browser, lang) in [
        ("/api/widget", "fr-CH, de;q=0.5", "fr-CH"),
        ("/api/widget", "ja", "de"),
        ("/api/widget/?lang=fr", "de", "fr"),
        ("/api/widget?1234&lang=ja", "fr", "fr"),
    ] {
        let answer = http(address, "GET", path, &[("accept-language", browser)]).await;
        assert_eq!(answer.json(), json!({"lang": lang, "languages": ["de", "fr"]}), "{path} {browser}");
        assert_eq!(answer.header("cache-control"), Some("public, max-age=60"));
        assert_eq!(answer.header("vary"), Some("Origin, Accept-Language"), "a cache must know it");
    }
}
