//! Fields of a clean MP4, taken from the front; every one of them has to be what it can be.

use super::Fault;

/// What is left of a box.
#[derive(Clone, Copy)]
pub(super) struct Left<'a>(pub(super) &'a [u8]);

const SHORT: Fault = Fault("a box ends too early");

impl<'a> Left<'a> {
    pub(super) fn take(&mut self, len: usize) -> Result<&'a [u8], Fault> {
        let (now, rest) = self.0.split_at_checked(len).ok_or(SHORT)?;
        self.0 = rest;
        Ok(now)
    }

    pub(super) fn number(&mut self, octets: usize) -> Result<u64, Fault> {
        let now = self.take(octets)?;
        Ok(now
            .iter()
            .fold(0, |number, &octet| number << 8 | u64::from(octet)))
    }

    pub(super) fn u32(&mut self) -> Result<u32, Fault> {
        u32::try_from(self.number(4)?).map_err(|_| SHORT)
    }

    /// These octets and no others.
    pub(super) fn exactly(&mut self, wanted: &[u8]) -> Result<(), Fault> {
        if self.take(wanted.len())? == wanted {
            Ok(())
        } else {
            Err(Fault("a field is not what it has to be"))
        }
    }

    pub(super) fn zeros(&mut self, len: usize) -> Result<(), Fault> {
        if self.take(len)?.iter().all(|&octet| octet == 0) {
            Ok(())
        } else {
            Err(Fault("a field that has to be zero"))
        }
    }

    pub(super) fn end(self) -> Result<(), Fault> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(Fault("octets behind the last field of a box"))
        }
    }

    /// The name of the next box.
    pub(super) fn name(&self) -> Option<&'a [u8]> {
        self.0.get(4..8)
    }

    /// The next box, whatever it is called.
    pub(super) fn any(&mut self) -> Result<(&'a [u8], Self), Fault> {
        let len = usize::try_from(self.u32()?).map_err(|_| SHORT)?;
        let name = self.take(4)?;
        let body = self.take(len.checked_sub(8).ok_or(SHORT)?)?;
        Ok((name, Self(body)))
    }

    /// The next box, which has to be called so.
    pub(super) fn open(&mut self, wanted: &[u8; 4]) -> Result<Self, Fault> {
        let (name, body) = self.any()?;
        if name == wanted {
            Ok(body)
        } else {
            Err(Fault("a box that is not known, or not in its place"))
        }
    }

    /// The next box, if it is called so.
    pub(super) fn open_if(&mut self, wanted: &[u8; 4]) -> Result<Option<Self>, Fault> {
        if self.name() == Some(wanted) {
            self.open(wanted).map(Some)
        } else {
            Ok(None)
        }
    }
}

/// The version of a box that has no flags.
pub(super) fn version(left: &mut Left<'_>, most: u64) -> Result<usize, Fault> {
    let version = left.number(1)?;
    left.zeros(3)?;
    if version > most {
        return Err(Fault("a box of another version"));
    }
    Ok(if version == 1 { 8 } else { 4 })
}
