//! Matroska and `WebM`: pictures and sound stay, names of programs and people go.

use hamsa_scrub::{Kind, Refusal};

use super::{cleaned, holds, hostile};

/// A small file that a program wrote, with a marker in its tags.
fn sample(name: &str) -> Vec<u8> {
    let folder = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../fuzz/corpus/scrub_matroska/"
    );
    std::fs::read(format!("{folder}{name}")).unwrap()
}

#[test]
fn what_programs_plant_goes_and_is_told() {
    for name in ["vp8.webm", "mjpeg.mkv", "avc.mkv", "m4.mkv", "pcm.mkv"] {
        let (kind, clean, report) = cleaned(&sample(name)).unwrap();
        assert!(matches!(kind, Kind::Mkv | Kind::WebM), "{name}");
        assert!(!holds(&clean, "ZQX7MARK"), "{name}");
        assert!(!holds(&clean, "Lavc") && !holds(&clean, "Lavf"), "{name}");
        assert!(!report.is_empty(), "{name}");
    }
}

#[test]
fn damaged_files_do_not_break_out() {
    hostile(&sample("vp8.webm"));
}

#[test]
fn what_hangs_behind_the_clusters_goes_and_two_segments_are_refused() {
    let file = sample("vp8.webm");
    let clean = cleaned(&file).unwrap().1;
    let tail = [file.as_slice(), b"somebody was here"].concat();
    assert!(cleaned(&tail).unwrap().1 == clean);
    let twice = [file.as_slice(), &file].concat();
    assert!(matches!(cleaned(&twice), Err(Refusal::Unsupported(_))));
}

#[test]
fn a_cluster_within_a_cluster_follows_it() {
    let file = sample("vp8.webm");
    let find = |name: &[u8]| file.windows(name.len()).position(|w| w == name).unwrap();
    let (segment, cluster) = (find(b"\x18\x53\x80\x67\x01"), find(b"\x1F\x43\xB6\x75"));
    let outer = [&b"\x1F\x43\xB6\x75\x01"[..], &[0; 7], b"\xE7\x81\x00"].concat();
    let mut nested = [&file[..cluster], &outer, &file[cluster..]].concat();
    let mut put = |at: usize, len: usize| {
        nested[at..at + 8].copy_from_slice(&(len as u64 | 1 << 56).to_be_bytes());
    };
    let end = file.len() + outer.len();
    put(segment + 4, end - segment - 12);
    put(cluster + 4, end - cluster - 12);
    assert!(cleaned(&nested).unwrap().1 == cleaned(&file).unwrap().1);
}
