//! Pictures that were made to do harm, and what is no picture.

use std::io::Cursor;
use std::time::{Duration, Instant};

use hamsa_channel_qr::{MAX_CODES, code_of_text, from_qr, to_qr};
use hamsa_core::Unreadable;
use image::{DynamicImage, GrayImage, ImageFormat, Luma, LumaA};

use crate::camera::{STRAIGHT, Shot, page, photograph};
use crate::made::{Random, envelope, short};
use crate::{cpu, drawn};

/// Far more than any picture takes of a processor: what takes longer has no bound.
const MOST: Duration = Duration::from_secs(60);

fn refused(picture: &[u8], why: Unreadable) {
    let arrived = from_qr(picture);
    assert!(arrived.sealed.is_empty());
    let [found] = arrived.unreadable.as_slice() else {
        panic!("{:?}", arrived.unreadable);
    };
    assert_eq!(found.code(), why.code());
}

fn file(picture: GrayImage, format: ImageFormat) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    let picture = DynamicImage::ImageLuma8(picture);
    // Not every format has shades of grey.
    let picture = if format == ImageFormat::Gif || format == ImageFormat::WebP {
        DynamicImage::ImageRgba8(picture.into_rgba8())
    } else {
        picture
    };
    picture.write_to(&mut file, format).unwrap();
    file.into_inner()
}

const FORMATS: [ImageFormat; 5] = [
    ImageFormat::Png,
    ImageFormat::Jpeg,
    ImageFormat::WebP,
    ImageFormat::Gif,
    ImageFormat::Bmp,
];

#[test]
fn codes_beyond_the_most_of_one_picture_are_told() {
    let codes: Vec<GrayImage> = (0..MAX_CODES + 6)
        .map(|number| drawn(&code_of_text(&number.to_string()).unwrap()))
        .collect();
    let told = |count, why: Unreadable| {
        let sheet = file(page(&codes[..count], 10), ImageFormat::Png);
        let told = from_qr(&sheet).unreadable.into_iter();
        told.filter(|found| found.code() == why.code()).count()
    };
    let (most, many) = (MAX_CODES, codes.len());
    // None of them holds anything sealed.
    assert_eq!(told(most, Unreadable::NothingSealed), MAX_CODES);
    assert_eq!(told(most, Unreadable::TooLong), 0);
    assert_eq!(told(many, Unreadable::NothingSealed), MAX_CODES);
    assert_eq!(told(many, Unreadable::TooLong), 1);
}

#[test]
fn files_of_each_kind_are_read() {
    let code = to_qr(&short(&mut Random(5), 71)).unwrap();
    for format in FORMATS {
        let arrived = from_qr(&file(drawn(&code[0]), format));
        assert_eq!(
            (arrived.sealed.len(), arrived.unreadable.len()),
            (1, 0),
            "{format:?}"
        );
    }
}

#[test]
fn what_is_no_picture_is_refused() {
    let mut random = Random(6);
    refused(&[], Unreadable::NotAMessage);
    refused(b"age-encryption.org/v1", Unreadable::NotAMessage);
    refused(&random.octets(5000), Unreadable::NotAMessage);
    // A TIFF file, which the reader of pictures knows.
    refused(b"II*\0\x08\0\0\0\0\0\0\0\0\0", Unreadable::NotAMessage);
    for format in FORMATS {
        let whole = file(GrayImage::from_pixel(60, 60, Luma([255])), format);
        refused(&whole, Unreadable::NothingSealed);
        refused(&whole[..20.min(whole.len() / 2)], Unreadable::NotAMessage);
    }
}

#[test]
fn cut_and_changed_pictures_do_no_harm() {
    let mut random = Random(7);
    let code = drawn(&to_qr(&short(&mut random, 71)).unwrap()[0]);
    for format in FORMATS {
        let whole = file(code.clone(), format);
        for _ in 0..6 {
            let mut changed = whole.clone();
            changed.truncate(1 + random.below(whole.len()));
            from_qr(&changed);
            let mut changed = whole.clone();
            for _ in 0..8 {
                let at = random.below(changed.len());
                changed[at] = random.octets(1)[0];
            }
            from_qr(&changed);
        }
    }
}

/// A header of each kind that claims so many pixels.
fn claims(width: u32, height: u32) -> Vec<Vec<u8>> {
    let small = GrayImage::from_pixel(8, 8, Luma([255]));
    let mut png = file(small.clone(), ImageFormat::Png);
    png[16..20].copy_from_slice(&width.to_be_bytes());
    png[20..24].copy_from_slice(&height.to_be_bytes());
    let check = crc32(&png[12..29]);
    png[29..33].copy_from_slice(&check.to_be_bytes());
    let mut bmp = file(small.clone(), ImageFormat::Bmp);
    bmp[18..22].copy_from_slice(&width.to_le_bytes());
    bmp[22..26].copy_from_slice(&height.to_le_bytes());
    let [short_width, short_height] = [width, height].map(|side| side as u16);
    let mut gif = file(small.clone(), ImageFormat::Gif);
    gif[6..8].copy_from_slice(&short_width.to_le_bytes());
    gif[8..10].copy_from_slice(&short_height.to_le_bytes());
    let mut jpeg = file(small, ImageFormat::Jpeg);
    let frame = jpeg.windows(2).position(|at| at == [0xff, 0xc0]).unwrap();
    jpeg[frame + 5..frame + 7].copy_from_slice(&short_height.to_be_bytes());
    jpeg[frame + 7..frame + 9].copy_from_slice(&short_width.to_be_bytes());
    vec![png, bmp, gif, jpeg]
}

/// CRC-32 as PNG has it, bit by bit.
fn crc32(octets: &[u8]) -> u32 {
    let crc = octets.iter().fold(u32::MAX, |crc, octet| {
        (0..8).fold(crc ^ u32::from(*octet), |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 & 0_u32.wrapping_sub(crc & 1))
        })
    });
    !crc
}

#[test]
fn pictures_that_claim_too_many_pixels_are_refused_before_memory_is_taken() {
    for picture in claims(60_000, 60_000) {
        let begun = Instant::now();
        let arrived = from_qr(&picture);
        assert!(arrived.sealed.is_empty());
        let why = arrived.unreadable[0].code();
        assert!(
            ["message-too-long", "not-a-message"].contains(&why),
            "{why}"
        );
        assert!(begun.elapsed() < Duration::from_secs(5));
    }
    refused(&claims(60_000, 60_000)[0], Unreadable::TooLong);
    for picture in [claims(0, 0), claims(0, 8), claims(8, 0)].concat() {
        assert!(from_qr(&picture).sealed.is_empty());
    }
}

#[test]
fn tiny_and_thin_pictures_do_no_harm() {
    for (width, height) in [
        (1, 1),
        (1, 3000),
        (3000, 1),
        (2, 2),
        (7, 7),
        (21, 21),
        (39, 41),
        (60_000, 3),
        (3, 60_000),
    ] {
        let mut random = Random(9);
        let picture = GrayImage::from_fn(width, height, |_, _| Luma([random.octets(1)[0]]));
        from_qr(&file(picture, ImageFormat::Png));
    }
}

/// Every place looks like the corner of a code.
#[test]
fn a_picture_full_of_corners_takes_bounded_time() {
    for module in [1_u32, 2, 3, 4] {
        let picture = GrayImage::from_fn(2400, 2400, |x, y| {
            let (x, y) = (x / module % 8, y / module % 8);
            let ring = (x.abs_diff(3)).max(y.abs_diff(3));
            Luma([if ring == 2 || ring == 4 { 255 } else { 0 }])
        });
        let picture = file(picture, ImageFormat::Png);
        let (arrived, took) = cpu(|| from_qr(&picture));
        assert!(arrived.sealed.is_empty());
        eprintln!("corners of {module} pixels a module: {took:?}");
        assert!(took < MOST, "{took:?}");
    }
}

/// Corners, version and format are those of large codes; what they hold cannot be corrected.
#[test]
fn a_page_of_broken_codes_takes_bounded_time() {
    let mut random = Random(12);
    let whole = drawn(&code_of_text(&"a".repeat(1400)).unwrap());
    let side = whole.width();
    let broken = GrayImage::from_fn(side, side, |x, y| {
        let middle = side * 3 / 10..side * 7 / 10;
        let hole = middle.contains(&x) && middle.contains(&y);
        let dark = hole && (x / 8 * 7 + y / 8 * 13) % 5 < 2;
        if hole {
            Luma([if dark { 0 } else { 255 }])
        } else {
            *whole.get_pixel(x, y)
        }
    });
    let codes: Vec<GrayImage> = (0..16).map(|_| broken.clone()).collect();
    let file = photograph(
        &page(&codes, 4),
        &Shot {
            scale: 0.5,
            noise: 10,
            ..STRAIGHT
        },
    );
    let (arrived, took) = cpu(|| from_qr(&file));
    assert!(arrived.sealed.is_empty());
    eprintln!("broken codes: {took:?}");
    assert!(took < MOST, "{took:?}");
    // Cells of noise, each as large as a module.
    let noise: Vec<u8> = random.octets(300 * 300);
    let picture = GrayImage::from_fn(1500, 1500, |x, y| {
        Luma([noise[(x / 5 + y / 5 * 300) as usize] / 128 * 255])
    });
    let picture = self::file(picture, ImageFormat::Png);
    let ((), took) = cpu(|| drop(from_qr(&picture)));
    assert!(took < MOST, "{took:?}");
}

#[test]
fn noise_takes_bounded_time() {
    let mut random = Random(10);
    let picture = GrayImage::from_fn(2400, 2400, |_, _| Luma([random.octets(1)[0]]));
    let picture = file(picture, ImageFormat::Png);
    let (arrived, took) = cpu(|| from_qr(&picture));
    assert!(arrived.sealed.is_empty());
    eprintln!("noise: {took:?}");
    assert!(took < MOST, "{took:?}");
}

#[test]
fn codes_that_hold_nothing_sealed_are_told_and_others_beside_them_are_read() {
    refused(
        &code_of_text("https://example.org/").unwrap().to_png(),
        Unreadable::NothingSealed,
    );
    refused(
        &code_of_text("12345678901234567890").unwrap().to_png(),
        Unreadable::NothingSealed,
    );
    let sealed = drawn(&to_qr(&short(&mut Random(5), 71)).unwrap()[0]);
    let other = drawn(&code_of_text("https://example.org/").unwrap());
    let arrived = from_qr(&photograph(&page(&[sealed, other], 2), &STRAIGHT));
    assert_eq!((arrived.sealed.len(), arrived.unreadable.len()), (1, 1));
}

#[test]
fn a_code_on_transparent_ground_is_read() {
    let code = drawn(&to_qr(&envelope(&mut Random(5), 700)).unwrap()[0]);
    let clear = image::ImageBuffer::from_fn(code.width(), code.height(), |x, y| {
        LumaA([0, 255 - code.get_pixel(x, y).0[0]])
    });
    let mut file = Cursor::new(Vec::new());
    DynamicImage::ImageLumaA8(clear)
        .write_to(&mut file, ImageFormat::Png)
        .unwrap();
    assert_eq!(from_qr(&file.into_inner()).sealed.len(), 1);
}
