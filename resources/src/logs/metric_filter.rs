//! A metric filter.

use super::{LogGroupName, not_of_standard_class};
use crate::prelude::*;

/// A metric transformation: the metric that a metric filter writes to, and the value that it writes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MetricTransformation {
    /// The namespace of the metric, which may not begin with `AWS/`.
    pub metric_namespace: String,
    /// The name of the metric.
    pub metric_name: String,
    /// The value for each log event that matches: a number, or a field of the event, such as `$.latency`.
    pub metric_value: String,
    /// The value for a minute with log events of which none matches. `None`: nothing is written then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_value: Option<f64>,
    /// The dimensions, up to three: the name of each, and the field of the event that holds its value, such as `$.code`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub dimensions: BTreeMap<String, String>,
}

impl MetricTransformation {
    /// The transformation that counts matching events in the metric `metric_name` of `metric_namespace`.
    pub fn count(metric_namespace: &str, metric_name: &str) -> Self {
        Self {
            metric_namespace: metric_namespace.into(),
            metric_name: metric_name.into(),
            metric_value: "1".into(),
            default_value: None,
            dimensions: BTreeMap::new(),
        }
    }

    /// The same with this value for each event: a number, or a field of the event, such as `$.latency`.
    #[must_use]
    pub fn value(mut self, metric_value: &str) -> Self {
        self.metric_value = metric_value.into();
        self
    }

    /// The same with a value for minutes in which no event matches.
    #[must_use]
    pub fn default_value(mut self, value: f64) -> Self {
        self.default_value = Some(value);
        self
    }

    /// The same with a dimension whose value is a field of the event, such as `$.code`.
    #[must_use]
    pub fn dimension(mut self, name: &str, field: &str) -> Self {
        self.dimensions.insert(name.into(), field.into());
        self
    }

    /// Findings about it as the value of `field`.
    // https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_MetricTransformation.html
    // https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html: "If you specify dimensions, you
    // cannot specify a default value", and at most three of them.
    fn check(&self, field: &str) -> Vec<String> {
        let mut findings = vec![];
        for (member, text) in [
            ("metric_namespace", &self.metric_namespace),
            ("metric_name", &self.metric_name),
        ] {
            if text.is_empty() || text.chars().count() > 255 || text.contains([':', '*', '$']) {
                findings.push(format!(
                    "`{field}` has `{member}` `{text}`, and AWS takes 1 to 255 characters without `:`, `*` and `$`"
                ));
            }
        }
        if self.metric_namespace.starts_with("AWS/") {
            findings.push(format!(
                "`{field}` has `metric_namespace` `{}`, and AWS keeps those that begin with `AWS/` to itself",
                self.metric_namespace
            ));
        }
        if self.metric_value.is_empty() || self.metric_value.chars().count() > 100 {
            findings.push(format!(
                "`{field}` has a `metric_value` of {} characters, and AWS takes 1 to 100",
                self.metric_value.chars().count()
            ));
        }
        if self.dimensions.len() > 3 {
            findings.push(format!(
                "`{field}` has {} `dimensions`, and AWS takes up to 3",
                self.dimensions.len()
            ));
        }
        if !self.dimensions.is_empty() && self.default_value.is_some() {
            findings.push(format!(
                "`{field}` has `dimensions` and a `default_value`, which exclude each other"
            ));
        }
        findings
    }
}

/// A metric filter: log events of a group that match a pattern become data points of a metric.
///
/// ```
/// use tenon_resources::logs::{MetricFilter, MetricTransformation};
/// MetricFilter::new("api", "{ $.level = \"ERROR\" }", MetricTransformation::count("shop", "errors").default_value(0.0));
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("logs.metric_filter", cfn = "AWS::Logs::MetricFilter")]
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html: "Creates or updates".
#[facts(gone("ResourceNotFoundException"), second_create = Overwritten)]
#[on("arn:aws:logs:{region}:{account}:log-group:*")]
#[create(PutMetricFilter: logs, puts, rules(.retry_on("OperationAbortedException", minutes(2))),
    create_rules(.retry_on("ResourceNotFoundException", minutes(2))))]
#[delete(DeleteMetricFilter: logs, same(log_group, filter_name), rules(.retry_on("OperationAbortedException", minutes(2))))]
pub struct MetricFilter {
    /// The log group, of the class `STANDARD`.
    #[immutable]
    #[member("log_group_name")]
    #[cfn("LogGroupName")]
    #[length(1..=512)]
    #[pattern(r"[.\-_/#A-Za-z0-9]*")]
    #[sample("a", "b")]
    #[inside("logs.log_group")]
    pub log_group: Input<LogGroupName>,
    /// The filter pattern; an empty one matches every event.
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
    #[length(0..=1_024)]
    #[sample("ERROR", "{ $.latency > 100 }")]
    pub filter_pattern: String,
    /// The metric that is written to, and its value.
    #[create_with(Vec<MetricTransformation>, vec![me.metric_transformation.clone()])]
    #[member("metric_transformations")]
    #[cfn("MetricTransformations")]
    #[sample(
        MetricTransformation::count("shop", "errors").default_value(0.0),
        MetricTransformation::count("shop", "latency").value("$.latency").dimension("Code", "$.code")
    )]
    #[checked(it.check(field))]
    pub metric_transformation: MetricTransformation,
    /// The filter's name, unique in the log group.
    #[immutable]
    // https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html
    #[named(max = 512, also = "-_./#+=,@ ")]
    pub filter_name: Option<Input<String>>,
}

/// Outputs of a metric filter.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct MetricFilterOutputs {
    /// The log group's name and the filter's, with a `|` between.
    #[shape("{log_group}|{filter_name}")]
    pub id: String,
}

impl Lifecycle for MetricFilter {
    const READ: Read = Read::new(
        "logs",
        "DescribeMetricFilters",
        1,
        &["logs:DescribeMetricFilters"],
    );

    fn identity(&self) -> Identity {
        let name = self.filter_name.as_ref();
        name.map_or(Identity::Assigned, |name| {
            Identity::Natural(text!("{}|{}", &self.log_group, name))
        })
    }

    fn create(&self) -> Steps {
        PutMetricFilter::steps(self)
    }

    fn set(&self, _: &Self, field: MetricFilterField) -> Steps {
        match field {}
    }

    fn delete(&self) -> Steps {
        DeleteMetricFilter::steps(self)
    }

    fn misfits(&self, look: Look<'_>) -> Vec<String> {
        not_of_standard_class(&self.log_group, "metric filters", look)
    }
}

#[cfg(feature = "aws")]
impl crate::aws::ToSdk<sdk::logs::types::MetricTransformation> for MetricTransformation {
    fn to_sdk(self) -> Option<sdk::logs::types::MetricTransformation> {
        let dimensions = Some(self.dimensions).filter(|d| !d.is_empty());
        sdk::logs::types::MetricTransformation::builder()
            .metric_namespace(self.metric_namespace)
            .metric_name(self.metric_name)
            .metric_value(self.metric_value)
            .set_default_value(self.default_value)
            .set_dimensions(dimensions.map(|d| d.into_iter().collect()))
            .build()
            .ok()
    }
}

#[cfg(feature = "aws")]
impl Observe for MetricFilter {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let ids = by.ids().unwrap_or_default().iter();
        let ids = ids.filter_map(|id| id.split_once('|'));
        crate::aws::each(ids, |(group, name)| async move {
            let request = aws.logs.describe_metric_filters().log_group_name(group);
            let pages = items!(request.filter_name_prefix(name));
            let filters = aws.all("logs", "DescribeMetricFilters", pages).await;
            let filters = crate::aws::there(filters, crate::aws::gone::<Self>())?;
            let mut filters = filters.into_iter().flatten();
            let filter = filters.find(|filter| filter.filter_name() == Some(name));
            let seen = filter.map(|filter| read(group, name, filter).map_err(broken::<Self>));
            seen.transpose()
        })
        .await
    }

    async fn parts(aws: &Aws, of: &[String]) -> Result<Vec<String>, CallError> {
        let filters = crate::aws::each(of, |group| async move {
            let pages = items!(aws.logs.describe_metric_filters().log_group_name(group));
            let filters = aws.all("logs", "DescribeMetricFilters", pages).await;
            let filters = crate::aws::there(filters, crate::aws::gone::<Self>())?;
            let id =
                |filter: sdk::logs::types::MetricFilter| Some(format!("{group}|{}", filter.filter_name?));
            Ok(filters.map(|filters| filters.into_iter().filter_map(id).collect::<Vec<_>>()))
        });
        Ok(filters.await?.into_iter().flatten().collect())
    }
}

#[cfg(feature = "aws")]
fn read(
    group: &str,
    name: &str,
    filter: sdk::logs::types::MetricFilter,
) -> Result<Seen<MetricFilter>, Missing> {
    let mut transformations = filter.metric_transformations.into_iter().flatten();
    let transformation = transformations.next().ok_or(Missing("metric_transformations"))?;
    let id = format!("{group}|{name}");
    Ok(Seen {
        status: Status::Ready,
        inputs: MetricFilter {
            log_group: Input::Known(group.into()),
            filter_pattern: filter.filter_pattern.unwrap_or_default(),
            metric_transformation: MetricTransformation {
                metric_namespace: transformation.metric_namespace,
                metric_name: transformation.metric_name,
                metric_value: transformation.metric_value,
                default_value: transformation.default_value,
                dimensions: transformation.dimensions.into_iter().flatten().collect(),
            },
            filter_name: Some(Input::Known(name.into())),
        },
        outputs: MetricFilterOutputs { id: id.clone() },
        id,
    })
}
