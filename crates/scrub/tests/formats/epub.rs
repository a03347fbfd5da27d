//! `epub`.
