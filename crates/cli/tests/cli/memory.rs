//! What is left in the program's memory when its work on a text is over, read from outside while it waits to print.

use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::process::{Child, Command, Stdio};

use rustix::fs::{OFlags, fcntl_setfl};

use crate::place::Place;

const SENTENCE: &str = "The heron stands at the third lock every morning.";

/// Starts `command` with a standard output that takes nothing, and waits until the program wants to write to it.
fn run_until_it_prints(mut command: Command, input: &[u8]) -> (Child, io::PipeReader) {
    let (reader, mut writer) = io::pipe().expect("a pipe");
    fcntl_setfl(&writer, OFlags::NONBLOCK).expect("flags");
    while writer.write(&[b'.'; 4096]).is_ok() {}
    while writer.write(b".").is_ok() {}
    fcntl_setfl(&writer, OFlags::empty()).expect("flags");
    command
        .stdin(Stdio::piped())
        .stdout(writer)
        .stderr(Stdio::null());
    let mut child = command.spawn().expect("started");
    drop(command);
    child
        .stdin
        .take()
        .expect("standard input")
        .write_all(input)
        .expect("written");
    // A process that waits in a system call shows its number and arguments; the first is where it writes to.
    let waiting = |child: &Child| {
        let call = fs::read_to_string(format!("/proc/{}/syscall", child.id())).unwrap_or_default();
        call.starts_with(if cfg!(target_arch = "x86_64") {
            "1 0x"
        } else {
            "64 0x"
        })
    };
    while !waiting(&child) {
        assert!(
            child.try_wait().expect("running").is_none(),
            "it ended before it printed"
        );
        std::thread::yield_now();
    }
    (child, reader)
}

/// Whether `needle` stands anywhere in the writable memory of the process. Nothing when that may not be read.
fn holds(child: &Child, needle: &[u8]) -> Option<bool> {
    let maps = fs::read_to_string(format!("/proc/{}/maps", child.id())).ok()?;
    let mut memory = File::open(format!("/proc/{}/mem", child.id())).ok()?;
    let mut read = 0;
    for line in maps.lines() {
        let (range, rest) = line.split_once(' ')?;
        let (from, until) = range.split_once('-')?;
        if !rest.starts_with("rw") {
            continue;
        }
        let (from, until) = (
            u64::from_str_radix(from, 16).ok()?,
            u64::from_str_radix(until, 16).ok()?,
        );
        let mut bytes = Vec::new();
        memory.seek(SeekFrom::Start(from)).ok()?;
        if (&mut memory)
            .take(until - from)
            .read_to_end(&mut bytes)
            .is_ok()
        {
            read += bytes.len();
            if bytes.windows(needle.len()).any(|window| window == needle) {
                return Some(true);
            }
        }
    }
    (read > 0).then_some(false)
}

fn check(command: Command, input: &[u8]) {
    let (mut child, reader) = run_until_it_prints(command, input);
    let held = holds(&child, SENTENCE.as_bytes());
    // Something that must be there, so that the search is known to find what there is.
    let finds = holds(&child, b"LANG=en_US.UTF-8");
    child.kill().expect("killed");
    child.wait().expect("ended");
    drop(reader);
    match (held, finds) {
        (None, _) => println!(
            "skipped: the memory of another process may not be read here (needs root, and Linux)"
        ),
        (Some(held), finds) => {
            assert_eq!(finds, Some(true), "the search works");
            assert!(!held, "the sentence is still in memory");
        }
    }
}

#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "reads /proc")]
fn nothing_of_the_text_is_left_after_sealing() {
    let place = Place::with_agency();
    check(
        place.command(["seal", "--card", "agency/agency.card", "--armor", "-o", "-"]),
        SENTENCE.as_bytes(),
    );
}

#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "reads /proc")]
fn nothing_of_the_text_is_left_after_opening() {
    let place = Place::with_agency();
    place.seal(SENTENCE, "tip.age");
    let identity = place.identity("agency", "general");
    check(
        place.command([
            "open", "--json", "-i", &identity, "--out", "cases", "tip.age",
        ]),
        b"",
    );
    let case = place
        .names("cases")
        .into_iter()
        .find(|name| !name.starts_with('.'))
        .expect("a case");
    assert_eq!(
        place.read(&format!("cases/{case}/tip.txt")),
        SENTENCE.as_bytes()
    );
}
