//! Fields: instructions that only count and refer stay; of the others the result stays as text, and of those that
//! write the name of a person or file nothing stays.

use super::filter::{Action, Filter};
use crate::document::xml::{Element, Node};
use crate::report::What;

/// Longest instruction that is looked at.
const LONGEST: usize = 16 << 10;

/// What becomes of a field.
#[derive(Clone)]
enum Fate {
    /// It stays, with this instruction.
    Keep(String),
    /// Its result stays.
    Flat,
    /// Nothing stays.
    Gone,
}

/// Words of an instruction; those in quotes are one.
pub(super) fn words(instruction: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut in_quotes = false;
    for c in instruction.chars() {
        match c {
            '"' | '\u{201C}' | '\u{201D}' => in_quotes = !in_quotes,
            c if c.is_whitespace() && !in_quotes => {
                if !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
                continue;
            }
            _ => {}
        }
        if !matches!(c, '"' | '\u{201C}' | '\u{201D}') {
            word.push(c);
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

fn fate(filter: &mut Filter<'_>, instruction: &str) -> Fate {
    let words = words(instruction);
    let verb = words.first().map(|w| w.to_uppercase()).unwrap_or_default();
    let fate = match verb.as_str() {
        "AUTHOR" | "LASTSAVEDBY" | "USERNAME" | "USERINITIALS" | "USERADDRESS" | "FILENAME"
        | "TEMPLATE" => {
            filter.found(What::Person, "field", &verb);
            return Fate::Gone;
        }
        "HYPERLINK" => hyperlink(filter, &words),
        "PAGEREF" | "REF" | "NOTEREF" => words
            .get(1)
            .and_then(|name| filter.shared.bookmarks.get(name))
            .map(|name| {
                format!(
                    " {verb} {name}{}",
                    switches(&words, &['h', 'p', 'f', 'n', 'r', 't', 'w', 'd', '*', '#'])
                )
            }),
        "TOC" => Some(format!(
            " TOC{}",
            switches(&words, &['o', 'h', 'z', 'u', 'n', 'p', 'c', 'l', 'f', 's'])
        )),
        "PAGE" | "NUMPAGES" | "SECTION" | "SECTIONPAGES" | "LISTNUM" | "AUTONUM" | "AUTONUMLGL"
        | "AUTONUMOUT" => Some(format!(
            " {verb}{}",
            switches(&words, &['*', '#', 's', 'l', 'e'])
        )),
        "SEQ" | "EQ" | "SYMBOL" | "ADVANCE" | "=" => {
            None.or_else(|| Some(format!(" {}", instruction.trim())))
        }
        _ if verb.starts_with('=') => Some(format!(" {}", instruction.trim())),
        _ => None,
    };
    if let Some(kept) = fate {
        return Fate::Keep(format!("{kept} "));
    }
    filter.found(What::Path, "field", instruction);
    Fate::Flat
}

/// The switches of an instruction that are known, with their arguments.
fn switches(words: &[String], known: &[char]) -> String {
    let mut kept = String::new();
    let mut is_kept = false;
    for word in words.iter().skip(1) {
        if let Some(switch) = word.strip_prefix('\\') {
            let mut letters = switch.chars();
            is_kept = letters
                .next()
                .is_some_and(|c| known.contains(&c.to_ascii_lowercase()));
            if is_kept {
                kept.push(' ');
                kept.push_str(word);
            }
        } else if is_kept {
            let plain = word
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"-,.#;".contains(&b));
            kept.push(' ');
            kept.push_str(&if plain && !word.contains(['-', ' ', ';', ',']) {
                word.clone()
            } else {
                format!("\"{word}\"")
            });
            is_kept = false;
        }
    }
    kept
}

fn hyperlink(filter: &Filter<'_>, words: &[String]) -> Option<String> {
    let mut kept = " HYPERLINK".to_owned();
    let mut words = words.iter().skip(1);
    let mut leads = false;
    while let Some(word) = words.next() {
        match word.as_str() {
            "\\l" => {
                let name = filter.shared.bookmarks.get(words.next()?)?;
                kept.push_str(&format!(" \\l \"{name}\""));
                leads = true;
            }
            "\\o" | "\\t" | "\\s" => {
                words.next();
            }
            word if word.starts_with('\\') => {}
            word if crate::document::is_link(word) => {
                kept.push_str(&format!(" \"{word}\""));
                leads = true;
            }
            _ => return None,
        }
    }
    leads.then_some(kept)
}

/// A field in one element.
pub(super) fn simple(filter: &mut Filter<'_>, element: &mut Element<'_>) -> Action {
    let instruction = element
        .attribute("w", "instr")
        .unwrap_or_default()
        .to_owned();
    match fate(filter, &instruction) {
        Fate::Keep(kept) => {
            element.set("w", "instr", kept);
            Action::Keep
        }
        Fate::Flat => Action::Unwrap,
        Fate::Gone => Action::Drop,
    }
}

/// Rewrites the fields that are made of marks within runs.
pub(super) fn rewrite(filter: &mut Filter<'_>, root: &mut Element<'_>) {
    let instructions = instructions(root);
    if instructions.is_empty() {
        return;
    }
    let fates = instructions.iter().map(|i| fate(filter, i)).collect();
    let mut state = State {
        fates,
        next: 0,
        open: Vec::new(),
    };
    root.visit_mut(&mut |element| {
        if element.is("w", "r") {
            element.children.retain_mut(|node| match node {
                Node::Element(child) => state.keeps(child),
                Node::Text(_) => true,
            });
        }
    });
}

/// The instructions of all fields, in the order in which the fields begin.
fn instructions(root: &Element<'_>) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let mut open: Vec<(usize, bool)> = Vec::new();
    root.visit(&mut |e| match e.name() {
        ("w", "fldChar") => match e.attribute("w", "fldCharType") {
            Some("begin") => {
                open.push((all.len(), false));
                all.push(String::new());
            }
            Some("separate") => open
                .iter_mut()
                .last()
                .into_iter()
                .for_each(|field| field.1 = true),
            _ => {
                open.pop();
            }
        },
        ("w", "instrText") => {
            let field = open
                .last()
                .filter(|field| !field.1)
                .and_then(|field| all.get_mut(field.0));
            if let Some(instruction) = field.filter(|i| i.len() < LONGEST) {
                instruction.push_str(&e.text(LONGEST));
            }
        }
        _ => {}
    });
    all
}

struct State {
    fates: Vec<Fate>,
    next: usize,
    open: Vec<Open>,
}

struct Open {
    fate: Fate,
    is_result: bool,
    is_written: bool,
}

impl Open {
    /// Whether what stands in it now goes.
    fn hides(&self) -> bool {
        match self.fate {
            Fate::Keep(_) => false,
            Fate::Flat => !self.is_result,
            Fate::Gone => true,
        }
    }
}

impl State {
    fn keeps(&mut self, child: &mut Element<'_>) -> bool {
        match child.name() {
            ("w", "fldChar") => self.mark(child.attribute("w", "fldCharType").unwrap_or_default()),
            ("w", "instrText") => self.instruction(child),
            ("w", "rPr") => true,
            _ => !self.open.iter().any(Open::hides),
        }
    }

    fn mark(&mut self, kind: &str) -> bool {
        let outer = |open: &[Open], but: usize| {
            let len = open.len().saturating_sub(but);
            open.iter().take(len).any(Open::hides)
        };
        let is_kept = |field: &Open| matches!(field.fate, Fate::Keep(_));
        match kind {
            "begin" => {
                let fate = self.fates.get(self.next).cloned().unwrap_or(Fate::Flat);
                self.next += 1;
                let hidden = outer(&self.open, 0);
                self.open.push(Open {
                    fate,
                    is_result: false,
                    is_written: false,
                });
                !hidden && self.open.last().is_some_and(is_kept)
            }
            "separate" => {
                if let Some(field) = self.open.last_mut() {
                    field.is_result = true;
                }
                !outer(&self.open, 1) && self.open.last().is_some_and(is_kept)
            }
            _ => {
                let hidden = outer(&self.open, 1);
                self.open.pop().is_some_and(|field| is_kept(&field)) && !hidden
            }
        }
    }

    fn instruction(&mut self, child: &mut Element<'_>) -> bool {
        let len = self.open.len().saturating_sub(1);
        let hidden = self.open.iter().take(len).any(Open::hides);
        let Some(field) = self.open.last_mut() else {
            return false;
        };
        let Fate::Keep(instruction) = &field.fate else {
            return false;
        };
        if hidden || field.is_written || field.is_result {
            return false;
        }
        field.is_written = true;
        child.children = vec![Node::Text(instruction.clone().into())];
        child.set("xml", "space", "preserve".to_owned());
        true
    }
}
