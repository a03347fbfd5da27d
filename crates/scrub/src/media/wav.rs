//! WAV, and its longer relatives RF64 and BW64: `fmt `, `fact` where a codec needs it, and `data`.
#![allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "names of four octets come from the parser as references"
)]
#![allow(
    clippy::match_same_arms,
    reason = "one line for each family of codecs and tags"
)]

use std::ops::Range;

use super::tags;
use super::window::Window;
use crate::Refusal;
use crate::job::Job;
use crate::plan::Plan;
use crate::report::What;
use crate::source::Source;

/// Chunks that are looked at; files with more are no sound.
const MAX_CHUNKS: usize = 10_000;

pub(crate) fn scrub(file: &Source<'_>, job: &mut Job) -> Result<Plan, Refusal> {
    let chunks = Chunks::read(file, job)?;
    let format = chunks.format.ok_or(Refusal::Damaged)?;
    let data = chunks.data.ok_or(Refusal::Damaged)?;
    let mut format_bytes = format_chunk(file, format.clone())?;
    let mut plan = Plan::new();
    // Names and lengths of chunks.
    plan.rewritten(0..12);
    plan.rewritten(format.start - 8..format.end);
    plan.rewritten(data.start - 8..data.start);
    let len = data.end - data.start;
    let mut chunks_bytes = b"fmt ".to_vec();
    chunks_bytes.extend(u32::try_from(format_bytes.len()).unwrap_or(0).to_le_bytes());
    let is_pcm = is_linear(&format_bytes);
    chunks_bytes.append(&mut format_bytes);
    if let Some(fact) = chunks.fact.filter(|_| !is_pcm) {
        chunks_bytes.extend(b"fact\x04\0\0\0");
        chunks_bytes.extend(fact.to_le_bytes());
    }
    let total = 4 + chunks_bytes.len() as u64 + 8 + len + len % 2;
    match (u32::try_from(total), u32::try_from(len)) {
        (Ok(total), Ok(len)) if total != u32::MAX && len != u32::MAX => {
            plan.put(b"RIFF");
            plan.put(&total.to_le_bytes());
            plan.put(b"WAVE");
            plan.put(&chunks_bytes);
            plan.put(b"data");
            plan.put(&len.to_le_bytes());
        }
        _ => {
            plan.put(b"RF64\xFF\xFF\xFF\xFFWAVEds64\x1C\0\0\0");
            plan.put(&(total + 36).to_le_bytes());
            plan.put(&len.to_le_bytes());
            plan.put(
                &chunks
                    .samples
                    .filter(|_| !is_pcm)
                    .unwrap_or(0)
                    .to_le_bytes(),
            );
            plan.put(&[0; 4]);
            plan.put(&chunks_bytes);
            plan.put(b"data\xFF\xFF\xFF\xFF");
        }
    }
    plan.copy(data);
    plan.zeros(len % 2);
    Ok(plan)
}

/// Where the chunks stand that matter.
#[derive(Default)]
struct Chunks {
    format: Option<Range<u64>>,
    data: Option<Range<u64>>,
    fact: Option<u32>,
    samples: Option<u64>,
    /// The data's length in the 64-bit forms.
    long: Option<u64>,
}

impl Chunks {
    fn read(file: &Source<'_>, job: &mut Job) -> Result<Self, Refusal> {
        let mut chunks = Self::default();
        let mut window = Window::new(*file);
        let is_long = &window.array::<4>(0)? != b"RIFF";
        let mut at = 12;
        for _ in 0..MAX_CHUNKS {
            let left = file.len().saturating_sub(at);
            if left < 8 {
                report_rest(file, at, job)?;
                return Ok(chunks);
            }
            let [a, b, c, d, s0, s1, s2, s3] = window.array(at)?;
            let (id, told) = ([a, b, c, d], u32::from_le_bytes([s0, s1, s2, s3]));
            at += 8;
            let len = u64::from(told).min(left - 8);
            let mut end = at + len;
            match &id {
                b"ds64" if is_long && len >= 24 => {
                    chunks.long = Some(u64::from_le_bytes(window.array(at + 8)?));
                    chunks.samples = Some(u64::from_le_bytes(window.array(at + 16)?));
                }
                b"fmt " if chunks.format.is_none() => chunks.format = Some(at..end),
                b"fact" if chunks.fact.is_none() && len >= 4 => {
                    chunks.fact = Some(u32::from_le_bytes(window.array(at)?));
                }
                b"data" if chunks.data.is_none() => {
                    end = at + chunks.data_len(&mut window, at, told)?;
                    chunks.data = Some(at..end);
                }
                b"data" => return Err(Refusal::Unsupported("WAV with two runs of sound")),
                _ if u64::from(told) > left - 8 || !id.iter().all(u8::is_ascii) => {
                    report_rest(file, at - 8, job)?;
                    return Ok(chunks);
                }
                _ => report(&id, &file.part(at..end)?, job)?,
            }
            // Some programs leave out the octet that fills up an odd length.
            let is_odd = (end - at) % 2 == 1;
            at = end;
            if is_odd && !(window.peek(at, 1)? != [0] && is_chunk(&mut window, at)?) {
                at += 1;
            }
        }
        Err(Refusal::Unsupported("WAV with thousands of chunks"))
    }

    /// Octets of sound. Programs that write to a pipe cannot know them, and tell zero or all ones.
    fn data_len(&self, window: &mut Window<'_>, at: u64, told: u32) -> Result<u64, Refusal> {
        let left = window.len() - at;
        if let Some(long) = self
            .long
            .filter(|&long| told == u32::MAX || long == u64::from(told))
        {
            return Ok(long.min(left));
        }
        if told == 0 && left > 0 && !is_chunk(window, at)? {
            return Ok(left);
        }
        Ok(u64::from(told).min(left))
    }
}

/// Whether a chunk of text or of the kinds that programs write seems to begin at `at`, and ends in the file.
fn is_chunk(window: &mut Window<'_>, at: u64) -> Result<bool, Refusal> {
    let len = window.len();
    let Some([a, b, c, d, s0, s1, s2, s3]) = window.peek(at, 8)?.first_chunk().copied() else {
        return Ok(false);
    };
    let size = u64::from(u32::from_le_bytes([s0, s1, s2, s3]));
    let is_name = [a, b, c, d]
        .iter()
        .all(|o| o.is_ascii_alphanumeric() || matches!(o, b' ' | b'_'));
    Ok(is_name && at + 8 + size <= len)
}

/// Writes the format again: PCM plain or extensible, and the compressed kinds whose fields are known.
fn format_chunk(file: &Source<'_>, range: Range<u64>) -> Result<Vec<u8>, Refusal> {
    let told = file.read(range.start..range.end.min(range.start + 4096), 4096)?;
    format(&told).ok_or(Refusal::Unsupported("WAV with a codec that is not known"))?
}

/// As above; the outer nothing is an unknown codec. Shared by AVI.
pub(super) fn format(told: &[u8]) -> Option<Result<Vec<u8>, Refusal>> {
    let Some((base, rest)) = told.split_first_chunk::<16>() else {
        // AVI may leave the last field away.
        return Some(Err(Refusal::Damaged));
    };
    let [t0, t1, ..] = *base;
    let tag = u16::from_le_bytes([t0, t1]);
    let extra = rest.get(2..).unwrap_or_default();
    let size = rest
        .first_chunk::<2>()
        .map_or(0, |&s| usize::from(u16::from_le_bytes(s)));
    let extra = extra.get(..size).unwrap_or(extra);
    let kept = match tag {
        1 | 3 | 6 | 7 => 0,
        // MS ADPCM: samples in a block, and a table of coefficients.
        2 => 4 + 4 * usize::from(*extra.get(2)?),
        // IMA ADPCM, Yamaha ADPCM, GSM 6.10.
        0x11 | 0x20 | 0x31 => extra.len().min(2),
        // G.726 and MPEG layers I and II, AC-3, DTS.
        0x45 | 0x64 | 0x2000 | 0x2001 => 0,
        0x50 => extra.len().min(22),
        // MP3.
        0x55 => extra.len().min(12),
        // AAC: the configuration of the decoder.
        0xFF | 0x706D => extra.len().min(5),
        // WMA.
        0x160 => extra.len().min(4),
        0x161 | 0x162 => extra.len().min(18),
        // FLAC: its STREAMINFO.
        0xF1AC => extra.len().min(34),
        0xFFFE => return Some(extensible(base, extra)),
        _ => return None,
    };
    let mut out = base.to_vec();
    if kept > 0 {
        let kept = extra.get(..kept)?;
        out.extend(u16::try_from(kept.len()).ok()?.to_le_bytes());
        out.extend(kept);
    } else if tag != 1 {
        out.extend([0; 2]);
    }
    Some(Ok(out))
}

/// The extensible form: valid bits, which loudspeakers, and the codec as the front of a fixed GUID.
fn extensible(base: &[u8], extra: &[u8]) -> Result<Vec<u8>, Refusal> {
    const GUID: [u8; 14] = *b"\0\0\0\0\x10\0\x80\0\0\xAA\0\x38\x9B\x71";
    const AMBISONIC: [u8; 14] = *b"\0\0\x21\x07\xD3\x11\x86\x44\xC8\xC1\xCA\0\0\0";
    let Some(extra) = extra.get(..22) else {
        return Err(Refusal::Damaged);
    };
    let guid = extra.get(8..).unwrap_or_default();
    let is_known = matches!(extra.get(6..8), Some([1 | 3 | 6 | 7, 0]));
    if !is_known || (guid != GUID && guid != AMBISONIC) {
        return Err(Refusal::Unsupported("WAV with a codec that is not known"));
    }
    let mut out = base.to_vec();
    out.extend([22, 0]);
    out.extend(extra);
    Ok(out)
}

/// Whether samples stand as they are, so that the data's length says how many there are.
fn is_linear(format: &[u8]) -> bool {
    matches!(format.first_chunk(), Some([1, 0]))
        || (matches!(format.first_chunk(), Some([0xFE, 0xFF])) && format.get(24) == Some(&1))
}

fn report_rest(file: &Source<'_>, at: u64, job: &mut Job) -> Result<(), Refusal> {
    if at < file.len() {
        let rest = file.read(at..file.len().min(at + 256), 256)?;
        job.found_octets(What::Unknown, "behind the chunks", &rest);
    }
    Ok(())
}

fn report(id: &[u8; 4], body: &Source<'_>, job: &mut Job) -> Result<(), Refusal> {
    let front = body.read(0..body.len().min(1024), 1024)?;
    let text = |range: Range<usize>| {
        let field = front.get(range).unwrap_or_default();
        let end = field.iter().position(|&b| b == 0).unwrap_or(field.len());
        field.get(..end).unwrap_or_default()
    };
    match id {
        b"LIST" | b"list" => report_list(body, job)?,
        b"bext" => {
            job.found_octets(What::Description, "bext Description", text(0..256));
            job.found_octets(What::Person, "bext Originator", text(256..288));
            job.found_octets(What::Identifier, "bext OriginatorReference", text(288..320));
            job.found_octets(What::Time, "bext OriginationDate", text(320..330));
            job.found_octets(What::Time, "bext OriginationTime", text(330..338));
            job.found(What::Identifier, "bext UMID", "");
            job.found_octets(What::Software, "bext CodingHistory", text(602..1024));
        }
        b"id3 " | b"ID3 " => tags::report_id3v2(body, job)?,
        b"iXML" => job.found_octets(What::Device, "iXML", &front),
        b"_PMX" => job.found_octets(What::Description, "_PMX (XMP)", &front),
        b"cue " | b"smpl" | b"inst" => job.found(What::Description, "marks", ""),
        b"JUNK" | b"PAD " | b"junk" | b"FLLR" => {
            if front.iter().any(|&b| b != 0) {
                job.found_octets(What::Unknown, "padding", &front);
            } else {
                job.found(What::Unknown, "padding", "");
            }
        }
        b"PEAK" => job.found(What::Time, "PEAK", ""),
        _ => job.found_octets(What::Unknown, "unknown chunk", &front),
    }
    Ok(())
}

/// Reports the texts of a LIST chunk. Shared by AVI.
pub(super) fn report_list(list: &Source<'_>, job: &mut Job) -> Result<(), Refusal> {
    let mut at = 4;
    for _ in 0..200 {
        if at + 8 > list.len() {
            break;
        }
        let [a, b, c, d, s0, s1, s2, s3] = list.array::<8>(at)?;
        let len = u64::from(u32::from_le_bytes([s0, s1, s2, s3]));
        let end = (at + 8).saturating_add(len).min(list.len());
        let value = list.read(at + 8..end.min(at + 8 + 512), 512)?;
        let (what, place) = match &[a, b, c, d] {
            b"IART" | b"IENG" | b"ITCH" | b"ICMS" | b"ICOP" => (What::Person, "INFO person"),
            b"ISFT" => (What::Software, "INFO ISFT"),
            b"ICRD" | b"IDIT" => (What::Time, "INFO date"),
            b"ISRC" => (What::Identifier, "INFO ISRC"),
            b"IARL" | b"ICNT" => (What::Place, "INFO place"),
            b"emdl" | b"ecor" | b"emnt" | b"IMAU" => (What::Device, "INFO device"),
            b"etim" => (What::Time, "INFO date"),
            b"erel" => (What::Path, "INFO related file"),
            _ => (What::Description, "INFO text"),
        };
        job.found_octets(what, place, &value);
        at = end + len % 2;
    }
    Ok(())
}
