//! See `minicom_fuzz::http`.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| minicom_fuzz::http::run(data));
