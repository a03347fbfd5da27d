//! What the program can do, one file per verb.

pub(crate) mod agency_card;
pub(crate) mod agency_init;
pub(crate) mod card_show;
pub(crate) mod carry_from;
pub(crate) mod carry_to;
pub(crate) mod carry_told;
pub(crate) mod carry_wrong;
pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod demo;
pub(crate) mod desk;
pub(crate) mod inspect;
pub(crate) mod man;
pub(crate) mod open;
pub(crate) mod scrub;
pub(crate) mod seal;
