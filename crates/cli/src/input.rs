//! What comes in: the text of a tip, passphrases, and files that somebody chose.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::{FileTypeExt as _, OpenOptionsExt as _};
use std::path::Path;

use hamsa_core::Tip;
use rustix::fs::OFlags;
use zeroize::Zeroizing;

use crate::failure::{Exit, Failure};
use crate::terminal::{Terminal, standard_input};
use crate::{memory, say};

/// The longest text of a tip, in octets of UTF-8.
pub(crate) const MAX_TEXT: usize = 1 << 20;
/// The longest card or key file that is read, in octets.
const MAX_SMALL_FILE: usize = 1 << 20;
/// The longest text that is looked through, in octets.
pub(crate) const MAX_CHECKED: usize = 16 << 20;
/// The longest passphrase that is read from a file, in octets.
const MAX_PASSPHRASE: usize = 1 << 10;

/// The buffers that a text is read into, in octets: the first holds nearly all texts, so that sealing a line does
/// not touch a mebibyte of memory.
const TEXT_BUFFERS: [usize; 3] = [1 << 14, 1 << 17, MAX_TEXT + 1];

/// Reads the text of a tip from standard input, or asks for it on a terminal.
///
/// The text goes from the file descriptor into a buffer that is locked, wiped, and becomes the text itself. A buffer
/// that is outgrown is wiped at once.
///
/// # Errors
/// A text over [`MAX_TEXT`] (without reading on), one that is not UTF-8, and standard input that cannot be read.
pub(crate) fn read_text(terminal: &Terminal) -> Result<Zeroizing<String>, Failure> {
    if terminal.can_ask() {
        terminal.note(&say!(terminal.words(), "ask-text"));
    }
    let failed = |e: io::Error| Failure::reading(&e, Path::new("stdin"));
    let mut input = standard_input().map_err(failed)?;
    let mut text = Zeroizing::new(Vec::new());
    for size in TEXT_BUFFERS {
        let mut larger = Zeroizing::new(vec![0_u8; size]);
        if !memory::lock_for_good(&larger) {
            terminal.detail(&say!(terminal.words(), "note-text-not-locked"));
        }
        let (front, rest) = larger.split_at_mut(text.len());
        front.copy_from_slice(&text);
        let length = text.len() + fill(&mut input, rest).map_err(failed)?;
        text = larger;
        if length < size {
            text.truncate(length);
            break;
        }
    }
    if terminal.can_ask() && !text.ends_with(b"\n") {
        // Ctrl-D twice in the middle of a line: what is said next begins its own.
        terminal.note("");
    }
    if text.len() > MAX_TEXT {
        return Err(Failure::new("error-text-too-long", Exit::Input));
    }
    match String::from_utf8(std::mem::take(&mut *text)) {
        Ok(text) => Ok(Zeroizing::new(text)),
        Err(e) => {
            drop(Zeroizing::new(e.into_bytes()));
            Err(Failure::new("text-not-utf8", Exit::Input))
        }
    }
}

/// Refuses what is no tag of a language, before anybody has typed anything.
pub(crate) fn check_language(tag: Option<&str>) -> Result<(), Failure> {
    let Some(tag) = tag else {
        return Ok(());
    };
    let tip = Tip::new(Zeroizing::default())?.language(tag);
    tip.map(drop)
        .map_err(|_| Failure::new("bad-language", Exit::Input))
}

/// Fills `buffer` until it is full or `input` ends; how many octets came.
fn fill(input: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut length = 0;
    while let Some(rest) = buffer.get_mut(length..).filter(|rest| !rest.is_empty()) {
        match input.read(rest) {
            Ok(0) => break,
            Ok(n) => length += n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    Ok(length)
}

/// Opens a regular file for reading; its length in octets comes with it.
///
/// # Errors
/// A folder, a device, a pipe: refused at once, where reading them could wait for ever or never end.
pub(crate) fn open_file(path: &Path) -> Result<(File, u64), Failure> {
    // NONBLOCK: opening a pipe would wait for its other end. It means nothing to a regular file.
    let flags = (OFlags::NONBLOCK | OFlags::NOCTTY).bits();
    let opened = OpenOptions::new()
        .read(true)
        .custom_flags(flags.cast_signed())
        .open(path);
    let file = opened.map_err(|e| match e.raw_os_error() {
        // What opening a socket gives.
        Some(code) if code == rustix::io::Errno::NXIO.raw_os_error() => {
            Failure::new("not-a-file", Exit::Input).about(path)
        }
        _ => Failure::reading(&e, path),
    })?;
    let about = file.metadata().map_err(|e| Failure::reading(&e, path))?;
    if about.is_dir() {
        return Err(Failure::new("io-folder", Exit::Input).about(path));
    }
    if about.file_type().is_fifo() {
        return Err(Failure::new("not-a-file-but-pipe", Exit::Input).about(path));
    }
    if !about.is_file() {
        return Err(Failure::new("not-a-file", Exit::Input).about(path));
    }
    Ok((file, about.len()))
}

/// Opens a regular file, or a named pipe, which is read as standard input is: it waits for whoever writes into it.
///
/// # Errors
/// A folder, a socket, a device.
pub(crate) fn open_stream(path: &Path) -> Result<File, Failure> {
    if fs::metadata(path).is_ok_and(|about| about.file_type().is_fifo()) {
        return File::open(path).map_err(|e| Failure::reading(&e, path));
    }
    match open_file(path) {
        Err(why) if why.key() == "not-a-file" => {
            Err(Failure::new("not-a-stream", Exit::Input).about(path))
        }
        opened => opened.map(|(file, _)| file),
    }
}

/// Reads a card or a key file whole.
///
/// # Errors
/// As [`open_file`], and a file over 1 MiB, which is neither.
pub(crate) fn read_small_file(path: &Path) -> Result<Zeroizing<Vec<u8>>, Failure> {
    read_whole(path, MAX_SMALL_FILE)?
        .ok_or_else(|| Failure::new("file-too-long", Exit::Input).about(path))
}

/// Reads a text that is to be looked through, in any of the encodings that can be told with certainty.
///
/// # Errors
/// As [`open_file`], a file over [`MAX_CHECKED`], and what is no text.
pub(crate) fn read_text_file(path: &Path) -> Result<Zeroizing<String>, Failure> {
    let bytes = read_whole(path, MAX_CHECKED)?
        .ok_or_else(|| Failure::new("check-too-long", Exit::Input).about(path))?;
    hamsa_scrub::words::decode(bytes)
        .ok_or_else(|| Failure::new("text-file-not-utf8", Exit::Input).about(path))
}

/// The whole of a file, or nothing when it is longer than `most` octets.
fn read_whole(path: &Path, most: usize) -> Result<Option<Zeroizing<Vec<u8>>>, Failure> {
    let (mut file, length) = open_file(path)?;
    let Some(length) = usize::try_from(length).ok().filter(|&n| n <= most) else {
        return Ok(None);
    };
    let mut bytes = Zeroizing::new(vec![0; length]);
    let read = fill(&mut file, &mut bytes).map_err(|e| Failure::reading(&e, path))?;
    bytes.truncate(read);
    Ok(Some(bytes))
}

/// Reads the first line of a file, or of a pipe such as `/dev/fd/3`, as a passphrase.
///
/// # Errors
/// What cannot be read, is empty, longer than 1 KiB, or not UTF-8.
pub(crate) fn read_passphrase(path: &Path) -> Result<Zeroizing<String>, Failure> {
    let mut buffer = Zeroizing::new(vec![0_u8; MAX_PASSPHRASE]);
    let length = File::open(path)
        .and_then(|mut file| fill(&mut file, &mut buffer))
        .map_err(|e| Failure::reading(&e, path))?;
    let refused = || Failure::new("passphrase-file-refused", Exit::Input).about(path);
    let line = buffer
        .get(..length)
        .unwrap_or_default()
        .split(|&b| b == b'\n')
        .next()
        .unwrap_or_default();
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let text = str::from_utf8(line).map_err(|_| refused())?;
    if text.is_empty() || line.len() >= MAX_PASSPHRASE {
        return Err(refused());
    }
    Ok(Zeroizing::new(text.to_owned()))
}
