//! Style sheets: comments go, addresses are seen to, embedded fonts are left out.

/// Cleans a style sheet. `place` comes back with the new address of a resource, if it stays.
pub(super) fn clean(sheet: &str, place: &mut dyn FnMut(&str) -> Option<String>) -> String {
    let sheet = without_comments(sheet);
    let sheet = without_rules(&sheet);
    addresses(&sheet, place).trim().to_owned()
}

fn without_comments(sheet: &str) -> String {
    let mut out = String::with_capacity(sheet.len());
    let mut rest = sheet;
    while let Some(at) = rest.find(['/', '"', '\'']) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        if let Some(comment) = from.strip_prefix("/*") {
            out.push(' ');
            rest = comment.split_once("*/").map_or("", |(_, after)| after);
        } else if from.starts_with('/') {
            out.push('/');
            rest = from.get(1..).unwrap_or_default();
        } else {
            let end = string_end(from);
            let (string, after) = from.split_at(end);
            out.push_str(string);
            rest = after;
        }
    }
    out.push_str(rest);
    let out = out.replace("<!--", " ").replace("-->", " ");
    let lines = out.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n")
}

/// Octets of the string at the front, with its quotation marks.
fn string_end(text: &str) -> usize {
    let mut characters = text.char_indices();
    let Some((_, quote)) = characters.next() else {
        return text.len();
    };
    let mut is_escaped = false;
    for (at, c) in characters {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '\n' => return at,
            c if c == quote => return at + c.len_utf8(),
            _ => {}
        }
    }
    text.len()
}

/// Leaves out rules that load something or say how the file is written.
fn without_rules(sheet: &str) -> String {
    let mut out = String::with_capacity(sheet.len());
    let mut rest = sheet;
    while let Some(at) = rest.find('@') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let lower: String = from
            .chars()
            .take(12)
            .collect::<String>()
            .to_ascii_lowercase();
        if lower.starts_with("@font-face") {
            rest = from.split_once('}').map_or("", |(_, after)| after);
        } else if ["@charset", "@namespace", "@import"]
            .iter()
            .any(|rule| lower.starts_with(rule))
        {
            rest = from.split_once(';').map_or("", |(_, after)| after);
        } else {
            out.push('@');
            rest = from.get(1..).unwrap_or_default();
        }
    }
    out.push_str(rest);
    out
}

fn addresses(sheet: &str, place: &mut dyn FnMut(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(sheet.len());
    let mut rest = sheet;
    while let Some(at) = rest.to_ascii_lowercase().find("url(") {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let inner = from.get(4..).unwrap_or_default();
        let (address, after) = inner.split_once(')').unwrap_or((inner, ""));
        let address = address.trim().trim_matches(['"', '\'']);
        match place(address) {
            Some(address) => out.push_str(&format!("url({address})")),
            None => out.push_str("none"),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}
