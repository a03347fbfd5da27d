//! The text form: what is read encodes to the same, but for ends of lines and white space around.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    let Some((binary, again)) = hamsa_core::fuzzing::armor(text) else {
        return;
    };
    let (read, _) = hamsa_core::fuzzing::armor(again.as_bytes()).expect("its own spelling");
    assert_eq!(read, binary);
    let text = str::from_utf8(text).expect("only ASCII was read");
    assert_eq!(text.trim().replace("\r\n", "\n"), again.trim_end());
});
