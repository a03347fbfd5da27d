"""SVG as drawing programs write it."""

from __future__ import annotations

from jpegs import app1_exif, jpeg, segment, with_segments
from planting import Family, data_uri

SHAPES = (
    '<g transform="translate(10,10)"><rect x="0" y="0" width="120" height="60" fill="#c8501e" stroke="#000" stroke-width="2"/>'
    '<circle cx="60" cy="30" r="22" style="fill:#1e78c8;fill-opacity:0.8"/><path d="M 5 55 Q 60 5 115 55" fill="none" stroke="url(#g1)" stroke-width="3"/></g>'
    '<text x="12" y="100" font-family="DejaVu Sans" font-size="14">Visible words <tspan fill="#900">stay here</tspan></text>'
)
GRADIENT = '<linearGradient id="g1"><stop offset="0" stop-color="#fff"/><stop offset="1" stop-color="#080"/></linearGradient>'
WORDS = ["Visible words", "stay here"]


def make(family: Family) -> None:
    with family.file("svg-inkscape.svg", "svg", compare="drawing", text=WORDS) as file:
        mark = file.mark
        file.write(f"""<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<!-- Created with {mark('comment before the root')} -->
<?marker {mark('processing instruction')}?>
<svg width="160" height="120" viewBox="0 0 160 120" version="1.1" id="{mark('root id')}" sodipodi:docname="{mark('docname')}.svg" inkscape:version="1.2 {mark('version')}"
 inkscape:export-filename="/home/{mark('export path')}/x.png" data-name="{mark('data attribute')}" aria-label="{mark('aria label')}" xml:base="file:///home/{mark('xml:base')}/"
 xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" xmlns:sodipodi="http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd" xmlns="http://www.w3.org/2000/svg" xmlns:x="http://{mark('namespace')}/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:cc="http://creativecommons.org/ns#" xmlns:dc="http://purl.org/dc/elements/1.1/">
 <title>{mark('title')}</title><desc>{mark('desc')}</desc>
 <sodipodi:namedview id="{mark('namedview id')}" inkscape:window-width="1920" inkscape:document-units="mm"><inkscape:grid id="{mark('grid id')}"/></sodipodi:namedview>
 <metadata id="{mark('metadata id')}"><rdf:RDF><cc:Work rdf:about=""><dc:creator><cc:Agent><dc:title>{mark('creator')}</dc:title></cc:Agent></dc:creator><dc:date>{file.iso_day}</dc:date></cc:Work></rdf:RDF></metadata>
 <defs id="{mark('defs id')}">{GRADIENT}</defs><!-- {mark('comment inside')} --><x:private>{mark('private element')}</x:private>
 <g inkscape:label="{mark('layer label')}" inkscape:groupmode="layer" id="{mark('layer id')}" class="{mark('class')}">{SHAPES}</g>
 <script>var a = "{mark('script')}";</script></svg>
<!-- {mark('comment behind the root')} -->""".encode())
    with family.file("svg-embedded-jpeg.svg", "svg", compare="drawing", text=WORDS) as file:
        photo = with_segments(jpeg(), app1_exif(file), segment(0xFE, file.octets("COM of the embedded JPEG")))
        file.write((f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="160" height="160"><defs>{GRADIENT}</defs>{SHAPES}'
                    f'<image x="0" y="110" width="60" height="45" xlink:href="{data_uri("image/jpeg", photo)}" xlink:title="{file.mark("xlink:title")}"/></svg>').encode())
    with family.file("svg-styles.svg", "svg", compare="drawing", text=WORDS) as file:
        file.write((f'<svg xmlns="http://www.w3.org/2000/svg" width="160" height="120"><style type="text/css">/* {file.mark("CSS comment")} */ .a {{ fill: #c00; /* {file.mark("second CSS comment")} */ }} '
                    f'.{file.mark("unused class")} {{ stroke: #000 }} text::before {{ content: "{file.mark("CSS content")}" }}</style><defs>{GRADIENT}</defs>{SHAPES}<rect class="a" x="130" y="80" width="20" height="20"/>'
                    f'<!DOCTYPE-like/></svg>').replace("<!DOCTYPE-like/>", "").encode())
    with family.file("svg-entities.svg", "svg", expect="clean|refused:scrub-unsupported", compare="drawing", text=WORDS) as file:
        file.write((f'<?xml version="1.0"?>\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd" [ <!ENTITY ns_svg "http://{file.mark("entity")}/"> ]>\n'
                    f'<svg xmlns="http://www.w3.org/2000/svg" width="160" height="120" xmlns:i="&ns_svg;"><defs>{GRADIENT}</defs>{SHAPES}</svg>').encode())
    with family.file("svg-references.svg", "svg", compare="drawing", text=WORDS) as file:
        name = file.mark("id that is referred to")
        file.write((f'<svg xmlns="http://www.w3.org/2000/svg" width="160" height="120"><defs><linearGradient id="{name}"><stop offset="0" stop-color="#fff"/><stop offset="1" stop-color="#080"/></linearGradient></defs>'
                    f'{SHAPES.replace("url(#g1)", f"url(#{name})")}<rect x="130" y="80" width="20" height="20" style="fill:url(#{name})"/></svg>').encode())
