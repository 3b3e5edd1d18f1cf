//! Environments: the deployments of one stack.
//!
//! An environment is a variant of an enum, so a stack says what differs between them in a `match`, and a new one is a
//! compile error everywhere it matters. A variant with a value is a family of environments, such as one for each pull request. [`environments!`](crate::environments) writes the enum; nothing here knows
//! what a stack is made of.

use crate::backend::Backend;
use std::{
    collections::BTreeSet,
    fmt::{self, Display},
    str::FromStr,
    sync::{Mutex, PoisonError},
    time::Duration,
};
use tenon_resources::declaration::{PartKind, around};

/// The account and region of an environment's resources.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeployTarget {
    /// The sandbox on this machine, which needs no account and no network.
    Sandbox,
    /// This account and region: credentials for any other are refused before the first call.
    Account {
        /// The account, 12 digits.
        account: &'static str,
        /// The region, such as `eu-west-1`.
        region: &'static str,
    },
    /// The account and region of the credentials at the first apply; from then on these and no other.
    FirstApply,
}

/// A deployment of a stack.
///
/// ```
/// use tenon_language::{DeployTarget, Environment, environments};
/// environments! {
///     /// The environments of the shop.
///     pub enum Env {
///         /// A developer's own.
///         Dev = "dev": DeployTarget::FirstApply, disposable;
///         /// The one with customers.
///         Prod = "prod": DeployTarget::Account { account: "111111111111", region: "eu-west-1" }, confirm;
///     }
/// }
/// assert_eq!(Env::ALL, [Env::Dev, Env::Prod]);
/// assert_eq!(Env::Prod.name(), "prod");
/// assert!(Env::Dev.disposable() && !Env::Prod.disposable() && Env::Prod.confirm());
/// ```
///
/// A stack that leaves an environment out of a `match` does not compile:
///
/// ```compile_fail,E0004
/// # use tenon_language::{DeployTarget, Environment, environments};
/// # environments! {
/// #     enum Env {
/// #         Dev = "dev": DeployTarget::FirstApply;
/// #         Prod = "prod": DeployTarget::FirstApply;
/// #     }
/// # }
/// fn tasks(env: Env) -> u32 {
///     match env {
///         Env::Dev => 1,
///     }
/// }
/// ```
///
/// A family has a member for each value, and a pattern for their names. Its members can expire, and be limited in number:
///
/// ```
/// use tenon_language::{DeployTarget, Environment, Label, environments};
/// environments! {
///     enum Env {
///         Prod = "prod": DeployTarget::FirstApply, confirm;
///         /// The preview of a pull request.
///         Preview(u64) = "pr-{n}": DeployTarget::FirstApply, disposable, expires_days(3), limit(20);
///         /// A developer's own.
///         Own(Label) = "dev-{name}": DeployTarget::FirstApply, disposable;
///     }
/// }
/// assert_eq!(Env::ALL, [Env::Prod]);
/// assert_eq!(Env::Preview(7).name(), "pr-7");
/// assert_eq!(Env::called("pr-7"), Some(Env::Preview(7)));
/// assert!(matches!(Env::called("dev-ada"), Some(Env::Own(name)) if name.as_str() == "ada"));
/// assert_eq!(Env::called("pr-x"), None);
/// assert_eq!(Env::Preview(7).family().unwrap().limit, Some(20));
/// assert_eq!(Env::Preview(7).expires_after().unwrap().as_secs(), 3 * 24 * 3600);
/// ```
pub trait Environment: Copy + Eq + Send + Sync + 'static {
    /// All environments but those of families, in the order in which they are listed.
    const ALL: &'static [Self];

    /// A member of each family, whose name stands for all of them.
    fn family_examples() -> Vec<Self> {
        vec![]
    }

    /// The environment of this name; `None` when there is none and no family has it.
    fn called(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|env| env.name() == name)
    }

    /// The family that it is a member of.
    fn family(self) -> Option<Family> {
        None
    }

    /// The time after the last apply at which it expires; `None` when it stays.
    fn expires_after(self) -> Option<Duration> {
        None
    }

    /// The name on the command line, in tags and in the names of resources.
    fn name(self) -> &'static str;

    /// The account and region of its resources.
    fn target(self) -> DeployTarget;

    /// Resources that hold data may be deleted without `--consent`.
    fn disposable(self) -> bool {
        false
    }

    /// An apply is approved by typing the environment's name, not by a yes.
    fn confirm(self) -> bool {
        false
    }

    /// An apply takes only a saved plan with a signed approval, from people and from programs.
    fn approval(self) -> bool {
        false
    }

    /// The backend of its state, unless a command says `--state`.
    fn backend(self) -> Backend {
        Backend::DEFAULT
    }
}

/// A family of environments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Family {
    /// The name with a placeholder in braces for the part that differs: `pr-{n}`.
    pub pattern: &'static str,
    /// The kind of that part.
    pub part: PartKind,
    /// The count of members that may exist at a time.
    pub limit: Option<u32>,
}

/// The part in which the names of a family's members differ: a number, or a [`Label`].
pub trait FamilyPart: Copy + Eq + Display + FromStr + Send + Sync + 'static {
    /// The kind of it.
    const KIND: PartKind;
    /// The environment that stands for all.
    const EXAMPLE: Self;
}

impl FamilyPart for u32 {
    const KIND: PartKind = PartKind::Number;
    const EXAMPLE: Self = 1;
}

impl FamilyPart for u64 {
    const KIND: PartKind = PartKind::Number;
    const EXAMPLE: Self = 1;
}

/// A word in the name of an environment: up to 40 lower-case letters and digits, with single hyphens between them.
///
/// ```
/// use tenon_language::Label;
/// assert_eq!("ada".parse::<Label>().unwrap().as_str(), "ada");
/// assert!("Ada".parse::<Label>().is_err() && "a--b".parse::<Label>().is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Label(&'static str);

impl Label {
    /// The text.
    pub fn as_str(self) -> &'static str {
        self.0
    }
}

impl Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl FromStr for Label {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if PartKind::Label.takes(text) {
            Ok(Self(kept(text)))
        } else {
            Err("expected up to 40 lower-case letters and digits, with single hyphens between them")
        }
    }
}

impl FamilyPart for Label {
    const KIND: PartKind = PartKind::Label;
    const EXAMPLE: Self = Self("name");
}

/// The same text for as long as the process lives, once for each text: an environment can be copied, and a program names few.
fn kept(text: &str) -> &'static str {
    static TEXTS: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let mut texts = TEXTS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(kept) = texts.get(text) {
        return kept;
    }
    let kept: &'static str = Box::leak(text.to_owned().into_boxed_str());
    texts.insert(kept);
    kept
}

/// The name of the member of family `pattern` with this part.
#[doc(hidden)]
pub fn member_name(pattern: &'static str, part: &dyn Display) -> &'static str {
    let (before, behind) = around(pattern);
    kept(&format!("{before}{part}{behind}"))
}

/// The part of `name`, when an environment of that name is a member of family `pattern`.
#[doc(hidden)]
pub fn member_part<P: FamilyPart>(pattern: &str, name: &str) -> Option<P> {
    let (before, behind) = around(pattern);
    let part = name.strip_prefix(before)?.strip_suffix(behind)?;
    P::KIND.takes(part).then(|| part.parse().ok()).flatten()
}

/// Flags of an environment, as [`environments!`](crate::environments) collects the words after its target.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct EnvironmentFlags {
    pub disposable: bool,
    pub confirm: bool,
    pub approval: bool,
    pub backend: Backend,
    pub expires_after: Option<Duration>,
    pub limit: Option<u32>,
}

#[doc(hidden)]
impl EnvironmentFlags {
    pub const NONE: Self = Self {
        disposable: false,
        confirm: false,
        approval: false,
        backend: Backend::DEFAULT,
        expires_after: None,
        limit: None,
    };

    #[must_use]
    pub fn backend(self, backend: Backend) -> Self {
        Self { backend, ..self }
    }

    #[must_use]
    pub fn expires_days(self, days: u64) -> Self {
        self.expires_hours(24 * days)
    }

    #[must_use]
    pub fn expires_hours(self, hours: u64) -> Self {
        Self {
            expires_after: Some(Duration::from_hours(hours)),
            ..self
        }
    }

    #[must_use]
    pub fn limit(self, members: u32) -> Self {
        Self {
            limit: Some(members),
            ..self
        }
    }

    #[must_use]
    pub fn disposable(self) -> Self {
        Self {
            disposable: true,
            ..self
        }
    }

    #[must_use]
    pub fn confirm(self) -> Self {
        Self {
            confirm: true,
            ..self
        }
    }

    #[must_use]
    pub fn approval(self) -> Self {
        Self {
            approval: true,
            ..self
        }
    }
}

environments! {
    /// The environments of a stack that is the same everywhere: the sandbox, and whichever account comes first.
    pub enum Anywhere {
        /// The sandbox on this machine.
        Local = "local": DeployTarget::Sandbox, disposable;
        /// The account and region of the first apply.
        Aws = "aws": DeployTarget::FirstApply;
    }
}
