//! The key is in nothing that anybody prints, whatever a server does with it; nor is what a visitor says.

use std::{
    error::Error as StdError,
    io,
    sync::{Arc, Mutex},
};

use minicom_core::{Draft, Responder};
use minicom_openai::{OpenAi, OpenAiOptions};
use tracing_subscriber::util::SubscriberInitExt;

use crate::{
    patient, question,
    server::{Act, Server, open_stream, refuses, says, whole_stream},
};

const KEY: &str = "sk-s3cret-0123456789";
const WORDS: &str = "my card is 4111-1111";

/// What was logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Everything that an error shows, its causes included.
fn shown(error: &dyn StdError) -> String {
    let chain = std::iter::successors(Some(error), |&error| error.source());
    chain.map(|error| format!("{error:?} {error:#?} {error}")).collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn neither_the_key_nor_a_visitors_words_are_shown() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_writer(move || writer.clone());
    // For the whole process: clients run on threads of their own, and log through `log`, too.
    subscriber.finish().init();

    let echo =
        format!(r#"{{"error":{{"code":"{KEY}","type":"{WORDS}","message":"Bearer {KEY} asked {WORDS}"}}}}"#);
    let in_stream = format!("data: {echo}\n\n");
    let acts = [
        Act::Send(refuses("401 Unauthorized", "", &echo)),
        Act::Send(refuses("500 Oops", "", &echo)),
        Act::Send(refuses("200 OK", "", &echo)),
        Act::Send(refuses("307 There", &format!("location: http://127.0.0.1:9/{KEY}\r\n"), &echo)),
        Act::Send(whole_stream(&[&in_stream])),
        Act::Send(whole_stream(&[format!("data: {{\"choices\":\"{KEY} {WORDS}\"}}\n\n")])),
        Act::Send(whole_stream(&[format!("data: {KEY} {WORDS}\n\n")])),
        Act::SendAndClose(open_stream(&[format!(": {KEY}\n\n")])),
        Act::SendAndClose(KEY.into()),
        Act::SendAndClose(Vec::new()),
    ];
    for act in acts {
        let server = Server::start(move |_, _| act.clone()).await;
        let mut options: OpenAiOptions = patient(&format!("{}?secret={KEY}", server.base_url));
        options.api_key = Some(KEY.into());
        let responder = OpenAi::new(options).unwrap();
        let (mut draft, _watching) = Draft::channel();
        let error = responder.respond(question(WORDS), &mut draft).await.unwrap_err();
        let all = shown(&error);
        assert!(!all.contains("s3cret") && !all.contains("4111-1111"), "{all}");
        assert!(!crate::cause(&error).server_message().unwrap_or_default().contains("s3cret"));
        assert!(!format!("{responder:#?}").contains("s3cret"));
    }
    let server = Server::start(|_, _| Act::Send(says("Yes."))).await;
    let mut options = patient(&server.base_url);
    options.api_key = Some(KEY.into());
    let responder = OpenAi::new(options).unwrap();
    let (mut draft, _watching) = Draft::channel();
    responder.respond(question(WORDS), &mut draft).await.unwrap();

    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("asks the model again"), "what is logged is seen here");
    assert!(!log.contains("s3cret") && !log.contains("4111-1111"), "{log}");
}
