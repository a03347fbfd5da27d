//! ZIP.

use crate::Refusal;
use crate::job::Job;
use crate::plan::Plan;
use crate::source::Source;

pub(crate) fn scrub(_file: &Source<'_>, _job: &mut Job) -> Result<Plan, Refusal> {
    Err(Refusal::Unsupported("not written yet"))
}
