//! `webp`.
