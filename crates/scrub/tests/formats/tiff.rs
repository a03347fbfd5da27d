//! `tiff`.
