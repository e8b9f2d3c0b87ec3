//! The configuration file: read, and what is wrong with one told so that it can be mended.

use std::{
    fmt, fs, io,
    ops::Range,
    path::{Path, PathBuf},
};

use clap::{ArgMatches, CommandFactory, FromArgMatches, parser::ValueSource};

use crate::{CommandLine, options::Options};

/// How alike a key must be to what was written to be suggested, from 0 to 1.
const ALIKE: f64 = 0.75;

/// A commented file with every key in it.
pub(crate) const EXAMPLE: &str = include_str!("example.toml");

/// Why a file is no configuration.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConfigError {
    #[error("cannot read the configuration {}", path.display())]
    Read { path: PathBuf, source: io::Error },
    #[error("{0}")]
    Invalid(Mistake),
}

/// A mistake in a file, and where it stands.
#[derive(Debug)]
pub(crate) struct Mistake {
    path: PathBuf,
    /// From 1.
    line: usize,
    /// From 1, in characters.
    column: usize,
    /// `workspaces.shop.widget.accent`; nothing if the file is no TOML.
    key: String,
    problem: String,
    hint: Option<String>,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, line, column, key, problem, hint } = self;
        write!(f, "{}:{line}:{column}: ", path.display())?;
        if !key.is_empty() {
            write!(f, "{key}: ")?;
        }
        f.write_str(problem)?;
        hint.as_ref().map_or(Ok(()), |hint| write!(f, "\n{hint}"))
    }
}

/// What holds: a flag before the environment, that before the file, and that before what holds by default.
pub(crate) fn load(file: Option<&Path>, mut matches: ArgMatches) -> Result<Options, ConfigError> {
    let mut options = file.map_or_else(|| Ok(Options::default()), read)?;
    // What nobody said must not cover what the file says.
    let said = |id: &&clap::Id| matches.value_source(id.as_str()) != Some(ValueSource::DefaultValue);
    let unsaid: Vec<_> = matches.ids().filter(|id| !said(id)).cloned().collect();
    for id in unsaid {
        let _ = matches.try_clear_id(id.as_str());
    }
    // It was parsed before, with the same types.
    options.update_from_arg_matches_mut(&mut matches).unwrap_or_else(|error| error.exit());
    Ok(options)
}

fn read(path: &Path) -> Result<Options, ConfigError> {
    let text =
        fs::read_to_string(path).map_err(|source| ConfigError::Read { path: path.to_owned(), source })?;
    parse(path, &text).map_err(ConfigError::Invalid)
}

/// Reads a file's text.
pub(crate) fn parse(path: &Path, text: &str) -> Result<Options, Mistake> {
    let locate = |key: String, error: &toml::de::Error| {
        let (line, column) = line_and_column(text, error.span());
        let (problem, hint) = (error.message().trim_end().to_owned(), None);
        Mistake { path: path.to_owned(), line, column, key, problem, hint }
    };
    let document = toml::Deserializer::parse(text).map_err(|error| locate(String::new(), &error))?;
    serde_path_to_error::deserialize(document).map_err(|error| {
        let key = error.path().to_string();
        let key = if key == "." { String::new() } else { key };
        explain(locate(key, error.inner()))
    })
}

fn line_and_column(text: &str, span: Option<Range<usize>>) -> (usize, usize) {
    let before = text.get(..span.map_or(0, |span| span.start)).unwrap_or_default();
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

/// A word that is not known gets the one that may be meant, instead of all that there are. serde quotes both: the unknown
/// one first, then each that it expected.
fn explain(mut mistake: Mistake) -> Mistake {
    let problem = std::mem::take(&mut mistake.problem);
    let mut quoted = problem.split('`').skip(1).step_by(2);
    let (is_field, is_variant) =
        (problem.starts_with("unknown field"), problem.starts_with("unknown variant"));
    let Some(word) = quoted.next().filter(|_| is_field || is_variant) else {
        return Mistake { problem, ..mistake };
    };
    let known: Vec<&str> = quoted.collect();
    if is_field {
        let whole = mistake.key.ends_with(word);
        mistake.key = match mistake.key.as_str() {
            key if whole => key.to_owned(),
            "" => word.to_owned(),
            section => format!("{section}.{word}"),
        };
        let file = format!("{word}_file");
        if known.contains(&&*file) {
            "a secret does not stand in this file".clone_into(&mut mistake.problem);
            let variable = secret_variable(&mistake.key);
            let variable = variable.map_or_else(String::new, |variable| format!(", or set {variable}"));
            mistake.hint =
                Some(format!("put it into a file of its own and name that: {file} = \"…\"{variable}"));
            return mistake;
        }
    }
    mistake.hint = Some(match closest(word, &known) {
        Some(meant) => format!("did you mean {meant}?"),
        None => format!("there are: {}", known.join(", ")),
    });
    mistake.problem =
        if is_field { "there is no such key".to_owned() } else { format!("{word:?} is none of them") };
    mistake
}

fn closest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    let likeness = |known: &str| strsim::jaro_winkler(&word.to_ascii_lowercase(), known);
    let scored =
        known.iter().map(|known| (likeness(known), *known)).filter(|(likeness, _)| *likeness >= ALIKE);
    scored.max_by(|(one, _), (other, _)| one.total_cmp(other)).map(|(_, known)| known)
}

/// The environment's name for a secret whose file has the key `{key}_file`.
fn secret_variable(key: &str) -> Option<String> {
    let command = CommandLine::command();
    let argument =
        command.get_arguments().find(|argument| argument.get_id().as_str() == format!("{key}_file"))?;
    let variable = argument.get_env()?.to_str()?;
    variable.strip_suffix("_FILE").map(str::to_owned)
}

#[cfg(test)]
mod tests;
