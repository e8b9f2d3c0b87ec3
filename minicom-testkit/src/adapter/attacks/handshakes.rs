//! Handshakes of strangers, of liars and of odd clients. The server believes [`Tokens`](crate::adapter::people::Tokens), and
//! allows one origin besides its own.

use super::{
    ANN, ANNS_COOKIE, BEN, CROSS_SITE, ENDED, FORGED, HER_NAMESAKE, NULL, SAME_ORIGIN, SAME_SITE, SHOPS,
    STRANGERS, UNSIGNED,
};
use crate::adapter::{
    attack::{
        Handshake, NONE, OWN,
        Opens::{self, Asks, Closed, In, Status},
    },
    kit::Header,
};

const fn row(
    what: &'static str,
    path: &'static str,
    headers: &'static [Header<'static>],
    opens: Opens,
) -> Handshake {
    Handshake { what, path, headers, opens }
}

const ANNS: &str = "/ws/chat/user/ann/";

pub(crate) const ALL: &[Handshake] = &[
    // Who.
    row("nobody at a path", ANNS, &[], Closed(4501)),
    row("nobody at the socket", "/ws", &[], Asks),
    row("herself", ANNS, &[ANN], In),
    row("herself by cookie", ANNS, &[ANNS_COOKIE], In),
    row("an unsigned token", "/ws", &[UNSIGNED], Closed(4501)),
    row("an unsigned token at a path", ANNS, &[UNSIGNED], Closed(4501)),
    row("a forged token", "/ws", &[FORGED], Closed(4501)),
    row("an ended token", "/ws", &[ENDED], Closed(4401)),
    row("an ended session", "/ws", &[(crate::adapter::SESSION_HEADER, "ended:ann")], Closed(4401)),
    row("another participant", "/ws/chat/user/bob/", &[ANN], Closed(4503)),
    row("another participant by case", "/ws/chat/user/Ann/", &[ANN], Closed(4503)),
    row("another participant by a trailing space", "/ws/chat/user/ann%20/", &[ANN], Closed(4503)),
    row("another participant by a NUL", "/ws/chat/user/ann%00/", &[ANN], Closed(4503)),
    row("another participant encoded twice", "/ws/chat/user/%2561nn/", &[ANN], Closed(4503)),
    row("a role above", "/ws/chat/admin/ann/", &[ANN], Closed(4503)),
    row("a role below", "/ws/chat/user/ben/", &[BEN], Closed(4503)),
    row("the AI's role", "/ws/chat/ai/ann/", &[ANN], Closed(4504)),
    row("no role there is", "/ws/chat/root/ann/", &[ANN], Closed(4504)),
    row("a role by case", "/ws/chat/USER/ann/", &[ANN], Closed(4504)),
    row("a role with a space", "/ws/chat/user%20/ann/", &[ANN], Closed(4504)),
    row("a namesake of another workspace", ANNS, &[HER_NAMESAKE], In),
    row("a cookie beside another's token", ANNS, &[ANNS_COOKIE, ("authorization", "Bearer user:bob")], In),
    row("two tokens", "/ws", &[ANN, BEN], Asks),
    row("two tokens at a path", ANNS, &[ANN, ANN], Closed(4501)),
    row("a token as a password", ANNS, &[("authorization", "Basic dXNlcjphbm4=")], Closed(4501)),
    row("a token without a scheme", ANNS, &[("authorization", "user:ann")], Closed(4501)),
    row("an empty token", ANNS, &[("authorization", "Bearer ")], Closed(4501)),
    // Where a token never stands.
    row("a token in the query", "/ws?token=user:ann", &[], Asks),
    row("an access token in the query", "/ws/chat/user/ann/?access_token=user:ann", &[], Closed(4501)),
    row("a header in the query", "/ws/chat/user/ann/?authorization=Bearer+user:ann", &[], Closed(4501)),
    row("a session in the query", "/ws?x-test-identity=user:ann", &[], Asks),
    row("a token in a cookie", ANNS, &[("cookie", "token=user:ann; authorization=user:ann")], Closed(4501)),
    row("a token as a subprotocol", "/ws", &[("sec-websocket-protocol", "bearer, user:ann")], Asks),
    row("a token in a proxy's header", ANNS, &[("proxy-authorization", "Bearer user:ann")], Closed(4501)),
    // From where.
    row("her own page", ANNS, &[ANNS_COOKIE, ("origin", OWN)], In),
    row("an allowed page", ANNS, &[ANNS_COOKIE, SHOPS], In),
    row("an allowed page, told cross-site", ANNS, &[ANNS_COOKIE, SHOPS, CROSS_SITE], In),
    row("a stranger's page with her cookie", ANNS, &[ANNS_COOKIE, STRANGERS], Status(403)),
    row("a stranger's page with her token", "/ws", &[ANN, STRANGERS], Status(403)),
    row("a stranger's page with nothing", "/ws", &[STRANGERS], Status(403)),
    row("a stranger who says same-origin", ANNS, &[ANNS_COOKIE, STRANGERS, SAME_ORIGIN], Status(403)),
    row(
        "a name that begins alike",
        ANNS,
        &[ANNS_COOKIE, ("origin", "https://shop.example.evil.example")],
        Status(403),
    ),
    row("a name that ends alike", ANNS, &[ANNS_COOKIE, ("origin", "https://evilshop.example")], Status(403)),
    row("a subdomain", ANNS, &[ANNS_COOKIE, ("origin", "https://a.shop.example")], Status(403)),
    row("an allowed name without TLS", ANNS, &[ANNS_COOKIE, ("origin", "http://shop.example")], Status(403)),
    row(
        "an allowed name on another port",
        ANNS,
        &[ANNS_COOKIE, ("origin", "https://shop.example:8443")],
        Status(403),
    ),
    row(
        "an allowed name behind a password",
        ANNS,
        &[ANNS_COOKIE, ("origin", "https://shop.example@evil.example")],
        Status(403),
    ),
    row(
        "an allowed name with a path",
        ANNS,
        &[ANNS_COOKIE, ("origin", "https://shop.example/a")],
        Status(403),
    ),
    row("an allowed name with a dot", ANNS, &[ANNS_COOKIE, ("origin", "https://shop.example.")], Status(403)),
    row("the own name on another port", ANNS, &[ANNS_COOKIE, ("origin", "http://127.0.0.1:1")], Status(403)),
    row("a null origin", ANNS, &[ANNS_COOKIE, NULL], Status(403)),
    row("a null origin, told cross-site", ANNS, &[ANNS_COOKIE, NULL, CROSS_SITE], Status(403)),
    row("a null origin of an own page", ANNS, &[ANNS_COOKIE, NULL, SAME_ORIGIN], In),
    row("an empty origin", ANNS, &[ANNS_COOKIE, ("origin", "")], Status(403)),
    row("no origin at all", ANNS, &[ANNS_COOKIE, ("origin", "https")], Status(403)),
    row("two origins", ANNS, &[ANNS_COOKIE, SHOPS, STRANGERS], Status(403)),
    row("two allowed origins", ANNS, &[ANNS_COOKIE, SHOPS, SHOPS], Status(403)),
    row(
        "a list of origins",
        ANNS,
        &[ANNS_COOKIE, ("origin", "https://shop.example https://evil.example")],
        Status(403),
    ),
    row("an origin stripped, cross-site", ANNS, &[ANNS_COOKIE, CROSS_SITE], Status(403)),
    row("an origin stripped, same-site", ANNS, &[ANNS_COOKIE, SAME_SITE], Status(403)),
    row("an origin stripped, same-origin", ANNS, &[ANNS_COOKIE, SAME_ORIGIN], In),
    row("an origin stripped, of no page", ANNS, &[ANNS_COOKIE, ("sec-fetch-site", "none")], In),
    row(
        "an origin stripped, a site unheard of",
        ANNS,
        &[ANNS_COOKIE, ("sec-fetch-site", "friends")],
        Status(403),
    ),
    row("an origin stripped, two sites", ANNS, &[ANNS_COOKIE, SAME_ORIGIN, CROSS_SITE], Status(403)),
    row(
        "an allowed referrer only",
        ANNS,
        &[ANNS_COOKIE, CROSS_SITE, ("referer", "https://shop.example/")],
        Status(403),
    ),
    row(
        "an allowed origin forwarded",
        ANNS,
        &[ANNS_COOKIE, STRANGERS, ("x-forwarded-host", "evil.example")],
        Status(403),
    ),
    // In what words.
    row("version 8", ANNS, &[ANN, ("sec-websocket-version", "8")], Status(426)),
    row("version 0", ANNS, &[ANN, ("sec-websocket-version", "0")], Status(426)),
    row(
        "two versions",
        ANNS,
        &[ANN, ("sec-websocket-version", "13"), ("sec-websocket-version", "8")],
        Status(426),
    ),
    row("no version", ANNS, &[ANN, ("sec-websocket-version", NONE)], Status(426)),
    row("no key", ANNS, &[ANN, ("sec-websocket-key", NONE)], Status(400)),
    row("a short key", ANNS, &[ANN, ("sec-websocket-key", "c2hvcnQ=")], Status(400)),
    row("a long key", ANNS, &[ANN, ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZSBpcyBsb25n")], Status(400)),
    row("a key in no base64", ANNS, &[ANN, ("sec-websocket-key", "!!!!!!!!!!!!!!!!!!!!!!==")], Status(400)),
    row(
        "two keys",
        ANNS,
        &[
            ANN,
            ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
            ("sec-websocket-key", "AAAAAAAAAAAAAAAAAAAAAA=="),
        ],
        Status(400),
    ),
    row("no upgrade", ANNS, &[ANN, ("upgrade", NONE)], Status(426)),
    row("another upgrade", ANNS, &[ANN, ("upgrade", "h2c")], Status(426)),
    row("no connection", ANNS, &[ANN, ("connection", "close")], Status(426)),
    row("a subprotocol", ANNS, &[ANN, ("sec-websocket-protocol", "graphql-ws, mqtt")], In),
    row(
        "compression",
        ANNS,
        &[ANN, ("sec-websocket-extensions", "permessage-deflate; client_max_window_bits")],
        In,
    ),
    row("an extension that there is not", ANNS, &[ANN, ("sec-websocket-extensions", "x; y=\"z\", x")], In),
    row("another method by a header", ANNS, &[ANN, ("x-http-method-override", "POST")], In),
];
