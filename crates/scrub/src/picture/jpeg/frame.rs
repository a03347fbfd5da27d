//! Frame and scan headers.

use crate::Refusal;
use crate::plan::Plan;

/// A frame header (T.81, B.2.2).
pub(super) struct Frame {
    /// The last octet of its marker.
    pub(super) marker: u8,
    precision: u8,
    /// Zero when it is told behind the first scan.
    pub(super) height: u16,
    width: u16,
    pub(super) components: Vec<Component>,
}

/// One colour of a frame.
#[derive(Clone, Copy)]
pub(super) struct Component {
    pub(super) id: u8,
    sampling: u8,
    pub(super) quantiser: u8,
}

impl Component {
    /// How finely it is sampled, across and down.
    pub(super) fn sampling(&self) -> (u64, u64) {
        ((self.sampling >> 4).into(), (self.sampling & 15).into())
    }
}

impl Frame {
    pub(super) fn parse(marker: u8, octets: &[u8]) -> Result<Self, Refusal> {
        let (&[precision, h1, h2, w1, w2, count], rest) =
            octets.split_first_chunk().ok_or(Refusal::Damaged)?;
        let (width, height) = (u16::from_be_bytes([w1, w2]), u16::from_be_bytes([h1, h2]));
        let (triples, tail) = rest.as_chunks::<3>();
        let fits = triples.len() == usize::from(count) && tail.is_empty();
        if !fits || !(1..=4).contains(&count) || width == 0 || !(2..=16).contains(&precision) {
            return Err(Refusal::Damaged);
        }
        let mut components: Vec<Component> = Vec::with_capacity(4);
        for &[id, sampling, quantiser] in triples {
            let (h, v) = (sampling >> 4, sampling & 15);
            let is_valid = (1..=4).contains(&h) && (1..=4).contains(&v) && quantiser <= 3;
            if !is_valid || components.iter().any(|other| other.id == id) {
                return Err(Refusal::Damaged);
            }
            components.push(Component {
                id,
                sampling,
                quantiser,
            });
        }
        Ok(Self {
            marker,
            precision,
            height,
            width,
            components,
        })
    }

    /// Whether the samples are coded without loss (T.81, annex H).
    pub(super) fn is_lossless(&self) -> bool {
        self.marker == 0xC3
    }

    /// How many units a scan has: of one component, its blocks, and otherwise blocks of every component together
    /// (T.81, A.2).
    pub(super) fn units(&self, single: Option<usize>) -> u64 {
        let most = |side: fn((u64, u64)) -> u64| {
            let sides = self.components.iter().map(|c| side(c.sampling()));
            sides.max().unwrap_or(1)
        };
        let (h_most, v_most) = (most(|(h, _)| h), most(|(_, v)| v));
        let own = single.and_then(|index| self.components.get(index));
        let (h, v) = own.map_or((1, 1), Component::sampling);
        // Of a single component, blocks of eight samples; of several, units of as many as the finest one needs.
        let along = |len: u16, own: u64, most: u64| (u64::from(len) * own).div_ceil(8 * most);
        along(self.width, h, h_most) * along(self.height, v, v_most)
    }

    pub(super) fn is_progressive(&self) -> bool {
        self.marker == 0xC2
    }

    pub(super) fn write(&self, plan: &mut Plan) {
        let count = u8::try_from(self.components.len()).unwrap_or(0);
        plan.put(&[0xFF, self.marker, 0, 8 + 3 * count, self.precision]);
        plan.put(&self.height.to_be_bytes());
        plan.put(&self.width.to_be_bytes());
        plan.put(&[count]);
        for component in &self.components {
            plan.put(&[component.id, component.sampling, component.quantiser]);
        }
    }
}

/// A scan header (T.81, B.2.3).
pub(super) struct Scan {
    /// For each of its components: the index in the frame, and the numbers of its two code tables.
    pub(super) parts: Vec<(usize, u8, u8)>,
    ids: Vec<u8>,
    pub(super) first: u8,
    pub(super) last: u8,
    pub(super) approximation: u8,
}

impl Scan {
    pub(super) fn parse(frame: &Frame, octets: &[u8]) -> Result<Self, Refusal> {
        let (&count, rest) = octets.split_first().ok_or(Refusal::Damaged)?;
        let (pairs, rest) = rest
            .split_at_checked(2 * usize::from(count))
            .ok_or(Refusal::Damaged)?;
        let &[first, last, approximation] = rest else {
            return Err(Refusal::Damaged);
        };
        if !(1..=4).contains(&count) {
            return Err(Refusal::Damaged);
        }
        let mut scan = Self {
            parts: Vec::with_capacity(4),
            ids: Vec::with_capacity(4),
            first,
            last,
            approximation,
        };
        // A sequential scan has all coefficients, and readers do not look at these fields.
        if !frame.is_progressive() && !frame.is_lossless() {
            (scan.first, scan.last, scan.approximation) = (0, 63, 0);
        }
        if frame.is_progressive() && (first > last || last > 63) {
            return Err(Refusal::Damaged);
        }
        if frame.is_lossless() {
            scan.last = 0;
            scan.approximation &= 15;
        }
        let (needs_dc, needs_ac) = scan.needs(frame);
        for &[id, tables] in pairs.as_chunks::<2>().0 {
            let index = frame.components.iter().position(|known| known.id == id);
            let index = index.ok_or(Refusal::Damaged)?;
            let dc = if needs_dc { tables >> 4 } else { 0 };
            let ac = if needs_ac { tables & 15 } else { 0 };
            if dc > 3 || ac > 3 || scan.ids.contains(&id) {
                return Err(Refusal::Damaged);
            }
            scan.parts.push((index, dc, ac));
            scan.ids.push(id);
        }
        Ok(scan)
    }

    /// Whether the scan uses the tables of the first coefficients, and those of the others.
    fn needs(&self, frame: &Frame) -> (bool, bool) {
        if frame.is_lossless() {
            return (true, false);
        }
        if frame.is_progressive() {
            return (
                self.first == 0 && self.approximation >> 4 == 0,
                self.last > 0,
            );
        }
        (true, true)
    }

    pub(super) fn components<'a>(&'a self, frame: &'a Frame) -> impl Iterator<Item = Component> {
        let indices = self.parts.iter().map(|&(index, ..)| index);
        indices.filter_map(|index| frame.components.get(index).copied())
    }

    /// The class and number of each code table that the scan uses, as in the front of a table.
    pub(super) fn codes(&self, frame: &Frame) -> Vec<u8> {
        let (needs_dc, needs_ac) = self.needs(frame);
        let dc = self.parts.iter().filter(|_| needs_dc).map(|&(_, dc, _)| dc);
        let ac = self.parts.iter().filter(|_| needs_ac);
        dc.chain(ac.map(|&(_, _, ac)| 0x10 | ac)).collect()
    }

    pub(super) fn write(&self, plan: &mut Plan) {
        let count = u8::try_from(self.parts.len()).unwrap_or(0);
        plan.put(&[0xFF, 0xDA, 0, 6 + 2 * count, count]);
        for (id, (_, dc, ac)) in self.ids.iter().zip(&self.parts) {
            plan.put(&[*id, dc << 4 | ac]);
        }
        plan.put(&[self.first, self.last, self.approximation]);
    }
}
