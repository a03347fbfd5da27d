//! Codes that were printed and photographed.

use hamsa_channel_qr::{from_qr, to_qr};
use hamsa_core::{Part, cut};
use image::GrayImage;

use crate::camera::{STRAIGHT, Shot, page, photograph};
use crate::drawn;
use crate::made::{Random, envelope, short};

#[test]
#[ignore = "exploration"]
fn explore() {
    let mut random = Random(11);
    let small = short(&mut random, 60);
    let long = short(&mut random, 1098);
    let full = envelope(&mut random, 6000);
    let codes = to_qr(&full).unwrap();
    eprintln!(
        "{} codes {}",
        codes.len(),
        cut(&full, Part::octets_in(997)).unwrap()[0].to_text().len()
    );
    let sets: Vec<(&str, Vec<GrayImage>, u32)> = vec![
        ("short", vec![drawn(&to_qr(&small).unwrap()[0])], 1),
        ("part", vec![drawn(&codes[0])], 1),
        ("long", vec![drawn(&to_qr(&long).unwrap()[0])], 1),
        ("two", codes[..2].iter().map(drawn).collect(), 2),
        ("six", codes[..6].iter().map(drawn).collect(), 3),
    ];
    let shots: Vec<(&str, Shot)> = vec![
        ("straight", STRAIGHT),
        (
            "3px",
            Shot {
                scale: 3.0 / 8.0,
                ..STRAIGHT
            },
        ),
        (
            "2.5px",
            Shot {
                scale: 2.5 / 8.0,
                ..STRAIGHT
            },
        ),
        (
            "2px",
            Shot {
                scale: 2.0 / 8.0,
                ..STRAIGHT
            },
        ),
        (
            "turn4",
            Shot {
                angles: [4.0, 0.0, 0.0],
                ..STRAIGHT
            },
        ),
        (
            "turn17",
            Shot {
                angles: [17.0, 0.0, 0.0],
                ..STRAIGHT
            },
        ),
        (
            "turn45",
            Shot {
                angles: [45.0, 0.0, 0.0],
                ..STRAIGHT
            },
        ),
        (
            "turn90",
            Shot {
                angles: [90.0, 0.0, 0.0],
                ..STRAIGHT
            },
        ),
        (
            "turn180",
            Shot {
                angles: [180.0, 0.0, 0.0],
                ..STRAIGHT
            },
        ),
        (
            "tilt20",
            Shot {
                angles: [4.0, 20.0, 0.0],
                ..STRAIGHT
            },
        ),
        (
            "tilt35",
            Shot {
                angles: [4.0, 35.0, 10.0],
                ..STRAIGHT
            },
        ),
        (
            "tilt45",
            Shot {
                angles: [17.0, 0.0, 45.0],
                ..STRAIGHT
            },
        ),
        (
            "blur1",
            Shot {
                blur: 1,
                ..STRAIGHT
            },
        ),
        (
            "blur2",
            Shot {
                blur: 2,
                ..STRAIGHT
            },
        ),
        (
            "noise40",
            Shot {
                noise: 40,
                ..STRAIGHT
            },
        ),
        (
            "noise90",
            Shot {
                noise: 90,
                ..STRAIGHT
            },
        ),
        (
            "light30",
            Shot {
                light: 30,
                ..STRAIGHT
            },
        ),
        (
            "light15",
            Shot {
                light: 15,
                ..STRAIGHT
            },
        ),
        (
            "q60",
            Shot {
                quality: 60,
                ..STRAIGHT
            },
        ),
        (
            "q20",
            Shot {
                quality: 20,
                ..STRAIGHT
            },
        ),
        (
            "all",
            Shot {
                angles: [17.0, 15.0, 10.0],
                scale: 0.6,
                blur: 1,
                noise: 20,
                light: 50,
                quality: 60,
            },
        ),
        (
            "all-big",
            Shot {
                angles: [17.0, 15.0, 10.0],
                scale: 1.2,
                blur: 2,
                noise: 20,
                light: 50,
                quality: 60,
            },
        ),
        (
            "hard",
            Shot {
                angles: [17.0, 25.0, 20.0],
                scale: 0.5,
                blur: 1,
                noise: 30,
                light: 40,
                quality: 60,
            },
        ),
    ];
    for (name, codes, row) in &sets {
        let sheet = page(codes, *row);
        for (shot_name, shot) in &shots {
            let file = photograph(&sheet, shot);
            let begun = std::time::Instant::now();
            let arrived = from_qr(&file);
            let took = begun.elapsed().as_millis();
            let picture = image::load_from_memory(&file).unwrap();
            eprintln!(
                "{name:6} {shot_name:9} {}/{} {}px {took} ms unreadable {}",
                arrived.sealed.len(),
                codes.len(),
                picture.width(),
                arrived.unreadable.len()
            );
        }
    }
}
