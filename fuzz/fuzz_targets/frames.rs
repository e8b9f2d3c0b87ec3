//! See `minicom_fuzz::frames`.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| minicom_fuzz::frames::run(data));
