//! QR codes: an envelope in one code or a series.
#![forbid(unsafe_code)]
