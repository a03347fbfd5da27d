//! SMS: an envelope in text messages or binary ones.
#![forbid(unsafe_code)]
