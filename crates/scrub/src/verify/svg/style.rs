//! Style: declarations and rules without comments, with made-up names, loading nothing.

use super::{Fault, Views, is_made};

/// Whether a name reads as a property of style: words of letters with hyphens between.
pub(super) fn is_property(name: &str) -> bool {
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let is_text = ["content", "quotes", "string-set", "src"].contains(&name)
        || name.starts_with("list-style")
        || name.starts_with("counter-");
    !name.is_empty() && name.chars().all(is_word) && !name.starts_with("on") && !is_text
}

/// A value: it refers to nothing but elements of the drawing and variables with made names.
pub(super) fn value(value: &str) -> Result<(), Fault> {
    let lower = value.to_ascii_lowercase();
    for word in [
        "javascript:",
        "expression(",
        "/*",
        "http:",
        "https:",
        "file:",
        "data:",
        "@",
    ] {
        if lower.contains(word) {
            return Err(Fault("a value that loads or runs something"));
        }
    }
    for call in lower.split("url(").skip(1) {
        let target = call.split_once(')').map(|(target, _)| target);
        let id = target.and_then(|target| target.strip_prefix('#'));
        if !id.is_some_and(|id| is_made(id, "id")) {
            return Err(Fault("a value that loads something"));
        }
    }
    for call in value.split("--").skip(1) {
        let end = call.find([')', ',', ' ', ':']).unwrap_or(call.len());
        if !call.get(..end).is_some_and(|name| is_made(name, "v")) && value.contains("var(") {
            return Err(Fault("a variable with a name of its own"));
        }
    }
    Ok(())
}

/// `name:value;name:value`.
pub(super) fn declarations(text: &str, _views: &mut Views<'_>) -> Result<(), Fault> {
    let mut quote = None;
    let mut start = 0;
    let mut parts = Vec::new();
    for (at, char) in text.char_indices() {
        match (quote, char) {
            (Some(mark), _) if mark == char => quote = None,
            (None, '"' | '\'') => quote = Some(char),
            (None, ';') => {
                parts.push(text.get(start..at).unwrap_or_default());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(text.get(start..).unwrap_or_default());
    for part in parts {
        let (name, of) = part.split_once(':').ok_or(Fault("a declaration"))?;
        let is_own = name.strip_prefix("--").is_some_and(|own| is_made(own, "v"));
        if !is_own && !is_property(name) || name.contains("inkscape") || name.contains("sodipodi") {
            return Err(Fault("a declaration of a property that does not draw"));
        }
        if of.contains(['{', '}', '<', '\\']) {
            return Err(Fault("a value with marks"));
        }
        value(of)?;
    }
    Ok(())
}

/// Rules, one after the other; those with a condition have rules in them.
pub(super) fn sheet(text: &str, views: &mut Views<'_>) -> Result<(), Fault> {
    let mut rest = text;
    let mut open: Vec<&str> = Vec::new();
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix('}') {
            open.pop().ok_or(Fault("a stray bracket"))?;
            rest = after;
            continue;
        }
        let (front, after) = rest
            .split_once('{')
            .ok_or(Fault("a rule without a block"))?;
        rest = after;
        if let Some(at) = front.strip_prefix('@') {
            let (name, condition) = at.split_once(' ').ok_or(Fault("a rule of another kind"))?;
            match name {
                "media" | "supports" => {}
                "keyframes" | "-webkit-keyframes" if is_made(condition, "m") => {}
                _ => return Err(Fault("a rule of another kind")),
            }
            open.push(name);
            if open.len() > 16 {
                return Err(Fault("rules within rules"));
            }
            continue;
        }
        selectors(front)?;
        let (block, after) = rest.split_once('}').ok_or(Fault("an open rule"))?;
        rest = after;
        if !block.is_empty() {
            declarations(block, views)?;
        }
    }
    if open.is_empty() {
        Ok(())
    } else {
        Err(Fault("an open rule"))
    }
}

/// Selectors whose classes and ids have made names.
fn selectors(text: &str) -> Result<(), Fault> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || " .#:>+~*(),-_%".contains(c);
    if text.is_empty() || !text.chars().all(is_plain) {
        return Err(Fault("a selector with marks"));
    }
    for (mark, letters) in [('.', "c"), ('#', "id")] {
        for name in text.split(mark).skip(1) {
            let end = name.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_'));
            let name = name.get(..end.unwrap_or(name.len())).unwrap_or_default();
            let is_number = name.bytes().all(|b| b.is_ascii_digit());
            if !is_made(name, letters) && !is_number {
                return Err(Fault("a selector with a name of its own"));
            }
        }
    }
    Ok(())
}
