//! What a page needs to be shown: the fields for that, and its strips or tiles (TIFF 6.0, sections 8 to 22).

use std::collections::BTreeMap;

use crate::job::Job;
use crate::picture::icc;
use crate::picture::tiff::jpeg;
use crate::picture::tiff::read::{Dialect, Directory, Field};
use crate::source::Source;
use crate::{Refusal, What};

/// Strips or tiles of a page.
const MAX_STRIPS: u64 = 1 << 19;
/// Octets of a colour profile or of code tables.
const MAX_OCTETS: usize = 4 << 20;

pub(super) const WIDTH: u16 = 256;
pub(super) const LENGTH: u16 = 257;
pub(super) const BITS: u16 = 258;
pub(super) const COMPRESSION: u16 = 259;
pub(super) const PHOTOMETRIC: u16 = 262;
pub(super) const FILL_ORDER: u16 = 266;
pub(super) const STRIPS: u16 = 273;
const ORIENTATION: u16 = 274;
pub(super) const SAMPLES: u16 = 277;
pub(super) const ROWS: u16 = 278;
pub(super) const STRIP_COUNTS: u16 = 279;
const X_RESOLUTION: u16 = 282;
const Y_RESOLUTION: u16 = 283;
pub(super) const PLANAR: u16 = 284;
const RESOLUTION_UNIT: u16 = 296;
pub(super) const TILE_WIDTH: u16 = 322;
pub(super) const TILE_LENGTH: u16 = 323;
pub(super) const TILES: u16 = 324;
pub(super) const TILE_COUNTS: u16 = 325;
const JPEG_TABLES: u16 = 347;
pub(super) const SUBSAMPLING: u16 = 530;
const PROFILE: u16 = 34675;
const SUBFILE: u16 = 254;

/// Fields of whole numbers that stay, and how many numbers they may have.
const NUMBERS: &[(u16, Form, u64)] = &[
    (WIDTH, Form::Long, 1),
    (LENGTH, Form::Long, 1),
    (BITS, Form::Short, 1024),
    (COMPRESSION, Form::Short, 1),
    (PHOTOMETRIC, Form::Short, 1),
    (FILL_ORDER, Form::Short, 1),
    (ORIENTATION, Form::Short, 1),
    (SAMPLES, Form::Short, 1),
    (ROWS, Form::Long, 1),
    // MinSampleValue and MaxSampleValue.
    (280, Form::Short, 1024),
    (281, Form::Short, 1024),
    (PLANAR, Form::Short, 1),
    // T4Options, T6Options, Predictor.
    (292, Form::Long, 1),
    (293, Form::Long, 1),
    (317, Form::Short, 1),
    // ColorMap.
    (320, Form::Short, 3 << 16),
    (TILE_WIDTH, Form::Long, 1),
    (TILE_LENGTH, Form::Long, 1),
    // InkSet, NumberOfInks, DotRange, ExtraSamples, SampleFormat.
    (332, Form::Short, 1),
    (334, Form::Short, 1),
    (336, Form::Short, 2048),
    (338, Form::Short, 1024),
    (339, Form::Short, 1024),
    (SUBSAMPLING, Form::Short, 2),
    // YCbCrPositioning.
    (531, Form::Short, 1),
];

/// Fields of fractions that stay, and how many fractions they have.
const FRACTIONS: &[(u16, u64)] = &[
    // WhitePoint, PrimaryChromaticities, YCbCrCoefficients, ReferenceBlackWhite.
    (318, 2),
    (319, 6),
    (529, 3),
    (532, 6),
];

#[derive(Clone, Copy)]
enum Form {
    Short,
    Long,
}

/// The value of a field of the clean file.
pub(super) enum Value {
    Shorts(Vec<u16>),
    Longs(Vec<u32>),
    Fractions(Vec<[u32; 2]>),
    Octets(Vec<u8>),
}

/// A page of the clean file.
pub(super) struct Page {
    pub(super) fields: BTreeMap<u16, Value>,
    /// Where its strips or tiles are, and how long.
    pub(super) strips: Vec<(u64, u64)>,
}

impl Page {
    /// Reads what stays of a directory.
    pub(super) fn read(
        file: &Source<'_>,
        dialect: Dialect,
        directory: &Directory,
        job: &mut Job,
    ) -> Result<Self, Refusal> {
        let mut page = Self {
            fields: BTreeMap::new(),
            strips: Vec::new(),
        };
        for &(tag, form, most) in NUMBERS {
            if let Some(field) = directory.field(tag) {
                let numbers = dialect.numbers(file, field, most)?;
                if let Some(value) = form.value(&numbers)? {
                    page.fields.insert(tag, value);
                }
            }
        }
        for &(tag, count) in FRACTIONS {
            let field = directory.field(tag);
            if let Some(field) = field.filter(|field| field.kind == 5 && field.count == count) {
                let fractions = fractions(file, dialect, field)?;
                page.fields.insert(tag, Value::Fractions(fractions));
            }
        }
        page.normalise(file, dialect, directory)?;
        page.octets(file, directory, job)?;
        page.strips = strips(file, dialect, directory, &page)?;
        Ok(page)
    }

    /// The first number of a field, or its default.
    pub(super) fn number(&self, tag: u16, default: u64) -> u64 {
        match self.fields.get(&tag) {
            Some(Value::Shorts(list)) => list.first().map_or(default, |&n| n.into()),
            Some(Value::Longs(list)) => list.first().map_or(default, |&n| n.into()),
            _ => default,
        }
    }

    pub(super) fn is_tiled(&self) -> bool {
        self.fields.contains_key(&TILE_WIDTH)
    }

    /// Takes away what says what is so anyway, and the resolution, of which only the shape of a pixel counts.
    fn normalise(
        &mut self,
        file: &Source<'_>,
        dialect: Dialect,
        directory: &Directory,
    ) -> Result<(), Refusal> {
        let orientation = self.number(ORIENTATION, 1);
        if !(2..=8).contains(&orientation) {
            self.fields.remove(&ORIENTATION);
        }
        if let Some(field) = directory.field(SUBFILE) {
            let is_mask = dialect
                .numbers(file, field, 1)?
                .first()
                .is_some_and(|n| n & 4 != 0);
            if is_mask {
                self.fields.insert(SUBFILE, Value::Longs(vec![4]));
            }
        }
        let resolution = |tag| match directory.field(tag) {
            Some(field) if field.kind == 5 && field.count == 1 => {
                fractions(file, dialect, field).map(|list| list.first().copied())
            }
            _ => Ok(None),
        };
        let shape = resolution(X_RESOLUTION)?.zip(resolution(Y_RESOLUTION)?);
        if let Some((x, y)) = shape.and_then(|(x, y)| shape_of(x, y)) {
            self.fields
                .insert(X_RESOLUTION, Value::Fractions(vec![[x, 1]]));
            self.fields
                .insert(Y_RESOLUTION, Value::Fractions(vec![[y, 1]]));
            self.fields.insert(RESOLUTION_UNIT, Value::Shorts(vec![1]));
        }
        Ok(())
    }

    /// The fields that are neither numbers nor text: a colour profile, and JPEG's tables.
    fn octets(
        &mut self,
        file: &Source<'_>,
        directory: &Directory,
        job: &mut Job,
    ) -> Result<(), Refusal> {
        if let Some(field) = directory.field(PROFILE) {
            let profile = file.read(field.value.clone(), MAX_OCTETS)?;
            if let Some(profile) = icc::canonical(&profile, "ICC profile", job) {
                self.fields.insert(PROFILE, Value::Octets(profile));
            }
        }
        if let Some(field) = directory.field(JPEG_TABLES) {
            let tables = file.part(field.value.clone())?;
            let mut clean = Vec::new();
            for range in jpeg::needed(&tables, job)? {
                clean.extend_from_slice(&tables.read(range, MAX_OCTETS)?);
            }
            self.fields.insert(JPEG_TABLES, Value::Octets(clean));
        }
        Ok(())
    }
}

impl Form {
    /// The numbers in this form; nothing for none of them.
    fn value(self, numbers: &[u64]) -> Result<Option<Value>, Refusal> {
        if numbers.is_empty() {
            return Ok(None);
        }
        let value = match self {
            Self::Short => Value::Shorts(narrow(numbers)?),
            Self::Long => Value::Longs(narrow(numbers)?),
        };
        Ok(Some(value))
    }
}

fn narrow<T: TryFrom<u64>>(numbers: &[u64]) -> Result<Vec<T>, Refusal> {
    let narrowed = numbers.iter().map(|&n| T::try_from(n));
    narrowed
        .collect::<Result<_, _>>()
        .map_err(|_| Refusal::Damaged)
}

fn fractions(file: &Source<'_>, dialect: Dialect, field: &Field) -> Result<Vec<[u32; 2]>, Refusal> {
    let octets = file.read(field.value.clone(), MAX_OCTETS)?;
    let number = |octets: &[u8]| u32::try_from(dialect.number(octets)).unwrap_or(0);
    Ok(octets
        .chunks_exact(8)
        .map(|pair| pair.split_at(4))
        .map(|(over, under)| [number(over), number(under)])
        .collect())
}

/// How many pixels stand across where how many stand down, when they are not as many; in lowest terms.
fn shape_of([x, per_x]: [u32; 2], [y, per_y]: [u32; 2]) -> Option<(u32, u32)> {
    let x = u64::from(x) * u64::from(per_y);
    let y = u64::from(y) * u64::from(per_x);
    // Rounding makes 300.0001 of 300.
    if x == 0 || y == 0 || x.abs_diff(y) <= x.max(y) / 100 {
        return None;
    }
    let (mut a, mut b) = (x, y);
    while b > 0 {
        (a, b) = (b, a % b);
    }
    Some((u32::try_from(x / a).ok()?, u32::try_from(y / a).ok()?))
}

/// Where the strips or tiles are.
fn strips(
    file: &Source<'_>,
    dialect: Dialect,
    directory: &Directory,
    page: &Page,
) -> Result<Vec<(u64, u64)>, Refusal> {
    let (at, counts) = if page.is_tiled() {
        (TILES, TILE_COUNTS)
    } else {
        (STRIPS, STRIP_COUNTS)
    };
    // Some programs write tiles under the tags of strips.
    let field = |tag, other| directory.field(tag).or_else(|| directory.field(other));
    let offsets = field(at, STRIPS).ok_or(Refusal::Damaged)?;
    let offsets = dialect.numbers(file, offsets, MAX_STRIPS)?;
    let layout = super::layout::Layout::of(page)?;
    let lens = match field(counts, STRIP_COUNTS) {
        Some(lens) => dialect.numbers(file, lens, MAX_STRIPS)?,
        None if page.number(COMPRESSION, 1) == 1 => (0..offsets.len() as u64)
            .map(|at| layout.octets(at))
            .collect(),
        None => return Err(Refusal::Unsupported("strips of unknown length")),
    };
    if offsets.is_empty() || offsets.len() != lens.len() || offsets.len() as u64 > layout.count() {
        return Err(Refusal::Damaged);
    }
    let inside = |&(at, len): &(u64, u64)| at.checked_add(len).is_some_and(|end| end <= file.len());
    let strips: Vec<_> = offsets.into_iter().zip(lens).collect();
    if strips.iter().all(inside) {
        Ok(strips)
    } else {
        Err(Refusal::Damaged)
    }
}

/// Which tags stay, in one form or another.
pub(super) fn is_understood(tag: u16) -> bool {
    const OTHERS: [u16; 9] = [
        SUBFILE,
        STRIPS,
        STRIP_COUNTS,
        TILES,
        TILE_COUNTS,
        X_RESOLUTION,
        Y_RESOLUTION,
        RESOLUTION_UNIT,
        JPEG_TABLES,
    ];
    NUMBERS.iter().any(|&(known, ..)| known == tag)
        || FRACTIONS.iter().any(|&(known, _)| known == tag)
        || OTHERS.contains(&tag)
        || tag == PROFILE
}

/// Refuses what is a camera's raw data.
pub(super) fn refuse_raw(
    file: &Source<'_>,
    dialect: Dialect,
    directory: &Directory,
) -> Result<(), Refusal> {
    // TIFF/EP's CFA fields and its id, DNG's version.
    const RAW: [u16; 5] = [33421, 33422, 37398, 50706, 50707];
    let number = |tag| {
        let field = directory.field(tag)?;
        dialect.numbers(file, field, 1).ok()?.first().copied()
    };
    let is_raw = RAW.iter().any(|&tag| directory.field(tag).is_some())
        || matches!(number(PHOTOMETRIC), Some(32803 | 34892))
        || matches!(
            number(COMPRESSION),
            Some(32767 | 32769 | 32770 | 32867 | 34713 | 34892 | 52546 | 65000 | 65535)
        );
    if is_raw {
        Err(Refusal::RawPhoto)
    } else {
        Ok(())
    }
}

/// Says that a smaller copy of a picture is gone.
pub(super) fn lost_preview(job: &mut Job) {
    job.found(What::Preview, "a smaller copy of a page", "");
}

/// Whether the directory is a smaller copy of another.
pub(super) fn is_preview(
    file: &Source<'_>,
    dialect: Dialect,
    directory: &Directory,
) -> Result<bool, Refusal> {
    let number = |tag| match directory.field(tag) {
        Some(field) => Ok(dialect.numbers(file, field, 1)?.first().copied()),
        None => Ok::<_, Refusal>(None),
    };
    Ok(number(SUBFILE)?.is_some_and(|n| n & 1 != 0) || number(255)? == Some(2))
}
