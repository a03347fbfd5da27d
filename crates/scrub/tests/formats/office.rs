//! `office`.
