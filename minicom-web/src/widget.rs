//! How the widget looks and what it says: what the host chooses on the server, and a page may choose otherwise.

use std::{fmt, str::FromStr};

use http::HeaderMap;
use serde::{Deserialize, Serialize};

use crate::language::{self, Language, WidgetLanguage};

/// The longest text that the widget shows as one of its own, in characters.
const MAX_TEXT: usize = 200;
/// The longest address of an icon, in bytes.
const MAX_URL: usize = 2048;
/// The furthest that the launcher may stand from its edges, in CSS pixels.
const MAX_OFFSET: u16 = 400;

/// What the host chooses about the widget. Whatever is not chosen keeps the widget's own default.
///
/// As JSON, which is what `GET /api/widget` answers and what a configuration file may hold:
///
/// ```
/// use minicom_web::{Side, WidgetConfig};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let config = WidgetConfig::default().accent("#0f766e".parse()?).side(Side::Start).title("Shop".parse()?);
/// let json = r##"{"accent":"#0f766e","side":"start","title":"Shop"}"##;
/// assert_eq!(serde_json::from_str::<WidgetConfig>(json)?, config);
/// assert!(serde_json::from_str::<WidgetConfig>(r#"{"accent":"blue-ish"}"#).is_err());
/// # Ok(())
/// # }
/// ```
///
/// In a configuration file `zIndex` may be written `z_index`, too.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
#[non_exhaustive]
pub struct WidgetConfig {
    /// The colour of the launcher, buttons and the visitor's messages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accent: Option<Colour>,
    /// The lower corner in which the launcher stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub side: Option<Side>,
    /// How far from the corner's edges.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset: Option<Offset>,
    /// What is drawn on the launcher.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub icon: Option<Icon>,
    /// Light, dark, or as the visitor's system has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub theme: Option<Theme>,
    /// Where the widget stands among what else lies over the page.
    #[serde(alias = "z_index", skip_serializing_if = "Option::is_none")]
    pub z_index: Option<i32>,
    /// The name above the conversation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<Text>,
    /// The first line that a visitor reads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub greeting: Option<Text>,
    /// The sentence below it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub intro: Option<Text>,
    /// What a banned visitor is told: where to object.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub appeals: Option<Text>,
    /// What a screen reader says of the launcher.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub launcher: Option<Text>,
    /// The language that launcher and panel speak, if not the visitor's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lang: Option<Language>,
    /// The languages that it may speak, the first of which is spoken with whoever prefers none of them; none said means all that
    /// there are. Whatever page or visitor wish, it speaks no other.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<WidgetLanguage>,
}

impl WidgetConfig {
    /// Sets [`accent`](Self::accent). The colour of text on it follows by itself.
    #[must_use]
    pub fn accent(mut self, accent: Colour) -> Self {
        self.accent = Some(accent);
        self
    }

    /// Sets [`side`](Self::side).
    #[must_use]
    pub fn side(mut self, side: Side) -> Self {
        self.side = Some(side);
        self
    }

    /// Sets [`offset`](Self::offset).
    #[must_use]
    pub fn offset(mut self, offset: Offset) -> Self {
        self.offset = Some(offset);
        self
    }

    /// Sets [`icon`](Self::icon).
    #[must_use]
    pub fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }

    /// Sets [`theme`](Self::theme).
    #[must_use]
    pub fn theme(mut self, theme: Theme) -> Self {
        self.theme = Some(theme);
        self
    }

    /// Sets [`z_index`](Self::z_index).
    #[must_use]
    pub fn z_index(mut self, z_index: i32) -> Self {
        self.z_index = Some(z_index);
        self
    }

    /// Sets [`title`](Self::title).
    #[must_use]
    pub fn title(mut self, title: Text) -> Self {
        self.title = Some(title);
        self
    }

    /// Sets [`greeting`](Self::greeting).
    #[must_use]
    pub fn greeting(mut self, greeting: Text) -> Self {
        self.greeting = Some(greeting);
        self
    }

    /// Sets [`intro`](Self::intro).
    #[must_use]
    pub fn intro(mut self, intro: Text) -> Self {
        self.intro = Some(intro);
        self
    }

    /// Sets [`appeals`](Self::appeals).
    #[must_use]
    pub fn appeals(mut self, appeals: Text) -> Self {
        self.appeals = Some(appeals);
        self
    }

    /// Sets [`launcher`](Self::launcher).
    #[must_use]
    pub fn launcher(mut self, launcher: Text) -> Self {
        self.launcher = Some(launcher);
        self
    }

    /// Sets [`lang`](Self::lang).
    #[must_use]
    pub fn lang(mut self, lang: Language) -> Self {
        self.lang = Some(lang);
        self
    }

    /// Sets [`languages`](Self::languages).
    #[must_use]
    pub fn languages(mut self, languages: impl IntoIterator<Item = WidgetLanguage>) -> Self {
        self.languages = languages.into_iter().collect();
        self
    }

    /// As it is told to somebody: in the language that suits him, who asked for one perhaps.
    pub(crate) fn spoken_with(&self, asked: Option<&Language>, browser: &HeaderMap) -> Self {
        let lang = language::choose(&self.languages, asked, self.lang.as_ref(), browser);
        Self { lang, ..self.clone() }
    }

    /// What is chosen here; the rest as `general` has it.
    #[must_use]
    pub(crate) fn or(self, general: &Self) -> Self {
        Self {
            accent: self.accent.or(general.accent),
            side: self.side.or(general.side),
            offset: self.offset.or(general.offset),
            icon: self.icon.or_else(|| general.icon.clone()),
            theme: self.theme.or(general.theme),
            z_index: self.z_index.or(general.z_index),
            title: self.title.or_else(|| general.title.clone()),
            greeting: self.greeting.or_else(|| general.greeting.clone()),
            intro: self.intro.or_else(|| general.intro.clone()),
            launcher: self.launcher.or_else(|| general.launcher.clone()),
            lang: self.lang.or_else(|| general.lang.clone()),
            appeals: self.appeals.or_else(|| general.appeals.clone()),
            languages: if self.languages.is_empty() { general.languages.clone() } else { self.languages },
        }
    }
}

/// The lower corner of the window, as text runs: `End` is the right one where text runs from left to right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Side {
    /// Where lines of text begin.
    Start,
    /// Where lines of text end.
    End,
}

/// Which colours the widget has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Theme {
    /// Dark text on light ground.
    Light,
    /// Light text on dark ground.
    Dark,
    /// What the visitor's system has.
    System,
}

/// Distances from the edges of the window, in CSS pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "RawOffset")]
pub struct Offset {
    inline: u16,
    block: u16,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawOffset {
    inline: u16,
    block: u16,
}

impl Offset {
    /// From the side, and from below.
    ///
    /// # Errors
    /// One of them is over 400.
    pub fn new(inline: u16, block: u16) -> Result<Self, InvalidWidget> {
        if inline.max(block) > MAX_OFFSET {
            return Err(InvalidWidget::Offset);
        }
        Ok(Self { inline, block })
    }
}

impl TryFrom<RawOffset> for Offset {
    type Error = InvalidWidget;

    fn try_from(RawOffset { inline, block }: RawOffset) -> Result<Self, InvalidWidget> {
        Self::new(inline, block)
    }
}

/// Why a choice about the widget is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidWidget {
    /// Not a colour.
    #[error("a colour is #rrggbb or #rgb")]
    Colour,
    /// Not an icon.
    #[error("an icon is chat, question, mail, or an address that begins with https://, http:// or /")]
    Icon,
    /// Not a text.
    #[error("a text is one line of 1 to 200 characters")]
    Text,
    /// Not a language.
    #[error("a language is a tag such as de or pt-BR")]
    Language,
    /// Not a language of the widget.
    #[error("the widget speaks ar, de, en, es, fr, ja and pt")]
    NotSpoken,
    /// Too far away.
    #[error("an offset is at most 400 pixels")]
    Offset,
}

/// What is read from and written as text.
macro_rules! textual {
    ($type:ty) => {
        impl TryFrom<String> for $type {
            type Error = InvalidWidget;

            fn try_from(text: String) -> Result<Self, InvalidWidget> {
                text.parse()
            }
        }

        impl From<$type> for String {
            fn from(value: $type) -> Self {
                value.to_string()
            }
        }
    };
}

pub(crate) use textual;

/// A colour, `#0f766e`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Colour([u8; 3]);

textual!(Colour);

impl FromStr for Colour {
    type Err = InvalidWidget;

    /// Reads `#rrggbb` or `#rgb`.
    fn from_str(text: &str) -> Result<Self, InvalidWidget> {
        let digits = text.strip_prefix('#').ok_or(InvalidWidget::Colour)?;
        let digits: Option<Vec<_>> = digits
            .chars()
            .map(|digit| digit.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
            .collect();
        match digits.as_deref() {
            Some(&[r, g, b]) => Ok(Self([r, g, b].map(|digit| digit * 17))),
            Some(&[r1, r0, g1, g0, b1, b0]) => {
                Ok(Self([[r1, r0], [g1, g0], [b1, b0]].map(|[high, low]| high * 16 + low)))
            }
            _ => Err(InvalidWidget::Colour),
        }
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [r, g, b] = self.0;
        write!(f, "#{r:02x}{g:02x}{b:02x}")
    }
}

/// What is drawn on the launcher: one of the widget's own, or an image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[non_exhaustive]
pub enum Icon {
    /// A speech bubble.
    Chat,
    /// A question mark.
    Question,
    /// An envelope.
    Mail,
    /// The image at an address. The page's content security policy must let it in.
    Image(String),
}

textual!(Icon);

impl FromStr for Icon {
    type Err = InvalidWidget;

    /// Reads a name, or an address that begins with `https://`, `http://` or `/`.
    fn from_str(text: &str) -> Result<Self, InvalidWidget> {
        let is_address = ["https://", "http://", "/"].iter().any(|start| text.starts_with(start));
        match text {
            "chat" => Ok(Self::Chat),
            "question" => Ok(Self::Question),
            "mail" => Ok(Self::Mail),
            _ if is_address && text.len() <= MAX_URL && !text.contains(char::is_whitespace) => {
                Ok(Self::Image(text.to_owned()))
            }
            _ => Err(InvalidWidget::Icon),
        }
    }
}

impl fmt::Display for Icon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Chat => "chat",
            Self::Question => "question",
            Self::Mail => "mail",
            Self::Image(address) => address,
        })
    }
}

/// One line of text, at most 200 characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Text(String);

textual!(Text);

impl FromStr for Text {
    type Err = InvalidWidget;

    /// Takes the text without the white space around it.
    fn from_str(text: &str) -> Result<Self, InvalidWidget> {
        let text = text.trim();
        let fits = !text.is_empty() && text.chars().count() <= MAX_TEXT && !text.contains(char::is_control);
        if fits { Ok(Self(text.to_owned())) } else { Err(InvalidWidget::Text) }
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_chosen_goes_through_json_and_back() {
        let whole = json!({
            "accent": "#0f766e", "side": "start", "offset": {"inline": 12, "block": 80}, "icon": "mail",
            "theme": "dark", "zIndex": 10, "title": "Shop", "greeting": "Hello.", "intro": "Ask.", "launcher": "Ask us",
            "appeals": "Write to us.",
            "lang": "pt-BR", "languages": ["en", "pt"],
        });
        let config: WidgetConfig = serde_json::from_value(whole.clone()).expect("a configuration");
        assert_eq!(serde_json::to_value(&config).expect("JSON"), whole);
        assert_eq!(serde_json::to_value(WidgetConfig::default()).expect("JSON"), json!({}));
    }

    #[test]
    fn what_cannot_be_chosen() {
        for refused in [
            json!({"accent": "red"}),
            json!({"accent": "#12345"}),
            json!({"accent": "#+12345"}),
            json!({"side": "left"}),
            json!({"offset": {"inline": 401, "block": 0}}),
            json!({"offset": {"inline": 1}}),
            json!({"icon": "javascript:alert(1)"}),
            json!({"icon": "/a b"}),
            json!({"title": " "}),
            json!({"title": "a\nb"}),
            json!({"title": "x".repeat(201)}),
            json!({"zIndex": 1.5}),
            json!({"lang": "x"}),
            json!({"lang": "de_AT"}),
            json!({"lang": "german, please"}),
            json!({"languages": ["tlh"]}),
            json!({"languages": "de"}),
            json!({"colour": "#123456"}),
        ] {
            assert!(serde_json::from_value::<WidgetConfig>(refused.clone()).is_err(), "{refused}");
        }
        assert_eq!("#FA0".parse::<Colour>().expect("a colour").to_string(), "#ffaa00");
        assert_eq!(
            "https://cdn.example/i.svg".parse::<Icon>().expect("an icon").to_string(),
            "https://cdn.example/i.svg"
        );
    }
}
