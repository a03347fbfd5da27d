//! Scans whose codes are of every length: what is taken, and that nothing more is.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use crate::job::Job;
use crate::kind::Kind;
use crate::leak::{Dropped, Views};
use crate::plan::Plan;
use crate::source::Source;

/// One symbol for each length of a code: sizes, zeros and sizes, and runs of blocks.
const FIRST: [u8; 16] = [3, 0, 1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];
const OTHERS: [u8; 16] = [
    0x01, 0x00, 0x11, 0xF0, 0x02, 0x31, 0x10, 0x2A, 0x07, 0x20, 0x21, 0x1F, 0x0F, 0x03, 0xE1, 0x30,
];
/// Pixels of a side, and blocks of the picture: its scan is longer than what is read at a time.
const SIDE: u16 = 1000;
const BLOCKS: usize = 125 * 125;

fn accepts(file: &[u8]) -> bool {
    let file = Source::memory(file);
    let dropped = Dropped::gather(Kind::Jpeg, &file, &Plan::new(), &Job::new()).unwrap();
    super::verify(&file, &mut Views::new(&dropped)).is_ok()
}

fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
    let len = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
    [&[0xFF, marker], &len[..], content].concat()
}

fn table(front: u8, symbols: [u8; 16]) -> Vec<u8> {
    segment(0xC4, &[&[front][..], &[1; 16], &symbols].concat())
}

/// A grey picture, up to its first scan.
fn front(kind: u8) -> Vec<u8> {
    let [h, l] = SIDE.to_be_bytes();
    let frame = segment(kind, &[8, h, l, h, l, 1, 1, 0x11, 0]);
    [vec![0xFF, 0xD8], segment(0xDB, &[0; 65]), frame].concat()
}

fn scan(tables: u8, band: [u8; 3]) -> Vec<u8> {
    segment(0xDA, &[&[1, 1, tables][..], &band].concat())
}

fn sequential(interval: u16, scans: &[u8]) -> Vec<u8> {
    let tables = [table(0, FIRST), table(0x10, OTHERS)].concat();
    let mut file = [front(0xC0), tables].concat();
    if interval > 0 {
        file.extend(segment(0xDD, &interval.to_be_bytes()));
    }
    [&file[..], &scan(0, [0, 63, 0]), scans, &[0xFF, 0xD9]].concat()
}

/// Chance that is the same each time.
struct Chance(u32);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 8) as usize % end
    }
}

/// Bits, highest first.
struct Pen(Vec<bool>);

impl Pen {
    fn code(&mut self, symbols: [u8; 16], symbol: u8) {
        let length = symbols.iter().position(|&own| own == symbol).unwrap();
        self.0.extend(std::iter::repeat_n(true, length));
        self.0.push(false);
    }

    fn noise(&mut self, count: usize, chance: &mut Chance) {
        // Many ones, for octets that are stuffed.
        self.0.extend((0..count).map(|_| chance.below(8) > 0));
    }

    fn octets(mut self, spare: bool) -> Vec<u8> {
        self.0.resize(self.0.len().next_multiple_of(8), spare);
        let octet = |bits: &[bool]| {
            bits.iter()
                .fold(0, |octet, &bit| octet << 1 | u8::from(bit))
        };
        let octets = self.0.chunks(8).map(octet);
        octets
            .flat_map(|octet| [octet, 0].into_iter().take(1 + usize::from(octet == 0xFF)))
            .collect()
    }
}

/// One block of a sequential scan.
fn block(pen: &mut Pen, chance: &mut Chance) {
    let size = FIRST[chance.below(4) * chance.below(6)];
    pen.code(FIRST, size);
    pen.noise(size.into(), chance);
    let mut at = 1;
    while at < 64 {
        let symbol = OTHERS[chance.below(5) * chance.below(4) + chance.below(4)];
        pen.code(OTHERS, symbol);
        pen.noise((symbol & 15).into(), chance);
        let ends = symbol.is_multiple_of(16) && symbol != 0xF0;
        at += if ends { 64 } else { symbol / 16 + 1 };
    }
}

/// So many blocks, of which the last octet has spare bits.
fn blocks(count: usize, chance: &mut Chance) -> Pen {
    loop {
        let mut pen = Pen(Vec::new());
        (0..count).for_each(|_| block(&mut pen, chance));
        if !pen.0.len().is_multiple_of(8) {
            return pen;
        }
    }
}

/// What the codes of a scan say, bit by bit.
fn is_right(octets: &[u8], count: usize) -> bool {
    let marker = octets
        .windows(2)
        .position(|two| two[0] == 0xFF && two[1] != 0);
    let (scan, rest) = octets.split_at(marker.unwrap());
    if rest != [0xFF, 0xD9] {
        return false;
    }
    let octets = (0..scan.len()).filter(|&at| at == 0 || scan[at - 1] != 0xFF);
    let bits: Vec<bool> = octets
        .flat_map(|at| (0..8).rev().map(move |bit| scan[at] >> bit & 1 == 1))
        .collect();
    let mut at = 0;
    let symbol = |at: &mut usize, symbols: [u8; 16]| {
        let rest = bits.get(*at..).unwrap_or_default();
        let ones = rest.iter().take(16).take_while(|&&bit| bit).count();
        *at += ones + 1;
        (symbols.get(ones).copied(), rest.len() <= ones)
    };
    for _ in 0..count {
        let mut place = 0_u8;
        while place < 64 {
            let symbols = if place == 0 { FIRST } else { OTHERS };
            match symbol(&mut at, symbols) {
                // Cut short.
                (_, true) => return true,
                (None, false) => return false,
                (Some(size), false) if place == 0 => (at, place) = (at + usize::from(size), 1),
                (Some(code), false) => {
                    at += usize::from(code & 15);
                    let ends = code.is_multiple_of(16) && code != 0xF0;
                    place += if ends { 64 } else { code / 16 + 1 };
                }
            }
            if at > bits.len() {
                return true;
            }
        }
    }
    bits.len() - at < 8 && bits[at..].iter().all(|&bit| bit)
}

#[test]
fn codes_of_every_length_are_followed_to_the_last_block() {
    let mut chance = Chance(1);
    let scan = blocks(BLOCKS, &mut chance).octets(true);
    assert!(scan.windows(2).any(|two| two == [0xFF, 0]));
    assert!(accepts(&sequential(0, &scan)));
    for more in [
        &[0][..],
        &[0x5A],
        &[0xFF, 0],
        &[0xFF],
        &[0xFF, 0xD0],
        b"more",
    ] {
        assert!(
            !accepts(&sequential(0, &[&scan[..], more].concat())),
            "{more:?}"
        );
    }
}

#[test]
fn spare_bits_are_set() {
    let pen = blocks(BLOCKS, &mut Chance(2));
    assert!(!accepts(&sequential(0, &pen.octets(false))));
}

#[test]
fn a_scan_may_be_cut_short_at_any_octet() {
    let scan = blocks(BLOCKS, &mut Chance(3)).octets(true);
    for left in (0..40).chain(scan.len() - 40..scan.len()) {
        let is_stuffed = left > 0 && scan[left - 1] == 0xFF;
        let file = sequential(0, &scan[..left]);
        assert!(is_stuffed || accepts(&file), "{left}");
        // Without a marker.
        assert!(!accepts(&file[..file.len() - 2]));
    }
}

#[test]
fn nothing_stands_between_restart_intervals() {
    let mut chance = Chance(4);
    for interval in [1_u16, 7, 125, 15_624] {
        let (mut scan, mut ends, mut left) = (Vec::new(), Vec::new(), BLOCKS);
        for restart in (0xD0..=0xD7).cycle() {
            let now = left.min(interval.into());
            scan.extend(blocks(now, &mut chance).octets(true));
            ends.push(scan.len());
            left -= now;
            if left == 0 {
                break;
            }
            scan.extend([0xFF, restart]);
        }
        assert!(accepts(&sequential(interval, &scan)));
        for &end in &[ends[0], ends[ends.len() / 2], scan.len()] {
            for more in [&[0xFF, 0][..], &[0x7F], &[0xFF, 0xD0]] {
                let longer = [&scan[..end], more, &scan[end..]].concat();
                // One restart more is an empty interval, so that another one is too many.
                assert!(
                    !accepts(&sequential(interval, &longer)),
                    "{interval} {more:?}"
                );
            }
        }
    }
}

#[test]
fn changed_octets_are_judged_as_bit_by_bit() {
    let (mut chance, mut taken) = (Chance(5), 0);
    for _ in 0..2000 {
        let count = 1 + chance.below(8);
        let mut octets = blocks(count, &mut chance).octets(true);
        for _ in 0..=chance.below(3) {
            let at = chance.below(octets.len());
            octets[at] = [0, 0xFF, 0xFE, 0x7F, 0x55][chance.below(5)];
        }
        let ended = [&octets[..], &[0xFF, 0xD9]].concat();
        let is_taken = accepts(&with_blocks(count, &octets));
        assert_eq!(is_taken, is_right(&ended, count), "{count} {octets:?}");
        taken += usize::from(is_taken);
    }
    assert!((100..1900).contains(&taken), "{taken}");
}

/// A picture of one row of blocks.
fn with_blocks(count: usize, scan: &[u8]) -> Vec<u8> {
    let mut file = sequential(0, scan);
    let frame = file.windows(2).position(|two| two == [0xFF, 0xC0]).unwrap();
    let [h, l] = u16::try_from(8 * count).unwrap().to_be_bytes();
    file[frame + 5..frame + 9].copy_from_slice(&[0, 8, h, l]);
    file
}
