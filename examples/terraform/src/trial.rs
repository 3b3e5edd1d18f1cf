//! The trial that each stack goes through: apply, change, drift, destroy.

use serde_json::Value;
use tenon::{Anywhere, Given, Scope, Trial, declare_with, planner::Check};

/// A stack under trial.
pub(crate) struct Case {
    name: &'static str,
    program: fn(&mut Scope<Anywhere>),
}

impl Case {
    pub(crate) fn new(name: &'static str, program: fn(&mut Scope<Anywhere>)) -> Self {
        Self { name, program }
    }

    /// Applies the stack, changes a setting, changes a field of a resource by hand, and destroys the stack.
    pub(crate) async fn holds(
        &self,
        before: &Given,
        after: &Given,
        (kind, field, value): (&str, &str, Value),
    ) {
        let declare = |given: &Given| declare_with(self.name, Anywhere::Local, given, self.program);
        let (first, second) = (declare(before), declare(after));
        first.check().expect("the stack is sound");
        second.check().expect("the changed stack is sound");
        let trial = Trial::new();
        let (plan, summary) = trial.apply(&first).await.expect("a plan");
        assert!(summary.complete(), "{:?}", summary.failed);
        let made = plan.counts();
        assert!(trial.plan(&first).await.expect("a plan").is_empty());

        let (plan, summary) = trial.apply(&second).await.expect("a plan of the change");
        assert!(summary.complete(), "{:?}", summary.failed);
        let changed = plan.counts();
        assert!(changed.calls > 0 && changed.create + changed.delete < made.create);
        assert!(trial.plan(&second).await.expect("a plan").is_empty());

        let sandbox = trial.sandbox();
        let (_, id) = sandbox
            .inventory()
            .into_iter()
            .find(|(found, _)| found == kind)
            .expect("one of that type");
        let recorded = sandbox.contents()[&(kind.to_owned(), id.clone())][field].clone();
        assert!(recorded != value && sandbox.tamper(kind, &id, field, value));
        let plan = trial.plan(&second).await.expect("a plan of the drift");
        assert_eq!(
            (plan.counts().update, plan.counts().calls),
            (1, 1),
            "{:#?}",
            plan.calls
        );
        let (_, summary) = trial.apply(&second).await.expect("a plan");
        assert!(summary.complete(), "{:?}", summary.failed);
        assert_eq!(sandbox.contents()[&(kind.to_owned(), id)][field], recorded);

        let (_, summary) = trial.destroy(&second).await.expect("a plan");
        assert!(summary.complete(), "{:?}", summary.failed);
        assert_eq!(sandbox.inventory(), []);
    }
}
