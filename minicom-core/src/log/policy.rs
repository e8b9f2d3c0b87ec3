//! When an AI answers, how, and when it hands over: the workspace's policy. A value; the rules that follow it are the
//! conversation's.

use jiff::{Timestamp, civil::Weekday, tz::TimeZone};
use serde::{Deserialize, Serialize};

use crate::error::Refusal;

/// The longest prompt, in bytes.
pub const MAX_PROMPT_BYTES: usize = 8 * 1024;
/// How many words a policy lists at most.
pub const MAX_HANDOFF_WORDS: usize = 100;

const WORD_BYTES: usize = 64;
const NAME_BYTES: usize = 100;
const PERSONALITY_BYTES: usize = 2 * 1024;
const MINUTES_A_DAY: u16 = 24 * 60;
const DEADLINE_S: std::ops::RangeInclusive<u32> = 1..=600;
const ATTEMPTS: std::ops::RangeInclusive<u32> = 1..=10;

/// When the AI answers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum AiMode {
    /// Never.
    Off,
    /// A conversation's first message; the next one is handed over.
    FirstAnswer,
    /// Until it hands over, or an agent takes over.
    #[default]
    UntilHandoff,
    /// As [`UntilHandoff`](Self::UntilHandoff), outside of [`AiPolicy::hours`] only.
    OutsideHours,
    /// It never speaks to visitors: agents see what it would say, and may send it.
    Suggest,
}

/// How the AI speaks.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Personality {
    /// Warm and plain.
    #[default]
    Friendly,
    /// Courteous and to the point.
    Professional,
    /// Exact, with commands and code where they help.
    Technical,
    /// As this text says; at most 2 KiB, without control characters but line breaks and tabs.
    Own(String),
}

impl Personality {
    /// What a responder is told.
    pub fn instructions(&self) -> &str {
        match self {
            Self::Friendly => "Be warm and plain. Use short sentences and everyday words.",
            Self::Professional => "Be courteous and to the point. No small talk, no exclamation marks.",
            Self::Technical => {
                "Be exact. Name versions, commands and settings, and show code where it helps."
            }
            Self::Own(text) => text,
        }
    }

    pub(super) fn check(&self) -> Result<(), Refusal> {
        let Self::Own(text) = self else { return Ok(()) };
        // A snapshot carries it, where JSON would write each of them as six bytes.
        let is_refused = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
        if text.len() > PERSONALITY_BYTES || text.contains(is_refused) {
            return Err(Refusal::bad_request(
                "a personality has at most 2048 bytes, and no control characters but line breaks and tabs",
            ));
        }
        Ok(())
    }
}

/// A part of a day, in minutes since midnight; `until` is not in it, and up to 1440.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shift {
    /// When it begins.
    pub from: u16,
    /// When it ends.
    pub until: u16,
}

/// When the office is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hours {
    /// An IANA time zone, such as `Europe/Lisbon`. On a machine that does not know it the office counts as closed.
    pub time_zone: String,
    /// Monday to Sunday; a day without shifts is closed. At most four shifts a day.
    pub week: [Vec<Shift>; 7],
}

impl Hours {
    /// Whether the office is open.
    pub fn are_open(&self, now: Timestamp) -> bool {
        let Ok(zone) = TimeZone::get(&self.time_zone) else { return false };
        let local = zone.to_datetime(now);
        let minute = u16::try_from(i32::from(local.hour()) * 60 + i32::from(local.minute())).unwrap_or(0);
        let day = usize::try_from(local.weekday().since(Weekday::Monday)).unwrap_or(0);
        self.week[day % 7].iter().any(|shift| (shift.from..shift.until).contains(&minute))
    }

    fn check(&self) -> Result<(), Refusal> {
        if TimeZone::get(&self.time_zone).is_err() {
            return Err(Refusal::bad_request("this time zone is not known"));
        }
        let well_formed = |shift: &Shift| shift.from < shift.until && shift.until <= MINUTES_A_DAY;
        if self.week.iter().any(|day| day.len() > 4 || !day.iter().all(well_formed)) {
            return Err(Refusal::bad_request(
                "a shift begins before it ends, within a day; a day has at most four",
            ));
        }
        Ok(())
    }
}

/// When the AI answers, how, and when it hands over. Unknown fields are refused.
///
/// ```
/// let mut policy = minicom_core::AiPolicy::default();
/// policy.prompt = "You answer for Acme, a shop for bicycles.".into();
/// policy.unhelpful_after = Some(3);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct AiPolicy {
    /// When it answers.
    pub mode: AiMode,
    /// The name that visitors see, 1–100 bytes; `None`: they see that it is an AI.
    pub name: Option<String>,
    /// What a responder should know and do, before the personality; at most [`MAX_PROMPT_BYTES`].
    pub prompt: String,
    /// How it speaks, unless a conversation has a personality of its own.
    pub personality: Personality,
    /// The share of conversations that it answers, in percent. Which ones does not change while the share does not.
    pub share: u8,
    /// After so many answers in a row that nobody called helpful, the next question is handed over. `None`: never.
    pub unhelpful_after: Option<u32>,
    /// Words and phrases of visitors that are handed over at once, in any case; at most [`MAX_HANDOFF_WORDS`] of 64 bytes.
    pub handoff_words: Vec<String>,
    /// When the office is open; without it, it never is.
    pub hours: Option<Hours>,
    /// How long one attempt may take, in seconds; 1–600.
    pub deadline_s: u32,
    /// After so many attempts that failed, the question is handed over; 1–10.
    pub attempts: u32,
}

impl Default for AiPolicy {
    fn default() -> Self {
        Self {
            mode: AiMode::default(),
            name: None,
            prompt: String::new(),
            personality: Personality::default(),
            share: 100,
            unhelpful_after: None,
            handoff_words: Vec::new(),
            hours: None,
            deadline_s: 60,
            attempts: 3,
        }
    }
}

impl AiPolicy {
    /// The default one, with another mode.
    pub fn new(mode: AiMode) -> Self {
        Self { mode, ..Self::default() }
    }

    /// What a responder is told: the prompt, then the personality.
    pub fn instructions(&self, own: Option<&Personality>) -> String {
        let personality = own.unwrap_or(&self.personality).instructions();
        [self.prompt.trim(), personality.trim()]
            .iter()
            .filter(|part| !part.is_empty())
            .copied()
            .collect::<Vec<_>>()
            .join("\n\n")
    }

    /// Whether every bound is kept; the refusal says which one is not.
    pub fn check(&self) -> Result<(), Refusal> {
        let name = self.name.as_deref();
        let refused = if self.prompt.len() > MAX_PROMPT_BYTES {
            "a prompt has at most 8192 bytes"
        } else if name.is_some_and(|name| {
            name.trim().is_empty() || name.len() > NAME_BYTES || name.chars().any(char::is_control)
        }) {
            "a name has 1 to 100 bytes and no control characters"
        } else if self.share > 100 {
            "a share is at most 100 percent"
        } else if self.unhelpful_after == Some(0) {
            "unhelpful_after is at least 1"
        } else if self.handoff_words.len() > MAX_HANDOFF_WORDS
            || self
                .handoff_words
                .iter()
                .any(|word| word.len() > WORD_BYTES || crate::text::terms(word).is_empty())
        {
            "there are at most 100 words, each of 1 to 64 bytes with a letter or digit"
        } else if !DEADLINE_S.contains(&self.deadline_s) || !ATTEMPTS.contains(&self.attempts) {
            "a deadline is 1 to 600 seconds, and attempts are 1 to 10"
        } else {
            self.personality.check()?;
            return self.hours.as_ref().map_or(Ok(()), Hours::check);
        };
        Err(Refusal::bad_request(refused))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn hours_follow_the_office_through_summer_time() {
        let mut week: [Vec<Shift>; 7] = Default::default();
        week[0] = vec![Shift { from: 9 * 60, until: 12 * 60 }, Shift { from: 13 * 60, until: 17 * 60 }];
        let hours = Hours { time_zone: "Europe/Berlin".into(), week };
        // A Monday in winter and one in summer: nine o'clock there is eight and seven in UTC.
        for (time, open) in [
            ("2026-01-05T07:59:59Z", false),
            ("2026-01-05T08:00:00Z", true),
            ("2026-01-05T11:00:00Z", false),
            ("2026-07-06T07:00:00Z", true),
            ("2026-07-06T15:00:00Z", false),
            ("2026-07-07T08:00:00Z", false),
        ] {
            assert_eq!(hours.are_open(at(time)), open, "{time}");
        }
        let nowhere = Hours { time_zone: "Nowhere/Land".into(), ..hours };
        assert!(!nowhere.are_open(at("2026-01-05T08:00:00Z")));
        assert!(nowhere.check().is_err());
    }

    #[test]
    fn a_policy_is_read_from_what_is_said_of_it_and_checked() {
        let policy: AiPolicy =
            serde_json::from_str(r#"{"mode":"suggest","personality":{"own":"Rhyme."},"share":10}"#).unwrap();
        assert_eq!(policy.mode, AiMode::Suggest);
        assert_eq!(policy.instructions(None), "Rhyme.");
        assert_eq!(policy.instructions(Some(&Personality::Own("Sing.".into()))), "Sing.");
        assert!(policy.check().is_ok());
        assert!(serde_json::from_str::<AiPolicy>(r#"{"mod":"off"}"#).is_err());
        for bad in [
            AiPolicy { share: 101, ..AiPolicy::default() },
            AiPolicy { attempts: 0, ..AiPolicy::default() },
            AiPolicy { deadline_s: 601, ..AiPolicy::default() },
            AiPolicy { unhelpful_after: Some(0), ..AiPolicy::default() },
            AiPolicy { name: Some(" ".into()), ..AiPolicy::default() },
            AiPolicy { prompt: "x".repeat(MAX_PROMPT_BYTES + 1), ..AiPolicy::default() },
            AiPolicy { handoff_words: vec!["!".into()], ..AiPolicy::default() },
            AiPolicy { personality: Personality::Own("x".repeat(3000)), ..AiPolicy::default() },
        ] {
            assert!(bad.check().is_err(), "{bad:?}");
        }
    }
}
