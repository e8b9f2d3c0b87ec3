//! Events of a Markdown parser become blocks of the pages' subset. A stack of what is open, no recursion: nesting is the
//! page's choice, and the depth of ours is bounded.

use pulldown_cmark::{CodeBlockKind, Event, LinkType, Tag, TagEnd};

use super::{
    Block, Kind, html,
    inline::{Inline, longest_run},
    joint,
};

/// How deep lists and quotes may stand in each other; what is deeper is drawn at that depth. The pages draw 20 levels, of
/// which a list takes two.
const DEEPEST: usize = 8;

/// Makes blocks of events.
pub(crate) struct Renderer<'r> {
    frames: Vec<Frame>,
    /// How many of them are drawn as a list or quote.
    depth: usize,
    /// Where a link's address leads; `None`: nowhere that a visitor could follow.
    resolve: &'r dyn Fn(&str) -> Option<String>,
    /// The head of the table that is open.
    columns: Vec<String>,
    /// Whether each of the open links is drawn as one.
    links: Vec<bool>,
}

#[derive(Default)]
struct Frame {
    container: Container,
    blocks: Vec<Block>,
    inline: Inline,
    /// The text of code or HTML, as it is; the cells of a row.
    raw: Vec<String>,
}

#[derive(Default, Clone, PartialEq, Eq)]
enum Container {
    /// Nothing of its own: what is in it belongs to what is around it.
    #[default]
    Open,
    Quote,
    /// The number of the next item, if they have any.
    List(Option<u64>),
    Item(String),
    Text,
    Code(String),
    Html,
    Row,
    Head,
    Cell,
}

impl<'r> Renderer<'r> {
    pub(crate) fn new(resolve: &'r dyn Fn(&str) -> Option<String>) -> Self {
        Self { frames: vec![Frame::default()], depth: 0, resolve, columns: Vec::new(), links: Vec::new() }
    }

    /// The blocks so far; it begins anew.
    pub(crate) fn take(&mut self) -> Vec<Block> {
        while self.frames.len() > 1 {
            self.close();
        }
        self.flush();
        std::mem::take(&mut self.top().blocks)
    }

    pub(crate) fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(end) => self.end(end),
            Event::Text(text) => match self.top().container {
                Container::Code(_) | Container::Html => self.top().raw.push(text.into_string()),
                _ => self.top().inline.words(&text),
            },
            Event::Html(html) => self.top().raw.push(html.into_string()),
            Event::Code(code) => self.top().inline.code(&code),
            Event::InlineHtml(tag) => {
                if tag.get(..3).is_some_and(|head| head.eq_ignore_ascii_case("<br")) {
                    self.top().inline.line_break();
                }
            }
            Event::SoftBreak => self.top().inline.space(),
            Event::HardBreak => self.top().inline.line_break(),
            Event::TaskListMarker(done) => self.top().inline.words(if done { "☑ " } else { "☐ " }),
            Event::InlineMath(text) | Event::DisplayMath(text) => self.top().inline.code(&text),
            Event::FootnoteReference(_) | Event::Rule => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Emphasis => self.top().inline.open("*", "*"),
            Tag::Strong => self.top().inline.open("**", "**"),
            Tag::Link { link_type, dest_url, .. } => self.start_link(link_type, &dest_url),
            Tag::Image { .. } | Tag::Strikethrough | Tag::Superscript | Tag::Subscript => {}
            Tag::BlockQuote(_) => self.open(Container::Quote),
            Tag::List(first) => self.open(Container::List(first)),
            Tag::Item => {
                let marker = self.next_marker();
                self.open(Container::Item(marker));
            }
            Tag::CodeBlock(kind) => {
                let language = match &kind {
                    CodeBlockKind::Fenced(info) => info.split([' ', ',']).next().unwrap_or_default(),
                    CodeBlockKind::Indented => "",
                };
                let word = language.chars().filter(|&c| c.is_ascii_alphanumeric() || "+-#_".contains(c));
                self.open(Container::Code(word.collect()));
            }
            Tag::HtmlBlock | Tag::MetadataBlock(_) => self.open(Container::Html),
            Tag::TableHead => self.open(Container::Head),
            Tag::TableRow => self.open(Container::Row),
            Tag::TableCell => self.open(Container::Cell),
            Tag::Paragraph | Tag::Heading { .. } | Tag::DefinitionListTitle => self.open(Container::Text),
            Tag::Table(_)
            | Tag::FootnoteDefinition(_)
            | Tag::DefinitionList
            | Tag::DefinitionListDefinition => {
                self.open(Container::Open);
            }
        }
    }

    fn end(&mut self, end: TagEnd) {
        match end {
            TagEnd::Emphasis => self.top().inline.close("*"),
            TagEnd::Strong => self.top().inline.close("**"),
            TagEnd::Link => {
                if self.links.pop() == Some(true) {
                    self.top().inline.close("[");
                }
            }
            TagEnd::Image | TagEnd::Strikethrough | TagEnd::Superscript | TagEnd::Subscript => {}
            _ => self.close(),
        }
    }

    /// A link within a link is none, in Markdown too. One that is its own text stands as it is.
    fn start_link(&mut self, link_type: LinkType, address: &str) {
        let address = match link_type {
            LinkType::Email => Some(format!("mailto:{address}")),
            _ => (self.resolve)(address),
        };
        let drawn = address.is_some() && !self.links.contains(&true);
        self.links.push(drawn);
        if let (true, Some(address)) = (drawn, address) {
            self.top().inline.open("[", format!("]({})", in_brackets(&address)));
        }
    }

    fn top(&mut self) -> &mut Frame {
        if self.frames.is_empty() {
            self.frames.push(Frame::default());
        }
        let last = self.frames.len() - 1;
        &mut self.frames[last]
    }

    fn open(&mut self, container: Container) {
        self.flush();
        let nests = matches!(container, Container::Quote | Container::Item(_));
        let container = match container {
            Container::Quote | Container::List(_) | Container::Item(_) if self.depth >= DEEPEST => {
                Container::Open
            }
            container => container,
        };
        self.depth += usize::from(nests && container != Container::Open);
        self.frames.push(Frame { container, ..Frame::default() });
    }

    /// Text that stands in an item or quote without a paragraph of its own becomes one.
    fn flush(&mut self) {
        let top = self.top();
        if !top.inline.is_empty() {
            let (text, breaks) = std::mem::take(&mut top.inline).finish();
            top.blocks.push(Block { text, kind: Kind::Prose, breaks });
        }
    }

    fn next_marker(&mut self) -> String {
        match &mut self.top().container {
            Container::List(Some(number)) => {
                let marker = format!("{number}. ");
                // CommonMark reads nine digits.
                *number = (*number + 1).min(999_999_999);
                marker
            }
            _ => "- ".to_owned(),
        }
    }

    fn close(&mut self) {
        self.flush();
        let Some(frame) = self.frames.pop() else { return };
        let Frame { container, mut blocks, raw, .. } = frame;
        match container {
            Container::Open | Container::Text if blocks.is_empty() => {}
            Container::Quote => {
                self.depth = self.depth.saturating_sub(1);
                self.push(quote(&blocks));
            }
            Container::Item(marker) => {
                self.depth = self.depth.saturating_sub(1);
                self.push(item(&marker, &blocks));
            }
            Container::Code(language) => self.push(code(&language, &raw.concat())),
            Container::Html => self.push(words(&html::words(&raw.concat()))),
            Container::Head => self.columns = raw,
            Container::Row => {
                let row = row(&self.columns, &raw);
                self.push(item("- ", &[Block::whole(Kind::Prose, row)]));
            }
            Container::Cell => {
                let cell = blocks.into_iter().map(|block| block.text).collect::<Vec<_>>().join(" ");
                self.top().raw.push(cell);
            }
            // At the top the items of a list are blocks by themselves, so that a long list can be split.
            Container::Open | Container::Text | Container::List(_) => {
                let top = self.top();
                if top.blocks.is_empty() {
                    top.blocks = blocks;
                } else {
                    top.blocks.append(&mut blocks);
                }
            }
        }
    }

    fn push(&mut self, block: Block) {
        if !block.text.is_empty() {
            self.top().blocks.push(block);
        }
    }
}

fn quote(blocks: &[Block]) -> Block {
    let text = join(blocks);
    let lines: Vec<_> = text.lines().map(|line| format!("> {line}").trim_end().to_owned()).collect();
    Block::whole(Kind::Prose, lines.join("\n"))
}

/// What belongs to an item stands below its text.
fn item(marker: &str, blocks: &[Block]) -> Block {
    let mut text = String::new();
    let indent = " ".repeat(marker.len());
    for (number, line) in join(blocks).lines().enumerate() {
        let before = if number == 0 { marker } else { &*indent };
        if number > 0 {
            text.push('\n');
        }
        if !line.is_empty() {
            text.push_str(before);
            text.push_str(line);
        }
    }
    Block::whole(Kind::List, text)
}

/// All blocks as one text. A list of points follows its sentence closely.
fn join(blocks: &[Block]) -> String {
    let mut text = String::new();
    let mut before: Option<Kind> = None;
    for block in blocks {
        if let Some(before) = before {
            let close = before == Kind::Prose && block.kind == Kind::List && block.text.starts_with("- ");
            text.push_str(if close { "\n" } else { joint(before, block.kind) });
        }
        text.push_str(&block.text);
        before = Some(block.kind);
    }
    text
}

fn code(language: &str, code: &str) -> Block {
    let code = code.trim_end();
    if code.trim().is_empty() {
        return Block::whole(Kind::Code, String::new());
    }
    let fence = "`".repeat((longest_run(code) + 1).max(3));
    Block::whole(Kind::Code, format!("{fence}{language}\n{code}\n{fence}"))
}

fn words(words: &str) -> Block {
    let mut inline = Inline::default();
    inline.words(words);
    let (text, breaks) = inline.finish();
    Block { text, kind: Kind::Prose, breaks }
}

/// A row of a table as a sentence: what stands in a column follows the column's name.
fn row(columns: &[String], cells: &[String]) -> String {
    let named = cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty());
    let named = named.map(|(number, cell)| match columns.get(number) {
        Some(name) if !name.is_empty() => format!("{name}: {cell}"),
        _ => cell.clone(),
    });
    named.collect::<Vec<_>>().join("; ").replace('\n', " ")
}

/// An address that can stand in the brackets of a link.
fn in_brackets(address: &str) -> String {
    let mut written = String::with_capacity(address.len());
    for c in address.chars() {
        match c {
            '(' => written.push_str("%28"),
            ')' => written.push_str("%29"),
            '<' => written.push_str("%3C"),
            '>' => written.push_str("%3E"),
            '\\' => written.push_str("%5C"),
            c if c.is_whitespace() => written.push_str("%20"),
            c if c.is_control() => {}
            c => written.push(c),
        }
    }
    written
}
