//! What only a socket shows: framing, connections, cancelling.

use std::time::Duration;

use minicom_core::{Draft, HandoffReason, Reply, Responder};
use minicom_openai::{Handoff, OpenAi};
#[cfg(feature = "tls")]
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::{
    ask, cause, patient, question,
    server::{Act, DONE, Server, open_stream, refuses, says, whole_stream, word},
};

#[tokio::test]
async fn a_request_is_what_the_protocol_says() {
    let mut server = Server::start(|_, _| Act::Send(says("From nine to five."))).await;
    let mut options = patient(&server.base_url);
    options.api_key = Some("sk-test".into());
    options.handoff = Handoff::NotOffered;
    let (reply, draft) = ask(options).await;
    assert_eq!((reply.unwrap(), &*draft), (Reply::Answer("From nine to five.".into()), "From nine to five."));

    let request = server.request().await;
    let head = request.head.to_lowercase();
    assert!(head.starts_with("post /v1/chat/completions http/1.1\r\n"), "{head}");
    for header in
        ["authorization: bearer sk-test", "content-type: application/json", "accept: text/event-stream"]
    {
        assert!(head.contains(&format!("\r\n{header}\r\n")), "{header} in {head}");
    }
    assert_eq!((&request.body["stream"], &request.body["model"]), (&true.into(), &"model".into()));
    assert!(request.body.get("tools").is_none());
}

#[tokio::test]
async fn no_key_no_header() {
    let mut server = Server::start(|_, _| Act::Send(says("Yes."))).await;
    ask(patient(&server.base_url)).await.0.unwrap();
    assert!(!server.request().await.head.to_lowercase().contains("authorization"));
}

#[tokio::test]
async fn pieces_may_be_cut_anywhere() {
    let stream = [word("Ä — 日本 "), word("👩‍👩‍👧‍👦."), DONE.to_owned()].concat().replace('\n', "\r\n");
    for size in [1, 2, 3, 7, 1_000] {
        let pieces: Vec<Vec<u8>> = stream.as_bytes().chunks(size).map(<[u8]>::to_vec).collect();
        let server = Server::start(move |_, _| Act::Send(whole_stream(&pieces))).await;
        let reply = ask(patient(&server.base_url)).await.0.unwrap();
        assert_eq!(reply, Reply::Answer("Ä — 日本 👩‍👩‍👧‍👦.".into()));
    }
}

#[tokio::test]
async fn connections_are_used_again() {
    let server = Server::start(|_, _| Act::Send(says("Yes."))).await;
    let responder = OpenAi::new(patient(&server.base_url)).unwrap();
    for _ in 0..5 {
        let (mut draft, _watching) = Draft::channel();
        responder.respond(question("Open?"), &mut draft).await.unwrap();
    }
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_model_hands_over() {
    let call = "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"c\",\"type\":\"function\",\"function\":{\"name\":\"hand_over\",\"arguments\":\"\"}}]}}]}\n\n";
    let arguments = "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\\\"reason\\\": \\\"wants a refund\\\"}\"}}]}}]}\n\n";
    let end = "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"tool_calls\"}]}\n\ndata: [DONE]\n\n";
    let mut server = Server::start(move |_, _| Act::Send(whole_stream(&[call, arguments, end]))).await;
    let (reply, _) = ask(patient(&server.base_url)).await;
    let detail = "wants a refund".to_owned();
    assert_eq!(reply.unwrap(), Reply::Handoff(HandoffReason::Responder { detail }));
    assert_eq!(server.request().await.body["tools"][0]["function"]["name"], "hand_over");
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let other = Server::start(|_, _| Act::Send(says("Your key, please."))).await;
    for status in ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"] {
        let location = format!("location: {}/chat/completions\r\n", other.base_url);
        let server = Server::start(move |_, _| Act::Send(refuses(status, &location, ""))).await;
        let error = ask(patient(&server.base_url)).await.0.unwrap_err();
        assert!(cause(&error).is_redirect() && !error.is_retryable(), "{status}");
    }
    assert_eq!(other.connections(), 0);
}

#[tokio::test]
async fn an_endless_answer_is_cut_and_its_connection_closed() {
    let mut server = Server::start(|_, _| {
        let words: Vec<_> = (0..1_000).map(|_| word("We are open from nine to five. ")).collect();
        Act::SendAndHang(open_stream(&words))
    })
    .await;
    let (reply, draft) = ask(patient(&server.base_url)).await;
    let Reply::Answer(answer) = reply.unwrap() else { panic!("no answer") };
    assert!((15_000..=16_384).contains(&answer.text.len()) && answer.text.ends_with("five."));
    assert_eq!(answer.text, draft);
    server.connection_closed().await;
}

/// Whether a dropped turn closes its connection, wherever it was.
async fn closes_when_dropped(bytes: Vec<u8>, drafted: &'static str) {
    let mut server = Server::start(move |_, _| Act::SendAndHang(bytes.clone())).await;
    let responder = OpenAi::new(patient(&server.base_url)).unwrap();
    let (mut draft, mut watching) = Draft::channel();
    let turn = tokio::spawn(async move { responder.respond(question("Open?"), &mut draft).await });
    server.request().await;
    watching.wait_for(|text| text == drafted).await.expect("the turn is under way");
    turn.abort();
    assert!(turn.await.unwrap_err().is_cancelled());
    server.connection_closed().await;
}

#[tokio::test]
async fn dropping_a_turn_closes_its_connection() {
    closes_when_dropped(Vec::new(), "").await;
    closes_when_dropped(open_stream(&[": nothing yet\n\n"]), "").await;
    closes_when_dropped(open_stream(&[word("From nine")]), "From nine").await;
}

#[tokio::test]
async fn streams_that_break_are_typed() {
    type Is = fn(&minicom_openai::OpenAiError) -> bool;
    let too_long = format!("data: {}", "x".repeat(70_000));
    let cases: [(Act, Is); 9] = [
        (Act::SendAndClose(Vec::new()), |error| error.is_connection()),
        (Act::SendAndClose(b"SSH-2.0-OpenSSH_9.2\r\n".to_vec()), |error| error.is_connection()),
        (Act::Send(whole_stream(&[""; 0])), |error| error.is_cut_off()),
        (Act::SendAndClose(open_stream(&[word("From nine")])), |error| error.is_cut_off()),
        (Act::Send(whole_stream(&[word("From nine")])), |error| error.is_cut_off()),
        (
            Act::Send(whole_stream(&[&b"data: {\"choices\":[{\"delta\":{\"content\":\"\xff\"}}]}\n\n"[..]])),
            |error| error.is_protocol(),
        ),
        (Act::Send(whole_stream(&["data: <html>\n\n"])), |error| error.is_protocol()),
        (Act::Send(whole_stream(&[too_long])), |error| error.is_protocol()),
        (Act::Send(whole_stream(&["data: {\"error\":{\"code\":500,\"message\":\"broke\"}}\n\n"])), |error| {
            error.status() == Some(500) && error.server_message() == Some("broke")
        }),
    ];
    for (act, is) in cases {
        let shown = format!("{act:?}").chars().take(200).collect::<String>();
        let server = Server::start(move |_, _| act.clone()).await;
        let error = ask(patient(&server.base_url)).await.0.unwrap_err();
        assert!(is(cause(&error)) && error.is_retryable(), "{error:?} to {shown}");
    }
}

#[tokio::test]
async fn a_stream_that_stalls_is_left() {
    let mut server = Server::start(|_, _| Act::SendAndHang(open_stream(&[word("From nine")]))).await;
    let mut options = patient(&server.base_url);
    options.next_token_within = Duration::from_millis(20);
    let (reply, draft) = ask(options).await;
    assert!(cause(&reply.unwrap_err()).is_timeout());
    assert_eq!(draft, "From nine");
    server.connection_closed().await;
}

#[tokio::test]
async fn nobody_there() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("http://{}/v1", listener.local_addr().unwrap());
    drop(listener);
    let error = ask(patient(&base_url)).await.0.unwrap_err();
    assert!(cause(&error).is_connection() && error.is_retryable());
}

#[cfg(feature = "tls")]
#[tokio::test]
async fn a_server_without_tls_is_not_asked_over_tls() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("https://{}/v1", listener.local_addr().unwrap());
    let server = tokio::spawn(async move {
        let mut begins = [0; 2];
        while let Ok((mut stream, _)) = listener.accept().await {
            stream.read_exact(&mut begins).await.unwrap();
            // A handshake, of TLS 1.0 or newer.
            assert_eq!(begins, [0x16, 3]);
            stream.write_all(&says("Yes.")).await.unwrap();
        }
    });
    let error = ask(patient(&base_url)).await.0.unwrap_err();
    assert!(cause(&error).is_connection() && error.is_retryable());
    assert!(!server.is_finished());
}

#[tokio::test]
async fn a_busy_server_is_asked_again() {
    let server = Server::start(|number, _| match number {
        0 => Act::Send(refuses("429 Too Many Requests", "retry-after: 0\r\n", "{}")),
        1 => Act::SendAndClose(Vec::new()),
        _ => Act::Send(says("Yes.")),
    })
    .await;
    assert_eq!(ask(patient(&server.base_url)).await.0.unwrap(), Reply::Answer("Yes.".into()));
}
