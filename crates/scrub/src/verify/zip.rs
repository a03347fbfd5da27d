//! ZIP archives: members in the order of their names, each of which is clean by itself.

use super::archive::{nested, walk};
use super::{Fault, Views};
use crate::source::Source;

pub(super) fn verify(file: &Source<'_>, views: &mut Views<'_>) -> Result<(), Fault> {
    let members = walk(file)?;
    let mut before: Option<&str> = None;
    for member in &members {
        let name = member.name.as_str();
        if before.is_some_and(|before| before >= name) {
            return Err(Fault("names out of order"));
        }
        before = Some(name);
        let path = name.strip_suffix('/').unwrap_or(name);
        let leads_out = |part: &str| matches!(part, "" | "." | "..") || part.contains(['\\', '\0']);
        if path.split('/').any(leads_out) {
            return Err(Fault("a name that leads out"));
        }
        views.text(name);
        if name.ends_with('/') && member.data.is_empty() {
            continue;
        }
        let octets = member.open(file)?;
        if !octets.is_empty() {
            nested(&octets, views)?;
        }
    }
    Ok(())
}
