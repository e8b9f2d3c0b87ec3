//! Whether a request that changes something is one that our own page made, or that no page made at all. A browser sends the
//! agent's cookie along from wherever it likes.

use http::{
    HeaderName, Response, StatusCode,
    header::{CONTENT_TYPE, COOKIE, ORIGIN},
    request::Parts,
};

use crate::{
    Body,
    origin::{self, From},
    reply,
};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Lets our own pages and programs through. A page of another origin that may carry the widget may not sign anybody in or
/// out; and what brings a cookie without a word of where it is from is refused, for there are browsers that say nothing.
pub(super) fn check(parts: &Parts, from: From) -> Result<(), Box<Response<Body>>> {
    let headers = &parts.headers;
    let said = headers.contains_key(ORIGIN) || headers.contains_key(SEC_FETCH_SITE);
    let same_site = headers.get_all(SEC_FETCH_SITE).iter().all(|site| site == "same-origin");
    let is_own = match from {
        From::Here => true,
        From::Allowed => origin::is_own(parts),
        From::Stranger => false,
    };
    if !is_own || !same_site || (!said && headers.contains_key(COOKIE)) {
        let message = "only this server's own pages may ask this";
        return Err(reply::problem(StatusCode::FORBIDDEN, "forbidden", message).into());
    }
    if !is_json(parts) {
        let message = "the body must be application/json";
        return Err(reply::problem(StatusCode::UNSUPPORTED_MEDIA_TYPE, "bad_request", message).into());
    }
    Ok(())
}

/// A form of a stranger's page cannot send this type.
fn is_json(parts: &Parts) -> bool {
    let mut types = parts.headers.get_all(CONTENT_TYPE).iter();
    let (Some(first), None) = (types.next(), types.next()) else { return false };
    let Ok(text) = first.to_str() else { return false };
    text.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_pages_and_programs() {
        let json = ("content-type", "application/json");
        let cookie = ("cookie", "a=b");
        let own = ("origin", "http://shop.example");
        let same = ("sec-fetch-site", "same-origin");
        for (headers, from, status) in [
            (vec![json], From::Here, None),
            (vec![json, own], From::Here, None),
            (vec![json, own, cookie], From::Here, None),
            (vec![json, same, cookie], From::Here, None),
            (vec![("content-type", "Application/JSON; charset=utf-8"), own], From::Here, None),
            (vec![json, cookie], From::Here, Some(403)),
            (vec![json, own], From::Allowed, Some(403)),
            (vec![json, ("origin", "http://here.example")], From::Allowed, None),
            (vec![json, own], From::Stranger, Some(403)),
            (vec![json, cookie, ("sec-fetch-site", "same-site")], From::Here, Some(403)),
            (vec![json, own, ("sec-fetch-site", "cross-site")], From::Here, Some(403)),
            (vec![json, same, ("sec-fetch-site", "none")], From::Here, Some(403)),
            (vec![own], From::Here, Some(415)),
            (vec![own, ("content-type", "text/plain")], From::Here, Some(415)),
            (vec![own, ("content-type", "application/jsonp")], From::Here, Some(415)),
            (vec![own, ("content-type", "application/x-www-form-urlencoded")], From::Here, Some(415)),
            (vec![own, json, json], From::Here, Some(415)),
        ] {
            let asked = http::Request::post("/api/login").header("host", "here.example");
            let request = headers.iter().fold(asked, |request, (name, value)| request.header(*name, *value));
            let parts = request.body(()).expect("a request").into_parts().0;
            let refused = check(&parts, from).err().map(|response| response.status().as_u16());
            assert_eq!(refused, status, "{headers:?} {from:?}");
        }
    }
}
