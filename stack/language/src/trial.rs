//! Trying a stack out in a test: a sandbox and a state of its own, in memory and without delays.
//!
//! A trial shows whether a program plans, applies, reaches an empty plan and is destroyed again. Whether AWS accepts every
//! value is not shown: the sandbox knows shapes, references and order.

use std::sync::Arc;
use tenon_planner::{
    Declared, Error, Options, Plan,
    chaos::{self, Foreseen, Report, Watching},
    event::quiet,
    execute::{Executor, Summary},
    plan,
    recover::{Recovered, recover},
    sandbox::{Sandbox, SandboxConfig},
    survey::{Extent, survey},
};
use tenon_resources::cloud::{Caller, Cloud};
use tenon_state::{Holder, Identity, Memory, Store};

/// A sandbox and a state in memory.
///
/// ```
/// use tenon_language::{Trial, prelude::*};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), tenon_language::planner::Error> {
/// let hello = tenon_language::declare("hello", Anywhere::Local, |s| {
///     let vpc = s.add("vpc", ec2::Vpc::new("10.20.0.0/16"));
///     s.output("vpc_id", &vpc.id);
/// });
/// let trial = Trial::new();
/// let (plan, summary) = trial.apply(&hello).await?;
/// assert_eq!(plan.counts().create, 1);
/// assert!(summary.complete() && summary.outputs["vpc_id"].as_str().unwrap().starts_with("vpc-"));
/// assert!(trial.plan(&hello).await?.is_empty());
/// trial.destroy(&hello).await?;
/// # Ok(())
/// # }
/// ```
pub struct Trial {
    cloud: Arc<Sandbox>,
    state: Arc<Memory>,
    speed: f64,
}

impl std::fmt::Debug for Trial {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Trial")
    }
}

impl Default for Trial {
    fn default() -> Self {
        Self::new()
    }
}

impl Trial {
    /// An empty sandbox and no state.
    pub fn new() -> Self {
        Self::with(SandboxConfig::instant())
    }

    /// An empty sandbox with `config`, and no state: at AWS's speed, say, or without the images that nobody has pushed.
    pub fn with(config: SandboxConfig) -> Self {
        Self {
            speed: config.speed,
            cloud: Arc::new(Sandbox::in_memory(config)),
            state: Arc::default(),
        }
    }

    /// The sandbox, to change in it what somebody might change by hand.
    pub fn sandbox(&self) -> &Sandbox {
        &self.cloud
    }

    /// Plans an apply.
    ///
    /// # Errors
    /// The program cannot be, or data would be lost without consent.
    pub async fn plan(&self, declared: &Declared) -> Result<Plan, Error> {
        let executor = self.open(declared).await?;
        let plan = self.make(&executor, declared, &Options::default()).await;
        executor.store.close().await?;
        plan
    }

    /// Plans and applies.
    ///
    /// # Errors
    /// As [`plan`](Self::plan), and whatever keeps the executor from going on; calls that fail are in the summary.
    pub async fn apply(&self, declared: &Declared) -> Result<(Plan, Summary), Error> {
        self.run(declared, &Options::default()).await
    }

    /// Removes everything, data included.
    ///
    /// # Errors
    /// Whatever keeps the executor from going on; calls that fail are in the summary.
    pub async fn destroy(&self, declared: &Declared) -> Result<(Plan, Summary), Error> {
        self.run(
            declared,
            &Options {
                destroy: true,
                consent: vec!["*".into()],
                ..Options::default()
            },
        )
        .await
    }

    /// Foresees an experiment: the calls of both halves, and what stops working in between.
    ///
    /// # Errors
    /// There is no such experiment, the stack is not as it is declared, or a half is refused.
    pub async fn foresee(&self, declared: &Declared, experiment: &str) -> Result<Foreseen, Error> {
        let executor = self.open(declared).await?;
        let foreseen = self.foreseen(&executor, declared, experiment).await;
        executor.store.close().await?;
        foreseen
    }

    /// Runs an experiment for the time that it declares, at the sandbox's speed: with [`SandboxConfig::instant`] no time passes, and no
    /// alarm notices anything.
    ///
    /// # Errors
    /// As [`foresee`](Self::foresee); the alarm is off before anything was done; or what is there cannot be put back.
    pub async fn experiment(&self, declared: &Declared, experiment: &str) -> Result<Report, Error> {
        let executor = self.open(declared).await?;
        let foreseen = self.foreseen(&executor, declared, experiment).await?;
        let seconds = declared.experiments.get(experiment).map_or(0, |e| e.seconds);
        let watching = Watching::of(seconds, self.speed);
        let caller = self.caller().await?;
        let report = chaos::run(&executor, declared, &caller, experiment, &foreseen, watching).await;
        executor.store.close().await?;
        report
    }

    async fn foreseen(
        &self,
        executor: &Executor,
        declared: &Declared,
        experiment: &str,
    ) -> Result<Foreseen, Error> {
        executor.settle().await?;
        let (caller, state) = (self.caller().await?, executor.store.state());
        let cloud = self.cloud.as_ref();
        let seen = survey(cloud, declared, &caller, &state, Extent::APPLY, &quiet()).await?;
        chaos::foresee(declared, &seen, &caller, experiment, &state).await
    }

    /// Loses the state, and rebuilds it from what the sandbox has. Returns what was found.
    ///
    /// # Errors
    /// The program cannot be.
    pub async fn recover(&mut self, declared: &Declared) -> Result<Recovered, Error> {
        self.state = Arc::default();
        let executor = self.open(declared).await?;
        let state = executor.store.state();
        let found = recover(self.cloud.as_ref(), declared, &self.caller().await?, &state).await?;
        executor.store.record(found.changes(&state)).await?;
        executor.store.close().await?;
        Ok(found)
    }

    async fn run(&self, declared: &Declared, options: &Options) -> Result<(Plan, Summary), Error> {
        let executor = self.open(declared).await?;
        let plan = self.make(&executor, declared, options).await?;
        let summary = executor.apply(&plan).await?;
        executor.store.close().await?;
        Ok((plan, summary))
    }

    async fn open(&self, declared: &Declared) -> Result<Executor, Error> {
        let identity = Identity {
            stack: declared.stack.clone(),
            env: declared.env.clone(),
        };
        let store = Store::open(self.state.clone(), Holder::here("trial")?, identity).await?;
        Ok(Executor::new(self.cloud.clone(), store, quiet()))
    }

    async fn make(&self, executor: &Executor, declared: &Declared, options: &Options) -> Result<Plan, Error> {
        executor.settle().await?;
        let (caller, state) = (self.caller().await?, executor.store.state());
        let extent = Extent {
            refresh: true,
            destroy: options.destroy,
        };
        let seen = survey(self.cloud.as_ref(), declared, &caller, &state, extent, &quiet()).await?;
        plan(declared, &seen, &caller, options)
    }

    async fn caller(&self) -> Result<Caller, Error> {
        self.cloud.caller().await.map_err(|source| Error::Cloud {
            what: "the sandbox does not answer".into(),
            source,
        })
    }
}
