//! Environments: the deployments of one stack.
//!
//! An environment is a variant of an enum, so a stack says what differs between them in a `match`, and a new one is a
//! compile error everywhere it matters. [`environments!`](crate::environments) writes the enum; nothing here knows
//! what a stack is made of.

use crate::Backend;

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
pub trait Environment: Copy + Eq + Send + Sync + 'static {
    /// All environments, in the order in which they are listed.
    const ALL: &'static [Self];

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

/// Declares the environments of a stack: `Variant = "name": target;`, with `disposable`, `confirm`, `approval` or
/// `backend(Backend)` after a comma where it applies. See [`Environment`].
///
/// A flag that does not exist does not compile:
///
/// ```compile_fail,E0599
/// tenon_language::environments! {
///     enum Env {
///         Dev = "dev": tenon_language::DeployTarget::Sandbox, expendable;
///     }
/// }
/// ```
#[macro_export]
macro_rules! environments {
    (
        $(#[$meta:meta])* $vis:vis enum $Env:ident {
            $($(#[$doc:meta])* $Name:ident = $name:literal: $target:expr $(, $flag:ident $(($value:expr))?)*;)+
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        $vis enum $Env { $($(#[$doc])* $Name),+ }

        impl $crate::Environment for $Env {
            const ALL: &'static [Self] = &[$(Self::$Name),+];
            fn name(self) -> &'static str {
                match self { $(Self::$Name => $name),+ }
            }
            fn target(self) -> $crate::DeployTarget {
                match self { $(Self::$Name => $target),+ }
            }
            fn disposable(self) -> bool {
                match self { $(Self::$Name => $crate::environment::EnvironmentFlags::NONE$(.$flag($($value)?))*.disposable),+ }
            }
            fn confirm(self) -> bool {
                match self { $(Self::$Name => $crate::environment::EnvironmentFlags::NONE$(.$flag($($value)?))*.confirm),+ }
            }
            fn approval(self) -> bool {
                match self { $(Self::$Name => $crate::environment::EnvironmentFlags::NONE$(.$flag($($value)?))*.approval),+ }
            }
            fn backend(self) -> $crate::Backend {
                match self { $(Self::$Name => $crate::environment::EnvironmentFlags::NONE$(.$flag($($value)?))*.backend),+ }
            }
        }
    };
}

/// Flags of an environment, as [`environments!`](crate::environments) collects the words after its target.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct EnvironmentFlags {
    pub disposable: bool,
    pub confirm: bool,
    pub approval: bool,
    pub backend: Backend,
}

#[doc(hidden)]
impl EnvironmentFlags {
    pub const NONE: Self = Self {
        disposable: false,
        confirm: false,
        approval: false,
        backend: Backend::DEFAULT,
    };

    #[must_use]
    pub fn backend(self, backend: Backend) -> Self {
        Self { backend, ..self }
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
