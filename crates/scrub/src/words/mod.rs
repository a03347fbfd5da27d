//! The tip's own words: what in them identifies the writer, and which invisible marks they carry.
