//! `heif`.
