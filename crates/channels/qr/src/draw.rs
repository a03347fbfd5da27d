//! A code as a picture: in a terminal, as SVG, as PNG.

use std::fmt::Write as _;

use crate::Code;

/// The light border around a code, in modules (ISO/IEC 18004:2015, section 6.3.8).
pub const QUIET_ZONE: usize = 4;

/// Pixels along the side of a module in a PNG, units along it in an SVG.
pub const MODULE_PIXELS: usize = 8;

/// Whatever the terminal's own colours are: many cameras do not read light on dark.
const BLACK_ON_WHITE: &str = "\u{1b}[38;5;16;48;5;231m";
const AS_BEFORE: &str = "\u{1b}[0m";

impl Code {
    /// The code in lines of half blocks, with its quiet zone, in black on white by ANSI escapes (256 colours).
    pub fn to_terminal(&self) -> String {
        let mut text = String::new();
        for y in (0..self.side()).step_by(2) {
            text.push_str(BLACK_ON_WHITE);
            for x in 0..self.side() {
                text.push(match (self.is_dark(x, y), self.is_dark(x, y + 1)) {
                    (false, false) => ' ',
                    (true, false) => '▀',
                    (false, true) => '▄',
                    (true, true) => '█',
                });
            }
            text.push_str(AS_BEFORE);
            text.push('\n');
        }
        text
    }

    /// The code as an SVG 1.1 file: one white square, one black path.
    pub fn to_svg(&self) -> String {
        let side = self.side();
        let pixels = side * MODULE_PIXELS;
        let mut path = String::new();
        for y in 0..side {
            let mut x = 0;
            while x < side {
                let dark = (x..side).take_while(|&x| self.is_dark(x, y)).count();
                if dark > 0 {
                    // Writing to a String does not fail.
                    let _ = write!(path, "M{x} {y}h{dark}v1H{x}z");
                }
                x += dark.max(1);
            }
        }
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{pixels}\" height=\"{pixels}\" viewBox=\"0 0 {side} {side}\" \
             shape-rendering=\"crispEdges\">\n<path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/>\n<path d=\"{path}\"/>\n</svg>\n"
        )
    }

    /// The code as a PNG file of one bit a pixel, with the three chunks that a PNG must have and no other.
    pub fn to_png(&self) -> Vec<u8> {
        let pixels = self.side() * MODULE_PIXELS;
        let mut rows = Vec::with_capacity((1 + self.side()) * pixels);
        for y in 0..self.side() {
            // A module is an octet wide; each row begins with its filter, which is none.
            let row = (0..self.side()).map(|x| if self.is_dark(x, y) { 0 } else { 0xff });
            let row: Vec<u8> = [0].into_iter().chain(row).collect();
            (0..MODULE_PIXELS).for_each(|_| rows.extend_from_slice(&row));
        }
        // At most 185 modules a side.
        let size = u32::try_from(pixels).unwrap_or(0).to_be_bytes();
        let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
        // One bit of grey, deflated, filtered by row, not interlaced.
        let header = [size.as_slice(), &size, &[1, 0, 0, 0, 0]].concat();
        chunk(&mut png, *b"IHDR", &header);
        chunk(
            &mut png,
            *b"IDAT",
            &miniz_oxide::deflate::compress_to_vec_zlib(&rows, 9),
        );
        chunk(&mut png, *b"IEND", &[]);
        png
    }

    /// Modules along a side, with the quiet zone.
    fn side(&self) -> usize {
        self.width + 2 * QUIET_ZONE
    }

    /// Whether the module is dark, counted from the corner of the quiet zone.
    fn is_dark(&self, x: usize, y: usize) -> bool {
        let inside = |at: usize| at.checked_sub(QUIET_ZONE).filter(|&at| at < self.width);
        let (Some(x), Some(y)) = (inside(x), inside(y)) else {
            return false;
        };
        self.modules.get(y * self.width + x) == Some(&true)
    }
}

/// Adds a chunk: length, name, contents, CRC-32 of the last two (PNG, third edition, section 5.3).
fn chunk(png: &mut Vec<u8>, name: [u8; 4], contents: &[u8]) {
    let named = [&name, contents].concat();
    png.extend_from_slice(&u32::try_from(contents.len()).unwrap_or(0).to_be_bytes());
    png.extend_from_slice(&named);
    png.extend_from_slice(&crc32fast::hash(&named).to_be_bytes());
}
