//! The file's objects by their numbers (ISO 32000-1, section 7.5).

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use zeroize::Zeroizing;

use super::crypt::Crypt;
use super::filter;
use super::lexer::{Lexer, Token};
use super::object::{Data, Dict, Object, Stream, range};
use super::xref::{self, Entry, Xref};
use crate::Refusal;

/// References to references are followed this far.
const MAX_HOPS: usize = 16;
/// Objects that have to be read to read an object: a length in a stream of objects.
const MAX_LOADING: u8 = 4;
/// Octets that a stream other than a picture may unpack to.
pub(super) const MAX_STREAM: usize = 64 << 20;
/// Octets that the streams of objects of a file may unpack to in all.
const MAX_PACKED: usize = 256 << 20;

/// A file's objects.
pub(super) struct Document<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) xref: Xref,
    crypt: Option<Crypt>,
    objects: RefCell<HashMap<u32, Object>>,
    packed: RefCell<HashMap<u32, Rc<Packed>>>,
    packed_octets: Cell<usize>,
    loading: Cell<u8>,
    scanned: OnceCell<HashMap<u32, usize>>,
    ends: OnceCell<Vec<usize>>,
}

/// A stream of objects, unpacked.
struct Packed {
    bytes: Zeroizing<Vec<u8>>,
    objects: HashMap<u32, usize>,
}

impl<'a> Document<'a> {
    /// Finds the objects. A file whose table is damaged is searched for them.
    ///
    /// # Errors
    /// [`Refusal::Damaged`] without a catalogue, or when the file is cut short; [`Refusal::Encrypted`] under a password.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, Refusal> {
        if let Some(xref) = xref::read(bytes) {
            match Self::with(bytes, xref) {
                Ok(document) if document.has_pages() => return Ok(document),
                Err(Refusal::Encrypted) => return Err(Refusal::Encrypted),
                _ => {}
            }
        }
        if xref::is_cut_short(bytes) {
            return Err(Refusal::Damaged);
        }
        let mut document = Self::with(bytes, xref::search(bytes))?;
        document.index_packed();
        if document.has_pages() {
            Ok(document)
        } else {
            Err(Refusal::Damaged)
        }
    }

    fn with(bytes: &'a [u8], xref: Xref) -> Result<Self, Refusal> {
        let mut document = Self {
            bytes,
            xref,
            crypt: None,
            objects: RefCell::default(),
            packed: RefCell::default(),
            packed_octets: Cell::new(0),
            loading: Cell::new(0),
            scanned: OnceCell::new(),
            ends: OnceCell::new(),
        };
        if let Some(encrypt) = document.xref.trailer.get("Encrypt") {
            let encrypt = document.resolve(encrypt);
            let dict = encrypt.as_dict().ok_or(Refusal::Encrypted)?;
            let id = match document
                .xref
                .trailer
                .get("ID")
                .map(|id| document.resolve(id))
            {
                Some(Object::Array(ids)) => match ids.first() {
                    Some(Object::String(id)) => id.clone(),
                    _ => Vec::new(),
                },
                _ => Vec::new(),
            };
            let dict = document.resolved_entries(dict);
            document.crypt = Some(Crypt::open(&dict, &id).ok_or(Refusal::Encrypted)?);
            document.objects.borrow_mut().clear();
        }
        Ok(document)
    }

    fn resolved_entries(&self, dict: &Dict) -> Dict {
        let entries = dict.iter();
        entries.map(|(k, v)| (k.clone(), self.resolve(v))).collect()
    }

    fn has_pages(&self) -> bool {
        let root = self.dict_at(&self.xref.trailer, "Root");
        root.and_then(|root| self.dict_at(&root, "Pages")).is_some()
    }

    /// After a search: the objects in streams of objects count too, unless they also stand by themselves.
    fn index_packed(&mut self) {
        let streams = self.xref.packed_streams.clone();
        for number in streams {
            if let Some(packed) = self.packed(number) {
                for inner in packed.objects.keys() {
                    let entry = Entry::Packed(number);
                    self.xref.entries.entry(*inner).or_insert(entry);
                }
            }
        }
        if !self.has_pages() {
            let numbers: Vec<u32> = self.xref.entries.keys().copied().collect();
            let is_root = |n: &u32| {
                let object = self.resolve(&Object::Ref(*n));
                let dict = object.as_dict();
                dict.is_some_and(|d| d.get("Type") == Some(&Object::name("Catalog")))
            };
            let root = numbers.into_iter().filter(is_root).max();
            if let Some(root) = root {
                self.xref.trailer.set("Root", Object::Ref(root));
            }
        }
    }

    /// What an object is, after following references. A reference that leads nowhere is null.
    pub(super) fn resolve(&self, object: &Object) -> Object {
        let mut object = object.clone();
        for _ in 0..MAX_HOPS {
            match object {
                Object::Ref(number) => object = self.load(number),
                other => return other,
            }
        }
        Object::Null
    }

    /// The value of a key, resolved. Null counts as absent.
    pub(super) fn at(&self, dict: &Dict, key: &str) -> Option<Object> {
        let value = self.resolve(dict.get(key)?);
        (value != Object::Null).then_some(value)
    }

    pub(super) fn dict_at(&self, dict: &Dict, key: &str) -> Option<Dict> {
        match self.at(dict, key)? {
            Object::Dict(dict) => Some(dict),
            _ => None,
        }
    }

    /// The numbers of an array, resolved.
    pub(super) fn numbers(&self, object: &Object) -> Option<Vec<f64>> {
        let array = self.resolve(object);
        let items = array.as_array()?;
        items
            .iter()
            .map(|item| self.resolve(item).as_f64())
            .collect()
    }

    fn load(&self, number: u32) -> Object {
        if let Some(object) = self.objects.borrow().get(&number) {
            return object.clone();
        }
        if self.loading.get() >= MAX_LOADING {
            return Object::Null;
        }
        self.loading.set(self.loading.get() + 1);
        let object = match self.xref.entries.get(&number) {
            Some(&Entry::Offset(at)) => self.at_offset(number, at),
            Some(&Entry::Packed(stream)) => self.in_packed(number, stream),
            None => None,
        };
        self.loading.set(self.loading.get() - 1);
        let object = object.unwrap_or(Object::Null);
        self.objects.borrow_mut().insert(number, object.clone());
        object
    }

    fn at_offset(&self, number: u32, at: usize) -> Option<Object> {
        let found = self.read_object(at);
        let found = found.filter(|(n, _, _)| *n == number);
        let (_, generation, object) = found.or_else(|| {
            let scanned = self
                .scanned
                .get_or_init(|| xref::search(self.bytes).offsets());
            self.read_object(*scanned.get(&number)?)
        })?;
        Some(match &self.crypt {
            Some(crypt) if !is_xref(&object) => crypt.strings(object, number, generation),
            _ => object,
        })
    }

    /// The object that stands at a position, with its number and generation.
    fn read_object(&self, at: usize) -> Option<(u32, u16, Object)> {
        let mut lexer = Lexer::new(self.bytes, at);
        let (number, generation) = xref::object_header(&mut lexer)?;
        let object = lexer.object(true).unwrap_or(Object::Null);
        let Object::Dict(dict) = object else {
            return Some((number, generation, object));
        };
        let before = lexer.clone();
        if lexer.token() != Some(Token::Word(b"stream")) {
            return Some((number, generation, Object::Dict(dict)));
        }
        let mut start = before.at + xref::find(before.rest(), b"stream")? + 6;
        let front = self.bytes.get(start..).unwrap_or_default();
        start += match front {
            [b'\r', b'\n', ..] => 2,
            [b'\r' | b'\n', ..] => 1,
            _ => 0,
        };
        let data = Data::File {
            range: (start, self.stream_end(&dict, start)),
            number,
            generation,
        };
        let stream = Object::Stream(Rc::new(Stream { dict, data }));
        Some((number, generation, stream))
    }

    /// Where the octets of a stream end: by its length if `endstream` follows there, else before the next one.
    fn stream_end(&self, dict: &Dict, start: usize) -> usize {
        let length = dict.get("Length").map(|length| self.resolve(length));
        let by_length = match length {
            Some(Object::Int(len)) => usize::try_from(len).ok(),
            _ => None,
        };
        if let Some(end) = by_length.and_then(|len| start.checked_add(len))
            && end <= self.bytes.len()
        {
            let mut lexer = Lexer::new(self.bytes, end);
            while lexer.peek().is_some_and(super::lexer::is_space) && lexer.at < end + 4 {
                lexer.at += 1;
            }
            if lexer.rest().starts_with(b"endstream") {
                return end;
            }
        }
        let ends = self
            .ends
            .get_or_init(|| xref::find_all(self.bytes, b"endstream"));
        let next = ends.partition_point(|&end| end < start);
        let end = ends.get(next).copied().unwrap_or(self.bytes.len());
        let tail = self.bytes.get(start..end).unwrap_or_default();
        end - match tail {
            [.., b'\r', b'\n'] => 2,
            [.., b'\r' | b'\n'] => 1,
            _ => 0,
        }
    }

    fn packed(&self, number: u32) -> Option<Rc<Packed>> {
        if let Some(packed) = self.packed.borrow().get(&number) {
            return Some(Rc::clone(packed));
        }
        if !matches!(self.xref.entries.get(&number), Some(Entry::Offset(_))) {
            return None;
        }
        let object = self.resolve(&Object::Ref(number));
        let stream = object.as_stream()?;
        let limit = MAX_STREAM.min(MAX_PACKED - self.packed_octets.get());
        let bytes = filter::whole(self, stream, limit).ok()?;
        self.packed_octets
            .set(self.packed_octets.get() + bytes.len());
        let first = usize::try_from(stream.dict.get("First")?.as_int()?).ok()?;
        let mut lexer = Lexer::new(bytes.get(..first)?, 0);
        let mut objects = HashMap::new();
        while let (Some(Token::Number(number)), Some(Token::Number(at))) =
            (lexer.token(), lexer.token())
        {
            let number = u32::try_from(number.as_int()?).ok()?;
            let at = usize::try_from(at.as_int()?).ok()?;
            objects.insert(number, first.checked_add(at)?);
        }
        let packed = Rc::new(Packed { bytes, objects });
        let kept = Rc::clone(&packed);
        self.packed.borrow_mut().insert(number, kept);
        Some(packed)
    }

    fn in_packed(&self, number: u32, stream: u32) -> Option<Object> {
        let packed = self.packed(stream)?;
        let at = *packed.objects.get(&number)?;
        Lexer::new(&packed.bytes, at).object(true)
    }

    /// The octets of a stream as they stand, decrypted.
    pub(super) fn raw(&self, stream: &Stream) -> Zeroizing<Vec<u8>> {
        match &stream.data {
            Data::Made(bytes) => bytes.clone(),
            Data::File {
                range: octets,
                number,
                generation,
            } => {
                let bytes = self.bytes.get(range(*octets)).unwrap_or_default();
                match &self.crypt {
                    Some(crypt) if !is_type(&stream.dict, "XRef") => {
                        crypt.stream(&stream.dict, bytes, *number, *generation)
                    }
                    _ => Zeroizing::new(bytes.to_vec()),
                }
            }
        }
    }

    /// How many objects the file has that were never looked at.
    pub(super) fn untouched(&self) -> usize {
        let touched: HashSet<u32> = self.objects.borrow().keys().copied().collect();
        let entries = self.xref.entries.keys();
        entries.filter(|number| !touched.contains(number)).count()
    }
}

fn is_xref(object: &Object) -> bool {
    object.as_dict().is_some_and(|dict| is_type(dict, "XRef"))
}

fn is_type(dict: &Dict, name: &str) -> bool {
    dict.get("Type").and_then(Object::as_name) == Some(name.as_bytes())
}
