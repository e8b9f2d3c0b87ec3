//! What is chosen about the widget. Whatever is not chosen is the widget's own default, and a page that carries the chat may
//! choose otherwise for itself.

use clap::{Args, ValueEnum};
use minicom_web::{
    Colour, Icon, InvalidWidget, Language, Offset, Side, Text, Theme, WidgetConfig, WidgetLanguage,
};
use serde::Deserialize;

#[derive(Debug, Clone, Default, Args, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[command(next_help_heading = "The widget")]
pub(crate) struct WidgetOptions {
    /// The colour of the launcher, the buttons and the visitor's messages: #rrggbb or #rgb.
    #[arg(
        id = "widget.accent",
        long = "widget-accent",
        env = "MINICOM_WIDGET_ACCENT",
        value_name = "COLOUR"
    )]
    accent: Option<Colour>,

    /// The lower corner in which the launcher stands, as text runs.
    #[arg(id = "widget.side", long = "widget-side", env = "MINICOM_WIDGET_SIDE", value_enum)]
    side: Option<Corner>,

    /// How far from the side and from below the launcher stands, in pixels, up to 400.
    #[arg(id = "widget.offset", long = "widget-offset", env = "MINICOM_WIDGET_OFFSET", value_name = "INLINE,BLOCK", value_parser = offset)]
    offset: Option<Offset>,

    /// What is drawn on the launcher: chat, question, mail, or the address of an image.
    #[arg(id = "widget.icon", long = "widget-icon", env = "MINICOM_WIDGET_ICON", value_name = "ICON")]
    icon: Option<Icon>,

    /// Light, dark, or as the visitor's system has it.
    #[arg(id = "widget.theme", long = "widget-theme", env = "MINICOM_WIDGET_THEME", value_enum)]
    theme: Option<Colours>,

    /// Where the widget stands among what else lies over a page.
    #[arg(
        id = "widget.z_index",
        long = "widget-z-index",
        env = "MINICOM_WIDGET_Z_INDEX",
        value_name = "NUMBER",
        allow_negative_numbers = true
    )]
    z_index: Option<i32>,

    /// The name above the conversation.
    #[arg(id = "widget.title", long = "widget-title", env = "MINICOM_WIDGET_TITLE", value_name = "TEXT")]
    title: Option<Text>,

    /// The first line that a visitor reads.
    #[arg(
        id = "widget.greeting",
        long = "widget-greeting",
        env = "MINICOM_WIDGET_GREETING",
        value_name = "TEXT"
    )]
    greeting: Option<Text>,

    /// The sentence below it.
    #[arg(id = "widget.intro", long = "widget-intro", env = "MINICOM_WIDGET_INTRO", value_name = "TEXT")]
    intro: Option<Text>,

    /// What a screen reader says of the launcher.
    #[arg(
        id = "widget.launcher",
        long = "widget-launcher",
        env = "MINICOM_WIDGET_LAUNCHER",
        value_name = "TEXT"
    )]
    launcher: Option<Text>,

    /// The language that it speaks, such as de or pt-BR, if not the visitor's own.
    #[arg(id = "widget.lang", long = "widget-lang", env = "MINICOM_WIDGET_LANG", value_name = "TAG")]
    lang: Option<Language>,

    /// The languages that it may speak, of ar, de, en, es, fr, ja and pt; with whoever prefers none of them the first. All if
    /// nothing is said.
    #[arg(
        id = "widget.languages",
        long = "widget-languages",
        env = "MINICOM_WIDGET_LANGUAGES",
        value_name = "CODES",
        value_delimiter = ','
    )]
    languages: Vec<WidgetLanguage>,

    /// What a banned visitor is told: where to object.
    #[arg(
        id = "widget.appeals",
        long = "widget-appeals",
        env = "MINICOM_WIDGET_APPEALS",
        value_name = "TEXT"
    )]
    appeals: Option<Text>,
}

/// A corner of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Corner {
    /// Where lines of text begin.
    Start,
    /// Where lines of text end.
    End,
}

/// A theme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Colours {
    /// Dark text on light ground.
    Light,
    /// Light text on dark ground.
    Dark,
    /// As the visitor's system has it.
    System,
}

impl From<WidgetOptions> for WidgetConfig {
    fn from(options: WidgetOptions) -> Self {
        let mut config = Self::default();
        config.accent = options.accent;
        config.side = options.side.map(|corner| match corner {
            Corner::Start => Side::Start,
            Corner::End => Side::End,
        });
        config.offset = options.offset;
        config.icon = options.icon;
        config.theme = options.theme.map(|colours| match colours {
            Colours::Light => Theme::Light,
            Colours::Dark => Theme::Dark,
            Colours::System => Theme::System,
        });
        config.z_index = options.z_index;
        config.title = options.title;
        config.greeting = options.greeting;
        config.intro = options.intro;
        config.launcher = options.launcher;
        config.lang = options.lang;
        config.languages = options.languages;
        config.appeals = options.appeals;
        config
    }
}

/// `20,80`: from the side, and from below.
fn offset(text: &str) -> Result<Offset, InvalidWidget> {
    let pixels = |text: &str| text.trim().parse().map_err(|_| InvalidWidget::Offset);
    let (inline, block) = text.split_once(',').ok_or(InvalidWidget::Offset)?;
    Offset::new(pixels(inline)?, pixels(block)?)
}
