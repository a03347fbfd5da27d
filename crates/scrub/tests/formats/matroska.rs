//! `matroska`.
