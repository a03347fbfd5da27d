//! Codes that were printed and photographed. What stands here must be read, all of it.

use hamsa_channel_qr::{from_qr, to_qr};
use hamsa_core::{Envelope, Part, Sealed, cut};

use crate::camera::{STRAIGHT, Shot, page, photograph};
use crate::drawn;
use crate::made::{Random, envelope, short};

/// A module is 8 pixels of the page: at a scale of 0.6, 4.8 pixels of the photograph.
static SHOTS: [(&str, Shot); 20] = [
    ("straight on", STRAIGHT),
    (
        "2.5 pixels a module",
        Shot {
            scale: 2.5 / 8.0,
            ..STRAIGHT
        },
    ),
    (
        "10 pixels a module",
        Shot {
            scale: 10.0 / 8.0,
            ..STRAIGHT
        },
    ),
    ("turned by 4", turned([4.0, 0.0, 0.0])),
    ("turned by 17", turned([17.0, 0.0, 0.0])),
    ("turned by 45", turned([45.0, 0.0, 0.0])),
    ("turned by 90", turned([90.0, 0.0, 0.0])),
    ("turned by 180", turned([180.0, 0.0, 0.0])),
    ("from the side by 20", turned([4.0, 20.0, 0.0])),
    ("from the side by 35", turned([4.0, 35.0, 10.0])),
    ("from above by 40", turned([17.0, 0.0, 40.0])),
    (
        "a little blurred",
        Shot {
            blur: 1,
            ..STRAIGHT
        },
    ),
    (
        "blurred over half a module",
        Shot {
            blur: 2,
            ..STRAIGHT
        },
    ),
    (
        "grainy",
        Shot {
            noise: 40,
            ..STRAIGHT
        },
    ),
    (
        "very grainy",
        Shot {
            noise: 90,
            ..STRAIGHT
        },
    ),
    (
        "a third of the light on one side",
        Shot {
            light: 33,
            ..STRAIGHT
        },
    ),
    (
        "a sixth of the light on one side",
        Shot {
            light: 16,
            ..STRAIGHT
        },
    ),
    (
        "JPEG of quality 60",
        Shot {
            quality: 60,
            ..STRAIGHT
        },
    ),
    (
        "JPEG of quality 20",
        Shot {
            quality: 20,
            ..STRAIGHT
        },
    ),
    (
        "all of it",
        Shot {
            angles: [17.0, 15.0, 10.0],
            blur: 1,
            noise: 20,
            light: 50,
            quality: 60,
            ..STRAIGHT
        },
    ),
];

const fn turned(angles: [f64; 3]) -> Shot {
    Shot { angles, ..STRAIGHT }
}

/// What the codes of an envelope hold.
fn sealed(envelope: &Envelope) -> Vec<Sealed> {
    if envelope.is_short() {
        return vec![Sealed::Envelope(envelope.clone())];
    }
    let parts = cut(envelope, Part::octets_in(hamsa_channel_qr::MAX_TEXT)).unwrap();
    parts.into_iter().map(Sealed::Part).collect()
}

/// How many of the first `count` codes of an envelope are read of one photograph of all of them.
fn read(envelope: &Envelope, count: usize, in_a_row: u32, shot: &Shot) -> usize {
    let codes = &to_qr(envelope).unwrap()[..count];
    let sheet = page(&codes.iter().map(drawn).collect::<Vec<_>>(), in_a_row);
    let arrived = from_qr(&photograph(&sheet, shot));
    let expected = &sealed(envelope)[..count];
    assert!(arrived.sealed.iter().all(|found| expected.contains(found)));
    arrived.sealed.len()
}

/// Every shot of a sheet; prints the one that fails.
fn all_are_read(
    shots: impl Iterator<Item = &'static (&'static str, Shot)>,
    (count, in_a_row): (usize, u32),
    envelope: &Envelope,
) {
    let mut lost = Vec::new();
    for (name, shot) in shots {
        let found = read(envelope, count, in_a_row, shot);
        if found != count {
            lost.push(format!("{name}: {found} of {count}"));
        }
    }
    assert!(lost.is_empty(), "{lost:?}");
}

#[test]
fn a_code_of_160_characters_is_read_of_20_photographs_of_20() {
    all_are_read(SHOTS.iter(), (1, 1), &short(&mut Random(11), 71));
}

#[test]
fn a_code_of_912_characters_is_read_of_20_photographs_of_20() {
    let envelope = envelope(&mut Random(12), 6000);
    let Sealed::Part(part) = &sealed(&envelope)[0] else {
        panic!("a part")
    };
    assert_eq!(part.to_text().len(), 912);
    all_are_read(SHOTS.iter(), (1, 1), &envelope);
}

/// The longest short envelope is a code of version 32, which takes a better photograph.
#[test]
fn a_code_of_1530_characters_is_read_of_20_photographs_of_20() {
    all_are_read(SHOTS.iter(), (1, 1), &short(&mut Random(13), 1098));
}

#[test]
fn two_codes_beside_each_other_are_read_of_10_photographs_of_10() {
    all_are_read(
        SHOTS.iter().step_by(2),
        (2, 2),
        &envelope(&mut Random(14), 6000),
    );
}

#[test]
fn six_codes_on_a_page_are_read_of_10_photographs_of_10() {
    all_are_read(
        SHOTS.iter().skip(1).step_by(2),
        (6, 3),
        &envelope(&mut Random(15), 6000),
    );
}

#[test]
fn pages_of_three_four_and_five_codes_are_read() {
    let envelope = envelope(&mut Random(16), 6000);
    let (_, shot) = SHOTS[19];
    for (count, in_a_row) in [(3, 1), (4, 2), (5, 3)] {
        assert_eq!(read(&envelope, count, in_a_row, &shot), count);
    }
}

/// Wrong texts never come out, however bad a photograph is.
#[test]
fn what_cannot_be_read_is_not_made_up() {
    let envelope = short(&mut Random(17), 71);
    let bad = Shot {
        angles: [17.0, 25.0, 20.0],
        scale: 0.3,
        blur: 3,
        noise: 60,
        light: 40,
        quality: 30,
    };
    assert_eq!(read(&envelope, 1, 1, &bad), 0);
}
