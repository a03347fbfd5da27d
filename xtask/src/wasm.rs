//! The step `wasm`: core, scrubbing and the channels of a page or app compile for a browser.

use std::path::Path;
use std::time::Duration;

use crate::debian;
use crate::run::{Run, on_path};
use crate::test::Done;

const TARGET: &str = "wasm32-unknown-unknown";

/// Whoever builds for a browser chooses where random numbers come from (the feature `wasm_js`
/// of `getrandom`). For a check that links nothing, a choice left open will do.
const FLAGS: &str = "--cfg getrandom_backend=\"custom\"";

/// `zip`, below scrubbing, has made that choice already.
const BROWSER_FLAGS: &str = "--cfg getrandom_backend=\"wasm_js\"";

/// What runs where a tip is written.
const LIBRARIES: [(&str, &str); 4] = [
    ("hamsa-core", FLAGS),
    ("hamsa-channel-chat", FLAGS),
    ("hamsa-channel-sms", FLAGS),
    ("hamsa-scrub", BROWSER_FLAGS),
];

const DEBIAN: &[&str] = &["rustc-web", "cargo-web", "rust-web-src"];

pub(crate) fn check() -> Result<Done, String> {
    if rustup_has_it() {
        for (library, flags) in LIBRARIES {
            Run::cargo(&format!("check -p {library} --target"))
                .arg(TARGET)
                .env("RUSTFLAGS", flags)
                .show()?;
        }
        return Ok(Done::Ok);
    }
    if debian_has_it() {
        return check_with_debians();
    }
    Err(format!(
        "there is no standard library for {TARGET}. Install it with `rustup target add {TARGET}`, \
         or on Debian with `apt-get install {}`; `--skip wasm` leaves this step out",
        DEBIAN.join(" ")
    ))
}

fn rustup_has_it() -> bool {
    let sysroot = Run::new("rustc").args(["--print", "sysroot"]).read();
    let sysroot = sysroot.map(|said| said.output).unwrap_or_default();
    let library = Path::new(sysroot.trim())
        .join("lib/rustlib")
        .join(TARGET)
        .join("lib");
    if library.is_dir() {
        return true;
    }
    if !on_path("rustup") {
        return false;
    }
    println!("   adding the target with rustup");
    let added = Run::new("rustup")
        .args(["target", "add", TARGET])
        .limit(Duration::from_secs(300))
        .read();
    if let Err(why) = &added {
        println!("   {why}");
    }
    added.is_ok()
}

fn debian_has_it() -> bool {
    let source = Path::new("/usr/lib/rustlib/src/rust/library");
    let there = || source.is_dir() && Path::new("/usr/bin/cargo").is_file();
    if there() {
        return true;
    }
    if let Err(why) = debian::install(DEBIAN) {
        println!("   {why}");
    }
    there()
}

/// Debian's compiler comes with the source of the standard library instead of a built one.
fn check_with_debians() -> Result<Done, String> {
    Run::new("/usr/bin/cargo")
        .args(["check", "-p", "hamsa-core", "--target", TARGET])
        .args([
            "-Z",
            "build-std=std,panic_abort",
            "--target-dir",
            "target/wasm-debian",
        ])
        .env("RUSTC", "/usr/bin/rustc")
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTFLAGS", FLAGS)
        .limit(Duration::from_secs(3600))
        .show()?;
    Ok(Done::With("with Debian's compiler".into()))
}
