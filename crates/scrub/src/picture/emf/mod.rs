//! Enhanced metafiles: the records that draw, each in one form, behind a header that says nothing else.
//!
//! [MS-EMF]. Comments go, and with them EMF+, of which a file that is meant for both has the same drawing in plain
//! records. Colours are those of sRGB: profiles go, which name files of the maker's system.

mod bitmap;
mod records;
mod text;

use std::ops::Range;

use crate::job::Job;
use crate::plan::Plan;
use crate::source::Source;
use crate::{Refusal, Remark, What};

/// Type and length, in front of each record.
const HEAD: u64 = 8;
/// The header with both of its extensions.
const HEADER: u64 = 108;
const EOF: u32 = 14;
const COMMENT: u32 = 70;

pub(crate) fn scrub(file: &Source<'_>, job: &mut Job) -> Result<Plan, Refusal> {
    let header = Header::read(file, job)?;
    let mut metafile = Metafile {
        body: Plan::new(),
        records: 1,
        handles: 1,
    };
    let mut at = header.len;
    loop {
        let record = Record::at(file, at)?;
        at += record.len;
        match record.kind {
            EOF => break,
            COMMENT => comment(&record, &mut metafile.body, job)?,
            _ => metafile.record(&record, job)?,
        }
    }
    if at < file.len() {
        job.found(What::Unknown, "octets behind the end", "");
    }
    metafile.end();
    header.write(metafile)
}

/// A record of the source.
struct Record<'a> {
    file: Source<'a>,
    kind: u32,
    at: u64,
    len: u64,
}

impl<'a> Record<'a> {
    fn at(file: &Source<'a>, at: u64) -> Result<Self, Refusal> {
        let [k1, k2, k3, k4, l1, l2, l3, l4] = file.array(at)?;
        let len = u64::from(u32::from_le_bytes([l1, l2, l3, l4]));
        if len < HEAD || !len.is_multiple_of(4) || at + len > file.len() {
            return Err(Refusal::Damaged);
        }
        Ok(Self {
            file: *file,
            kind: u32::from_le_bytes([k1, k2, k3, k4]),
            at,
            len,
        })
    }

    /// The number at `place` of the record.
    fn long(&self, place: u64) -> Result<u32, Refusal> {
        let range = self.range(place, 4)?;
        Ok(u32::from_le_bytes(self.file.array(range.start)?))
    }

    /// Where in the source so many octets of the record are.
    fn range(&self, place: u64, len: u64) -> Result<Range<u64>, Refusal> {
        let end = place.checked_add(len).ok_or(Refusal::Damaged)?;
        if end > self.len {
            return Err(Refusal::Damaged);
        }
        Ok(self.at + place..self.at + end)
    }

    /// Octets of the record's front, in memory.
    fn front(&self, len: u64) -> Result<Vec<u8>, Refusal> {
        let octets = self.file.read(self.range(0, len)?, 4096)?;
        Ok(octets.to_vec())
    }
}

/// Writes a number over another one.
fn set(octets: &mut [u8], at: usize, number: u32) {
    if let Some(field) = octets.get_mut(at..at + 4) {
        field.copy_from_slice(&number.to_le_bytes());
    }
}

/// The clean records.
struct Metafile {
    body: Plan,
    records: u32,
    /// One more than the highest number of an object.
    handles: u32,
}

impl Metafile {
    /// Adds a record that consists of the first `len` octets of that of the source, and of zeros up to a whole word.
    fn keep(&mut self, record: &Record<'_>, len: u64) -> Result<(), Refusal> {
        let whole = len.next_multiple_of(4);
        if whole == record.len && whole == len {
            self.body.copy(record.range(0, len)?);
        } else {
            let mut head = record.front(HEAD)?;
            set(&mut head, 4, word(whole)?);
            self.body.put(&head);
            self.body.rewritten(record.range(0, HEAD)?);
            self.body
                .copy(record.range(HEAD, len.checked_sub(HEAD).ok_or(Refusal::Damaged)?)?);
            self.body.zeros(whole - len);
        }
        self.count()
    }

    /// Adds a record that was made anew: its front, whose length is set, and what follows it.
    fn put(&mut self, mut front: Vec<u8>, rest: Plan) -> Result<(), Refusal> {
        let len = front.len() as u64 + rest.len();
        set(&mut front, 4, word(len.next_multiple_of(4))?);
        self.body.put(&front);
        self.body.append(rest);
        self.body.zeros(len.next_multiple_of(4) - len);
        self.count()
    }

    fn count(&mut self) -> Result<(), Refusal> {
        self.records = self.records.checked_add(1).ok_or(Refusal::TooLarge)?;
        Ok(())
    }

    /// Takes note of an object that a record creates.
    fn object(&mut self, number: u32) -> Result<(), Refusal> {
        if number == 0 || number >= u32::from(u16::MAX) {
            return Err(Refusal::Damaged);
        }
        self.handles = self.handles.max(number + 1);
        Ok(())
    }

    /// The last record. Its palette is for programs that show the file on a screen of few colours; no record uses it.
    fn end(&mut self) {
        for number in [EOF, 20, 0, 16, 20] {
            self.body.put(&number.to_le_bytes());
        }
        self.records = self.records.saturating_add(1);
    }
}

fn word(number: u64) -> Result<u32, Refusal> {
    u32::try_from(number).map_err(|_| Refusal::TooLarge)
}

/// `EMR_HEADER`, [MS-EMF] 2.3.4.2.
struct Header {
    len: u64,
    /// Bounds and frame.
    bounds: [u8; 32],
    /// The reference device in pixels, in millimetres and in micrometres. Their quotient is the scale of the drawing.
    device: [u8; 16],
    micrometres: [u8; 8],
}

impl Header {
    fn read(file: &Source<'_>, job: &mut Job) -> Result<Self, Refusal> {
        let record = Record::at(file, 0)?;
        if record.kind != 1 || record.len < 88 || file.array::<4>(40)? != *b" EMF" {
            return Err(Refusal::Damaged);
        }
        let device = file.array::<16>(72)?;
        // The extensions are there when neither the description nor a pixel format stands in their place.
        let description = (u64::from(record.long(60)?) * 2, u64::from(record.long(64)?));
        let is_free = |len: u64| {
            let begins = if description.0 > 0 {
                description.1
            } else {
                record.len
            };
            record.len >= len && begins >= len
        };
        let format = is_free(100) && (record.long(88)?, record.long(96)?) != (0, 0);
        let is_long = is_free(HEADER) && !(format && u64::from(record.long(92)?) < HEADER);
        let micrometres = if is_long {
            file.array(100)?
        } else {
            thousandfold(&device)
        };
        let header = Self {
            len: record.len,
            bounds: file.array(8)?,
            device,
            micrometres,
        };
        header.report(&record, description, format, job)?;
        Ok(header)
    }

    fn report(
        &self,
        record: &Record<'_>,
        description: (u64, u64),
        format: bool,
        job: &mut Job,
    ) -> Result<(), Refusal> {
        let (len, at) = description;
        if len > 0 {
            let text = record.file.read(record.range(at, len)?, 1 << 16)?;
            let (pairs, _) = text.as_chunks::<2>();
            let units: Vec<u16> = pairs.iter().map(|&pair| u16::from_le_bytes(pair)).collect();
            let text = zeroize::Zeroizing::new(String::from_utf16_lossy(&units));
            let mut words = text.split('\0');
            let program = words.next().unwrap_or_default();
            job.found(What::Software, "header: program", program);
            let title = words.next().unwrap_or_default();
            job.found(What::Description, "header: title", title);
        } else if self.len > HEADER {
            job.found(What::Unknown, "octets behind the header", "");
        }
        if format {
            job.found(What::Device, "header: pixel format", "");
        }
        Ok(())
    }

    fn write(&self, metafile: Metafile) -> Result<Plan, Refusal> {
        let mut plan = Plan::new();
        let mut put = |number: u32| plan.put(&number.to_le_bytes());
        put(1);
        put(word(HEADER)?);
        plan.put(&self.bounds);
        plan.put(b" EMF\0\0\x01\0");
        let mut put = |number: u32| plan.put(&number.to_le_bytes());
        put(word(HEADER + metafile.body.len())?);
        put(metafile.records);
        put(metafile.handles);
        for _ in 0..3 {
            put(0);
        }
        plan.put(&self.device);
        plan.put(&[0; 12]);
        plan.put(&self.micrometres);
        plan.rewritten(0..88);
        plan.append(metafile.body);
        Ok(plan)
    }
}

/// Millimetres as micrometres.
fn thousandfold(device: &[u8; 16]) -> [u8; 8] {
    let mut micrometres = [0; 8];
    let (numbers, _) = device.as_chunks::<4>();
    let (to, _) = micrometres.as_chunks_mut::<4>();
    for (to, number) in to.iter_mut().zip(numbers.iter().skip(2)) {
        *to = u32::from_le_bytes(*number).wrapping_mul(1000).to_le_bytes();
    }
    micrometres
}

/// `EMR_COMMENT`, [MS-EMF] 2.3.3. It goes, when what it says does not draw or is drawn once more.
fn comment(record: &Record<'_>, plan: &mut Plan, job: &mut Job) -> Result<(), Refusal> {
    let ident = if record.len >= 16 {
        record.long(12)?
    } else {
        0
    };
    match &ident.to_le_bytes() {
        b"EMF+" => {
            is_drawn_twice(record)?;
            job.found(What::Unknown, "EMF+ records", "");
            job.remark(Remark::RicherDrawingLost);
            // Texts and names of fonts are in the plain records as well.
            plan.rewritten(record.range(0, record.len)?);
        }
        b"GDIC" => job.found(What::Unknown, "public comment", ""),
        _ => {
            let len = record.len.saturating_sub(12).min(200);
            let text = record
                .file
                .read(record.range(record.len.min(12), len)?, 200)?;
            job.found_octets(What::Description, "comment", &text);
        }
    }
    Ok(())
}

/// Whether an EMF+ file has its drawing in plain records too: the lowest flag of its header, [MS-EMFPLUS] 2.3.3.3.
fn is_drawn_twice(record: &Record<'_>) -> Result<(), Refusal> {
    if record.len < 20 {
        return Ok(());
    }
    match record.long(16)?.to_le_bytes() {
        [0x01, 0x40, flags, _] if flags & 1 == 0 => {
            Err(Refusal::Unsupported("a metafile with EMF+ records only"))
        }
        _ => Ok(()),
    }
}
