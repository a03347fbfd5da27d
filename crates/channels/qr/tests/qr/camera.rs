//! A camera: a flat page, seen at an angle, through a lens, in some light, by a sensor, into a JPEG file.

use image::codecs::jpeg::JpegEncoder;
use image::{GrayImage, Luma};

use crate::made::Random;

/// How a page is photographed.
#[derive(Clone, Copy)]
pub(crate) struct Shot {
    /// Degrees: turned in the plane of the picture, then its right side away, then its top away.
    pub(crate) angles: [f64; 3],
    /// Pixels of the photograph for each pixel of the page, where it is nearest to its middle.
    pub(crate) scale: f64,
    /// How many pixels to each side are mixed, three times over.
    pub(crate) blur: u32,
    /// Shades that a pixel is off at most, to either side.
    pub(crate) noise: u8,
    /// How bright the darkest corner is, of the brightest, in percent.
    pub(crate) light: u32,
    /// The quality of the JPEG file, in percent.
    pub(crate) quality: u8,
}

pub(crate) const STRAIGHT: Shot = Shot {
    angles: [0.0; 3],
    scale: 0.6,
    blur: 0,
    noise: 0,
    light: 100,
    quality: 90,
};

/// Shades of the page's paper at its brightest, of its ink, and of the table below it.
const PAPER: f64 = 225.0;
const INK: f64 = 35.0;
const TABLE: f64 = 110.0;

/// The JPEG file that comes of it.
pub(crate) fn photograph(page: &GrayImage, shot: &Shot) -> Vec<u8> {
    let mut random = Random(7);
    let mut picture = project(page, shot);
    for _ in 0..3 {
        picture = blur(&blur(&picture, shot.blur, [1, 0]), shot.blur, [0, 1]);
    }
    let (width, height) = picture.dimensions();
    for (x, y, pixel) in picture.enumerate_pixels_mut() {
        let across = f64::from(x + y) / f64::from(width + height);
        let light = 1.0 - across * (1.0 - f64::from(shot.light) / 100.0);
        let span = usize::from(shot.noise) * 2 + 1;
        let noise = random.below(span) as f64 - f64::from(shot.noise);
        pixel.0 = [(f64::from(pixel.0[0]) * light + noise).clamp(0.0, 255.0) as u8];
    }
    let mut file = Vec::new();
    JpegEncoder::new_with_quality(&mut file, shot.quality)
        .encode_image(&picture)
        .unwrap();
    file
}

/// What the camera sees: each of its pixels is a ray, and meets the page or the table beside it.
fn project(page: &GrayImage, shot: &Shot) -> GrayImage {
    let (width, height) = (f64::from(page.width()), f64::from(page.height()));
    let across = width.hypot(height);
    // As far away as three pages are long: perspective shows.
    let distance = across * 2.0;
    let focus = distance * shot.scale;
    let side = (across * shot.scale * 1.25).ceil();
    let axes = axes(shot.angles);
    GrayImage::from_fn(side as u32, side as u32, |x, y| {
        let mut sum = 0.0;
        // Four rays a pixel.
        for (dx, dy) in [(0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)] {
            let ray = [
                f64::from(x) + dx - side / 2.0,
                f64::from(y) + dy - side / 2.0,
                focus,
            ];
            let along = distance * axes[2][2] / dot(axes[2], ray);
            let hit = [ray[0] * along, ray[1] * along, ray[2] * along - distance];
            let (at_x, at_y) = (
                dot(axes[0], hit) + width / 2.0,
                dot(axes[1], hit) + height / 2.0,
            );
            let inside = along > 0.0 && at_x >= 0.0 && at_y >= 0.0 && at_x < width && at_y < height;
            sum += if inside {
                let shade = f64::from(page.get_pixel(at_x as u32, at_y as u32).0[0]);
                INK + (PAPER - INK) * shade / 255.0
            } else {
                TABLE
            };
        }
        Luma([(sum / 4.0) as u8])
    })
}

fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

/// Right, down and away, as the turned page has them.
fn axes(angles: [f64; 3]) -> [[f64; 3]; 3] {
    let [(r, cr), (w, cw), (t, ct)] = angles.map(|degrees| degrees.to_radians().sin_cos());
    let right = [cr * cw, r * cw, w];
    let down = [-r * ct - cr * w * t, cr * ct - r * w * t, cw * t];
    let away = [
        right[1] * down[2] - right[2] * down[1],
        right[2] * down[0] - right[0] * down[2],
        right[0] * down[1] - right[1] * down[0],
    ];
    [right, down, away]
}

/// The mean of the pixels up to `radius` away on either side, along one axis.
fn blur(picture: &GrayImage, radius: u32, [dx, dy]: [u32; 2]) -> GrayImage {
    let (width, height) = picture.dimensions();
    GrayImage::from_fn(width, height, |x, y| {
        let sum: u32 = (0..=2 * radius)
            .map(|step| {
                let at_x = (x + dx * step).saturating_sub(dx * radius).min(width - 1);
                let at_y = (y + dy * step).saturating_sub(dy * radius).min(height - 1);
                u32::from(picture.get_pixel(at_x, at_y).0[0])
            })
            .sum();
        Luma([(sum / (2 * radius + 1)) as u8])
    })
}

/// A page with codes beside and below each other, so many in a row.
pub(crate) fn page(codes: &[GrayImage], in_a_row: u32) -> GrayImage {
    let side = codes.iter().map(GrayImage::width).max().unwrap();
    let rows = u32::try_from(codes.len()).unwrap().div_ceil(in_a_row);
    let height = codes.iter().map(GrayImage::height).max().unwrap();
    let mut page = GrayImage::from_pixel(side * in_a_row, height * rows, Luma([255]));
    for (at, code) in codes.iter().enumerate() {
        let at = u32::try_from(at).unwrap();
        let (x, y) = (at % in_a_row * side, at / in_a_row * height);
        image::imageops::replace(&mut page, code, x.into(), y.into());
    }
    page
}
