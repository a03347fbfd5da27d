//! Video and sound: packets stay bit for bit, but for the messages that encoders hide in them.

pub(crate) mod amr;
pub(crate) mod avi;
pub(crate) mod flac;
pub(crate) mod matroska;
pub(crate) mod mp3;
pub(crate) mod mp4;
pub(crate) mod nal;
pub(crate) mod ogg;
mod packet;
mod setup;
mod tags;
pub(crate) mod wav;
mod window;
