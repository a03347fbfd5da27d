//! What the fuzz targets need of the private decoders: each decodes, and encodes what came of it.
//!
//! Compiled under `--cfg fuzzing` only, so it is no part of the API.

use std::{
    io::{self, Read},
    num::NonZeroUsize,
    sync::{Arc, Mutex, PoisonError},
};

use crate::{
    Attachment, Case, OpenError, OpenedTip, Tip, WriteAt,
    age::{
        FileKey, armor,
        header::Header,
        stream::{self, Chunks, Stream},
    },
    envelope::{self, Form},
    frame::{Frame, Unframer},
    short,
    tip::Body,
};

/// The header of an age file, and its encoding.
pub fn header(bytes: &[u8]) -> Option<Vec<u8>> {
    let header = Header::parse(bytes).ok()?;
    Some(header.encode().into_bytes())
}

/// `tip.json`, and its encoding.
pub fn tip_json(bytes: &[u8]) -> Option<Vec<u8>> {
    Body::from_json(bytes)
        .ok()
        .map(|body| body.to_json().to_vec())
}

/// The text form of an age file: the octets in it, and their text form.
pub fn armor(text: &[u8]) -> Option<(Vec<u8>, String)> {
    let mut binary = Vec::new();
    armor::Reader::new(text).read_to_end(&mut binary).ok()?;
    let again = armor::to_text(&binary);
    Some((binary, again))
}

/// The text form of a short envelope: the octets in it, and their text form.
pub fn short_text(text: &str) -> Option<(Vec<u8>, String)> {
    let binary = short::from_text(text)?;
    let again = short::to_text(&binary);
    Some((binary, again))
}

/// The plaintext of a short envelope: its text, and the plaintext of that.
pub fn short_plaintext(plaintext: &[u8]) -> Option<(String, Option<Vec<u8>>)> {
    let (text, again) = short::refill(plaintext)?;
    Some((text.to_string(), again.map(|again| again.to_vec())))
}

/// A frame, read whole, in pieces of `piece` octets, and with two workers in place; and its encoding.
///
/// # Panics
/// When two ways of reading do not come to the same.
pub fn frame(plaintext: &[u8], piece: NonZeroUsize) -> Option<Vec<u8>> {
    let whole = in_order(plaintext, plaintext.len().max(1));
    let in_pieces = in_order(plaintext, piece.get());
    let in_place = in_place(plaintext);
    assert_eq!(outcome(&whole), outcome(&in_pieces), "in pieces");
    assert_eq!(whole.is_ok(), in_place.is_ok(), "in place");
    let (opened, files) = whole.ok()?;
    for (other, contents) in [in_pieces.ok()?, in_place.ok()?] {
        assert!(other.to_json() == opened.to_json() && contents == files);
        assert_eq!(other.attachments(), opened.attachments());
    }
    let tip = Tip::again(opened, files.iter().map(Vec::as_slice));
    let mut again = vec![0; plaintext.len()];
    let mut frame = Frame::new(tip).ok()?;
    assert_eq!(frame.len(), plaintext.len() as u64);
    frame.fill(&mut again).ok()?;
    Some(again)
}

type Unframed = Result<(OpenedTip, Vec<Vec<u8>>), OpenError>;

fn outcome(result: &Unframed) -> &'static str {
    result.as_ref().map_or_else(OpenError::code, |_| "")
}

fn in_order(plaintext: &[u8], piece: usize) -> Unframed {
    let mut folder = Folder::default();
    let mut frame = Unframer::new(&mut folder);
    for piece in plaintext.chunks(piece) {
        frame.push(piece)?;
    }
    let opened = frame.finish(plaintext.len() as u64, Form::PostQuantum)?;
    Ok((opened, folder.contents()))
}

/// The frame sealed without a header, and opened as a large envelope is.
fn in_place(plaintext: &[u8]) -> Unframed {
    let stream = || Stream::new(&FileKey::from_bytes(&[7; 16]), &[7; 16]);
    let mut sealed = Vec::new();
    let mut rest = plaintext;
    stream::seal_in_order::<io::Error>(
        &stream(),
        Chunks::of_plain(plaintext.len() as u64),
        |text| rest.read_exact(text),
        |chunk| {
            sealed.extend_from_slice(chunk);
            Ok(())
        },
    )?;
    let mut folder = Folder::default();
    let workers = NonZeroUsize::MIN.saturating_add(1);
    let opened = envelope::open_payload(&sealed, stream(), &mut folder, workers)?;
    Ok((opened, folder.contents()))
}

#[derive(Clone, Default)]
struct File(Arc<Mutex<Vec<u8>>>);

impl WriteAt for File {
    fn write_all_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        let mut content = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let start = usize::try_from(offset).unwrap_or(usize::MAX);
        let end = start.saturating_add(bytes.len());
        if content.len() < end {
            content.resize(end, 0);
        }
        for (to, from) in content.iter_mut().skip(start).zip(bytes) {
            *to = *from;
        }
        Ok(())
    }
}

#[derive(Default)]
struct Folder(Vec<File>);

impl Folder {
    fn contents(self) -> Vec<Vec<u8>> {
        let contents = self.0.into_iter().map(|file| {
            let content = file.0.lock().unwrap_or_else(PoisonError::into_inner);
            content.clone()
        });
        contents.collect()
    }
}

impl Case for Folder {
    type File = File;

    fn attachment(&mut self, _: &Attachment) -> io::Result<File> {
        let file = File::default();
        self.0.push(file.clone());
        Ok(file)
    }
}
