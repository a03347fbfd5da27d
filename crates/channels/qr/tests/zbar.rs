//! Independent programs: zbar reads every code that is written here, and what qrencode writes is read here.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

#[path = "../../text/tests/made/mod.rs"]
mod made;

use std::fs;
use std::path::Path;
use std::process::Command;

use hamsa_channel_qr::{from_qr, to_qr};
use hamsa_core::{Collected, Collector, Envelope, Part, Sealed, cut};

use crate::made::{Random, envelope, short};

/// What a program writes, without the line end after it.
fn said(command: &mut Command, package: &str) -> String {
    let program = command.get_program().display().to_string();
    let output = command.output();
    let output = output.unwrap_or_else(|why| {
        panic!("{program} did not run ({why}): install the package {package}")
    });
    assert!(output.status.success(), "{program} failed");
    String::from_utf8(output.stdout)
        .unwrap()
        .trim_end()
        .to_owned()
}

fn zbar(picture: &Path) -> String {
    let mut command = Command::new("zbarimg");
    said(
        command
            .args(["-q", "--raw", "-Sbinary", "--oneshot"])
            .arg(picture),
        "zbar-tools",
    )
}

fn every_envelope(random: &mut Random) -> Vec<Envelope> {
    let shorts =
        [71, 180, 295, 410, 524, 639, 754, 869, 983, 1098].map(|holds| short(random, holds));
    let full = [300, 746, 1000, 9530, 20_000].map(|len| envelope(random, len));
    [shorts.as_slice(), &full].concat()
}

/// The text of each code, as the parts have it.
fn texts(envelope: &Envelope) -> Vec<String> {
    if envelope.is_short() {
        return vec![envelope.to_text()];
    }
    let parts = cut(envelope, Part::octets_in(hamsa_channel_qr::MAX_TEXT)).unwrap();
    parts.iter().map(Part::to_text).collect()
}

#[test]
#[ignore = "needs peers: cargo xtask test"]
fn zbar_reads_every_png_and_svg_in_any_order() {
    let mut random = Random(31);
    let folder = tempfile::tempdir().unwrap();
    let (png, svg, drawn) = (
        folder.path().join("code.png"),
        folder.path().join("code.svg"),
        folder.path().join("drawn.png"),
    );
    for envelope in every_envelope(&mut random) {
        let texts = texts(&envelope);
        let codes = to_qr(&envelope).unwrap();
        assert_eq!(codes.len(), texts.len());
        let mut order: Vec<usize> = (0..codes.len()).collect();
        random.shuffle(&mut order);
        let mut collector = Collector::new();
        let mut whole = None;
        for at in order {
            fs::write(&png, codes[at].to_png()).unwrap();
            let text = zbar(&png);
            assert_eq!(text, texts[at]);
            if at == 0 {
                fs::write(&svg, codes[at].to_svg()).unwrap();
                said(
                    Command::new("rsvg-convert").arg("-o").arg(&drawn).arg(&svg),
                    "librsvg2-bin",
                );
                assert_eq!(zbar(&drawn), text);
            }
            if let Collected::Envelope(found) =
                collector.take(Sealed::parse(text.as_bytes()).unwrap())
            {
                whole = Some(found);
            }
        }
        assert!(whole == Some(envelope));
    }
}

#[test]
#[ignore = "needs peers: cargo xtask test"]
fn what_qrencode_writes_is_read() {
    let mut random = Random(32);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("code.png");
    let write = |options: &[&str], from: &Path| {
        let mut command = Command::new("qrencode");
        said(
            command
                .args(options)
                .arg("-r")
                .arg(from)
                .arg("-o")
                .arg(&file),
            "qrencode",
        );
        fs::read(&file).unwrap()
    };
    let from = folder.path().join("sealed");
    for envelope in every_envelope(&mut random) {
        for text in texts(&envelope) {
            fs::write(&from, &text).unwrap();
            let expected = Sealed::parse(text.as_bytes()).unwrap();
            // In the mode that it thinks best and in byte mode, with the least correction and the most, small and large.
            let most = if text.len() < 1200 { "H" } else { "Q" };
            for options in [
                ["-l", "L", "-s", "1"].as_slice(),
                &["-l", most, "-s", "3"],
                &["-l", "M", "-s", "8", "-8"],
            ] {
                let arrived = from_qr(&write(options, &from));
                let len = text.len();
                assert!(arrived.sealed.contains(&expected), "{options:?} {len}");
                assert_eq!((arrived.sealed.len(), arrived.unreadable.len()), (1, 0));
            }
        }
    }
    // The octets themselves, without any text.
    for holds in [71, 524, 1098] {
        let envelope = short(&mut random, holds);
        fs::write(&from, envelope.as_bytes()).unwrap();
        let arrived = from_qr(&write(&["-8", "-l", "M"], &from));
        assert!(arrived.sealed == [Sealed::Envelope(envelope)]);
    }
}
