//! Annotations without an appearance: the simple shapes that readers draw for them.

use super::content::Writer;
use super::object::{Dict, Object};
use super::write;
use crate::Refusal;

/// Points of one annotation.
const MAX_POINTS: usize = 20_000;
/// How far the handles of a quarter of a circle reach.
const HANDLE: f64 = 0.552_285;

/// A rectangle with its corners in order.
#[derive(Clone, Copy)]
pub(super) struct Rect {
    pub(super) left: f64,
    pub(super) bottom: f64,
    pub(super) right: f64,
    pub(super) top: f64,
}

impl Rect {
    pub(super) fn new(numbers: &[f64]) -> Option<Self> {
        let &[a, b, c, d] = numbers else { return None };
        Some(Self {
            left: a.min(c),
            bottom: b.min(d),
            right: a.max(c),
            top: b.max(d),
        })
    }

    /// The smallest rectangle around this one under a matrix.
    pub(super) fn under(self, m: [f64; 6]) -> Self {
        let [right_x, right_y, up_x, up_y, x0, y0] = m;
        let point = |x: f64, y: f64| (right_x * x + up_x * y + x0, right_y * x + up_y * y + y0);
        let corners = [
            point(self.left, self.bottom),
            point(self.left, self.top),
            point(self.right, self.bottom),
            point(self.right, self.top),
        ];
        let fold = |of: fn(f64, f64) -> f64, start: f64| {
            corners
                .iter()
                .fold((start, start), |(x, y), c| (of(x, c.0), of(y, c.1)))
        };
        let (left, bottom) = fold(f64::min, f64::INFINITY);
        let (right, top) = fold(f64::max, f64::NEG_INFINITY);
        Self {
            left,
            bottom,
            right,
            top,
        }
    }
}

/// Writes numbers, each followed by a space.
pub(super) fn numbers(out: &mut Vec<u8>, numbers: &[f64]) {
    for &value in numbers {
        write::object(out, &Object::real(value), &|number| number);
        out.push(b' ');
    }
}

fn operator(out: &mut Vec<u8>, operands: &[f64], operator: &str) {
    numbers(out, operands);
    out.extend_from_slice(operator.as_bytes());
    out.push(b'\n');
}

/// What readers draw for an annotation. Nothing for one of a kind that they show as an icon or not at all.
pub(super) fn draw(
    writer: &mut Writer<'_, '_, '_>,
    dict: &Dict,
    rect: Rect,
) -> Result<Option<Vec<u8>>, Refusal> {
    let document = writer.builder.document;
    let subtype = document.at(dict, "Subtype");
    let subtype = subtype
        .as_ref()
        .and_then(Object::as_name)
        .unwrap_or_default()
        .to_vec();
    let mut pen = Pen::of(writer, dict);
    match subtype.as_slice() {
        b"Link" => {
            if !pen.has_border || pen.width <= 0.0 {
                return Ok(None);
            }
            pen.begin(&[0.0]);
            pen.rectangle(rect, 0.0);
            pen.out.extend_from_slice(b"S\n");
        }
        b"Highlight" | b"Underline" | b"StrikeOut" | b"Squiggly" => {
            let quads = Pen::list(writer, dict, "QuadPoints");
            if quads.len() < 8 {
                return Ok(None);
            }
            pen.state(writer, dict, subtype == b"Highlight")?;
            pen.marked(&subtype, &quads);
        }
        // A field without an appearance: its border and ground.
        b"Widget" => {
            let look = document.dict_at(dict, "MK").unwrap_or_default();
            pen.colour = Pen::list(writer, &look, "BC");
            if pen.colour.is_empty() {
                pen.width = 0.0;
            }
            let ground = look.get("BG").cloned();
            let inner = ground.map_or_else(Dict::default, |bg| Dict::default().with("IC", bg));
            pen.begin(&[0.0]);
            let fill = pen.fill(writer, &inner);
            if !fill && pen.width <= 0.0 {
                return Ok(None);
            }
            pen.rectangle(rect, pen.width / 2.0);
            pen.end(fill);
        }
        b"Square" | b"Circle" => {
            pen.state(writer, dict, false)?;
            pen.begin(&[0.0]);
            let fill = pen.fill(writer, dict);
            if subtype == b"Square" {
                pen.rectangle(rect, pen.width / 2.0);
            } else {
                pen.ellipse(rect, pen.width / 2.0);
            }
            pen.end(fill);
        }
        b"Line" | b"PolyLine" | b"Polygon" | b"Ink" => {
            pen.state(writer, dict, false)?;
            pen.begin(&[0.0]);
            let fill = subtype == b"Polygon" && pen.fill(writer, dict);
            pen.lines(writer, dict, &subtype);
            pen.end(fill);
        }
        _ => return Ok(None),
    }
    Ok(Some(pen.out))
}

/// What lines are drawn with.
struct Pen {
    out: Vec<u8>,
    width: f64,
    dash: Vec<f64>,
    has_border: bool,
    colour: Vec<f64>,
}

impl Pen {
    fn of(writer: &Writer<'_, '_, '_>, dict: &Dict) -> Self {
        let document = writer.builder.document;
        let list = |dict: &Dict, key| dict.get(key).and_then(|value| document.numbers(value));
        let mut pen = Self {
            out: Vec::new(),
            width: 1.0,
            dash: Vec::new(),
            has_border: false,
            colour: list(dict, "C").unwrap_or_default(),
        };
        if let Some(style) = document.dict_at(dict, "BS") {
            pen.has_border = true;
            pen.width = document
                .at(&style, "W")
                .and_then(|w| w.as_f64())
                .unwrap_or(1.0);
            if document.at(&style, "S") == Some(Object::name("D")) {
                pen.dash = list(&style, "D").unwrap_or_else(|| vec![3.0]);
            }
        } else if let Some(Object::Array(border)) = document.at(dict, "Border") {
            pen.has_border = true;
            let width = border.get(2).map(|width| document.resolve(width));
            pen.width = width.and_then(|width| width.as_f64()).unwrap_or(1.0);
            let dash = border.get(3).and_then(|dash| document.numbers(dash));
            pen.dash = dash.unwrap_or_default();
        }
        pen
    }

    fn list(writer: &Writer<'_, '_, '_>, dict: &Dict, key: &str) -> Vec<f64> {
        let list = dict
            .get(key)
            .and_then(|value| writer.builder.document.numbers(value));
        let mut list = list.unwrap_or_default();
        list.truncate(MAX_POINTS);
        list
    }

    /// Opacity, and for a marker pen that what is below shines through.
    fn state(
        &mut self,
        writer: &mut Writer<'_, '_, '_>,
        dict: &Dict,
        multiply: bool,
    ) -> Result<(), Refusal> {
        let opacity = writer
            .builder
            .document
            .at(dict, "CA")
            .filter(Object::is_number);
        if !multiply && opacity.is_none() {
            return Ok(());
        }
        let mut state = Dict::default();
        if multiply {
            state.set("BM", Object::name("Multiply"));
        }
        if let Some(opacity) = opacity {
            state.set("CA", opacity.clone());
            state.set("ca", opacity);
        }
        let state = writer.builder.add_dict(state)?;
        let name = writer.name_of("ExtGState", state);
        write::name(&mut self.out, &name);
        self.out.extend_from_slice(b" gs\n");
        Ok(())
    }

    /// Sets the line's colour, width and dashes.
    fn begin(&mut self, otherwise: &[f64]) {
        let colour = if self.colour.is_empty() {
            otherwise
        } else {
            &self.colour
        };
        let name = match colour.len() {
            3 => "RG",
            4 => "K",
            _ => "G",
        };
        operator(&mut self.out, colour, name);
        operator(&mut self.out, &[self.width], "w");
        if !self.dash.is_empty() {
            self.out.push(b'[');
            numbers(&mut self.out, &self.dash);
            self.out.pop();
            self.out.extend_from_slice(b"] 0 d\n");
        }
    }

    /// Sets the inner colour, if there is one.
    fn fill(&mut self, writer: &Writer<'_, '_, '_>, dict: &Dict) -> bool {
        let colour = Self::list(writer, dict, "IC");
        let name = match colour.len() {
            1 => "g",
            3 => "rg",
            4 => "k",
            _ => return false,
        };
        operator(&mut self.out, &colour, name);
        true
    }

    fn end(&mut self, fill: bool) {
        let end: &[u8] = match (fill, self.width > 0.0) {
            (true, true) => b"B\n",
            (true, false) => b"f\n",
            (false, true) => b"S\n",
            (false, false) => b"n\n",
        };
        self.out.extend_from_slice(end);
    }

    fn rectangle(&mut self, rect: Rect, inset: f64) {
        let (x, y) = (rect.left + inset, rect.bottom + inset);
        let (width, height) = (rect.right - inset - x, rect.top - inset - y);
        operator(&mut self.out, &[x, y, width, height], "re");
    }

    fn ellipse(&mut self, rect: Rect, inset: f64) {
        let (x, y) = (
            f64::midpoint(rect.left, rect.right),
            f64::midpoint(rect.bottom, rect.top),
        );
        let a = (rect.right - rect.left) / 2.0 - inset;
        let b = (rect.top - rect.bottom) / 2.0 - inset;
        operator(&mut self.out, &[x + a, y], "m");
        for (cos, sin) in [(1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0)] {
            let handles = [
                x + a * (cos - sin * HANDLE),
                y + b * (sin + cos * HANDLE),
                x + a * (-sin + cos * HANDLE),
                y + b * (cos + sin * HANDLE),
                x - a * sin,
                y + b * cos,
            ];
            operator(&mut self.out, &handles, "c");
        }
    }

    fn lines(&mut self, writer: &Writer<'_, '_, '_>, dict: &Dict, subtype: &[u8]) {
        let paths = match subtype {
            b"Line" => vec![Self::list(writer, dict, "L")],
            b"Ink" => match writer.builder.document.at(dict, "InkList") {
                Some(Object::Array(paths)) => {
                    let paths = paths.iter().take(MAX_POINTS);
                    paths
                        .filter_map(|path| writer.builder.document.numbers(path))
                        .collect()
                }
                _ => Vec::new(),
            },
            _ => vec![Self::list(writer, dict, "Vertices")],
        };
        for path in paths {
            for (index, point) in path.chunks_exact(2).enumerate() {
                operator(&mut self.out, point, if index == 0 { "m" } else { "l" });
            }
            if subtype == b"Polygon" && path.len() >= 2 {
                self.out.extend_from_slice(b"h\n");
            }
        }
    }

    /// Text that is marked, underlined or struck out: for each piece its four corners.
    fn marked(&mut self, subtype: &[u8], quads: &[f64]) {
        if subtype == b"Highlight" {
            let colour = std::mem::take(&mut self.colour);
            let (colour, name) = match colour.len() {
                1 => (colour, "g"),
                3 => (colour, "rg"),
                4 => (colour, "k"),
                _ => (vec![1.0, 1.0, 0.0], "rg"),
            };
            operator(&mut self.out, &colour, name);
        } else {
            self.begin(&[0.0]);
        }
        for quad in quads.chunks_exact(8) {
            let &[x1, y1, x2, y2, x3, y3, x4, y4] = quad else {
                continue;
            };
            let middle = f64::midpoint;
            match subtype {
                b"Highlight" => {
                    // Readers let the ends bulge by a quarter of the height.
                    let h = (y1 - y3).abs() / 4.0;
                    operator(&mut self.out, &[x3, y3], "m");
                    operator(
                        &mut self.out,
                        &[x3 - h, y3 + h, x1 - h, y1 - h, x1, y1],
                        "c",
                    );
                    operator(&mut self.out, &[x2, y2], "l");
                    operator(
                        &mut self.out,
                        &[x2 + h, y2 - h, x4 + h, y4 + h, x4, y4],
                        "c",
                    );
                    self.out.extend_from_slice(b"f\n");
                }
                b"StrikeOut" => {
                    operator(&mut self.out, &[middle(x1, x3), middle(y1, y3)], "m");
                    operator(&mut self.out, &[middle(x2, x4), middle(y2, y4)], "l");
                    self.out.extend_from_slice(b"S\n");
                }
                _ => {
                    operator(&mut self.out, &[x3, y3], "m");
                    operator(&mut self.out, &[x4, y4], "l");
                    self.out.extend_from_slice(b"S\n");
                }
            }
        }
    }
}
