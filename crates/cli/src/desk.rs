//! The parts of `hamsa desk`: a terminal's keys become a text, the text becomes lines, the lines become a screen.

pub(crate) mod choices;
pub(crate) mod editor;
mod help;
pub(crate) mod keys;
mod line;
mod list;
mod page;
pub(crate) mod screen;
mod shape;
pub(crate) mod sitting;
pub(crate) mod view;
