//! The age v1 file format, which an envelope is written in.
//!
//! C2SP age specification, <https://c2sp.org/age>. The shape is the one that Go age writes: nothing tells
//! which program made a file. [`seal`] and [`open`] work on any plaintext; a tip goes through
//! [`crate::seal`] and [`crate::open`], which also frame and pad it.

pub(crate) mod armor;
pub(crate) mod header;
pub(crate) mod hybrid;
pub(crate) mod stream;
pub(crate) mod x25519;

use std::io::{self, Read, Write};

use chacha20poly1305::{ChaCha20Poly1305, Nonce, Tag, aead::AeadInOut};
use zeroize::{Zeroize, Zeroizing};

use self::{
    header::{Header, push_stanza},
    stream::{Chunks, NONCE_LEN, Stream},
};
use crate::{
    KeyRing, OpenError, Recipients, SealError,
    envelope::{Recognised, recognise},
    key::{Public, Sealing},
    stack,
};

/// The 16 octets that a file's keys are derived from.
pub(crate) struct FileKey([u8; 16]);

impl FileKey {
    fn generate() -> Result<Self, SealError> {
        let mut key = Self([0; 16]);
        getrandom::fill(&mut key.0).map_err(|_| SealError::NoRandomness)?;
        Ok(key)
    }

    pub(crate) fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    #[cfg(any(feature = "age", fuzzing))]
    pub(crate) fn from_bytes(bytes: &[u8; 16]) -> Self {
        Self(*bytes)
    }
}

impl Drop for FileKey {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// What stands before the chunks, and what seals them.
pub(crate) struct Opening {
    /// Header and nonce.
    pub(crate) bytes: Vec<u8>,
    pub(crate) stream: Stream,
}

/// Begins a new file for `recipients`: a fresh file key in as many stanzas as their class has.
///
/// The dummy stanzas are real ones, made for keys that nobody holds; all stand in random order.
pub(crate) fn begin(recipients: &Recipients) -> Result<Opening, SealError> {
    let file_key = FileKey::generate()?;
    let mut header = String::with_capacity(recipients.header_len());
    header.push_str(header::VERSION_LINE);
    for place in recipients.shuffled()? {
        match place {
            Sealing::To(recipient) => recipient.wrap(&file_key, &mut header)?,
            Sealing::Dummy => {
                // The dummy wraps another file key: nobody could tell, and none would open.
                recipients
                    .of_nobody()?
                    .wrap(&FileKey::generate()?, &mut header)?;
            }
        }
    }
    header::close(&mut header, &file_key);
    let mut nonce = [0; NONCE_LEN];
    getrandom::fill(&mut nonce).map_err(|_| SealError::NoRandomness)?;
    let mut bytes = header.into_bytes();
    bytes.extend_from_slice(&nonce);
    Ok(Opening {
        bytes,
        stream: Stream::new(&file_key, &nonce),
    })
}

/// Seals `len` octets of `plaintext` as a binary age file, without frame or padding.
///
/// This is the layer under [`crate::seal`], for tools that need an age file of other things than tips.
///
/// # Errors
/// [`SealError::AttachmentChanged`] when the reader gives fewer octets; [`SealError::Io`].
pub fn seal(
    plaintext: &mut impl Read,
    len: u64,
    to: &Recipients,
    out: &mut impl Write,
) -> Result<(), SealError> {
    stack::wiped(|| {
        let Opening { bytes, stream } = begin(to)?;
        out.write_all(&bytes)?;
        stream::seal_in_order(
            &stream,
            Chunks::of_plain(len),
            |text| {
                plaintext.read_exact(text).map_err(|e| match e.kind() {
                    io::ErrorKind::UnexpectedEof => SealError::AttachmentChanged,
                    _ => e.into(),
                })
            },
            |sealed| out.write_all(sealed).map_err(SealError::from),
        )
    })
}

/// Opens an age file, binary or armored, and writes its plaintext to `out` as it becomes authentic.
///
/// What was written is complete only when this returns `Ok`; otherwise the caller throws it away.
///
/// # Errors
/// The [`OpenError`] of the layer that refused, and [`OpenError::NotAnEnvelope`] when the bytes are no age
/// file.
pub fn open(file: impl Read, keys: &KeyRing, out: &mut impl Write) -> Result<(), OpenError> {
    stack::wiped(|| {
        let (recognised, file) = recognise(file)?;
        match recognised {
            Recognised::Age => open_binary(file, keys, out),
            Recognised::Armor => open_binary(armor::Reader::new(file), keys, out),
            Recognised::Other => Err(OpenError::NotAnEnvelope),
        }
    })
}

fn open_binary(mut file: impl Read, keys: &KeyRing, out: &mut impl Write) -> Result<(), OpenError> {
    let opened = open_header(&mut file, keys)?;
    stream::open_in_order(&opened.stream, opened.rest.as_slice().chain(file), |text| {
        out.write_all(text).map_err(OpenError::from)
    })
}

/// A file whose header is open.
pub(crate) struct Opened {
    /// Whether every stanza is of the hybrid type.
    pub(crate) post_quantum: bool,
    /// What the payload opens with.
    pub(crate) stream: Stream,
    /// Where the chunks begin: octets of header and nonce.
    pub(crate) start: u64,
    /// What was read beyond that.
    pub(crate) rest: Vec<u8>,
}

/// Reads and opens the header, and reads the nonce.
pub(crate) fn open_header(file: &mut impl Read, keys: &KeyRing) -> Result<Opened, OpenError> {
    let (bytes, end) = read_header(file)?;
    let (header, mut rest) = bytes.split_at_checked(end).unwrap_or_default();
    let (post_quantum, file_key) = unwrap(&Header::parse(header)?, keys)?;
    let mut nonce = [0; NONCE_LEN];
    if stream::read_full(&mut (&mut rest).chain(file), &mut nonce)? < NONCE_LEN {
        return Err(OpenError::BadHeader);
    }
    Ok(Opened {
        post_quantum,
        stream: Stream::new(&file_key, &nonce),
        start: (end + NONCE_LEN) as u64,
        rest: rest.to_vec(),
    })
}

/// Reads up to the end of the header, at most [`header::MAX_LEN`] octets; returns what was read and where
/// the header ends in it.
pub(crate) fn read_header(file: &mut impl Read) -> Result<(Vec<u8>, usize), OpenError> {
    // Two recipients of the hybrid type fit the first step.
    let mut step = 4096;
    let mut bytes = Vec::with_capacity(step);
    loop {
        let n = file.take(step as u64).read_to_end(&mut bytes)?;
        if let Some(end) = header::end(&bytes) {
            return Ok((bytes, end));
        }
        let begun = bytes.iter().zip(header::VERSION_LINE.as_bytes());
        if n < step || !begun.clone().all(|(a, b)| a == b) {
            return Err(OpenError::BadHeader);
        }
        if bytes.len() >= header::MAX_LEN {
            return Err(OpenError::HeaderTooLong);
        }
        step = bytes.len();
    }
}

/// Finds the stanza that one of `keys` opens, and checks the MAC with the file key in it. Says also whether
/// every stanza is of the hybrid type.
fn unwrap(header: &Header<'_>, keys: &KeyRing) -> Result<(bool, FileKey), OpenError> {
    // A passphrase stands alone in a header, or anybody who knows it could have sealed for the others.
    let mut tags = header.stanzas.iter().map(|stanza| stanza.tag);
    if header.stanzas.len() > 1 && tags.clone().any(|tag| tag == "scrypt") {
        return Err(OpenError::BadHeader);
    }
    let post_quantum = tags.all(|tag| tag == hybrid::TAG);
    let file_key = keys.unwrap(&header.stanzas)?;
    header.check_mac(&file_key)?;
    Ok((post_quantum, file_key))
}

/// Appends the stanza in which `aead` seals `file_key`.
fn seal_file_key(
    header: &mut String,
    tag: &str,
    enc: &[u8],
    aead: &ChaCha20Poly1305,
    nonce: &Nonce,
    file_key: &FileKey,
) {
    let mut body = Zeroizing::new([0; 32]);
    let (text, mac) = body.split_at_mut(16);
    text.copy_from_slice(file_key.as_bytes());
    if let Ok(sealed) = aead.encrypt_inout_detached(nonce, &[], text.into()) {
        mac.copy_from_slice(&sealed);
    }
    push_stanza(header, tag, enc, &body);
}

/// The file key in a stanza's body, or `None` when it does not open under `aead`.
fn open_file_key(
    body: &[u8],
    aead: &ChaCha20Poly1305,
    nonce: &Nonce,
) -> Result<Option<FileKey>, OpenError> {
    // The length before the tag: a longer body could be made to open under several keys.
    let body: &[u8; 32] = body.try_into().map_err(|_| OpenError::BadHeader)?;
    let Some((text, tag)) = body.split_first_chunk::<16>() else {
        return Err(OpenError::BadHeader);
    };
    let tag: [u8; 16] = tag.try_into().map_err(|_| OpenError::BadHeader)?;
    let mut key = FileKey(*text);
    let opened =
        aead.decrypt_inout_detached(nonce, &[], key.0.as_mut_slice().into(), &Tag::from(tag));
    Ok(opened.is_ok().then_some(key))
}

impl Public {
    /// Appends the stanza that gives `file_key` to this recipient.
    fn wrap(&self, file_key: &FileKey, header: &mut String) -> Result<(), SealError> {
        match self {
            Self::Hybrid(public) => public.wrap(file_key, header),
            Self::X25519(public) => public.wrap(file_key, header),
        }
    }
}
