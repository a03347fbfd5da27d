//! What of the dropped octets can be recognised again.

use super::Gathered;
use super::patterns::{Patterns, SHORTEST};
use crate::Refusal;
use crate::source::Source;

/// Of a dropped range that is longer, so many octets of its front and its end are looked at.
const FRONT: u64 = 1 << 20;
const END: u64 = 64 << 10;
/// Pieces of what is not text: so long, and one in so many octets.
const PIECE: usize = 16;
const EVERY: usize = 32;
/// Octets on either side of a run of letters by which packed pixels are told from text.
const AROUND: usize = 64;
/// The longest run of letters that is taken as one word.
const LONGEST_WORD: usize = 64;

/// Gathers the words of a dropped range, and pieces of what is not text in it.
pub(super) fn from_range(range: &Source<'_>, gathered: &mut Gathered) -> Result<(), Refusal> {
    let len = range.len();
    if len <= FRONT + END {
        return gather(range, gathered);
    }
    gather(&range.part(0..FRONT)?, gathered)?;
    gather(&range.part(len - END..len)?, gathered)
}

fn gather(range: &Source<'_>, gathered: &mut Gathered) -> Result<(), Refusal> {
    if range.len() < SHORTEST as u64 {
        return Ok(());
    }
    let most = usize::try_from(FRONT + END).unwrap_or(usize::MAX);
    let octets = range.read(0..range.len(), most)?;
    words(&octets, &mut gathered.words);
    for shift in [0, 1] {
        wide_words(octets.get(shift..).unwrap_or_default(), &mut gathered.words);
    }
    let picture = octets.get(picture_in(&octets)..);
    pieces(picture.unwrap_or_default(), &mut gathered.pieces);
    Ok(())
}

/// Runs of letters and digits; of letters outside ASCII, too, in UTF-8. Runs that are only packed pixels are left out.
fn words(octets: &[u8], patterns: &mut Patterns) {
    let mut rest = octets;
    while !rest.is_empty() && !patterns.is_full() {
        let skipped = rest.iter().take_while(|&&octet| !is_of_word(octet)).count();
        let from = octets.len() - rest.len() + skipped;
        let run = octets.get(from..).unwrap_or_default();
        let run = run.iter().take(LONGEST_WORD);
        let to = from + run.take_while(|&&octet| is_of_word(octet)).count();
        for (from, to) in texts(octets, from, to) {
            let text = str::from_utf8(octets.get(from..to).unwrap_or_default());
            if to - from >= SHORTEST && !is_packed(octets, from, to) {
                patterns.add_text(text.unwrap_or_default());
            }
        }
        rest = octets.get(to..).unwrap_or_default();
    }
}

/// Whether a run of letters lies among packed pixels, where it means nothing: the octets around it are high as often as
/// not, hardly one of them is zero, and they are no UTF-8; or its letters are of no one script. Two pictures of one
/// scene may have such a run in common.
fn is_packed(octets: &[u8], from: usize, to: usize) -> bool {
    let all = octets.get(from.saturating_sub(AROUND)..(to + AROUND).min(octets.len()));
    let all = all.unwrap_or_default();
    let run = octets.get(from..to).unwrap_or_default();
    let count = |what: fn(&u8) -> bool| all.iter().filter(|octet| what(octet)).count();
    let is_noisy = count(|octet| *octet >= 0x80) > AROUND * 2 / 3
        && count(|octet| *octet == 0) <= AROUND / 8
        && broken(all) > AROUND / 8;
    run.len() < PIECE && (is_noisy || is_mixed(str::from_utf8(run).unwrap_or_default()))
}

/// Places where the octets are no UTF-8.
fn broken(octets: &[u8]) -> usize {
    let chunks = octets.utf8_chunks();
    chunks.filter(|chunk| !chunk.invalid().is_empty()).count()
}

/// Whether letters of ASCII stand beside those of another script than Latin, or a character is one that nobody writes.
fn is_mixed(run: &str) -> bool {
    let has = |what: fn(char) -> bool| run.chars().any(what);
    let is_foreign = |c: char| c > '\u{17F}' && c.is_alphabetic();
    has(|c| matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{40000}'..))
        || (has(is_foreign) && has(|c| c.is_ascii_alphabetic()))
}

fn is_of_word(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || octet >= 0x80
}

/// A run as it is, if it is UTF-8. What is not is no word of another script but noise: its ASCII runs are words of
/// their own.
fn texts(octets: &[u8], from: usize, to: usize) -> Vec<(usize, usize)> {
    let run = octets.get(from..to).unwrap_or_default();
    if str::from_utf8(run).is_ok() {
        return vec![(from, to)];
    }
    let mut at = from;
    let runs = run.split(|octet| !octet.is_ascii()).map(|run| {
        let from = at;
        at += run.len() + 1;
        (from, from + run.len())
    });
    runs.filter(|(from, to)| to - from >= SHORTEST).collect()
}

/// Runs of letters in UTF-16 of either order.
fn wide_words(octets: &[u8], patterns: &mut Patterns) {
    let mut word = String::with_capacity(LONGEST_WORD);
    for pair in octets.chunks_exact(2) {
        let letter = match *pair {
            [0, letter] | [letter, 0] => Some(letter).filter(u8::is_ascii_alphanumeric),
            _ => None,
        };
        if let Some(letter) = letter.filter(|_| word.len() < LONGEST_WORD) {
            word.push(char::from(letter));
            continue;
        }
        patterns.add_text(&word);
        word.clear();
        if patterns.is_full() {
            return;
        }
    }
    patterns.add_text(&word);
}

/// Short pieces of the pictures in `octets`, by which they are recognised.
fn pieces(octets: &[u8], patterns: &mut Patterns) {
    for piece in octets.chunks(EVERY) {
        let piece = piece.get(..PIECE).unwrap_or_default();
        if is_noise(piece) && !CODES.iter().any(|codes| holds(codes.as_slice(), piece)) {
            patterns.add(piece);
        }
        if patterns.is_full() {
            return;
        }
    }
}

/// Where the first picture begins, or what is left of one: a JPEG with its first segment, a PNG or one of its chunks, a
/// WebP, a GIF, packed frames. The end of `octets` when there is none.
fn picture_in(octets: &[u8]) -> usize {
    let begins = |window: &[u8]| {
        matches!(
            window,
            [0xFF, 0xD8, 0xFF, 0xC0..=0xFE]
                | b"\x89PNG"
                | b"IDAT"
                | b"fdAT"
                | b"WEBP"
                | b"GIF8"
                | b"mdat"
        )
    };
    let found = octets.windows(4).position(begins);
    found.unwrap_or(octets.len())
}

/// The code tables that nearly every JPEG has (ITU-T T.81, tables K.5 and K.6), so that a preview and its picture have
/// them in common.
const CODES: [&[u8; 162]; 2] = [
    b"\x01\x02\x03\x00\x04\x11\x05\x12\x21\x31\x41\x06\x13\x51\x61\x07\x22\x71\x14\x32\x81\x91\xA1\x08\x23\x42\xB1\xC1\x15\x52\xD1\xF0\x24\x33\x62\x72\x82\x09\x0A\x16\x17\x18\x19\x1A\x25\x26\x27\x28\x29\x2A456789:CDEFGHIJSTUVWXYZcdefghijstuvwxyz\x83\x84\x85\x86\x87\x88\x89\x8A\x92\x93\x94\x95\x96\x97\x98\x99\x9A\xA2\xA3\xA4\xA5\xA6\xA7\xA8\xA9\xAA\xB2\xB3\xB4\xB5\xB6\xB7\xB8\xB9\xBA\xC2\xC3\xC4\xC5\xC6\xC7\xC8\xC9\xCA\xD2\xD3\xD4\xD5\xD6\xD7\xD8\xD9\xDA\xE1\xE2\xE3\xE4\xE5\xE6\xE7\xE8\xE9\xEA\xF1\xF2\xF3\xF4\xF5\xF6\xF7\xF8\xF9\xFA",
    b"\x00\x01\x02\x03\x11\x04\x05\x21\x31\x06\x12\x41\x51\x07\x61\x71\x13\x22\x32\x81\x08\x14\x42\x91\xA1\xB1\xC1\x09\x23\x33\x52\xF0\x15\x62\x72\xD1\x0A\x16\x24\x34\xE1\x25\xF1\x17\x18\x19\x1A\x26\x27\x28\x29\x2A56789:CDEFGHIJSTUVWXYZcdefghijstuvwxyz\x82\x83\x84\x85\x86\x87\x88\x89\x8A\x92\x93\x94\x95\x96\x97\x98\x99\x9A\xA2\xA3\xA4\xA5\xA6\xA7\xA8\xA9\xAA\xB2\xB3\xB4\xB5\xB6\xB7\xB8\xB9\xBA\xC2\xC3\xC4\xC5\xC6\xC7\xC8\xC9\xCA\xD2\xD3\xD4\xD5\xD6\xD7\xD8\xD9\xDA\xE2\xE3\xE4\xE5\xE6\xE7\xE8\xE9\xEA\xF2\xF3\xF4\xF5\xF6\xF7\xF8\xF9\xFA",
];

fn holds(octets: &[u8], piece: &[u8]) -> bool {
    octets.windows(piece.len()).any(|window| window == piece)
}

/// Compressed data, which does not occur twice by chance: hardly an octet twice, and about half of them high. The
/// quantisers of a JPEG, which a preview may share with its picture, are low.
fn is_noise(piece: &[u8]) -> bool {
    let different =
        |(at, octet): (usize, &u8)| !piece.get(..at).unwrap_or_default().contains(octet);
    let differing = piece
        .iter()
        .enumerate()
        .filter(|&each| different(each))
        .count();
    let high = piece.iter().filter(|&&octet| octet >= 0x80).count();
    differing >= PIECE - 3 && (5..=11).contains(&high)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gathered(octets: &[u8]) -> Gathered {
        let mut gathered = Gathered::new();
        assert!(from_range(&Source::memory(octets), &mut gathered).is_ok());
        gathered.seal();
        gathered
    }

    #[test]
    fn words_of_dropped_octets_are_known_again() {
        let Gathered {
            words: patterns, ..
        } = gathered("\u{1}Make=Phonemaker; أحمد عبدالله\0P\0r\0i\0v\0a\0t\0e\0".as_bytes());
        assert!(patterns.occur_in(b"xxPhonemakerxx"));
        assert!(patterns.occur_in("…عبدالله…".as_bytes()));
        assert!(patterns.occur_in(b"...Private"));
        assert!(!patterns.occur_in(b"Make=Phone, maker"));
    }

    #[test]
    fn a_dropped_picture_is_known_again_and_its_code_tables_are_not() {
        let noise: Vec<u8> = (0..4096_u32)
            .map(|n| (n.wrapping_mul(2_654_435_761) >> 23).to_le_bytes()[0])
            .collect();
        let mut picture = b"\xFF\xD8\xFF\xDB".to_vec();
        picture.extend_from_slice(CODES[0]);
        picture.extend_from_slice(&noise);
        let Gathered { words, pieces } = gathered(&picture);
        assert!(pieces.occur_in(noise.get(100..1000).unwrap_or_default()));
        assert!(!pieces.occur_in(CODES[0]) && !words.occur_in(CODES[0]));
    }

    #[test]
    fn letters_among_packed_pixels_are_no_word_and_names_beside_them_are() {
        let noise = |seed: u32| {
            (0..80_u32)
                .map(move |n| ((n + seed).wrapping_mul(2_654_435_761) >> 21).to_le_bytes()[0])
        };
        let mut octets = b"\xFF\xD8\xFF\xE1\x01\x22Exif\0\0Phonemaker\0\0\0\x01".to_vec();
        octets.extend([0; 90]);
        octets.extend(noise(1));
        octets.extend(b"\x90Xk3mPq7\x91");
        octets.extend(noise(100));
        octets.extend("أحمد عبدالله من السوق القديم في آخر الليل هاتف Serial77 أحمد عبدالله من السوق القديم في آخر الليل".as_bytes());
        let words = gathered(&octets).words;
        assert!(words.occur_in(b"Phonemaker") && words.occur_in(b"Serial77"));
        assert!(!words.occur_in(b"Xk3mPq7"));
    }
}
