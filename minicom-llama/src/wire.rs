//! What a host and its worker say to each other: JSON, each piece preceded by its length as four bytes, least first.

use std::io;

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use crate::{
    error::{OpenErrorKind, TurnError},
    handle::Finished,
    options::LlamaOptions,
    question::Question,
};

/// The longest piece that is read. A question holds at most what fits into the largest window twice over.
const MAX_BYTES: u32 = 64 << 20;

/// Names a turn between the two.
pub(crate) type TurnId = u64;

/// What a host says. The first is [`Open`](Self::Open), and it is said once.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ToWorker {
    Open(Box<LlamaOptions>),
    Turn { id: TurnId, question: Box<Question> },
    Cancel { id: TurnId },
}

/// What a worker says. The first is [`Opened`](Self::Opened) or [`Failed`](Self::Failed).
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FromWorker {
    Opened,
    Failed { kind: OpenErrorKind, detail: String },
    Words { id: TurnId, words: String },
    Done { id: TurnId, finished: Finished },
    Error { id: TurnId, error: TurnError },
}

/// Writes a piece, and sends it off.
pub(crate) async fn write<T: Serialize>(to: &mut (impl AsyncWrite + Unpin), piece: &T) -> io::Result<()> {
    let json = serde_json::to_vec(piece)?;
    let length = u32::try_from(json.len()).ok().filter(|length| *length <= MAX_BYTES);
    let length = length.ok_or(io::ErrorKind::InvalidData)?;
    to.write_all(&length.to_le_bytes()).await?;
    to.write_all(&json).await?;
    to.flush().await
}

/// Reads a piece; `None` if there is no more.
pub(crate) async fn read<T: DeserializeOwned>(from: &mut (impl AsyncRead + Unpin)) -> io::Result<Option<T>> {
    let mut length = [0; 4];
    match from.read(&mut length[..1]).await? {
        0 => return Ok(None),
        _ => from.read_exact(&mut length[1..]).await?,
    };
    let length = u32::from_le_bytes(length);
    if length > MAX_BYTES {
        return Err(io::ErrorKind::InvalidData.into());
    }
    // Grows with what comes, not with what was announced.
    let mut json = Vec::new();
    from.take(length.into()).read_to_end(&mut json).await?;
    if json.len() as u64 != u64::from(length) {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(Some(serde_json::from_slice(&json)?))
}

#[cfg(test)]
mod tests {
    use minicom_core::Role;

    use super::*;
    use crate::question::tests::turn;

    #[tokio::test]
    async fn pieces_arrive_as_they_were_sent() {
        let question = Question::new(&turn(&[(Role::User, "\u{0}日\"\n")]), 100).unwrap();
        let mut bytes = Vec::new();
        let turn = ToWorker::Turn { id: 7, question: Box::new(question) };
        let open = ToWorker::Open(Box::new(LlamaOptions::new("m.gguf")));
        for piece in [&open, &turn, &ToWorker::Cancel { id: 7 }] {
            write(&mut bytes, piece).await.unwrap();
        }
        let mut from = &bytes[..];
        for piece in [&open, &turn, &ToWorker::Cancel { id: 7 }] {
            assert_eq!(read::<ToWorker>(&mut from).await.unwrap().as_ref(), Some(piece));
        }
        assert_eq!(read::<ToWorker>(&mut from).await.unwrap(), None);
    }

    #[tokio::test]
    async fn what_is_no_piece_is_an_error_and_takes_no_memory() {
        for bytes in [
            &b"\x05"[..],
            b"\x05\0\0\0",
            b"\x05\0\0\0ab",
            b"\xff\xff\xff\xff{}",
            b"\x02\0\0\0{}",
            b"\0\0\0\0",
        ] {
            assert!(read::<FromWorker>(&mut &*bytes).await.is_err(), "{bytes:?}");
        }
        // Announces 32 MiB and sends two bytes.
        assert!(read::<FromWorker>(&mut &b"\0\0\0\x02{}"[..]).await.is_err());
    }
}
