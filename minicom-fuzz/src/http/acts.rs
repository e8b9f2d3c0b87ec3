//! What is asked of a conversation without a socket: judged by a model of who may.

use http::{Method, Response, StatusCode};
use minicom_core::{AuthRequest, AuthTarget, ParticipantId};
use minicom_web::Body;
use serde_json::Value;

use super::{asked::Asked, body, origin, percent};

const ACTS: [&str; 5] = ["handoff", "stop", "take_over", "hand_back", "review"];

/// All that a refusal may say: nothing of what was sent comes back.
const SAID: [&str; 5] = [
    "this is not allowed",
    "not decodable",
    "an email, conversation or client_id is not valid",
    "there is no such conversation",
    "not authenticated",
];

/// A path of `/api/chat/{role}/{email}/{act}`, its first two segments still encoded.
#[derive(Debug, Clone, Copy)]
pub(super) struct Act<'a> {
    role: &'a str,
    email: &'a str,
    what: &'a str,
}

impl<'a> Act<'a> {
    /// `None`: the path is another one.
    pub(super) fn of(path: &'a str) -> Option<Self> {
        let chat = path.strip_prefix("/api/chat/")?;
        let segments: Vec<_> = chat.strip_suffix('/').unwrap_or(chat).split('/').collect();
        let [role, email, what] = segments[..] else { return None };
        ACTS.contains(&what).then_some(Self { role, email, what })
    }

    fn decoded(self) -> Option<(String, String)> {
        let (role, email) = (percent::decode(self.role)?, percent::decode(self.email)?);
        ParticipantId::new(&email).is_ok().then_some((role, email))
    }

    /// What it must be answered where its page is no stranger's; `None`: the authenticator judges by the path.
    fn expected(self, asked: &Asked) -> Option<u16> {
        let Some((role, email)) = self.decoded() else { return Some(400) };
        let is_agent = match (asked.agent, asked.user, asked.token()) {
            (true, ..) | (false, false, Some("agent")) => true,
            (false, true, _) | (false, false, Some("visitor")) => false,
            (.., Some(_)) => return Some(401),
            (.., None) => return None,
        };
        let permitted = if is_agent { role == "admin" } else { role == "user" && email == "ann@example.com" };
        let may = match self.what {
            "handoff" => !is_agent,
            "stop" => true,
            _ => is_agent,
        };
        Some(match (permitted, email == "ann@example.com", may) {
            (true, false, _) => 404,
            (true, true, true) => 204,
            (false, ..) | (true, true, false) => 403,
        })
    }

    /// Judges the answer to a `POST`, and what the authenticator was shown.
    pub(super) fn judge(self, asked: &Asked, response: &Response<Body>, seen: &[AuthRequest]) {
        if asked.method != Method::POST {
            return assert!(seen.is_empty());
        }
        let status = response.status();
        if origin::is_strangers(asked) {
            assert_eq!(status, StatusCode::FORBIDDEN);
            assert!(seen.is_empty(), "a stranger's page is nobody's");
        } else {
            let expected = self.expected(asked);
            assert!(
                expected.is_none_or(|expected| expected == status.as_u16()),
                "{status}, not {expected:?}"
            );
            let shown = self.decoded().is_some() && !asked.agent && !asked.user;
            assert_eq!(seen.len(), usize::from(shown));
        }
        for request in seen {
            let (role, email) = self.decoded().expect("what is judged was decoded");
            assert_eq!(request.target, AuthTarget::Path { role, email });
        }
        judge_body(response);
    }
}

/// A 204 says nothing, and everything else one of few sentences.
fn judge_body(response: &Response<Body>) {
    let body = body(response);
    if response.status() == StatusCode::NO_CONTENT {
        return assert!(body.is_empty());
    }
    let Ok(Value::Object(problem)) = serde_json::from_slice(&body) else { panic!("a refusal is an object") };
    assert_eq!(problem.len(), 2);
    let message = problem["message"].as_str().expect("a sentence");
    assert!(problem["code"].is_string() && SAID.contains(&message), "{message}");
}
