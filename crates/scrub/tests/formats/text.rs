//! `text`.
