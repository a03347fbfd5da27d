//! Annotations and form fields: what they show becomes part of the page (ISO 32000-1, sections 12.5 and 12.7).

use super::content::Writer;
use super::drawing::{self, Rect};
use super::object::{Dict, Object};
use super::properties::text_of;
use super::write;
use crate::Refusal;
use crate::report::{Remark, What};

/// Annotations of one page.
const MAX_ANNOTATIONS: usize = 20_000;
/// Flags that keep an annotation from being shown: hidden, no view.
const NOT_SHOWN: i64 = 2 | 32;

impl Writer<'_, '_, '_> {
    /// Appends what a page's annotations show to its content.
    pub(super) fn annotations(&mut self, page: &Dict) -> Result<(), Refusal> {
        let Some(Object::Array(annotations)) = self.builder.document.at(page, "Annots") else {
            return Ok(());
        };
        let mut drawn = Vec::new();
        for annotation in annotations.iter().take(MAX_ANNOTATIONS) {
            let Object::Dict(dict) = self.builder.document.resolve(annotation) else {
                continue;
            };
            self.report(&dict);
            if !self.is_shown(&dict) {
                continue;
            }
            if let Some(shown) = self.shown(&dict)? {
                drawn.extend_from_slice(b"q\n");
                drawn.extend_from_slice(&shown);
                drawn.extend_from_slice(b"Q\n");
            }
        }
        if !drawn.is_empty() {
            self.builder.job.remark(Remark::Flattened);
            self.enclose();
            self.made(&drawn);
        }
        Ok(())
    }

    fn is_shown(&self, dict: &Dict) -> bool {
        let document = self.builder.document;
        let flags = document.at(dict, "F").and_then(|f| f.as_int()).unwrap_or(0);
        let on_hidden_layer = dict
            .get("OC")
            .is_some_and(|mark| self.builder.layers.hide(document, mark));
        let is_popup = document.at(dict, "Subtype") == Some(Object::name("Popup"));
        flags & NOT_SHOWN == 0 && !on_hidden_layer && !is_popup
    }

    /// What is shown of an annotation: its appearance, or for simple shapes without one, what readers draw.
    fn shown(&mut self, dict: &Dict) -> Result<Option<Vec<u8>>, Refusal> {
        let document = self.builder.document;
        let rect = dict.get("Rect").and_then(|rect| document.numbers(rect));
        let Some(rect) = rect.as_deref().and_then(Rect::new) else {
            return Ok(None);
        };
        if let Some(text) = self.own_text(dict) {
            let is_field = document.at(dict, "Subtype") == Some(Object::name("Widget"));
            let frame = if is_field {
                drawing::draw(self, dict, rect)?
            } else {
                None
            };
            let mut out = frame.unwrap_or_default();
            out.extend(self.drawn_text(dict, rect, &text)?);
            return Ok(Some(out));
        }
        if let Some(form) = self.appearance(dict) {
            return self.placed(&form, rect);
        }
        drawing::draw(self, dict, rect)
    }

    /// The form that an annotation shows in its state.
    fn appearance(&self, dict: &Dict) -> Option<Object> {
        let document = self.builder.document;
        let appearances = document.dict_at(dict, "AP")?;
        let normal = appearances.get("N")?;
        let states = match document.resolve(normal) {
            Object::Stream(_) => return Some(normal.clone()),
            Object::Dict(states) => states,
            _ => return None,
        };
        let state = document.at(dict, "AS");
        let state = state.as_ref().and_then(Object::as_name).unwrap_or(b"Off");
        let form = states.named(state)?;
        matches!(document.resolve(form), Object::Stream(_)).then(|| form.clone())
    }

    /// Algorithm 8.1: the form's box under its matrix is fitted into the annotation's rectangle.
    fn placed(&mut self, form: &Object, rect: Rect) -> Result<Option<Vec<u8>>, Refusal> {
        let document = self.builder.document;
        let resolved = document.resolve(form);
        let Some(stream) = resolved.as_stream() else {
            return Ok(None);
        };
        if let Some(mark) = stream.dict.get("OC")
            && self.builder.layers.hide(document, mark)
        {
            return Ok(None);
        }
        let numbers = |key| {
            stream
                .dict
                .get(key)
                .and_then(|value| document.numbers(value))
        };
        let own = numbers("BBox");
        let own = own.as_deref().and_then(Rect::new).unwrap_or(Rect {
            left: 0.0,
            bottom: 0.0,
            right: rect.right - rect.left,
            top: rect.top - rect.bottom,
        });
        let matrix = numbers("Matrix").and_then(|m| <[f64; 6]>::try_from(m).ok());
        let own = own.under(matrix.unwrap_or([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]));
        let scale = |to: f64, from: f64| if from == 0.0 { 1.0 } else { to / from };
        let x = scale(rect.right - rect.left, own.right - own.left);
        let y = scale(rect.top - rect.bottom, own.top - own.bottom);
        let cm = [
            x,
            0.0,
            0.0,
            y,
            rect.left - own.left * x,
            rect.bottom - own.bottom * y,
        ];
        let Some(built) = self.builder.form(form, &Dict::default())? else {
            return Ok(None);
        };
        let mut out = Vec::new();
        drawing::numbers(&mut out, &cm);
        out.extend_from_slice(b"cm\n");
        let name = self.name_of("XObject", built);
        write::name(&mut out, &name);
        out.extend_from_slice(b" Do\n");
        Ok(Some(out))
    }

    /// Reports who wrote what when, and where links lead.
    fn report(&mut self, dict: &Dict) {
        let document = self.builder.document;
        let subtype = document.at(dict, "Subtype");
        let subtype = subtype
            .as_ref()
            .and_then(Object::as_name)
            .unwrap_or_default();
        let is_field = subtype == b"Widget";
        for (key, what) in [
            (
                "T",
                if is_field {
                    What::Description
                } else {
                    What::Person
                },
            ),
            ("TU", What::Description),
            ("Contents", What::Description),
            ("RC", What::Description),
            ("Subj", What::Description),
            ("M", What::Time),
            ("CreationDate", What::Time),
            ("NM", What::Identifier),
        ] {
            if let Some(value) = document.at(dict, key) {
                let place = if is_field { "form field" } else { "annotation" };
                self.builder
                    .job
                    .found(what, format!("{place}: {key}"), &text_of(&value));
            }
        }
        // A pop-up note's own words: only what its picture on the page shows stays.
        let is_shown = matches!(subtype, b"FreeText" | b"Link" | b"Widget");
        if !is_shown && document.at(dict, "Contents").is_some() {
            self.builder.job.remark(Remark::Flattened);
        }
        let action = document.dict_at(dict, "A");
        let kind = action.as_ref().and_then(|action| document.at(action, "S"));
        let uri = action
            .as_ref()
            .and_then(|action| document.at(action, "URI"));
        if let Some(uri) = uri {
            self.builder.job.found(What::Path, "link", &text_of(&uri));
            self.builder.job.remark(Remark::LinksLost);
        } else if kind.is_some_and(|kind| kind != Object::name("GoTo")) || dict.get("AA").is_some()
        {
            self.builder
                .job
                .found(What::Script, "annotation: action", "");
            self.builder.job.remark(Remark::ScriptsLost);
        }
        match subtype {
            b"FileAttachment" | b"RichMedia" | b"Screen" | b"Movie" | b"Sound" | b"3D" => {
                self.builder
                    .job
                    .found(What::Attachment, "annotation: file", "");
            }
            b"Link" => self.builder.job.found(What::Path, "link: target", ""),
            b"Widget" => self.report_field(dict),
            _ => self.builder.job.found(What::Description, "annotation", ""),
        }
    }

    fn report_field(&mut self, dict: &Dict) {
        if let Some(value) = self.inherited(dict, "V") {
            let text = text_of(&value);
            self.builder
                .job
                .found(What::Description, "form field: value", &text);
        }
        self.builder.job.found(What::Description, "form field", "");
        self.builder.job.remark(Remark::Flattened);
        if self.inherited(dict, "FT") == Some(Object::name("Sig")) {
            self.builder.job.remark(Remark::SignatureLost);
        }
    }
}
