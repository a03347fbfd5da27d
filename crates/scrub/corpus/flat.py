"""Documents as one XML file (flat OpenDocument), from which LibreOffice writes every format that it knows."""

from __future__ import annotations

import base64
from pathlib import Path

from jpegs import app1_exif, jpeg, segment, with_segments
from planting import Family, File, run

NAMES = " ".join(f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"' for short, long in {
    "office": "office", "style": "style", "text": "text", "table": "table", "draw": "drawing", "fo": "xsl-fo-compatible", "meta": "meta", "svg": "svg-compatible", "presentation": "presentation", "config": "config", "form": "form", "number": "datastyle", "script": "script"}.items()
) + ' xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:loext="urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0" office:version="1.3"'


def photo(file: File) -> str:
    octets = with_segments(jpeg(size=(96, 72)), app1_exif(file, maker_note=True), segment(0xFE, file.octets("COM of the picture")))
    return base64.b64encode(octets).decode()


def meta(file: File) -> str:
    mark = file.mark
    return f"""<office:meta><meta:generator>{mark('generator')}</meta:generator><dc:title>{mark('title')}</dc:title><dc:description>{mark('description')}</dc:description><dc:subject>{mark('subject')}</dc:subject>
<meta:keyword>{mark('keyword')}</meta:keyword><meta:initial-creator>{mark('initial creator')}</meta:initial-creator><dc:creator>{mark('creator')}</dc:creator><meta:printed-by>{mark('printed by')}</meta:printed-by>
<meta:creation-date>{file.iso_day[:-1]}</meta:creation-date><dc:date>{file.iso_day[:-1]}</dc:date><meta:print-date>{file.iso_day[:-1]}</meta:print-date><meta:editing-cycles>37</meta:editing-cycles><meta:editing-duration>PT3H14M</meta:editing-duration>
<meta:template xlink:type="simple" xlink:href="file:///home/{mark('path of the template')}/t.ott" xlink:title="{mark('title of the template')}" meta:date="{file.iso_day[:-1]}"/><meta:user-defined meta:name="{mark('name of a property')}">{mark('value of a property')}</meta:user-defined></office:meta>"""


def settings(file: File) -> str:
    return f"""<office:settings><config:config-item-set config:name="ooo:configuration-settings"><config:config-item config:name="PrinterName" config:type="string">{file.mark('printer')}</config:config-item>
<config:config-item config:name="CurrentDatabaseDataSource" config:type="string">{file.mark('data source')}</config:config-item><config:config-item config:name="RsidRoot" config:type="int">1234567</config:config-item></config:config-item-set></office:settings>"""


def note(file: File, field: str) -> str:
    return f'<office:annotation office:name="{file.mark(field + " name")}"><dc:creator>{file.mark(field + " author")}</dc:creator><dc:date>{file.iso_day[:-1]}</dc:date><meta:creator-initials>{file.mark(field + " initials")}</meta:creator-initials><text:p>{file.mark(field)}</text:p></office:annotation>'


def document(file: File, changes: bool = True) -> str:
    """A letter with a picture, a table, a note, a field that names its author, and tracked changes."""
    mark, tracked, first, second = file.mark, "", "", ""
    if changes:
        who = lambda field: f"<office:change-info><dc:creator>{mark(field)}</dc:creator><dc:date>{file.iso_day[:-1]}</dc:date></office:change-info>"
        tracked = f'<text:tracked-changes><text:changed-region text:id="c1"><text:insertion>{who("author of an insertion")}</text:insertion></text:changed-region><text:changed-region text:id="c2"><text:deletion>{who("author of a deletion")}<text:p>{mark("deleted words")}</text:p></text:deletion></text:changed-region></text:tracked-changes>'
        first, second = '<text:change-start text:change-id="c1"/>inserted words<text:change-end text:change-id="c1"/>', '<text:change text:change-id="c2"/>'
    return f"""<?xml version="1.0" encoding="UTF-8"?><!-- {mark('XML comment')} -->
<office:document {NAMES} office:mimetype="application/vnd.oasis.opendocument.text">{meta(file)}{settings(file)}
<office:styles><style:default-style style:family="paragraph"><style:text-properties style:font-name="DejaVu Sans" fo:font-size="11pt" fo:language="en" fo:country="GB"/></style:default-style>
<style:style style:name="Heading" style:family="paragraph"><style:text-properties fo:font-size="18pt" fo:font-weight="bold"/></style:style></office:styles>
<office:automatic-styles><style:page-layout style:name="pm"><style:page-layout-properties fo:page-width="21cm" fo:page-height="29.7cm" fo:margin="2cm"/></style:page-layout></office:automatic-styles>
<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="pm"/></office:master-styles>
<office:body><office:text>{tracked}<text:h text:style-name="Heading" text:outline-level="1">Visible heading</text:h><text:p>First paragraph with <text:span>a word</text:span> {first} and an end.{second}</text:p>
<text:p><draw:frame draw:name="{mark('name of the picture')}" svg:width="4cm" svg:height="3cm" text:anchor-type="as-char"><draw:image><office:binary-data>{photo(file)}</office:binary-data></draw:image><svg:title>{mark('alt title')}</svg:title><svg:desc>C:\\Users\\{mark('alt text with a path')}\\p.jpg</svg:desc></draw:frame></text:p>
<text:p>Second paragraph{note(file, 'comment')} with a note.<text:bookmark text:name="{mark('bookmark')}"/></text:p>
<text:list><text:list-item><text:p>one point</text:p></text:list-item><text:list-item><text:p>another point</text:p></text:list-item></text:list>
<table:table table:name="{mark('name of the table')}"><table:table-column table:number-columns-repeated="2"/><table:table-row><table:table-cell><text:p>cell one</text:p></table:table-cell><table:table-cell><text:p>cell two</text:p></table:table-cell></table:table-row></table:table>
<text:p>Last words ع é €.</text:p></office:text></office:body></office:document>"""


def sheet(file: File) -> str:
    mark = file.mark
    row = lambda name, number: f'<table:table-row><table:table-cell office:value-type="string"><text:p>{name}</text:p></table:table-cell><table:table-cell office:value-type="float" office:value="{number}"><text:p>{number}</text:p></table:table-cell></table:table-row>'
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<office:document {NAMES} office:mimetype="application/vnd.oasis.opendocument.spreadsheet">{meta(file)}{settings(file)}
<office:body><office:spreadsheet><table:table table:name="Amounts"><table:table-column table:number-columns-repeated="2"/>{row('salt', 12)}{row('flour', 30.5)}
<table:table-row><table:table-cell office:value-type="string">{note(file, 'comment')}<text:p>sum</text:p></table:table-cell><table:table-cell table:formula="of:=SUM([.B1:.B2])" office:value-type="float" office:value="42.5"><text:p>42.5</text:p></table:table-cell></table:table-row></table:table>
<table:table table:name="Second"><table:table-column/>{row('more', 7)}</table:table><table:named-expressions><table:named-range table:name="{mark('named range')}" table:cell-range-address="$Amounts.$A$1:.$B$2" table:base-cell-address="$Amounts.$A$1"/></table:named-expressions></office:spreadsheet></office:body></office:document>"""


def slides(file: File) -> str:
    mark = file.mark
    frame = lambda words, y: f'<draw:frame svg:x="2cm" svg:y="{y}cm" svg:width="20cm" svg:height="3cm" draw:name="{mark("name of a frame")}"><draw:text-box><text:p>{words}</text:p></draw:text-box><svg:desc>{mark("alt text of a frame")}</svg:desc></draw:frame>'
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<office:document {NAMES} office:mimetype="application/vnd.oasis.opendocument.presentation">{meta(file)}{settings(file)}
<office:automatic-styles><style:page-layout style:name="pm"><style:page-layout-properties fo:page-width="28cm" fo:page-height="21cm"/></style:page-layout></office:automatic-styles>
<office:master-styles><style:master-page style:name="Default" style:page-layout-name="pm"/></office:master-styles>
<office:body><office:presentation><draw:page draw:name="{mark('name of a slide')}" draw:master-page-name="Default">{frame('Visible title', 2)}<draw:frame svg:x="2cm" svg:y="8cm" svg:width="6cm" svg:height="4.5cm"><draw:image><office:binary-data>{photo(file)}</office:binary-data></draw:image><svg:desc>{mark('alt text of the picture')}</svg:desc></draw:frame>{note(file, 'comment')}</draw:page>
<draw:page draw:name="page2" draw:master-page-name="Default">{frame('Second slide words', 3)}</draw:page></office:presentation></office:body></office:document>"""


def office(family: Family, form: str, *sources: Path) -> Path:
    """Lets LibreOffice convert into a form; returns where the last one is."""
    home = family.material / "office-home"
    run("soffice", f"-env:UserInstallation=file://{home}", "--headless", "--norestore", "--convert-to", form, "--outdir", sources[-1].parent, *sources, limit=180)
    return sources[-1].with_suffix("." + form.split(":")[0])
