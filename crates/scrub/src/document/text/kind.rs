//! Which kind of text it is.

use crate::{Kind, Refusal};

/// Lines from which a table is told.
const ROWS: usize = 10_000;

/// Tells the kind of a clean text.
///
/// # Errors
/// [`Refusal::Mail`], [`Refusal::WebPage`], and what else is text only on the surface.
pub(super) fn kind(text: &str) -> Result<Kind, Refusal> {
    if is_mail(text) {
        return Err(Refusal::Mail);
    }
    if text.trim_start().starts_with('<')
        && let Some(kind) = markup(text)
    {
        return kind;
    }
    if text.starts_with("%!PS") || text.starts_with("%!Adobe") {
        return Err(Refusal::UnknownKind);
    }
    if is_picture(text) {
        return Err(Refusal::OtherMedia);
    }
    let is_table = is_table(text, ',') || is_table(text, ';') || tabs(text).is_some();
    Ok(if is_table { Kind::Csv } else { Kind::Text })
}

/// Whether the root of a document of markup is a drawing, as far as its front shows.
pub(super) fn is_svg(front: &str) -> bool {
    root(front).is_some_and(|name| local(name) == "svg")
}

/// What the root element makes of it; nothing when it is a text like any other.
fn markup(text: &str) -> Option<Result<Kind, Refusal>> {
    let name = root(text)?;
    let local = local(name).to_ascii_lowercase();
    Some(match local.as_str() {
        "svg" => Ok(Kind::Svg),
        "html" | "head" | "body" | "script" | "style" | "meta" | "title" | "div" | "table"
        | "p" | "span" | "center" | "font" | "a" | "br" | "h1" | "h2" | "h3" | "iframe"
        | "link" | "img" | "ul" | "article" | "section" => Err(Refusal::WebPage),
        // Whole documents in one XML file, with their authors and dates; sidecars that are nothing else.
        "document" | "worddocument" | "workbook" | "package" | "presentation"
            if name.contains(':') || local == "workbook" =>
        {
            Err(Refusal::OldOffice)
        }
        "xmpmeta" | "xpacket" | "rdf" => Err(Refusal::UnknownKind),
        _ => return None,
    })
}

/// The name of the first element, past declarations and comments.
fn root(text: &str) -> Option<&str> {
    let mut rest = text.trim_start();
    loop {
        let inner = rest.strip_prefix('<')?;
        let after = if let Some(comment) = inner.strip_prefix("!--") {
            comment.split_once("-->")?.1
        } else if let Some(instruction) = inner.strip_prefix('?') {
            if instruction.starts_with("xpacket") {
                return Some("xpacket");
            }
            instruction.split_once("?>")?.1
        } else if let Some(doctype) = inner.strip_prefix('!') {
            if has_prefix(doctype, "doctype html") {
                return Some("html");
            }
            past_doctype(doctype)?
        } else {
            let end = inner.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/' | '<'))?;
            return inner.get(..end).filter(|name| !name.is_empty());
        };
        rest = after.trim_start();
    }
}

/// Past a document type, whose declarations may stand in brackets.
fn past_doctype(doctype: &str) -> Option<&str> {
    let end = doctype.find(['>', '['])?;
    let rest = doctype.get(end..)?;
    match rest.strip_prefix('>') {
        Some(rest) => Some(rest),
        None => rest.split_once(']')?.1.trim_start().strip_prefix('>'),
    }
}

fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

fn has_prefix(text: &str, prefix: &str) -> bool {
    text.get(..prefix.len())
        .is_some_and(|front| front.eq_ignore_ascii_case(prefix))
}

/// Pictures that are written as text, with comments.
fn is_picture(text: &str) -> bool {
    let is_netpbm = text.strip_prefix('P').is_some_and(|rest| {
        let mut chars = rest.chars();
        matches!(chars.next(), Some('1'..='7'))
            && matches!(chars.next(), Some('\n' | ' '))
            && chars
                .next()
                .is_some_and(|c| c == '#' || c.is_ascii_digit() || c == 'W')
    });
    is_netpbm || text.starts_with("/* XPM */")
}

/// Whether header fields of a mail stand at the top.
fn is_mail(text: &str) -> bool {
    let mut text = text.trim_start();
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    if first.starts_with("From ") && field(rest).is_some() {
        // A mailbox: a line that parts one mail from the next.
        text = rest;
    }
    let has = Fields::of(text);
    has.only_mails >= 1 && has.count >= 2
        || has.from && has.to_or_subject && (has.date || has.from_address)
}

#[derive(Default)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each tells of one header field"
)]
struct Fields {
    count: usize,
    only_mails: usize,
    from: bool,
    from_address: bool,
    to_or_subject: bool,
    date: bool,
}

impl Fields {
    fn of(text: &str) -> Self {
        let mut fields = Self::default();
        for line in text.split('\n') {
            if line.starts_with([' ', '\t']) && fields.count > 0 {
                continue;
            }
            let Some((name, value)) = field(line) else {
                break;
            };
            fields.count += 1;
            match name.to_ascii_lowercase().as_str() {
                "from" => {
                    fields.from = true;
                    fields.from_address |= value.contains('@');
                }
                "to" | "subject" | "cc" => fields.to_or_subject = true,
                "date" => fields.date = true,
                "received"
                | "return-path"
                | "delivered-to"
                | "message-id"
                | "mime-version"
                | "dkim-signature"
                | "authentication-results"
                | "arc-seal"
                | "content-transfer-encoding"
                | "x-mailer"
                | "x-originating-ip"
                | "x-received"
                | "in-reply-to"
                | "references"
                | "x-priority"
                | "envelope-to"
                | "received-spf"
                | "thread-index"
                | "x-unsent"
                | "user-agent"
                | "list-unsubscribe"
                | "content-type" => {
                    fields.only_mails += 1;
                }
                _ => {}
            }
        }
        fields
    }
}

/// A header field: a name without spaces, and what follows the colon.
fn field(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.split_once(':')?;
    let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    is_name.then_some((name, value))
}

/// Whether every row has the same number of fields, two or more.
fn is_table(text: &str, delimiter: char) -> bool {
    let (mut rows, mut most, mut fields, mut spaced) = (0_usize, 0_usize, 1_usize, 0_usize);
    let (mut is_quoted, mut is_blank) = (false, true);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' => is_quoted = !is_quoted,
            '\n' if !is_quoted => {
                if !is_blank {
                    if rows > 0 && fields != most {
                        return false;
                    }
                    (rows, most) = (rows + 1, fields);
                }
                (fields, is_blank) = (1, true);
                if rows >= ROWS {
                    break;
                }
                continue;
            }
            c if c == delimiter && !is_quoted => {
                fields += 1;
                spaced += usize::from(chars.peek() == Some(&' '));
            }
            _ => {}
        }
        is_blank = false;
    }
    if !is_blank {
        if rows > 0 && fields != most {
            return false;
        }
        (rows, most) = (rows + 1, fields);
    }
    // Sentences with a comma each are no table.
    let is_prose = spaced * 2 > rows * (most - most.min(1)) && most < 4;
    rows >= 2 && most >= 2 && !is_quoted && !is_prose
}

/// The tabs in each row of a table that tabs make. The last fields of a row may be empty, and then their tabs are
/// missing from the clean text.
pub(super) fn tabs(text: &str) -> Option<usize> {
    if text.contains('"') {
        return is_table(text, '\t').then_some(0);
    }
    let rows = || {
        text.split('\n')
            .map(|row| row.trim_end_matches('\t'))
            .filter(|row| !row.is_empty())
    };
    let count = |row: &str| row.bytes().filter(|b| *b == b'\t').count();
    let first = count(rows().next()?);
    let (all, some) = rows().fold((0, 0), |(all, some), row| {
        (all + 1, some + usize::from(count(row) > 0))
    });
    (first >= 1 && all >= 2 && some * 2 > all && rows().all(|row| count(row) <= first))
        .then_some(first)
}
