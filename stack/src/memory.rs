//! The memory of this process, which holds secrets while calls are made: what a crash or a neighbour may see of it.

/// Lets no crash write this process's memory to disk, and no other process of the same user read it or its variables. Where the kernel
/// refuses, the process goes on as it would without.
pub(crate) fn keep_private() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        let none = Rlimit {
            current: Some(0),
            maximum: Some(0),
        };
        let _ = setrlimit(Resource::Core, none);
    }
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use rustix::process::{DumpableBehavior, Resource, dumpable_behavior, getrlimit};

    /// Finding 11 of the review: a secret that was read for a call is never in a core file, nor in what a neighbour reads under `/proc`.
    #[test]
    fn memory_never_reaches_a_disk_or_a_neighbour() {
        super::keep_private();
        assert_eq!(getrlimit(Resource::Core).current, Some(0));
        assert_eq!(dumpable_behavior().unwrap(), DumpableBehavior::NotDumpable);
    }
}
