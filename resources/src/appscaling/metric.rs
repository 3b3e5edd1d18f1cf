//! The metric of a target tracking policy.

use crate::{prelude::*, value::Part};

/// A metric that a target tracking policy keeps at its target value.
///
/// ```
/// use tenon_resources::appscaling::Metric;
/// Metric::requests_per_target("app/web/0123456789abcdef", "targetgroup/web/fedcba9876543210");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// The average CPU utilization of an ECS service, in percent.
    EcsServiceAverageCpu,
    /// The average memory utilization of an ECS service, in percent.
    EcsServiceAverageMemory,
    /// The number of requests per target in a target group of an Application Load Balancer, a minute.
    AlbRequestsPerTarget {
        /// The resource label: the full name of the load balancer, a slash, and the target group's.
        resource_label: Input<String>,
    },
    /// A predefined metric, by its type, such as `DynamoDBReadCapacityUtilization`.
    Predefined(String),
    /// A customized metric.
    Custom(CustomMetric),
}

/// A metric of `CloudWatch`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomMetric {
    /// The namespace.
    pub namespace: String,
    /// The name.
    pub metric_name: String,
    /// The dimensions.
    pub dimensions: BTreeMap<String, Input<String>>,
    /// The statistic: `Average`, `Minimum`, `Maximum`, `SampleCount` or `Sum`.
    pub statistic: String,
}

impl Metric {
    /// Requests a minute to each target, by the `full_name` outputs of a load balancer and its target group.
    pub fn requests_per_target(load_balancer: impl Into<Part>, target_group: impl Into<Part>) -> Self {
        let parts = vec![load_balancer.into(), target_group.into()];
        Self::AlbRequestsPerTarget {
            resource_label: Input::joined("{}/{}", parts),
        }
    }
}

#[cfg(feature = "aws")]
mod convert {
    use super::{CustomMetric, Metric};
    use crate::appscaling::scaling_policy::Tracking;
    use crate::{aws::ToSdk, prelude::*};
    use sdk::appscaling::types as t;

    const CPU: &str = "ECSServiceAverageCPUUtilization";
    const MEMORY: &str = "ECSServiceAverageMemoryUtilization";
    const REQUESTS: &str = "ALBRequestCountPerTarget";

    impl ToSdk<t::TargetTrackingScalingPolicyConfiguration> for Tracking {
        fn to_sdk(self) -> Option<t::TargetTrackingScalingPolicyConfiguration> {
            let config = t::TargetTrackingScalingPolicyConfiguration::builder()
                .target_value(self.target_value)
                .set_scale_in_cooldown(self.scale_in_cooldown.to_sdk())
                .set_scale_out_cooldown(self.scale_out_cooldown.to_sdk())
                .disable_scale_in(self.disable_scale_in);
            let predefined = |word: &str, label: Option<String>| {
                let metric = t::PredefinedMetricSpecification::builder().predefined_metric_type(word.into());
                metric.set_resource_label(label).build().ok()
            };
            match self.metric {
                Metric::EcsServiceAverageCpu => {
                    config.predefined_metric_specification(predefined(CPU, None)?)
                }
                Metric::EcsServiceAverageMemory => {
                    config.predefined_metric_specification(predefined(MEMORY, None)?)
                }
                Metric::AlbRequestsPerTarget { resource_label } => {
                    config.predefined_metric_specification(predefined(REQUESTS, resource_label.to_sdk())?)
                }
                Metric::Predefined(word) => config.predefined_metric_specification(predefined(&word, None)?),
                Metric::Custom(custom) => {
                    let dimension = |(name, value): (String, Input<String>)| {
                        t::MetricDimension::builder()
                            .name(name)
                            .set_value(value.to_sdk())
                            .build()
                            .ok()
                    };
                    let metric = t::CustomizedMetricSpecification::builder()
                        .namespace(custom.namespace)
                        .metric_name(custom.metric_name)
                        .set_dimensions(Some(
                            custom.dimensions.into_iter().filter_map(dimension).collect(),
                        ))
                        .statistic(custom.statistic.as_str().into());
                    config.customized_metric_specification(metric.build())
                }
            }
            .build()
            .ok()
        }
    }

    impl Metric {
        /// A metric as AWS gives it.
        pub(in crate::appscaling) fn from_sdk(
            config: &t::TargetTrackingScalingPolicyConfiguration,
        ) -> Option<Self> {
            if let Some(metric) = config.predefined_metric_specification() {
                return Some(match metric.predefined_metric_type().as_str() {
                    CPU => Self::EcsServiceAverageCpu,
                    MEMORY => Self::EcsServiceAverageMemory,
                    REQUESTS => Self::AlbRequestsPerTarget {
                        resource_label: Input::Known(metric.resource_label().unwrap_or_default().into()),
                    },
                    other => Self::Predefined(other.into()),
                });
            }
            let custom = config.customized_metric_specification()?;
            let dimensions = custom.dimensions().iter();
            Some(Self::Custom(CustomMetric {
                namespace: custom.namespace().unwrap_or_default().into(),
                metric_name: custom.metric_name().unwrap_or_default().into(),
                dimensions: dimensions
                    .map(|d| (d.name().into(), Input::Known(d.value().into())))
                    .collect(),
                statistic: custom.statistic().map_or("Average", |s| s.as_str()).into(),
            }))
        }
    }
}
