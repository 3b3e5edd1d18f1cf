//! A plan on its way: which call starts when, and what follows from how it ends.

use super::{
    context::Context,
    executor::Executor,
    failed::Failed,
    poll::Pollers,
    queue::ReadyQueue,
    summary::{Failure, Summary, Verdict},
};
use crate::{Error, Plan, duration::millis, event::Event};
use futures::{FutureExt, StreamExt, future::BoxFuture, stream::FuturesUnordered};
use std::{collections::BTreeMap, sync::Arc, time::Duration};
use tokio::time::{Instant, sleep};

/// The end of one call: its number, when it started, and its result.
type Ended = (usize, Instant, Result<Option<String>, Failed>);

/// The calls in flight.
type InFlight<'a> = FuturesUnordered<BoxFuture<'a, Ended>>;

/// A plan on its way.
///
/// Nothing may be assumed of the order in which calls end. The only order is the queue's: a call starts when everything
/// before it is done, and done means that its outcome is durable.
pub(super) struct Run<'a> {
    executor: &'a Executor,
    plan: &'a Plan,
    context: Arc<Context<'a>>,
    pollers: Pollers,
    /// Calls by service, account and region, because each service limits its own rate there. Waits are in the group `None`: no limit holds them back.
    queue: ReadyQueue<Option<String>>,
    in_flight: BTreeMap<usize, String>,
    /// The number of mutating calls in flight.
    mutating: usize,
    pub(super) summary: Summary,
}

impl<'a> Run<'a> {
    pub(super) fn new(executor: &'a Executor, plan: &'a Plan, context: Arc<Context<'a>>) -> Self {
        let queue = ReadyQueue::new(plan.calls.iter().map(|call| {
            let mutates = call.step.effect.mutates();
            (mutates.then(|| call.budget()), call.after.as_slice())
        }));
        Self {
            executor,
            pollers: Pollers::new(executor.settings.clone()),
            plan,
            context,
            queue,
            in_flight: BTreeMap::new(),
            mutating: 0,
            summary: Summary::default(),
        }
    }

    /// Makes every call that can be made. Returns the error that makes going on impossible, if there is one; calls in
    /// flight are awaited all the same, so that none of them is left without an outcome.
    pub(super) async fn run(&mut self) -> Option<Error> {
        let mut running = InFlight::new();
        let mut fatal = None;
        let mut announced = false;
        loop {
            let stopping = fatal.is_some() || self.executor.stop.requested();
            if !stopping {
                self.start(&mut running);
            } else if !announced && fatal.is_none() {
                announced = true;
                let in_flight = self.in_flight.values().cloned().collect();
                (self.executor.sink)(Event::Stopping { in_flight });
                self.pollers.abandon();
            }
            let stop = self.executor.stop.clone();
            let pause = self.until_next_call().filter(|_| !stopping);
            let ended = tokio::select! {
                ended = running.next(), if pause.is_none() || !running.is_empty() => ended,
                () = stop.wait(), if !stopping => continue,
                () = sleep(pause.unwrap_or_default()), if pause.is_some() => continue,
            };
            let Some((call, since, result)) = ended else { break };
            self.in_flight.remove(&call);
            if self.plan.calls[call].step.effect.mutates() {
                self.mutating -= 1;
            }
            if let Some(error) = self.end(call, since, result) {
                self.pollers.abandon();
                fatal = Some(error);
            }
        }
        self.summary.stopped = self.executor.stop.requested();
        self.summary.left = self.plan.calls.len() - self.summary.done - self.summary.failed.len();
        fatal
    }

    /// Takes the next call to make: waits first, then the call that most depends on, within the limits.
    fn next_call(&mut self) -> Option<usize> {
        if let Some(wait) = self.queue.pop(Option::is_none) {
            return Some(wait);
        }
        if self.mutating >= self.executor.settings.parallelism {
            return None;
        }
        let limiter = &self.executor.limiter;
        let due = |group: &Option<String>| {
            let service = group.as_deref();
            service.is_some_and(|service| limiter.wait(service).is_zero())
        };
        let call = self.queue.pop(due)?;
        limiter.acquire(&self.plan.calls[call].budget());
        Some(call)
    }

    /// The time until the first service with a call that could start may be called again; `None` when nothing waits for that.
    fn until_next_call(&self) -> Option<Duration> {
        if self.mutating >= self.executor.settings.parallelism {
            return None;
        }
        let services = self.queue.ready_groups().flatten();
        services.map(|service| self.executor.limiter.wait(service)).min()
    }

    fn start(&mut self, running: &mut InFlight<'a>) {
        while let Some(call) = self.next_call() {
            let planned = &self.plan.calls[call];
            self.mutating += usize::from(planned.step.effect.mutates());
            let title = planned.title();
            self.in_flight
                .insert(call, format!("{title} of {}", planned.address));
            (self.executor.sink)(Event::Begun {
                call,
                address: planned.address.clone(),
                title,
            });
            let (executor, plan) = (self.executor, self.plan);
            let (context, pollers) = (Arc::clone(&self.context), self.pollers.clone());
            let since = Instant::now();
            let future = async move {
                let planned = &plan.calls[call];
                let result = if planned.step.effect.mutates() {
                    executor.call(call, planned, &context).await
                } else {
                    executor.wait(call, planned, &context, &pollers).await
                };
                (call, since, result)
            };
            running.push(future.boxed());
        }
    }

    /// Counts the end of a call and lets what waits for it start. Returns an error that makes going on impossible.
    fn end(&mut self, call: usize, since: Instant, result: Result<Option<String>, Failed>) -> Option<Error> {
        let planned = &self.plan.calls[call];
        let (address, title) = (planned.address.clone(), planned.title());
        match result {
            Ok(id) => {
                self.summary.done += 1;
                (self.executor.sink)(Event::Done {
                    call,
                    address,
                    title,
                    id,
                    ms: millis(since.elapsed()),
                });
                self.queue.done(call);
                None
            }
            Err(Failed::Stopped) => None,
            Err(Failed::State(error)) => Some(error),
            Err(failed @ (Failed::Refused(_) | Failed::RolledBack { .. } | Failed::Undecided(_))) => {
                let (why, lines, verdict) = match failed {
                    Failed::RolledBack { why, lines } => (why, lines, Some(Verdict::RolledBack)),
                    Failed::Undecided(why) => (why, vec![], Some(Verdict::Undecided)),
                    Failed::Refused(why) => (why, vec![], None),
                    Failed::Stopped | Failed::State(_) => (String::new(), vec![], None),
                };
                let skipped = self.queue.skip_after(call);
                self.summary.failed.push(Failure {
                    address: address.clone(),
                    declared: self.context.declared(&address),
                    title: title.clone(),
                    why: why.clone(),
                    skipped,
                    verdict,
                    lines,
                });
                (self.executor.sink)(Event::Failed {
                    call,
                    address,
                    title,
                    why,
                    skipped,
                });
                None
            }
        }
    }
}
