//! The new file's objects, each once.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::file::{Document, MAX_STREAM};
use super::filter::{self, Octets};
use super::layers::Layers;
use super::object::{Data, Dict, Name, Object, Stream};
use crate::Refusal;
use crate::job::Job;
use crate::picture::xmp;
use crate::report::What;

/// Forms, patterns and fonts within each other are followed this far.
const MAX_DEPTH: u8 = 24;
/// Objects of the new file.
const MAX_OBJECTS: usize = 1 << 20;

/// What an object of the file is used as. The same one may be used as two things in a hostile file.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Role {
    ColourSpace,
    Font,
    Form,
    Function,
    GraphicsState,
    Image,
    Pattern,
    Profile,
    Program,
    Shading,
    ToUnicode,
}

/// A value that a key may have.
#[derive(Clone, Copy)]
pub(super) enum Want {
    Bool,
    Int,
    Number,
    /// An array of numbers.
    Numbers,
    OneOf(&'static [&'static str]),
}

/// Builds the new file's objects.
pub(super) struct Builder<'d, 'j> {
    pub(super) document: &'d Document<'d>,
    pub(super) job: &'j mut Job,
    pub(super) layers: Layers,
    /// Numbers of colorants and of fonts' programs, by their first use.
    pub(super) spots: HashMap<Name, usize>,
    pub(super) programs: HashMap<Object, usize>,
    objects: Vec<Object>,
    same: HashMap<Object, u32>,
    built: HashMap<(Role, u32), Option<Object>>,
    busy: HashSet<(Role, u32)>,
    depth: u8,
    noted: HashSet<(&'static str, Name)>,
}

impl<'d, 'j> Builder<'d, 'j> {
    pub(super) fn new(document: &'d Document<'d>, job: &'j mut Job) -> Self {
        let layers = Layers::read(document);
        Self {
            document,
            job,
            layers,
            spots: HashMap::new(),
            programs: HashMap::new(),
            objects: Vec::new(),
            same: HashMap::new(),
            built: HashMap::new(),
            busy: HashSet::new(),
            depth: 0,
            noted: HashSet::new(),
        }
    }

    pub(super) fn into_objects(self) -> Vec<Object> {
        self.objects
    }

    /// The object by reference; an equal one that is there already is used again.
    pub(super) fn add(&mut self, object: Object) -> Result<Object, Refusal> {
        if let Some(&number) = self.same.get(&object) {
            return Ok(Object::Ref(number));
        }
        let number = self.reserve()?;
        self.fill(number, object.clone());
        self.same.insert(object, number);
        Ok(Object::Ref(number))
    }

    pub(super) fn add_dict(&mut self, dict: Dict) -> Result<Object, Refusal> {
        self.add(Object::Dict(dict))
    }

    pub(super) fn add_stream(&mut self, stream: Stream) -> Result<Object, Refusal> {
        self.add(Object::Stream(Rc::new(stream)))
    }

    /// The octets as a deflated stream.
    pub(super) fn add_deflated(&mut self, dict: Dict, octets: &[u8]) -> Result<Object, Refusal> {
        self.add_stream(filter::deflated(dict, octets))
    }

    /// What an object of the new file is, after following a reference.
    pub(super) fn built(&self, object: &Object) -> Object {
        let Object::Ref(number) = object else {
            return object.clone();
        };
        let index = usize::try_from(*number).unwrap_or(usize::MAX);
        self.objects.get(index).cloned().unwrap_or(Object::Null)
    }

    /// A number for an object that is filled in later, because others mention it before.
    pub(super) fn reserve(&mut self) -> Result<u32, Refusal> {
        if self.objects.len() >= MAX_OBJECTS {
            return Err(Refusal::TooLarge);
        }
        let number = u32::try_from(self.objects.len()).map_err(|_| Refusal::TooLarge)?;
        self.objects.push(Object::Null);
        Ok(number)
    }

    pub(super) fn fill(&mut self, number: u32, object: Object) {
        let index = usize::try_from(number).unwrap_or(usize::MAX);
        if let Some(slot) = self.objects.get_mut(index) {
            *slot = object;
        }
    }

    /// Builds what `object` stands for once, however often it is used. Nothing when it is built already further out:
    /// something that contains itself.
    pub(super) fn once(
        &mut self,
        role: Role,
        object: &Object,
        build: impl FnOnce(&mut Self, Object) -> Result<Option<Object>, Refusal>,
    ) -> Result<Option<Object>, Refusal> {
        let key = match object {
            Object::Ref(number) => Some((role, *number)),
            _ => None,
        };
        if let Some(known) = key.and_then(|key| self.built.get(&key)) {
            return Ok(known.clone());
        }
        if self.depth >= MAX_DEPTH || key.is_some_and(|key| !self.busy.insert(key)) {
            return Ok(None);
        }
        self.depth += 1;
        let resolved = self.document.resolve(object);
        let result = build(self, resolved);
        self.depth -= 1;
        if let Some(key) = key {
            self.busy.remove(&key);
            if let Ok(object) = &result {
                self.built.insert(key, object.clone());
            }
        }
        result
    }

    /// The octets of a stream that is no picture.
    pub(super) fn octets(&mut self, stream: &Stream) -> Result<Octets, Refusal> {
        let octets = filter::whole(self.document, stream, MAX_STREAM)?;
        self.job.unpacked(octets.len() as u64)?;
        Ok(octets)
    }

    /// Copies the entries that are among `keys` and of the right kind.
    pub(super) fn pick(&self, from: &Dict, to: &mut Dict, keys: &[(&str, Want)]) {
        for (key, want) in keys {
            let value = self.document.at(from, key);
            if let Some(value) = value.and_then(|value| self.wanted(value, *want)) {
                to.set(key, value);
            }
        }
    }

    fn wanted(&self, value: Object, want: Want) -> Option<Object> {
        let is_wanted = match want {
            Want::Bool => matches!(value, Object::Bool(_)),
            Want::Int => return value.as_int().map(Object::Int),
            Want::Number => value.is_number(),
            Want::Numbers => return self.number_array(&value),
            Want::OneOf(names) => {
                let name = value.as_name().unwrap_or_default();
                names.iter().any(|allowed| allowed.as_bytes() == name)
            }
        };
        is_wanted.then_some(value)
    }

    /// An array of numbers, with its references resolved.
    pub(super) fn number_array(&self, value: &Object) -> Option<Object> {
        let items = value.as_array()?.iter();
        let items = items.map(|item| self.document.resolve(item));
        let items: Option<Vec<Object>> = items.map(|i| i.is_number().then_some(i)).collect();
        items.map(Object::array)
    }

    /// Reports the entries of a dictionary that tell something and are left behind.
    pub(super) fn note(&mut self, dict: &Dict, place: &'static str, kept: &[&str]) {
        for (key, value) in dict.iter() {
            let Ok(name) = str::from_utf8(key) else {
                self.job
                    .found(What::Unknown, format!("{place}: own key"), "");
                continue;
            };
            if kept.contains(&name) || SILENT.contains(&name) {
                continue;
            }
            let told = TELLING.iter().find(|(telling, _)| *telling == name);
            match told {
                Some(&("Metadata", what)) => self.note_xmp(value, place, what),
                Some((_, what)) => {
                    let value = self.document.resolve(value);
                    let text = super::properties::text_of(&value);
                    self.job.found(*what, format!("{place}: {name}"), &text);
                }
                None => self
                    .job
                    .found(What::Unknown, format!("{place}: own key"), ""),
            }
        }
    }

    fn note_xmp(&mut self, value: &Object, place: &'static str, what: What) {
        if let Object::Ref(number) = value
            && !self.noted.insert(("XMP", number.to_be_bytes().to_vec()))
        {
            return;
        }
        let place = format!("{place}: XMP");
        self.job.found(what, place.clone(), "");
        let object = self.document.resolve(value);
        if let Some(stream) = object.as_stream()
            && let Ok(octets) = filter::whole(self.document, stream, MAX_STREAM)
        {
            xmp::report(&octets, &place, self.job);
        }
    }

    /// A stream with the same octets under no filter, for what is read twice.
    pub(super) fn made(dict: Dict, octets: Octets) -> Stream {
        Stream {
            dict,
            data: Data::Made(octets),
        }
    }
}

/// Keys that tell something, whatever the dictionary.
const TELLING: &[(&str, What)] = &[
    ("AA", What::Script),
    ("A", What::Script),
    ("AF", What::Attachment),
    ("Alternates", What::Preview),
    ("Author", What::Person),
    ("Contents", What::Description),
    ("CreationDate", What::Time),
    ("Creator", What::Software),
    ("ID", What::Identifier),
    ("LGIDict", What::Place),
    ("LastModified", What::Time),
    ("M", What::Time),
    ("Measure", What::Place),
    ("Metadata", What::Description),
    ("NM", What::Identifier),
    ("OPI", What::Path),
    ("PieceInfo", What::Software),
    ("PtData", What::Place),
    ("RC", What::Description),
    ("Ref", What::Path),
    ("Subj", What::Description),
    ("T", What::Person),
    ("TU", What::Description),
    ("TM", What::Description),
    ("Thumb", What::Preview),
    ("Title", What::Description),
    ("VP", What::Place),
];

/// Keys that tell nothing and are of no use, and those whose meaning other code takes care of.
const SILENT: &[&str] = &[
    "Type",
    "Subtype",
    "S",
    "Length",
    "Filter",
    "DecodeParms",
    "DL",
    "F",
    "FFilter",
    "FDecodeParms",
    "ProcSet",
    "Name",
    "StructParent",
    "StructParents",
    "Parent",
    "Resources",
    "Annots",
    "B",
    "Dur",
    "Trans",
    "Tabs",
    "BleedBox",
    "TrimBox",
    "ArtBox",
    "BoxColorInfo",
    "PZ",
    "SeparationInfo",
    "OC",
    "FormType",
    "Properties",
    "Group",
    "TemplateInstantiated",
    "PresSteps",
    "Hid",
    "Kids",
    "Count",
];
