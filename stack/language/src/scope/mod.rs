//! Scopes: where a program declares resources.
//!
//! A program is a function over a [`Scope`], and so is a component: it takes a scope and returns what others may refer
//! to. The program runs once and leaves plain data, [`Declared`]; nothing here plans, reads or calls anything.

mod options;
mod places;

use crate::{
    Given,
    environment::{DeployTarget, Environment},
    settings::Reading,
};
use options::Asked;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::panic::Location;
use tenon_resources::{
    declaration::{Condition, Declaration, Declared, Expect, Experiment, LookupDeclaration, Place, Target},
    lookup::{self, Lookup},
    resource::{Declare, Outputs},
    value::{Output, Part},
};

/// The declarations of a program, collected while it runs.
struct Recorder {
    declared: Declared,
    /// Scope, key, value.
    tags: Vec<(String, String, String)>,
    /// Options, in the order in which they were asked for.
    asked: Vec<Asked>,
    given: Given,
    /// The values that the program read of those.
    reading: Reading,
}

/// A group of resources that a program declares. Scopes nest, and their names make addresses: `vpc` in scope `network` is `network/vpc`.
///
/// ```
/// use tenon_language::prelude::*;
/// fn program(s: &mut Scope<'_, Anywhere>) {
///     let vpc = s.within("network", |s| s.add("vpc", ec2::Vpc::new("10.20.0.0/16")));
///     s.add("door", ec2::SecurityGroup::new(&vpc.id, "The front door"));
///     s.output("vpc_id", &vpc.id);
/// }
/// let declared = tenon_language::declare("hello", Anywhere::Local, program);
/// assert_eq!(declared.resources.keys().collect::<Vec<_>>(), ["network/vpc", "door"]);
/// declared.check().unwrap();
/// ```
pub struct Scope<'a, E> {
    recorder: &'a mut Recorder,
    env: E,
    path: String,
    after: Vec<String>,
    /// The options that it gives to what is declared in it, by their place.
    asked: Vec<usize>,
    /// The account and region that it puts it into.
    place: Place,
}

impl<E: Environment> Scope<'_, E> {
    /// The environment that the stack is declared for.
    pub fn env(&self) -> E {
        self.env
    }

    /// The stack's name.
    pub fn stack(&self) -> &str {
        &self.recorder.declared.stack
    }

    /// The values that the program is given, as a struct that `serde` reads; see [`settings`](crate::settings). `None` when one
    /// is missing or of another type: the program ends there, and every such value is an error that says where it came from.
    #[track_caller]
    pub fn settings<T: DeserializeOwned>(&mut self) -> Option<T> {
        let location = source_location(Location::caller());
        let recorder = &mut *self.recorder;
        match recorder.reading.read(&recorder.given, self.env.name(), &location) {
            Ok(settings) => Some(settings),
            Err(findings) => {
                recorder.declared.findings.extend(findings);
                None
            }
        }
    }

    /// A name for what wants one from the program: stack, environment and address, joined by hyphens.
    pub fn full_name(&self, name: &str) -> String {
        let address = self.address(name).replace('/', "-");
        format!("{}-{}-{address}", self.stack(), self.env.name())
    }

    /// Declares a resource, and promises its outputs. Its address, the path of the scope and `name`, is its identity:
    /// under another address it is another resource (see [`moved`](Self::moved)).
    #[track_caller]
    pub fn add<R: Declare>(&mut self, name: &str, resource: R) -> R::Refs {
        let address = self.address(name);
        let location = source_location(Location::caller());
        match resource.declare() {
            Ok((kind, inputs)) => {
                let mut declaration = Declaration {
                    after: self.after.clone(),
                    place: self.place.clone(),
                    ..Declaration::new(kind, inputs, location)
                };
                for number in &self.asked {
                    self.recorder.asked[*number].apply(&mut declaration);
                }
                self.recorder.declared.add(&address, declaration);
            }
            Err(why) => self.recorder.declared.refuse(&address, &location, why),
        }
        R::refs(&address)
    }

    /// Asks for what exists already and is not this stack's. It is looked up before anything is decided: the plan shows what was found,
    /// and whoever applies the plan finds the same, or nothing is done.
    ///
    /// ```
    /// use tenon_language::prelude::*;
    /// fn program(s: &mut Scope<'_, Anywhere>) {
    ///     let vpc = s.lookup("vpc", lookup::Vpc::tagged([("Name", "shared")]));
    ///     let private = s.lookup("private", lookup::Subnets::of(&vpc.id));
    ///     s.add("group", ec2::SecurityGroup::new(&vpc.id, "Takes requests"));
    ///     s.add("balancer", elb::LoadBalancer::new().subnets([&private.id]));
    /// }
    /// tenon_language::declare("hello", Anywhere::Local, program).check().unwrap();
    /// ```
    #[track_caller]
    pub fn lookup<L: Lookup>(&mut self, name: &str, query: L) -> <L::Found as Outputs>::Refs {
        let name = self.address(name);
        let lookup = LookupDeclaration {
            kind: &const { lookup::Erased::<L>::NEW },
            query: serde_json::to_value(query).expect("a query is plain data"),
            location: source_location(Location::caller()),
            place: self.place.clone(),
        };
        self.recorder.declared.look_up(&name, lookup);
        L::Found::refs(&lookup::resource(&name))
    }

    /// Declares a group of resources, whose addresses begin with `name`.
    pub fn within<T>(&mut self, name: &str, program: impl FnOnce(&mut Scope<'_, E>) -> T) -> T {
        let path = format!("{}/", self.address(name));
        program(&mut Scope { path, ..self.again() })
    }

    fn again(&mut self) -> Scope<'_, E> {
        Scope {
            recorder: self.recorder,
            env: self.env,
            path: self.path.clone(),
            after: self.after.clone(),
            asked: self.asked.clone(),
            place: self.place.clone(),
        }
    }

    /// The same scope, for what comes after the resource that promises `output`, although it does not refer to it.
    ///
    /// ```
    /// # use tenon_language::prelude::*;
    /// # fn program(s: &mut Scope<'_, Anywhere>) {
    /// let vpc = s.add("vpc", ec2::Vpc::new("10.20.0.0/16"));
    /// let door = s.add("door", ec2::SecurityGroup::new(&vpc.id, "The front door"));
    /// s.after(&door.id).add("subnet", ec2::Subnet::new(&vpc.id, "10.20.0.0/20", "eu-west-1a"));
    /// # }
    /// # tenon_language::declare("hello", Anywhere::Local, program).check().unwrap();
    /// ```
    pub fn after<T>(&mut self, output: &Output<T>) -> Scope<'_, E> {
        let mut scope = self.again();
        scope.after.push(output.source().resource.clone());
        scope
    }

    /// Tags every resource of this scope that takes tags; a resource's own tag of that key, or an inner scope's, wins.
    ///
    /// A resource without a name of its own gets a tag `Name`, which AWS's console shows: stack, environment, address.
    pub fn tag(&mut self, key: &str, value: &str) {
        self.recorder
            .tags
            .push((self.path.clone(), key.into(), value.into()));
    }

    /// An output of the stack: a value for people and other programs. Its name is the stack's, whatever the scope.
    pub fn output(&mut self, name: &str, value: impl Into<Part>) {
        let value: Part = value.into();
        let value = serde_json::to_value(value).expect("text and references are plain data");
        self.recorder.declared.outputs.insert(name.into(), value);
    }

    /// Says that what was at address `old` is now at `new`, both in this scope: one resource, or a scope with everything
    /// in it. The resource is kept, and recorded under its new address.
    #[track_caller]
    pub fn moved(&mut self, old: &str, new: &str) {
        let (old, new) = (self.address(old), self.address(new));
        let location = source_location(Location::caller());
        self.recorder.declared.rename(&old, &new, &location);
    }

    /// Says what must hold before anything is done, of what is known by then: of lookups, of the account and the region. Where it does
    /// not, there is no plan; `remedy` says what to do about it.
    ///
    /// ```
    /// use tenon_language::prelude::*;
    /// fn program(s: &mut Scope<'_, Anywhere>) {
    ///     let image = s.lookup("image", lookup::Ami::newest("amazon", "al2023-ami-2023.*-x86_64"));
    ///     s.require(&image.name, Expect::fits("*-kernel-6.*"), "choose a name with another kernel");
    ///     let vpc = s.add("vpc", ec2::Vpc::new("10.20.0.0/16"));
    ///     s.ensure(&vpc.arn, Expect::fits("arn:aws:*"), "the region is of another partition");
    /// }
    /// # tenon_language::declare("hello", Anywhere::Local, program).check().unwrap();
    /// ```
    #[track_caller]
    pub fn require(&mut self, value: impl Into<Part>, expect: Expect, remedy: &str) {
        let condition = self.condition(value.into(), expect, remedy);
        self.recorder.declared.preconditions.push(condition);
    }

    /// Says what must hold when everything is done. Where it does not, the apply fails, after all that it did; `remedy` says what to do
    /// about it.
    #[track_caller]
    pub fn ensure(&mut self, value: impl Into<Part>, expect: Expect, remedy: &str) {
        let condition = self.condition(value.into(), expect, remedy);
        self.recorder.declared.postconditions.push(condition);
    }

    /// Declares an experiment: faults that `tenon chaos run NAME` puts into the stack for a while, and takes out again.
    ///
    /// ```
    /// use tenon_language::prelude::*;
    /// # use tenon_language::resources::cloudwatch::{Alarm, Comparison, Metric};
    /// fn program(s: &mut Scope<'_, Anywhere>) {
    ///     let vpc = s.add("vpc", ec2::Vpc::new("10.20.0.0/16"));
    ///     s.add("a", ec2::Subnet::new(&vpc.id, "10.20.0.0/20", "eu-west-1a"));
    ///     let errors = Metric::new("Shop", "Errors").statistic("Sum").period(60);
    ///     let alarm = s.add("errors", Alarm::new(errors, Comparison::GreaterThanThreshold, 0));
    ///     s.experiment("zone-a", Experiment::minutes(5, &alarm.id).fail_zone(&vpc.id, "a"));
    /// }
    /// tenon_language::declare("hello", Anywhere::Local, program).check().unwrap();
    /// ```
    #[track_caller]
    pub fn experiment(&mut self, name: &str, mut experiment: Experiment) {
        experiment.location = source_location(Location::caller());
        self.recorder.declared.experiment(name, experiment);
    }

    #[track_caller]
    fn condition(&self, value: Part, expect: Expect, remedy: &str) -> Condition {
        Condition {
            about: self.here(),
            value: serde_json::to_value(value).expect("text and references are plain data"),
            expect,
            remedy: remedy.into(),
            location: source_location(Location::caller()),
        }
    }

    /// The path of the scope; the stack's name for the outermost.
    fn here(&self) -> String {
        match self.path.trim_end_matches('/') {
            "" => self.recorder.declared.stack.clone(),
            path => path.to_owned(),
        }
    }

    /// Says that what is asked of this scope cannot be; `why` is the rest of a sentence that begins with its path, with
    /// the remedy in it. The run ends there, with everything else that is wrong.
    #[track_caller]
    pub fn refuse(&mut self, why: impl Into<String>) {
        let here = self.here();
        self.recorder
            .declared
            .refuse(&here, &source_location(Location::caller()), why);
    }

    fn address(&self, name: &str) -> String {
        format!("{}{name}", self.path)
    }
}

impl<E: Environment> std::fmt::Debug for Scope<'_, E> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "scope `{}` of {}", self.path, self.env.name())
    }
}

/// Runs `program` for environment `env`.
///
/// Mistakes in what it declares are found by the planner's `Check`, all at once.
#[track_caller]
pub fn declare<E: Environment>(stack: &str, env: E, program: impl FnOnce(&mut Scope<'_, E>)) -> Declared {
    declare_at(Location::caller(), stack, env, &Given::new(), program)
}

/// As [`declare`], of a program that is given values: its [settings](crate::settings).
#[track_caller]
pub fn declare_with<E: Environment>(
    stack: &str,
    env: E,
    given: &Given,
    program: impl FnOnce(&mut Scope<'_, E>),
) -> Declared {
    declare_at(Location::caller(), stack, env, given, program)
}

/// As [`declare_with`], of a stack that is named at `location`.
pub fn declare_at<E: Environment>(
    location: &Location<'_>,
    stack: &str,
    env: E,
    given: &Given,
    program: impl FnOnce(&mut Scope<'_, E>),
) -> Declared {
    let target = match env.target() {
        DeployTarget::Account { account, region } => Some(Target {
            account: account.into(),
            region: region.into(),
        }),
        DeployTarget::Sandbox | DeployTarget::FirstApply => None,
    };
    let mut declared = Declared::new(stack, env.name(), target);
    declared.disposable = env.disposable();
    let misnamed = declared.misnamed(&source_location(location));
    declared.findings.extend(misnamed);
    let mut recorder = Recorder {
        declared,
        tags: vec![],
        asked: vec![],
        given: given.clone(),
        reading: Reading::default(),
    };
    program(&mut Scope {
        recorder: &mut recorder,
        env,
        path: String::new(),
        after: vec![],
        asked: vec![],
        place: Place::default(),
    });
    recorder.finish(&source_location(location))
}

impl Recorder {
    fn finish(mut self, location: &str) -> Declared {
        self.tag();
        let unused = self.asked.iter().filter_map(Asked::finding);
        self.declared.findings.extend(unused);
        self.declared.settings = self.given.settings();
        let unknown = self.reading.unknown(&self.given, location);
        self.declared.findings.extend(unknown);
        self.declared
    }

    fn tag(&mut self) {
        // The innermost scope first: what is there already wins.
        self.tags.sort_by_key(|(path, ..)| std::cmp::Reverse(path.len()));
        for (path, key, value) in std::mem::take(&mut self.tags) {
            if path.is_empty() {
                self.declared.tags.0.insert(key, value);
                continue;
            }
            let inside = self
                .declared
                .resources
                .iter_mut()
                .filter(|(address, _)| address.starts_with(&path));
            for tags in inside.filter_map(|(_, d)| tags_of(d)) {
                tags.entry(&key).or_insert_with(|| value.as_str().into());
            }
        }
        let prefix = format!("{}-{}", self.declared.stack, self.declared.env);
        let nameless = self
            .declared
            .resources
            .iter_mut()
            .filter(|(_, d)| d.kind.name_field().is_none());
        for (address, tags) in nameless.filter_map(|(address, d)| Some((address, tags_of(d)?))) {
            tags.entry("Name")
                .or_insert_with(|| format!("{prefix}-{}", address.replace('/', "-")).into());
        }
    }
}

fn tags_of(declaration: &mut Declaration) -> Option<&mut serde_json::Map<String, Value>> {
    declaration
        .inputs
        .to_mut()
        .get_mut("tags")
        .and_then(Value::as_object_mut)
}

/// `main.rs:38`: the file within its package's sources, and the line.
fn source_location(location: &Location<'_>) -> String {
    let file = location.file();
    let file = file.rsplit_once("/src/").map_or(file, |(_, inside)| inside);
    format!("{file}:{}", location.line())
}

#[cfg(test)]
mod tests {
    use crate::prelude::*;
    use serde_json::json;

    fn two_vpcs(s: &mut Scope<'_, Anywhere>) {
        s.tag("team", "shop");
        s.within("network", |s| {
            s.tag("part", "network");
            s.within("spare", |s| {
                s.tag("part", "spare");
                s.add("vpc", ec2::Vpc::new("10.1.0.0/16").tags([("Name", "spare")]))
            });
            s.add("vpc", ec2::Vpc::new("10.0.0.0/16").tags([("part", "own")]));
        });
    }

    #[test]
    fn a_declaration_says_where_it_is_and_the_nearest_tag_wins() {
        let declared = crate::declare("test", Anywhere::Aws, two_vpcs);
        let (main, spare) = (
            &declared.resources["network/vpc"],
            &declared.resources["network/spare/vpc"],
        );
        assert_eq!(
            main.inputs["tags"],
            json!({"part": "own", "Name": "test-aws-network-vpc"})
        );
        assert_eq!(spare.inputs["tags"], json!({"part": "spare", "Name": "spare"}));
        assert_eq!(declared.tags.0["team"], "shop");
        let (file, line) = main.location.split_once(':').unwrap();
        assert!(
            file == "scope/mod.rs" && line.parse::<u32>().unwrap() > 100,
            "{}",
            main.location
        );
    }

    #[test]
    fn a_scope_moves_with_everything_in_it() {
        let declared = crate::declare("test", Anywhere::Aws, |s| {
            two_vpcs(s);
            s.moved("net", "network");
            s.moved("old", "network/vpc");
        });
        let moved: Vec<_> = declared
            .moved
            .iter()
            .map(|(a, b)| (a.as_str(), b.as_str()))
            .collect();
        assert_eq!(moved, [("net", "network"), ("old", "network/vpc")]);
        assert!(declared.check().is_ok());
    }

    #[test]
    fn the_same_address_twice_is_a_finding_with_both_locations() {
        let declared = crate::declare("test", Anywhere::Aws, |s| {
            two_vpcs(s);
            two_vpcs(s);
        });
        let error = declared.check().unwrap_err().to_string();
        assert!(
            error.contains("`network/vpc` is declared twice: first at scope/mod.rs:"),
            "{error}"
        );
    }
}
