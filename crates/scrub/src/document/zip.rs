//! ZIP archives: every member is scrubbed as the file that it is.
//!
//! Names of members are content, so they stay, without what leads out of the archive. Order, times, owners and
//! comments go.

use std::collections::BTreeMap;

use super::container::{Builder, Container, Method};
use crate::job::Job;
use crate::plan::Plan;
use crate::report::{Remark, What};
use crate::source::Source;
use crate::{Kind, Refusal};

pub(crate) fn scrub(file: &Source<'_>, job: &mut Job) -> Result<Plan, Refusal> {
    let mut container = Container::open(file)?;
    container.report(job)?;
    let members = members(&mut container, job)?;
    let mut builder = Builder::new();
    for (name, index) in &members {
        if name.ends_with('/') {
            builder.add(name, &[], Method::Stored)?;
            continue;
        }
        let number = index + 1;
        let octets = container
            .read(*index, job)
            .map_err(|refusal| in_member(number, refusal))?;
        if octets.is_empty() {
            builder.add(name, &[], Method::Stored)?;
            continue;
        }
        let (kind, clean) = job
            .nested(&format!("member {number}"), &octets)
            .map_err(|refusal| in_member(number, refusal))?;
        if matches!(kind, Kind::Text | Kind::Csv) {
            job.remark(Remark::MembersUnread);
        }
        builder.add(name, &clean, method(kind))?;
    }
    if !members.is_empty() {
        job.remark(Remark::MemberNames);
    }
    builder.finish()
}

/// A refusal with the number of the member, which says nothing of its name. A disk that fails is nobody's member.
fn in_member(number: usize, refusal: Refusal) -> Refusal {
    match refusal {
        Refusal::Io(_) => refusal,
        _ => Refusal::Member {
            number,
            refusal: Box::new(refusal),
        },
    }
}

/// What compresses well, and is not compressed by itself.
pub(crate) fn method(kind: Kind) -> Method {
    match kind {
        Kind::Bmp
        | Kind::Emf
        | Kind::Wmf
        | Kind::Wav
        | Kind::Svg
        | Kind::Text
        | Kind::Csv
        | Kind::Tiff
        | Kind::Pdf => Method::Deflated,
        _ => Method::Stored,
    }
}

/// The members that stay, by their clean names.
fn members(
    container: &mut Container<'_>,
    job: &mut Job,
) -> Result<BTreeMap<String, usize>, Refusal> {
    let mut members = BTreeMap::new();
    let mut outside = Vec::new();
    for index in 0..container.len() {
        let entry = container.entry(index)?;
        let place = format!("member {}", index + 1);
        if is_of_the_system(&entry.name) {
            job.found(What::Software, place, "");
            continue;
        }
        if entry.is_link {
            job.found(What::Path, place, "");
            continue;
        }
        let mut name = clean(&entry.name);
        if leads_out(&entry.name) {
            job.found(What::Path, format!("{place}: name"), "");
            if !entry.is_folder && !name.is_empty() {
                outside.push((name, index));
            }
            continue;
        }
        if name.is_empty() {
            continue;
        }
        if entry.is_folder {
            name.push('/');
        }
        if name != entry.name {
            job.found(What::Path, format!("{place}: name"), "");
        }
        if members.insert(name, index).is_some() {
            return Err(Refusal::Damaged);
        }
    }
    // The folders of these are those of the computer that it was packed on.
    let mut numbers = BTreeMap::new();
    for (name, index) in outside {
        let own = name.rsplit_once('/').map_or(name.as_str(), |(_, own)| own);
        let number = numbers.entry(own.to_owned()).or_insert(1_u32);
        let mut free = own.to_owned();
        while members.contains_key(&free) {
            *number += 1;
            free = format!("{number}/{own}");
        }
        members.insert(free, index);
    }
    Ok(members)
}

/// Files that a system writes beside a person's.
fn is_of_the_system(name: &str) -> bool {
    let mut parts = name.split(['/', '\\']).filter(|part| !part.is_empty());
    parts.any(|part| {
        matches!(
            part,
            "__MACOSX" | ".DS_Store" | ".fseventsd" | ".Spotlight-V100" | ".Trashes"
        ) || part.starts_with("._")
            || part.eq_ignore_ascii_case("thumbs.db")
            || part.eq_ignore_ascii_case("desktop.ini")
    })
}

fn is_drive(part: &str) -> bool {
    part.len() == 2 && part.ends_with(':')
}

/// Whether a name begins outside the archive.
fn leads_out(name: &str) -> bool {
    let mut parts = name.split(['/', '\\']);
    let is_absolute = parts
        .next()
        .is_some_and(|part| part.is_empty() || is_drive(part));
    is_absolute || name.split(['/', '\\']).any(|part| part == "..")
}

/// A name that stays within the archive.
fn clean(name: &str) -> String {
    let parts = name.split(['/', '\\']);
    let kept = parts.filter(|part| !matches!(*part, "" | "." | "..") && !is_drive(part));
    let kept: Vec<&str> = kept.collect();
    kept.join("/").replace(|c: char| c.is_control(), "_")
}
