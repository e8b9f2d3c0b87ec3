//! The head of a GGUF file: enough to say what it is and how much memory it takes, before C++ sees it.
//!
//! Every length in it is a stranger's number: each is bounded, and nothing is allocated by it.

use std::{
    fs::File,
    io::{self, BufReader, Read, Seek},
    path::Path,
};

use crate::error::{OpenError, OpenErrorKind};

const MAGIC: &[u8; 4] = b"GGUF";

/// Bounds that no model comes near to.
const MAX_PAIRS: u64 = 65_536;
const MAX_KEY: u64 = 1 << 16;

/// What the head tells of the model.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Head {
    /// The file's length in bytes, which is what the weights take.
    pub(crate) bytes: u64,
    pub(crate) layers: u64,
    pub(crate) heads: u64,
    /// Heads of keys and values; as many as `heads` if the file does not say.
    kv_heads: Option<u64>,
    pub(crate) embedding: u64,
    key_length: Option<u64>,
    value_length: Option<u64>,
    /// Tokens that it was trained on.
    pub(crate) trained: Option<u64>,
    /// Entries of its vocabulary.
    pub(crate) vocabulary: u64,
}

impl Head {
    /// Bytes of keys and values for one token, in 16 bits each.
    pub(crate) fn bytes_per_token(&self) -> u64 {
        let heads = self.kv_heads.unwrap_or(self.heads);
        let length = self.embedding.checked_div(self.heads).unwrap_or(0);
        let pair = self.key_length.unwrap_or(length).saturating_add(self.value_length.unwrap_or(length));
        self.layers.saturating_mul(heads).saturating_mul(pair).saturating_mul(2)
    }

    fn set(&mut self, key: &str, value: u64) {
        // Keys are `<architecture>.block_count` and so on.
        match key.split_once('.').map(|(_, name)| name) {
            Some("block_count") => self.layers = value,
            Some("attention.head_count") => self.heads = value,
            Some("attention.head_count_kv") => self.kv_heads = Some(value),
            Some("attention.key_length") => self.key_length = Some(value),
            Some("attention.value_length") => self.value_length = Some(value),
            Some("embedding_length") => self.embedding = value,
            Some("context_length") => self.trained = Some(value),
            Some("ggml.tokens") => self.vocabulary = value,
            _ => {}
        }
    }
}

/// Reads the head of a file.
pub(crate) fn read(path: &Path) -> Result<Head, OpenError> {
    let missing = |error: io::Error| {
        OpenError::new(OpenErrorKind::Missing, format!("{} cannot be read", path.display())).because(error)
    };
    let file = File::open(path).map_err(missing)?;
    let metadata = file.metadata().map_err(missing)?;
    if !metadata.is_file() {
        return Err(OpenError::new(OpenErrorKind::Missing, format!("{} is no file", path.display())));
    }
    let mut head = parse(BufReader::new(file))?;
    head.bytes = metadata.len();
    Ok(head)
}

/// Reads the head of what a GGUF file holds.
fn parse(source: impl Read + Seek) -> Result<Head, OpenError> {
    let mut reader = Reader(source);
    let not =
        |error: io::Error| OpenError::new(OpenErrorKind::NotGguf, "it is not a GGUF file").because(error);
    if &reader.bytes().map_err(not)? != MAGIC {
        return Err(OpenError::new(OpenErrorKind::NotGguf, "it does not begin with GGUF"));
    }
    let version = reader.u32().map_err(not)?;
    if !(2..=3).contains(&version) {
        let detail = format!("it is a GGUF of version {version}, and 2 and 3 are understood");
        return Err(OpenError::new(OpenErrorKind::Version, detail));
    }
    let cut = |error: io::Error| {
        OpenError::new(OpenErrorKind::NotGguf, "its description is cut off or broken").because(error)
    };
    let mut head = Head::default();
    let _tensors = reader.u64().map_err(cut)?;
    let pairs = reader.u64().and_then(|pairs| bounded(pairs, MAX_PAIRS)).map_err(cut)?;
    for _ in 0..pairs {
        reader.pair(&mut head).map_err(cut)?;
    }
    Ok(head)
}

fn bounded(number: u64, most: u64) -> io::Result<u64> {
    if number > most { Err(broken()) } else { Ok(number) }
}

fn broken() -> io::Error {
    io::ErrorKind::InvalidData.into()
}

struct Reader<R>(R);

impl<R: Read + Seek> Reader<R> {
    fn bytes<const N: usize>(&mut self) -> io::Result<[u8; N]> {
        let mut bytes = [0; N];
        self.0.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    fn u32(&mut self) -> io::Result<u32> {
        self.bytes().map(u32::from_le_bytes)
    }

    fn u64(&mut self) -> io::Result<u64> {
        self.bytes().map(u64::from_le_bytes)
    }

    /// Reads past bytes, and notices when there are none: seeking beyond the end would not.
    fn skip(&mut self, bytes: u64) -> io::Result<()> {
        let passed = io::copy(&mut self.0.by_ref().take(bytes), &mut io::sink())?;
        if passed == bytes { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
    }

    fn key(&mut self) -> io::Result<String> {
        let length = self.u64().and_then(|length| bounded(length, MAX_KEY))?;
        let mut key = Vec::new();
        self.0.by_ref().take(length).read_to_end(&mut key)?;
        if key.len() as u64 == length { String::from_utf8(key).map_err(|_| broken()) } else { Err(broken()) }
    }

    /// One key and its value. Of an array, its length is what is kept: some models have a number for each layer, and then
    /// the largest is.
    fn pair(&mut self, head: &mut Head) -> io::Result<()> {
        let key = self.key()?;
        let kind = self.u32()?;
        if kind != 9 {
            if let Some(number) = self.value(kind)? {
                head.set(&key, number);
            }
            return Ok(());
        }
        let (kind, length) = (self.u32()?, self.u64()?);
        // An array of arrays is not of the format.
        bounded(u64::from(kind == 9), 0)?;
        let mut largest = None;
        for _ in 0..length {
            largest = largest.max(self.value(kind)?);
        }
        let words = key.ends_with("ggml.tokens");
        if let Some(number) = if words { Some(length) } else { largest } {
            head.set(&key, number);
        }
        Ok(())
    }

    /// A value, if it is a whole number that is not negative.
    fn value(&mut self, kind: u32) -> io::Result<Option<u64>> {
        Ok(match kind {
            // u8, i8 and bool
            0 | 1 | 7 => self.bytes::<1>().map(|[byte]| Some(byte.into()))?,
            // u16 and i16
            2 | 3 => self.bytes().map(|bytes| Some(u16::from_le_bytes(bytes).into()))?,
            4 => Some(self.u32()?.into()),
            5 => u64::try_from(i32::from_le_bytes(self.bytes()?)).ok(),
            // f32 and f64
            6 => self.skip(4).map(|()| None)?,
            12 => self.skip(8).map(|()| None)?,
            8 => {
                let length = self.u64()?;
                self.skip(length).map(|()| None)?
            }
            10 => Some(self.u64()?),
            11 => u64::try_from(i64::from_le_bytes(self.bytes()?)).ok(),
            _ => return Err(broken()),
        })
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::io::{Cursor, Write as _};

    use super::*;

    fn text(out: &mut Vec<u8>, text: &str) {
        out.extend((text.len() as u64).to_le_bytes());
        out.extend(text.as_bytes());
    }

    /// A description without tensors.
    pub(crate) fn sample(version: u32) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        out.extend(version.to_le_bytes());
        out.extend(0u64.to_le_bytes());
        out.extend(8u64.to_le_bytes());
        text(&mut out, "general.architecture");
        out.extend(8u32.to_le_bytes());
        text(&mut out, "llama");
        for (key, value) in [
            ("block_count", 30u32),
            ("attention.head_count", 9),
            ("attention.head_count_kv", 3),
            ("embedding_length", 576),
            ("context_length", 2048),
        ] {
            text(&mut out, &format!("llama.{key}"));
            out.extend(4u32.to_le_bytes());
            out.extend(value.to_le_bytes());
        }
        text(&mut out, "llama.rope.freq_base");
        out.extend(6u32.to_le_bytes());
        out.extend(1f32.to_le_bytes());
        text(&mut out, "tokenizer.ggml.tokens");
        out.extend(9u32.to_le_bytes());
        out.extend(8u32.to_le_bytes());
        out.extend(2u64.to_le_bytes());
        text(&mut out, "<|im_end|>");
        text(&mut out, "a");
        out
    }

    fn kind(bytes: &[u8]) -> OpenErrorKind {
        parse(Cursor::new(bytes)).unwrap_err().kind()
    }

    #[test]
    fn the_head_tells_what_memory_depends_on() {
        for version in [2, 3] {
            let head = parse(Cursor::new(sample(version))).unwrap();
            assert_eq!((head.layers, head.trained, head.vocabulary), (30, Some(2048), 2));
            // 30 layers, 3 heads, 64 numbers for the key and 64 for the value, two bytes each.
            assert_eq!(head.bytes_per_token(), 23_040);
        }
    }

    #[test]
    fn what_is_no_gguf_is_refused() {
        for bytes in
            [&b""[..], b"GG", b"PK\x03\x04", b"FUGG\x03\0\0\0", b"<!DOCTYPE html>", b"GGUF", b"GGUF\x03\0"]
        {
            assert_eq!(kind(bytes), OpenErrorKind::NotGguf, "{bytes:?}");
        }
        for version in [0, 1, 4, u32::MAX, 3u32.swap_bytes()] {
            assert_eq!(kind(&sample(version)), OpenErrorKind::Version, "{version}");
        }
    }

    #[test]
    fn a_description_that_ends_early_is_refused_wherever_it_ends() {
        let whole = sample(3);
        for length in 8..whole.len() {
            assert_eq!(kind(&whole[..length]), OpenErrorKind::NotGguf, "cut at {length}");
        }
    }

    #[test]
    fn lengths_that_are_lies_cost_nothing() {
        // The number of pairs, the length of the first key, and its value's kind.
        for at in [16, 24, 24 + 8 + 20] {
            let mut bytes = sample(3);
            bytes[at..at + 4].fill(0xff);
            assert_eq!(kind(&bytes), OpenErrorKind::NotGguf, "at {at}");
        }
    }

    #[test]
    fn files_that_are_not_there_are_missing() {
        let folder = tempfile::tempdir().unwrap();
        for path in [folder.path().join("none.gguf"), folder.path().to_owned()] {
            assert_eq!(read(&path).unwrap_err().kind(), OpenErrorKind::Missing);
        }
        let path = folder.path().join("model.gguf");
        File::create(&path).unwrap().write_all(&sample(3)).unwrap();
        assert_eq!(read(&path).unwrap().bytes, sample(3).len() as u64);
    }
}
