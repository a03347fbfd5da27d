//! XML as a small tree: read with every name resolved to its namespace, written in one spelling only.
//!
//! Two documents that say the same in different words (other prefixes, other quotes, declarations that nothing uses,
//! comments, spaces between elements) come out as the same octets.

mod parse;
mod vocabulary;
mod write;

use std::borrow::Cow;

pub(crate) use self::parse::{decode, parse};
pub(crate) use self::vocabulary::Vocabulary;
pub(crate) use self::write::{Spelling, write};

/// The prefix of what stands in a namespace that is not known.
pub(crate) const UNKNOWN: &str = "?";

/// A known namespace: the prefix that it is written with, and its names; the first of them is written.
pub(crate) type Space = (&'static str, &'static [&'static str]);

/// An element, with the prefix that its namespace is written with.
pub(crate) struct Element<'a> {
    pub(crate) prefix: &'static str,
    pub(crate) local: Cow<'a, str>,
    pub(crate) attributes: Vec<Attribute<'a>>,
    pub(crate) children: Vec<Node<'a>>,
}

pub(crate) struct Attribute<'a> {
    /// Empty for an attribute without a namespace.
    pub(crate) prefix: &'static str,
    pub(crate) local: Cow<'a, str>,
    pub(crate) value: Cow<'a, str>,
}

pub(crate) enum Node<'a> {
    Element(Element<'a>),
    Text(Cow<'a, str>),
}

impl<'a> Element<'a> {
    pub(crate) fn new(prefix: &'static str, local: &'a str) -> Self {
        Self {
            prefix,
            local: Cow::Borrowed(local),
            attributes: Vec::new(),
            children: Vec::new(),
        }
    }

    pub(crate) fn name(&self) -> (&'static str, &str) {
        (self.prefix, &self.local)
    }

    pub(crate) fn is(&self, prefix: &str, local: &str) -> bool {
        self.prefix == prefix && self.local == local
    }

    pub(crate) fn attribute(&self, prefix: &str, local: &str) -> Option<&str> {
        let is_it = |a: &&Attribute<'_>| a.prefix == prefix && a.local == local;
        self.attributes.iter().find(is_it).map(|a| a.value.as_ref())
    }

    pub(crate) fn set(&mut self, prefix: &'static str, local: &'static str, value: String) {
        let is_it = |a: &&mut Attribute<'_>| a.prefix == prefix && a.local == local;
        if let Some(attribute) = self.attributes.iter_mut().find(is_it) {
            attribute.value = Cow::Owned(value);
            return;
        }
        self.attributes.push(Attribute {
            prefix,
            local: Cow::Borrowed(local),
            value: Cow::Owned(value),
        });
    }

    pub(crate) fn with(mut self, prefix: &'static str, local: &'static str, value: &str) -> Self {
        self.set(prefix, local, value.to_owned());
        self
    }

    pub(crate) fn unset(&mut self, prefix: &str, local: &str) {
        self.attributes
            .retain(|a| a.prefix != prefix || a.local != local);
    }

    pub(crate) fn elements(&self) -> impl Iterator<Item = &Element<'a>> {
        self.children.iter().filter_map(Node::element)
    }

    pub(crate) fn elements_mut(&mut self) -> impl Iterator<Item = &mut Element<'a>> {
        self.children.iter_mut().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    pub(crate) fn child(&self, prefix: &str, local: &str) -> Option<&Element<'a>> {
        self.elements().find(|e| e.is(prefix, local))
    }

    pub(crate) fn child_mut(&mut self, prefix: &str, local: &str) -> Option<&mut Element<'a>> {
        self.elements_mut().find(|e| e.is(prefix, local))
    }

    /// Whether it or anything in it holds.
    pub(crate) fn any(&self, holds: &dyn Fn(&Element<'_>) -> bool) -> bool {
        holds(self) || self.elements().any(|child| child.any(holds))
    }

    /// Calls `visit` for it and for everything in it, in document order.
    pub(crate) fn visit(&self, visit: &mut dyn FnMut(&Element<'_>)) {
        visit(self);
        self.elements().for_each(|child| child.visit(visit));
    }

    /// Calls `visit` for it and for everything in it, in document order.
    pub(crate) fn visit_mut(&mut self, visit: &mut dyn FnMut(&mut Element<'a>)) {
        visit(self);
        self.elements_mut().for_each(|child| child.visit_mut(visit));
    }

    /// All text in it, in order, up to `most` octets.
    pub(crate) fn text(&self, most: usize) -> String {
        let mut text = String::new();
        self.gather(&mut text, most);
        text
    }

    fn gather(&self, text: &mut String, most: usize) {
        for child in &self.children {
            if text.len() >= most {
                return;
            }
            match child {
                Node::Element(element) => element.gather(text, most),
                Node::Text(more) => text.push_str(more),
            }
        }
    }
}

impl<'a> Node<'a> {
    pub(crate) fn element(&self) -> Option<&Element<'a>> {
        match self {
            Self::Element(element) => Some(element),
            Self::Text(_) => None,
        }
    }
}
