//! A disk without room for the state: found before the first call, or nothing is lost.

use crate::{
    cut::Moments,
    oracle::{Account, block_on},
    stack::{CALLS, platform},
};
use tenon_planner::Options;

/// How much more room each run has than the one before, in bytes.
const STEP: usize = 16 << 10;

#[test]
fn a_full_disk_is_found_before_the_first_call() {
    block_on(async {
        let (start, declared) = (Account::new().await, platform());
        let (mut refused, mut cut) = (0, 0);
        for room in (0..).step_by(STEP) {
            let (account, moments) = (start.fork(), Moments::all());
            account.disk.set_room(room);
            let ended = account.run(&declared, &Options::default(), &moments).await;
            let calls = moments.executed().len();
            if ended.is_ok() {
                assert_eq!(calls, CALLS, "with room for {room} bytes");
                break;
            }
            if calls == 0 {
                refused += 1;
            } else {
                // There was room for every call, and none for the snapshot after them.
                cut += 1;
                assert_eq!(calls, CALLS, "with room for {room} bytes");
            }
            account.disk.mend();
            account.disk.kill();
            let after = Moments::all();
            let ended = account.run(&declared, &Options::default(), &after).await;
            assert!(ended.unwrap().complete());
            assert_eq!(
                calls + after.executed().len(),
                CALLS,
                "with room for {room} bytes"
            );
            account.check(&declared, false).await.unwrap();
        }
        println!(
            "full disks of {refused} sizes: no call made; of {cut} more: every call made and on record, no snapshot"
        );
        assert!(refused > 0);
    });
}
