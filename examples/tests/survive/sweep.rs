//! Every moment of a create, a replacement and a destroy of the whole platform: killed there, and without power there.

use crate::{
    cut::Moments,
    oracle::{Account, Death, block_on, number},
    stack::{moved_house, platform},
};
use tenon_planner::{Declared, Options};

/// What a sweep found.
#[derive(Debug, Default)]
struct Tally {
    runs: usize,
    repeated: usize,
    most_repeated: usize,
    broken: Vec<String>,
}

impl Tally {
    fn judge(&self, what: &str) {
        println!(
            "{what}: {} runs, {} broken, {} calls repeated, at most {} in one run",
            self.runs,
            self.broken.len(),
            self.repeated,
            self.most_repeated
        );
        let shown: Vec<_> = self.broken.iter().take(5).map(String::as_str).collect();
        assert!(self.broken.is_empty(), "{what}:\n{}", shown.join("\n"));
    }
}

/// What of `executed` goes beyond `baseline`.
fn beyond(mut executed: Vec<String>, baseline: &[String]) -> Vec<String> {
    for call in baseline {
        if let Some(index) = executed.iter().position(|e| e == call) {
            executed.swap_remove(index);
        }
    }
    executed
}

/// A place, and what is done there.
pub(crate) struct Scene {
    pub(crate) start: Account,
    pub(crate) declared: Declared,
    pub(crate) options: Options,
}

impl Scene {
    async fn create() -> Self {
        Self {
            start: Account::new().await,
            declared: platform(),
            options: Options::default(),
        }
    }

    async fn standing() -> Account {
        let account = Account::new().await;
        let summary = account
            .run(&platform(), &Options::default(), &Moments::all())
            .await;
        assert!(summary.unwrap().complete());
        account
    }

    async fn replacement() -> Self {
        Self {
            start: Self::standing().await,
            declared: moved_house(),
            options: Options::default(),
        }
    }

    async fn destroy() -> Self {
        Self {
            start: Self::standing().await,
            declared: platform(),
            options: Options {
                destroy: true,
                ..Options::default()
            },
        }
    }

    /// The run that nothing happens to: the names of its moments, and the calls it makes.
    async fn whole(&self) -> (Vec<String>, Vec<String>) {
        let (account, moments) = (self.start.fork(), Moments::all());
        let summary = account
            .run(&self.declared, &self.options, &moments)
            .await
            .unwrap();
        assert!(summary.complete(), "{:#?}", summary.failed);
        account.check(&self.declared, self.options.destroy).await.unwrap();
        (moments.names(), moments.executed())
    }

    /// Dies at `moments`, one run after the other, then runs to the end; counts in `tally` what came of it.
    async fn survive(
        &self,
        moments: &[usize],
        death: Death,
        baseline: &[String],
        tally: &mut Tally,
    ) -> Result<(), String> {
        let account = self.start.fork();
        let (mut executed, mut excused) = (vec![], 0);
        for &moment in moments {
            let cut = Moments::until(moment);
            excused += account.die(&self.declared, &self.options, &cut, death).await;
            executed.extend(cut.executed());
            if let Some(call) = cut.unannounced() {
                return Err(format!("{call} came before its intent was durable"));
            }
        }
        let last = Moments::all();
        let end = account
            .run(&self.declared, &self.options, &last)
            .await
            .map_err(|e| e.to_string())?;
        if !end.complete() {
            return Err(format!("{:?}", end.failed));
        }
        if let Some(call) = last.unannounced() {
            return Err(format!("{call} came before its intent was durable"));
        }
        executed.extend(last.executed());
        let repeated = executed.len().saturating_sub(baseline.len());
        tally.repeated += repeated;
        tally.most_repeated = tally.most_repeated.max(repeated);
        if repeated > excused {
            let calls = beyond(executed, baseline);
            return Err(format!(
                "{repeated} of {calls:?} repeated, where {excused} may be"
            ));
        }
        account.check(&self.declared, self.options.destroy).await
    }

    /// Dies at each moment.
    pub(crate) async fn sweep(&self, what: &str, death: impl Fn(usize) -> Death) {
        let (names, baseline) = self.whole().await;
        let mut tally = Tally::default();
        for moment in (0..names.len()).step_by(number("TENON_SWEEP_STEP", 1)) {
            let verdict = self
                .survive(&[moment], death(moment), &baseline, &mut tally)
                .await;
            tally.runs += 1;
            if let Err(why) = verdict {
                let moment = format!("moment {moment} ({})", names[moment]);
                tally.broken.push(format!("{moment}, {:?}: {why}", death(0)));
            }
        }
        tally.judge(&format!(
            "{what}, {} moments, {} calls",
            names.len(),
            baseline.len()
        ));
    }

    /// Dies at each moment, and again while it recovers, at as many moments as `TENON_SWEEP_DOUBLE` says (one).
    pub(crate) async fn sweep_twice(&self, what: &str) {
        let (names, baseline) = self.whole().await;
        let mut tally = Tally::default();
        for first in (0..names.len()).step_by(number("TENON_SWEEP_STEP", 1)) {
            for n in 0..number("TENON_SWEEP_DOUBLE", 1) {
                // Multiples of a large prime are spread evenly over what the second run may have of moments.
                let second = (first * 31 + n + 1).wrapping_mul(7919) % (names.len() - first + 40);
                let verdict = self
                    .survive(&[first, second], Death::Killed, &baseline, &mut tally)
                    .await;
                tally.runs += 1;
                if let Err(why) = verdict {
                    tally
                        .broken
                        .push(format!("moments {first} ({}) and {second}: {why}", names[first]));
                }
            }
        }
        tally.judge(&format!("{what}, two deaths"));
    }
}

pub(crate) fn power(moment: usize) -> Death {
    Death::PowerLost(moment as u64)
}

#[test]
fn create_survives_every_moment() {
    block_on(async {
        let scene = Scene::create().await;
        scene.sweep("create", |_| Death::Killed).await;
    });
}

#[test]
fn create_survives_a_power_loss_at_every_moment() {
    block_on(async {
        let scene = Scene::create().await;
        scene.sweep("create, power lost", power).await;
    });
}

#[test]
fn replacement_survives_every_moment() {
    block_on(async {
        let scene = Scene::replacement().await;
        scene.sweep("replacement", |_| Death::Killed).await;
    });
}

#[test]
fn replacement_survives_a_power_loss_at_every_moment() {
    block_on(async {
        let scene = Scene::replacement().await;
        scene.sweep("replacement, power lost", power).await;
    });
}

#[test]
fn destroy_survives_every_moment() {
    block_on(async {
        let scene = Scene::destroy().await;
        scene.sweep("destroy", |_| Death::Killed).await;
    });
}

#[test]
fn destroy_survives_a_power_loss_at_every_moment() {
    block_on(async {
        let scene = Scene::destroy().await;
        scene.sweep("destroy, power lost", power).await;
    });
}

#[test]
fn two_deaths_are_survived() {
    block_on(async {
        for (what, scene) in [
            ("create", Scene::create().await),
            ("replacement", Scene::replacement().await),
            ("destroy", Scene::destroy().await),
        ] {
            scene.sweep_twice(what).await;
        }
    });
}
