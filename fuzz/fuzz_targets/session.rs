//! See `minicom_fuzz::session`.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| minicom_fuzz::session::run(data));
