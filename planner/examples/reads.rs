//! The reads of a plan, and its time: N queues of the type that has a file beside N of the type that Cloud Control makes, and N VPCs,
//! of which one call reads many.
//!
//! `cargo run --release -p tenon-planner --example reads -- 1000`

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Instant,
};
use tenon_planner::{
    Declaration, Declared, Options,
    event::quiet,
    execute::Executor,
    plan,
    refresh::refresh,
    sandbox::{Sandbox, SandboxConfig},
};
use tenon_resources::{
    cfn,
    cloud::{CallError, Cloud, Observed},
    forward::Forward,
    registry,
    resource::ResourceType,
};
use tenon_state::{Holder, Identity, Memory, Store};

type Failure = Box<dyn std::error::Error>;

/// A cloud that counts the calls that a reading takes.
struct Counting {
    cloud: Arc<Sandbox>,
    reads: AtomicUsize,
}

#[async_trait::async_trait]
impl Forward for Counting {
    fn to(&self) -> &dyn Cloud {
        self.cloud.as_ref()
    }
    async fn read(
        &self,
        kind: &'static dyn ResourceType,
        ids: &[String],
    ) -> Result<Vec<Observed>, CallError> {
        let calls = ids.len().div_ceil(kind.read().batch.max(1));
        self.reads.fetch_add(calls, Ordering::Relaxed);
        self.cloud.read(kind, ids).await
    }
}

struct Row {
    reads: usize,
    apply: f64,
    plan: f64,
}

async fn run(kind: &'static dyn ResourceType, count: usize) -> Result<Row, Failure> {
    let mut declared = Declared::new("reads", "test", None);
    declared.disposable = true;
    let [mut inputs, _] = kind.samples();
    for name in ["queue_name", "QueueName"] {
        if let Some(given) = inputs.get_mut(name) {
            *given = serde_json::Value::Null;
        }
    }
    for n in 0..count {
        let declaration = Declaration::new(kind, inputs.clone(), "reads.rs:1");
        declared.add(&format!("it-{n}"), declaration);
    }
    let cloud = Arc::new(Counting {
        cloud: Arc::new(Sandbox::in_memory(SandboxConfig::instant())),
        reads: AtomicUsize::new(0),
    });
    let identity = Identity {
        stack: "reads".into(),
        env: "test".into(),
    };
    let store = Store::open(Arc::new(Memory::new()), Holder::here("reads")?, identity).await?;
    let mut executor = Executor::new(cloud.clone(), store, quiet());
    executor.settings.parallelism = 256;
    let caller = Cloud::caller(cloud.as_ref()).await?;
    let seen = refresh(cloud.as_ref(), &executor.store.state(), &quiet()).await?;
    let first = plan(&declared, &seen, &caller, &Options::default())?;
    let began = Instant::now();
    let summary = executor.apply(&first).await?;
    let apply = began.elapsed().as_secs_f64();
    assert!(summary.complete(), "{:?}", summary.failed);
    cloud.reads.store(0, Ordering::Relaxed);
    let began = Instant::now();
    let seen = refresh(cloud.as_ref(), &executor.store.state(), &quiet()).await?;
    let second = plan(&declared, &seen, &caller, &Options::default())?;
    assert!(second.is_empty());
    let plan = began.elapsed().as_secs_f64();
    executor.store.close().await?;
    Ok(Row {
        reads: cloud.reads.load(Ordering::Relaxed),
        apply,
        plan,
    })
}

#[expect(
    clippy::print_stdout,
    reason = "a table of figures is what this program is for"
)]
fn main() -> Result<(), Failure> {
    let count = std::env::args().nth(1).map_or(Ok(1000), |n| n.parse())?;
    let kinds = ["sqs.queue", "AWS::SQS::Queue", "ec2.vpc"];
    println!("| {count} of | apply | reads of an empty plan | its time without the network |");
    println!("|---|---|---|---|");
    for name in kinds {
        let kind = registry::find(name).or_else(|| cfn::find(name)).ok_or("a type")?;
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        let row = runtime.block_on(run(kind, count))?;
        println!(
            "| `{name}` | {:.3} s | {} | {:.3} s |",
            row.apply, row.reads, row.plan
        );
    }
    Ok(())
}
