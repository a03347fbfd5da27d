//! A statistical test of whether two kinds of octets can be told apart, whose false alarms are counted.
//!
//! For each sample a fair coin chooses the kind. If the kinds cannot be told apart, the coins say nothing
//! about the octets. Take any value that a position can have: among the `n` samples that have it there, the
//! difference `S` between the kinds is then a sum of `n` fair signs, independent of the other values'. For
//! such a sum E exp(λ·S²/n) ≤ (1 − 2λ)^(−1/2) holds exactly, so that by Chernoff's bound the statistic
//! X = Σ S²/n over `k` values, which is chi-square for large samples, has
//!
//! ```text
//! P(X ≥ x) ≤ (t·exp(1 − t))^(k/2),  t = x/k,  for every x ≥ k
//! ```
//!
//! whatever the distribution of the octets and however few the samples: nothing is approximated. The same
//! bound serves a bit that must be fair, whose zeros and ones are the signs.

use std::ops::Range;

/// How often a verdict on samples that cannot be told apart is an alarm, at most: one in fifty million. There
/// are fewer than 50 verdicts in this program, so fewer than one run in a million raises a false alarm.
const FALSE_ALARM: f64 = 2e-8;

/// A part of a sample.
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) octets: Vec<u8>,
    /// Whether every bit must be fair: the output of a cipher or of the system's random numbers. (An X25519
    /// share has a bit that is always zero, and ML-KEM rounds 3,329 values to 1,024.)
    pub(crate) fair: bool,
}

/// Counts, for each position of a sample, how often each kind has each value there.
#[derive(Default)]
pub(crate) struct Distinguisher {
    /// Per position 256 values, per value the two kinds.
    counts: Vec<[[u32; 2]; 256]>,
    fields: Vec<(&'static str, Range<usize>, bool)>,
}

impl Distinguisher {
    /// Takes one sample of the kind that the coin chose.
    pub(crate) fn add(&mut self, kind: bool, sample: &[Field]) {
        let whole = whole(sample);
        if self.counts.is_empty() {
            let mut at = 0;
            for field in sample.iter().chain([&whole]) {
                let range = at..at + field.octets.len();
                at = range.end;
                self.fields.push((field.name, range, field.fair));
            }
            self.counts = vec![[[0; 2]; 256]; at];
        }
        let octets = sample.iter().chain([&whole]).flat_map(|f| &f.octets);
        for (counts, octet) in self.counts.iter_mut().zip(octets) {
            counts[usize::from(*octet)][usize::from(kind)] += 1;
        }
    }

    /// An alarm names the field and the position that told the kinds apart, or were not fair.
    pub(crate) fn verdict(&self) -> Result<(), String> {
        // Per position one test of octets, and two of each of its eight bits.
        let tests = self.counts.len() * 17;
        let limit = (FALSE_ALARM / f64::from(u32::try_from(tests).unwrap())).ln();
        for (name, range, fair) in &self.fields {
            for (at, counts) in self.counts[range.clone()].iter().enumerate() {
                let alarm = |what: &str, ln_p: f64| {
                    Err(format!("{name}, octet {at}, {what}: p < e^{ln_p:.1}"))
                };
                let ln_p = ln_tail(counts.iter().map(|&[a, b]| (a, b)));
                if ln_p < limit {
                    return alarm("value", ln_p);
                }
                for bit in 0..8 {
                    let [zero, one] = [0, 1].map(|value| of_bit(counts, bit, value));
                    let ln_p = ln_tail([zero, one].into_iter());
                    if ln_p < limit {
                        return alarm(&format!("bit {bit}"), ln_p);
                    }
                    let ln_p = ln_tail([(zero.0 + zero.1, one.0 + one.1)].into_iter());
                    if *fair && ln_p < limit {
                        return alarm(&format!("fairness of bit {bit}"), ln_p);
                    }
                }
            }
        }
        Ok(())
    }
}

/// Things about a sample as a whole: how many bits are set, and how many octets repeat the one before.
fn whole(sample: &[Field]) -> Field {
    let octets: Vec<u8> = sample.iter().flat_map(|f| &f.octets).copied().collect();
    let ones: u32 = octets.iter().map(|octet| octet.count_ones()).sum();
    let repeats = octets.windows(2).filter(|pair| pair[0] == pair[1]).count();
    Field {
        name: "whole",
        octets: vec![(ones / 32) as u8, repeats as u8],
        fair: false,
    }
}

/// How often each kind has this value of this bit.
fn of_bit(counts: &[[u32; 2]; 256], bit: u32, value: usize) -> (u32, u32) {
    let of_value = (0..256).filter(|octet| (octet >> bit) & 1 == value);
    of_value.fold((0, 0), |(a, b), octet| {
        (a + counts[octet][0], b + counts[octet][1])
    })
}

/// The logarithm of the bound above.
fn ln_tail(values: impl Iterator<Item = (u32, u32)>) -> f64 {
    let (mut x, mut k) = (0.0, 0.0);
    for (a, b) in values.filter(|(a, b)| a + b > 0) {
        let difference = f64::from(a) - f64::from(b);
        x += difference * difference / f64::from(a + b);
        k += 1.0;
    }
    let t = x / k;
    if t > 1.0 {
        k / 2.0 * (t.ln() + 1.0 - t)
    } else {
        0.0
    }
}

/// A position among `places` equally likely ones: whether it was taken as often as chance has it.
///
/// By Hoeffding's inequality, P(|taken − samples/places| ≥ d) ≤ 2·exp(−2d²/samples).
pub(crate) fn is_even(taken: &[u32]) -> bool {
    let samples = f64::from(taken.iter().sum::<u32>());
    let places = f64::from(u32::try_from(taken.len()).unwrap());
    taken.iter().all(|&taken| {
        let d = f64::from(taken) - samples / places;
        2.0 * (-2.0 * d * d / samples).exp() >= FALSE_ALARM / places
    })
}

/// Fair coins from the system.
pub(crate) fn coins(count: usize) -> Vec<bool> {
    let mut octets = vec![0; count];
    getrandom::fill(&mut octets).unwrap();
    octets.iter().map(|octet| octet & 1 == 1).collect()
}
