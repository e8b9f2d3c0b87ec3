//! What of the model's tokens becomes the reply's words, and where the reply ends.

use crate::utf8::Utf8;

/// The longest reply, in bytes: what a message may have.
const MAX_BYTES: usize = 16 * 1024;

/// Turns bytes into words. White space around the whole is dropped, and what may become a word that ends the reply is held
/// back, so that nothing that was said has to be taken back.
#[derive(Debug)]
pub(crate) struct Output {
    utf8: Utf8,
    stop: Vec<String>,
    held: String,
    said: usize,
}

/// Words to say, and whether they are the last.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) words: String,
    pub(crate) ended: bool,
}

impl Output {
    pub(crate) fn new(stop: &[String]) -> Self {
        let stop = stop.iter().filter(|word| !word.is_empty()).cloned().collect();
        Self { utf8: Utf8::default(), stop, held: String::new(), said: 0 }
    }

    /// The words that a token's bytes complete.
    pub(crate) fn push(&mut self, bytes: &[u8]) -> Said {
        let text = self.utf8.push(bytes);
        self.held.push_str(&text);
        if self.said == 0 {
            let leading = self.held.len() - self.held.trim_start().len();
            self.held.drain(..leading);
        }
        if let Some(at) = self.stop.iter().filter_map(|word| self.held.find(word)).min() {
            self.held.truncate(at);
            return self.last();
        }
        let sure = self.sure();
        let words: String = self.held.drain(..sure).collect();
        if self.held.len() > MAX_BYTES {
            return Said { words: self.within(words), ended: true };
        }
        let length = words.len();
        let words = self.within(words);
        Said { ended: words.len() < length, words }
    }

    /// What was held back, when the model has come to its end.
    pub(crate) fn finish(&mut self) -> Said {
        let rest = self.utf8.finish();
        self.held.push_str(&rest);
        self.last()
    }

    fn last(&mut self) -> Said {
        let held = std::mem::take(&mut self.held);
        Said { words: self.within(held.trim_end().to_owned()), ended: true }
    }

    /// How much of what is held can be said whatever comes next.
    fn sure(&self) -> usize {
        let held = self.held.as_str();
        let begun = |word: &String| {
            let longest = held.len().min(word.len() - 1);
            (held.len() - longest..held.len())
                .find(|at| held.is_char_boundary(*at) && word.starts_with(&held[*at..]))
        };
        let sure = self.stop.iter().filter_map(begun).min().unwrap_or(held.len());
        held[..sure].trim_end().len()
    }

    /// As much of the words as there is room for.
    fn within(&mut self, mut words: String) -> String {
        words.truncate(words.floor_char_boundary(MAX_BYTES - self.said));
        self.said += words.len();
        words
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn output(stop: &[&str]) -> Output {
        Output::new(&stop.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>())
    }

    /// The words, piece by piece, and how many pieces it took.
    fn say(stop: &[&str], pieces: &[&[u8]]) -> (Vec<String>, usize) {
        let mut output = output(stop);
        let mut all = Vec::new();
        for (number, piece) in pieces.iter().enumerate() {
            let said = output.push(piece);
            all.push(said.words);
            if said.ended {
                return (all, number + 1);
            }
        }
        all.push(output.finish().words);
        (all, pieces.len())
    }

    #[test]
    fn white_space_around_a_reply_is_not_of_it() {
        let (words, _) = say(&[], &[b" ", b"\n We", b" are ", b"open. ", b"\n"]);
        assert_eq!(words, ["", "We", " are", " open.", "", ""]);
    }

    #[test]
    fn a_reply_ends_before_a_stop_word_however_it_is_cut() {
        let (words, taken) = say(&["User:", "END"], &[b"Yes. Us", b"e it.", b" U", b"ser", b": no", b"more"]);
        assert_eq!((words.concat().as_str(), taken), ("Yes. Use it.", 5));
        let (words, taken) = say(&["END"], &[b"ENDless"]);
        assert_eq!((words.concat().as_str(), taken), ("", 1));
        let (words, _) = say(&["END"], &[b"the EN"]);
        assert_eq!(words.concat(), "the EN");
    }

    #[test]
    fn an_empty_stop_word_ends_nothing() {
        assert_eq!(say(&[""], &[b"a", b"b"]).0.concat(), "ab");
    }

    #[test]
    fn a_reply_ends_at_16_kib_between_characters() {
        let mut output = output(&[]);
        let mut words = String::new();
        let mut ended = false;
        for _ in 0..6000 {
            let said = output.push("日".as_bytes());
            assert!(!ended || said.words.is_empty());
            words.push_str(&said.words);
            ended |= said.ended;
        }
        assert!(ended);
        assert_eq!(words.len(), MAX_BYTES / 3 * 3);
    }

    #[test]
    fn white_space_without_end_comes_to_one() {
        let mut output = output(&[]);
        output.push(b"a");
        assert!((0..=MAX_BYTES).any(|_| output.push(b"\n").ended));
        assert_eq!(output.finish().words, "");
    }

    proptest! {
        #[test]
        fn words_are_the_text_up_to_the_first_stop(
            text in "[abX \u{e9}\n]{0,40}", sizes in prop::collection::vec(1usize..5, 1..6),
        ) {
            let mut output = output(&["aXb", "XX", "ab a"]);
            let mut words = String::new();
            let mut left = text.as_bytes();
            let mut ended = false;
            for size in sizes.iter().cycle().take_while(|_| !text.is_empty()) {
                let (piece, after) = left.split_at((*size).min(left.len()));
                left = after;
                let said = output.push(piece);
                words.push_str(&said.words);
                ended = said.ended;
                if ended || left.is_empty() { break; }
            }
            if !ended {
                words.push_str(&output.finish().words);
            }
            let whole = text.trim_start();
            let end = ["aXb", "XX", "ab a"].iter().filter_map(|stop| whole.find(stop)).min();
            prop_assert_eq!(words, whole[..end.unwrap_or(whole.len())].trim_end());
        }
    }
}
