//! QR codes: an envelope on paper or on a screen, in one code or a series, and out of a photograph of it again.
//!
//! ```text
//! envelope ─► short: its base64url text ─────► 1 code ──┐
//!           └► full: parts in base64url ─────► n codes ─┴─► PNG, SVG, terminal ~~~► picture ─► text ─► Arrived
//! ```
//!
//! A code holds text, in byte mode, so that the reader of any phone shows what can be sent on by any other channel. The
//! codes of a series may be read in any order, some of them twice; a [`Collector`](hamsa_core::Collector) joins them.
#![forbid(unsafe_code)]

mod draw;
mod read;

use hamsa_core::{Envelope, Part, PartError, cut};
use qrcode::bits::Bits;
use qrcode::types::QrResult;
use qrcode::{Color, EcLevel, QrCode, Version};

pub use self::draw::{MODULE_PIXELS, QUIET_ZONE};
pub use self::read::{MAX_CODES, MAX_PIXELS, from_qr};

/// The longest text of a code of a series, in octets: what version 25 holds at level M, of 117 by 117 modules (ISO/IEC
/// 18004:2015, table 7). Longer ones are read less well from photographs.
pub const MAX_TEXT: usize = 997;

/// The longest text that any code holds at level M, in octets (ISO/IEC 18004:2015, table 7, version 40).
pub const MAX_LONE_TEXT: usize = 2331;

/// 15 % of a code may be unreadable (ISO/IEC 18004:2015, section 7.5.1).
const LEVEL: EcLevel = EcLevel::M;

/// A QR code, alone or of a series.
pub struct Code {
    /// Dark or not, row by row.
    modules: Vec<bool>,
    /// Modules in a row.
    width: usize,
    number: u16,
    count: u16,
}

/// Makes the codes of an envelope: one for a short envelope, else a series of equal size that is read in any order.
///
/// How many there are, and how large, depends on nothing but the envelope's length.
///
/// # Errors
/// Any [`PartError`] of [`cut`].
pub fn to_qr(envelope: &Envelope) -> Result<Vec<Code>, PartError> {
    if envelope.is_short() {
        return Ok(vec![code_of_text(&envelope.to_text())?]);
    }
    let parts = cut(envelope, Part::octets_in(MAX_TEXT))?;
    let texts: Vec<String> = parts.iter().map(Part::to_text).collect();
    // The last part may be shorter, and would come out smaller.
    let longest = texts.iter().map(String::len).max().unwrap_or(0);
    let version = version_for(longest).ok_or(PartError::TooLong)?;
    parts
        .iter()
        .zip(&texts)
        .map(|(part, text)| {
            let code = in_bytes(text, version).map_err(|_| PartError::TooLong)?;
            Ok(Code::new(&code, part.number(), part.count()))
        })
        .collect()
}

/// Makes one code of a text, such as a card's fingerprint.
///
/// # Errors
/// [`PartError::TooLong`] above [`MAX_LONE_TEXT`] octets.
pub fn code_of_text(text: &str) -> Result<Code, PartError> {
    let code = if text.bytes().all(|octet| octet.is_ascii_digit()) {
        // Digits take less than half the room in a mode of their own.
        QrCode::with_error_correction_level(text, LEVEL)
    } else {
        let version = version_for(text.len()).ok_or(PartError::TooLong)?;
        in_bytes(text, version)
    };
    Ok(Code::new(&code.map_err(|_| PartError::TooLong)?, 1, 1))
}

/// The smallest version that holds so many octets in byte mode.
fn version_for(octets: usize) -> Option<Version> {
    (1..=40).map(Version::Normal).find(|&version| {
        let count_bits = if matches!(version, Version::Normal(..=9)) {
            8
        } else {
            16
        };
        let room = Bits::new(version).max_len(LEVEL).unwrap_or(0);
        4 + count_bits + octets * 8 <= room
    })
}

/// All in byte mode: a mixture of modes would be as long as the text's letters happen to make it.
fn in_bytes(text: &str, version: Version) -> QrResult<QrCode> {
    let mut bits = Bits::new(version);
    bits.push_byte_data(text.as_bytes())?;
    bits.push_terminator(LEVEL)?;
    QrCode::with_bits(bits, LEVEL)
}

impl Code {
    fn new(code: &QrCode, number: u16, count: u16) -> Self {
        Self {
            modules: code
                .to_colors()
                .into_iter()
                .map(|color| color == Color::Dark)
                .collect(),
            width: code.width(),
            number,
            count,
        }
    }

    /// Which of the series it is, from 1. It stands in the code too; this one is for the person who prints it.
    pub fn number(&self) -> u16 {
        self.number
    }

    /// How many codes the series has. Of more than one, number and count stand below the code in pictures.
    pub fn count(&self) -> u16 {
        self.count
    }
}
