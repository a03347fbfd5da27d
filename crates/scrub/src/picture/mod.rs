//! Pictures: what is shown stays bit for bit.

pub(crate) mod bmp;
pub(crate) mod emf;
pub(crate) mod exif;
pub(crate) mod gif;
pub(crate) mod heif;
pub(crate) mod icc;
pub(crate) mod jpeg;
pub(crate) mod png;
pub(crate) mod svg;
pub(crate) mod tiff;
pub(crate) mod webp;
pub(crate) mod wmf;
pub(crate) mod xmp;
