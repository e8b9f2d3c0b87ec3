//! URLs that are told off before anything is sent.

use minicom_outbound::{Outbound, OutboundError, Proxy};

use crate::strict;

type Is = fn(&OutboundError) -> bool;

#[test]
fn tricks_lead_nowhere() {
    let outbound = Outbound::new(&strict()).expect("a client");
    let not_allowed: Is = OutboundError::is_not_allowed;
    let no_url: Is = OutboundError::is_url;
    for (url, is) in [
        ("http://127.0.0.1/", not_allowed),
        ("https://127.0.0.1:8443/a?b", not_allowed),
        ("http://127.1/", not_allowed),
        ("http://127.0.1/", not_allowed),
        ("http://127.0.0.1./", not_allowed),
        ("http://2130706433/", not_allowed),
        ("http://0x7f000001/", not_allowed),
        ("http://0x7f.1/", not_allowed),
        ("http://0X7F.0.0.1/", not_allowed),
        ("http://0177.0.0.1/", not_allowed),
        ("http://017700000001/", not_allowed),
        ("http://0177.0x0.0.01/", not_allowed),
        ("http://127.0.0.1:80@169.254.169.254/", no_url),
        ("http://%31%32%37.0.0.1/", not_allowed),
        // Digits of other kinds: circled and wide ones are what they look like.
        ("http://\u{2460}\u{2461}\u{2466}.0.0.1/", not_allowed),
        ("http://\u{ff11}\u{ff12}\u{ff17}.0.0.1/", not_allowed),
        // Other dots too.
        ("http://127\u{3002}0\u{3002}0\u{3002}1/", not_allowed),
        ("http://127.0.0.1\\@example.com/", not_allowed),
        ("http:127.0.0.1/", not_allowed),
        ("http:/127.0.0.1/", not_allowed),
        ("http:\\\\127.0.0.1\\", not_allowed),
        (" \thttp://127.0.0.1/\n", not_allowed),
        ("ht\ntp://127.0.0.1/", not_allowed),
        ("HTTP://127.0.0.1/", not_allowed),
        ("http://0/", not_allowed),
        ("http://0.0.0.0/", not_allowed),
        ("http://169.254.169.254/latest/meta-data/", not_allowed),
        ("http://2852039166/latest/meta-data/", not_allowed),
        ("http://0xa9fea9fe/", not_allowed),
        ("http://10.0.0.1/", not_allowed),
        ("http://172.16.0.1/", not_allowed),
        ("http://192.168.1.1/", not_allowed),
        ("http://100.64.0.1/", not_allowed),
        ("http://[::1]/", not_allowed),
        ("http://[::]/", not_allowed),
        ("http://[0:0:0:0:0:0:0:1]/", not_allowed),
        ("http://[::ffff:127.0.0.1]/", not_allowed),
        ("http://[::ffff:7f00:1]/", not_allowed),
        ("http://[::ffff:a9fe:a9fe]/", not_allowed),
        ("http://[64:ff9b::127.0.0.1]/", not_allowed),
        ("http://[2002:7f00:1::]/", not_allowed),
        ("http://[fd00:ec2::254]/", not_allowed),
        ("http://[fe80::1]/", not_allowed),
        ("http://[fe80::1%25eth0]/", no_url),
        ("http://[ff02::1]/", not_allowed),
        ("http://256.0.0.1/", no_url),
        ("http://127.0.0.0.1/", no_url),
        ("http://4294967296/", no_url),
        ("http://ann@example.com/", no_url),
        ("http://ann:s3cret@example.com/", no_url),
        ("http://:s3cret@example.com/", no_url),
        ("ftp://example.com/", no_url),
        ("file:///etc/passwd", no_url),
        ("gopher://127.0.0.1:70/_x", no_url),
        ("data:text/plain,hi", no_url),
        ("javascript:alert(1)", no_url),
        ("unix:/run/docker.sock", no_url),
        ("//127.0.0.1/", no_url),
        ("http://", no_url),
        ("http:///", no_url),
        ("", no_url),
        ("127.0.0.1", no_url),
        ("http://a b/", no_url),
        ("http://exa\0mple.com/", no_url),
    ] {
        let error = outbound.check(url).expect_err(url);
        assert!(is(&error), "{url}: {error:?}");
        assert!(!error.is_retryable(), "{url}");
        let shown = format!("{error:?} {error}");
        assert!(!shown.contains("s3cret") && !shown.contains("meta-data"), "{shown}");
    }
}

#[test]
fn what_leads_into_the_internet_is_let_through() {
    let outbound = Outbound::new(&strict()).expect("a client");
    for url in [
        "http://example.com",
        "http://EXAMPLE.com:8080/a?b#c",
        "http://1.1.1.1/",
        "http://[2606:4700:4700::1111]/",
        "http://[::ffff:1.1.1.1]/",
        // Judged when it is resolved.
        "http://localhost/",
        "http://xn--bcher-kva.example/",
    ] {
        assert!(outbound.check(url).is_ok(), "{url}");
    }
    assert_eq!(outbound.check("https://example.com/").is_ok(), cfg!(feature = "tls"));
}

/// Behind a proxy nobody here knows where a name leads, so that only what the operator named is asked for.
#[test]
fn through_a_proxy_only_what_was_named() {
    let mut options = strict().allow_host("api.example").expect("a host");
    options.proxy = Proxy::System;
    let outbound = Outbound::new(&options).expect("a client");
    assert!(outbound.check("http://api.example/").is_ok());
    for url in ["http://example.com/", "http://1.1.1.1/", "http://127.0.0.1/"] {
        assert!(outbound.check(url).expect_err(url).is_not_allowed(), "{url}");
    }
}

#[test]
fn an_exception_is_for_what_it_names() {
    let options = strict().allow_host("127.0.0.1").and_then(|options| options.allow_host("[::1]"));
    let options = options.and_then(|options| options.allow_host("Desk.Internal")).expect("hosts");
    let outbound = Outbound::new(&options.allow_network("10.1.0.0/16".parse().expect("a network")));
    let outbound = outbound.expect("a client");
    for (url, allowed) in [
        ("http://127.0.0.1:1234/", true),
        ("http://0x7f.1/", true),
        ("http://127.0.0.2/", false),
        ("http://[::1]/", true),
        ("http://[::ffff:127.0.0.1]/", false),
        ("http://10.1.255.255/", true),
        ("http://[::ffff:10.1.0.1]/", true),
        ("http://10.2.0.1/", false),
        ("http://desk.internal/", true),
    ] {
        assert_eq!(outbound.check(url).is_ok(), allowed, "{url}");
    }
    for host in ["", "a b", "http://a", "a:80", "[::1"] {
        assert!(strict().allow_host(host).expect_err(host).is_url(), "{host}");
    }
}
