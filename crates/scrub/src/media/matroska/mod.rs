//! Matroska and `WebM`: written again as head, places, Info, Tracks, Clusters and an index for seeking (RFC 9559).

mod cluster;
mod ebml;
mod private;
mod report;
mod tracks;

use self::cluster::{Writer, is_of_segment};
use self::ebml::{Element, put, put_uint, uint};
use super::window::Window;
use crate::Refusal;
use crate::job::Job;
use crate::plan::Plan;
use crate::report::What;
use crate::source::Source;

const EBML: u32 = 0x1A45_DFA3;
const SEGMENT: u32 = 0x1853_8067;
const SEEK_HEAD: u32 = 0x114D_9B74;
const INFO: u32 = 0x1549_A966;
const TRACKS: u32 = 0x1654_AE6B;
const CLUSTER: u32 = 0x1F43_B675;
const CUES: u32 = 0x1C53_BB6B;

pub(crate) fn scrub(file: &Source<'_>, job: &mut Job) -> Result<Plan, Refusal> {
    let mut window = Window::new(*file);
    let head = ebml::element(&mut window, 0, file.len())?;
    let head = head
        .filter(|head| head.id == EBML && !head.is_open)
        .ok_or(Refusal::Damaged)?;
    let mut plan = Plan::new();
    let is_webm = read_head(&mut window, &head, &mut plan, job)?;
    let segment = find_segment(&mut window, head.body.end, job)?;
    let outline = Outline::read(&mut window, &segment, job)?;
    plan.put(&written_head(is_webm));
    plan.put(&SEGMENT.to_be_bytes());
    let len = plan.gap(8);
    let base = plan.len();
    let places = plan.gap(5 + 3 * 21);
    let info_at = plan.len() - base;
    let info = outline.info.as_ref().ok_or(Refusal::Damaged)?;
    plan.put(&rewrite_info(&mut window, info, job)?);
    let tracks_at = plan.len() - base;
    let tracks = outline.tracks.as_ref().ok_or(Refusal::Damaged)?;
    let (body, tracks) = tracks::rewrite(&mut window, &tracks.body, &mut plan, job)?;
    let mut element = Vec::new();
    put(&mut element, TRACKS, &body);
    plan.put(&element);
    let mut writer = Writer {
        window: &mut window,
        plan: &mut plan,
        job,
        tracks: &tracks,
        base,
        cues: Vec::new(),
    };
    let end = clusters(&mut writer, &segment)?;
    let cues = std::mem::take(&mut writer.cues);
    let cues_at = plan.len() - base;
    let mut element = Vec::new();
    put(&mut element, CUES, &cues);
    plan.put(&element);
    plan.fill(&len, &wide(plan.len() - base)?);
    plan.fill(&places, &seek_head([info_at, tracks_at, cues_at]));
    outline.exempt(&mut plan);
    tail(file, end, job)?;
    Ok(plan)
}

/// A length in eight octets.
fn wide(len: u64) -> Result<[u8; 8], Refusal> {
    if len >= 1 << 56 {
        return Err(Refusal::TooLarge);
    }
    Ok((len | 1 << 56).to_be_bytes())
}

/// Reads the document type, and whether there is more in the head than has to be.
fn read_head(
    window: &mut Window<'_>,
    head: &Element,
    plan: &mut Plan,
    job: &mut Job,
) -> Result<bool, Refusal> {
    let mut is_webm = None;
    for child in tracks::children(window, &head.body)? {
        let len = usize::try_from(child.body.end - child.body.start).unwrap_or(usize::MAX);
        let value = window.peek(child.body.start, len.min(64))?;
        match child.id {
            0x4282 => {
                let name = value.split(|&b| b == 0).next().unwrap_or_default();
                is_webm = Some(name == b"webm");
                if !matches!(name, b"webm" | b"matroska") {
                    return Err(Refusal::OtherMedia);
                }
            }
            // Versions and limits are written anew.
            0x4286 | 0x42F7 | 0x42F2 | 0x42F3 | 0x4287 | 0x4285 => {
                if child.id == 0x42F2 && uint(value) > 4 || child.id == 0x42F3 && uint(value) > 8 {
                    return Err(Refusal::Unsupported("Matroska with long names of elements"));
                }
            }
            _ => {
                report::other(window, &child, job)?;
                continue;
            }
        }
        plan.rewritten(child.start..child.body.end);
    }
    // The kind is told from the octets in front; the type that the head names has to be the same one.
    let front = window.peek(0, 64)?;
    let seems = front.windows(4).any(|name| name == b"webm");
    is_webm
        .filter(|&is_webm| is_webm == seems)
        .ok_or(Refusal::Damaged)
}

fn written_head(is_webm: bool) -> Vec<u8> {
    let mut body = Vec::new();
    for (id, value) in [(0x4286, 1), (0x42F7, 1), (0x42F2, 4), (0x42F3, 8)] {
        put_uint(&mut body, id, value);
    }
    put(
        &mut body,
        0x4282,
        if is_webm { b"webm" } else { b"matroska" },
    );
    for (id, value) in [(0x4287, 4), (0x4285, 2)] {
        put_uint(&mut body, id, value);
    }
    let mut head = Vec::new();
    put(&mut head, EBML, &body);
    head
}

/// The segment; voids may stand before it. A cut file has a segment that is longer than the file.
fn find_segment(window: &mut Window<'_>, mut at: u64, job: &mut Job) -> Result<Element, Refusal> {
    let len = window.len();
    for _ in 0..100 {
        if let Some(element) = ebml::element(window, at, len)? {
            if element.id == SEGMENT {
                return Ok(element);
            }
            report::other(window, &element, job)?;
            at = element.body.end;
            continue;
        }
        let head = window.peek(at, 12)?;
        let size = head
            .strip_prefix(&SEGMENT.to_be_bytes())
            .and_then(ebml::number);
        let (_, used) = size.ok_or(Refusal::Damaged)?;
        return Ok(Element {
            id: SEGMENT,
            start: at,
            body: at + 4 + used as u64..len,
            is_open: true,
        });
    }
    Err(Refusal::Damaged)
}

/// The elements of a segment besides its clusters.
#[derive(Default)]
struct Outline {
    info: Option<Element>,
    tracks: Option<Element>,
    /// Places and times, whose octets say nothing.
    numbers: Vec<std::ops::Range<u64>>,
}

impl Outline {
    /// Looks for Info and Tracks, wherever they stand, and reports what is not written again.
    fn read(window: &mut Window<'_>, segment: &Element, job: &mut Job) -> Result<Self, Refusal> {
        let mut outline = Self::default();
        let mut at = segment.body.start;
        while let Some(element) = level_1(window, at, segment)? {
            at = element.body.end;
            match element.id {
                INFO if outline.info.is_none() => outline.info = Some(element),
                TRACKS if outline.tracks.is_none() => outline.tracks = Some(element),
                CLUSTER if element.is_open => at = skip_open(window, &element)?,
                CLUSTER => {}
                SEGMENT | EBML => break,
                SEEK_HEAD | CUES => outline.numbers.push(element.body.clone()),
                _ => report::other(window, &element, job)?,
            }
        }
        Ok(outline)
    }

    fn exempt(&self, plan: &mut Plan) {
        for range in &self.numbers {
            plan.rewritten(range.clone());
        }
    }
}

/// The next element of a segment. The last cluster of a cut file goes to its end.
fn level_1(
    window: &mut Window<'_>,
    at: u64,
    segment: &Element,
) -> Result<Option<Element>, Refusal> {
    let end = segment.body.end;
    if let Some(element) = ebml::element(window, at, end)? {
        return Ok(Some(element));
    }
    let head = window.peek(at, 12)?;
    let size = head
        .strip_prefix(&CLUSTER.to_be_bytes())
        .and_then(ebml::number);
    Ok(size
        .map(|(_, used)| at + 4 + used as u64)
        .filter(|&body| body <= end)
        .map(|body| Element {
            id: CLUSTER,
            start: at,
            body: body..end,
            is_open: true,
        }))
}

/// Steps over a cluster of unknown length.
fn skip_open(window: &mut Window<'_>, cluster: &Element) -> Result<u64, Refusal> {
    let mut at = cluster.body.start;
    while let Some(child) = ebml::element(window, at, cluster.body.end)? {
        if is_of_segment(child.id) {
            break;
        }
        at = child.body.end;
    }
    Ok(at)
}

/// Writes all clusters. Gives where the last element that was understood ends.
fn clusters(writer: &mut Writer<'_, '_>, segment: &Element) -> Result<u64, Refusal> {
    let mut at = segment.body.start;
    while let Some(element) = level_1(writer.window, at, segment)? {
        match element.id {
            CLUSTER => at = writer.cluster(&element)?,
            SEGMENT | EBML => break,
            _ => at = element.body.end,
        }
    }
    Ok(at)
}

/// What follows the last element, within the segment or behind it.
fn tail(file: &Source<'_>, at: u64, job: &mut Job) -> Result<(), Refusal> {
    if at >= file.len() {
        return Ok(());
    }
    let rest = file.read(at..file.len().min(at + 256), 256)?;
    if rest.starts_with(&EBML.to_be_bytes()) || rest.starts_with(&SEGMENT.to_be_bytes()) {
        return Err(Refusal::Unsupported("Matroska with several segments"));
    }
    job.found_octets(What::Unknown, "behind the clusters", &rest);
    Ok(())
}

/// The scale of times and the duration, with nobody as the program.
fn rewrite_info(
    window: &mut Window<'_>,
    info: &Element,
    job: &mut Job,
) -> Result<Vec<u8>, Refusal> {
    let (mut scale, mut duration) = (1_000_000, None);
    for child in tracks::children(window, &info.body)? {
        let len = usize::try_from(child.body.end - child.body.start).unwrap_or(usize::MAX);
        match child.id {
            0x2A_D7B1 if len <= 8 => scale = uint(window.peek(child.body.start, len)?),
            0x4489 if len == 4 => {
                let single = f32::from_be_bytes(window.array(child.body.start)?);
                duration = Some(f64::from(single));
            }
            0x4489 if len == 8 => {
                duration = Some(f64::from_be_bytes(window.array(child.body.start)?));
            }
            _ => report::info(window, &child, job)?,
        }
    }
    let mut body = Vec::new();
    put_uint(&mut body, 0x2A_D7B1, scale);
    if let Some(duration) = duration.filter(|d| d.is_finite() && *d > 0.0) {
        put(&mut body, 0x4489, &duration.to_be_bytes());
    }
    put(&mut body, 0x4D80, b"");
    put(&mut body, 0x5741, b"");
    let mut element = Vec::new();
    put(&mut element, INFO, &body);
    Ok(element)
}

/// Where Info, Tracks and the index stand, each with a place of eight octets.
fn seek_head(places: [u64; 3]) -> Vec<u8> {
    let mut body = Vec::new();
    for (id, place) in [INFO, TRACKS, CUES].into_iter().zip(places) {
        let mut seek = Vec::new();
        put(&mut seek, 0x53AB, &id.to_be_bytes());
        put(&mut seek, 0x53AC, &place.to_be_bytes());
        put(&mut body, 0x4DBB, &seek);
    }
    let mut element = Vec::new();
    put(&mut element, SEEK_HEAD, &body);
    element
}
