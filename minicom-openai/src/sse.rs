//! Event streams (`text/event-stream`), read from whatever pieces they arrive in. What only a browser needs of them (names,
//! ids, reconnecting) is skipped.
//!
//! Written here and not taken from `eventsource-stream`, because that one holds a line of any length, looks at all of it
//! again whenever a piece arrives, and ends at the first byte that is no UTF-8. A test compares the two.

use std::str::Utf8Error;

use crate::error::Malformed;

/// How long a line may be, and the data of an event, in bytes. A token takes 300.
pub(crate) const EVENT_BYTES: usize = 64 * 1024;

/// Splits a stream into the data of its events.
#[derive(Debug, Default)]
pub(crate) struct Events {
    /// The line that has not ended yet.
    line: Vec<u8>,
    /// The data of the event that has not ended yet, each line of it with its end.
    data: Vec<u8>,
    /// The last byte was a carriage return: a line feed now belongs to it.
    after_return: bool,
    /// Something other than a byte order mark has begun.
    begun: bool,
}

impl Events {
    /// Takes a piece, and hands each event that ends in it to `each`, which may stop: `Ok(false)`. Says whether it went on.
    pub(crate) fn read<E: From<Malformed>>(
        &mut self,
        piece: &[u8],
        mut each: impl FnMut(&str) -> Result<bool, E>,
    ) -> Result<bool, E> {
        let mut rest = piece;
        if self.after_return && !rest.is_empty() {
            self.after_return = false;
            rest = rest.strip_prefix(b"\n").unwrap_or(rest);
        }
        while let Some(end) = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')) {
            self.extend(&rest[..end])?;
            let returned = rest[end] == b'\r';
            rest = &rest[end + 1..];
            if returned {
                self.after_return = rest.is_empty();
                rest = rest.strip_prefix(b"\n").unwrap_or(rest);
            }
            if self.end_line()? {
                let data = std::mem::take(&mut self.data);
                let data = &data[..data.len() - 1];
                if !each(str::from_utf8(data).map_err(|error: Utf8Error| Malformed::Utf8(error))?)? {
                    return Ok(false);
                }
            }
        }
        self.extend(rest)?;
        Ok(true)
    }

    fn extend(&mut self, more: &[u8]) -> Result<(), Malformed> {
        if self.line.len() + more.len() > EVENT_BYTES {
            return Err(Malformed::TooLong);
        }
        self.line.extend_from_slice(more);
        Ok(())
    }

    /// Takes the line that has just ended. Says whether an event did, too.
    fn end_line(&mut self) -> Result<bool, Malformed> {
        let mut line = &self.line[..];
        if !self.begun {
            self.begun = true;
            line = line.strip_prefix("\u{feff}".as_bytes()).unwrap_or(line);
        }
        if line.is_empty() {
            self.line.clear();
            return Ok(!self.data.is_empty());
        }
        let colon = line.iter().position(|&byte| byte == b':');
        let (name, value) = colon.map_or((line, &b""[..]), |colon| (&line[..colon], &line[colon + 1..]));
        if name == b"data" {
            let value = value.strip_prefix(b" ").unwrap_or(value);
            if self.data.len() + value.len() >= EVENT_BYTES {
                return Err(Malformed::TooLong);
            }
            self.data.extend_from_slice(value);
            self.data.push(b'\n');
        }
        self.line.clear();
        Ok(false)
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use eventsource_stream::Eventsource;
    use futures_util::{FutureExt, StreamExt, stream};
    use proptest::prelude::*;

    use super::*;

    fn read<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Result<Vec<String>, Malformed> {
        let (mut events, mut found) = (Events::default(), Vec::new());
        for piece in pieces {
            events.read(piece, |data| {
                found.push(data.to_owned());
                Ok::<_, Malformed>(true)
            })?;
        }
        Ok(found)
    }

    fn whole(text: &str) -> Vec<String> {
        read([text.as_bytes()]).unwrap()
    }

    #[test]
    fn events_are_found_with_every_kind_of_line_end() {
        for end in ["\n", "\r", "\r\n"] {
            let text = "\u{feff}: hello\ndata: a\ndata:b\ndata\nid: 7\n\ndata:  c\n\n\n\ndata: lost"
                .replace('\n', end);
            assert_eq!(whole(&text), ["a\nb\n", " c"], "{end:?}");
        }
    }

    #[test]
    fn nothing_is_read_once_somebody_has_enough() {
        let mut seen = 0;
        let mut stop = |_: &str| {
            seen += 1;
            Ok::<_, Malformed>(false)
        };
        assert!(!Events::default().read(b"data: a\n\ndata: b\n\n", &mut stop).unwrap());
        assert_eq!(seen, 1);
    }

    #[test]
    fn a_line_and_an_event_have_their_bound() {
        let fits = format!("data:{}\n\n", "x".repeat(EVENT_BYTES - 5));
        assert_eq!(whole(&fits)[0].len(), EVENT_BYTES - 5);
        for too_long in [
            "x".repeat(EVENT_BYTES + 1),
            ":".repeat(EVENT_BYTES + 1),
            format!("data: {}\n", "x".repeat(40_000)).repeat(2),
        ] {
            // In one piece and byte by byte.
            assert!(matches!(read([too_long.as_bytes()]), Err(Malformed::TooLong)));
            assert!(matches!(read(too_long.as_bytes().chunks(1)), Err(Malformed::TooLong)));
        }
    }

    #[test]
    fn what_is_no_utf8_is_an_error_where_it_would_be_read() {
        assert!(matches!(read([&b"data: a\xffb\n\n"[..]]), Err(Malformed::Utf8(_))));
        assert_eq!(read([&b":\xff\nother: \xff\ndata: a\n\n"[..]]).unwrap(), ["a"]);
        // A character may arrive in two pieces.
        assert_eq!(read([&b"data: \xc3"[..], b"\xa4\n\n"]).unwrap(), ["ä"]);
    }

    /// What another reader makes of it.
    fn oracle(text: &str) -> Vec<String> {
        let pieces = stream::iter([Ok::<_, Infallible>(text.as_bytes().to_vec())]);
        let events = pieces.eventsource().map(|event| event.unwrap().data).collect::<Vec<_>>();
        events.now_or_never().expect("nothing to wait for")
    }

    /// Lines that streams are made of. The other reader takes a line that begins with a space, or a lone byte order mark,
    /// for the end of everything, so neither is among them.
    fn lines() -> impl Strategy<Value = String> {
        let line = prop_oneof![
            4 => "(data|id|event|retry|other|dat|dataa)(: ?[ -~äß日]{0,12})?",
            2 => Just(String::new()),
            1 => ":[ -~]{0,8}",
        ];
        let end = prop_oneof![Just("\n"), Just("\r\n"), Just("\r")];
        prop::collection::vec((line, end), 0..24)
            .prop_map(|lines| lines.into_iter().flat_map(|(line, end)| [line, end.to_owned()]).collect())
    }

    proptest! {
        #[test]
        fn it_reads_what_another_reader_reads(text in lines()) {
            // The other waits for what may follow a carriage return.
            let text = format!("{text}:\n");
            prop_assert_eq!(whole(&text), oracle(&text));
        }

        #[test]
        fn pieces_make_no_difference(text in lines(), size in 1..9_usize) {
            prop_assert_eq!(read(text.as_bytes().chunks(size)).unwrap(), whole(&text));
        }

        #[test]
        fn any_bytes_are_events_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..400), size in 1..50_usize) {
            let pieces = read(bytes.chunks(size));
            let at_once = read([&bytes[..]]);
            prop_assert_eq!(pieces.ok(), at_once.ok());
        }
    }
}
