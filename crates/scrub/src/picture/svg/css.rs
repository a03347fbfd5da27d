//! Style sheets of a drawing: rules stay, with new names for classes and ids, and without comments, imports and what is
//! loaded from elsewhere (CSS Syntax, Selectors).

use std::fmt::Write as _;

use crate::picture::svg::names::{ELEMENTS, PSEUDO};
use crate::picture::svg::refs::{Names, Value};
use crate::{Refusal, What};

/// Blocks within blocks.
const MAX_DEPTH: usize = 8;

/// A style sheet without comments.
pub(super) fn without_comments(text: &str) -> (String, bool) {
    let mut out = String::with_capacity(text.len());
    let (mut rest, mut had_some) = (text, false);
    while let Some(start) = next_comment(rest) {
        let (before, comment) = rest.split_at(start);
        out.push_str(before);
        out.push(' ');
        had_some = true;
        rest = match comment.get(2..).and_then(|body| body.split_once("*/")) {
            Some((_, after)) => after,
            None => "",
        };
    }
    out.push_str(rest);
    let out = out.replace("<!--", " ").replace("-->", " ");
    (out, had_some)
}

/// Where the next comment begins that is not within a text.
fn next_comment(text: &str) -> Option<usize> {
    let mut quote = None;
    let mut before = ' ';
    for (at, char) in text.char_indices() {
        match quote {
            Some(open) if char == open && before != '\\' => quote = None,
            None if matches!(char, '"' | '\'') => quote = Some(char),
            None if char == '*' && before == '/' => return Some(at - 1),
            Some(_) | None => {}
        }
        before = char;
    }
    None
}

/// Splits at a mark that does not stand within texts or brackets; `{` and `}` count as brackets, too.
fn split_outside(text: &str, mark: char) -> Vec<&str> {
    let (mut parts, mut start, mut depth, mut quote) = (Vec::new(), 0, 0_i32, None);
    for (at, char) in text.char_indices() {
        match (quote, char) {
            (Some(open), _) if char == open => quote = None,
            (None, '"' | '\'') => quote = Some(char),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => depth -= 1,
            (None, _) if char == mark && depth <= 0 => {
                parts.push(text.get(start..at).unwrap_or_default());
                start = at + char.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(text.get(start..).unwrap_or_default());
    parts
}

/// A rule or statement at the front of a sheet, and what follows.
struct Rule<'a> {
    prelude: &'a str,
    block: Option<&'a str>,
    rest: &'a str,
}

fn next_rule(text: &str) -> Option<Rule<'_>> {
    let text = text.trim_start();
    if text.is_empty() {
        return None;
    }
    let (mut depth, mut quote, mut open) = (0_i32, None, None);
    for (at, char) in text.char_indices() {
        match (quote, char) {
            (Some(mark), _) if char == mark => quote = None,
            (None, '"' | '\'') => quote = Some(char),
            (None, ';') if depth == 0 => {
                return Some(Rule {
                    prelude: text.get(..at)?,
                    block: None,
                    rest: text.get(at + 1..)?,
                });
            }
            (None, '{') => {
                open = open.or(Some(at));
                depth += 1;
            }
            (None, '}') => {
                depth -= 1;
                if let Some(start) = open.filter(|_| depth <= 0) {
                    return Some(Rule {
                        prelude: text.get(..start)?,
                        block: text.get(start + 1..at),
                        rest: text.get(at + 1..)?,
                    });
                }
            }
            _ => {}
        }
    }
    None
}

impl Names<'_> {
    /// A style sheet in its one form.
    pub(super) fn sheet(&mut self, text: &str) -> Result<String, Refusal> {
        let (text, had_comments) = without_comments(text);
        if had_comments {
            self.found(What::Description, "comment in a style sheet", "");
        }
        self.rules(&text, 0)
    }

    fn rules(&mut self, mut text: &str, depth: usize) -> Result<String, Refusal> {
        if depth > MAX_DEPTH {
            return Err(Refusal::TooDeep);
        }
        let mut out = String::new();
        while let Some(rule) = next_rule(text) {
            text = rule.rest;
            let prelude = rule.prelude.trim();
            match (prelude.strip_prefix('@'), rule.block) {
                (Some(at), Some(block)) => out.push_str(&self.at_rule(at, block, depth)?),
                (Some(at), None) => {
                    if at.starts_with("import") {
                        self.lost_link("import in a style sheet", at);
                    }
                }
                (None, Some(block)) => {
                    let selectors = self.selectors(prelude)?;
                    let declarations = self.declarations(block)?;
                    if !selectors.is_empty() && !declarations.is_empty() {
                        let _ = write!(out, "{selectors}{{{declarations}}}");
                    }
                }
                (None, None) => {}
            }
        }
        Ok(out)
    }

    fn at_rule(&mut self, at: &str, block: &str, depth: usize) -> Result<String, Refusal> {
        let name = at
            .split([' ', '(', '\n', '\t', '\r'])
            .next()
            .unwrap_or_default();
        let condition = at.get(name.len()..).unwrap_or_default();
        match name {
            "media" | "supports" => {
                let condition = condition.split_whitespace().collect::<Vec<_>>().join(" ");
                if !condition
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || " ():-.,<>=/".contains(c))
                {
                    return Err(Refusal::Unsupported("a condition in a style sheet"));
                }
                let rules = self.rules(block, depth + 1)?;
                Ok(format!("@{name} {condition}{{{rules}}}"))
            }
            "keyframes" | "-webkit-keyframes" => {
                let new = self.motion(condition.trim().trim_matches(['"', '\'']));
                let mut frames = String::new();
                let mut text = block;
                while let Some(frame) = next_rule(text) {
                    text = frame.rest;
                    let at: String = frame.prelude.split_whitespace().collect();
                    let is_time = at.split(',').all(|time| {
                        matches!(time, "from" | "to")
                            || time
                                .strip_suffix('%')
                                .is_some_and(|n| n.parse::<f64>().is_ok())
                    });
                    if let Some(block) = frame.block.filter(|_| is_time) {
                        let declarations = self.declarations(block)?;
                        let _ = write!(frames, "{at}{{{declarations}}}");
                    }
                }
                Ok(format!("@{name} {new}{{{frames}}}"))
            }
            "font-face" if block.contains("data:") => {
                Err(Refusal::Unsupported("a font within a drawing"))
            }
            "font-face" => {
                self.lost_link("font from elsewhere", "");
                Ok(String::new())
            }
            _ => Ok(String::new()),
        }
    }

    /// Declarations in their one form: `name:value` with semicolons between.
    pub(super) fn declarations(&mut self, text: &str) -> Result<String, Refusal> {
        let mut out: Vec<String> = Vec::new();
        for declaration in split_outside(text, ';') {
            let Some((name, value)) = declaration.split_once(':') else {
                continue;
            };
            let name = name.trim();
            if !is_property(name) {
                if !name.is_empty() {
                    self.found(What::Unknown, "property of another kind", "");
                }
                continue;
            }
            if !draws_in_a_drawing(name) {
                self.found(What::Description, "text in a style sheet", "");
                continue;
            }
            let name = match name.strip_prefix("--") {
                Some(own) => self.variable(own),
                None => name.to_ascii_lowercase(),
            };
            let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
            let is_motion = name.ends_with("animation") || name.ends_with("animation-name");
            let value = if is_motion {
                self.motions(&value)
            } else {
                value
            };
            if let Some(value) = self.value(&Value::Css, &value)? {
                out.push(format!("{name}:{value}"));
            }
        }
        Ok(out.join(";"))
    }

    /// Selectors with new names. One that names what no drawing has selects nothing.
    fn selectors(&mut self, text: &str) -> Result<String, Refusal> {
        let mut kept = Vec::new();
        for selector in split_outside(text, ',') {
            let selector = selector.split_whitespace().collect::<Vec<_>>().join(" ");
            if selector.contains(['[', '\\', '|']) {
                return Err(Refusal::Unsupported("a selector by attributes"));
            }
            if let Some(selector) = self.selector(&selector) {
                kept.push(selector);
            }
        }
        Ok(kept.join(","))
    }

    fn selector(&mut self, selector: &str) -> Option<String> {
        let mut out = String::new();
        let mut rest = selector;
        while let Some(mark) = rest.chars().next() {
            let is_name = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
            let after = rest.get(mark.len_utf8()..)?;
            let from = if is_name(mark) { rest } else { after };
            let end = from.find(|c| !is_name(c)).unwrap_or(from.len());
            let (name, next) = from.split_at(end);
            match mark {
                '.' => {
                    let _ = write!(out, ".{}", self.class(name, true)?);
                }
                '#' => {
                    let _ = write!(out, "#{}", self.id(name)?);
                }
                ':' if name.is_empty() => {
                    out.push(':');
                }
                ':' if PSEUDO.contains(&name) => {
                    let _ = write!(out, ":{name}");
                }
                ':' => return None,
                _ if is_name(mark) => {
                    let is_known = ELEMENTS.contains(&name)
                        || name
                            .chars()
                            .all(|c| c.is_ascii_digit() || matches!(c, 'n' | '-'))
                        || matches!(name, "odd" | "even" | "of");
                    if !is_known {
                        return None;
                    }
                    out.push_str(name);
                }
                ' ' | '>' | '+' | '~' | '*' | '(' | ')' | ',' => {
                    out.push(mark);
                    rest = after;
                    continue;
                }
                _ => return None,
            }
            rest = next;
        }
        Some(out)
    }
}

/// Whether that is a property that a viewer may know: no editor's own.
fn is_property(name: &str) -> bool {
    let is_word = !name.is_empty()
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    let is_editors = name.starts_with("-inkscape") || name.starts_with("-sodipodi");
    let is_script = matches!(
        name.to_ascii_lowercase().as_str(),
        "behavior" | "-moz-binding"
    );
    is_word && !is_editors && !is_script
}

/// Whether a property has an effect in a drawing: text that a style sheet adds has none (SVG 2, 6.5).
fn draws_in_a_drawing(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let is_text = matches!(name.as_str(), "content" | "quotes" | "string-set" | "src");
    !is_text && !name.starts_with("list-style") && !name.starts_with("counter-")
}
