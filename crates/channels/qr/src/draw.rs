//! A code as a picture: in a terminal, as SVG, as PNG.

use std::fmt::Write as _;

use crate::Code;

/// The light border around a code, in modules (ISO/IEC 18004:2015, section 6.3.8).
pub const QUIET_ZONE: usize = 4;

/// Pixels along the side of a module in a PNG, units along it in an SVG.
pub const MODULE_PIXELS: usize = 8;

/// The digits, in three modules by five, from the upper row down; the last is the stroke between number and count.
const DIGITS: [[u8; 5]; 11] = [
    [0b111, 0b101, 0b101, 0b101, 0b111],
    [0b010, 0b110, 0b010, 0b010, 0b111],
    [0b111, 0b001, 0b111, 0b100, 0b111],
    [0b111, 0b001, 0b111, 0b001, 0b111],
    [0b101, 0b101, 0b111, 0b001, 0b001],
    [0b111, 0b100, 0b111, 0b001, 0b111],
    [0b111, 0b100, 0b111, 0b101, 0b111],
    [0b111, 0b001, 0b001, 0b001, 0b001],
    [0b111, 0b101, 0b111, 0b101, 0b111],
    [0b111, 0b101, 0b111, 0b001, 0b111],
    [0b001, 0b001, 0b010, 0b100, 0b100],
];
/// Modules from one digit to the next.
const DIGIT_STEP: usize = 4;

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

    /// The code as an SVG 1.1 file: one white rectangle, one black path. A code of a series has its number below it ("3 / 14"),
    /// drawn in modules too: no font, and no text.
    pub fn to_svg(&self) -> String {
        let (side, rows) = (self.side(), self.rows());
        let (width, height) = (side * MODULE_PIXELS, rows * MODULE_PIXELS);
        let mut path = String::new();
        for y in 0..rows {
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
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {side} {rows}\" \
             shape-rendering=\"crispEdges\">\n<path fill=\"#fff\" d=\"M0 0h{side}v{rows}H0z\"/>\n<path d=\"{path}\"/>\n</svg>\n"
        )
    }

    /// The code as a PNG file of one bit a pixel, with the three chunks that a PNG must have and no other. A code of a series
    /// has its number below it, as in [`Code::to_svg`].
    pub fn to_png(&self) -> Vec<u8> {
        let pixels = |modules: usize| modules * MODULE_PIXELS;
        let mut rows = Vec::with_capacity((1 + self.side()) * pixels(self.rows()));
        for y in 0..self.rows() {
            // A module is an octet wide; each row begins with its filter, which is none.
            let row = (0..self.side()).map(|x| if self.is_dark(x, y) { 0 } else { 0xff });
            let row: Vec<u8> = [0].into_iter().chain(row).collect();
            (0..MODULE_PIXELS).for_each(|_| rows.extend_from_slice(&row));
        }
        // At most 185 modules a side, and 194 rows.
        let [width, height] = [self.side(), self.rows()]
            .map(|modules| u32::try_from(pixels(modules)).unwrap_or(0).to_be_bytes());
        let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
        // One bit of grey, deflated, filtered by row, not interlaced.
        let header = [width.as_slice(), &height, &[1, 0, 0, 0, 0]].concat();
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

    /// Rows of modules, with the quiet zone, and below it, with another, the number of a code of a series.
    fn rows(&self) -> usize {
        let label = DIGITS.first().map_or(0, |digit| digit.len()) + QUIET_ZONE;
        self.side() + if self.count > 1 { label } else { 0 }
    }

    /// Whether the module of the number is dark, counted from the left and from the row below the quiet zone.
    fn is_dark_below(&self, x: usize, y: usize) -> bool {
        let label = format!("{} / {}", self.number, self.count);
        let width = (label.len() * DIGIT_STEP).saturating_sub(1);
        let left = self.side().saturating_sub(width) / 2;
        let Some(x) = x.checked_sub(left).filter(|&x| x < width) else {
            return false;
        };
        let digit = match label.as_bytes().get(x / DIGIT_STEP) {
            Some(b'/') => DIGITS.last(),
            Some(digit) => DIGITS.get(usize::from(digit.wrapping_sub(b'0'))),
            None => None,
        };
        let row = digit.and_then(|rows| rows.get(y)).unwrap_or(&0);
        row << (x % DIGIT_STEP) & 0b100 != 0
    }

    /// Whether the module is dark, counted from the corner of the quiet zone.
    fn is_dark(&self, x: usize, y: usize) -> bool {
        if let Some(below) = y.checked_sub(self.side()) {
            return self.count > 1 && self.is_dark_below(x, below);
        }
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
