//! C2SP signed notes (<https://c2sp.org/signed-note>) with Ed25519 keys: a text that anybody can read, and who signed it.
//!
//! Written here because a card needs stricter rules than the format asks for (one spelling, bounded sizes) and little
//! of its generality.
//!
//! Format v1, section 7.1.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature as Ed25519Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

use crate::CardError;

/// The longest note that is looked at, in octets.
const MAX_LEN: usize = 1 << 20;
/// The most signatures that a note may carry. The specification asks for 16 at least.
const MAX_SIGNATURES: usize = 64;
/// The signature type octet of Ed25519.
pub(super) const ED25519: u8 = 0x01;

/// A note whose form is right. Nothing in it is to be believed before [`verify`](Note::verify).
pub(super) struct Note<'a> {
    /// What is signed; ends with a newline.
    pub(super) text: &'a str,
    pub(super) signatures: Vec<Signature<'a>>,
}

/// One signature line.
#[derive(Clone)]
pub(super) struct Signature<'a> {
    name: &'a str,
    key_id: [u8; 4],
    octets: Vec<u8>,
}

impl<'a> Note<'a> {
    /// Reads a note: text, empty line, signature lines.
    ///
    /// Every line must be well formed, also those of keys that nobody here knows. What comes back encodes to the
    /// very octets that came in.
    pub(super) fn parse(note: &'a [u8]) -> Result<Note<'a>, CardError> {
        if note.len() > MAX_LEN {
            return Err(CardError::NotACard);
        }
        let note = core::str::from_utf8(note).map_err(|_| CardError::NotACard)?;
        if note.chars().any(|c| c < ' ' && c != '\n') {
            return Err(CardError::NotACard);
        }
        // The last empty line separates: a text may hold empty lines, signatures may not.
        let (line, signatures) = note.rsplit_once("\n\n").ok_or(CardError::NotACard)?;
        let text = note.get(..=line.len()).ok_or(CardError::NotACard)?;
        let lines = signatures.strip_suffix('\n').ok_or(CardError::NotACard)?;
        // One more than allowed is enough to know, so a note of newlines costs nothing.
        let signatures = lines
            .split('\n')
            .take(MAX_SIGNATURES + 1)
            .map(|line| Signature::parse(line).ok_or(CardError::NotACard))
            .collect::<Result<Vec<_>, _>>()?;
        if signatures.len() > MAX_SIGNATURES {
            return Err(CardError::NotACard);
        }
        Ok(Note { text, signatures })
    }

    /// The octets of the note.
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut note = String::from(self.text);
        for Signature {
            name,
            key_id,
            octets,
        } in &self.signatures
        {
            note.push_str("\n— ");
            note.push_str(name);
            note.push(' ');
            STANDARD.encode_string([key_id.as_slice(), octets].concat(), &mut note);
        }
        note.push('\n');
        note.into_bytes()
    }

    /// Checks that the key `name` has signed the text, and gives back its signature.
    ///
    /// Signatures of other keys are passed over, as the specification demands. Each one under this name and key id
    /// must fit.
    pub(super) fn verify(
        &self,
        name: &str,
        key: &VerifyingKey,
    ) -> Result<&Signature<'a>, CardError> {
        let key_id = key_id(name, key);
        let mut found = None;
        for signature in self
            .signatures
            .iter()
            .filter(|s| s.name == name && s.key_id == key_id)
        {
            let octets = Ed25519Signature::from_slice(&signature.octets)
                .map_err(|_| CardError::BadSignature)?;
            key.verify_strict(self.text.as_bytes(), &octets)
                .map_err(|_| CardError::BadSignature)?;
            found = Some(signature);
        }
        found.ok_or(CardError::BadSignature)
    }
}

impl<'a> Signature<'a> {
    fn parse(line: &'a str) -> Option<Signature<'a>> {
        let (name, base64) = line.strip_prefix("— ")?.split_once(' ')?;
        if name.is_empty() || name.contains(|c: char| c.is_whitespace() || c == '+') {
            return None;
        }
        // `STANDARD` wants the padding and zero bits at the end, so that there is one spelling only.
        let decoded = STANDARD.decode(base64).ok()?;
        let (key_id, octets) = decoded.split_first_chunk::<4>()?;
        (!octets.is_empty()).then(|| Signature {
            name,
            key_id: *key_id,
            octets: octets.to_vec(),
        })
    }
}

/// Signs `text`, which ends with a newline, as the key `name`.
pub(super) fn sign(text: &str, name: &str, key: &SigningKey) -> Vec<u8> {
    let octets = key.sign(text.as_bytes()).to_bytes().to_vec();
    let signature = Signature {
        name,
        key_id: key_id(name, &key.verifying_key()),
        octets,
    };
    Note {
        text,
        signatures: vec![signature],
    }
    .encode()
}

/// The public key as text: name, key id in hexadecimal, and base64 of type octet and key.
pub(super) fn verifier(name: &str, key: &VerifyingKey) -> String {
    let mut octets = vec![ED25519];
    octets.extend_from_slice(key.as_bytes());
    format!(
        "{name}+{}+{}",
        key_id_text(name, key),
        STANDARD.encode(octets)
    )
}

/// Reads what [`verifier`] writes; nothing if name, key id and key do not belong together.
pub(super) fn parse_verifier(name: &str, text: &str) -> Option<VerifyingKey> {
    let (_, base64) = split_key(name, text)?;
    let octets = STANDARD.decode(base64).ok()?;
    let (&ED25519, key) = octets.split_first()? else {
        return None;
    };
    let key = VerifyingKey::from_bytes(key.try_into().ok()?).ok()?;
    // Writing it again checks the key id and that nothing was spelled in another way.
    (verifier(name, &key) == text).then_some(key)
}

/// Cuts `name+id+base64` into id and base64. The base64 may hold a plus itself.
pub(super) fn split_key<'t>(name: &str, text: &'t str) -> Option<(&'t str, &'t str)> {
    text.strip_prefix(name)?.strip_prefix('+')?.split_once('+')
}

/// The key id as it stands in key texts: eight lower-case hexadecimal digits.
pub(super) fn key_id_text(name: &str, key: &VerifyingKey) -> String {
    format!("{:08x}", u32::from_be_bytes(key_id(name, key)))
}

fn key_id(name: &str, key: &VerifyingKey) -> [u8; 4] {
    let digest = Sha256::new()
        .chain_update(name)
        .chain_update([b'\n', ED25519])
        .chain_update(key.as_bytes())
        .finalize();
    let [a, b, c, d, ..] = digest.0;
    [a, b, c, d]
}

#[cfg(test)]
mod tests {
    use super::*;

    // From the documentation and tests of Go's golang.org/x/mod/sumdb/note.
    const NAME: &str = "PeterNeumann";
    const VERIFIER: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    const NOTE: &str = "If you think cryptography is the answer to your problem,\n\
        then you don't know what your problem is.\n\
        \n\
        — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
    const OTHER: &str = "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n";

    fn accepted(note: &str) -> bool {
        let key = parse_verifier(NAME, VERIFIER).unwrap();
        Note::parse(note.as_bytes()).is_ok_and(|parsed| {
            assert_eq!(
                parsed.encode(),
                note.as_bytes(),
                "a parsed note encodes to the octets that it came from"
            );
            parsed.verify(NAME, &key).is_ok()
        })
    }

    #[test]
    fn the_published_note_of_another_implementation_verifies() {
        assert!(accepted(NOTE));
        assert_eq!(
            verifier(NAME, &parse_verifier(NAME, VERIFIER).unwrap()),
            VERIFIER
        );
    }

    #[test]
    fn signatures_of_unknown_keys_are_passed_over() {
        assert!(accepted(&format!("{NOTE}{OTHER}")));
        assert!(accepted(&NOTE.replace("\n\n", &format!("\n\n{OTHER}"))));
        let renamed = OTHER.replace("EnochRoot", NAME);
        assert!(
            accepted(&format!("{NOTE}{renamed}")),
            "same name, other key id"
        );
    }

    #[test]
    fn a_second_signature_of_the_known_key_must_fit_too() {
        let (_, line) = NOTE.rsplit_once("\n\n").unwrap();
        assert!(accepted(&format!("{NOTE}{line}")));
        assert!(!accepted(&format!(
            "{NOTE}{}",
            line.replace("ZJku", "ZJkv")
        )));
    }

    #[test]
    fn malformed_signature_lines_are_refused() {
        for line in [
            "\n",
            "—\n",
            "— \n",
            "— a\n",
            "— a \n",
            "— a AAAA\n",
            "— a AAAAAA==\n",
            "—  AAAAAAA=\n",
            "- a AAAAAAA=\n",
            "— a+b AAAAAAA=\n",
            "— a\u{a0}b AAAAAAA=\n",
            "— a AAAAAAA=",
            "— a AAAAAAA\n",
            "— a AAAAAAB=\n",
            "— a AAAAAAA= \n",
            "— a AAAAAAA=\r\n",
        ] {
            assert!(
                Note::parse(format!("{NOTE}{line}").as_bytes()).is_err(),
                "{line:?}"
            );
        }
        assert!(accepted(&format!("{NOTE}— a AAAAAAA=\n")));
    }

    #[test]
    fn the_last_empty_line_separates() {
        let text = "one\n\ntwo\n\n\n";
        let key = SigningKey::from_bytes(&[7; 32]);
        let note = sign(text, "name", &key);
        let parsed = Note::parse(&note).unwrap();
        assert_eq!(parsed.text, text);
        assert!(parsed.verify("name", &key.verifying_key()).is_ok());
    }

    #[test]
    fn verifier_keys_that_do_not_hang_together_are_refused() {
        for text in [
            VERIFIER.replace("Peter", "Petra"),
            VERIFIER.replace("c74f", "c74e"),
            VERIFIER.replace("c74f", "C74F"),
            VERIFIER.replace("ARpc", "AhpC"),
            VERIFIER.replace("10TW", "10TX"),
            VERIFIER.replace("10TW", "1w=="),
            format!("{VERIFIER}="),
            format!(" {VERIFIER}"),
            String::new(),
            NAME.to_owned(),
        ] {
            assert!(parse_verifier(NAME, &text).is_none(), "{text}");
        }
    }
}
