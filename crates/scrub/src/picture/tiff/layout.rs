//! How the pixels of a page are cut into strips or tiles (TIFF 6.0, sections 3, 15 and 21).

use crate::Refusal;
use crate::picture::tiff::page::{
    BITS, LENGTH, PHOTOMETRIC, PLANAR, Page, ROWS, SAMPLES, SUBSAMPLING, TILE_LENGTH, TILE_WIDTH,
    Value, WIDTH,
};

/// How many strips or tiles there are, and what they unpack to.
pub(super) struct Layout {
    width: u64,
    /// Rows of the page; of a tile, its own.
    length: u64,
    rows: u64,
    /// Strips or tiles of one plane.
    per_plane: u64,
    is_tiled: bool,
    /// Bits of a pixel in each plane.
    planes: Vec<u64>,
    /// Pixels across and down that share their colour.
    subsampling: Option<(u64, u64)>,
}

impl Layout {
    pub(super) fn of(page: &Page) -> Result<Self, Refusal> {
        let (width, length) = (page.number(WIDTH, 0), page.number(LENGTH, 0));
        let samples = page.number(SAMPLES, 1);
        if width == 0 || length == 0 || samples == 0 || samples > 1024 {
            return Err(Refusal::Damaged);
        }
        let bits = match page.fields.get(&BITS) {
            Some(Value::Shorts(bits)) => bits.clone(),
            _ => vec![1],
        };
        let first = bits.first().copied().unwrap_or(1);
        let samples = (0..usize::try_from(samples).unwrap_or(1))
            .map(|at| u64::from(bits.get(at).copied().unwrap_or(first)))
            .collect::<Vec<_>>();
        let is_planar = page.number(PLANAR, 1) == 2;
        let bits = samples.iter().sum();
        let planes = if is_planar { samples } else { vec![bits] };
        let mut layout = Self {
            width,
            length,
            rows: page.number(ROWS, length).clamp(1, length),
            per_plane: 0,
            is_tiled: page.is_tiled(),
            planes,
            subsampling: subsampling(page).filter(|_| !is_planar),
        };
        layout.per_plane = if layout.is_tiled {
            let (across, down) = (page.number(TILE_WIDTH, 0), page.number(TILE_LENGTH, 0));
            if across == 0 || down == 0 {
                return Err(Refusal::Damaged);
            }
            let tiles = width.div_ceil(across) * length.div_ceil(down);
            (layout.width, layout.length, layout.rows) = (across, down, down);
            tiles
        } else {
            length.div_ceil(layout.rows)
        };
        Ok(layout)
    }

    /// How many strips or tiles the page has.
    pub(super) fn count(&self) -> u64 {
        self.per_plane.saturating_mul(self.planes.len() as u64)
    }

    /// Octets that the strip or tile unpacks to.
    pub(super) fn octets(&self, at: u64) -> u64 {
        let (plane, at) = (at / self.per_plane, at % self.per_plane);
        let rows = if self.is_tiled {
            self.rows
        } else {
            let above = at.saturating_mul(self.rows);
            self.rows.min(self.length.saturating_sub(above))
        };
        let plane = usize::try_from(plane).unwrap_or(usize::MAX);
        let bits = self.planes.get(plane).copied().unwrap_or(0);
        if let Some((across, down)) = self.subsampling {
            // Of each block all brightnesses, and two colours.
            let blocks = self.width.div_ceil(across) * rows.div_ceil(down);
            let samples = blocks.saturating_mul(across * down + 2);
            return samples.saturating_mul(bits / 3).div_ceil(8);
        }
        self.width
            .saturating_mul(bits)
            .div_ceil(8)
            .saturating_mul(rows)
    }
}

/// The subsampling of a page of brightness and colour. By default two by two share theirs (section 21).
fn subsampling(page: &Page) -> Option<(u64, u64)> {
    if page.number(PHOTOMETRIC, 0) != 6 || page.number(SAMPLES, 1) != 3 {
        return None;
    }
    Some(match page.fields.get(&SUBSAMPLING) {
        Some(Value::Shorts(list)) => match list.as_slice() {
            &[across, down, ..] => (u64::from(across.max(1)), u64::from(down.max(1))),
            _ => (2, 2),
        },
        _ => (2, 2),
    })
}
