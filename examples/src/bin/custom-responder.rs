//! A responder of one's own: a shop that knows three things, by the words of the question. It shows all that a responder
//! can do: say something at once, word by word, with its sources, hand over for a reason, or fail.
//!
//! Visitors at `/`, agents at `/desk`. Ask when the shop is open, to tell its story, or about the law.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use async_trait::async_trait;
use clap::Parser;
use minicom_core::{
    AiPolicy, Answer, Draft, HandoffReason, Minicom, PathIdentity, Reply, Responder, ResponderError, Source,
    Turn,
};
use minicom_sqlite::SqliteStore;
use tokio::{net::TcpListener, time::sleep};

/// A shop whose assistant knows three things.
#[derive(Debug, Parser)]
struct Options {
    /// The address to listen on, a loopback one.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8000")]
    listen: SocketAddr,

    /// The database file; made if it does not exist.
    #[arg(long, value_name = "FILE", default_value = "minicom.db")]
    db: PathBuf,
}

const STORY: &str = "Our shop began in a **garage** in 1998, with one bicycle and a bucket of paint. The first customer \
                     came for the bucket. The second one wanted the bicycle, and came back with a friend, who wanted one \
                     too. So we bought another bicycle, and then ten, and then the house beside the garage. Today there \
                     are forty of us, and the bucket still stands in the window.";

/// How long a word takes that is thought of rather than known.
const PER_WORD: Duration = Duration::from_millis(150);

/// Answers by the words of the question.
#[derive(Debug)]
struct Shop;

#[async_trait]
impl Responder for Shop {
    async fn respond(&self, turn: Turn, draft: &mut Draft) -> Result<Reply, ResponderError> {
        let question = turn.question().to_lowercase();
        let asks_for = |word| question.contains(word);
        if asks_for("story") {
            // What is pushed is on the visitor's screen within a tenth of a second. If he stops it, this future is dropped
            // where it waits, and nothing of it remains.
            for word in STORY.split_inclusive(' ') {
                draft.push(word);
                sleep(PER_WORD).await;
            }
            return Ok(Reply::Answer(draft.text().into()));
        }
        if asks_for("open") {
            let hours = Source::new("Opening hours").at("https://example.com/hours");
            let holidays = Source::new("Holidays").at("/healthz");
            let text = "We are open from **nine to five**, Monday to Friday.".to_owned();
            return Ok(Reply::Answer(Answer { text, sources: vec![hours, holidays] }));
        }
        if asks_for("law") {
            // In its own words; the desk shows them to the agents.
            return Ok(Reply::Handoff(HandoffReason::Responder { detail: "about the law".into() }));
        }
        if asks_for("fail") {
            // It is asked again, so often as the policy says, and then a person is.
            return Err(ResponderError::retryable("the assistant stumbled"));
        }
        // Better than to invent something.
        Ok(Reply::Handoff(HandoffReason::Unknown))
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let options = Options::parse();
    let listener = TcpListener::bind(options.listen).await?;
    let address = listener.local_addr()?;
    let mut policy = AiPolicy::default();
    policy.name = Some("Shop assistant".into());
    let minicom = Minicom::builder()
        .store(SqliteStore::open(&options.db)?)
        .authenticator(PathIdentity::new(address)?)
        // It never blocks its thread, so it needs none of its own.
        .async_responder(Shop)
        .ai_policy(policy)
        .build()?;
    println!("visitors: http://{address}/   agents: http://{address}/desk");
    axum::serve(listener, minicom_axum::router(minicom)).await?;
    Ok(())
}
