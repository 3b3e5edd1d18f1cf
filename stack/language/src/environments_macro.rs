//! The macro that writes the enum of a stack's environments.

/// Declares the environments of a stack: `Variant = "name": target;`, with `disposable`, `confirm`, `approval`, `backend(Backend)`,
/// `expires_days(N)` or `expires_hours(N)` after a comma where it applies. A variant with a value, `Preview(u64) = "pr-{n}": target;`,
/// is a family, which can have a `limit(N)`. See [`Environment`](crate::Environment).
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
            $($(#[$doc:meta])* $Name:ident $(($Part:ty))? = $name:literal: $target:expr $(, $flag:ident $(($value:expr))?)*;)+
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        $vis enum $Env { $($(#[$doc])* $Name $(($Part))?),+ }

        impl $crate::Environment for $Env {
            const ALL: &'static [Self] = $crate::environments!(@fixed [] $($Name $(($Part))?,)+);
            fn family_examples() -> Vec<Self> {
                $crate::environments!(@examples [] $($Name $(($Part))?,)+)
            }
            fn called(name: &str) -> Option<Self> {
                if let Some(env) = Self::ALL.iter().copied().find(|env| env.name() == name) {
                    return Some(env);
                }
                $($(if let Some(part) = $crate::environment::member_part::<$Part>($name, name) {
                    return Some(Self::$Name(part));
                })?)+
                None
            }
            fn name(self) -> &'static str {
                match self {
                    $($crate::environments!(@variant part $Name $(($Part))?) => $crate::environments!(@name part $name $(, $Part)?)),+
                }
            }
            fn target(self) -> $crate::DeployTarget {
                match self { $($crate::environments!(@variant _ $Name $(($Part))?) => $target),+ }
            }
            fn disposable(self) -> bool {
                match self { $($crate::environments!(@variant _ $Name $(($Part))?) => $crate::environment::EnvironmentFlags::NONE$(.$flag($($value)?))*.disposable),+ }
            }
            fn confirm(self) -> bool {
                match self { $($crate::environments!(@variant _ $Name $(($Part))?) => $crate::environment::EnvironmentFlags::NONE$(.$flag($($value)?))*.confirm),+ }
            }
            fn approval(self) -> bool {
                match self { $($crate::environments!(@variant _ $Name $(($Part))?) => $crate::environment::EnvironmentFlags::NONE$(.$flag($($value)?))*.approval),+ }
            }
            fn backend(self) -> $crate::Backend {
                match self { $($crate::environments!(@variant _ $Name $(($Part))?) => $crate::environment::EnvironmentFlags::NONE$(.$flag($($value)?))*.backend),+ }
            }
            fn expires_after(self) -> Option<std::time::Duration> {
                match self { $($crate::environments!(@variant _ $Name $(($Part))?) => $crate::environment::EnvironmentFlags::NONE$(.$flag($($value)?))*.expires_after),+ }
            }
            fn family(self) -> Option<$crate::environment::Family> {
                match self {
                    $($crate::environments!(@variant _ $Name $(($Part))?) =>
                        $crate::environments!(@family $name, $crate::environment::EnvironmentFlags::NONE$(.$flag($($value)?))*.limit $(, $Part)?)),+
                }
            }
        }
    };
    (@fixed [$($done:tt)*]) => { &[$($done)*] };
    (@fixed [$($done:tt)*] $Name:ident ($Part:ty), $($rest:tt)*) => { $crate::environments!(@fixed [$($done)*] $($rest)*) };
    (@fixed [$($done:tt)*] $Name:ident, $($rest:tt)*) => { $crate::environments!(@fixed [$($done)* Self::$Name,] $($rest)*) };
    (@examples [$($done:tt)*]) => { vec![$($done)*] };
    (@examples [$($done:tt)*] $Name:ident ($Part:ty), $($rest:tt)*) => {
        $crate::environments!(@examples [$($done)* Self::$Name(<$Part as $crate::environment::FamilyPart>::EXAMPLE),] $($rest)*)
    };
    (@examples [$($done:tt)*] $Name:ident, $($rest:tt)*) => { $crate::environments!(@examples [$($done)*] $($rest)*) };
    (@variant _ $Name:ident) => { Self::$Name };
    (@variant _ $Name:ident ($Part:ty)) => { Self::$Name(_) };
    (@variant $part:ident $Name:ident) => { Self::$Name };
    (@variant $part:ident $Name:ident ($Part:ty)) => { Self::$Name($part) };
    (@name $part:ident $name:literal) => { $name };
    (@name $part:ident $name:literal, $Part:ty) => { $crate::environment::member_name($name, &$part) };
    (@family $name:literal, $limit:expr) => { None };
    (@family $name:literal, $limit:expr, $Part:ty) => {
        Some($crate::environment::Family {
            pattern: $name,
            part: <$Part as $crate::environment::FamilyPart>::KIND,
            limit: $limit,
        })
    };
}
