//! What a computation leaves on the stack: copies of keys and of text, which no `Drop` reaches.
//!
//! Arguments are passed by value, ciphers work on a block of their own, registers are saved: fragments stay in
//! frames that were left, until something else happens to be written there. So every entrance to this crate
//! that handles secrets does its work in frames that are overwritten before it returns.

use std::hint::black_box;

/// Octets of the stack that are overwritten. ML-KEM goes deepest, about 30 KiB with the frames above it.
const DEPTH: usize = 64 * 1024;

/// Lengths of copies that take different ways through the system's `memcpy`, in octets.
const COPIES: [usize; 7] = [16, 48, 96, 192, 384, 768, 8192];

/// Does `work`, and overwrites the part of the stack that it used.
pub(crate) fn wiped<T>(work: impl FnOnce() -> T) -> T {
    let done = below(work);
    wipe();
    done
}

/// A frame of its own, which begins where the one of [`wipe`] does.
#[inline(never)]
fn below<T>(work: impl FnOnce() -> T) -> T {
    work()
}

#[inline(never)]
#[allow(clippy::large_stack_arrays, reason = "the stack is what it is about")]
fn wipe() {
    let mut zeros = [0_u8; DEPTH];
    // As far as the compiler knows, somebody reads the zeros.
    let (from, to) = black_box(&mut zeros).split_at_mut(DEPTH / 2);
    // The wide registers keep what was copied through them. Which ones are used depends on the length.
    for len in COPIES {
        if let (Some(from), Some(to)) = (from.get(..len), to.get_mut(..len)) {
            black_box(to).copy_from_slice(black_box(from));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_work_returns_comes_through() {
        let given = String::from("given");
        assert_eq!(wiped(|| given), "given");
        assert_eq!(wiped(|| Err::<(), _>(7)), Err(7));
    }
}
