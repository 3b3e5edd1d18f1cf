//! Environments: the deployments of one stack.
//!
//! An environment is a variant of an enum, so a stack says what differs between them in a `match`, and a new one is a
//! compile error everywhere it matters. [`environments!`](crate::environments) writes the enum; nothing here knows
//! what a stack is made of.

use crate::Backend;

/// Where an environment's resources are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The sandbox on this machine; needs no account and no network.
    Sandbox,
    /// This account and region and no other: anything else is refused before the first call.
    Account {
        /// The account, 12 digits.
        account: &'static str,
        /// The region, such as `eu-west-1`.
        region: &'static str,
    },
    /// The account and region of the credentials at the first apply; from then on these and no other.
    FirstApply,
}

/// One deployment of a stack.
///
/// ```
/// use tenon::{Environment, Place, environments};
/// environments! {
///     /// Where the shop runs.
///     pub enum Env {
///         /// A developer's own.
///         Dev = "dev": Place::FirstApply, disposable;
///         /// The one with customers.
///         Prod = "prod": Place::Account { account: "111111111111", region: "eu-west-1" }, confirm;
///     }
/// }
/// assert_eq!(Env::ALL, [Env::Dev, Env::Prod]);
/// assert_eq!(Env::Prod.name(), "prod");
/// assert!(Env::Dev.disposable() && !Env::Prod.disposable() && Env::Prod.confirm());
/// ```
///
/// A stack that does not say what an environment has of something does not compile:
///
/// ```compile_fail,E0004
/// # use tenon::{Environment, Place, environments};
/// # environments! {
/// #     enum Env {
/// #         Dev = "dev": Place::FirstApply;
/// #         Prod = "prod": Place::FirstApply;
/// #     }
/// # }
/// fn tasks(env: Env) -> u32 {
///     match env {
///         Env::Dev => 1,
///     }
/// }
/// ```
pub trait Environment: Copy + Eq + Send + Sync + 'static {
    /// All of them, in the order in which they are listed.
    const ALL: &'static [Self];

    /// Its name on the command line, in tags and in the names of resources.
    fn name(self) -> &'static str;

    /// Where its resources are.
    fn place(self) -> Place;

    /// Data in it may be deleted without naming it.
    fn disposable(self) -> bool {
        false
    }

    /// An apply asks for the environment's name, not for a yes.
    fn confirm(self) -> bool {
        false
    }

    /// Where its state is kept, unless a command says `--state`.
    fn backend(self) -> Backend {
        Backend::DEFAULT
    }
}

/// Declares the environments of a stack: `Variant = "name": Place;`, with `disposable`, `confirm` or `backend(Backend)`
/// after a comma where it applies. See [`Environment`].
///
/// A mark that does not exist does not compile:
///
/// ```compile_fail,E0599
/// tenon::environments! {
///     enum Env {
///         Dev = "dev": tenon::Place::Sandbox, expendable;
///     }
/// }
/// ```
#[macro_export]
macro_rules! environments {
    (
        $(#[$meta:meta])* $vis:vis enum $Env:ident {
            $($(#[$doc:meta])* $Name:ident = $name:literal: $place:expr $(, $mark:ident $(($value:expr))?)*;)+
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
            fn place(self) -> $crate::Place {
                match self { $(Self::$Name => $place),+ }
            }
            fn disposable(self) -> bool {
                match self { $(Self::$Name => $crate::environment::Marks::NONE$(.$mark($($value)?))*.disposable),+ }
            }
            fn confirm(self) -> bool {
                match self { $(Self::$Name => $crate::environment::Marks::NONE$(.$mark($($value)?))*.confirm),+ }
            }
            fn backend(self) -> $crate::Backend {
                match self { $(Self::$Name => $crate::environment::Marks::NONE$(.$mark($($value)?))*.backend),+ }
            }
        }
    };
}

/// What [`environments!`](crate::environments) makes of the words after a place.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Marks {
    pub disposable: bool,
    pub confirm: bool,
    pub backend: Backend,
}

#[doc(hidden)]
impl Marks {
    pub const NONE: Self = Self {
        disposable: false,
        confirm: false,
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
}

environments! {
    /// The environments of a stack that is the same everywhere: the sandbox, and whichever account comes first.
    pub enum Anywhere {
        /// The sandbox on this machine.
        Local = "local": Place::Sandbox, disposable;
        /// The account and region of the first apply.
        Aws = "aws": Place::FirstApply;
    }
}
