//! An agency that tips are sealed to, and what people write to it.

use hamsa_core::{
    CleanFile, Envelope, Identity, KeyRing, MediaType, Recipients, Tip, open, seal, seal_short,
};

pub(crate) const ARABIC: &str =
    "شاحنة بيضاء تقف خلف المستودع كل ليلة عند الثانية، وينزل منها رجال يحملون صناديق إلى القبو. ";
pub(crate) const ENGLISH: &str =
    "A white van stops behind the warehouse each night at two, and men carry boxes to the cellar. ";

pub(crate) struct Agency {
    keys: KeyRing,
    to: Recipients,
}

impl Agency {
    pub(crate) fn new() -> Self {
        let (full, short) = (
            Identity::generate().unwrap(),
            Identity::generate_x25519().unwrap(),
        );
        let to = Recipients::danger_bare(vec![full.recipient().unwrap()], short.recipient());
        let mut keys = KeyRing::new();
        keys.add(full);
        keys.add(short);
        Self {
            keys,
            to: to.unwrap(),
        }
    }

    pub(crate) fn short(&self, text: &str) -> Envelope {
        seal_short(text, &self.to).unwrap()
    }

    pub(crate) fn full(&self, text: &str, attachment: Option<&[u8]>) -> Envelope {
        let mut tip = Tip::new(text.to_owned().into()).unwrap();
        if let Some(content) = attachment {
            let len = content.len() as u64;
            let file = CleanFile::danger_vouched(MediaType::parse("image/png"), len, content);
            tip = tip.attach(file).unwrap();
        }
        seal(tip, &self.to).unwrap()
    }

    /// The text and the attachments.
    pub(crate) fn opens(&self, envelope: &Envelope) -> Option<(String, Vec<Vec<u8>>)> {
        let (tip, contents) = open(envelope.as_bytes(), &self.keys).ok()?;
        let contents = contents.iter().map(|content| content.to_vec()).collect();
        Some((tip.text().to_owned(), contents))
    }
}

/// The first `characters` of a text that goes on and on.
pub(crate) fn text_of(sentence: &str, characters: usize) -> String {
    sentence.chars().cycle().take(characters).collect()
}
