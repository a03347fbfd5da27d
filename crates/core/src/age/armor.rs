//! The text form of an age file.
//!
//! C2SP age specification, "ASCII armor": strict PEM (RFC 7468, figure 3), with white space allowed
//! before and after.

use std::io::{self, BufRead, Read};

use base64::{Engine, prelude::BASE64_STANDARD as BASE64};

use crate::OpenError;

pub(crate) const BEGIN: &str = "-----BEGIN AGE ENCRYPTED FILE-----";
const END: &str = "-----END AGE ENCRYPTED FILE-----";
/// Columns of a full line.
const COLUMNS: usize = 64;
const OCTETS: usize = COLUMNS / 4 * 3;
/// White space that is read over before the first line, in octets.
pub(crate) const MAX_LEADING: usize = 1024;

/// The text form of `binary`, ending with a newline.
pub(crate) fn to_text(binary: &[u8]) -> String {
    let lines = binary.len().div_ceil(OCTETS);
    let mut text = String::with_capacity(BEGIN.len() + END.len() + 2 + lines * (COLUMNS + 1));
    text.push_str(BEGIN);
    text.push('\n');
    for line in binary.chunks(OCTETS) {
        BASE64.encode_string(line, &mut text);
        text.push('\n');
    }
    text.push_str(END);
    text.push('\n');
    text
}

/// Reads the text form and gives the binary one.
///
/// Errors are [`OpenError::BadArmor`] inside an [`io::Error`].
pub(crate) struct Reader<R> {
    text: R,
    state: State,
    decoded: [u8; OCTETS],
    start: usize,
    end: usize,
}

#[derive(PartialEq, Eq)]
enum State {
    Before,
    Full,
    Short,
    After,
}

impl<R: BufRead> Reader<R> {
    pub(crate) fn new(text: R) -> Self {
        Self {
            text,
            state: State::Before,
            decoded: [0; OCTETS],
            start: 0,
            end: 0,
        }
    }

    fn next_line(&mut self) -> io::Result<()> {
        if self.state == State::Before {
            self.skip_leading_white_space()?;
            if self.line()?.as_slice() != BEGIN.as_bytes() {
                return Err(OpenError::BadArmor.into());
            }
            self.state = State::Full;
        }
        let line = self.line()?;
        if line.as_slice() == END.as_bytes() {
            self.state = State::After;
            return self.check_rest();
        }
        if self.state == State::Short || line.is_empty() || line.len() > COLUMNS {
            return Err(OpenError::BadArmor.into());
        }
        if line.len() < COLUMNS || line.ends_with(b"=") {
            self.state = State::Short;
        }
        self.start = 0;
        self.end = BASE64
            .decode_slice(&line, &mut self.decoded)
            .map_err(|_| OpenError::BadArmor)?;
        Ok(())
    }

    /// One line without its end, which is LF or CRLF. Lines here are short; a longer one is cut and refused.
    fn line(&mut self) -> io::Result<Vec<u8>> {
        let mut line = Vec::with_capacity(COLUMNS + 2);
        let limit = COLUMNS as u64 + 3;
        (&mut self.text).take(limit).read_until(b'\n', &mut line)?;
        if line.last() == Some(&b'\n') {
            line.pop();
            if line.last() == Some(&b'\r') {
                line.pop();
            }
            Ok(line)
        } else if line.as_slice() == END.as_bytes() {
            // The last line of a file may lack its newline.
            Ok(line)
        } else {
            Err(OpenError::BadArmor.into())
        }
    }

    fn skip_leading_white_space(&mut self) -> io::Result<()> {
        let mut skipped = 0;
        loop {
            let buffer = self.text.fill_buf()?;
            let white = buffer
                .iter()
                .take_while(|b| b.is_ascii_whitespace())
                .count();
            let more = white == buffer.len() && white > 0;
            self.text.consume(white);
            skipped += white;
            if skipped > MAX_LEADING {
                return Err(OpenError::BadArmor.into());
            }
            if !more {
                return Ok(());
            }
        }
    }

    /// Only white space may follow the last line.
    fn check_rest(&mut self) -> io::Result<()> {
        loop {
            let buffer = match self.text.fill_buf() {
                // Not given to the caller, who would come back and find the end of the file.
                Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
                buffer => buffer?,
            };
            let len = buffer.len();
            if len == 0 {
                return Ok(());
            }
            if !buffer.iter().all(u8::is_ascii_whitespace) {
                return Err(OpenError::BadArmor.into());
            }
            self.text.consume(len);
        }
    }
}

impl<R: BufRead> Read for Reader<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.start == self.end && self.state != State::After {
            self.next_line()?;
        }
        let ready = self.decoded.get(self.start..self.end).unwrap_or_default();
        let n = ready.len().min(out.len());
        for (to, from) in out.iter_mut().zip(ready) {
            *to = *from;
        }
        self.start += n;
        Ok(n)
    }
}
