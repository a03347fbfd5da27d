//! What in a text a reader could trace to its writer: numbers, addresses, names, and turns of phrase that only a few
//! people could have written.
//!
//! An aid, not a promise: it points, the writer decides. The scanners are written by hand: each looks at a character
//! a bounded number of times, so that no text makes them slow, and a program for the browser stays small (`regex`
//! with its Unicode tables is about a megabyte there, `phonenumber` several with its own).

mod addresses;
mod arabic;
mod english;
mod folded;
mod given;
mod identity;
mod keywords;
mod names;
mod numbers;
mod phones;
mod phrases;
mod places;

use std::ops::Range;

use self::folded::Folded;
use crate::report::codes;

codes! {
    /// What a passage may tell about the writer, or about somebody who would then know the writer.
    Clue {
        /// A phone number.
        Phone = "check-phone";
        /// An e-mail address.
        Email = "check-email";
        /// A web address.
        Web = "check-web";
        /// A name in a social network or messenger.
        Account = "check-account";
        /// A number of an identity card or residence permit.
        NationalId = "check-national-id";
        /// A number of a passport.
        Passport = "check-passport";
        /// A bank account.
        Iban = "check-iban";
        /// A payment card.
        Card = "check-card";
        /// A number plate.
        Plate = "check-plate";
        /// A position or a link to a map.
        Coordinates = "check-coordinates";
        /// An address on the internet.
        IpAddress = "check-ip-address";
        /// The number of a network card.
        MacAddress = "check-mac-address";
        /// The number of a phone as a device.
        Imei = "check-imei";
        /// A folder that is named after its user.
        Path = "check-path";
        /// The number of an employee, student, patient, order or complaint.
        Reference = "check-reference";
        /// A birthday or an age.
        Birth = "check-birth";
        /// The writer's name.
        Name = "check-name";
        /// That only the writer, or few people, can know it.
        OnlyI = "check-only-i";
        /// The writer's family or neighbours.
        Kin = "check-kin";
        /// The writer's work or school: place, post, superiors.
        Work = "check-work";
        /// How to reach the writer.
        Contact = "check-contact";
        /// Where the writer lives.
        Home = "check-home";
        /// That the writer was there, or spoke with those of whom the tip tells.
        Witness = "check-witness";
    }
}

codes! {
    /// How certain a hit is.
    Certainty {
        /// Worth a look.
        Hint = "certainty-hint";
        /// It has the form, or stands beside a word for it.
        Likely = "certainty-likely";
        /// The form leaves no doubt, or a check digit fits.
        Sure = "certainty-sure";
    }
}

/// A passage that may identify.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// What it may tell.
    pub what: Clue,
    /// Where it stands: octets of the text, on the bounds of characters.
    pub range: Range<usize>,
    /// How certain that is.
    pub certainty: Certainty,
}

/// Looks for what may identify the writer of a text. The hits come in order and do not overlap.
///
/// Takes time linear in the length of the text.
pub fn check(text: &str) -> Vec<Hit> {
    let folded = Folded::of(text);
    let mut found = Found { hits: Vec::new() };
    addresses::scan(&folded, &mut found);
    places::scan(&folded, &mut found);
    identity::scan(&folded, &mut found);
    numbers::scan(&folded, &mut found);
    phrases::scan(&folded, text, &mut found);
    let hits = found.hits.into_iter().map(|hit| Hit {
        range: folded.original(hit.range),
        ..hit
    });
    largest(hits.filter(|hit| !hit.range.is_empty()).collect())
}

/// What the scanners have found, in octets of the folded text.
struct Found {
    hits: Vec<Hit>,
}

impl Found {
    fn push(&mut self, what: Clue, range: Range<usize>, certainty: Certainty) {
        self.hits.push(Hit {
            what,
            range,
            certainty,
        });
    }
}

/// Of hits that overlap, the one that begins first and is longest.
fn largest(mut hits: Vec<Hit>) -> Vec<Hit> {
    hits.sort_by(|a, b| {
        let order = a.range.start.cmp(&b.range.start);
        order
            .then(b.range.end.cmp(&a.range.end))
            .then(b.certainty.cmp(&a.certainty))
    });
    let mut kept: Vec<Hit> = Vec::with_capacity(hits.len());
    for hit in hits {
        match kept.last_mut() {
            Some(last) if hit.range.start < last.range.end => {
                // A long guess gives way to what is certain within it.
                if hit.certainty > last.certainty && hit.range.end >= last.range.end {
                    *last = hit;
                }
            }
            _ => kept.push(hit),
        }
    }
    kept
}

#[cfg(test)]
mod tests;
