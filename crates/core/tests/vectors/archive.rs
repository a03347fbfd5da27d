//! A writer of ustar archives that does what it is told. It shares no code with the library's.

const BLOCK: usize = 512;

/// One header block, with a checksum that is right until a test spoils it.
#[derive(Clone)]
pub struct Header([u8; BLOCK]);

impl Header {
    pub fn new(name: &str, size: usize) -> Self {
        Self([0; BLOCK])
            .set(0, name.as_bytes())
            .set(100, b"0000600\x000000000\x000000000\0")
            .set(124, format!("{size:011o}\x0000000000000\0").as_bytes())
            .set(156, b"0")
            .set(257, b"ustar\x0000")
            .set(329, b"0000000\x000000000\0")
    }

    /// Writes octets at a place and the checksum that then fits.
    pub fn set(self, at: usize, octets: &[u8]) -> Self {
        let mut block = self.raw(at, octets).raw(148, b"        ");
        let sum: u32 = block.0.iter().map(|&b| u32::from(b)).sum();
        block = block.raw(148, format!("{sum:06o}\0 ").as_bytes());
        block
    }

    /// Writes octets at a place and nothing else.
    pub fn raw(mut self, at: usize, octets: &[u8]) -> Self {
        self.0[at..at + octets.len()].copy_from_slice(octets);
        self
    }

    pub fn checksum(&self) -> &[u8] {
        &self.0[148..156]
    }

    /// The header and its file, filled up with zeros to whole blocks.
    pub fn then(&self, content: &[u8]) -> Vec<u8> {
        let mut entry = self.0.to_vec();
        entry.extend_from_slice(content);
        entry.resize(entry.len().next_multiple_of(BLOCK), 0);
        entry
    }
}

/// An entry as it should be.
pub fn entry(name: &str, content: &[u8]) -> Vec<u8> {
    Header::new(name, content.len()).then(content)
}

/// Entries, padded with zeros to `class` octets.
pub fn padded(entries: &[Vec<u8>], class: usize) -> Vec<u8> {
    let mut frame = entries.concat();
    assert!(frame.len() <= class);
    frame.resize(class, 0);
    frame
}

/// The one frame of a tip: `tip.json` and attachments by name, in the smallest class up to 1 MiB.
pub fn frame(json: &[u8], files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut entries = vec![entry("tip.json", json)];
    for (name, content) in files {
        entries.push(entry(&format!("attachments/{name}"), content));
    }
    let content = entries.concat().len() + 2 * BLOCK;
    padded(&entries, content.next_power_of_two().max(8192))
}

/// The frame of a text in English.
pub fn text_frame() -> Vec<u8> {
    frame(br#"{"version":1,"text":"A whisper."}"#, &[])
}
