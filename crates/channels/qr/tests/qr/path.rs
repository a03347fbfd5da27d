//! Sealed, drawn, read in any order, joined, opened, and equal at the end.

use hamsa_channel_qr::{Code, MAX_TEXT, code_of_text, from_qr, to_qr};
use hamsa_core::{
    Arrived, CleanFile, Collected, Collector, Envelope, Identity, KeyRing, MediaType, PartError,
    Recipients, Tip, open, seal, seal_short,
};
use image::{GrayImage, Luma};

use crate::made::{Random, envelope, short};
use crate::read_all;

const ARABIC: &str =
    "شاحنة بيضاء تقف خلف المستودع كل ليلة عند الثانية، وينزل منها رجال يحملون صناديق إلى القبو. ";
const ENGLISH: &str =
    "A white van stops behind the warehouse each night at two, and men carry boxes to the cellar. ";

/// The envelopes that are whole, and the numbers of the parts that are missing.
fn collect(arrived: Arrived) -> (Vec<Envelope>, Vec<u16>) {
    assert!(arrived.unreadable.is_empty(), "{:?}", arrived.unreadable);
    let mut collector = Collector::new();
    let mut whole = Vec::new();
    for sealed in arrived.sealed {
        if let Collected::Envelope(envelope) = collector.take(sealed) {
            whole.push(envelope);
        }
    }
    let missing = collector.open_groups().flat_map(|group| group.missing);
    (whole, missing.flatten().collect())
}

struct Agency {
    keys: KeyRing,
    to: Recipients,
}

impl Agency {
    fn new() -> Self {
        let (full, short) = (
            Identity::generate().unwrap(),
            Identity::generate_x25519().unwrap(),
        );
        let to = Recipients::danger_bare(vec![full.recipient().unwrap()], short.recipient());
        let mut keys = KeyRing::new();
        keys.add(full);
        keys.add(short);
        Self {
            keys,
            to: to.unwrap(),
        }
    }

    fn full(&self, text: &str, attachment: &[u8]) -> Envelope {
        let mut tip = Tip::new(text.to_owned().into()).unwrap();
        if !attachment.is_empty() {
            let len = attachment.len() as u64;
            let file = CleanFile::danger_vouched(MediaType::parse("image/png"), len, attachment);
            tip = tip.attach(file).unwrap();
        }
        seal(tip, &self.to).unwrap()
    }

    fn opens(&self, envelope: &Envelope, text: &str, attachment: &[u8]) {
        let (tip, attachments) = open(envelope.as_bytes(), &self.keys).unwrap();
        assert_eq!(tip.text(), text);
        let attachments: Vec<u8> = attachments.iter().flat_map(|one| one.to_vec()).collect();
        assert_eq!(attachments, attachment);
    }
}

#[test]
fn short_envelopes_of_every_length_are_one_code_and_open() {
    let agency = Agency::new();
    for sentence in [ARABIC, ENGLISH] {
        for characters in [1, 70, 160, 300, 500, 1000] {
            let text: String = sentence.chars().cycle().take(characters).collect();
            let envelope = seal_short(&text, &agency.to).unwrap();
            let codes = to_qr(&envelope).unwrap();
            assert_eq!(codes.len(), 1);
            assert_eq!((codes[0].number(), codes[0].count()), (1, 1));
            let (whole, missing) = collect(read_all(&codes));
            assert!(whole == [envelope] && missing.is_empty());
            agency.opens(&whole[0], &text, &[]);
        }
    }
}

#[test]
fn full_envelopes_are_a_series_and_open() {
    let agency = Agency::new();
    let picture: Vec<u8> = (0..9_000_u32).map(|at| (at % 251) as u8).collect();
    for (sentence, attachment) in [(ARABIC, [].as_slice()), (ENGLISH, &[]), (ARABIC, &picture)] {
        let text: String = sentence.chars().cycle().take(2000).collect();
        let envelope = agency.full(&text, attachment);
        let mut codes = to_qr(&envelope).unwrap();
        let numbers: Vec<u16> = codes.iter().map(Code::number).collect();
        assert_eq!(numbers, (1..=codes[0].count()).collect::<Vec<u16>>());
        codes.reverse();
        let (whole, missing) = collect(read_all(&codes));
        assert!(whole == [envelope] && missing.is_empty());
        agency.opens(&whole[0], &text, attachment);
    }
}

#[test]
fn in_any_order_repeated_and_mixed_all_are_joined_and_what_is_lost_is_named() {
    let mut random = Random(21);
    let envelopes: Vec<Envelope> = [900, 2500, 4000, 6100]
        .into_iter()
        .map(|len| envelope(&mut random, len))
        .collect();
    let mut codes = Vec::new();
    let mut lost = Vec::new();
    for (at, envelope) in envelopes.iter().enumerate() {
        for code in to_qr(envelope).unwrap() {
            // The last loses its second code.
            if at == 3 && code.number() == 2 {
                lost.push(code.number());
                continue;
            }
            codes.push(code);
        }
    }
    let mut order: Vec<usize> = (0..codes.len()).chain([0, 1, codes.len() - 1]).collect();
    random.shuffle(&mut order);
    let mut arrived = Arrived::default();
    arrived.extend(order.iter().map(|&at| from_qr(&codes[at].to_png())));
    let (whole, missing) = collect(arrived);
    assert_eq!(missing, lost);
    assert_eq!(whole.len(), 3);
    assert!(
        envelopes[..3]
            .iter()
            .all(|envelope| whole.contains(envelope))
    );
}

#[test]
fn a_text_too_long_for_any_code_is_refused() {
    assert!(code_of_text(&"a".repeat(2331)).is_ok());
    for text in ["a".repeat(2332), "1".repeat(5597)] {
        assert!(matches!(code_of_text(&text), Err(PartError::TooLong)));
    }
}

#[test]
fn a_code_of_a_series_is_of_version_25() {
    let code = code_of_text(&"_".repeat(MAX_TEXT)).unwrap();
    let rows = code.to_terminal().lines().count();
    assert_eq!(rows, (17 + 4 * 25_usize + 8).div_ceil(2));
    let longer = code_of_text(&"_".repeat(MAX_TEXT + 1)).unwrap();
    assert!(longer.to_terminal().lines().count() > rows);
}

/// A half block is two modules, one above the other; a font draws it twice as high as wide.
#[test]
fn what_a_terminal_shows_is_read() {
    let envelope = short(&mut Random(22), 71);
    let code = &to_qr(&envelope).unwrap()[0];
    let lines: Vec<Vec<char>> = code
        .to_terminal()
        .lines()
        .map(|line| {
            line.chars()
                .filter(|shown| " ▀▄█".contains(*shown))
                .collect()
        })
        .collect();
    let side = u32::try_from(lines[0].len()).unwrap() * 6;
    let picture = GrayImage::from_fn(side, side, |x, y| {
        let shown = lines[(y / 12) as usize][(x / 6) as usize];
        let half = if y / 6 % 2 == 0 { '▀' } else { '▄' };
        Luma([if shown == half || shown == '█' {
            0
        } else {
            255
        }])
    });
    let mut file = std::io::Cursor::new(Vec::new());
    picture
        .write_to(&mut file, image::ImageFormat::Png)
        .unwrap();
    let (whole, _) = collect(from_qr(&file.into_inner()));
    assert!(whole == [envelope]);
}

/// What stands below the code, in rows of modules: from the first dark row below its quiet zone to the last.
fn below(code: &Code) -> Vec<String> {
    let picture = image::load_from_memory(&code.to_png())
        .unwrap()
        .into_luma8();
    let module = hamsa_channel_qr::MODULE_PIXELS as u32;
    let side = picture.width() / module;
    let dark = |x, y| picture.get_pixel(x * module, y * module).0 == [0];
    let row = |y| {
        let row = (0..side).map(|x| if dark(x, y) { '#' } else { ' ' });
        row.collect::<String>().trim_end().to_owned()
    };
    let rows: Vec<String> = (side..picture.height() / module).map(row).collect();
    let indent = |row: &String| row.find('#').unwrap_or(row.len());
    let drawn = rows.iter().filter(|row| !row.is_empty());
    let left = drawn.clone().map(indent).min().unwrap_or(0);
    drawn.map(|row| row[left..].to_owned()).collect()
}

#[test]
fn a_code_of_a_series_has_its_number_below_it_and_one_alone_has_none() {
    let codes = to_qr(&envelope(&mut Random(5), 9530)).unwrap();
    assert_eq!(codes.len(), 14);
    assert_eq!(
        below(&codes[3]),
        [
            "# #       #      #  # #",
            "# #       #     ##  # #",
            "###      #       #  ###",
            "  #     #        #    #",
            "  #     #       ###   #",
        ]
    );
    let alone = to_qr(&short(&mut Random(6), 71)).unwrap();
    assert_eq!(below(&alone[0]), [""; 0]);
    let svg = codes[3].to_svg();
    let head = format!("viewBox=\"0 0 {0} {1}\"", 125, 125 + 9);
    assert!(svg.contains(&head), "{}", svg.lines().next().unwrap());
}
