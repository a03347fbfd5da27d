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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
    use hamsa_core::ReadAt;

    use super::*;
    use crate::job::Job;
    use crate::leak::Dropped;

    /// A clean archive of a folder with a text in it.
    fn clean() -> Vec<u8> {
        let mut dirty = b"PK\x03\x04\x14\0\0\0\0\0\0\0\x21\0".to_vec();
        let head = [crc32fast::hash(b"hello\n"), 6, 6].map(u32::to_le_bytes);
        dirty.extend(head.as_flattened());
        dirty.extend(b"\x07\0\0\0f/a.txthello\n");
        let mut directory = b"PK\x01\x02\x14\0".to_vec();
        directory.extend(&dirty[4..30]);
        directory.extend([0; 14]);
        directory.extend(b"f/a.txt");
        let size = |len: usize| u32::try_from(len).unwrap();
        let (at, len) = (size(dirty.len()), size(directory.len()));
        dirty.extend(directory);
        dirty.extend(b"PK\x05\x06\0\0\0\0\x01\0\x01\0");
        dirty.extend([len, at].map(u32::to_le_bytes).as_flattened());
        dirty.extend([0, 0]);
        dirty
    }

    fn holds(octets: &[u8]) -> bool {
        let file = Source::memory(octets);
        let none = crate::plan::Plan::new();
        let dropped = Dropped::gather(crate::Kind::Zip, &file, &none, &Job::new()).unwrap();
        verify(&file, &mut Views::new(&dropped)).is_ok()
    }

    #[test]
    fn an_octet_too_many_or_another_one_is_a_fault() {
        let clean = clean();
        let mut copy = vec![0; clean.len()];
        clean.as_slice().read_exact_at(&mut copy, 0).unwrap();
        assert!(holds(&copy));
        for at in 0..=clean.len() {
            let mut longer = clean.clone();
            longer.insert(at, 0);
            assert!(!holds(&longer), "an octet more at {at}");
        }
        for at in 0..clean.len() {
            let mut other = clean.clone();
            other[at] ^= 0x10;
            assert!(!holds(&other), "another octet at {at}");
        }
    }
}
