use std::fs;

use super::*;

async fn kind(options: LlamaOptions) -> OpenErrorKind {
    LlamaResponder::open(options).await.expect_err("it cannot be opened").kind()
}

#[tokio::test]
async fn what_is_no_model_never_reaches_llama_cpp() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.gguf");
    assert_eq!(kind(LlamaOptions::new(&path)).await, OpenErrorKind::Missing);
    for (bytes, expected) in [
        (b"{}".to_vec(), OpenErrorKind::NotGguf),
        (gguf::tests::sample(9), OpenErrorKind::Version),
        (gguf::tests::sample(3)[..60].to_vec(), OpenErrorKind::NotGguf),
    ] {
        fs::write(&path, bytes).unwrap();
        assert_eq!(kind(LlamaOptions::new(&path)).await, expected);
    }
    fs::write(&path, gguf::tests::sample(3)).unwrap();
    let limit = LlamaOptions { memory_limit: Some(1 << 20), ..LlamaOptions::new(&path) };
    assert_eq!(kind(limit).await, OpenErrorKind::Memory);
    let long = LlamaOptions { max_tokens: 2000, ..LlamaOptions::new(&path) };
    assert_eq!(kind(long).await, OpenErrorKind::ContextTooSmall);
    // A description and nothing else: llama.cpp says no, and the process lives.
    assert_eq!(kind(LlamaOptions::new(&path)).await, OpenErrorKind::Refused);
}
