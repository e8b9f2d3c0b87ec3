//! Bytes of tokens become text. A token may end in the middle of a character.

/// Holds back what is not whole yet. What can never become a character is replaced by U+FFFD.
#[derive(Debug, Default)]
pub(crate) struct Utf8 {
    /// The beginning of a character, at most three bytes.
    rest: Vec<u8>,
}

impl Utf8 {
    /// The text that these bytes complete.
    pub(crate) fn push(&mut self, bytes: &[u8]) -> String {
        self.rest.extend_from_slice(bytes);
        let mut text = String::with_capacity(self.rest.len());
        let mut left: &[u8] = &self.rest;
        loop {
            match str::from_utf8(left) {
                Ok(whole) => {
                    text.push_str(whole);
                    left = &[];
                    break;
                }
                Err(error) => {
                    let (whole, after) = left.split_at(error.valid_up_to());
                    text.push_str(&String::from_utf8_lossy(whole));
                    left = after;
                    let Some(wrong) = error.error_len() else { break };
                    text.push(char::REPLACEMENT_CHARACTER);
                    left = &left[wrong..];
                }
            }
        }
        self.rest = left.to_vec();
        text
    }

    /// What is left at the end.
    pub(crate) fn finish(&mut self) -> String {
        let rest = std::mem::take(&mut self.rest);
        String::from_utf8_lossy(&rest).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cut(bytes: &[u8], sizes: &[usize]) -> String {
        let mut utf8 = Utf8::default();
        let mut text = String::new();
        let mut left = bytes;
        for size in sizes.iter().cycle() {
            if left.is_empty() {
                break;
            }
            let (piece, after) = left.split_at((*size).min(left.len()));
            text.push_str(&utf8.push(piece));
            assert!(utf8.rest.len() < 4);
            left = after;
        }
        text + &utf8.finish()
    }

    #[test]
    fn a_character_is_held_until_it_is_whole() {
        let mut utf8 = Utf8::default();
        let bytes = "👋".as_bytes();
        assert_eq!(utf8.push(&bytes[..1]), "");
        assert_eq!(utf8.push(&bytes[1..3]), "");
        assert_eq!(utf8.push(&bytes[3..]), "👋");
        assert_eq!(utf8.finish(), "");
    }

    #[test]
    fn what_never_becomes_one_is_replaced() {
        let mut utf8 = Utf8::default();
        assert_eq!(utf8.push(b"a\xff\xf0\x9f"), "a\u{fffd}");
        assert_eq!(utf8.push(b"b"), "\u{fffd}b");
        assert_eq!(utf8.push(b"\xe2\x82"), "");
        assert_eq!(utf8.finish(), "\u{fffd}");
    }

    proptest! {
        #[test]
        fn however_it_is_cut_it_reads_the_same(
            bytes in prop::collection::vec(prop_oneof![any::<u8>(), 0x80u8..0xf5], 0..64),
            sizes in prop::collection::vec(1usize..5, 1..8),
        ) {
            prop_assert_eq!(cut(&bytes, &sizes), String::from_utf8_lossy(&bytes));
        }

        #[test]
        fn text_survives(text in ".*", sizes in prop::collection::vec(1usize..5, 1..8)) {
            prop_assert_eq!(cut(text.as_bytes(), &sizes), text);
        }
    }
}
