//! The words that a person sees, in their language, from the Fluent files in `locales`.

use std::borrow::Cow;
use std::path::Path;

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource};
use unic_langid::LanguageIdentifier;

use crate::bidi;

const ENGLISH: &str = include_str!("../locales/en/hamsa.ftl");
const ARABIC: &str = include_str!("../locales/ar/hamsa.ftl");

/// One message by its key: `say!(words, "open-sum-opened", count = 3)`.
///
/// All messages with a constant key are looked up through this macro, so that a test finds every key in the source.
#[macro_export]
macro_rules! say {
    ($words:expr, $key:literal $(, $name:ident = $value:expr)* $(,)?) => {{
        #[allow(unused_mut, reason = "a message without arguments sets none")]
        let mut args = fluent_bundle::FluentArgs::new();
        $(args.set(stringify!($name), $value);)*
        $words.message($key, &args)
    }};
}

/// The messages of one language.
pub(crate) struct Words {
    bundle: FluentBundle<FluentResource>,
    right_to_left: bool,
}

impl Words {
    /// The language that the person asked for: `flag` (from `--lang`), else the first of `LC_ALL`, `LC_MESSAGES`
    /// and `LANG` that is set. A language that is not known is English.
    pub(crate) fn choose(flag: Option<&str>, variable: impl Fn(&str) -> Option<String>) -> Self {
        let asked = flag.map(str::to_owned).or_else(|| {
            ["LC_ALL", "LC_MESSAGES", "LANG"]
                .iter()
                .filter_map(|name| variable(name))
                .find(|value| !value.is_empty())
        });
        let language = asked.as_deref().map_or("", |tag| {
            tag.split(['-', '_', '.', '@']).next().unwrap_or("")
        });
        if language.eq_ignore_ascii_case("ar") {
            Words::arabic()
        } else {
            Words::english()
        }
    }

    /// English.
    pub(crate) fn english() -> Self {
        Words::load("en", ENGLISH, false)
    }

    /// Arabic, with isolation marks around whatever reads from left to right.
    pub(crate) fn arabic() -> Self {
        Words::load("ar", ARABIC, true)
    }

    fn load(tag: &str, source: &str, right_to_left: bool) -> Self {
        // A damaged entry loses itself only; a test holds that there is none.
        let resource =
            FluentResource::try_new(source.to_owned()).unwrap_or_else(|(partial, _)| partial);
        let language: LanguageIdentifier = tag.parse().unwrap_or_default();
        let mut bundle = FluentBundle::new(vec![language]);
        bundle.set_use_isolating(right_to_left);
        bundle.add_resource_overriding(resource);
        Words {
            bundle,
            right_to_left,
        }
    }

    /// The BCP 47 tag of this language.
    pub(crate) fn tag(&self) -> &'static str {
        if self.right_to_left { "ar" } else { "en" }
    }

    /// Whether there is a message of this name.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.bundle
            .get_message(key)
            .is_some_and(|message| message.value().is_some())
    }

    /// The message `key`; its name where there is none, so that a slip shows without stopping anybody.
    pub(crate) fn message(&self, key: &str, args: &FluentArgs<'_>) -> String {
        match self
            .bundle
            .get_message(key)
            .and_then(|message| message.value())
        {
            Some(pattern) => self.isolated(self.bundle.format_pattern(
                pattern,
                Some(args),
                &mut Vec::new(),
            )),
            None => key.to_owned(),
        }
    }

    /// The message `key`, which takes no arguments: the word for a stable code.
    pub(crate) fn plain(&self, key: &str) -> String {
        self.message(key, &FluentArgs::new())
    }

    /// What to do about the failure `key`: the attribute `advice` of its message.
    pub(crate) fn advice(&self, key: &str, args: &FluentArgs<'_>) -> Option<String> {
        let pattern = self
            .bundle
            .get_message(key)?
            .get_attribute("advice")?
            .value();
        Some(
            self.isolated(
                self.bundle
                    .format_pattern(pattern, Some(args), &mut Vec::new()),
            ),
        )
    }

    /// What reads from left to right in every language, as it may stand on a line of this one.
    pub(crate) fn left_to_right(&self, text: &str) -> String {
        if self.right_to_left {
            bidi::left_to_right(text)
        } else {
            text.to_owned()
        }
    }

    fn isolated(&self, text: Cow<'_, str>) -> String {
        if self.right_to_left {
            bidi::isolate_latin(&text)
        } else {
            text.into_owned()
        }
    }

    /// A number of octets as a person reads it: `8 KiB`, `3.1 MiB`.
    pub(crate) fn size(&self, octets: u64) -> String {
        const UNITS: [&str; 4] = ["KiB", "MiB", "GiB", "TiB"];
        if octets < 1024 {
            return say!(self, "octets", count = octets);
        }
        let mut tenths = octets.saturating_mul(10) / 1024;
        let mut units = UNITS.iter().peekable();
        let mut unit = "KiB";
        while let Some(name) = units.next() {
            unit = name;
            if tenths < 10_240 || units.peek().is_none() {
                break;
            }
            tenths /= 1024;
        }
        let number = if tenths.is_multiple_of(10) {
            format!("{}", tenths / 10)
        } else {
            format!("{}.{}", tenths / 10, tenths % 10)
        };
        say!(self, "size", number = number, unit = unit)
    }

    /// The same with all digits: `9.6 KiB (9851 octets)`.
    pub(crate) fn size_exactly(&self, octets: u64) -> String {
        let size = self.size(octets);
        if octets < 1024 {
            return size;
        }
        let octets = say!(self, "octets", count = octets);
        say!(self, "size-exact", size = size, octets = octets)
    }
}

/// A path as it may be shown: whatever could move the cursor or turn the line around is replaced.
pub(crate) fn printable(path: &Path) -> String {
    let turns = |c: char| {
        c.is_control()
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    path.to_string_lossy().replace(turns, "\u{fffd}")
}

#[cfg(test)]
#[path = "words_test.rs"]
mod tests;
