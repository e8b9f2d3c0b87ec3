//! Which language the widget speaks with somebody: tags, what there is, what a workspace allows, and what a browser prefers.

use std::{fmt, str::FromStr};

use http::{HeaderMap, header::ACCEPT_LANGUAGE};
use serde::{Deserialize, Serialize};

use crate::{InvalidWidget, quality, widget::textual};

/// The longest tag of a language, in bytes.
const MAX_TAG: usize = 35;

/// A language by its tag (BCP 47), `de` or `pt-BR`. One that the widget does not speak is said in English.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Language(String);

textual!(Language);

impl FromStr for Language {
    type Err = InvalidWidget;

    /// Reads a tag; whether there is such a language is not looked at.
    fn from_str(text: &str) -> Result<Self, InvalidWidget> {
        let mut parts = text.split('-');
        let is_language = parts.next().is_some_and(|first| {
            (2..=8).contains(&first.len()) && first.bytes().all(|byte| byte.is_ascii_alphabetic())
        });
        let is_part = |part: &str| {
            (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        };
        let fits = text.len() <= MAX_TAG && is_language && parts.all(is_part);
        if fits { Ok(Self(text.to_owned())) } else { Err(InvalidWidget::Language) }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

macro_rules! spoken {
    ($($(#[$doc:meta])* $name:ident = $code:literal;)*) => {
        /// A language that the widget speaks. In JSON its code, `de`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "lowercase")]
        #[non_exhaustive]
        pub enum WidgetLanguage {
            $($(#[$doc])* $name,)*
        }

        impl WidgetLanguage {
            /// Every one.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Its code (ISO 639-1).
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }
        }
    };
}

spoken! {
    /// Arabic.
    Ar = "ar";
    /// German.
    De = "de";
    /// English.
    En = "en";
    /// Spanish.
    Es = "es";
    /// French.
    Fr = "fr";
    /// Japanese.
    Ja = "ja";
    /// Portuguese.
    Pt = "pt";
}

impl WidgetLanguage {
    /// That of a tag, whatever the region.
    pub fn of(tag: &Language) -> Option<Self> {
        let code = tag.0.split('-').next().unwrap_or_default();
        Self::ALL.iter().copied().find(|language| language.code().eq_ignore_ascii_case(code))
    }
}

impl FromStr for WidgetLanguage {
    type Err = InvalidWidget;

    /// Reads a code.
    fn from_str(code: &str) -> Result<Self, InvalidWidget> {
        Self::ALL.iter().copied().find(|language| language.code() == code).ok_or(InvalidWidget::NotSpoken)
    }
}

impl From<WidgetLanguage> for Language {
    fn from(language: WidgetLanguage) -> Self {
        Self(language.code().to_owned())
    }
}

/// What is spoken: the first of the wishes that may be, or else the first that may. `None`: whatever the browser prefers, as
/// nothing else is wished that there is.
///
/// `allowed`: none means all.
pub(crate) fn choose(
    allowed: &[WidgetLanguage],
    asked: Option<&Language>,
    chosen: Option<&Language>,
    browser: &HeaderMap,
) -> Option<Language> {
    let may = |tag: &&Language| WidgetLanguage::of(tag).is_some_and(|own| allowed.contains(&own));
    let Some(fall_back) = allowed.first() else {
        return asked.filter(|tag| WidgetLanguage::of(tag).is_some()).or(chosen).cloned();
    };
    let preferred = preferred(browser);
    let wishes = asked.into_iter().chain(chosen).chain(&preferred);
    wishes.into_iter().find(may).cloned().or(Some((*fall_back).into()))
}

/// `?lang=de-AT`. Some write `de_AT`.
pub(crate) fn asked(query: Option<&str>) -> Option<Language> {
    let mut pairs = query?.split('&').filter_map(|pair| pair.split_once('='));
    let (_, tag) = pairs.find(|(name, _)| *name == "lang")?;
    tag.replace('_', "-").parse().ok()
}

/// What a browser prefers (RFC 9110 section 12.5.4), the dearest first.
fn preferred(headers: &HeaderMap) -> Vec<Language> {
    let values = headers.get_all(ACCEPT_LANGUAGE).iter().filter_map(|value| value.to_str().ok());
    let items = values.flat_map(|value| value.split(',')).map(quality::item);
    let mut items: Vec<(Language, u16)> = items
        .filter(|(_, quality)| *quality > 0)
        .filter_map(|(tag, quality)| Some((tag.parse().ok()?, quality)))
        .collect();
    items.sort_by_key(|(_, quality)| std::cmp::Reverse(*quality));
    items.into_iter().map(|(tag, _)| tag).collect()
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn chosen(
        allowed: &[&str],
        asked_by: &'static str,
        host: Option<&str>,
        browser: &'static str,
    ) -> Option<String> {
        let allowed: Vec<_> = allowed.iter().map(|code| code.parse().expect("a code")).collect();
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static(browser));
        let host = host.map(|tag| tag.parse().expect("a tag"));
        choose(&allowed, asked(Some(asked_by)).as_ref(), host.as_ref(), &headers).map(String::from)
    }

    #[test]
    fn the_first_wish_that_may_be_or_else_the_first_that_may() {
        for (allowed, asked, host, browser, spoken) in [
            (&["de", "fr"][..], "", None, "fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5", Some("fr-CH")),
            (&["de", "fr"], "", None, "en, de;q=0.3, fr;q=0.2", Some("de")),
            (&["de", "fr"], "", None, "en, de;q=0.3, fr;q=0.4", Some("fr")),
            (&["de", "fr"], "", None, "fr;q=0, en", Some("de")),
            (&["de", "fr"], "", None, "DE-at", Some("DE-at")),
            (&["de", "fr"], "", None, "", Some("de")),
            (&["de", "fr"], "", None, ";;q=, -, x, de_AT", Some("de")),
            (&["de", "fr"], "lang=fr", None, "de", Some("fr")),
            (&["de", "fr"], "a=b&lang=fr_CA&lang=de", None, "de", Some("fr-CA")),
            (&["de", "fr"], "lang=ja", None, "fr", Some("fr")),
            (&["de", "fr"], "lang=%66r", None, "de", Some("de")),
            (&["de", "fr"], "lang=den", Some("ja"), "es", Some("de")),
            (&["de", "fr"], "lang=ja", Some("fr"), "de", Some("fr")),
            (&["pt"], "", None, "pt-PT", Some("pt-PT")),
            // All may be: the page knows its browser.
            (&[], "", None, "fr", None),
            (&[], "", Some("fr"), "de", Some("fr")),
            (&[], "lang=ja", Some("fr"), "de", Some("ja")),
            (&[], "lang=tlh", Some("fr"), "de", Some("fr")),
            (&[], "lang=tlh", None, "de", None),
        ] {
            let found = chosen(allowed, asked, host, browser);
            assert_eq!(found.as_deref(), spoken, "{allowed:?} {asked} {host:?} {browser}");
        }
    }

    /// English is built into the launcher; each other one has a file there.
    #[test]
    fn each_language_is_one_of_the_pages() {
        let files = |language: &&WidgetLanguage| {
            crate::pages::find(&format!("assets/launcher/{}.json", language.code())).is_some()
        };
        let spoken: Vec<_> = WidgetLanguage::ALL.iter().filter(files).collect();
        assert_eq!(spoken.len() + 1, WidgetLanguage::ALL.len());
        assert!(!spoken.contains(&&WidgetLanguage::En));
        for language in WidgetLanguage::ALL {
            let written = serde_json::to_value(language).expect("JSON");
            assert_eq!(written, language.code(), "{language:?}");
        }
    }
}
