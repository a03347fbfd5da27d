//! `opendocument`.
