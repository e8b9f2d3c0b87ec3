//! Percent-decoding of one path segment (RFC 3986 section 2.1). Strict: a client that cannot encode is told so, rather
//! than taken for somebody else.

/// The segment is no encoding of UTF-8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NotDecodable;

/// Decodes a segment. A plus is a plus: only form data means a space by it.
pub(crate) fn decode(segment: &str) -> Result<String, NotDecodable> {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.bytes();
    while let Some(byte) = rest.next() {
        let byte = if byte == b'%' { digit(rest.next())? << 4 | digit(rest.next())? } else { byte };
        bytes.push(byte);
    }
    String::from_utf8(bytes).map_err(|_| NotDecodable)
}

fn digit(byte: Option<u8>) -> Result<u8, NotDecodable> {
    let digit = byte.and_then(|byte| char::from(byte).to_digit(16)).ok_or(NotDecodable)?;
    u8::try_from(digit).map_err(|_| NotDecodable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_once_and_strictly() {
        for (segment, text) in [
            ("ann%40example.com", "ann@example.com"),
            ("a%2Fb", "a/b"),
            ("a%2fb", "a/b"),
            ("a+b", "a+b"),
            ("%2541", "%41"),
            ("J%C3%BCrgen", "J\u{fc}rgen"),
            ("", ""),
        ] {
            assert_eq!(decode(segment).as_deref(), Ok(text), "{segment}");
        }
        for segment in ["%", "%4", "%zz", "%4g", "%+1", "%ff", "%C3", "a%"] {
            assert_eq!(decode(segment), Err(NotDecodable), "{segment}");
        }
    }
}
