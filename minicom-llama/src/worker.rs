//! The child's side: a model that is told what to do by its standard input.

use std::{collections::HashMap, io, sync::Arc};

use tokio::{
    io::{AsyncRead, AsyncWrite},
    runtime,
    sync::mpsc::{Receiver, Sender, channel},
    task::AbortHandle,
};

use crate::{
    error::TurnError,
    handle::Event,
    question::Question,
    responder::LlamaResponder,
    wire::{self, FromWorker, ToWorker, TurnId},
};

/// Runs a model for the host that has started this process, until the host closes its standard input, as it does when it ends.
///
/// The binary `minicom-llama-worker` is this function. A host that wants to ship one binary calls it from its own `main`, before
/// anything else, if it was started as a worker:
///
/// ```no_run
/// fn main() -> std::io::Result<()> {
///     if std::env::args().nth(1).as_deref() == Some("llama-worker") {
///         return minicom_llama::run_worker();
///     }
///     // …the host. It starts its worker by `Command::new(std::env::current_exe()?).arg("llama-worker")`.
///     Ok(())
/// }
/// ```
///
/// Nothing else may write to the standard output of this process. What llama.cpp logs goes to `tracing`.
///
/// # Errors
///
/// What is read is not what a host says, or standard input or output fail.
///
/// # Panics
///
/// On a thread of a tokio runtime, since it is one.
pub fn run_worker() -> io::Result<()> {
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    let served = runtime.block_on(serve(tokio::io::stdin(), tokio::io::stdout()));
    // A read of standard input that is under way cannot be ended, and need not be.
    runtime.shutdown_background();
    served
}

async fn serve(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin + Send + 'static,
) -> io::Result<()> {
    let Some(ToWorker::Open(options)) = wire::read(&mut from).await? else {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "no options came first"));
    };
    let responder = match LlamaResponder::open(*options).await {
        Ok(responder) => Arc::new(responder),
        Err(error) => {
            let (kind, detail) = (error.kind(), error.detail().to_owned());
            return wire::write(&mut to, &FromWorker::Failed { kind, detail }).await;
        }
    };
    wire::write(&mut to, &FromWorker::Opened).await?;
    let (answers, outgoing) = channel(64);
    let writer = tokio::spawn(send(outgoing, to));
    let mut turns: HashMap<TurnId, AbortHandle> = HashMap::new();
    while let Some(piece) = wire::read(&mut from).await? {
        match piece {
            ToWorker::Turn { id, question } => {
                turns.retain(|_, turn| !turn.is_finished());
                let turn = answer(responder.clone(), id, *question, answers.clone());
                turns.insert(id, tokio::spawn(turn).abort_handle());
            }
            ToWorker::Cancel { id } => {
                if let Some(turn) = turns.remove(&id) {
                    turn.abort();
                }
            }
            ToWorker::Open(_) => {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "options came twice"));
            }
        }
    }
    writer.abort();
    Ok(())
}

/// Sends what comes of all turns.
async fn send(mut outgoing: Receiver<FromWorker>, mut to: impl AsyncWrite + Unpin) -> io::Result<()> {
    while let Some(piece) = outgoing.recv().await {
        wire::write(&mut to, &piece).await?;
    }
    Ok(())
}

/// Answers one turn. The host is gone if nothing can be sent, and then so is this process soon.
async fn answer(responder: Arc<LlamaResponder>, id: TurnId, question: Question, answers: Sender<FromWorker>) {
    let mut heard = match responder.ask(question) {
        Ok(heard) => heard,
        Err(error) => return drop(answers.send(FromWorker::Error { id, error }).await),
    };
    loop {
        let event = heard.recv().await.unwrap_or(Event::Done(Err(TurnError::Stopped)));
        let (piece, last) = match event {
            Event::Words(words) => (FromWorker::Words { id, words }, false),
            Event::Done(Ok(finished)) => (FromWorker::Done { id, finished }, true),
            Event::Done(Err(error)) => (FromWorker::Error { id, error }, true),
        };
        if answers.send(piece).await.is_err() || last {
            return;
        }
    }
}
