//! HEIF: the picture, its tiles and its alpha plane stay; every other item and every name goes.

use hamsa_scrub::{Kind, Refusal, Remark, scrub};

use crate::{cleaned, holds};

const MARK: &str = "ZQX7MARK";

/// Writes a box.
fn boxed(name: &str, body: &[u8]) -> Vec<u8> {
    let len = u32::try_from(body.len() + 8).unwrap();
    [&len.to_be_bytes(), name.as_bytes(), body].concat()
}

/// Writes a full box.
fn full(name: &str, version: u8, flags: u8, body: &[u8]) -> Vec<u8> {
    boxed(name, &[&[version, 0, 0, flags], body].concat())
}

/// An AV1 unit that says its size.
fn unit(kind: u8, payload: &[u8]) -> Vec<u8> {
    let len = u8::try_from(payload.len()).unwrap();
    [&[kind << 3 | 2, len], payload].concat()
}

/// Pixels that no decoder was asked about: a sequence header and a frame.
fn pixels(seed: u8) -> Vec<u8> {
    [unit(1, &[0, 0, seed]), unit(6, &[seed; 40])].concat()
}

/// One item of a file that is built here.
struct Item {
    kind: &'static str,
    data: Vec<u8>,
    name: &'static str,
    content_type: &'static str,
    /// Properties by number, from 1; essential ones have 0x80 added.
    properties: Vec<u8>,
}

fn item(kind: &'static str, data: Vec<u8>, properties: &[u8]) -> Item {
    Item {
        kind,
        data,
        name: "",
        content_type: "",
        properties: properties.to_vec(),
    }
}

/// A file. Items count from 1.
struct File {
    brand: &'static str,
    primary: u16,
    items: Vec<Item>,
    properties: Vec<Vec<u8>>,
    references: Vec<(&'static str, u16, Vec<u16>)>,
    /// Octets after each item's data that belong to none.
    gap: &'static [u8],
    handler: &'static str,
    method: u8,
}

impl File {
    fn new(items: Vec<Item>) -> Self {
        Self {
            brand: "avif",
            primary: 1,
            items,
            properties: vec![
                boxed("av1C", &[0x81, 0, 0x0C, 0]),
                full("ispe", 0, 0, &[0, 0, 0, 64, 0, 0, 0, 48]),
                boxed("colr", b"nclx\0\x01\0\x0D\0\x06\x80"),
                boxed("irot", &[1]),
            ],
            references: Vec::new(),
            gap: b"",
            handler: "",
            method: 0,
        }
    }

    fn build(&self) -> Vec<u8> {
        let brands = [self.brand, "\0\0\0\0", "mif1", self.brand].concat();
        let front = boxed("ftyp", brands.as_bytes());
        let meta = self.meta(0).len() + front.len() + 8;
        let mut data = Vec::new();
        for item in &self.items {
            data.extend_from_slice(&item.data);
            data.extend_from_slice(self.gap);
        }
        let meta = self.meta(u32::try_from(meta).unwrap());
        [front, meta, boxed("mdat", &data)].concat()
    }

    fn meta(&self, mut at: u32) -> Vec<u8> {
        let count = u16::try_from(self.items.len()).unwrap().to_be_bytes();
        let (mut iloc, mut iinf, mut ipma) = (count.to_vec(), count.to_vec(), Vec::new());
        for (id, item) in (1_u16..).zip(&self.items) {
            let id = id.to_be_bytes();
            let len = u32::try_from(item.data.len()).unwrap();
            iloc.extend([id, [0, self.method], [0, 0], [0, 1]].concat());
            iloc.extend([at.to_be_bytes(), len.to_be_bytes()].concat());
            at += len + u32::try_from(self.gap.len()).unwrap();
            let texts = [item.name, "\0", item.content_type].concat();
            let body = [
                &id,
                [0, 0].as_slice(),
                item.kind.as_bytes(),
                texts.as_bytes(),
            ]
            .concat();
            iinf.extend(full("infe", 2, 0, &body));
            ipma.extend(id);
            ipma.push(u8::try_from(item.properties.len()).unwrap());
            ipma.extend_from_slice(&item.properties);
        }
        let mut iref = Vec::new();
        for (kind, from, to) in &self.references {
            let count = u16::try_from(to.len()).unwrap();
            let ids = [*from, count].into_iter().chain(to.iter().copied());
            iref.extend(boxed(
                kind,
                &ids.flat_map(u16::to_be_bytes).collect::<Vec<_>>(),
            ));
        }
        let handler = [
            b"\0\0\0\0pict\0\0\0\0\0\0\0\0\0\0\0\0",
            self.handler.as_bytes(),
            b"\0",
        ];
        let ipma = [&[0, 0], count.as_slice(), &ipma].concat();
        let iprp = [
            boxed("ipco", &self.properties.concat()),
            full("ipma", 0, 0, &ipma),
        ]
        .concat();
        full(
            "meta",
            0,
            0,
            &[
                full("hdlr", 0, 0, &handler.concat()),
                full("pitm", 0, 0, &self.primary.to_be_bytes()),
                full("iloc", 1, 0, &[&[0x44, 0], iloc.as_slice()].concat()),
                full("iinf", 0, 0, &iinf),
                full("iref", 0, 0, &iref),
                boxed("iprp", &iprp),
            ]
            .concat(),
        )
    }
}

/// A grid of two tiles with an alpha plane, a thumbnail, a depth map, EXIF, XMP and names.
fn photo() -> File {
    let grid = vec![0, 0, 0, 1, 0, 128, 0, 48];
    let mut file = File::new(vec![
        item("av01", pixels(1), &[0x81, 2, 3]),
        item("av01", pixels(2), &[0x81, 2, 3]),
        item("grid", grid, &[2, 3, 0x84, 7]),
        item("av01", pixels(3), &[0x81, 2, 5]),
        item("av01", pixels(4), &[0x81, 2]),
        item("av01", pixels(5), &[0x81, 2, 6]),
        item("Exif", b"\0\0\0\0II*\0ZQX7MARK".to_vec(), &[]),
        item("mime", b"<x>ZQX7MARK</x>".to_vec(), &[]),
    ]);
    file.items[7].content_type = "application/rdf+xml\0";
    file.items[2].name = "ZQX7MARK";
    file.primary = 3;
    file.properties.push(full(
        "auxC",
        0,
        0,
        b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha\0ZQX7MARK",
    ));
    file.properties
        .push(full("auxC", 0, 0, b"urn:ZQX7MARK:depth\0"));
    file.properties
        .push(full("udes", 0, 0, b"en\0ZQX7MARK\0ZQX7MARK\0\0"));
    file.references = vec![
        ("dimg", 3, vec![1, 2]),
        ("auxl", 4, vec![3]),
        ("thmb", 5, vec![3]),
        ("auxl", 6, vec![3]),
        ("cdsc", 7, vec![3]),
        ("cdsc", 8, vec![3]),
    ];
    file.gap = b"ZQX7MARK";
    file.handler = "ZQX7MARK";
    file
}

/// The same picture without anything else, and laid out otherwise.
fn bare_photo() -> File {
    let mut file = photo();
    file.items.truncate(4);
    file.items[2].name = "";
    file.items[2].properties.pop();
    file.properties.pop();
    file.properties[4] = full(
        "auxC",
        0,
        0,
        b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha\0",
    );
    file.references.truncate(2);
    file.gap = b"";
    file.handler = "";
    file
}

#[test]
fn the_picture_stays_and_everything_else_goes() {
    let (kind, clean, report) = cleaned(&photo().build()).unwrap();
    assert_eq!(kind, Kind::Avif);
    assert!(!holds(&clean, MARK));
    assert!(!report.is_empty());
    assert!(report.remarks().contains(&Remark::ExtraLayersLost));
    for seed in [1, 2, 3] {
        assert!(
            clean.windows(47).any(|w| w == pixels(seed)),
            "pixels {seed}"
        );
    }
    for seed in [4, 5] {
        assert!(
            !clean.windows(47).any(|w| w == pixels(seed)),
            "pixels {seed}"
        );
    }
}

#[test]
fn two_files_with_the_same_picture_come_out_the_same() {
    let (_, dirty, _) = cleaned(&photo().build()).unwrap();
    let (_, bare, report) = cleaned(&bare_photo().build()).unwrap();
    assert!(dirty == bare);
    assert!(report.is_empty());
}

#[test]
fn boxes_around_and_octets_behind_go() {
    let mut bytes = bare_photo().build();
    let (_, bare, _) = cleaned(&bytes).unwrap();
    bytes.extend(boxed("uuid", b"0123456789abcdefZQX7MARK"));
    bytes.extend(boxed("free", b"ZQX7MARK"));
    bytes.extend_from_slice(b"ZQX7MARK");
    let (_, clean, report) = cleaned(&bytes).unwrap();
    assert!(clean == bare);
    assert_eq!(report.findings().len(), 3);
}

#[test]
fn messages_between_the_pixels_go_and_light_levels_stay() {
    let levels = unit(5, &[1, 0, 9, 0, 9, 0x80]);
    let message = unit(5, b"\x04\xB5ZQX7MARK\x80");
    let padding = unit(15, b"ZQX7MARK\x80");
    let data = [unit(2, &[]), levels.clone(), message, padding, pixels(1)].concat();
    let file = File::new(vec![item("av01", data, &[0x81, 2, 3])]);
    let (_, clean, report) = cleaned(&file.build()).unwrap();
    assert!(!holds(&clean, MARK));
    assert!(clean.windows(levels.len()).any(|w| w == levels));
    assert!(clean.ends_with(&pixels(1)));
    // Both are told in the same words, and so only once.
    assert_eq!(report.findings().len(), 1);
}

#[test]
fn a_second_picture_is_lost_and_said_to_be() {
    let two = vec![
        item("av01", pixels(1), &[0x81, 2]),
        item("av01", pixels(2), &[0x81, 2]),
    ];
    let mut file = File::new(two);
    file.properties.truncate(2);
    let (_, clean, report) = cleaned(&file.build()).unwrap();
    assert!(clean.ends_with(&pixels(1)));
    assert_eq!(
        report.remarks(),
        [Remark::PicturesLost, Remark::ContentStays]
    );
}

fn refusal(file: &File) -> Refusal {
    let bytes = file.build();
    scrub(bytes.as_slice(), bytes.len() as u64)
        .err()
        .expect("it is refused")
}

#[test]
fn an_unknown_property_that_is_essential_is_refused() {
    let mut file = bare_photo();
    file.properties.push(boxed("zzzz", b"1234"));
    file.items[0].properties.push(0x86);
    assert!(matches!(refusal(&file), Refusal::Unsupported(_)));
    file.items[0].properties.pop();
    file.items[0].properties.push(0x06);
    cleaned(&file.build()).unwrap();
}

#[test]
fn pixels_within_another_item_are_refused() {
    let mut file = bare_photo();
    file.method = 2;
    assert!(matches!(refusal(&file), Refusal::Unsupported(_)));
}

#[test]
fn pixels_past_the_end_are_refused() {
    let mut bytes = bare_photo().build();
    bytes.pop();
    let refused = scrub(bytes.as_slice(), bytes.len() as u64);
    assert!(matches!(refused, Err(Refusal::Damaged)));
}

#[test]
fn a_grid_with_too_few_tiles_is_refused() {
    let mut file = bare_photo();
    file.references[0].2.pop();
    assert!(matches!(refusal(&file), Refusal::Damaged));
}

#[test]
fn a_grid_of_itself_is_refused() {
    let mut file = bare_photo();
    file.references[0].2[1] = 3;
    assert!(matches!(refusal(&file), Refusal::Unsupported(_)));
}

#[test]
fn a_file_without_a_primary_item_is_refused() {
    let mut bytes = bare_photo().build();
    let at = bytes.windows(4).position(|w| w == b"pitm").unwrap();
    bytes[at..at + 4].copy_from_slice(b"free");
    let refused = scrub(bytes.as_slice(), bytes.len() as u64);
    assert!(matches!(refused, Err(Refusal::Unsupported(_))));
}

#[test]
fn a_cut_or_changed_file_does_not_panic() {
    crate::hostile(&photo().build());
}
