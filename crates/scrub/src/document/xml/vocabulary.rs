//! The names that a family of documents may use, read from a list in a text file.

use std::collections::HashSet;

/// Elements, attributes, and attributes whose values are free text, each with the prefix of where it stands.
pub(crate) struct Vocabulary {
    elements: HashSet<(&'static str, &'static str)>,
    attributes: HashSet<(&'static str, &'static str)>,
    texts: HashSet<(&'static str, &'static str)>,
}

impl Vocabulary {
    /// Reads a list. A line `w elements` begins the elements of the prefix `w`; the names on the lines below it are
    /// indented. An attribute's own prefix stands before its name: `w:val`, `val`.
    pub(crate) fn read(list: &'static str) -> Self {
        let mut vocabulary = Self {
            elements: HashSet::new(),
            attributes: HashSet::new(),
            texts: HashSet::new(),
        };
        let (mut prefix, mut what) = ("", "");
        for line in list.lines() {
            let mut words = line.split_ascii_whitespace();
            if !line.starts_with(' ') {
                prefix = words.next().unwrap_or_default();
                what = words.next().unwrap_or_default();
                continue;
            }
            let names = match what {
                "elements" => &mut vocabulary.elements,
                "attributes" => &mut vocabulary.attributes,
                _ => &mut vocabulary.texts,
            };
            names.extend(words.map(|word| (prefix, word)));
        }
        vocabulary
    }

    pub(crate) fn has_element(&self, prefix: &str, local: &str) -> bool {
        self.elements.contains(&(prefix, local))
    }

    /// Whether an element of `prefix` may have that attribute. What is not free text must look like a number, a word
    /// of the format or a few of them.
    pub(crate) fn has_attribute(&self, prefix: &str, name: &str, value: &str) -> bool {
        self.texts.contains(&(prefix, name))
            || (self.attributes.contains(&(prefix, name)) && is_plain(value))
    }
}

/// Numbers, measures, colours, references to cells and words without anything that a sentence, address or path has.
fn is_plain(value: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b" .,:;$+-_%#()*{}".contains(&b);
    value.len() <= 64 && value.bytes().all(plain)
}
