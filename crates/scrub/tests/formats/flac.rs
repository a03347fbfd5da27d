//! `flac`.
