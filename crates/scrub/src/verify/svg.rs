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
    let mut all = OTHERS
        .split_whitespace()
        .chain(PROPERTIES.split_whitespace());
    let is_known = all.any(|known| known == name);
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

/// Properties of style that may stand as attributes.
const PROPERTIES: &str = "alignment-baseline baseline-shift clip clip-path clip-rule color color-interpolation \
    color-interpolation-filters color-rendering direction display dominant-baseline enable-background fill \
    fill-opacity fill-rule filter flood-color flood-opacity font-family font-feature-settings font-kerning \
    font-size font-size-adjust font-stretch font-style font-variant font-variation-settings font-weight g1 g2 \
    glyph-name glyph-orientation-horizontal glyph-orientation-vertical image-rendering inline-size isolation \
    kerning letter-spacing lighting-color line-height marker marker-end marker-mid marker-start mask mask-type \
    mix-blend-mode opacity overflow paint-order pointer-events shape-inside shape-rendering shape-subtract \
    solid-color solid-opacity stop-color stop-opacity stroke stroke-dasharray stroke-dashoffset stroke-linecap \
    stroke-linejoin stroke-miterlimit stroke-opacity stroke-width text-align text-anchor text-decoration \
    text-decoration-color text-decoration-line text-decoration-style text-indent text-orientation text-overflow \
    text-rendering transform-origin unicode-bidi vector-effect visibility white-space word-spacing writing-mode";

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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::job::Job;
    use crate::leak::Dropped;
    use crate::plan::Plan;

    fn is_accepted(clean: &[u8]) -> bool {
        let (job, plan) = (Job::new(), Plan::new());
        let file = Source::memory(clean);
        let dropped = Dropped::gather(Kind::Svg, &file, &plan, &job).unwrap();
        verify(&file, &mut Views::new(&dropped)).is_ok()
    }

    #[test]
    fn only_drawing_elements_and_made_names_are_accepted() {
        let svg = |inner: &str| {
            format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\">{inner}</svg>")
        };
        assert!(is_accepted(
            svg("<g id=\"id1\"><path d=\"M0 0\"/></g>").as_bytes()
        ));
        assert!(is_accepted(svg("<style>.c1{fill:red}</style>").as_bytes()));
        for inner in [
            "<!-- x -->",
            "<?x?>",
            "text",
            "<title>x</title>",
            "<script/>",
            "<g id=\"mine\"/>",
            "<g class=\"mine\"/>",
            "<g onload=\"x\"/>",
            "<g data-x=\"x\"/>",
            "<g style=\"fill:url(http://x)\"/>",
            "<g fill=\"url(#mine)\"/>",
            "<g y=\"1\" x=\"1\"/>",
            "<g x=\"1\"  y=\"1\"/>",
            "<g x=\"1\" ></g>",
            "<image href=\"http://x\"/>",
            "<image href=\"data:image/png;base64,AAAA\"/>",
            "<style>/* x */.c1{fill:red}</style>",
            "<style>.mine{fill:red}</style>",
            "<style>@import 'x';</style>",
            "<style>@font-face{src:url(x)}</style>",
            "<path d=\"M0 0 name\"/>",
        ] {
            assert!(!is_accepted(svg(inner).as_bytes()), "{inner}");
        }
        assert!(!is_accepted(format!("{} ", svg("")).as_bytes()));
        assert!(!is_accepted(format!("<!--x-->{}", svg("")).as_bytes()));
    }
}
