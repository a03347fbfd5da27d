//! Keeps secrets and plaintext from outliving their use: no core image, no swap, nothing left in freed memory.

use std::alloc::System;
use std::ffi::c_void;
use std::hint::black_box;

use zeroizing_alloc::ZeroAlloc;

/// Every block is wiped when it is freed, also the ones that libraries allocate: parsers, formatters, buffers.
#[global_allocator]
static WIPING: ZeroAlloc<System> = ZeroAlloc(System);

/// What the system allowed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Hardening {
    /// Whether a crash leaves no image of the memory, and no other process of the user may look into it.
    pub(crate) no_core: bool,
    /// Whether all memory of the process is kept out of swap.
    pub(crate) all_locked: bool,
}

/// Turns core images off and locks the memory of the process where the system sets no limit to that.
///
/// What the system refuses is left out: a tip is better sealed in swappable memory than not at all.
pub(crate) fn harden() -> Hardening {
    Hardening {
        no_core: forbid_core(),
        all_locked: lock_all(),
    }
}

fn forbid_core() -> bool {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let limited = setrlimit(
        Resource::Core,
        Rlimit {
            current: Some(0),
            maximum: Some(0),
        },
    )
    .is_ok();
    // The limit does not hold where cores are piped to a program; the flag does, and keeps debuggers out as well.
    #[cfg(target_os = "linux")]
    let limited = {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        set_dumpable_behavior(DumpableBehavior::NotDumpable).is_ok() && limited
    };
    limited
}

#[cfg(target_os = "linux")]
fn lock_all() -> bool {
    use rustix::mm::{MlockAllFlags, mlockall};
    use rustix::process::{Resource, getrlimit};
    // Under a limit, allocations past it would fail later in the middle of the work.
    if getrlimit(Resource::Memlock).current.is_some() {
        return false;
    }
    // Locked as they are first touched: the whole stacks of all threads would be much more than is ever used.
    mlockall(MlockAllFlags::CURRENT | MlockAllFlags::FUTURE | MlockAllFlags::ONFAULT).is_ok()
}

#[cfg(not(target_os = "linux"))]
fn lock_all() -> bool {
    false
}

/// Keeps the pages of a buffer out of swap until the program ends; false where the system refuses.
pub(crate) fn lock_for_good(buffer: &[u8]) -> bool {
    let locked = region::lock(buffer.as_ptr().cast::<c_void>(), buffer.len());
    locked.map(std::mem::forget).is_ok()
}

/// Copies zeros in lengths that take different ways through the system's `memcpy`: the processor's wide registers
/// keep what was copied last, and that was the text of a tip when it was shown or written.
pub(crate) fn clear_registers() {
    let from = [0_u8; 4096];
    let mut to = [0_u8; 4096];
    for length in [16, 48, 96, 192, 384, 768, 4096] {
        if let (Some(from), Some(to)) = (from.get(..length), to.get_mut(..length)) {
            black_box(to).copy_from_slice(black_box(from));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    fn no_core_image_is_left() {
        use rustix::process::{DumpableBehavior, Resource, dumpable_behavior, getrlimit};
        assert!(harden().no_core);
        assert_eq!(getrlimit(Resource::Core).current, Some(0));
        assert!(matches!(
            dumpable_behavior(),
            Ok(DumpableBehavior::NotDumpable)
        ));
    }

    #[test]
    fn a_buffer_is_locked_where_the_system_allows_a_page() {
        use rustix::process::{Resource, getrlimit};
        let secret = [0_u8; 64];
        let allowed = getrlimit(Resource::Memlock)
            .current
            .is_none_or(|n| n >= 1 << 16);
        assert_eq!(lock_for_good(&secret), allowed);
    }
}
