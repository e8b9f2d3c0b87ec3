//! Markdown as the pages draw it: bold, italic, code, lists, links, quotes. Whatever else Markdown has is turned
//! into that, or into plain words.

mod html;
mod inline;
mod render;

pub(crate) use html::comments;
pub(crate) use render::Renderer;

use pulldown_cmark::{Event, Options, Parser, TagEnd};

/// What pages are read as.
pub(crate) fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_GFM
}

/// A block of a page, in the pages' subset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Block {
    /// Its Markdown.
    pub(crate) text: String,
    /// What it is.
    pub(crate) kind: Kind,
    /// Where the text may be cut, in bytes: after sentences that stand outside of all markup.
    pub(crate) breaks: Vec<usize>,
}

/// What a block is, as far as it matters to those around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A paragraph, or a quote.
    Prose,
    /// An item of a list, or all of a list.
    List,
    /// A code block.
    Code,
}

impl Block {
    /// A block that is not to be cut.
    pub(crate) fn whole(kind: Kind, text: String) -> Self {
        Self { text, kind, breaks: Vec::new() }
    }
}

/// What stands between two blocks: items of one list are close.
pub(crate) fn joint(before: Kind, after: Kind) -> &'static str {
    if before == Kind::List && after == Kind::List { "\n" } else { "\n\n" }
}

/// Words as Markdown that says just them.
pub(crate) fn escaped(words: &str) -> String {
    let mut inline = inline::Inline::default();
    inline.words(words);
    inline.finish().0
}

/// The words of a text without any markup, on one line.
pub(crate) fn plain(markdown: &str) -> String {
    let mut words = String::new();
    for event in Parser::new_ext(markdown, options()) {
        match event {
            Event::Text(text) | Event::Code(text) => words.push_str(&text),
            Event::SoftBreak
            | Event::HardBreak
            | Event::End(TagEnd::Paragraph | TagEnd::Item | TagEnd::CodeBlock | TagEnd::Heading(_)) => {
                words.push(' ');
            }
            _ => {}
        }
    }
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
