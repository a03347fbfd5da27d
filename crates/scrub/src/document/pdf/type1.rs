//! Type 1 programs: their clear part without comments, notices and names; their encrypted part as it is.

use zeroize::Zeroizing;

use super::filter::Octets;
use super::xref::find;

/// Zeros that stand behind the encrypted part, by convention.
const ZEROS: usize = 512;
pub(super) const FIRST_LINE: &[u8] = b"%!PS-AdobeFont-1.0\n";

/// The program and the lengths of its three parts; the third is empty. Nothing for a damaged one.
pub(super) fn scrub(octets: &[u8]) -> Option<(Octets, [usize; 3])> {
    let joined = segments(octets);
    let octets = joined.as_deref().map_or(octets, |joined| joined.as_slice());
    let word = find(octets, b"eexec")?;
    let mut at = word + 5;
    // One white space, or the two of a line's end.
    match octets.get(at..)? {
        [b'\r', b'\n', ..] => at += 2,
        [b' ' | b'\t' | b'\r' | b'\n', ..] => at += 1,
        _ => {}
    }
    let (clear, rest) = octets.split_at_checked(at)?;
    let mut out = Zeroizing::new(FIRST_LINE.to_vec());
    clean(clear.get(..word)?, &mut out);
    out.extend_from_slice(b"eexec\n");
    let first = out.len();
    let encrypted = without_trailer(rest);
    out.extend_from_slice(encrypted);
    Some((out, [first, encrypted.len(), 0]))
}

/// Joins the segments of the form that PCs use for such fonts.
fn segments(octets: &[u8]) -> Option<Octets> {
    let mut rest = octets;
    let mut joined = Zeroizing::new(Vec::new());
    while let [0x80, 1 | 2, a, b, c, d, after @ ..] = rest {
        let len = usize::try_from(u32::from_le_bytes([*a, *b, *c, *d])).ok()?;
        let (segment, after) = after.split_at_checked(len.min(after.len()))?;
        joined.extend_from_slice(segment);
        rest = after;
    }
    (!joined.is_empty()).then_some(joined)
}

/// The encrypted part without the zeros and the word that end the program.
fn without_trailer(octets: &[u8]) -> &[u8] {
    let tail = octets.len().saturating_sub(ZEROS * 2 + 256);
    let Some(at) = octets
        .get(tail..)
        .and_then(|tail| find(tail, b"cleartomark"))
    else {
        return octets;
    };
    let mut front = octets.get(..tail + at).unwrap_or(octets);
    let mut zeros = 0;
    while let [before @ .., last] = front {
        match last {
            b'0' if zeros < ZEROS => zeros += 1,
            b'\r' | b'\n' | b' ' | b'\t' => {}
            _ => break,
        }
        front = before;
    }
    front
}

/// Copies code: comments go, strings become empty, the font's name becomes a fixed one.
fn clean(code: &[u8], out: &mut Vec<u8>) {
    let mut rest = code;
    let mut named = false;
    while let Some((&first, after)) = rest.split_first() {
        match first {
            b'%' => {
                let end = rest.iter().position(|b| matches!(b, b'\r' | b'\n'));
                rest = rest.get(end.unwrap_or(rest.len())..).unwrap_or_default();
            }
            b'(' => {
                out.extend_from_slice(b"()");
                rest = behind_string(after);
            }
            b'/' => {
                let len = after.iter().position(|&b| !super::lexer::is_regular(b));
                let (name, next) = after
                    .split_at_checked(len.unwrap_or(after.len()))
                    .unwrap_or_default();
                out.push(b'/');
                out.extend_from_slice(if named { b"Font" } else { name });
                named = name == b"FontName" && !named;
                rest = next;
            }
            b'\r' | b'\n' | b' ' | b'\t' => {
                // Lines that were comments would leave empty ones.
                if !out.ends_with(b"\n") {
                    out.push(if matches!(first, b'\r' | b'\n') {
                        b'\n'
                    } else {
                        b' '
                    });
                }
                rest = after;
            }
            _ => {
                out.push(first);
                rest = after;
            }
        }
    }
}

fn behind_string(octets: &[u8]) -> &[u8] {
    let mut open = 1;
    let mut escaped = false;
    for (index, octet) in octets.iter().enumerate() {
        match octet {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'(' => open += 1,
            b')' => open -= 1,
            _ => {}
        }
        if open == 0 {
            return octets.get(index + 1..).unwrap_or_default();
        }
    }
    &[]
}
