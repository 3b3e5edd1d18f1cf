//! `FireLens`: the log router of a task.

#[cfg(feature = "aws")]
use crate::aws::ToSdk;
use crate::prelude::*;

choice!(
    /// The log router of `FireLens`.
    LogRouter of ecs::FirelensConfigurationType {
        /// Fluent Bit.
        FluentBit = "fluentbit",
        /// Fluentd.
        Fluentd = "fluentd",
    }
);

/// A `FireLens` configuration: the container that has it routes the logs of those whose log driver is `awsfirelens`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FirelensConfiguration {
    /// The log router that the container runs.
    pub router: LogRouter,
    /// The options, such as `enable-ecs-log-metadata`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub options: BTreeMap<String, String>,
}

impl FirelensConfiguration {
    /// The configuration of a container that runs `router`.
    pub fn new(router: LogRouter) -> Self {
        Self {
            router,
            options: BTreeMap::new(),
        }
    }

    /// The same with `value` for the option `key`.
    #[must_use]
    pub fn option(mut self, key: &str, value: &str) -> Self {
        self.options.insert(key.into(), value.into());
        self
    }
}

#[cfg(feature = "aws")]
impl ToSdk<sdk::ecs::types::FirelensConfiguration> for FirelensConfiguration {
    fn to_sdk(self) -> Option<sdk::ecs::types::FirelensConfiguration> {
        let options = Some(self.options).filter(|options| !options.is_empty());
        let router = sdk::ecs::types::FirelensConfiguration::builder().set_type(self.router.to_sdk());
        router.set_options(options.to_sdk()).build().ok()
    }
}

/// The configuration that a container has.
#[cfg(feature = "aws")]
pub(super) fn of(item: sdk::ecs::types::FirelensConfiguration) -> Option<FirelensConfiguration> {
    Some(FirelensConfiguration {
        router: LogRouter::word(item.r#type.as_str())?,
        options: item.options.into_iter().flatten().collect(),
    })
}
