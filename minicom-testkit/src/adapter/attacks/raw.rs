//! Requests that no client library would send: what one reader takes for one request must be nobody's two.

use crate::adapter::attack::Raw;

const fn row(what: &'static str, bytes: &'static str, statuses: &'static [u16]) -> Raw {
    Raw { what, bytes, statuses }
}

/// Refused, or the connection ended without a word, which is written as 0.
const REFUSED: &[u16] = &[400, 0];

pub(crate) const ALL: &[Raw] = &[
    row("two hosts", "GET /healthz HTTP/1.1\r\nhost: {host}\r\nhost: {host}\r\n\r\n", REFUSED),
    row(
        "another host beside",
        "GET /api/session HTTP/1.1\r\nhost: {host}\r\nhost: evil.example\r\n\r\n",
        REFUSED,
    ),
    row(
        "two lengths",
        "POST /api/session HTTP/1.1\r\nhost: {host}\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello",
        REFUSED,
    ),
    row(
        "a list of lengths",
        "POST /api/session HTTP/1.1\r\nhost: {host}\r\ncontent-length: 5, 6\r\n\r\nhello",
        REFUSED,
    ),
    row(
        "a length with a sign",
        "POST /api/session HTTP/1.1\r\nhost: {host}\r\ncontent-length: +5\r\n\r\nhello",
        REFUSED,
    ),
    row(
        "a length below nothing",
        "POST /api/session HTTP/1.1\r\nhost: {host}\r\ncontent-length: -1\r\n\r\n",
        REFUSED,
    ),
    row(
        "a length in other digits",
        "POST /api/session HTTP/1.1\r\nhost: {host}\r\ncontent-length: 0x5\r\n\r\nhello",
        REFUSED,
    ),
    row(
        "a length beyond numbers",
        "POST /api/session HTTP/1.1\r\nhost: {host}\r\ncontent-length: 99999999999999999999\r\n\r\n",
        REFUSED,
    ),
    row("an empty length", "POST /api/session HTTP/1.1\r\nhost: {host}\r\ncontent-length: \r\n\r\n", REFUSED),
    row(
        "a coding that is not the last",
        "POST /api/session HTTP/1.1\r\nhost: {host}\r\ntransfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        REFUSED,
    ),
    row(
        "a coding that there is not",
        "POST /api/session HTTP/1.1\r\nhost: {host}\r\ntransfer-encoding: xchunked\r\n\r\n0\r\n\r\n",
        REFUSED,
    ),
    row(
        "a space before a colon",
        "POST /api/session HTTP/1.1\r\nhost: {host}\r\ntransfer-encoding : chunked\r\n\r\n0\r\n\r\n",
        REFUSED,
    ),
    row("a tab before a colon", "GET /healthz HTTP/1.1\r\nhost\t: {host}\r\n\r\n", REFUSED),
    row("a folded line", "GET /healthz HTTP/1.1\r\nhost: {host}\r\nx-a: b\r\n c: d\r\n\r\n", REFUSED),
    row("a line that begins with a space", "GET /healthz HTTP/1.1\r\n host: {host}\r\n\r\n", REFUSED),
    row("a line without a colon", "GET /healthz HTTP/1.1\r\nhost: {host}\r\nnonsense\r\n\r\n", REFUSED),
    row("a name with a space", "GET /healthz HTTP/1.1\r\nhost: {host}\r\nx a: b\r\n\r\n", REFUSED),
    row("an empty name", "GET /healthz HTTP/1.1\r\nhost: {host}\r\n: b\r\n\r\n", REFUSED),
    row("a NUL in a value", "GET /healthz HTTP/1.1\r\nhost: {host}\r\nx-a: a\0b\r\n\r\n", REFUSED),
    row(
        "a lone return in a value",
        "GET /healthz HTTP/1.1\r\nhost: {host}\r\nx-a: a\rx-b: c\r\n\r\n",
        REFUSED,
    ),
    row("a NUL in the target", "GET /desk\0 HTTP/1.1\r\nhost: {host}\r\n\r\n", REFUSED),
    row("a space in the target", "GET /desk /healthz HTTP/1.1\r\nhost: {host}\r\n\r\n", REFUSED),
    row("a fragment in the target", "GET healthz#a HTTP/1.1\r\nhost: {host}\r\n\r\n", &[400, 404, 0]),
    row("no version", "GET /healthz\r\n\r\n", REFUSED),
    row("HTTP/0.9", "GET /healthz HTTP/0.9\r\nhost: {host}\r\n\r\n", REFUSED),
    row("HTTP/1.2", "GET /healthz HTTP/1.2\r\nhost: {host}\r\n\r\n", &[400, 505, 0]),
    row("HTTP/3", "GET /healthz HTTP/3.0\r\nhost: {host}\r\n\r\n", &[400, 505, 0]),
    row("a version in small letters", "GET /healthz http/1.1\r\nhost: {host}\r\n\r\n", REFUSED),
    row(
        "a handshake in HTTP/1.0",
        "GET /ws HTTP/1.0\r\nhost: {host}\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
        &[426],
    ),
    row("TLS where there is none", "\u{16}\u{3}\u{1}\0\u{a5}\u{1}\0\0\u{a1}\u{3}\u{3}\r\n\r\n", REFUSED),
    row("another protocol", "SSH-2.0-OpenSSH_9.2\r\n\r\n", REFUSED),
    row(
        "a proxy's tunnel",
        "CONNECT 169.254.169.254:80 HTTP/1.1\r\nhost: {host}\r\n\r\n",
        &[400, 404, 405, 0],
    ),
    row(
        "a proxy's request elsewhere",
        "GET http://169.254.169.254/latest/meta-data/ HTTP/1.1\r\nhost: {host}\r\n\r\n",
        &[400, 404, 0],
    ),
    row("a method with a space", " GET /healthz HTTP/1.1\r\nhost: {host}\r\n\r\n", REFUSED),
    row(
        "a name for the host that is none",
        "GET /api/chat/user/ann/stop HTTP/1.1\r\nhost: {host}/a\r\norigin: http://{host}\r\n\r\n",
        &[400, 405, 0],
    ),
    row(
        "an act with a host that is none",
        "POST /api/chat/user/ann/stop HTTP/1.1\r\nhost: {host}/a\r\norigin: http://{host}\r\nx-test-identity: user:ann\r\n\r\n",
        &[400, 403, 0],
    ),
];
