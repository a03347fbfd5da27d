//! Track entries, written again from a list of what a player needs.

use std::ops::Range;

use super::ebml::{self, Element, put, put_uint, uint};
use super::private;
use crate::Refusal;
use crate::job::Job;
use crate::media::packet::Filter;
use crate::media::window::Window;
use crate::plan::Plan;
use crate::report::{Remark, What};

/// A track that stays.
pub(super) struct Track {
    /// Its number in the source; its place in the list is that in the clean file, less one.
    pub(super) number: u64,
    pub(super) is_video: bool,
    pub(super) filter: Filter,
    /// Octets that the file leaves away in front of each packet. They are written again where packets are looked into.
    pub(super) prefix: Vec<u8>,
    /// Whether a second layer of each picture holds what is see-through.
    pub(super) has_alpha: bool,
}

/// What an element holds.
#[derive(Clone, Copy)]
enum Kind {
    Uint,
    Float,
    /// So many octets at most.
    Octets(usize),
    Master(&'static [(u32, Kind)]),
}
use Kind::{Float, Master, Octets, Uint};

const VIDEO: &[(u32, Kind)] = &[
    (0x9A, Uint),
    (0x9D, Uint),
    (0x53B8, Uint),
    (0x53C0, Uint),
    (0xB0, Uint),
    (0xBA, Uint),
    (0x54AA, Uint),
    (0x54BB, Uint),
    (0x54CC, Uint),
    (0x54DD, Uint),
    (0x54B0, Uint),
    (0x54BA, Uint),
    (0x54B2, Uint),
    (0x54B3, Uint),
    (0x2E_B524, Octets(4)),
    (0x55B0, Master(COLOUR)),
    (0x7670, Master(PROJECTION)),
];
const COLOUR: &[(u32, Kind)] = &[
    (0x55B1, Uint),
    (0x55B2, Uint),
    (0x55B3, Uint),
    (0x55B4, Uint),
    (0x55B5, Uint),
    (0x55B6, Uint),
    (0x55B7, Uint),
    (0x55B8, Uint),
    (0x55B9, Uint),
    (0x55BA, Uint),
    (0x55BB, Uint),
    (0x55BC, Uint),
    (0x55BD, Uint),
    (0x55D0, Master(MASTERING)),
];
const MASTERING: &[(u32, Kind)] = &[
    (0x55D1, Float),
    (0x55D2, Float),
    (0x55D3, Float),
    (0x55D4, Float),
    (0x55D5, Float),
    (0x55D6, Float),
    (0x55D7, Float),
    (0x55D8, Float),
    (0x55D9, Float),
    (0x55DA, Float),
];
const PROJECTION: &[(u32, Kind)] = &[
    (0x7671, Uint),
    (0x7672, Octets(20)),
    (0x7673, Float),
    (0x7674, Float),
    (0x7675, Float),
];
const AUDIO: &[(u32, Kind)] = &[
    (0xB5, Float),
    (0x78B5, Float),
    (0x9F, Uint),
    (0x6264, Uint),
    (0x52F1, Uint),
];
/// What stands before the codec, and behind it.
const FRONT: &[(u32, Kind)] = &[
    (0xB9, Uint),
    (0x88, Uint),
    (0x55AA, Uint),
    (0x9C, Uint),
    (0x55EE, Uint),
    (0x23_E383, Uint),
    (0x23_4E7A, Uint),
    (0x23_314F, Float),
];
const BACK: &[(u32, Kind)] = &[
    (0x56AA, Uint),
    (0x56BB, Uint),
    (0xE0, Master(VIDEO)),
    (0xE1, Master(AUDIO)),
];

/// The children of `range`, in order. What does not fit ends them.
pub(super) fn children(
    window: &mut Window<'_>,
    range: &Range<u64>,
) -> Result<Vec<Element>, Refusal> {
    let mut all = Vec::new();
    let mut at = range.start;
    while let Some(child) = ebml::element(window, at, range.end)? {
        // Tracks and their like have few children; a million of them is an attack.
        if all.len() >= 4096 {
            return Err(Refusal::TooLarge);
        }
        at = child.body.end;
        all.push(child);
    }
    Ok(all)
}

/// Writes the tracks that stay. Gives the body of the element, and what the blocks' reader needs.
pub(super) fn rewrite(
    window: &mut Window<'_>,
    range: &Range<u64>,
    plan: &mut Plan,
    job: &mut Job,
) -> Result<(Vec<u8>, Vec<Track>), Refusal> {
    let (mut body, mut tracks) = (Vec::new(), Vec::new());
    for entry in children(window, range)? {
        if entry.id != 0xAE {
            super::report::other(window, &entry, job)?;
            continue;
        }
        let entry = Entry {
            children: children(window, &entry.body)?,
        };
        let kind = entry.uint(window, 0x83)?.unwrap_or(0);
        if !matches!(kind, 1 | 2) {
            job.remark(Remark::TracksLost);
            job.found(What::Description, "track of another kind", "");
            continue;
        }
        let (written, track) = entry.rewrite(window, kind, tracks.len() as u64 + 1, plan, job)?;
        put(&mut body, 0xAE, &written);
        tracks.push(track);
    }
    if tracks.is_empty() {
        return Err(Refusal::Damaged);
    }
    Ok((body, tracks))
}

struct Entry {
    children: Vec<Element>,
}

impl Entry {
    fn find(&self, id: u32) -> Option<&Element> {
        self.children.iter().find(|child| child.id == id)
    }

    fn octets(
        &self,
        window: &mut Window<'_>,
        id: u32,
        most: usize,
    ) -> Result<Option<Vec<u8>>, Refusal> {
        let Some(child) = self.find(id) else {
            return Ok(None);
        };
        let len = child.body.end - child.body.start;
        if len > most as u64 {
            return Err(Refusal::TooLarge);
        }
        let mut octets = Vec::new();
        window.each(child.body.clone(), |piece| octets.extend_from_slice(piece))?;
        Ok(Some(octets))
    }

    fn uint(&self, window: &mut Window<'_>, id: u32) -> Result<Option<u64>, Refusal> {
        Ok(self.octets(window, id, 8)?.map(|octets| uint(&octets)))
    }

    fn rewrite(
        &self,
        window: &mut Window<'_>,
        kind: u64,
        new: u64,
        plan: &mut Plan,
        job: &mut Job,
    ) -> Result<(Vec<u8>, Track), Refusal> {
        let number = self.uint(window, 0xD7)?.ok_or(Refusal::Damaged)?;
        let mut to = Vec::new();
        for (id, value) in [(0xD7, new), (0x73C5, new), (0x83, kind)] {
            put_uint(&mut to, id, value);
        }
        let codec = self.octets(window, 0x86, 64)?.ok_or(Refusal::Damaged)?;
        let codec = codec.split(|&b| b == 0).next().unwrap_or_default();
        let private = self.octets(window, 0x63A2, 1 << 20)?;
        let (private, filter) = private::clean(codec, private.as_deref(), job)?;
        list(window, &self.children, FRONT, &mut to)?;
        put(&mut to, 0x22_B59C, b"und");
        put(&mut to, 0x86, codec);
        if let Some(private) = private {
            put(&mut to, 0x63A2, &private);
        }
        list(window, &self.children, BACK, &mut to)?;
        let prefix = self.encodings(window, filter, &mut to)?;
        let video = match self.find(0xE0) {
            Some(video) => children(window, &video.body)?,
            None => Vec::new(),
        };
        let alpha = Entry { children: video }.uint(window, 0x53C0)?;
        self.report(window, new, plan, job)?;
        let track = Track {
            number,
            is_video: kind == 1,
            filter,
            prefix,
            has_alpha: alpha == Some(1),
        };
        Ok((to, track))
    }

    /// Compression of the packets stays as it is, but for tracks whose packets have to be looked into. Gives what is
    /// to be put in front of those.
    fn encodings(
        &self,
        window: &mut Window<'_>,
        filter: Filter,
        to: &mut Vec<u8>,
    ) -> Result<Vec<u8>, Refusal> {
        let Some(encodings) = self.find(0x6D80) else {
            return Ok(Vec::new());
        };
        let all = children(window, &encodings.body)?;
        let all: Vec<_> = all.into_iter().filter(|e| e.id == 0x6240).collect();
        let [encoding] = all.as_slice() else {
            return Err(Refusal::Unsupported("Matroska with several encodings"));
        };
        let encoding = Entry {
            children: children(window, &encoding.body)?,
        };
        if encoding.uint(window, 0x5033)?.unwrap_or(0) != 0 || encoding.find(0x5035).is_some() {
            return Err(Refusal::Encrypted);
        }
        let scope = encoding.uint(window, 0x5032)?.unwrap_or(1);
        let compression = match encoding.find(0x5034) {
            Some(found) => children(window, &found.body)?,
            None => Vec::new(),
        };
        let compression = Entry {
            children: compression,
        };
        let algorithm = compression.uint(window, 0x4254)?.unwrap_or(0);
        let settings = compression.octets(window, 0x4255, 64)?.unwrap_or_default();
        let is_filtered = !matches!(filter, Filter::None);
        if scope == 1 && algorithm == 3 && is_filtered {
            return Ok(settings);
        }
        if scope != 1 || !matches!(algorithm, 0 | 3) || is_filtered {
            return Err(Refusal::Unsupported(
                "Matroska with compressed packets of this kind",
            ));
        }
        let mut inner = Vec::new();
        put_uint(&mut inner, 0x4254, algorithm);
        if algorithm == 3 {
            put(&mut inner, 0x4255, &settings);
        }
        let mut outer = Vec::new();
        for (id, value) in [(0x5031, 0), (0x5032, 1), (0x5033, 0)] {
            put_uint(&mut outer, id, value);
        }
        put(&mut outer, 0x5034, &inner);
        let mut all = Vec::new();
        put(&mut all, 0x6240, &outer);
        put(to, 0x6D80, &all);
        Ok(Vec::new())
    }

    /// Reports what a person wrote, and marks as rewritten what is numbers.
    fn report(
        &self,
        window: &mut Window<'_>,
        new: u64,
        plan: &mut Plan,
        job: &mut Job,
    ) -> Result<(), Refusal> {
        for child in &self.children {
            match child.id {
                0x536E => super::report::text(window, child, What::Description, "track Name", job)?,
                0x22_B59C | 0x22_B59D => {
                    let language = self.octets(window, child.id, 64)?.unwrap_or_default();
                    if language != b"und" {
                        super::report::text(
                            window,
                            child,
                            What::Description,
                            "track Language",
                            job,
                        )?;
                    }
                }
                0x25_8688 => {
                    super::report::text(window, child, What::Software, "track CodecName", job)?;
                }
                0x73C5 => {
                    let uid = self.octets(window, 0x73C5, 64)?.unwrap_or_default();
                    if uint(&uid) != new {
                        job.found(What::Identifier, "TrackUID", "");
                    }
                }
                // Numbers and setups are in the clean file in another spelling.
                0x63A2 | 0x86 | 0xE0 | 0xE1 | 0x6D80 => plan.rewritten(child.body.clone()),
                _ => {}
            }
        }
        Ok(())
    }
}

/// Writes the elements of a list that are there, in the list's order, each once.
fn list(
    window: &mut Window<'_>,
    from: &[Element],
    known: &[(u32, Kind)],
    to: &mut Vec<u8>,
) -> Result<(), Refusal> {
    for &(id, kind) in known {
        let Some(child) = from.iter().find(|child| child.id == id) else {
            continue;
        };
        if let Master(inner) = kind {
            let inner_children = children(window, &child.body)?;
            let mut body = Vec::new();
            list(window, &inner_children, inner, &mut body)?;
            put(to, id, &body);
            continue;
        }
        let len = usize::try_from(child.body.end - child.body.start).unwrap_or(usize::MAX);
        let octets = window.peek(child.body.start, len)?;
        match kind {
            Uint if len <= 8 => put_uint(to, id, uint(octets)),
            Float if matches!(len, 4 | 8) => put(to, id, octets),
            Octets(most) if len <= most => put(to, id, octets),
            _ => {}
        }
    }
    Ok(())
}
