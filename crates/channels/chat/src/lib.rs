//! Chat and social networks: an envelope in messages of limited length.
#![forbid(unsafe_code)]
