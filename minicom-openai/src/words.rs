//! The words of an answer as they arrive: drafted, bounded, and without what a model thinks aloud.

use minicom_core::Draft;

/// How long an answer may be, in bytes: what a message may have, less the mark of what was cut.
const WORDS_BYTES: usize = 16 * 1024 - CUT.len();

/// So close to that bound, only whole sentences are drafted: what has been shown is not taken back when the rest is cut.
const CAREFUL_BYTES: usize = 2 * 1024;

/// What stands for what was cut in the middle of a sentence.
const CUT: &str = "…";

/// What some models put around their thoughts, where the server does not take them out.
const THOUGHT: [&str; 2] = ["<think>", "</think>"];

/// An answer in the making.
#[derive(Debug, Default)]
pub(crate) struct Words {
    text: String,
    /// How much of `text` is drafted, in bytes.
    drafted: usize,
    stage: Stage,
    /// What has arrived and cannot be judged yet.
    held: String,
    /// There is no room for more.
    full: bool,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// No word yet.
    #[default]
    Before,
    Thinking,
    Speaking,
}

/// Where an answer stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stop {
    /// Where the model meant to.
    Meant,
    /// Somewhere.
    Cut,
}

impl Words {
    /// Takes what the model says next.
    pub(crate) fn push(&mut self, more: &str, draft: &mut Draft) {
        if self.full {
            return;
        }
        if self.stage == Stage::Speaking {
            self.text.push_str(more);
        } else {
            self.held.push_str(more);
            self.judge();
        }
        self.bound();
        self.draft(draft);
    }

    /// Whether there is no room for more.
    pub(crate) fn is_full(&self) -> bool {
        self.full
    }

    /// All words, without white space around them. They begin with what was drafted.
    pub(crate) fn finish(mut self, stop: Stop) -> String {
        if self.stage == Stage::Before {
            self.text.push_str(self.held.trim_start());
        }
        self.text.truncate(self.text.trim_end().len());
        // A sentence may be in quotes, in brackets or in bold.
        let sentence = self.text.trim_end_matches(['"', '”', '’', '»', ')', ']', '*', '_', '`']);
        let ends = sentence.is_empty() || sentence.ends_with(['.', '!', '?', '…', '。', '！', '？']);
        if stop == Stop::Cut && !ends {
            self.text.push_str(CUT);
        }
        self.text
    }

    /// Looks for the beginning of what is said, past thoughts and white space.
    fn judge(&mut self) {
        loop {
            match self.stage {
                Stage::Before => {
                    self.held.drain(..self.held.len() - self.held.trim_start().len());
                    if self.held.len() < THOUGHT[0].len() && THOUGHT[0].starts_with(&self.held) {
                        return;
                    }
                    let thinks = self.held.starts_with(THOUGHT[0]);
                    self.stage = if thinks { Stage::Thinking } else { Stage::Speaking };
                }
                Stage::Thinking => {
                    let Some(end) = self.held.find(THOUGHT[1]) else {
                        let kept = self.held.len().saturating_sub(THOUGHT[1].len());
                        self.held.drain(..self.held.floor_char_boundary(kept));
                        return;
                    };
                    self.held.drain(..end + THOUGHT[1].len());
                    self.stage = Stage::Before;
                }
                Stage::Speaking => {
                    self.text.push_str(&std::mem::take(&mut self.held));
                    return;
                }
            }
        }
    }

    /// Cuts what is too long: after a sentence, or else after a word, and never into what was drafted.
    fn bound(&mut self) {
        if self.text.len() <= WORDS_BYTES {
            return;
        }
        self.full = true;
        self.text.truncate(self.text.floor_char_boundary(WORDS_BYTES));
        let sentence = sentence_end(&self.text);
        let end = if sentence > 0 && sentence >= self.drafted {
            sentence
        } else {
            let space = self.text.rfind(char::is_whitespace);
            space.filter(|&space| space > self.drafted).unwrap_or(self.text.len())
        };
        self.text.truncate(end);
    }

    fn draft(&mut self, draft: &mut Draft) {
        let rest = &self.text[self.drafted..];
        let careful = !self.full && self.text.len() > WORDS_BYTES - CAREFUL_BYTES;
        let sure = if careful { &rest[..sentence_end(rest)] } else { rest };
        // White space at the end is cut off an answer.
        let sure = sure.trim_end();
        if !sure.is_empty() {
            draft.push(sure);
            self.drafted += sure.len();
        }
    }
}

/// Where the last sentence ends, in bytes; 0 if none does.
fn sentence_end(text: &str) -> usize {
    let mut next = None;
    for (at, this) in text.char_indices().rev() {
        let ends = match this {
            '。' | '！' | '？' | '\n' => true,
            '.' | '!' | '?' | '…' => next.is_some_and(char::is_whitespace),
            _ => false,
        };
        if ends {
            return at + this.len_utf8();
        }
        next = Some(this);
    }
    0
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The draft and the words that come of pieces.
    fn say<'a>(pieces: impl IntoIterator<Item = &'a str>, stop: Stop) -> (String, String) {
        let (mut draft, watching) = Draft::channel();
        let mut words = Words::default();
        for piece in pieces {
            words.push(piece, &mut draft);
        }
        let drafted = watching.borrow().clone();
        (drafted, words.finish(stop))
    }

    fn said(pieces: &[&str]) -> String {
        say(pieces.iter().copied(), Stop::Meant).1
    }

    #[test]
    fn white_space_around_is_neither_drafted_nor_said() {
        assert_eq!(
            say([" ", "\n\nFrom ", "nine.", " \n"], Stop::Meant),
            ("From nine.".into(), "From nine.".into())
        );
        assert_eq!(say(["\n", " "], Stop::Meant), (String::new(), String::new()));
    }

    #[test]
    fn thoughts_are_left_out_however_they_are_cut() {
        assert_eq!(said(&["<think>He asks.</think>\n\nFrom nine."]), "From nine.");
        assert_eq!(
            said(&["\n<th", "ink>H", "e ask", "s.</thi", "nk>", "<think>ä</think>From", " nine."]),
            "From nine."
        );
        assert_eq!(said(&["<think>", "for ever ä ö ü and on"]), "");
        assert_eq!(said(&["<thi"]), "<thi");
        assert_eq!(said(&["<thing> is HTML."]), "<thing> is HTML.");
        assert_eq!(said(&["Use <think>so</think>."]), "Use <think>so</think>.");
    }

    #[test]
    fn what_is_cut_says_so() {
        for (text, whole) in [
            ("From nine to", "From nine to…"),
            ("From nine,", "From nine,…"),
            ("From nine-", "From nine-…"),
            ("From nine. ", "From nine."),
            ("**(From nine.)**", "**(From nine.)**"),
            ("", ""),
        ] {
            assert_eq!(say([text], Stop::Cut).1, whole);
        }
    }

    #[test]
    fn what_is_too_long_is_cut_after_a_sentence() {
        let sentence = "We are open from nine to five, on all days. ";
        let whole = sentence.repeat(500);
        for size in [7, 1_000, 20_000] {
            let pieces = whole.as_bytes().chunks(size).map(|piece| str::from_utf8(piece).unwrap());
            let (drafted, text) = say(pieces, Stop::Cut);
            assert!(
                text.len() > WORDS_BYTES - sentence.len() && text.ends_with("all days."),
                "{}",
                text.len()
            );
            assert_eq!(drafted, text);
        }
    }

    #[test]
    fn without_sentences_it_is_cut_after_a_word_or_anywhere() {
        let text = say(["word ".repeat(5_000).as_str()], Stop::Cut).1;
        assert!(text.ends_with("word…") && text.len() <= 16 * 1024);
        let text = say(["日".repeat(9_000).as_str()], Stop::Cut).1;
        assert!(text.ends_with("日…") && text.len() <= 16 * 1024);
    }

    #[test]
    fn sentences_end() {
        for (text, end) in [
            ("", 0),
            ("One", 0),
            ("One.", 0),
            ("One. Two", 4),
            ("It costs 3.50 or", 0),
            ("One\nTwo", 4),
            ("いち。に", "いち。".len()),
        ] {
            assert_eq!(sentence_end(text), end, "{text}");
        }
    }

    /// Something short, now and then as long as an answer may be.
    fn piece() -> impl Strategy<Value = String> {
        let short = prop::sample::select(vec![
            "word",
            " ",
            "One. ",
            "いち。",
            "\n",
            "ä",
            "<think>",
            "</think>",
            "<th",
            "ink>",
            "!",
            "",
        ]);
        (short, prop_oneof![9 => 1..4_usize, 1 => 1..3_000_usize])
            .prop_map(|(text, times)| text.repeat(times))
    }

    proptest! {
        #[test]
        fn what_is_said_begins_with_what_was_drafted(
            pieces in prop::collection::vec(piece(), 0..60),
            cut in any::<bool>(),
        ) {
            let stop = if cut { Stop::Cut } else { Stop::Meant };
            let (drafted, text) = say(pieces.iter().map(String::as_str), stop);
            prop_assert!(text.starts_with(&drafted), "{drafted:?} was drafted, {text:?} said");
            prop_assert!(text.len() <= 16 * 1024);
            prop_assert_eq!(text.trim(), &text);
        }
    }
}
