//! `jpeg`.
