//! MP4, `QuickTime`, 3GP, M4A.
#![allow(
    clippy::trivially_copy_pass_by_ref,
    clippy::similar_names,
    reason = "boxes have the names of the specification, written as octets"
)]

use hamsa_scrub::{Kind, Refusal, Remark, Report, What};

use super::{cleaned, holds};

const MARKER: &str = "ZQX7MARK";
const SLICE: &[u8] = b"\x65\x88\x84\x00picture data of a key frame";
const NEXT_SLICE: &[u8] = b"\x41\x9A\x02picture data of another frame";
const SOUND: &[u8] = b"soundsoundsound!";

fn atom(name: &[u8; 4], parts: &[&[u8]]) -> Vec<u8> {
    let body = parts.concat();
    let len = u32::try_from(body.len() + 8).unwrap();
    [&len.to_be_bytes()[..], name, &body].concat()
}

fn numbers(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|n| n.to_be_bytes()).collect()
}

fn sei(text: &str) -> Vec<u8> {
    let payload = [&[0xAB; 16][..], text.as_bytes()].concat();
    [
        &[6, 5, u8::try_from(payload.len()).unwrap()][..],
        &payload,
        &[0x80],
    ]
    .concat()
}

fn sample(units: &[&[u8]]) -> Vec<u8> {
    let each = units.iter().map(|unit| {
        let len = u32::try_from(unit.len()).unwrap();
        [&len.to_be_bytes()[..], unit].concat()
    });
    each.collect::<Vec<_>>().concat()
}

/// A film of two pictures and four frames of plain sound.
struct Film {
    ftyp: &'static [u8],
    time: u32,
    text: &'static str,
    samples: Vec<Vec<u8>>,
    picture: &'static [u8; 4],
    matrix: [u32; 9],
    self_contained: bool,
    extra: Vec<u8>,
    junk: &'static [u8],
    samples_first: bool,
}

impl Film {
    fn plain() -> Self {
        Self {
            ftyp: b"isom\0\0\x02\0isomiso2avc1mp41",
            time: 0,
            text: "",
            samples: vec![sample(&[SLICE]), sample(&[NEXT_SLICE])],
            picture: b"avc1",
            matrix: [0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x4000_0000],
            self_contained: true,
            extra: Vec::new(),
            junk: b"",
            samples_first: false,
        }
    }

    fn planted() -> Self {
        let udta = atom(
            b"udta",
            &[
                &atom(b"\xA9xyz", &[b"\0\x12\x15\xC7+48.1234+011.5678/"]),
                &atom(b"\xA9mak", &[b"\0\x08\0\0ZQX7MARK"]),
                &atom(
                    b"loci",
                    &[
                        &[0; 6],
                        b"ZQX7MARK\0\0",
                        &numbers(&[11 << 16, 48 << 16, 0]),
                        b"earth\0\0",
                    ],
                ),
                &atom(
                    b"meta",
                    &[
                        &[0; 4],
                        &atom(
                            b"ilst",
                            &[&atom(
                                b"\xA9ART",
                                &[&atom(b"data", &[&[0, 0, 0, 1, 0, 0, 0, 0], b"ZQX7MARK"])],
                            )],
                        ),
                    ],
                ),
            ],
        );
        let subtitles = atom(
            b"trak",
            &[
                &atom(b"tkhd", &[&[0, 0, 0, 3], &numbers(&[7, 8, 9]), &[0; 68]]),
                &atom(
                    b"mdia",
                    &[&atom(b"hdlr", &[&[0; 8], b"text", &[0; 12], b"ZQX7MARK\0"])],
                ),
            ],
        );
        Self {
            time: 3_700_000_000,
            text: MARKER,
            samples: vec![
                sample(&[&sei("x264 - core 164 ZQX7MARK"), SLICE]),
                sample(&[NEXT_SLICE, b"\x1CZQX7MARK"]),
            ],
            extra: [udta, atom(b"uuid", &[&[9; 16], b"ZQX7MARK"]), subtitles].concat(),
            junk: b"ZQX7MARK between",
            samples_first: true,
            ..Self::plain()
        }
    }

    fn media(&self) -> Vec<u8> {
        [
            &self.samples[0],
            &self.samples[1],
            self.junk,
            SOUND,
            self.junk,
        ]
        .concat()
    }

    fn written(&self) -> Vec<u8> {
        let ftyp = atom(b"ftyp", &[self.ftyp]);
        let mdat = atom(b"mdat", &[&self.media()]);
        let moov = self.moov(0);
        let front = if self.samples_first {
            ftyp.len()
        } else {
            ftyp.len() + moov.len()
        };
        let moov = self.moov(u32::try_from(front + 8).unwrap());
        if self.samples_first {
            [ftyp, mdat, moov].concat()
        } else {
            [ftyp, moov, mdat].concat()
        }
    }

    fn moov(&self, media: u32) -> Vec<u8> {
        let time = self.time;
        let mvhd = atom(
            b"mvhd",
            &[
                &[0; 4],
                &numbers(&[time, time, 1000, 80, 0x10000, 0x0100_0000, 0, 0]),
                &numbers(&self.matrix),
                &[0; 24],
                &numbers(&[9]),
            ],
        );
        let sizes =
            [&self.samples[0], &self.samples[1]].map(|sample| u32::try_from(sample.len()).unwrap());
        let sound = media + sizes[0] + sizes[1] + u32::try_from(self.junk.len()).unwrap();
        let picture = self.trak(b"vide", &self.picture_tables(&sizes, media));
        let sound = self.trak(b"soun", &self.sound_tables(sound));
        atom(b"moov", &[&mvhd, &picture, &sound, &self.extra])
    }

    fn trak(&self, kind: &[u8; 4], stbl: &[u8]) -> Vec<u8> {
        let time = self.time;
        let id = if kind == b"vide" { 5 } else { 6 };
        let tkhd = atom(
            b"tkhd",
            &[
                &[0, 0, 0, 3],
                &numbers(&[time, time, id, 0, 80, 0, 0, 0, 0]),
                &numbers(&self.matrix),
                &numbers(&[64 << 16, 48 << 16]),
            ],
        );
        let edts = atom(
            b"edts",
            &[&atom(b"elst", &[&numbers(&[0, 1, 80, 512, 0x10000])])],
        );
        let mdhd = atom(
            b"mdhd",
            &[&numbers(&[0, time, time, 12800, 1024]), &[0x15, 0xC7, 0, 0]],
        );
        let hdlr = atom(
            b"hdlr",
            &[&[0; 8], kind, &[0; 12], self.text.as_bytes(), &[0]],
        );
        let flags = [0, 0, 0, u8::from(self.self_contained)];
        let url = atom(b"url ", &[&flags, b"file:///ZQX7MARK"]);
        let dinf = atom(b"dinf", &[&atom(b"dref", &[&numbers(&[0, 1]), &url])]);
        let minf = atom(b"minf", &[&dinf, &atom(b"stbl", &[stbl])]);
        let mdia = atom(b"mdia", &[&mdhd, &hdlr, &minf]);
        atom(b"trak", &[&tkhd, &edts, &mdia])
    }

    fn picture_tables(&self, sizes: &[u32; 2], at: u32) -> Vec<u8> {
        let avcc = atom(
            b"avcC",
            &[b"\x01\x42\0\x1E\xFF\xE1\0\x04\x67\x42\0\x1E\x01\0\x03\x68\xCE\x38"],
        );
        let name = [
            &[u8::try_from(self.text.len()).unwrap()],
            self.text.as_bytes(),
        ]
        .concat();
        let name = [&name[..], &vec![0; 32 - name.len()]].concat();
        let entry = atom(
            self.picture,
            &[
                &[0, 0, 0, 0, 0, 0, 0, 1],
                &[0; 4],
                if self.text.is_empty() {
                    &[0; 4]
                } else {
                    b"ZQX7"
                },
                &[0; 8],
                &[0, 64, 0, 48, 0, 0x48, 0, 0, 0, 0x48, 0, 0, 0, 0, 0, 0, 0, 1],
                &name,
                &[0, 24, 0xFF, 0xFF],
                &avcc,
            ],
        );
        [
            atom(b"stsd", &[&numbers(&[0, 1]), &entry]),
            atom(b"stts", &[&numbers(&[0, 1, 2, 512])]),
            atom(b"stss", &[&numbers(&[0, 1, 1])]),
            atom(b"stsc", &[&numbers(&[0, 1, 1, 2, 1])]),
            atom(b"stsz", &[&numbers(&[0, 0, 2]), &numbers(sizes)]),
            atom(b"stco", &[&numbers(&[0, 1, at])]),
        ]
        .concat()
    }

    fn sound_tables(&self, at: u32) -> Vec<u8> {
        let vendor = if self.text.is_empty() {
            [0; 4]
        } else {
            *b"ZQX7"
        };
        let entry = atom(
            b"sowt",
            &[
                &[0, 0, 0, 0, 0, 0, 0, 1],
                &[0; 4],
                &vendor,
                &[0, 2, 0, 16, 0, 0, 0, 0],
                &numbers(&[44100 << 16]),
            ],
        );
        [
            atom(b"stsd", &[&numbers(&[0, 1]), &entry]),
            atom(b"stts", &[&numbers(&[0, 1, 4, 1])]),
            atom(b"stsc", &[&numbers(&[0, 1, 1, 4, 1])]),
            // As QuickTime writes it: each frame of plain sound has one octet.
            atom(b"stsz", &[&numbers(&[0, 1, 4])]),
            atom(b"stco", &[&numbers(&[0, 1, at])]),
        ]
        .concat()
    }
}

fn refused(film: &[u8]) -> Refusal {
    match cleaned(film) {
        Err(refusal) => refusal,
        Ok(_) => panic!("it was accepted"),
    }
}

#[test]
fn what_is_planted_goes_and_pictures_and_sound_stay() {
    let (kind, clean, report) = cleaned(&Film::planted().written()).unwrap();
    assert!(report.remarks().contains(&hamsa_scrub::Remark::SensorNoise));
    assert_eq!(kind, Kind::Mp4);
    assert!(!holds(&clean, "ZQX7") && !holds(&clean, "x264"));
    let samples = [&sample(&[SLICE])[..], &sample(&[NEXT_SLICE]), SOUND].concat();
    assert!(clean.ends_with(&samples));
    for what in [
        What::Time,
        What::Place,
        What::Device,
        What::Person,
        What::Software,
        What::Identifier,
    ] {
        assert!(
            report.findings().iter().any(|found| found.what == what),
            "{what:?}"
        );
    }
    assert!(
        report
            .findings()
            .iter()
            .any(|found| found.value() == "+48.1234+011.5678/")
    );
}

#[test]
fn a_film_comes_out_the_same_whatever_was_told_about_it() {
    let plain = cleaned(&Film::plain().written()).unwrap().1;
    let planted = cleaned(&Film::planted().written()).unwrap().1;
    assert!(plain == planted);
}

#[test]
fn rotation_and_edits_stay() {
    let matrix = [
        0,
        0x10000,
        0,
        0xFFFF_0000,
        0,
        0,
        0x0030_0000,
        0,
        0x4000_0000,
    ];
    let film = Film {
        matrix,
        ..Film::plain()
    };
    let (_, clean, _) = cleaned(&film.written()).unwrap();
    let has = |octets: &[u8]| clean.windows(octets.len()).any(|window| window == octets);
    assert!(has(&numbers(&matrix)) && has(&numbers(&[80, 512, 0x10000])));
}

#[test]
fn each_kind_stays_what_it_is() {
    let brands: [(&[u8], Kind); 4] = [
        (b"qt  \0\0\0\0qt  ", Kind::Mov),
        (b"3gp4\0\0\0\x003gp4", Kind::ThreeGp),
        (b"M4A \0\0\0\0M4A mp42", Kind::M4a),
        (b"mp42\0\0\0\0isommp42", Kind::Mp4),
    ];
    for (ftyp, wanted) in brands {
        let film = Film {
            ftyp,
            ..Film::planted()
        };
        assert_eq!(cleaned(&film.written()).unwrap().0, wanted);
    }
}

/// The pictures of a film, in a fragment.
fn fragmented() -> Vec<u8> {
    let mut film = Film::plain();
    let samples = film.samples.concat();
    let sizes = film
        .samples
        .iter()
        .map(|sample| u32::try_from(sample.len()).unwrap());
    let sizes: Vec<u32> = sizes.collect();
    film.samples = vec![Vec::new(), Vec::new()];
    film.extra = atom(
        b"mvex",
        &[
            &atom(b"trex", &[&numbers(&[0, 5, 1, 512, 0, 0])]),
            &atom(b"trex", &[&numbers(&[0, 6, 1, 1, 4, 0])]),
        ],
    );
    let moof = |offset: u32| {
        let tfhd = atom(b"tfhd", &[&numbers(&[0x2_0000, 5])]);
        let tfdt = atom(b"tfdt", &[&numbers(&[0, 90_000])]);
        let rows = [sizes[0], 0, sizes[1], 0x1_0000];
        let trun = atom(b"trun", &[&numbers(&[0x601, 2, offset]), &numbers(&rows)]);
        atom(
            b"moof",
            &[
                &atom(b"mfhd", &[&numbers(&[0, 1])]),
                &atom(b"traf", &[&tfhd, &tfdt, &trun]),
            ],
        )
    };
    let len = u32::try_from(moof(0).len()).unwrap();
    let moof = moof(len + 8);
    // The tables of the movie itself have no sample.
    let mut moov = film.moov(0);
    for table in [&b"stts"[..], b"stss", b"stsc", b"stsz", b"stco"] {
        for at in 0..moov.len() - 16 {
            if moov[at..].starts_with(table) {
                moov[at + 8..at + 16].fill(0);
            }
        }
    }
    let ftyp = atom(b"ftyp", &[film.ftyp]);
    [
        ftyp,
        moov,
        atom(b"sidx", &[b"ZQX7MARK"]),
        moof,
        atom(b"mdat", &[&samples]),
    ]
    .concat()
}

#[test]
fn fragments_become_one_movie() {
    let (_, clean, _) = cleaned(&fragmented()).unwrap();
    let has = |octets: &[u8]| clean.windows(octets.len()).any(|window| window == octets);
    assert!(clean.ends_with(&Film::plain().samples.concat()));
    assert!(!holds(&clean, "moof") && !holds(&clean, MARKER));
    assert!(has(&atom(b"stts", &[&numbers(&[0, 1, 2, 512])])));
    assert!(has(&atom(b"stss", &[&numbers(&[0, 1, 1])])));
}

#[test]
fn media_in_another_file_is_refused() {
    let film = Film {
        self_contained: false,
        ..Film::plain()
    };
    assert!(matches!(refused(&film.written()), Refusal::Unsupported(_)));
}

#[test]
fn encrypted_pictures_are_refused() {
    let film = Film {
        picture: b"encv",
        ..Film::plain()
    };
    assert!(matches!(refused(&film.written()), Refusal::Encrypted));
}

#[test]
fn an_unknown_codec_of_pictures_is_refused() {
    let film = Film {
        picture: b"ZQX7",
        ..Film::plain()
    };
    assert!(matches!(refused(&film.written()), Refusal::Unsupported(_)));
}

#[test]
fn a_film_without_all_its_samples_is_refused() {
    let whole = Film::plain().written();
    assert!(matches!(
        refused(&whole[..whole.len() - 1]),
        Refusal::Damaged
    ));
}

#[test]
fn of_a_recording_that_broke_off_what_is_there_stays() {
    let whole = fragmented();
    let [first, second] = [0, 1].map(|number| Film::plain().samples[number].clone());
    let is_told = |report: &Report| report.remarks().contains(&Remark::CutShort);
    assert!(!is_told(&cleaned(&whole).unwrap().2));
    for gone in [1, second.len() - 1, second.len()] {
        let (_, clean, report) = cleaned(&whole[..whole.len() - gone]).unwrap();
        assert!(is_told(&report) && clean.ends_with(&[b"mdat", &first[..]].concat()));
        let (_, again, report) = cleaned(&clean).unwrap();
        assert!(again == clean && !is_told(&report));
    }
    let gone = second.len() + 1;
    assert!(cleaned(&whole[..whole.len() - gone]).is_err());
}

#[test]
fn a_compressed_movie_box_is_refused() {
    let film = [
        &b"\0\0\0\x08wide"[..],
        &atom(b"moov", &[&atom(b"cmov", &[b"zlib"])]),
    ]
    .concat();
    assert!(matches!(refused(&film), Refusal::Unsupported(_)));
}

#[test]
fn units_that_do_not_fill_their_sample_are_refused() {
    let film = Film {
        samples: vec![b"\0\0\0\x7F\x65".to_vec(), sample(&[SLICE])],
        ..Film::plain()
    };
    assert!(matches!(refused(&film.written()), Refusal::Damaged));
}

#[test]
fn no_cut_and_no_changed_octet_makes_it_panic() {
    for film in [Film::planted().written(), fragmented()] {
        for end in 0..film.len() {
            let _ = cleaned(&film[..end]);
        }
        let mut changed = film.clone();
        for at in 0..film.len() {
            for octet in [film[at] ^ 0xFF, film[at].wrapping_add(1), 0] {
                changed[at] = octet;
                let _ = cleaned(&changed);
            }
            changed[at] = film[at];
        }
    }
}
