//! Colour profiles: the numbers that colours need, without a device's texts, dates and ids.

use crate::job::Job;

/// Writes a profile again with its rendering tags only, a fixed header and fixed texts. Reports under `place` what was
/// in it besides. Nothing for a profile that is damaged.
pub(crate) fn canonical(_profile: &[u8], _place: &str, _job: &mut Job) -> Option<Vec<u8>> {
    None
}
