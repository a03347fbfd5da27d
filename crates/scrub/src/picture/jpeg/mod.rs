//! JPEG: frame, tables and scans stay; every application segment goes, and those that colours need come back in one
//! fixed form.
//!
//! ITU-T T.81 (the format), T.871 (JFIF), T.872 (the Adobe segment).

mod application;
mod bits;
mod frame;
mod scan;
mod tables;

use self::application::Application;
use self::frame::Frame;
use self::tables::Tables;
use crate::job::Job;
use crate::plan::Plan;
use crate::source::Source;
use crate::{Refusal, Remark, What};

/// More scans than this no encoder makes; each is walked through.
const MAX_SCANS: u64 = 500;
/// As far into what stands behind the picture, code tables are looked for.
const MAX_PREVIEW: u64 = 2 << 20;

pub(crate) fn scrub(file: &Source<'_>, job: &mut Job) -> Result<Plan, Refusal> {
    if file.array::<2>(0)? != [0xFF, 0xD8] {
        return Err(Refusal::Damaged);
    }
    let mut jpeg = Jpeg {
        file,
        plan: Plan::new(),
        application: Application::default(),
        tables: Tables::default(),
        frame: None,
        known: Vec::new(),
        scans: 0,
    };
    let end = jpeg.segments(2, job)?;
    if jpeg.scans == 0 {
        return Err(Refusal::Damaged);
    }
    jpeg.plan.put(&[0xFF, 0xD9]);
    let tail = file.part(end..file.len())?;
    application::report_tail(&tail, job)?;
    jpeg.drop_tables(&tail, end)?;
    Ok(jpeg.plan)
}

/// What has been read and written so far.
struct Jpeg<'a, 'f> {
    file: &'f Source<'a>,
    plan: Plan,
    application: Application,
    tables: Tables,
    frame: Option<Frame>,
    known: scan::Known,
    scans: u64,
}

impl Jpeg<'_, '_> {
    /// Reads segments up to the end of the picture. Returns the position behind it.
    fn segments(&mut self, mut at: u64, job: &mut Job) -> Result<u64, Refusal> {
        loop {
            let Some((marker, behind)) = self.next_marker(at, job)? else {
                // The end marker is missing. With a scan in place, readers show the picture.
                job.remark(Remark::CutShort);
                return Ok(self.file.len());
            };
            at = behind;
            match marker {
                0xD9 => return Ok(at),
                0x01 | 0xD0..=0xD7 => continue,
                0xD8 => return Err(Refusal::Damaged),
                _ => {}
            }
            let len = u64::from(u16::from_be_bytes(self.file.array(at)?));
            let end = at + len;
            if len < 2 || end > self.file.len() {
                return Err(Refusal::Damaged);
            }
            at = self.segment(marker, &self.file.part(at + 2..end)?, at + 2, job)?;
        }
    }

    /// Finds the next marker, over fill octets and over what does not belong between segments. Returns its code and
    /// the position behind it.
    fn next_marker(&self, at: u64, job: &mut Job) -> Result<Option<(u8, u64)>, Refusal> {
        let mut cursor = self.file.cursor(at);
        let mut junk = false;
        while let Some(octet) = cursor.octet()? {
            if octet != 0xFF {
                junk = true;
                continue;
            }
            let mut code = cursor.octet()?;
            while code == Some(0xFF) {
                code = cursor.octet()?;
            }
            match code {
                None => break,
                Some(0) => junk = true,
                Some(code) => {
                    if junk {
                        job.found(What::Unknown, "octets between segments", "");
                    }
                    return Ok(Some((code, cursor.position())));
                }
            }
        }
        Ok(None)
    }

    /// Takes a segment, whose content begins at `at`. Returns where the next one begins.
    fn segment(
        &mut self,
        marker: u8,
        content: &Source<'_>,
        at: u64,
        job: &mut Job,
    ) -> Result<u64, Refusal> {
        let range = at..at + content.len();
        match marker {
            0xC4 | 0xDB | 0xDD => {
                let octets = content.read(0..content.len(), usize::MAX)?;
                match marker {
                    0xC4 => self.tables.take_codes(&octets)?,
                    0xDB => self.tables.take_quantisers(&octets)?,
                    _ => self.tables.take_restart_interval(&octets)?,
                }
                self.plan.rewritten(range.clone());
            }
            0xC0..=0xC3 => {
                if self.frame.is_some() {
                    return Err(Refusal::Damaged);
                }
                let octets = content.read(0..content.len(), usize::MAX)?;
                self.frame = Some(Frame::parse(marker, &octets)?);
                self.plan.rewritten(range.clone());
            }
            0xDA => {
                if self.scans == 0 {
                    self.application.finish(job);
                }
                return self.scan(content, at);
            }
            0xDC => self.number_of_lines(content, range.clone())?,
            0xE0..=0xEF | 0xFE => {
                let is_header = self.scans == 0;
                if self.application.take(marker, content, is_header, job)? {
                    self.plan.rewritten(range.clone());
                } else {
                    self.drop_tables(content, at)?;
                }
            }
            0xC5..=0xC7 | 0xDE | 0xDF => return Err(Refusal::Unsupported("hierarchical JPEG")),
            0xC9..=0xCF => return Err(Refusal::Unsupported("arithmetic coding in JPEG")),
            0xF7 | 0xF8 => return Err(Refusal::Unsupported("JPEG-LS")),
            _ => job.found(What::Unknown, "segment without a meaning", ""),
        }
        Ok(range.end)
    }

    /// The code tables of previews in what is dropped from `at` on are not looked for in what is kept.
    fn drop_tables(&mut self, dropped: &Source<'_>, at: u64) -> Result<(), Refusal> {
        let octets = dropped.read(0..dropped.len().min(MAX_PREVIEW), usize::MAX)?;
        for range in tables::within(&octets, at) {
            self.plan.rewritten(range);
        }
        Ok(())
    }

    /// The height, when it is told only behind the first scan.
    fn number_of_lines(
        &mut self,
        content: &Source<'_>,
        range: std::ops::Range<u64>,
    ) -> Result<(), Refusal> {
        let is_needed = self.frame.as_ref().is_some_and(|frame| frame.height == 0);
        if !is_needed || self.scans != 1 {
            return Ok(());
        }
        let lines: [u8; 2] = content
            .read(0..content.len(), 2)?
            .as_slice()
            .try_into()
            .map_err(|_| Refusal::Damaged)?;
        if let Some(frame) = &mut self.frame {
            frame.height = u16::from_be_bytes(lines);
        }
        self.plan.put(&[0xFF, 0xDC, 0, 4]);
        self.plan.put(&lines);
        self.plan.rewritten(range);
        Ok(())
    }

    /// A scan: its header, which begins at `at`, what it needs of the tables, and its entropy-coded octets.
    fn scan(&mut self, content: &Source<'_>, at: u64) -> Result<u64, Refusal> {
        let frame = self.frame.as_ref().ok_or(Refusal::Damaged)?;
        let octets = content.read(0..content.len(), usize::MAX)?;
        let scan = frame::Scan::parse(frame, &octets)?;
        let quantisers: Vec<u8> = scan.components(frame).map(|c| c.quantiser).collect();
        let is_first = self.scans == 0;
        if is_first {
            self.application.write(frame, &mut self.plan);
        }
        self.tables.write_quantisers(&quantisers, &mut self.plan);
        if is_first {
            frame.write(&mut self.plan);
        }
        self.tables.write_codes(&scan.codes(frame), &mut self.plan);
        self.tables.write_restart_interval(&mut self.plan);
        scan.write(&mut self.plan);
        let begin = at + content.len();
        self.plan.rewritten(at..begin);
        self.scans += 1;
        if self.scans > MAX_SCANS {
            return Err(Refusal::Unsupported("very many scans in a JPEG"));
        }
        scan::copy(
            self.file,
            begin,
            (frame, &scan),
            &self.tables,
            &mut self.known,
            &mut self.plan,
        )
    }
}
