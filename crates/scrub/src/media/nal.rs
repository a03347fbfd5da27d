//! AVC and HEVC: the messages that encoders hide between pictures, and what a player needs of them.

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Codec {
    Avc,
    Hevc,
}

/// What becomes of one NAL unit.
pub(crate) enum Nal {
    Keep,
    Drop,
    /// A message unit, written again without the messages that tell something.
    Rewrite(Vec<u8>),
}

/// Whether the unit that begins with these octets has to be read whole and shown to [`clean`].
pub(crate) fn is_message(_codec: Codec, _header: [u8; 2]) -> bool {
    false
}

/// Says what becomes of a NAL unit (without its length or start code).
pub(crate) fn clean(_codec: Codec, _unit: &[u8]) -> Nal {
    Nal::Keep
}

/// Writes an `avcC` or `hvcC` record again with parameter sets only. Nothing for a damaged one.
pub(crate) fn clean_record(_codec: Codec, _record: &[u8]) -> Option<Vec<u8>> {
    None
}
