//! Which characters the octets of a text file stand for.
//!
//! UTF-8, UTF-16 with its mark, and the two Windows code pages of the Gulf's older programs, where they are plain to
//! see: a text read with the wrong code page would be changed, so a doubtful one is refused.

use zeroize::Zeroizing;

/// How a text was written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    /// UTF-8 behind a byte order mark.
    Utf8Marked,
    Utf16,
    Windows1252,
    Windows1256,
}

/// The text, or nothing when it is none or cannot be read with certainty.
pub(super) fn decode(mut bytes: Zeroizing<Vec<u8>>) -> Option<(Zeroizing<String>, Encoding)> {
    if let Some(rest) = bytes.strip_prefix(b"\xFF\xFE") {
        return Some((utf16(rest, u16::from_le_bytes)?, Encoding::Utf16));
    }
    if let Some(rest) = bytes.strip_prefix(b"\xFE\xFF") {
        return Some((utf16(rest, u16::from_be_bytes)?, Encoding::Utf16));
    }
    if let Some(rest) = bytes.strip_prefix(b"\xEF\xBB\xBF") {
        let text = Zeroizing::new(str::from_utf8(rest).ok()?.to_owned());
        return Some((text, Encoding::Utf8Marked));
    }
    match String::from_utf8(std::mem::take(&mut bytes)) {
        Ok(text) => Some((Zeroizing::new(text), Encoding::Utf8)),
        Err(error) => {
            let bytes = Zeroizing::new(error.into_bytes());
            windows_1256(&bytes).or_else(|| windows_1252(&bytes))
        }
    }
}

/// Whether the front of a file can be UTF-16. The mark of the little-endian form is also how MPEG audio of layer I
/// begins.
pub(crate) fn is_utf16(front: &[u8]) -> bool {
    let (order, rest): (fn([u8; 2]) -> u16, _) = match front.split_at_checked(2) {
        Some((b"\xFF\xFE", rest)) => (u16::from_le_bytes, rest),
        Some((b"\xFE\xFF", rest)) => (u16::from_be_bytes, rest),
        _ => return false,
    };
    // A pair of surrogates may be cut in two at the end of the front.
    let whole = rest.get(..rest.len().min(4000) & !3).unwrap_or_default();
    let whole = if whole.len() < 4000 { rest } else { whole };
    utf16(whole, order).is_some_and(|text| is_readable(&text))
        || whole.len() == 4000
            && whole
                .get(..3998)
                .is_some_and(|w| utf16(w, order).is_some_and(|t| is_readable(&t)))
}

fn utf16(bytes: &[u8], order: fn([u8; 2]) -> u16) -> Option<Zeroizing<String>> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    let mut text = Zeroizing::new(String::with_capacity(bytes.len() / 2 * 3));
    for c in char::decode_utf16(pairs.iter().map(|pair| order(*pair))) {
        text.push(c.ok()?);
    }
    Some(text)
}

/// Whether it is a text that a person reads: few control characters, and no zero.
pub(super) fn is_readable(text: &str) -> bool {
    let mut controls = 0_usize;
    for c in text.chars() {
        match c {
            '\0' | '\u{FFFE}' | '\u{FFFF}' => return false,
            '\t' | '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{1A}' => {}
            c if c.is_control() => controls += 1,
            _ => {}
        }
    }
    controls * 20 <= text.len() + 40
}

fn decoded(bytes: &[u8], page: &str) -> Zeroizing<String> {
    let mut high = ['\u{FFFD}'; 128];
    for (slot, c) in high.iter_mut().zip(page.chars()) {
        *slot = c;
    }
    let mut text = Zeroizing::new(String::with_capacity(bytes.len() * 3));
    text.extend(bytes.iter().map(|&b| match b.checked_sub(0x80) {
        None => char::from(b),
        Some(index) => high.get(usize::from(index)).copied().unwrap_or('\u{FFFD}'),
    }));
    text
}

/// Arabic is plain to see: nearly all the high octets are letters of it, alef and lam are as frequent as they are,
/// and the words are long. Russian, Greek, Hebrew and the other Arabic code pages are told apart by that.
fn windows_1256(bytes: &[u8]) -> Option<(Zeroizing<String>, Encoding)> {
    let text = decoded(bytes, WINDOWS_1256);
    let is_arabic = |c: &char| matches!(c, '\u{621}'..='\u{652}' | 'پ' | 'چ' | 'ژ' | 'گ' | 'ک');
    let count = |is: &dyn Fn(&char) -> bool| text.chars().filter(|c| is(c)).count();
    let high = count(&|c| !c.is_ascii());
    let letters = count(&is_arabic);
    let words = text
        .split(|c| !is_arabic(&c))
        .filter(|word| !word.is_empty())
        .count();
    let fits = letters >= 8
        && letters * 100 >= high * 85
        && letters * 2 >= words * 5
        && count(&|c| matches!(c, 'ا' | 'أ' | 'إ' | 'آ')) * 100 >= letters * 6
        && count(&|c| *c == 'ل') * 100 >= letters * 5
        && is_readable(&text);
    fits.then_some((text, Encoding::Windows1256))
}

/// Western European: a few accented letters among many plain ones, and none of the signs that stand where Central
/// European and Turkish letters do.
fn windows_1252(bytes: &[u8]) -> Option<(Zeroizing<String>, Encoding)> {
    let text = decoded(bytes, WINDOWS_1252);
    let high = text.chars().filter(|c| !c.is_ascii()).count();
    let plain = text.chars().filter(char::is_ascii_alphabetic).count();
    let is_western = |c: char| {
        c.is_ascii()
            || matches!(
                c,
                'À'..='ÿ'
                    | '€'
                    | '‘'
                    | '’'
                    | '“'
                    | '”'
                    | '„'
                    | '–'
                    | '—'
                    | '…'
                    | '•'
                    | '«'
                    | '»'
                    | '°'
                    | '§'
                    | '©'
                    | '®'
                    | '™'
                    | '\u{A0}'
                    | 'œ'
                    | '¿'
                    | '¡'
                    | '£'
            ) && !matches!(
                c,
                'Ð' | 'ð' | 'Þ' | 'þ' | 'Ý' | 'ý' | 'Õ' | 'õ' | 'Û' | '×' | '÷'
            )
    };
    let fits = high * 4 <= plain && text.chars().all(is_western) && is_readable(&text);
    fits.then_some((text, Encoding::Windows1252))
}

/// What the octets from 0x80 stand for.
const WINDOWS_1256: &str = "\
     €پ‚ƒ„…†‡ˆ‰ٹ‹Œچژڈگ‘’“”•–—ک™ڑ›œ\u{200C}\u{200D}ں\
     \u{A0}،¢£¤¥¦§¨©ھ«¬\u{AD}®¯°±²³´µ¶·¸¹؛»¼½¾؟\
     ہءآأؤإئابةتثجحخدذرزسشصض×طظعغـفقك\
     àلâمنهوçèéêëىيîï\u{64B}\u{64C}\u{64D}\u{64E}ô\u{64F}\u{650}÷\u{651}ù\u{652}ûü\u{200E}\u{200F}ے";
const WINDOWS_1252: &str = "\
     €\u{FFFD}‚ƒ„…†‡ˆ‰Š‹Œ\u{FFFD}Ž\u{FFFD}\u{FFFD}‘’“”•–—˜™š›œ\u{FFFD}žŸ\
     \u{A0}¡¢£¤¥¦§¨©ª«¬\u{AD}®¯°±²³´µ¶·¸¹º»¼½¾¿\
     ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞß\
     àáâãäåæçèéêëìíîïðñòóôõö÷øùúûüýþÿ";
