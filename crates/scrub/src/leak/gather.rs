//! What of the dropped octets can be recognised again.

use super::patterns::{Patterns, SHORTEST};
use crate::Refusal;
use crate::source::{Cursor, Source};

/// Of a dropped range that is longer, so many octets of its front and its end are looked at.
const FRONT: u64 = 1 << 20;
const END: u64 = 64 << 10;
/// Pieces of what is not text: so long, and one in so many octets.
const PIECE: usize = 16;
const EVERY: usize = 32;
/// The longest run of letters that is taken as one word.
const LONGEST_WORD: usize = 64;

/// Gathers the words of a dropped range, and pieces of what is not text in it.
pub(super) fn from_range(range: &Source<'_>, patterns: &mut Patterns) -> Result<(), Refusal> {
    let len = range.len();
    if len <= FRONT + END {
        return gather(range, patterns);
    }
    gather(&range.part(0..FRONT)?, patterns)?;
    gather(&range.part(len - END..len)?, patterns)
}

fn gather(range: &Source<'_>, patterns: &mut Patterns) -> Result<(), Refusal> {
    if (range.len()) < SHORTEST as u64 {
        return Ok(());
    }
    words(range.cursor(0), patterns)?;
    for shift in [0, 1] {
        wide_words(range.cursor(shift), patterns)?;
    }
    pieces(range.cursor(0), patterns)
}

/// Runs of letters and digits; of letters outside ASCII, too, in UTF-8.
fn words(mut cursor: Cursor<'_>, patterns: &mut Patterns) -> Result<(), Refusal> {
    let mut word = Vec::with_capacity(LONGEST_WORD);
    while let Some(octet) = cursor.octet()? {
        if is_of_word(octet) && word.len() < LONGEST_WORD {
            word.push(octet);
            continue;
        }
        add_word(&word, patterns);
        word.clear();
        if patterns.is_full() {
            return Ok(());
        }
    }
    add_word(&word, patterns);
    Ok(())
}

fn is_of_word(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || octet >= 0x80
}

fn add_word(word: &[u8], patterns: &mut Patterns) {
    // What is not UTF-8 throughout is no word of another script but noise: its ASCII runs are words of their own.
    if let Ok(text) = str::from_utf8(word) {
        if word.len() >= SHORTEST {
            patterns.add_text(text);
        }
        return;
    }
    for run in word.split(|octet| !octet.is_ascii()) {
        if let Some(text) = str::from_utf8(run).ok().filter(|run| run.len() >= SHORTEST) {
            patterns.add_text(text);
        }
    }
}

/// Runs of letters in UTF-16 of either order.
fn wide_words(mut cursor: Cursor<'_>, patterns: &mut Patterns) -> Result<(), Refusal> {
    let mut word = String::with_capacity(LONGEST_WORD);
    while let (Some(first), Some(second)) = (cursor.octet()?, cursor.octet()?) {
        let letter = match (first, second) {
            (0, letter) | (letter, 0) => Some(letter).filter(u8::is_ascii_alphanumeric),
            _ => None,
        };
        if let Some(letter) = letter.filter(|_| word.len() < LONGEST_WORD) {
            word.push(char::from(letter));
            continue;
        }
        if word.len() >= SHORTEST {
            patterns.add_text(&word);
        }
        word.clear();
        if patterns.is_full() {
            return Ok(());
        }
    }
    if word.len() >= SHORTEST {
        patterns.add_text(&word);
    }
    Ok(())
}

/// Short pieces of every picture in the range, by which it is recognised.
fn pieces(mut cursor: Cursor<'_>, patterns: &mut Patterns) -> Result<(), Refusal> {
    let mut is_picture = false;
    loop {
        let window = cursor.window()?;
        if window.is_empty() || patterns.is_full() {
            return Ok(());
        }
        let len = window.len() as u64;
        for piece in window.chunks(EVERY) {
            is_picture |= begins_picture(piece);
            let piece = piece.get(..PIECE).unwrap_or_default();
            if is_picture
                && is_noise(piece)
                && !CODES.iter().any(|codes| holds(codes.as_slice(), piece))
            {
                patterns.add(piece);
            }
        }
        cursor.skip(len)?;
    }
}

/// Whether a small picture begins there: a JPEG with its first segment, a PNG, a WebP.
fn begins_picture(piece: &[u8]) -> bool {
    piece.windows(4).any(|window| {
        matches!(
            window,
            [0xFF, 0xD8, 0xFF, 0xC0..=0xFE] | b"\x89PNG" | b"WEBP"
        )
    })
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

    fn gathered(octets: &[u8]) -> Patterns {
        let mut patterns = Patterns::new();
        assert!(from_range(&Source::memory(octets), &mut patterns).is_ok());
        patterns.seal();
        patterns
    }

    #[test]
    fn words_of_dropped_octets_are_known_again() {
        let patterns =
            gathered("\u{1}Make=Phonemaker; أحمد عبدالله\0P\0r\0i\0v\0a\0t\0e\0".as_bytes());
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
        let patterns = gathered(&picture);
        assert!(patterns.occur_in(noise.get(100..1000).unwrap_or_default()));
        assert!(!patterns.occur_in(CODES[0]));
    }
}
