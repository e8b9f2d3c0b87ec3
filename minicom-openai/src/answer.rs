//! A stream's chunks, read one by one into a reply.

use minicom_core::{Answer, Draft, HandoffReason, Reply, Source, Tokens};
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::Value;

use crate::{
    error::{Kind, Malformed, OpenAiError, Refused},
    request::HAND_OVER,
    said::Said,
    words::{Stop, Words},
};

/// How long a function's arguments may be, in bytes; what is longer is not read.
const ARGUMENT_BYTES: usize = 4 * 1024;

/// How long a reason for a hand-off may be, in bytes.
const REASON_BYTES: usize = 200;

#[derive(Deserialize)]
struct Chunk {
    choices: Option<Vec<Choice>>,
    error: Option<Value>,
    /// Of no interest to the answer, so whatever it is, it breaks none.
    usage: Option<Value>,
}

/// What an answer took. Servers tell it at the end, or with each chunk, added up.
#[derive(Deserialize)]
struct Usage {
    #[serde(default)]
    prompt_tokens: u64,
    #[serde(default)]
    completion_tokens: u64,
}

#[derive(Deserialize)]
struct Choice {
    #[serde(default)]
    index: u32,
    delta: Option<Delta>,
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct Delta {
    content: Option<String>,
    /// What a model thinks, under the names that servers have for it: a sign of life, and not read.
    #[serde(alias = "reasoning")]
    reasoning_content: Option<Value>,
    tool_calls: Option<Vec<CallDelta>>,
}

#[derive(Deserialize)]
struct CallDelta {
    #[serde(default)]
    index: u32,
    function: Option<FunctionDelta>,
}

#[derive(Deserialize)]
struct FunctionDelta {
    name: Option<String>,
    arguments: Option<String>,
}

/// An answer that is being read.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    words: Words,
    /// The call that hands over: which of the calls it is, and its arguments.
    handoff: Option<(u32, String)>,
    end: Option<End>,
    /// A token has arrived.
    begun: bool,
    /// What it took, as the server said it last.
    tokens: Tokens,
}

/// How an answer ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Meant,
    TooLong,
    Filtered,
}

/// What an event was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// Nothing of the answer.
    Other,
    /// Some of it.
    Token,
    /// There is nothing more to read.
    Done,
}

impl Reading {
    /// Reads the data of an event. `key` is cut out of what the server says.
    pub(crate) fn read(
        &mut self,
        data: &str,
        key: Option<&SecretString>,
        draft: &mut Draft,
    ) -> Result<Step, OpenAiError> {
        if data.trim() == "[DONE]" {
            self.end.get_or_insert(End::Meant);
            return Ok(Step::Done);
        }
        let chunk: Chunk = serde_json::from_str(data).map_err(Malformed::from)?;
        self.note(chunk.usage);
        if let Some(error) = chunk.error {
            let said = Said::read(&error, key);
            return Err(Kind::Refused(Refused { status: said.status(), said, retry_after: None }).into());
        }
        // Only one was asked for.
        let Some(choice) = chunk.choices.into_iter().flatten().find(|choice| choice.index == 0) else {
            return Ok(Step::Other);
        };
        let token = choice.delta.is_some_and(|delta| self.add(delta, draft));
        self.begun |= token;
        if let Some(reason) = choice.finish_reason {
            self.end.get_or_insert(match &*reason {
                "length" => End::TooLong,
                "content_filter" => End::Filtered,
                _ => End::Meant,
            });
        }
        if self.words.is_full() {
            self.end.get_or_insert(End::TooLong);
        }
        Ok(if self.end.is_some() {
            Step::Done
        } else if token {
            Step::Token
        } else {
            Step::Other
        })
    }

    /// Reads what follows the answer, which is what it took. Says whether there may be more.
    pub(crate) fn read_rest(&mut self, data: &str) -> bool {
        if let Ok(chunk) = serde_json::from_str::<Chunk>(data) {
            self.note(chunk.usage);
        }
        data.trim() != "[DONE]"
    }

    fn note(&mut self, usage: Option<Value>) {
        let usage = usage.and_then(|usage| serde_json::from_value::<Usage>(usage).ok());
        if let Some(Usage { prompt_tokens: input, completion_tokens: output }) = usage {
            self.tokens = Tokens { input, output };
        }
    }

    /// What it took, as far as the server said.
    pub(crate) fn tokens(&self) -> Tokens {
        self.tokens
    }

    /// Says whether there was anything in it.
    fn add(&mut self, delta: Delta, draft: &mut Draft) -> bool {
        let mut token = delta.reasoning_content.is_some_and(|thought| !thought.is_null());
        if let Some(content) = delta.content.filter(|content| !content.is_empty()) {
            self.words.push(&content, draft);
            token = true;
        }
        for call in delta.tool_calls.into_iter().flatten() {
            token = true;
            let Some(function) = call.function else { continue };
            if function.name.as_deref() == Some(HAND_OVER) && self.handoff.is_none() {
                self.handoff = Some((call.index, String::new()));
            }
            if let (Some((index, arguments)), Some(more)) = (&mut self.handoff, function.arguments)
                && *index == call.index
                && arguments.len() + more.len() <= ARGUMENT_BYTES
            {
                arguments.push_str(&more);
            }
        }
        token
    }

    /// Whether a token has arrived.
    pub(crate) fn has_begun(&self) -> bool {
        self.begun
    }

    /// Whether the answer is whole.
    pub(crate) fn has_ended(&self) -> bool {
        self.end.is_some()
    }

    /// What the answer comes to. It rests on `sources`.
    pub(crate) fn finish(self, sources: Vec<Source>) -> Result<Reply, OpenAiError> {
        if self.end == Some(End::Filtered) {
            return Ok(filtered());
        }
        if let Some((_, arguments)) = self.handoff {
            return Ok(hand_over(&reason(&arguments)));
        }
        let stop = if self.end == Some(End::TooLong) { Stop::Cut } else { Stop::Meant };
        let text = self.words.finish(stop);
        if text.is_empty() { Err(Kind::Empty.into()) } else { Ok(Reply::Answer(Answer { text, sources })) }
    }
}

/// An agent takes over from a filter.
pub(crate) fn filtered() -> Reply {
    hand_over("The model's content filter stopped the answer.")
}

fn hand_over(detail: &str) -> Reply {
    let detail = detail[..detail.floor_char_boundary(REASON_BYTES)].to_owned();
    Reply::Handoff(HandoffReason::Responder { detail })
}

/// The model's reason, out of a function's arguments, which may be anything.
fn reason(arguments: &str) -> String {
    let arguments: Value = serde_json::from_str(arguments).unwrap_or_default();
    let reason = arguments.get("reason").and_then(Value::as_str).map(str::trim);
    reason.filter(|reason| !reason.is_empty()).unwrap_or("The model gave no reason.").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(events: &[&str]) -> Result<(Reply, String), OpenAiError> {
        let (mut draft, _watching) = Draft::channel();
        let mut reading = Reading::default();
        for event in events {
            reading.read(event, Some(&"sk-s3cret".into()), &mut draft)?;
        }
        let drafted = draft.text();
        reading.finish(Vec::new()).map(|reply| (reply, drafted))
    }

    fn reply(events: &[&str]) -> Reply {
        read(events).unwrap().0
    }

    fn handed_over(events: &[&str]) -> String {
        match reply(events) {
            Reply::Handoff(HandoffReason::Responder { detail }) => detail,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn words_become_an_answer() {
        let events = [
            r#"{"choices":[{"index":0,"delta":{"role":"assistant","content":null}}]}"#,
            r#"{"choices":[{"index":1,"delta":{"content":"other"}},{"delta":{"content":"From "}}]}"#,
            r#"{"choices":[{"index":0,"delta":{"content":"nine."},"logprobs":null}],"usage":null}"#,
            r#"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#,
            r#"{"choices":[],"usage":{"total_tokens":9}}"#,
            "[DONE]",
        ];
        assert_eq!(read(&events).unwrap(), (Reply::Answer("From nine.".into()), "From nine.".into()));
    }

    #[test]
    fn what_it_took_is_what_was_said_last() {
        let (mut draft, _watching) = Draft::channel();
        let mut reading = Reading::default();
        for (event, tokens) in [
            (r#"{"choices":[{"delta":{"content":"a"}}],"usage":null}"#, (0, 0)),
            (
                r#"{"choices":[],"usage":{"prompt_tokens":30,"completion_tokens":1,"total_tokens":31}}"#,
                (30, 1),
            ),
            (r#"{"choices":[],"usage":{"prompt_tokens":-1}}"#, (30, 1)),
            (r#"{"choices":[],"usage":"many"}"#, (30, 1)),
            (r#"{"choices":[],"usage":{"prompt_tokens":30,"completion_tokens":2}}"#, (30, 2)),
        ] {
            reading.read(event, None, &mut draft).unwrap();
            assert_eq!((reading.tokens().input, reading.tokens().output), tokens, "{event}");
        }
        assert!(reading.read_rest(r#"{"usage":{"prompt_tokens":31,"completion_tokens":3}}"#));
        assert!(reading.read_rest("nonsense"));
        assert!(!reading.read_rest(" [DONE]"));
        assert_eq!(reading.tokens(), Tokens { input: 31, output: 3 });
    }

    #[test]
    fn what_is_a_token_and_what_is_not() {
        let (mut draft, _watching) = Draft::channel();
        for (event, step) in [
            ("{}", Step::Other),
            (r#"{"choices":null,"error":null}"#, Step::Other),
            (r#"{"choices":[{"delta":{"role":"assistant","content":""}}]}"#, Step::Other),
            (r#"{"choices":[{"delta":{"reasoning_content":null}}]}"#, Step::Other),
            (r#"{"choices":[{"delta":{"reasoning_content":"Hm."}}]}"#, Step::Token),
            (r#"{"choices":[{"delta":{"reasoning":"Hm."}}]}"#, Step::Token),
            (r#"{"choices":[{"delta":{"content":"a"}}]}"#, Step::Token),
            (r#"{"choices":[{"delta":{"tool_calls":[{"function":{"name":"x"}}]}}]}"#, Step::Token),
            (r#"{"choices":[{"delta":{"content":"a"},"finish_reason":"stop"}]}"#, Step::Done),
            (" [DONE] ", Step::Done),
        ] {
            assert_eq!(Reading::default().read(event, None, &mut draft).unwrap(), step, "{event}");
        }
    }

    #[test]
    fn a_call_hands_over_whatever_its_arguments_are() {
        let call = |arguments: &str| {
            let arguments = Value::from(arguments);
            format!(
                r#"{{"choices":[{{"delta":{{"tool_calls":[{{"index":1,"function":{{"name":"hand_over","arguments":{arguments}}}}}]}}}}]}}"#
            )
        };
        let more = r#"{"choices":[{"delta":{"tool_calls":[{"index":1,"function":{"arguments":" refund\"}"}},{"index":2,"function":{"arguments":"}"}}]}}]}"#;
        let end = r#"{"choices":[{"delta":{},"finish_reason":"tool_calls"}]}"#;
        assert_eq!(handed_over(&[&call(r#"{"reason": "a"#), more, end]), "a refund");
        assert_eq!(handed_over(&[&call(&format!(r#"{{"reason":"{}"}}"#, "ä".repeat(900))), end]).len(), 200);
        for arguments in ["", "{", "7", r#"{"reason":7}"#, r#"{"reason":" "}"#, &"x".repeat(5_000)] {
            assert_eq!(handed_over(&[&call(arguments), end]), "The model gave no reason.");
        }
    }

    #[test]
    fn other_calls_are_ignored() {
        let call = r#"{"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"name":"rm","arguments":"{}"}}]}}]}"#;
        let word = r#"{"choices":[{"delta":{"content":"Hello."}}]}"#;
        assert_eq!(reply(&[call, word, "[DONE]"]), Reply::Answer("Hello.".into()));
        assert!(read(&[call, "[DONE]"]).unwrap_err().is_empty());
    }

    #[test]
    fn how_it_ends_is_heeded() {
        let ends = |reason: &str| {
            format!(r#"{{"choices":[{{"delta":{{"content":"From nine to"}},"finish_reason":"{reason}"}}]}}"#)
        };
        assert_eq!(reply(&[&ends("stop")]), Reply::Answer("From nine to".into()));
        assert_eq!(reply(&[&ends("eos")]), Reply::Answer("From nine to".into()));
        assert_eq!(reply(&[&ends("length")]), Reply::Answer("From nine to…".into()));
        assert!(handed_over(&[&ends("content_filter")]).contains("filter"));
        assert!(read(&["[DONE]"]).unwrap_err().is_empty());
    }

    #[test]
    fn an_error_in_the_stream_is_one() {
        for (event, retryable, status) in [
            (r#"{"error":{"message":"sk-s3cret","code":502}}"#, true, Some(502)),
            (r#"{"error":{"message":"sk-s3cret","code":400},"choices":[]}"#, false, Some(400)),
            (r#"{"error":{"type":"server_error"}}"#, true, None),
            (r#"{"error":{"code":"insufficient_quota"}}"#, false, None),
            (r#"{"error":"sk-s3cret"}"#, true, None),
        ] {
            let error = read(&[event]).unwrap_err();
            assert_eq!((error.is_retryable(), error.status()), (retryable, status), "{event}");
            assert!(!format!("{error:?} {error} {:?}", error.server_message()).contains("s3cret"));
        }
    }

    #[test]
    fn garbage_is_refused_and_not_repeated() {
        for event in [
            "",
            "x",
            "[",
            "7",
            "[1]",
            r#"{"choices":"sk-s3cret"}"#,
            r#"{"choices":[{"delta":{"content":7}}]}"#,
        ] {
            let error = read(&[event]).unwrap_err();
            assert!(error.is_protocol() && error.is_retryable(), "{event}");
            assert!(!format!("{error:?} {error}").contains("s3cret"), "{error:?}");
        }
    }
}
