//! A tree to octets, in the one spelling that is written.

use zeroize::Zeroizing;

use super::{Element, Node, Space, UNKNOWN};

/// How a family of documents is spelled.
pub(crate) struct Spelling {
    pub(crate) spaces: &'static [Space],
    /// The prefix whose elements are written without it.
    pub(crate) default: &'static str,
    /// Prefixes whose names a reader may pass over when it does not know them. They are named in `mc:Ignorable`.
    pub(crate) ignorable: &'static [&'static str],
    /// Prefixes that are declared because values may begin with them.
    pub(crate) in_values: &'static [&'static str],
    pub(crate) head: &'static str,
}

/// Writes a document. What is in a namespace that is not known is left out.
pub(crate) fn write(root: &Element<'_>, spelling: &Spelling) -> Zeroizing<Vec<u8>> {
    let used = used(root, spelling);
    let mut out = Out {
        octets: Zeroizing::new(Vec::with_capacity(4096)),
        default: spelling.default,
    };
    out.put(spelling.head);
    let mut heading = String::new();
    for space in spelling.spaces {
        if space.0 == "xml" || !used.contains(&space.0) {
            continue;
        }
        let name = space.1.first().copied().unwrap_or_default();
        heading.push_str(" xmlns");
        if space.0 != spelling.default {
            heading.push(':');
            heading.push_str(space.0);
        }
        heading.push_str("=\"");
        heading.push_str(name);
        heading.push('"');
    }
    let ignorable = spelling.ignorable.iter().filter(|i| used.contains(*i));
    let ignorable: Vec<&str> = ignorable.copied().collect();
    if !ignorable.is_empty() {
        heading.push_str(" mc:Ignorable=\"");
        heading.push_str(&ignorable.join(" "));
        heading.push('"');
    }
    out.element(root, &heading);
    out.octets
}

/// The prefixes that have to be declared.
fn used(root: &Element<'_>, spelling: &Spelling) -> Vec<&'static str> {
    let mut used: Vec<&'static str> = Vec::new();
    let mut add = |prefix: &'static str| {
        if !used.contains(&prefix) {
            used.push(prefix);
        }
    };
    root.visit(&mut |element| {
        add(element.prefix);
        for attribute in &element.attributes {
            add(attribute.prefix);
            let named = |p: &&&str| {
                attribute
                    .value
                    .strip_prefix(**p)
                    .is_some_and(|rest| rest.starts_with(':'))
            };
            if let Some(prefix) = spelling.in_values.iter().find(named) {
                add(prefix);
            }
            if element.prefix == "mc" && attribute.local == "Requires" {
                for required in attribute.value.split(' ') {
                    if let Some(space) = spelling.spaces.iter().find(|s| s.0 == required) {
                        add(space.0);
                    }
                }
            }
        }
    });
    if used
        .iter()
        .any(|prefix| spelling.ignorable.contains(prefix))
        && !used.contains(&"mc")
    {
        used.push("mc");
    }
    used
}

struct Out {
    octets: Zeroizing<Vec<u8>>,
    default: &'static str,
}

impl Out {
    fn put(&mut self, text: &str) {
        if self.octets.capacity() - self.octets.len() < text.len() {
            let room = (self.octets.len() + text.len()).max(self.octets.capacity() * 2);
            let mut larger = Zeroizing::new(Vec::with_capacity(room));
            larger.extend_from_slice(&self.octets);
            self.octets = larger;
        }
        self.octets.extend_from_slice(text.as_bytes());
    }

    fn name(&mut self, prefix: &str, local: &str, is_element: bool) {
        if !prefix.is_empty() && !(is_element && prefix == self.default) {
            self.put(prefix);
            self.put(":");
        }
        self.put(local);
    }

    fn element(&mut self, element: &Element<'_>, heading: &str) {
        if element.prefix == UNKNOWN {
            return;
        }
        self.put("<");
        self.name(element.prefix, &element.local, true);
        self.put(heading);
        let mut attributes: Vec<_> = element.attributes.iter().collect();
        // The order of attributes means nothing, so it is always the same.
        attributes.sort_by(|a, b| (a.prefix, &a.local).cmp(&(b.prefix, &b.local)));
        for attribute in attributes.iter().filter(|a| a.prefix != UNKNOWN) {
            self.put(" ");
            self.name(attribute.prefix, &attribute.local, false);
            self.put("=\"");
            self.escaped(&attribute.value, true);
            self.put("\"");
        }
        if element.children.is_empty() {
            self.put("/>");
            return;
        }
        self.put(">");
        for child in &element.children {
            match child {
                Node::Element(child) => self.element(child, ""),
                Node::Text(text) => self.escaped(text, false),
            }
        }
        self.put("</");
        self.name(element.prefix, &element.local, true);
        self.put(">");
    }

    fn escaped(&mut self, text: &str, in_value: bool) {
        let mut from = 0;
        for (at, octet) in text.bytes().enumerate() {
            let escape = match octet {
                b'&' => "&amp;",
                b'<' => "&lt;",
                b'>' => "&gt;",
                b'\r' => "&#13;",
                b'"' if in_value => "&quot;",
                b'\t' if in_value => "&#9;",
                b'\n' if in_value => "&#10;",
                _ => continue,
            };
            self.put(text.get(from..at).unwrap_or_default());
            self.put(escape);
            from = at + 1;
        }
        self.put(text.get(from..).unwrap_or_default());
    }
}
