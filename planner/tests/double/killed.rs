//! A process that is killed, at random moments, over a socket, with its state on a real disk; every second time the double loses the
//! reply to a call as well.
//!
//! The test starts itself again as the process to be killed. `TENON_KILLS` says how many are (default 6).

use super::{Site, schemas, stack, wire::Wire};
use cloudcontrol_double::{Symptoms, World, router};
use std::{
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};
use tenon_state::File;

const ADDRESS: &str = "TENON_DOUBLE_ADDRESS";
const FOLDER: &str = "TENON_DOUBLE_FOLDER";

fn site(address: SocketAddr, folder: &Path) -> Site {
    let mut site = Site::new(Arc::new(Wire::There(address)));
    site.backend = Arc::new(File::new(folder));
    site.settings.poll = (Duration::from_millis(5), Duration::from_millis(40));
    site
}

/// The process that is killed: one whole run.
#[test]
fn other_process() {
    let (Ok(address), Ok(folder)) = (std::env::var(ADDRESS), std::env::var(FOLDER)) else {
        return;
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    let site = site(address.parse().unwrap(), Path::new(&folder));
    let summary = runtime.block_on(site.run(&stack("index.one"), false)).unwrap();
    assert!(summary.complete(), "{:?}", summary.failed);
}

fn start(address: SocketAddr, folder: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "killed::other_process", "--test-threads=1"])
        .env(ADDRESS, address.to_string())
        .env(FOLDER, folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// A double of its own, on a port of its own.
async fn double(lost: u32) -> (SocketAddr, Arc<World>) {
    let world = Arc::new(World::new(Symptoms {
        polls: (2, 2),
        unseen: 1,
        shuffles: true,
        reformats: true,
        defaults: true,
        lost,
        ..Symptoms::default()
    }));
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = router(schemas(), world.clone());
    tokio::spawn(async move { axum::serve(listener, app).await });
    (address, world)
}

/// Kills a run after `moment`, lets another finish, and judges. Returns whether the first was killed before its end.
async fn kill(folder: &Path, moment: Duration, lost: u32) -> Result<bool, String> {
    let (address, world) = double(lost).await;
    let mut process = start(address, folder);
    tokio::time::sleep(moment).await;
    let killed = process.try_wait().unwrap().is_none();
    process.kill().unwrap();
    process.wait().unwrap();
    let site = site(address, folder);
    let declared = stack("index.one");
    let summary = site.run(&declared, false).await.map_err(|e| e.to_string())?;
    if !summary.complete() {
        return Err(format!("{:?}", summary.failed));
    }
    let found = world.inventory();
    if found.len() != declared.resources.len() {
        return Err(format!("there is {found:?}"));
    }
    site.left(&declared).await?;
    let summary = site.run(&declared, true).await.map_err(|e| e.to_string())?;
    let left = world.inventory();
    if summary.complete() && left.is_empty() {
        Ok(killed)
    } else {
        Err(format!("destroy: {:?}, left {left:?}", summary.failed))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_process_leaves_nothing_twice_and_nothing_behind() {
    let runs: u32 = std::env::var("TENON_KILLS").map_or(6, |n| n.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let mut whole = Duration::ZERO;
    // The second tells how long a run takes.
    for name in ["first", "second"] {
        let (address, _) = double(0).await;
        let began = Instant::now();
        assert!(
            start(address, &folder.path().join(name))
                .wait()
                .unwrap()
                .success()
        );
        whole = began.elapsed();
    }
    let (mut killed, mut wrong) = (0, vec![]);
    for n in 0..runs {
        let moment = whole.mul_f64(f64::from(n.wrapping_mul(7919) % 1000) / 1000.0);
        match kill(&folder.path().join(format!("kill-{n}")), moment, n % 2).await {
            Ok(in_time) => killed += u32::from(in_time),
            Err(why) => wrong.push(format!("run {n}: {why}")),
        }
    }
    println!(
        "{runs} runs, {killed} killed before their end, {} with a duplicate, an orphan or a loss",
        wrong.len()
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(
        killed * 2 >= runs,
        "only {killed} of {runs} were killed before their end"
    );
}
