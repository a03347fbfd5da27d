//! The header, and how many octets the rows of a picture have.

use crate::Refusal;

/// IHDR.
pub(super) struct Header {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) depth: u8,
    pub(super) colour: u8,
    interlaced: bool,
}

/// The first column and row of each of the seven passes, and the steps between columns and rows.
const PASSES: [(u32, u32, u32, u32); 7] = [
    (0, 0, 8, 8),
    (4, 0, 8, 8),
    (0, 4, 4, 8),
    (2, 0, 4, 4),
    (0, 2, 2, 4),
    (1, 0, 2, 2),
    (0, 1, 1, 2),
];

impl Header {
    pub(super) fn parse(octets: &[u8]) -> Result<Self, Refusal> {
        let &[
            w1,
            w2,
            w3,
            w4,
            h1,
            h2,
            h3,
            h4,
            depth,
            colour,
            0,
            0,
            interlaced @ (0 | 1),
        ] = octets
        else {
            return Err(Refusal::Damaged);
        };
        let (width, height) = (
            u32::from_be_bytes([w1, w2, w3, w4]),
            u32::from_be_bytes([h1, h2, h3, h4]),
        );
        let is_valid = matches!(
            (colour, depth),
            (0, 1 | 2 | 4 | 8 | 16) | (2 | 4 | 6, 8 | 16) | (3, 1 | 2 | 4 | 8)
        );
        let is_size = |n: u32| n > 0 && n >> 31 == 0;
        if !is_valid || !is_size(width) || !is_size(height) {
            return Err(Refusal::Damaged);
        }
        Ok(Self {
            width,
            height,
            depth,
            colour,
            interlaced: interlaced == 1,
        })
    }

    pub(super) fn octets(&self) -> Vec<u8> {
        let tail = [self.depth, self.colour, 0, 0, u8::from(self.interlaced)];
        let size = [self.width.to_be_bytes(), self.height.to_be_bytes()].concat();
        [size.as_slice(), &tail].concat()
    }

    pub(super) fn is_indexed(&self) -> bool {
        self.colour == 3
    }

    /// Octets of the rows of a picture of this size, each with its filter, before packing.
    pub(super) fn octets_of(&self, (width, height): (u32, u32)) -> u64 {
        let samples = match self.colour {
            2 => 3,
            4 => 2,
            6 => 4,
            _ => 1,
        };
        let bits = u64::from(samples * self.depth);
        // Below 2^31 columns of at most 64 bits, and below 2^31 rows: it may not fit, and then nothing unpacks to it.
        let rows = |width: u32, height: u32| {
            let row = (u64::from(width) * bits).div_ceil(8) + 1;
            if width == 0 {
                0
            } else {
                row.saturating_mul(height.into())
            }
        };
        if !self.interlaced {
            return rows(width, height);
        }
        let along = |len: u32, first: u32, step: u32| len.saturating_sub(first).div_ceil(step);
        PASSES
            .iter()
            .map(|&(x, y, dx, dy)| rows(along(width, x, dx), along(height, y, dy)))
            .fold(0, u64::saturating_add)
    }
}

/// The size of a frame of an animation, from its fcTL behind the sequence number. It lies within the picture.
pub(super) fn frame_size(header: &Header, control: &[u8; 22]) -> Result<(u32, u32), Refusal> {
    let (numbers, _) = control.as_chunks::<4>();
    let &[width, height, x, y, _] = numbers else {
        return Err(Refusal::Damaged);
    };
    let [width, height, x, y] = [width, height, x, y].map(u32::from_be_bytes);
    let fits = |len: u32, from: u32, whole: u32| {
        len > 0 && from.checked_add(len).is_some_and(|end| end <= whole)
    };
    let valid_ends = matches!(control, [.., 0..=2, 0 | 1]);
    if !fits(width, x, header.width) || !fits(height, y, header.height) || !valid_ends {
        return Err(Refusal::Damaged);
    }
    Ok((width, height))
}
