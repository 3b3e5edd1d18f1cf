//! Connections to AWS, and what is said where this binary was built without them.

#[cfg(any(
    feature = "aws",
    not(all(feature = "kms", feature = "postgres", feature = "s3", feature = "seal"))
))]
use crate::error::CliError;

/// A connection as the command line says; `region` is where, unless it says that, too.
#[cfg(feature = "aws")]
pub(super) async fn connect_aws(
    global: &super::options::Global,
    region: Option<&str>,
    what: &str,
) -> Result<tenon_resources::aws::Aws, CliError> {
    use tenon_resources::aws::{Aws, Connect};
    let mut connect = Connect {
        profile: global.profile.clone(),
        region: global.region.clone().or_else(|| region.map(ToOwned::to_owned)),
        ..Connect::default()
    };
    for super::options::Endpoint { service, url } in global.endpoint.iter().cloned() {
        match service {
            Some(service) => drop(connect.endpoints.insert(service, url)),
            None => connect.endpoint = Some(url),
        }
    }
    Aws::connect(connect).await.map_err(|e| {
        CliError::failed(format!("could not reach {what}"))
            .because(e)
            .hint("credentials come from the usual places: AWS_PROFILE or --profile, the environment, `aws sso login`, an instance's role")
    })
}

/// The error for a feature that this binary was built without.
#[cfg(not(all(feature = "kms", feature = "postgres", feature = "s3", feature = "seal")))]
pub(super) fn missing_feature(what: &str, feature: &str) -> CliError {
    CliError::failed(format!(
        "the state is {what}, and this binary was built without that"
    ))
    .hint(format!(
        "build it with: `cargo build --release --features {feature}` (the default features have it)"
    ))
}
