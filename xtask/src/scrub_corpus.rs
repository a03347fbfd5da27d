//! `cargo xtask scrub-corpus`: files of real tools with a mark in every field, cleaned and judged.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::test::Done;
use crate::{
    debian, peers,
    run::{Run, on_path, top},
};

/// A program that makes or judges the corpus, and the Debian package that has it.
const PROGRAMS: &[(&str, &str)] = &[
    ("exiftool", "libimage-exiftool-perl"),
    ("ffmpeg", "ffmpeg"),
    ("convert", "imagemagick"),
    ("heif-enc", "libheif-examples"),
    ("avifenc", "libavif-bin"),
    ("jpegtran", "libjpeg-turbo-progs"),
    ("tiffcp", "libtiff-tools"),
    ("flac", "flac"),
    ("lame", "lame"),
    ("opusenc", "opus-tools"),
    ("oggenc", "vorbis-tools"),
    ("mkvmerge", "mkvtoolnix"),
    ("qpdf", "qpdf"),
    ("pdftotext", "poppler-utils"),
    ("python3", "python3"),
];
/// `soffice` alone may be there without the programs that know the formats.
const OFFICE: &[&str] = &[
    "libreoffice-writer-nogui",
    "libreoffice-calc-nogui",
    "libreoffice-impress-nogui",
    "fonts-dejavu-core",
];
/// What the comparison is with.
const OTHERS: &[(&str, &str)] = &[("mat2", "mat2"), ("exiftool", "libimage-exiftool-perl")];

/// Python packages at fixed versions, and the names that they are imported by.
const PACKAGES: &[&str] = &[
    "pillow==13.0.0",
    "pillow-heif==1.8.1",
    "mutagen==1.48.1",
    "pikepdf==10.17.0",
    "python-docx==1.2.0",
    "openpyxl==3.1.5",
    "python-pptx==1.0.2",
];
const IMPORTS: &str = "import PIL.ImageCms, pillow_heif, mutagen, pikepdf, docx, openpyxl, pptx; docx.Document().add_comment";

const HOUR: Duration = Duration::from_secs(3600);

pub(crate) fn help() -> String {
    "Makes the corpus in target/scrub-corpus with crates/scrub/corpus/make.py, cleans each file with\n\
     `hamsa scrub`, and lets crates/scrub/corpus/check.py judge: marks that are left, tags, pixels,\n\
     packets, text. Fails when a file that was accepted is not clean or not the same. The tools are\n\
     Debian packages, installed when they are missing and you are root; Python packages go into a\n\
     folder of the peers.\n\n\
     Options:\n  \
     --tools      judge mat2 and exiftool too\n  \
     --as-it-is   take the corpus that is there\n  \
     --only WORD  only files with this in their names\n"
        .into()
}

/// What the command line asks for.
#[derive(Default)]
struct Asked {
    others: bool,
    as_it_is: bool,
    only: Option<String>,
}

pub(crate) fn run(args: &[String]) -> Result<(), String> {
    let mut asked = Asked::default();
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--tools" => asked.others = true,
            "--as-it-is" => asked.as_it_is = true,
            "--only" => asked.only = args.next().cloned(),
            _ => {
                return Err(format!(
                    "`{arg}` is not an option; `cargo xtask help scrub-corpus` lists them"
                ));
            }
        }
    }
    judge(&asked).map(drop)
}

/// The step `scrub`: the judge is judged first.
pub(crate) fn step() -> Result<Done, String> {
    let python = tools()?;
    make(&python)?;
    script(&python, "check.py")
        .arg(folder())
        .arg("--self-test")
        .show()?;
    let asked = Asked {
        as_it_is: true,
        ..Asked::default()
    };
    judge(&asked).map(Done::With)
}

/// Returns the line of totals.
fn judge(asked: &Asked) -> Result<String, String> {
    let python = tools()?;
    if !asked.as_it_is || !folder().join("manifest.json").is_file() {
        make(&python)?;
    }
    let hamsa = build(Profile::Dev)?;
    let only = asked.only.iter().flat_map(|word| ["--only", word]);
    let mut totals = String::new();
    let judged = script(&python, "check.py")
        .arg(folder())
        .arg("--hamsa")
        .arg(&hamsa)
        .args(only.clone())
        .show_lines(|line| {
            if line.starts_with("files: ") {
                line.clone_into(&mut totals);
            }
        });
    if asked.others {
        install(OTHERS)?;
        for (tool, _) in OTHERS {
            let run = script(&python, "check.py").arg(folder());
            run.args(["--tool", tool]).args(only.clone()).show()?;
        }
    }
    judged.map(|()| totals)
}

fn make(python: &Path) -> Result<(), String> {
    script(python, "make.py").arg(folder()).show()
}

/// Where the corpus is made.
fn folder() -> PathBuf {
    target().join("scrub-corpus")
}

pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| top().join("target"), PathBuf::from)
}

fn script(python: &Path, name: &str) -> Run {
    Run::new(python)
        .arg(top().join("crates/scrub/corpus").join(name))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("PYTHONWARNINGS", "ignore")
        .limit(HOUR)
}

/// How the program that is judged or measured is compiled.
#[derive(Clone, Copy)]
pub(crate) enum Profile {
    Dev,
    Release,
}

/// Compiles the program that cleans; the only place that says which it is.
pub(crate) fn build(profile: Profile) -> Result<PathBuf, String> {
    let (option, name) = match profile {
        Profile::Dev => ("", "debug"),
        Profile::Release => ("--release", "release"),
    };
    Run::cargo(&format!("build {option} -p hamsa-cli")).show()?;
    Ok(target().join(name).join("hamsa"))
}

/// Sees to the tools and returns a Python that has the packages.
pub(crate) fn tools() -> Result<PathBuf, String> {
    install(PROGRAMS)?;
    if !office_works() {
        debian::install(OFFICE)?;
    }
    let venv = peers::folder()?.join("scrub-python");
    let own = venv.join("bin/python");
    let complete = |python: &Path| Run::new(python).args(["-c", IMPORTS]).read().is_ok();
    let machines = PathBuf::from("python3");
    if let Some(python) = [own.clone(), machines].into_iter().find(|p| complete(p)) {
        return Ok(python);
    }
    let create = || {
        Run::new("python3")
            .args(["-m", "venv", "--clear"])
            .arg(&venv)
            .read()
    };
    // Debian's Python comes without what makes such a folder.
    create().or_else(|_| debian::install(&["python3-venv"]).and_then(|()| create()))?;
    Run::new(&own)
        .args(["-m", "pip", "install", "-q", "--disable-pip-version-check"])
        .args(PACKAGES)
        .show()?;
    Ok(own)
}

pub(crate) fn install(programs: &[(&str, &'static str)]) -> Result<(), String> {
    let missing = programs.iter().filter(|(program, _)| !on_path(program));
    let packages: Vec<&str> = missing.map(|(_, package)| *package).collect();
    if packages.is_empty() {
        return Ok(());
    }
    debian::install(&packages)
}

/// Whether writer, calc and impress are there, and not the start script alone.
fn office_works() -> bool {
    let libraries = Path::new("/usr/lib/libreoffice/program");
    let has = |name: &str| libraries.join(name).is_file();
    on_path("soffice")
        && (!libraries.is_dir()
            || ["libswlo.so", "libsclo.so", "libsdlo.so"]
                .iter()
                .all(|name| has(name)))
}
