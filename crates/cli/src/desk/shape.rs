//! The joined forms of Arabic letters, for terminals that show every letter by itself.
//!
//! Terminals that join letters leave these characters as they are. They are only ever shown: a tip never holds one.

/// A letter, its isolated form in Unicode's Arabic Presentation Forms, and how many forms follow from there: isolated,
/// final, initial, medial.
type Letter = (char, char, u8);

/// In the order of the first column, which is searched.
const LETTERS: [Letter; 49] = [
    ('\u{621}', '\u{fe80}', 1),
    ('\u{622}', '\u{fe81}', 2),
    ('\u{623}', '\u{fe83}', 2),
    ('\u{624}', '\u{fe85}', 2),
    ('\u{625}', '\u{fe87}', 2),
    ('\u{626}', '\u{fe89}', 4),
    ('\u{627}', '\u{fe8d}', 2),
    ('\u{628}', '\u{fe8f}', 4),
    ('\u{629}', '\u{fe93}', 2),
    ('\u{62a}', '\u{fe95}', 4),
    ('\u{62b}', '\u{fe99}', 4),
    ('\u{62c}', '\u{fe9d}', 4),
    ('\u{62d}', '\u{fea1}', 4),
    ('\u{62e}', '\u{fea5}', 4),
    ('\u{62f}', '\u{fea9}', 2),
    ('\u{630}', '\u{feab}', 2),
    ('\u{631}', '\u{fead}', 2),
    ('\u{632}', '\u{feaf}', 2),
    ('\u{633}', '\u{feb1}', 4),
    ('\u{634}', '\u{feb5}', 4),
    ('\u{635}', '\u{feb9}', 4),
    ('\u{636}', '\u{febd}', 4),
    ('\u{637}', '\u{fec1}', 4),
    ('\u{638}', '\u{fec5}', 4),
    ('\u{639}', '\u{fec9}', 4),
    ('\u{63a}', '\u{fecd}', 4),
    ('\u{641}', '\u{fed1}', 4),
    ('\u{642}', '\u{fed5}', 4),
    ('\u{643}', '\u{fed9}', 4),
    ('\u{644}', '\u{fedd}', 4),
    ('\u{645}', '\u{fee1}', 4),
    ('\u{646}', '\u{fee5}', 4),
    ('\u{647}', '\u{fee9}', 4),
    ('\u{648}', '\u{feed}', 2),
    ('\u{649}', '\u{feef}', 2),
    ('\u{64a}', '\u{fef1}', 4),
    // Persian, Kurdish, Pashto, Urdu.
    ('\u{679}', '\u{fb66}', 4),
    ('\u{67e}', '\u{fb56}', 4),
    ('\u{686}', '\u{fb7a}', 4),
    ('\u{688}', '\u{fb88}', 2),
    ('\u{691}', '\u{fb8c}', 2),
    ('\u{698}', '\u{fb8a}', 2),
    ('\u{6a9}', '\u{fb8e}', 4),
    ('\u{6af}', '\u{fb92}', 4),
    ('\u{6ba}', '\u{fb9e}', 2),
    ('\u{6be}', '\u{fbaa}', 4),
    ('\u{6c1}', '\u{fba6}', 4),
    ('\u{6cc}', '\u{fbfc}', 4),
    ('\u{6d2}', '\u{fbae}', 2),
];

const LAM: char = '\u{644}';
const TATWEEL: char = '\u{640}';

fn find(letter: char) -> Option<Letter> {
    let at = LETTERS.binary_search_by_key(&letter, |&(l, _, _)| l).ok()?;
    LETTERS.get(at).copied()
}

/// Whether the letter holds on to the one before it.
pub(crate) fn joins_back(letter: char) -> bool {
    letter == TATWEEL || find(letter).is_some_and(|(_, _, forms)| forms > 1)
}

/// Whether the letter holds on to the one behind it.
pub(crate) fn joins_on(letter: char) -> bool {
    letter == TATWEEL || find(letter).is_some_and(|(_, _, forms)| forms == 4)
}

/// What lam and the letter behind it make together: the isolated form of the ligature.
pub(crate) fn lam_and(lam: char, letter: char) -> Option<char> {
    let ligature = match letter {
        '\u{622}' => '\u{fef5}',
        '\u{623}' => '\u{fef7}',
        '\u{625}' => '\u{fef9}',
        '\u{627}' => '\u{fefb}',
        _ => return None,
    };
    (lam == LAM).then_some(ligature)
}

/// The form of a ligature of [`lam_and`] beside what stands before it.
pub(crate) fn ligature(isolated: char, held_before: bool) -> char {
    after(isolated, u32::from(held_before))
}

/// The form of a letter, held by the one before it and by the one behind it or not. Other characters stay.
pub(crate) fn form(letter: char, held_before: bool, held_behind: bool) -> char {
    let Some((_, isolated, forms)) = find(letter) else {
        return letter;
    };
    let before = u32::from(held_before && forms > 1);
    let behind = u32::from(held_behind && forms == 4);
    after(isolated, before + 2 * behind)
}

fn after(first: char, steps: u32) -> char {
    char::from_u32(u32::from(first) + steps).unwrap_or(first)
}

/// What a character looks like among characters that run from right to left: `(` closes what `)` opened.
pub(crate) fn mirrored(c: char) -> char {
    const PAIRS: [(char, char); 8] = [
        ('(', ')'),
        ('[', ']'),
        ('{', '}'),
        ('<', '>'),
        ('«', '»'),
        ('‹', '›'),
        ('≤', '≥'),
        ('⟨', '⟩'),
    ];
    let pair = PAIRS.iter().find_map(|&(left, right)| {
        [(left, right), (right, left)]
            .into_iter()
            .find_map(|(from, to)| (from == c).then_some(to))
    });
    pair.unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_in_order_so_that_they_are_found() {
        assert!(LETTERS.is_sorted_by_key(|&(letter, _, _)| letter));
    }

    #[test]
    fn letters_take_the_form_of_their_place() {
        let beh = '\u{628}';
        let forms = [(false, false), (true, false), (false, true), (true, true)];
        assert_eq!(
            forms.map(|(before, behind)| form(beh, before, behind)),
            ['\u{fe8f}', '\u{fe90}', '\u{fe91}', '\u{fe92}']
        );
        // Alef holds nothing behind it.
        assert_eq!(form('\u{627}', true, true), '\u{fe8e}');
        assert_eq!(form('\u{621}', true, true), '\u{fe80}');
        assert_eq!(form('x', true, true), 'x');
        assert!(joins_on(beh) && !joins_on('\u{627}') && joins_back('\u{627}'));
        assert!(!joins_back('\u{621}') && joins_on(TATWEEL) && !joins_back('x'));
    }

    #[test]
    fn lam_and_alef_are_one() {
        let both = lam_and(LAM, '\u{627}').expect("a ligature");
        assert_eq!(
            (ligature(both, false), ligature(both, true)),
            ('\u{fefb}', '\u{fefc}')
        );
        assert!(lam_and('\u{628}', '\u{627}').is_none() && lam_and(LAM, LAM).is_none());
    }

    #[test]
    fn brackets_turn_around() {
        assert_eq!(['(', ']', '«', 'a'].map(mirrored), [')', '[', '»', 'a']);
    }
}
