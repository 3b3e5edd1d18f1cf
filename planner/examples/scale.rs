//! Growth of plan and apply: a network of N resources on the sandbox without delays, with the journal on disk; and what an
//! apply takes when the journal is only kept in memory.
//!
//! Memory is the heap at its highest, while the state, the plan that was applied, the plan after it, and the sandbox are all held; what
//! the sandbox holds, in the place of AWS; and what the system gave the process.
//!
//! `cargo run --release -p tenon-planner --example scale -- 1000 2000 10000`

use peak_alloc::PeakAlloc;
use std::{sync::Arc, time::Instant};
use tenon_planner::{
    Declaration, Declared, Options,
    event::quiet,
    execute::Executor,
    plan,
    refresh::refresh,
    sandbox::{Sandbox, SandboxConfig},
};
use tenon_resources::{
    cloud::Cloud,
    ec2::{SecurityGroup, Subnet, Vpc},
    registry,
    resource::{Lifecycle, Outputs},
};
use tenon_state::{Backend, File, Holder, Identity, Memory, Store};

/// Counts what is allocated.
#[global_allocator]
static HEAP: PeakAlloc = PeakAlloc;

type Failure = Box<dyn std::error::Error>;

fn add<R: Lifecycle>(
    d: &mut Declared,
    address: &str,
    resource: &R,
) -> Result<<R::Outputs as Outputs>::Refs, Failure> {
    let kind = registry::find(R::TYPE).ok_or("registered")?;
    let inputs = serde_json::to_value(resource)?;
    d.add(address, Declaration::new(kind, inputs, "scale.rs:1"));
    Ok(<R::Outputs as Outputs>::refs(address))
}

/// A VPC for every 100 resources; subnets and security groups in it.
fn stack(count: usize) -> Result<Declared, Failure> {
    let mut d = Declared::new("scale", "test", None);
    d.disposable = true;
    let mut vpc = None;
    for n in 0..count {
        match (n % 100, &vpc) {
            (0, _) | (_, None) => vpc = Some(add(&mut d, &format!("vpc-{n}"), &Vpc::new("10.0.0.0/16"))?.id),
            (k, Some(vpc)) if k % 2 == 0 => {
                let cidr = format!("10.0.{k}.0/24");
                add(
                    &mut d,
                    &format!("subnet-{n}"),
                    &Subnet::new(vpc, cidr.as_str(), "eu-west-1a"),
                )?;
            }
            (_, Some(vpc)) => drop(add(
                &mut d,
                &format!("group-{n}"),
                &SecurityGroup::new(vpc, "scale"),
            )?),
        }
    }
    Ok(d)
}

/// The most memory that the system gave this process, in MB.
fn resident_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status
        .lines()
        .find_map(|l| l.strip_prefix("VmHWM:"))
        .unwrap_or_default();
    line.split_whitespace()
        .next()
        .and_then(|n| n.parse::<u64>().ok())
        .unwrap_or(0)
        / 1024
}

struct Times {
    plan: f64,
    apply: f64,
    empty: f64,
    /// The heap at its highest, in MB.
    heap: f32,
    /// The part of it that the contents of the sandbox are, in MB.
    sandbox: f32,
}

async fn run(count: usize, backend: Arc<dyn Backend>) -> Result<Times, Failure> {
    HEAP.reset_peak_usage();
    let declared = stack(count)?;
    let cloud = Arc::new(Sandbox::in_memory(SandboxConfig::instant()));
    let identity = Identity {
        stack: "scale".into(),
        env: "test".into(),
    };
    let store = Store::open(backend, Holder::here("scale")?, identity).await?;
    let mut executor = Executor::new(cloud.clone(), store, quiet());
    executor.settings.parallelism = 256;
    let caller = cloud.caller().await?;
    let began = Instant::now();
    let seen = refresh(cloud.as_ref(), &executor.store.state(), &quiet()).await?;
    let first = plan(&declared, &seen, &caller, &Options::default())?;
    let planned = began.elapsed().as_secs_f64();
    let began = Instant::now();
    let summary = executor.apply(&first).await?;
    let applied = began.elapsed().as_secs_f64();
    assert!(
        summary.complete() && cloud.len() == count,
        "{} of {count}",
        cloud.len()
    );
    let began = Instant::now();
    let seen = refresh(cloud.as_ref(), &executor.store.state(), &quiet()).await?;
    let second = plan(&declared, &seen, &caller, &Options::default())?;
    let empty = began.elapsed().as_secs_f64();
    assert!(second.is_empty());
    let heap = HEAP.peak_usage_as_mb();
    executor.store.clone().close().await?;
    drop(executor);
    let with = HEAP.current_usage_as_mb();
    drop(cloud);
    let sandbox = with - HEAP.current_usage_as_mb();
    Ok(Times {
        plan: planned,
        apply: applied,
        empty,
        heap,
        sandbox,
    })
}

#[expect(
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "a table of figures is what this program is for"
)]
fn main() -> Result<(), Failure> {
    let counts: Vec<usize> = std::env::args()
        .skip(1)
        .map(|a| a.parse())
        .collect::<Result<_, _>>()?;
    let counts = if counts.is_empty() {
        vec![1000, 2000, 10_000]
    } else {
        counts
    };
    println!(
        "| resources | plan | apply | apply, journal in memory | empty plan | peak of the heap | of it the sandbox | resident | growth exponent (plan, apply) |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    let mut last: Option<(usize, Times)> = None;
    for count in counts {
        let folder = std::env::temp_dir().join(format!("tenon-scale-{}-{count}", std::process::id()));
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        let times = runtime.block_on(run(count, Arc::new(File::new(&folder))))?;
        std::fs::remove_dir_all(&folder)?;
        let resident = resident_mb();
        let without = runtime.block_on(run(count, Arc::new(Memory::new())))?;
        let growth = last.as_ref().map_or(String::new(), |(n, before)| {
            let by = (count as f64 / *n as f64).ln();
            let exponent = |now: f64, then: f64| (now / then).ln() / by;
            format!(
                "{:.2}, {:.2}",
                exponent(times.plan, before.plan),
                exponent(times.apply, before.apply)
            )
        });
        println!(
            "| {count} | {:.3} s | {:.3} s | {:.3} s | {:.3} s | {:.0} MB | {:.0} MB | {resident} MB | {growth} |",
            times.plan, times.apply, without.apply, times.empty, times.heap, times.sandbox,
        );
        last = Some((count, times));
    }
    Ok(())
}
