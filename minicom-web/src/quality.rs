//! How gladly a client accepts something: the weights of `Accept-Encoding` and `Accept-Language`.

/// One item of a list, and how gladly it is accepted, in thousandths (RFC 9110 section 12.4.2).
pub(crate) fn item(item: &str) -> (&str, u16) {
    let mut parts = item.split(';').map(str::trim);
    let name = parts.next().unwrap_or_default();
    let quality = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
    (name, quality.map_or(1000, thousandths))
}

/// A weight, `0.5` as 500. What is none counts as not accepted.
fn thousandths(weight: &str) -> u16 {
    let (whole, fraction) = weight.split_once('.').unwrap_or((weight, ""));
    let is_weight = fraction.len() <= 3 && fraction.bytes().all(|byte| byte.is_ascii_digit());
    match whole {
        "0" if is_weight => format!("{fraction:0<3}").parse().unwrap_or(0),
        "1" if is_weight => 1000,
        _ => 0,
    }
}
