//! Options of what is declared in a scope: what the engine may do with it, besides what it is.

use super::{Scope, source_location};
use crate::environment::Environment;
use std::{panic::Location, time::Duration};
use tenon_resources::{
    declaration::{Declaration, Finding, ReplaceOrder, ResourceOptions},
    resource::{FieldName, Resource},
    value::Output,
};

/// An option that a program asks for, and where.
pub(super) struct Asked {
    wish: Wish,
    location: String,
    /// The name, for messages.
    name: String,
    /// A resource was declared in its scope, and it was for one of those.
    declared: bool,
    applied: bool,
}

enum Wish {
    /// For every resource.
    Every(ResourceOptions),
    /// For resources of the type, a field that somebody else owns.
    Field(&'static str, &'static str),
    /// For resources into which others are put.
    Exclusive,
}

impl Asked {
    /// Gives the option to a resource that it is for.
    pub(super) fn apply(&mut self, declaration: &mut Declaration) {
        self.declared = true;
        let options = &mut declaration.options;
        match &self.wish {
            Wish::Every(wish) => {
                options.protected |= wish.protected;
                options.kept |= wish.kept;
                options
                    .tags_owned_elsewhere
                    .extend(wish.tags_owned_elsewhere.iter().cloned());
                options.replaced_with.extend(wish.replaced_with.iter().cloned());
                // The innermost scope is asked last, and wins.
                options.replace_order = wish.replace_order.or(options.replace_order);
                let limits = &mut options.time_limits;
                limits.ready = wish.time_limits.ready.or(limits.ready);
                limits.gone = wish.time_limits.gone.or(limits.gone);
            }
            Wish::Field(kind, field) if *kind == declaration.kind.name() => {
                options.owned_elsewhere.insert((*field).into());
            }
            Wish::Exclusive if ResourceOptions::can_be_exclusive(declaration.kind) => {
                options.exclusive = true;
            }
            Wish::Field(..) | Wish::Exclusive => return,
        }
        self.applied = true;
    }

    /// The finding about an option that is for nothing that is declared in its scope.
    pub(super) fn finding(&self) -> Option<Finding> {
        let why = "is asked for, and nothing that is declared in its scope is of that kind; correct it, or take it out";
        (self.declared && !self.applied).then(|| Finding::at(&self.name, &self.location, why))
    }
}

impl<E: Environment> Scope<'_, E> {
    /// The same scope, for what no plan deletes or replaces, whatever consent is given, until this is taken out.
    ///
    /// The state remembers it: a protected resource that is no longer declared is refused, too. Take out the protection first, or
    /// [`forget`](Self::forget) the resource.
    ///
    /// ```
    /// # use tenon_language::prelude::*;
    /// # fn program(s: &mut Scope<'_, Anywhere>) {
    /// s.protected().add("assets", s3::Bucket::new());
    /// s.protected().within("data", |s| s.add("events", s3::Bucket::new()));
    /// # }
    /// # let declared = tenon_language::declare("hello", Anywhere::Local, program);
    /// # assert!(declared.resources.values().all(|d| d.options.protected));
    /// # declared.check().unwrap();
    /// ```
    #[track_caller]
    pub fn protected(&mut self) -> Scope<'_, E> {
        self.every(
            "protected",
            ResourceOptions {
                protected: true,
                ..ResourceOptions::default()
            },
        )
    }

    /// The same scope, for what is kept when it is removed: no longer declared, or destroyed, it stays in AWS without the stack's
    /// ownership tags, and the state forgets it.
    #[track_caller]
    pub fn kept(&mut self) -> Scope<'_, E> {
        self.every(
            "kept",
            ResourceOptions {
                kept: true,
                ..ResourceOptions::default()
            },
        )
    }

    /// The same scope, for resources of type `R` of which somebody else owns this field: it is set when one is made, and whatever it
    /// is afterwards is right.
    ///
    /// ```
    /// # use tenon_language::prelude::*;
    /// # fn program(s: &mut Scope<'_, Anywhere>) {
    /// // Somebody switches this by hand.
    /// s.owned_elsewhere(ec2::Vpc::ENABLE_DNS_HOSTNAMES).add("vpc", ec2::Vpc::new("10.20.0.0/16"));
    /// # }
    /// # tenon_language::declare("hello", Anywhere::Local, program).check().unwrap();
    /// ```
    ///
    /// A field that does not exist does not compile:
    ///
    /// ```compile_fail,E0599
    /// # use tenon_language::prelude::*;
    /// # fn program(s: &mut Scope<'_, Anywhere>) {
    /// s.owned_elsewhere(ec2::Vpc::DNS_NAMES).add("vpc", ec2::Vpc::new("10.20.0.0/16"));
    /// # }
    /// ```
    #[track_caller]
    #[expect(
        clippy::needless_pass_by_value,
        reason = "a field name is written where it is given"
    )]
    pub fn owned_elsewhere<R: Resource>(&mut self, field: FieldName<R>) -> Scope<'_, E> {
        let name = format!("owned_elsewhere of {}.{}", R::TYPE, field.name());
        self.ask(&name, Wish::Field(R::TYPE, field.name()))
    }

    /// The same scope, for resources of which somebody else owns the tags with these keys: they are neither compared nor removed. A key
    /// that ends in `*` is a prefix. Said of the outermost scope, it is for the whole stack.
    #[track_caller]
    pub fn tags_owned_elsewhere<K: Into<String>>(
        &mut self,
        keys: impl IntoIterator<Item = K>,
    ) -> Scope<'_, E> {
        let tags_owned_elsewhere = keys.into_iter().map(Into::into).collect();
        self.every(
            "tags_owned_elsewhere",
            ResourceOptions {
                tags_owned_elsewhere,
                ..ResourceOptions::default()
            },
        )
    }

    /// The same scope, for what is replaced together with the resource that promises `output`, and comes after it.
    #[track_caller]
    pub fn replaced_with<T>(&mut self, output: &Output<T>) -> Scope<'_, E> {
        self.every(
            "replaced_with",
            ResourceOptions {
                replaced_with: [output.source().resource.clone()].into(),
                ..ResourceOptions::default()
            },
        )
    }

    /// The same scope, for what is replaced by making the new one first. Where AWS lets only one of the two exist, the plan is refused.
    #[track_caller]
    pub fn create_first(&mut self) -> Scope<'_, E> {
        self.replaced(ReplaceOrder::CreateFirst)
    }

    /// The same scope, for what is replaced by deleting the old one first: neither exists for a while.
    #[track_caller]
    pub fn delete_first(&mut self) -> Scope<'_, E> {
        self.replaced(ReplaceOrder::DeleteFirst)
    }

    /// The same scope, for what may take this long to be ready when it is made or changed.
    #[track_caller]
    pub fn ready_within(&mut self, limit: Duration) -> Scope<'_, E> {
        let mut options = ResourceOptions::default();
        options.time_limits.ready = Some(seconds(limit));
        self.every("ready_within", options)
    }

    /// The same scope, for what may take this long to be gone when it is deleted.
    #[track_caller]
    pub fn gone_within(&mut self, limit: Duration) -> Scope<'_, E> {
        let mut options = ResourceOptions::default();
        options.time_limits.gone = Some(seconds(limit));
        self.every("gone_within", options)
    }

    /// The same scope, for resources that are exclusive: what others put into them, such as a rule into a security group, is removed.
    ///
    /// ```
    /// # use tenon_language::prelude::*;
    /// # fn program(s: &mut Scope<'_, Anywhere>) {
    /// let vpc = s.add("vpc", ec2::Vpc::new("10.20.0.0/16"));
    /// s.exclusive().add("front", ec2::SecurityGroup::new(&vpc.id, "Takes requests"));
    /// # }
    /// # tenon_language::declare("hello", Anywhere::Local, program).check().unwrap();
    /// ```
    #[track_caller]
    pub fn exclusive(&mut self) -> Scope<'_, E> {
        self.ask("exclusive", Wish::Exclusive)
    }

    /// Says that what was at address `old` of this scope, a resource or a scope with everything in it, is forgotten: the plan removes
    /// its ownership tags and its record, and it stays in AWS. Without such a record it says nothing.
    #[track_caller]
    pub fn forget(&mut self, old: &str) {
        let (old, location) = (self.address(old), source_location(Location::caller()));
        self.recorder.declared.forget(&old, &location);
    }

    /// Says that the resource with this id exists and is the one declared at `name` in this scope: the plan shows what it changes of
    /// it, and gives it the stack's ownership tags. Where something is recorded at that address, it says nothing.
    #[track_caller]
    pub fn adopt(&mut self, name: &str, id: &str) {
        let (address, location) = (self.address(name), source_location(Location::caller()));
        self.recorder.declared.adopt(&address, id, &location);
    }

    #[track_caller]
    fn replaced(&mut self, order: ReplaceOrder) -> Scope<'_, E> {
        let name = match order {
            ReplaceOrder::CreateFirst => "create_first",
            ReplaceOrder::DeleteFirst => "delete_first",
        };
        self.every(
            name,
            ResourceOptions {
                replace_order: Some(order),
                ..ResourceOptions::default()
            },
        )
    }

    #[track_caller]
    fn every(&mut self, name: &str, options: ResourceOptions) -> Scope<'_, E> {
        self.ask(name, Wish::Every(options))
    }

    #[track_caller]
    fn ask(&mut self, name: &str, wish: Wish) -> Scope<'_, E> {
        self.recorder.asked.push(Asked {
            wish,
            location: source_location(Location::caller()),
            name: name.into(),
            declared: false,
            applied: false,
        });
        let number = self.recorder.asked.len() - 1;
        let mut scope = self.again();
        scope.asked.push(number);
        scope
    }
}

/// Whole seconds; a part of one counts as one.
fn seconds(limit: Duration) -> u32 {
    let part = u64::from(limit.subsec_nanos() > 0);
    u32::try_from(limit.as_secs() + part).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use crate::prelude::*;
    use std::time::Duration;

    #[test]
    fn options_go_with_scopes_and_the_innermost_order_wins() {
        let declared = crate::declare("test", Anywhere::Local, |s| {
            let s = &mut s.tags_owned_elsewhere(["cost:*"]);
            let vpc = s.add("vpc", ec2::Vpc::new("10.0.0.0/16"));
            s.protected().delete_first().within("data", |s| {
                s.create_first()
                    .replaced_with(&vpc.id)
                    .add("news", sns::Topic::new());
                s.add("bills", sns::Topic::new());
            });
            s.ready_within(Duration::from_millis(1500))
                .kept()
                .add("lines", logs::LogGroup::new());
            s.owned_elsewhere(ec2::SecurityGroup::DESCRIPTION)
                .exclusive()
                .within("net", |s| {
                    s.add("group", ec2::SecurityGroup::new(&vpc.id, "one"));
                    s.add("topic", sns::Topic::new());
                });
            s.forget("old");
            s.within("net", |s| s.adopt("group", "sg-1"));
        });
        declared.check().unwrap();
        let of = |address: &str| declared.resources[address].options.phrases().join("; ");
        assert_eq!(of("vpc"), "tags `cost:*` owned elsewhere");
        assert_eq!(
            of("data/news"),
            "protected; tags `cost:*` owned elsewhere; replaced with `vpc`; replaced by the new one first"
        );
        assert_eq!(
            of("data/bills"),
            "protected; tags `cost:*` owned elsewhere; replaced by deleting the old one first"
        );
        assert_eq!(
            of("lines"),
            "kept when removed; tags `cost:*` owned elsewhere; ready within 2 s"
        );
        assert_eq!(
            of("net/group"),
            "`description` owned elsewhere; tags `cost:*` owned elsewhere; exclusive"
        );
        assert_eq!(of("net/topic"), "tags `cost:*` owned elsewhere; exclusive");
        assert_eq!(declared.forgotten.keys().collect::<Vec<_>>(), ["old"]);
        assert_eq!(declared.adopted["net/group"].id, "sg-1");
    }

    #[test]
    fn an_option_for_nothing_in_its_scope_is_a_finding_at_its_line() {
        let declared = crate::declare("test", Anywhere::Local, |s| {
            s.owned_elsewhere(ecs::Service::DESIRED_COUNT)
                .add("news", sns::Topic::new());
            // Nothing is declared in this one: a loop may have come to nothing.
            drop(s.exclusive());
        });
        let error = declared.check().unwrap_err().to_string();
        assert!(
            error.contains("options.rs:")
                && error.contains("`owned_elsewhere of ecs.service.desired_count` is asked for"),
            "{error}"
        );
    }
}
