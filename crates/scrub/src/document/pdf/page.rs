//! The catalogue, the pages, and what they all have (ISO 32000-1, section 7.7).

use std::collections::HashSet;

use super::build::{Builder, Role, Want};
use super::content::Writer;
use super::object::{Dict, Object};
use crate::Refusal;
use crate::report::What;

/// Nodes of page trees within each other.
const MAX_DEPTH: usize = 64;
const MAX_PAGES: usize = 100_000;
/// Entries that a page takes from the nodes above it.
const INHERITED: [&str; 4] = ["CropBox", "MediaBox", "Resources", "Rotate"];

impl Builder<'_, '_> {
    /// Builds the document: the number of its catalogue.
    ///
    /// # Errors
    /// [`Refusal::Damaged`] without a page; whatever refuses one of its parts.
    pub(super) fn catalog(&mut self) -> Result<u32, Refusal> {
        let root = self.document.dict_at(&self.document.xref.trailer, "Root");
        let root = root.ok_or(Refusal::Damaged)?;
        let (catalog, tree) = (self.reserve()?, self.reserve()?);
        let pages = self.pages(&root)?;
        if pages.is_empty() {
            return Err(Refusal::Damaged);
        }
        let mut kids = Vec::with_capacity(pages.len());
        for page in pages {
            kids.push(self.page(&page, tree)?);
        }
        let count = i64::try_from(kids.len()).map_err(|_| Refusal::TooLarge)?;
        let pages = Dict::default()
            .with("Type", Object::name("Pages"))
            .with("Count", Object::Int(count))
            .with("Kids", Object::array(kids));
        self.fill(tree, Object::Dict(pages));
        let mut dict = Dict::default()
            .with("Type", Object::name("Catalog"))
            .with("Pages", Object::Ref(tree));
        if let Some(intents) = self.output_intents(&root)? {
            dict.set("OutputIntents", intents);
        }
        self.fill(catalog, Object::Dict(dict));
        Ok(catalog)
    }

    /// The pages in order, each with what it inherits. Nodes that contain themselves are stepped over.
    fn pages(&self, root: &Dict) -> Result<Vec<Dict>, Refusal> {
        let mut pages = Vec::new();
        let mut seen = HashSet::new();
        let first = root.get("Pages").cloned().unwrap_or(Object::Null);
        let mut open = vec![(vec![first], Dict::default())];
        while let Some((siblings, inherited)) = open.last_mut() {
            let Some(object) = siblings.pop() else {
                open.pop();
                continue;
            };
            if let Object::Ref(number) = object
                && !seen.insert(number)
            {
                continue;
            }
            let Object::Dict(node) = self.document.resolve(&object) else {
                continue;
            };
            let inherited = inherited.clone();
            let mut merged = node.clone();
            for key in INHERITED {
                if let (None, Some(value)) = (merged.get(key), inherited.get(key)) {
                    merged.set(key, value.clone());
                }
            }
            match self.document.at(&node, "Kids") {
                Some(Object::Array(kids)) if open.len() < MAX_DEPTH => {
                    let kids = kids.iter().rev().cloned().collect();
                    open.push((kids, merged));
                }
                Some(Object::Array(_)) => return Err(Refusal::TooDeep),
                _ if pages.len() >= MAX_PAGES => return Err(Refusal::TooLarge),
                _ => pages.push(merged),
            }
        }
        Ok(pages)
    }

    fn page(&mut self, source: &Dict, tree: u32) -> Result<Object, Refusal> {
        const KEPT: &[&str] = &[
            "Contents", "CropBox", "Group", "MediaBox", "Rotate", "UserUnit",
        ];
        self.note(source, "page", KEPT);
        let mut page = Dict::default()
            .with("Type", Object::name("Page"))
            .with("Parent", Object::Ref(tree));
        self.pick(
            source,
            &mut page,
            &[
                ("MediaBox", Want::Numbers),
                ("CropBox", Want::Numbers),
                ("UserUnit", Want::Number),
                ("Rotate", Want::Int),
            ],
        );
        if page
            .get("MediaBox")
            .and_then(Object::as_array)
            .is_none_or(|b| b.len() != 4)
        {
            let letter = [0, 0, 612, 792].map(Object::Int).to_vec();
            page.set("MediaBox", Object::array(letter));
        }
        if let Some(group) = self.group(source)? {
            page.set("Group", group);
        }
        let resources = self
            .document
            .dict_at(source, "Resources")
            .unwrap_or_default();
        let content = self.page_content(source)?;
        let mut writer = Writer::new(self, resources);
        writer.content(&content)?;
        writer.annotations(source)?;
        let written = writer.finish()?;
        page.set("Resources", Object::Dict(written.resources));
        if !written.octets.is_empty() {
            let stream = self.add_deflated(Dict::default(), &written.octets)?;
            page.set("Contents", stream);
        }
        let number = self.reserve()?;
        self.fill(number, Object::Dict(page));
        Ok(Object::Ref(number))
    }

    fn page_content(&mut self, source: &Dict) -> Result<Vec<u8>, Refusal> {
        let streams = match self.document.at(source, "Contents") {
            Some(Object::Array(items)) => items.to_vec(),
            Some(stream) => vec![stream],
            None => Vec::new(),
        };
        let mut content = Vec::new();
        for object in streams {
            let object = self.document.resolve(&object);
            if let Some(stream) = object.as_stream() {
                self.note(&stream.dict, "content", &[]);
                content.extend_from_slice(&self.octets(stream)?);
                content.push(b'\n');
            }
        }
        Ok(content)
    }

    /// The attributes of a transparency group of a page or form.
    pub(super) fn group(&mut self, of: &Dict) -> Result<Option<Object>, Refusal> {
        let Some(source) = self.document.dict_at(of, "Group") else {
            return Ok(None);
        };
        if self.document.at(&source, "S") != Some(Object::name("Transparency")) {
            return Ok(None);
        }
        let mut group = Dict::default().with("S", Object::name("Transparency"));
        self.pick(&source, &mut group, &[("I", Want::Bool), ("K", Want::Bool)]);
        if let Some(space) = source.get("CS")
            && let Some(space) = self.colour_space(space, &Dict::default())?
        {
            group.set("CS", space.object);
        }
        Ok(Some(Object::Dict(group)))
    }

    /// The colours that the document was made for: some renderers show CMYK by it.
    fn output_intents(&mut self, root: &Dict) -> Result<Option<Object>, Refusal> {
        let Some(Object::Array(intents)) = self.document.at(root, "OutputIntents") else {
            return Ok(None);
        };
        let mut kept = Vec::new();
        for intent in intents.iter().take(1) {
            let Object::Dict(source) = self.document.resolve(intent) else {
                continue;
            };
            let profile = source.get("DestOutputProfile").cloned();
            let built = match &profile {
                Some(profile) => self.once(Role::Profile, profile, |builder, object| {
                    builder.profile(&object)
                })?,
                None => None,
            };
            let own = [
                "OutputCondition",
                "OutputConditionIdentifier",
                "RegistryName",
                "Info",
            ];
            for key in own {
                if let Some(Object::String(text)) = self.document.at(&source, key)
                    && text != OUTPUT_CONDITION
                {
                    let text = super::properties::text_of(&Object::String(text));
                    let place = format!("output intent: {key}");
                    self.job.found(What::ColourProfile, place, &text);
                }
            }
            if let Some(profile) = built {
                let intent = Dict::default()
                    .with("Type", Object::name("OutputIntent"))
                    .with("S", Object::name("GTS_PDFA1"))
                    .with(
                        "OutputConditionIdentifier",
                        Object::String(OUTPUT_CONDITION.to_vec()),
                    )
                    .with("DestOutputProfile", profile);
                kept.push(Object::Dict(intent));
            }
        }
        Ok((!kept.is_empty()).then(|| Object::array(kept)))
    }
}

/// What an output intent is called.
const OUTPUT_CONDITION: &[u8] = b"Custom";
