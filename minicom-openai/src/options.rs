//! What a host may set, and the endpoint that comes of it.

use std::{error::Error as StdError, fmt, time::Duration};

use http::HeaderValue;
use minicom_outbound::{OutboundError, Url};
use secrecy::{ExposeSecret, SecretString};

/// How to answer, where a turn brings no instructions of its own.
const INSTRUCTIONS: &str = "You answer visitors of a website in its support chat. Be brief, friendly and exact. \
    Say so if you do not know.";

/// Which server to ask, how, and how patiently.
///
/// ```
/// use std::time::Duration;
/// use minicom_openai::{OpenAiOptions, SecretString};
///
/// let mut options = OpenAiOptions::new("https://api.openai.com/v1", "gpt-4o-mini");
/// options.api_key = std::env::var("OPENAI_API_KEY").ok().map(SecretString::from);
/// options.temperature = Some(0.2);
/// options.first_token_within = Duration::from_secs(20);
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct OpenAiOptions {
    /// What stands before `/chat/completions`, such as `http://127.0.0.1:8080/v1`. A query is kept; unlike the key it is no
    /// secret to the `Debug` of these options.
    pub base_url: String,
    /// The server's name for the model.
    pub model: String,
    /// Sent as `Authorization: Bearer …`; `None` sends none. In no `Debug`, no error and no log.
    pub api_key: Option<SecretString>,
    /// How to answer where a turn has no instructions of its own.
    pub instructions: String,
    /// From 0 to 2; `None` leaves it to the server. Some models refuse any.
    pub temperature: Option<f32>,
    /// Above 0, up to 1; `None` leaves it to the server.
    pub top_p: Option<f32>,
    /// How many tokens an answer may have; `None` leaves it to the server. 1,024.
    pub max_tokens: Option<u32>,
    /// What the server calls that bound. `max_tokens`.
    pub token_limit: TokenLimit,
    /// Whether the model may hand over to an agent. Offered.
    pub handoff: Handoff,
    /// Whether the server is asked how many tokens an answer took, for the metrics. Asked.
    pub usage: Usage,
    /// How many messages of the conversation are sent at most, the question among them. 20.
    pub history_messages: usize,
    /// How many bytes of them are sent at most; the question comes first and is cut if it alone is longer. 16 KiB.
    pub history_bytes: usize,
    /// How many bytes of passages are sent at most, best first. 12 KiB.
    pub passage_bytes: usize,
    /// How long a connection may take. 5 s.
    pub connect_within: Duration,
    /// How long the first token may take, once a request goes out: on slow machines the model reads the whole prompt
    /// before it. 30 s.
    pub first_token_within: Duration,
    /// How long each token after that may take. 15 s.
    pub next_token_within: Duration,
    /// How long a turn may take in all, with its repetitions. 120 s.
    pub answer_within: Duration,
    /// How often a request is sent again that failed before its first token. 2.
    pub retries: u32,
    /// What is waited before it: a random part of this, doubled each time. 500 ms.
    pub retry_delay: Duration,
    /// How long is waited at most, whatever the server asks for; if it asks for more the turn fails, and may work later.
    /// 20 s.
    pub retry_delay_max: Duration,
}

/// What a server calls the bound of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenLimit {
    /// `max_tokens`: nearly every server.
    MaxTokens,
    /// `max_completion_tokens`: OpenAI's newer models, which refuse the other.
    MaxCompletionTokens,
}

/// Whether the model may hand over to an agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Handoff {
    /// It is offered a function for that.
    Offered,
    /// No `tools` are sent: for servers and models that know none.
    NotOffered,
}

/// Whether the server is asked how many tokens an answer took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Usage {
    /// It is: `stream_options`, as nearly every server knows it.
    Asked,
    /// It is not, for servers that refuse what they do not know. What it says unasked is counted all the same.
    NotAsked,
}

impl OpenAiOptions {
    /// The defaults, for a model of a server.
    pub fn new(base_url: impl Into<String>, model: impl Into<String>) -> Self {
        Self {
            base_url: base_url.into(),
            model: model.into(),
            api_key: None,
            instructions: INSTRUCTIONS.to_owned(),
            temperature: None,
            top_p: None,
            max_tokens: Some(1024),
            token_limit: TokenLimit::MaxTokens,
            handoff: Handoff::Offered,
            usage: Usage::Asked,
            history_messages: 20,
            history_bytes: 16 * 1024,
            passage_bytes: 12 * 1024,
            connect_within: Duration::from_secs(5),
            first_token_within: Duration::from_secs(30),
            next_token_within: Duration::from_secs(15),
            answer_within: Duration::from_mins(2),
            retries: 2,
            retry_delay: Duration::from_millis(500),
            retry_delay_max: Duration::from_secs(20),
        }
    }

    /// Refuses what no server could make sense of.
    pub(crate) fn check(&self) -> Result<(), OptionsError> {
        let within = |value: Option<f32>, most| value.is_none_or(|value| (0.0..=most).contains(&value));
        if self.model.trim().is_empty() {
            return Err(OptionsError(Kind::Model));
        }
        if !within(self.temperature, 2.0) || !within(self.top_p, 1.0) || self.top_p == Some(0.0) {
            return Err(OptionsError(Kind::Sampling));
        }
        if self.max_tokens == Some(0) || self.history_messages == 0 || self.history_bytes == 0 {
            return Err(OptionsError(Kind::Nothing));
        }
        Ok(())
    }

    /// Where requests go.
    pub(crate) fn endpoint(&self) -> Result<Url, OptionsError> {
        let mut url = Url::parse(&self.base_url).map_err(|error| OptionsError(Kind::Url(Box::new(error))))?;
        match url.scheme() {
            "http" => {}
            "https" if cfg!(feature = "tls") => {}
            "https" => return Err(OptionsError(Kind::NoTls)),
            _ => return Err(OptionsError(Kind::Scheme)),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(OptionsError(Kind::Credentials));
        }
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(["chat", "completions"]);
        }
        Ok(url)
    }

    /// The header that carries the key.
    pub(crate) fn authorization(&self) -> Result<Option<HeaderValue>, OptionsError> {
        let Some(key) = &self.api_key else { return Ok(None) };
        let mut value = HeaderValue::try_from(format!("Bearer {}", key.expose_secret()))
            .map_err(|_| OptionsError(Kind::Key))?;
        value.set_sensitive(true);
        Ok(Some(value))
    }
}

/// Options that cannot be used. Opaque; it says which.
#[derive(Debug)]
pub struct OptionsError(Kind);

#[derive(Debug)]
enum Kind {
    Url(Box<dyn StdError + Send + Sync>),
    Scheme,
    NoTls,
    Credentials,
    Key,
    Model,
    Sampling,
    Nothing,
    Client(OutboundError),
}

impl OptionsError {
    pub(crate) fn client(error: OutboundError) -> Self {
        Self(Kind::Client(error))
    }

    /// Whether the address is the trouble.
    pub fn is_base_url(&self) -> bool {
        matches!(self.0, Kind::Url(_) | Kind::Scheme | Kind::NoTls | Kind::Credentials)
    }
    /// Whether the address is an `https:` one, and the crate was built without its feature `tls`.
    pub fn is_without_tls(&self) -> bool {
        matches!(self.0, Kind::NoTls)
    }
    /// Whether the key is the trouble: it has a character that no header may have.
    pub fn is_api_key(&self) -> bool {
        matches!(self.0, Kind::Key)
    }
}

impl fmt::Display for OptionsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Kind::Url(_) => "the server's address is no URL",
            Kind::Scheme => "the server's address begins with neither http: nor https:",
            Kind::NoTls => {
                "the server's address begins with https:, and minicom-openai is built without `tls`"
            }
            Kind::Credentials => {
                "the server's address has a name or a password in it; the key has its own place"
            }
            Kind::Key => "the API key has a character that no header may have",
            Kind::Model => "the model has no name",
            Kind::Sampling => "the temperature is not in 0 to 2, or top_p is not above 0 and up to 1",
            Kind::Nothing => "a bound of zero leaves nothing to send or to say",
            Kind::Client(_) => "the HTTP client cannot be made",
        })
    }
}

impl StdError for OptionsError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.0 {
            Kind::Url(error) => Some(&**error),
            Kind::Client(error) => Some(error),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endpoint(base: &str) -> Result<String, OptionsError> {
        OpenAiOptions::new(base, "m").endpoint().map(String::from)
    }

    #[test]
    fn the_path_is_appended_and_the_query_kept() {
        for (base, whole) in [
            ("http://h", "http://h/chat/completions"),
            ("http://h/v1", "http://h/v1/chat/completions"),
            ("http://h/v1/", "http://h/v1/chat/completions"),
            ("http://h:8/a/b?api-version=3", "http://h:8/a/b/chat/completions?api-version=3"),
        ] {
            assert_eq!(endpoint(base).unwrap(), whole);
        }
    }

    #[test]
    fn addresses_that_cannot_be_asked_are_refused() {
        for base in ["", "h/v1", "ftp://h", "file:///etc/passwd", "http://ann:s3cret@h/", "http://s3cret@h/"]
        {
            let error = endpoint(base).unwrap_err();
            assert!(error.is_base_url() && !error.is_without_tls(), "{base}");
            assert!(!format!("{error:?} {error}").contains("s3cret"));
        }
        assert_eq!(endpoint("https://h").is_ok(), cfg!(feature = "tls"));
    }

    #[test]
    fn values_that_no_server_takes_are_refused() {
        let spoil: [fn(&mut OpenAiOptions); 8] = [
            |options| options.model.clear(),
            |options| options.temperature = Some(f32::NAN),
            |options| options.temperature = Some(2.5),
            |options| options.top_p = Some(0.0),
            |options| options.top_p = Some(1.5),
            |options| options.max_tokens = Some(0),
            |options| options.history_messages = 0,
            |options| options.history_bytes = 0,
        ];
        for spoil in spoil {
            let mut options = OpenAiOptions::new("http://h", "m");
            assert!(options.check().is_ok());
            spoil(&mut options);
            assert!(options.check().is_err(), "{options:?}");
        }
    }

    #[test]
    fn a_key_is_shown_nowhere() {
        let mut options = OpenAiOptions::new("http://h", "m");
        options.api_key = Some("sk-s3cret".into());
        let header = options.authorization().unwrap();
        assert_eq!(header.as_ref().unwrap(), "Bearer sk-s3cret");
        options.api_key = Some("sk-s3cret\n".into());
        let error = options.authorization().unwrap_err();
        assert!(error.is_api_key());
        assert!(!format!("{options:?} {header:?} {error:?} {error}").contains("s3cret"));
    }
}
