//! Reads a drawing into the events that stay: XML with namespaces and simple entities (XML 1.0; Namespaces in XML).

use std::collections::BTreeMap;

use quick_xml::Reader;
use quick_xml::escape::unescape_with;
use quick_xml::events::{BytesStart, Event};

use crate::job::Job;
use crate::picture::svg::names::{ATTRIBUTES, ELEMENTS, SVG, WITH_TEXT, XLINK};
use crate::{Refusal, Remark, What};

/// Elements within elements.
const MAX_DEPTH: usize = 512;
/// Octets of all values together, with entities put in.
const MAX_TEXT: usize = 96 << 20;

/// What a drawing consists of.
pub(super) enum Piece {
    Open(String, BTreeMap<String, String>),
    Text(String),
    Close,
}

/// Where the reading is.
struct Level {
    name: String,
    /// Prefixes that were declared here.
    prefixes: Vec<(String, String)>,
    has_text: bool,
}

struct Parse<'a> {
    job: &'a mut Job,
    pieces: Vec<Piece>,
    levels: Vec<Level>,
    /// How deep the reading is within something that is left out.
    left_out: usize,
    /// Whether what is left out may hold text that some viewers show.
    in_foreign: bool,
    entities: BTreeMap<String, String>,
    len: usize,
    has_root: bool,
}

/// Reads a drawing.
pub(super) fn read(text: &str, job: &mut Job) -> Result<Vec<Piece>, Refusal> {
    let mut parse = Parse {
        job,
        pieces: Vec::new(),
        levels: Vec::new(),
        left_out: 0,
        in_foreign: false,
        entities: BTreeMap::new(),
        len: 0,
        has_root: false,
    };
    let mut reader = Reader::from_str(text);
    loop {
        let event = reader.read_event().map_err(|_| Refusal::Damaged)?;
        match event {
            Event::Start(start) => parse.open(&start)?,
            Event::Empty(start) => {
                parse.open(&start)?;
                parse.close()?;
            }
            Event::End(_) => parse.close()?,
            Event::Text(text) => {
                let text = text.decode().map_err(|_| Refusal::Damaged)?;
                parse.text(&text)?;
            }
            Event::CData(text) => {
                let text = text.decode().map_err(|_| Refusal::Damaged)?;
                parse.text(&text)?;
            }
            Event::GeneralRef(name) => {
                let char = name.resolve_char_ref().map_err(|_| Refusal::Damaged)?;
                let name = name.decode().map_err(|_| Refusal::Damaged)?;
                let text = match char {
                    Some(char) => char.to_string(),
                    None => parse.entity(&name).ok_or(Refusal::Damaged)?.to_owned(),
                };
                parse.text(&text)?;
            }
            Event::DocType(text) => {
                let text = text.decode().map_err(|_| Refusal::Damaged)?;
                parse.document_type(&text)?;
            }
            Event::Comment(text) => {
                parse.job.found_octets(What::Description, "comment", &text);
            }
            Event::PI(_) => parse.job.found(What::Unknown, "processing instruction", ""),
            Event::Decl(_) => {}
            Event::Eof => break,
        }
    }
    if parse.has_root && parse.levels.is_empty() && parse.left_out == 0 {
        Ok(parse.pieces)
    } else {
        Err(Refusal::Damaged)
    }
}

impl Parse<'_> {
    fn entity(&self, name: &str) -> Option<&str> {
        match name {
            "lt" => Some("<"),
            "gt" => Some(">"),
            "amp" => Some("&"),
            "quot" => Some("\""),
            "apos" => Some("'"),
            _ => self.entities.get(name).map(String::as_str),
        }
    }

    /// Notes the entities that a document declares for itself. Programs use them for long names of namespaces; those
    /// that hold markup, or other entities, are refused.
    fn document_type(&mut self, text: &str) -> Result<(), Refusal> {
        let Some((_, subset)) = text.split_once('[') else {
            return Ok(());
        };
        for declaration in subset.split("<!ENTITY").skip(1) {
            let declaration = declaration.trim_start();
            let (name, rest) = declaration
                .split_once(char::is_whitespace)
                .ok_or(Refusal::Damaged)?;
            let rest = rest.trim_start();
            let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
            let value = quote.and_then(|quote| rest.get(1..)?.split_once(quote));
            let (value, _) = value.ok_or(Refusal::Unsupported("an external entity"))?;
            if value.contains(['<', '&', '%']) || name == "%" {
                return Err(Refusal::Unsupported("an entity that is not plain text"));
            }
            self.entities.insert(name.to_owned(), value.to_owned());
        }
        Ok(())
    }

    fn open(&mut self, start: &BytesStart<'_>) -> Result<(), Refusal> {
        if self.left_out > 0 {
            self.left_out += 1;
            return Ok(());
        }
        if self.levels.len() == MAX_DEPTH {
            return Err(Refusal::TooDeep);
        }
        let attributes = self.attributes(start)?;
        let prefixes = declared(&attributes);
        let name = str::from_utf8(start.name().into_inner())
            .map_err(|_| Refusal::Damaged)?
            .to_owned();
        self.levels.push(Level {
            name: String::new(),
            prefixes,
            has_text: false,
        });
        let (prefix, local) = name.split_once(':').unwrap_or(("", &name));
        let space = self.namespace(prefix);
        let is_svg = space == Some(SVG) || (space.is_none() && prefix.is_empty());
        let is_root = self.levels.len() == 1;
        if is_root && (!is_svg || local != "svg" || self.has_root) {
            return Err(Refusal::Damaged);
        }
        self.has_root = true;
        // Nobody has extensions, so it is not drawn.
        let is_extension = |(name, value): &(String, String)| {
            name == "requiredExtensions" && !value.trim().is_empty()
        };
        let is_drawn = ELEMENTS.contains(&local) && !attributes.iter().any(is_extension);
        if !is_svg || !is_drawn {
            self.leave_out(local, is_svg, &attributes);
            return Ok(());
        }
        let kept = self.kept(local, attributes);
        if let Some(level) = self.levels.last_mut() {
            local.clone_into(&mut level.name);
            level.has_text = WITH_TEXT.contains(&local);
        }
        self.pieces.push(Piece::Open(local.to_owned(), kept));
        Ok(())
    }

    /// The attributes with entities put in.
    fn attributes(&mut self, start: &BytesStart<'_>) -> Result<Vec<(String, String)>, Refusal> {
        let mut list = Vec::new();
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|_| Refusal::Damaged)?;
            let name = str::from_utf8(attribute.key.into_inner()).map_err(|_| Refusal::Damaged)?;
            let raw = str::from_utf8(&attribute.value).map_err(|_| Refusal::Damaged)?;
            let raw = raw.replace(['\n', '\r', '\t'], " ");
            let value = unescape_with(&raw, |name| self.entity(name));
            let value = value.map_err(|_| Refusal::Damaged)?.into_owned();
            self.len += value.len();
            if self.len > MAX_TEXT {
                return Err(Refusal::TooLarge);
            }
            list.push((name.to_owned(), value));
        }
        Ok(list)
    }

    /// The namespace that a prefix stands for here.
    fn namespace(&self, prefix: &str) -> Option<&str> {
        let mut all = self
            .levels
            .iter()
            .rev()
            .flat_map(|l| l.prefixes.iter().rev());
        let found = all.find(|(known, _)| known == prefix);
        found
            .map(|(_, space)| space.as_str())
            .filter(|space| !space.is_empty())
    }

    /// The attributes that stay, under the names that they have in the clean file.
    fn kept(
        &mut self,
        element: &str,
        attributes: Vec<(String, String)>,
    ) -> BTreeMap<String, String> {
        let mut kept = BTreeMap::new();
        for (name, value) in attributes {
            let local = match name.split_once(':') {
                _ if name == "xmlns" || name.starts_with("xmlns:") => continue,
                None => name.as_str(),
                Some(("xml", "space")) => "xml:space",
                // What language a text is in, it says itself.
                Some(("xml", "lang")) => continue,
                Some((prefix, "href")) if self.namespace(prefix) == Some(XLINK) => "xlink:href",
                // How a link is opened.
                Some((prefix, _)) if self.namespace(prefix) == Some(XLINK) => continue,
                Some((prefix, local)) => {
                    let is_svg = self.namespace(prefix) == Some(SVG);
                    if is_svg { local } else { &name }
                }
            };
            if ATTRIBUTES.contains(&local) || local.starts_with("xml:s") || local == "xlink:href" {
                kept.insert(local.to_owned(), value);
            } else {
                self.lost_attribute(local, &value);
            }
        }
        if kept.contains_key("href") {
            kept.remove("xlink:href");
        }
        if element == "a" {
            let link = kept.remove("href").or_else(|| kept.remove("xlink:href"));
            if let Some(link) = link {
                self.job.found(What::Path, "link", &link);
                self.job.remark(Remark::LinksLost);
            }
        }
        kept
    }

    fn lost_attribute(&mut self, name: &str, value: &str) {
        if name.starts_with("on") {
            self.job.found(What::Script, "event attribute", "");
            self.job.remark(Remark::ScriptsLost);
            return;
        }
        if matches!(
            name,
            "lang"
                | "role"
                | "tabindex"
                | "focusable"
                | "baseProfile"
                | "contentScriptType"
                | "contentStyleType"
        ) {
            return;
        }
        let what = match name.rsplit_once(':').map_or(name, |(_, local)| local) {
            "docname" | "export-filename" | "absref" | "export-xdpi" | "export-ydpi" => What::Path,
            "version" => What::Software,
            "label" | "aria-label" | "title" | "alt" => What::Description,
            _ => What::Unknown,
        };
        self.job.found(what, "attribute of another kind", value);
    }

    /// Starts leaving out an element with everything in it.
    fn leave_out(&mut self, local: &str, is_svg: bool, attributes: &[(String, String)]) {
        self.levels.pop();
        self.left_out = 1;
        let in_switch = self
            .levels
            .last()
            .is_some_and(|level| level.name == "switch");
        self.in_foreign = local == "foreignObject" && !in_switch;
        let what = match local {
            "script" | "handler" | "listener" => {
                self.job.remark(Remark::ScriptsLost);
                What::Script
            }
            "metadata" | "title" | "desc" | "foreignObject" => What::Description,
            _ if is_svg => What::Unknown,
            _ => What::Software,
        };
        self.job.found(
            what,
            format!(
                "element {}",
                if is_svg {
                    known(local)
                } else {
                    "of another kind"
                }
            ),
            "",
        );
        for (name, value) in attributes {
            if !name.starts_with("xmlns") {
                self.lost_attribute(name, value);
            }
        }
    }

    fn close(&mut self) -> Result<(), Refusal> {
        if self.left_out > 0 {
            self.left_out -= 1;
            return Ok(());
        }
        self.levels.pop().ok_or(Refusal::Damaged)?;
        self.pieces.push(Piece::Close);
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), Refusal> {
        self.len += text.len();
        if self.len > MAX_TEXT {
            return Err(Refusal::TooLarge);
        }
        let is_blank = text.trim().is_empty();
        if self.left_out > 0 {
            if is_blank {
                return Ok(());
            }
            if self.in_foreign {
                return Err(Refusal::Unsupported("a web page within a drawing"));
            }
            self.job.found(
                What::Description,
                "text of an element that is not shown",
                text,
            );
            return Ok(());
        }
        let Some(level) = self.levels.last() else {
            return Ok(());
        };
        let is_shown = level.name == "style" && !is_blank || level.has_text && self.in_text();
        if !is_shown {
            if !is_blank {
                self.job
                    .found(What::Description, "text that is not shown", text);
            }
            return Ok(());
        }
        match self.pieces.last_mut() {
            Some(Piece::Text(before)) => before.push_str(text),
            _ => self.pieces.push(Piece::Text(text.to_owned())),
        }
        Ok(())
    }

    /// Whether blanks are shown here.
    fn in_text(&self) -> bool {
        let is_text = |level: &Level| level.name == "text" || level.name == "flowRoot";
        self.levels.iter().any(is_text)
    }
}

/// Prefixes that an element declares.
fn declared(attributes: &[(String, String)]) -> Vec<(String, String)> {
    let prefix = |name: &str| match name {
        "xmlns" => Some(String::new()),
        _ => name.strip_prefix("xmlns:").map(str::to_owned),
    };
    attributes
        .iter()
        .filter_map(|(name, value)| Some((prefix(name)?, value.trim().to_owned())))
        .collect()
}

/// The name of an element that is known and left out: never one that somebody made up.
fn known(name: &str) -> &'static str {
    const NAMES: [&str; 8] = [
        "script",
        "metadata",
        "title",
        "desc",
        "foreignObject",
        "view",
        "cursor",
        "color-profile",
    ];
    NAMES
        .iter()
        .find(|known| **known == name)
        .copied()
        .unwrap_or("of another kind")
}
