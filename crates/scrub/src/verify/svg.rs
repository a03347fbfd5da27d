//! SVG: elements and attributes of the drawing kinds in the one form that scrubbing writes, with made-up names only.

mod style;

use super::{Fault, Views};
use crate::source::Source;
use crate::{Kind, Refusal};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Octets of a drawing.
const MAX_DRAWING: usize = 128 << 20;
/// What every drawing begins with.
const FRONT: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\"";
const XLINK: &str = " xmlns:xlink=\"http://www.w3.org/1999/xlink\"";

pub(super) fn verify(file: &Source<'_>, views: &mut Views<'_>) -> Result<(), Fault> {
    let bytes = file.read(0..file.len(), MAX_DRAWING)?;
    let text = str::from_utf8(&bytes).map_err(|_| Fault("no UTF-8"))?;
    let rest = text.strip_prefix(FRONT).ok_or(Fault("no drawing"))?;
    let mut walk = Walk {
        rest: rest.strip_prefix(XLINK).unwrap_or(rest),
        open: vec!["svg"],
    };
    walk.attributes("svg", views)?;
    while !walk.open.is_empty() {
        walk.piece(views)?;
    }
    if walk.rest.is_empty() {
        Ok(())
    } else {
        Err(Fault("something follows the drawing"))
    }
}

/// A walk through the markup.
struct Walk<'a> {
    rest: &'a str,
    open: Vec<&'a str>,
}

impl Walk<'_> {
    /// A tag or a text.
    fn piece(&mut self, views: &mut Views<'_>) -> Result<(), Fault> {
        if let Some(after) = self.rest.strip_prefix("</") {
            let (name, after) = after.split_once('>').ok_or(Fault("an open tag"))?;
            if self.open.pop() != Some(name) {
                return Err(Fault("a tag that closes another one"));
            }
            self.rest = after;
            return Ok(());
        }
        if let Some(after) = self.rest.strip_prefix('<') {
            let end = after.find([' ', '>', '/']).ok_or(Fault("an open tag"))?;
            let (name, after) = after.split_at(end);
            if !ELEMENTS.split_whitespace().any(|known| known == name) {
                return Err(Fault("an element that does not draw"));
            }
            self.rest = after;
            self.open.push(name);
            return self.attributes(name, views);
        }
        let end = self
            .rest
            .find('<')
            .ok_or(Fault("text behind the drawing"))?;
        let (text, after) = self.rest.split_at(end);
        self.rest = after;
        let text = plain(text)?;
        let element = self.open.last().copied().unwrap_or_default();
        let is_text = self
            .open
            .iter()
            .any(|open| matches!(*open, "text" | "flowRoot"));
        match element {
            "style" => {
                views.hidden(text.as_bytes());
                style::sheet(&text, views)
            }
            "text" | "tspan" | "textPath" | "a" | "flowPara" | "flowSpan" | "flowDiv"
            | "flowLine"
                if is_text =>
            {
                views.text(&text);
                Ok(())
            }
            _ => Err(Fault("text that is not shown")),
        }
    }

    /// Attributes in order, each once, up to the end of the tag.
    fn attributes(&mut self, element: &str, views: &mut Views<'_>) -> Result<(), Fault> {
        let mut last = "";
        loop {
            if let Some(after) = self.rest.strip_prefix("/>") {
                self.open.pop();
                self.rest = after;
                return Ok(());
            }
            if let Some(after) = self.rest.strip_prefix('>') {
                self.rest = after;
                return Ok(());
            }
            let after = self.rest.strip_prefix(' ').ok_or(Fault("an open tag"))?;
            let (name, after) = after.split_once("=\"").ok_or(Fault("an attribute"))?;
            let (value, after) = after.split_once('"').ok_or(Fault("an attribute"))?;
            self.rest = after;
            if name <= last {
                return Err(Fault("attributes out of order"));
            }
            last = name;
            attribute(element, name, &plain(value)?, views)?;
        }
    }
}

/// What stands for itself once references to single characters are put in. There are no others.
fn plain(text: &str) -> Result<String, Fault> {
    let mut out = String::new();
    let mut parts = text.split('&');
    out.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let (name, after) = part.split_once(';').ok_or(Fault("a reference"))?;
        out.push(match name {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "#13" => '\r',
            "#10" => '\n',
            "#9" => '\t',
            _ => return Err(Fault("a reference")),
        });
        out.push_str(after);
    }
    if text.contains('>') {
        return Err(Fault("a stray mark"));
    }
    Ok(out)
}

/// Holds an attribute against what it can be.
fn attribute(element: &str, name: &str, value: &str, views: &mut Views<'_>) -> Result<(), Fault> {
    let is_known = OTHERS.split_whitespace().any(|known| known == name) || style::is_property(name);
    if !is_known || value.is_empty() {
        return Err(Fault("an attribute that does not draw"));
    }
    if !value.starts_with("data:") {
        views.hidden(value.as_bytes());
    }
    let fits = match name {
        "id" => is_made(value, "id"),
        "class" => value.split(' ').all(|class| is_made(class, "c")),
        "result" => is_made(value, "r"),
        "style" => return style::declarations(value, views),
        "href" | "xlink:href" => match value.strip_prefix("data:") {
            Some(data) => return picture(element, data, views),
            None => value.strip_prefix('#').is_some_and(|id| is_made(id, "id")),
        },
        "requiredFeatures" => value.split(' ').all(|feature| {
            let name = feature.strip_prefix("http://www.w3.org/TR/SVG11/feature#");
            name.is_some_and(|name| name.len() < 16 && name.starts_with(char::is_uppercase))
        }),
        "begin" | "end" => value.split(';').all(is_time),
        "d" | "path" => value
            .chars()
            .all(|c| c.is_ascii_digit() || "MmZzLlHhVvCcSsQqTtAaEe+-., ".contains(c)),
        _ => return style::value(value),
    };
    if fits {
        Ok(())
    } else {
        Err(Fault("a value that is not of its kind"))
    }
}

/// Whether a name is one of those that scrubbing makes.
fn is_made(name: &str, letters: &str) -> bool {
    let number = name.strip_prefix(letters);
    number.is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
}

/// A time, or an event of an element with a made name.
fn is_time(time: &str) -> bool {
    let event = match time.split_once('.') {
        Some((id, event)) if id.starts_with("id") => {
            if !is_made(id, "id") {
                return false;
            }
            event
        }
        _ => time,
    };
    event
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || " +-.:()".contains(c))
}

/// A picture that stands in the drawing: itself a clean file.
fn picture(element: &str, data: &str, views: &mut Views<'_>) -> Result<(), Fault> {
    let (media, packed) = data.split_once(";base64,").ok_or(Fault("a picture"))?;
    let bytes = STANDARD.decode(packed).map_err(|_| Fault("a picture"))?;
    let file = Source::memory(&bytes);
    let kind = crate::kind::recognise(&file).map_err(|_: Refusal| Fault("a picture"))?;
    let is_picture = matches!(
        kind,
        Kind::Jpeg
            | Kind::Png
            | Kind::Gif
            | Kind::WebP
            | Kind::Svg
            | Kind::Avif
            | Kind::Bmp
            | Kind::Tiff
            | Kind::Heic
    );
    let named = kind.media_type();
    if !is_picture || named.as_str() != media || !matches!(element, "image" | "feImage" | "use") {
        return Err(Fault("a picture that is none"));
    }
    views.hidden(&bytes);
    // Drawings in drawings are as deep as files in files.
    super::verify(kind, &file, views)
}

const ELEMENTS: &str = "a animate animateColor animateMotion animateTransform circle clipPath defs ellipse feBlend \
    feColorMatrix feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap \
    feDistantLight feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feImage feMerge feMergeNode \
    feMorphology feOffset fePointLight feSpecularLighting feSpotLight feTile feTurbulence filter flowDiv flowLine \
    flowPara flowRegion flowRoot flowSpan font font-face g glyph hatch hatchpath hkern image line linearGradient \
    marker mask mesh meshgradient meshpatch meshrow missing-glyph mpath path pattern polygon polyline \
    radialGradient rect set solidColor solidcolor stop style svg switch symbol text textPath tref tspan use vkern";

/// Attributes that are no properties of style.
const OTHERS: &str = "accumulate additive advance amplitude arabic-form ascent attributeName attributeType azimuth \
    baseFrequency begin bias by calcMode cap-height class clipPathUnits cx cy d descent diffuseConstant divisor dur \
    dx dy edgeMode elevation end exponent filterRes filterUnits fr from fx fy gradientTransform gradientUnits \
    hanging height horiz-adv-x horiz-origin-x horiz-origin-y href id ideographic in in2 intercept k k1 k2 k3 k4 \
    kernelMatrix kernelUnitLength keyPoints keySplines keyTimes lengthAdjust limitingConeAngle markerHeight \
    markerUnits markerWidth maskContentUnits maskUnits mathematical max media method min mode numOctaves offset \
    operator order orient orientation origin overline-position overline-thickness path pathLength \
    patternContentUnits patternTransform patternUnits points pointsAtX pointsAtY pointsAtZ preserveAlpha \
    preserveAspectRatio primitiveUnits r radius refX refY repeatCount repeatDur requiredFeatures restart result \
    rotate rx ry scale seed side slope spacing specularConstant specularExponent spreadMethod startOffset \
    stdDeviation stemh stemv stitchTiles strikethrough-position strikethrough-thickness style surfaceScale \
    systemLanguage tableValues targetX targetY textLength to transform type u1 u2 underline-position \
    underline-thickness unicode units-per-em values version vert-adv-y vert-origin-x vert-origin-y viewBox width x \
    x-height x1 x2 xChannelSelector xlink:href xml:space y y1 y2 yChannelSelector z zoomAndPan";
