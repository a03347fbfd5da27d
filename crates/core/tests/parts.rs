//! Parts: any order, any repetition, any loss; forged ones; the bounds of the collector.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

use hamsa_core::{Collected, Collector, Envelope, Part, PartError, cut};

/// Numbers that look random and are the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        // xorshift64*
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(high).unwrap() % limit
    }

    fn octets(&mut self, len: usize) -> Vec<u8> {
        (0..len)
            .map(|_| u8::try_from(self.below(256)).unwrap())
            .collect()
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

/// Something of an envelope's shape, of `len` octets or a few more: the header of an age file, and random octets.
fn envelope(random: &mut Random, len: usize) -> Envelope {
    let mut bytes = format!(
        "age-encryption.org/v1\n-> X25519 {}\n{}\n--- {}\n",
        "A".repeat(43),
        "A".repeat(43),
        "A".repeat(43)
    )
    .into_bytes();
    let rest = len.saturating_sub(bytes.len()).max(16 + 17);
    bytes.extend(random.octets(rest));
    Envelope::parse(&bytes).unwrap()
}

#[test]
fn parts_of_a_thousand_envelopes_in_any_order_and_repeated_are_joined() {
    let mut random = Random(1);
    let envelopes: Vec<Envelope> = (0..1000)
        .map(|_| {
            let len = 120 + random.below(3000);
            envelope(&mut random, len)
        })
        .collect();
    let mut parts = Vec::new();
    for envelope in &envelopes {
        let most = 40 + random.below(200);
        for part in cut(envelope, most).unwrap() {
            assert!(part.as_bytes().len() <= most);
            for _ in 0..=random.below(3) {
                parts.push(part.clone());
            }
        }
    }
    random.shuffle(&mut parts);
    let mut collector = Collector::new();
    let mut whole = Vec::new();
    for part in parts {
        let part = Part::from_text(&part.to_text()).unwrap();
        if let Collected::Envelope(envelope) = collector.push(part) {
            whole.push(envelope);
        }
    }
    assert_eq!(collector.open_groups().count(), 0);
    let sorted = |envelopes: Vec<Envelope>| {
        let mut bytes: Vec<Vec<u8>> = envelopes.into_iter().map(Envelope::into_bytes).collect();
        bytes.sort();
        bytes
    };
    assert_eq!(sorted(whole), sorted(envelopes));
}

#[test]
fn what_is_lost_is_named() {
    let mut random = Random(2);
    for _ in 0..300 {
        let len = 100 + random.below(5000);
        let envelope = envelope(&mut random, len);
        let parts = cut(&envelope, 30 + random.below(100)).unwrap();
        let lost: Vec<bool> = parts.iter().map(|_| random.below(4) == 0).collect();
        let mut collector = Collector::new();
        let mut joined = None;
        for (part, _) in parts.iter().zip(&lost).filter(|(_, lost)| !**lost) {
            if let Collected::Envelope(found) = collector.push(part.clone()) {
                joined = Some(found);
            }
        }
        let named: Vec<u16> = collector
            .open_groups()
            .flat_map(|group| group.missing)
            .flatten()
            .collect();
        let missing: Vec<u16> = parts
            .iter()
            .zip(&lost)
            .filter(|(_, lost)| **lost)
            .map(|(part, _)| part.number())
            .collect();
        if missing.is_empty() {
            assert!(joined.as_ref() == Some(&envelope));
        } else if missing.len() < parts.len() {
            assert_eq!(named, missing);
            assert!(joined.is_none());
        }
    }
}

#[test]
fn a_forged_part_does_not_keep_the_true_one_out() {
    let envelope = envelope(&mut Random(3), 1000);
    let parts = cut(&envelope, 120).unwrap();
    let forged = forge(&parts[3]);
    for order in [[0, 1], [1, 0]] {
        let mut collector = Collector::new();
        let pair = [forged.clone(), parts[3].clone()];
        let mut last = Collected::Waiting;
        for at in order {
            last = collector.push(pair[at].clone());
        }
        for part in parts.iter().filter(|part| part.number() != 4) {
            last = collector.push(part.clone());
        }
        assert!(last == Collected::Envelope(envelope.clone()));
    }
    // The true one comes last.
    let mut collector = Collector::new();
    for part in parts.iter().filter(|part| part.number() != 4) {
        collector.push(part.clone());
    }
    assert!(collector.push(forged) == Collected::Waiting);
    assert!(collector.push(parts[3].clone()) == Collected::Envelope(envelope));
}

/// The same part with another piece, and a check that fits: anybody can make one.
fn forge(part: &Part) -> Part {
    use sha2::{Digest, Sha256};
    let mut bytes = part.as_bytes().to_vec();
    let end = bytes.len() - 4;
    bytes[20] ^= 1;
    let check = Sha256::new()
        .chain_update(b"hamsa part v1")
        .chain_update(&bytes[..end])
        .finalize();
    bytes[end..].copy_from_slice(&check[..4]);
    Part::parse(&bytes).unwrap()
}

#[test]
fn memory_stays_within_its_limits() {
    let mut random = Random(4);
    let mut collector = Collector::with_limits(8, 12_000);
    let kept = envelope(&mut random, 500);
    let kept = cut(&kept, 100).unwrap();
    for _ in 0..1000 {
        // The first part of something that never becomes whole; now and then a part of what does.
        let other = envelope(&mut random, 2000);
        assert!(collector.push(cut(&other, 1000).unwrap()[0].clone()) == Collected::Waiting);
        collector.push(kept[0].clone());
        assert!(collector.open_groups().count() <= 8);
    }
    let mut last = Collected::Waiting;
    for part in kept {
        last = collector.push(part);
    }
    assert!(
        matches!(last, Collected::Envelope(_)),
        "who goes on is not forgotten"
    );
}

#[test]
fn a_part_that_claims_65535_parts_costs_what_it_holds() {
    let envelope = envelope(&mut Random(5), 65_535);
    let parts = cut(&envelope, 18).unwrap();
    assert_eq!((parts.len(), parts[0].count()), (65_535, 65_535));
    let mut collector = Collector::with_limits(8, 1000);
    assert!(collector.push(parts[9].clone()) == Collected::Waiting);
    let open: Vec<_> = collector.open_groups().collect();
    assert_eq!(open[0].missing, [1..=9, 11..=65_535]);
}

#[test]
fn whatever_is_not_one_whole_part_is_refused() {
    let part = cut(&envelope(&mut Random(6), 300), 200).unwrap().remove(0);
    let bytes = part.as_bytes();
    for end in 0..bytes.len() {
        assert!(Part::parse(&bytes[..end]).is_err());
    }
    for at in 0..bytes.len() {
        for bit in 0..8 {
            let mut changed = bytes.to_vec();
            changed[at] ^= 1 << bit;
            assert!(Part::parse(&changed).is_err(), "octet {at}");
        }
    }
    assert!(matches!(Part::from_text("a tip"), Err(PartError::NotAPart)));
    assert!(matches!(
        cut(&envelope(&mut Random(7), 300), 17),
        Err(PartError::TooShort)
    ));
    assert!(matches!(
        cut(&envelope(&mut Random(7), 65_536), 18),
        Err(PartError::TooShort)
    ));
}
