//! Backends of the state, as an environment names them in Rust.

/// The backend that an environment keeps its state in. The names are those of Terraform's backends.
///
/// ```
/// use tenon_language::{Backend, DeployTarget, Environment, environments};
/// environments! {
///     enum Env {
///         Dev = "dev": DeployTarget::FirstApply, disposable;
///         Prod = "prod": DeployTarget::Account { account: "111111111111", region: "eu-west-1" }, confirm,
///             backend(Backend::S3 { bucket: "shop-states", key: "tenon", region: "eu-west-1" });
///     }
/// }
/// assert_eq!(Env::Dev.backend(), Backend::Local { path: ".tenon" });
/// assert!(matches!(Env::Prod.backend(), Backend::S3 { bucket: "shop-states", .. }));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// A folder on this machine.
    Local {
        /// The folder.
        path: &'static str,
    },
    /// An S3 bucket of the account that the credentials are for; `tenon bootstrap` creates it.
    S3 {
        /// The bucket.
        bucket: &'static str,
        /// The prefix of its objects' keys.
        key: &'static str,
        /// The region of the bucket.
        region: &'static str,
    },
    /// A `PostgreSQL` database.
    Postgres {
        /// The connection URL, such as `postgres://tenon@db.example.com/infrastructure`, without the password, which is taken
        /// from `PGPASSWORD`.
        conn_str: &'static str,
    },
}

impl Backend {
    /// The backend of an environment that names none.
    pub const DEFAULT: Self = Self::Local { path: ".tenon" };
}
