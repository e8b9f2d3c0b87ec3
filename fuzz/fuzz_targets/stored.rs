//! See `minicom_fuzz::stored`.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| minicom_fuzz::stored::run(data));
