//! The child process of `minicom_llama::LlamaProcess`. It is not meant to be run by hand.

fn main() -> std::io::Result<()> {
    minicom_llama::run_worker()
}
