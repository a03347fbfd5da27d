//! The descriptors of MPEG-4 (ISO/IEC 14496-1, 7.2.6), and which sounds have none because they are plain numbers.

use super::boxes::Fields;
use crate::Refusal;
use crate::media::mp4::startcodes;

/// Sound without compression.
pub(super) fn is_plain(name: &[u8; 4]) -> bool {
    matches!(
        name,
        b"sowt"
            | b"twos"
            | b"lpcm"
            | b"in24"
            | b"in32"
            | b"fl32"
            | b"fl64"
            | b"raw "
            | b"ulaw"
            | b"alaw"
            | b"ipcm"
            | b"fpcm"
    )
}

/// What an `esds` box says.
pub(super) struct Described {
    pub(super) object: u8,
    pub(super) written: Vec<u8>,
}

/// Writes an `esds` body again: type, bit rates, and what the decoder has to know.
pub(super) fn clean(body: &[u8]) -> Result<Described, Refusal> {
    let mut fields = Fields(body);
    fields.full()?;
    let (tag, stream) = descriptor(&mut fields)?;
    if tag != 3 {
        return Err(Refusal::Damaged);
    }
    let mut stream = Fields(stream);
    stream.u16()?;
    let flags = stream.u8()?;
    if flags & 0x80 != 0 {
        stream.u16()?;
    }
    if flags & 0x40 != 0 {
        let len = stream.u8()?;
        stream.take(usize::from(len))?;
    }
    if flags & 0x20 != 0 {
        stream.u16()?;
    }
    let (tag, config) = descriptor(&mut stream)?;
    if tag != 4 {
        return Err(Refusal::Damaged);
    }
    let mut config = Fields(config);
    let object = config.u8()?;
    let kind = config.u8()?;
    // Buffer and bit rates. A picture's count what encoders wrote into its packets, which goes.
    let told = config.take(11)?;
    let rates = match object {
        0x20 | 0x60..=0x65 | 0x6A | 0x6C => &[0; 11],
        _ => told,
    };
    let specific = match descriptor(&mut config) {
        Ok((5, specific)) => specific_info(object, specific)?,
        _ => Vec::new(),
    };
    let mut inner = vec![object, kind | 1];
    inner.extend_from_slice(rates);
    if !specific.is_empty() {
        put(&mut inner, 5, &specific);
    }
    let mut outer = vec![0, 0, 0];
    put(&mut outer, 4, &inner);
    put(&mut outer, 6, &[2]);
    let mut written = vec![0; 4];
    put(&mut written, 3, &outer);
    Ok(Described { object, written })
}

/// A tag, a length of one to four octets, and that many octets. A length that is too long is cut.
fn descriptor<'a>(fields: &mut Fields<'a>) -> Result<(u8, &'a [u8]), Refusal> {
    let tag = fields.u8()?;
    let mut len = 0;
    for _ in 0..4 {
        let octet = fields.u8()?;
        len = len << 7 | usize::from(octet & 0x7F);
        if octet & 0x80 == 0 {
            break;
        }
    }
    Ok((tag, fields.take(len.min(fields.0.len()))?))
}

/// With a length of four octets, as nearly every program writes it.
fn put(to: &mut Vec<u8>, tag: u8, body: &[u8]) {
    let len = body.len();
    let octet = |shift: usize| u8::try_from(len >> shift & 0x7F).unwrap_or(0);
    to.push(tag);
    to.extend_from_slice(&[
        octet(21) | 0x80,
        octet(14) | 0x80,
        octet(7) | 0x80,
        octet(0),
    ]);
    to.extend_from_slice(body);
}

/// The longest that a decoder of sound has to know.
const LONGEST_AUDIO: usize = 64;

fn specific_info(object: u8, specific: &[u8]) -> Result<Vec<u8>, Refusal> {
    match object {
        0x20 | 0x60..=0x65 | 0x6A => Ok(startcodes::without_user_data(specific)),
        0x40 => audio_config(specific),
        0x66..=0x68 if specific.len() <= LONGEST_AUDIO => Ok(specific.to_vec()),
        // MP3 and JPEG need nothing.
        0x66..=0x69 | 0x6B | 0x6C => Ok(Vec::new()),
        _ => Err(Refusal::Unsupported("a codec")),
    }
}

/// `AudioSpecificConfig` (ISO/IEC 14496-3, 1.6.2.1). Where it lists its channels one by one, there is room for a
/// comment, and an encoder signs there.
fn audio_config(config: &[u8]) -> Result<Vec<u8>, Refusal> {
    let written = match comment(config) {
        Some(at) => {
            let (front, rest) = config.split_at_checked(at).ok_or(Refusal::Damaged)?;
            let (len, rest) = rest.split_first().ok_or(Refusal::Damaged)?;
            let rest = rest.get(usize::from(*len)..).ok_or(Refusal::Damaged)?;
            [front, &[0], rest].concat()
        }
        None => config.to_vec(),
    };
    if written.len() > LONGEST_AUDIO {
        return Err(Refusal::Unsupported("a long description of sound"));
    }
    Ok(written)
}

/// Where the length of the comment stands, if there may be one.
fn comment(config: &[u8]) -> Option<usize> {
    let mut bits = Bits {
        octets: config,
        at: 0,
    };
    let (object, channels) = bits.front()?;
    if channels != 0 || !matches!(object, 1..=4 | 6 | 7 | 17 | 19..=23) {
        return None;
    }
    bits.take(1)?;
    if bits.take(1)? == 1 {
        bits.take(14)?;
    }
    bits.take(1)?;
    bits.program()
}

struct Bits<'a> {
    octets: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    fn take(&mut self, count: usize) -> Option<usize> {
        let mut number = 0;
        for _ in 0..count {
            let octet = self.octets.get(self.at / 8)?;
            number = number << 1 | usize::from(octet >> (7 - self.at % 8) & 1);
            self.at += 1;
        }
        Some(number)
    }

    fn object_type(&mut self) -> Option<usize> {
        match self.take(5)? {
            31 => Some(32 + self.take(6)?),
            object => Some(object),
        }
    }

    /// The type of the sound proper, and its channels.
    fn front(&mut self) -> Option<(usize, usize)> {
        let mut object = self.object_type()?;
        self.sampling_rate()?;
        let channels = self.take(4)?;
        if matches!(object, 5 | 29) {
            self.sampling_rate()?;
            object = self.object_type()?;
        }
        Some((object, channels))
    }

    fn sampling_rate(&mut self) -> Option<()> {
        if self.take(4)? == 15 {
            self.take(24)?;
        }
        Some(())
    }

    /// `program_config_element` (4.4.1.1) up to its comment.
    fn program(&mut self) -> Option<usize> {
        self.take(4 + 2 + 4)?;
        let [front, side, back] = [self.take(4)?, self.take(4)?, self.take(4)?];
        let [low, data, coupled] = [self.take(2)?, self.take(3)?, self.take(4)?];
        for len in [4, 4, 3] {
            if self.take(1)? == 1 {
                self.take(len)?;
            }
        }
        self.take(5 * (front + side + back + coupled) + 4 * (low + data))?;
        Some(self.at.div_ceil(8))
    }
}

#[cfg(test)]
mod tests {
    use super::{clean, put};

    fn described(object: u8, rates: &[u8; 11]) -> Vec<u8> {
        let mut inner = vec![object, 0x11];
        inner.extend_from_slice(rates);
        let mut outer = vec![0, 1, 0];
        put(&mut outer, 4, &inner);
        let mut body = vec![0; 4];
        put(&mut body, 3, &outer);
        body
    }

    #[test]
    fn rates_of_a_picture_say_nothing_of_what_stood_in_its_packets() {
        let written = |object, rates| clean(&described(object, &[rates; 11])).unwrap().written;
        assert!(written(0x20, 7) == written(0x20, 9));
        assert!(written(0x6B, 7) != written(0x6B, 9));
    }
}
