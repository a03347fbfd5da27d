//! AMR and AMR-WB of phones: the magic, then frames (RFC 4867, section 5).

use super::window::Window;
use crate::Refusal;
use crate::job::Job;
use crate::plan::Plan;
use crate::report::What;
use crate::source::Source;

/// Bits of speech in a frame by its type, in AMR. Types without an entry are of other systems or reserved.
const NARROW: [Option<u16>; 16] = [
    Some(95),
    Some(103),
    Some(118),
    Some(134),
    Some(148),
    Some(159),
    Some(204),
    Some(244),
    Some(39),
    Some(43),
    Some(38),
    Some(37),
    None,
    None,
    None,
    Some(0),
];
/// The same in AMR-WB.
const WIDE: [Option<u16>; 16] = [
    Some(132),
    Some(177),
    Some(253),
    Some(285),
    Some(317),
    Some(365),
    Some(397),
    Some(461),
    Some(477),
    Some(40),
    None,
    None,
    None,
    None,
    Some(0),
    Some(0),
];

pub(crate) fn scrub(file: &Source<'_>, job: &mut Job) -> Result<Plan, Refusal> {
    let mut window = Window::new(*file);
    let front = window.peek(0, 15)?;
    let (magic, types): (u64, _) = if front.starts_with(b"#!AMR\n") {
        (6, &NARROW)
    } else if front.starts_with(b"#!AMR-WB\n") {
        (9, &WIDE)
    } else if front.starts_with(b"#!AMR_MC1.0\n") || front.starts_with(b"#!AMR-WB_MC1.0\n") {
        return Err(Refusal::Unsupported("AMR of several channels"));
    } else {
        return Err(Refusal::Damaged);
    };
    let mut plan = Plan::new();
    plan.copy(0..magic);
    let mut at = magic;
    while let Some((front, len, back)) = frame(&mut window, at, types)? {
        let end = at + len;
        let mut copied = at;
        // Spare bits are zero.
        if window.array::<1>(at)? != [front] {
            plan.put(&[front]);
            plan.rewritten(at..at + 1);
            copied += 1;
        }
        if len > 1 && window.array::<1>(end - 1)? != [back] {
            plan.copy(copied..end - 1);
            plan.put(&[back]);
            plan.rewritten(end - 1..end);
        } else {
            plan.copy(copied..end);
        }
        at = end;
    }
    if at == magic {
        return Err(Refusal::Damaged);
    }
    if at < file.len() {
        let end = file.len().min(at + 256);
        job.found_octets(
            What::Unknown,
            "behind the frames",
            &file.read(at..end, 256)?,
        );
    }
    Ok(plan)
}

/// The frame at `at`: its first octet, its length, and its last octet with spare bits cleared.
fn frame(
    window: &mut Window<'_>,
    at: u64,
    types: &[Option<u16>; 16],
) -> Result<Option<(u8, u64, u8)>, Refusal> {
    let Some(&head) = window.peek(at, 1)?.first() else {
        return Ok(None);
    };
    // The bits around type and quality are zero in files; text that hangs behind the frames has some set.
    let Some(&Some(bits)) = types
        .get(usize::from(head >> 3 & 15))
        .filter(|_| head & 0x83 == 0)
    else {
        return Ok(None);
    };
    let octets = usize::from(bits.div_ceil(8));
    let all = window.peek(at, 1 + octets)?;
    let Some(&last) = all.get(octets) else {
        return Ok(None);
    };
    let spare = (8 - bits % 8) % 8;
    let last = if octets > 0 {
        last >> spare << spare
    } else {
        last
    };
    Ok(Some((head, 1 + octets as u64, last)))
}
