//! A line of text with markup in it, as it is written.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

/// Inline Markdown that grows event by event.
#[derive(Debug, Default)]
pub(super) struct Inline {
    text: String,
    /// What is open: where it began, and what closes it.
    open: Vec<(usize, String)>,
    /// Where markup is, which must not be cut.
    marked: Vec<Range<usize>>,
}

impl Inline {
    pub(super) fn is_empty(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// Words, whatever they look like.
    pub(super) fn words(&mut self, words: &str) {
        let mut chars = words.chars().peekable();
        while let Some(c) = chars.next() {
            // What comes in the next event is not known, and may be a space.
            let ends = chars.peek().is_none_or(|next| next.is_whitespace());
            let before = self.text.chars().next_back();
            match c {
                '\n' | '\r' => self.space(),
                ' ' if self.at_line_start() => {}
                '\\' | '`' | '*' | '[' | ']' => self.text.extend(['\\', c]),
                // Within a word it marks nothing, and names of things are full of it.
                '_' if !(before.is_some_and(|c| c.is_ascii_alphanumeric())
                    && chars.peek().is_some_and(char::is_ascii_alphanumeric)) =>
                {
                    self.text.push_str("\\_");
                }
                // What looks like a tag is one to whoever reads it as HTML.
                '<' if chars
                    .peek()
                    .is_some_and(|&next| next.is_ascii_alphabetic() || "/!?".contains(next)) =>
                {
                    self.text.push_str("\\<");
                }
                '>' | '~' if self.at_line_start() => self.text.extend(['\\', c]),
                '-' | '+' if self.at_line_start() && (ends || chars.peek() == Some(&c)) => {
                    self.text.extend(['\\', c]);
                }
                '.' | ')' if ends && self.after_number_at_line_start() => self.text.extend(['\\', c]),
                c if c.is_control() => {}
                c => self.text.push(c),
            }
        }
    }

    /// Words that are not escaped: an address that stands in the text.
    pub(super) fn verbatim(&mut self, text: &str) {
        let start = self.text.len();
        self.text.push_str(text);
        self.marked.push(start..self.text.len());
    }

    pub(super) fn code(&mut self, code: &str) {
        let code = code.replace(['\n', '\r'], " ");
        let fence = "`".repeat(longest_run(&code) + 1);
        let pad = if code.starts_with('`') || code.ends_with('`') { " " } else { "" };
        self.verbatim(&format!("{fence}{pad}{code}{pad}{fence}"));
    }

    /// A space, if there is none yet.
    pub(super) fn space(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with([' ', '\n']) {
            self.text.push(' ');
        }
    }

    pub(super) fn line_break(&mut self) {
        if self.is_empty() {
            return;
        }
        let end = self.text.trim_end().len();
        self.text.truncate(end.max(self.open.last().map_or(0, |(start, _)| *start)));
        self.text.push('\n');
    }

    pub(super) fn open(&mut self, opening: &str, closing: impl Into<String>) {
        self.open.push((self.text.len(), closing.into()));
        self.text.push_str(opening);
    }

    /// Closes what was opened last; takes it back if there is nothing in it.
    pub(super) fn close(&mut self, opening: &str) {
        let Some((start, closing)) = self.open.pop() else { return };
        if self.text[start..].strip_prefix(opening).is_none_or(|inside| inside.trim().is_empty()) {
            self.text.truncate(start);
            self.marked.retain(|range| range.end <= start);
            return;
        }
        self.text.push_str(&closing);
        self.marked.push(start..self.text.len());
    }

    /// The text, and where it may be cut.
    pub(super) fn finish(mut self) -> (String, Vec<usize>) {
        while let Some((_, closing)) = self.open.pop() {
            self.text.push_str(&closing);
            self.marked.push(0..self.text.len());
        }
        self.text.truncate(self.text.trim_end().len());
        self.marked.sort_by_key(|range| range.start);
        let mut marked = self.marked.iter().peekable();
        let (mut marked_until, mut breaks) = (0, Vec::new());
        for (start, sentence) in self.text.split_sentence_bound_indices() {
            let end = start + sentence.trim_end().len();
            while let Some(range) = marked.next_if(|range| range.start < end) {
                marked_until = marked_until.max(range.end);
            }
            if end > start && end < self.text.len() && end >= marked_until {
                breaks.push(end);
            }
        }
        (self.text, breaks)
    }

    fn at_line_start(&self) -> bool {
        self.text.is_empty() || self.text.ends_with('\n')
    }

    fn after_number_at_line_start(&self) -> bool {
        let digits = self.text.bytes().rev().take(10).take_while(u8::is_ascii_digit).count();
        (1..=9).contains(&digits) && matches!(self.text.bytes().rev().nth(digits), None | Some(b'\n'))
    }
}

/// The longest run of backticks.
pub(super) fn longest_run(code: &str) -> usize {
    code.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}
