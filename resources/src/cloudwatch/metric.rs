//! Metrics, and expressions over them.

use crate::value::{Input, Part};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A statistic of a metric.
///
/// ```
/// use tenon_resources::cloudwatch::Metric;
/// Metric::new("AWS/ApplicationELB", "TargetResponseTime").dimension("LoadBalancer", "app/shop/1").statistic("p99").period(60);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Metric {
    /// The namespace, such as `AWS/ECS`.
    pub namespace: String,
    /// The name, such as `CPUUtilization`.
    pub name: String,
    /// The dimensions and their values. CloudWatch matches all of them or nothing.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub dimensions: BTreeMap<String, Input<String>>,
    /// The statistic: `Average`, `Sum`, `Minimum`, `Maximum`, `SampleCount`, or a percentile such as `p99`.
    pub statistic: String,
    /// The period, in seconds.
    pub period: u32,
}

impl Metric {
    /// The average of metric `name` of `namespace` over 5 minutes.
    pub fn new(namespace: &str, name: &str) -> Self {
        Self {
            namespace: namespace.into(),
            name: name.into(),
            dimensions: BTreeMap::new(),
            statistic: "Average".into(),
            period: 300,
        }
    }

    /// Adds a dimension.
    #[must_use]
    pub fn dimension(mut self, name: &str, value: impl Into<Part>) -> Self {
        self.dimensions.insert(name.into(), value.into().into());
        self
    }

    /// Sets the statistic.
    #[must_use]
    pub fn statistic(mut self, statistic: &str) -> Self {
        self.statistic = statistic.into();
        self
    }

    /// Sets the period, in seconds.
    #[must_use]
    pub fn period(mut self, seconds: u32) -> Self {
        self.period = seconds;
        self
    }
}

/// The metric or metric math expression that an alarm watches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// A metric.
    Metric(Metric),
    /// Metric data queries by ID: metrics, and expressions over them. The alarm watches the one whose data is returned.
    Queries(BTreeMap<String, Query>),
}

/// A metric data query: a metric or an expression.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Query {
    /// The metric, unless the query is an expression.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metric: Option<Metric>,
    /// The metric math expression, in which IDs stand for other queries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expression: Option<String>,
    /// The label.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// The data is returned: this is the query that the alarm watches.
    pub return_data: bool,
}

impl From<Metric> for Measure {
    fn from(metric: Metric) -> Self {
        Self::Metric(metric)
    }
}

impl Measure {
    /// Findings about it, as sentences about `field`; `band` says that it is compared with a band of expected values.
    pub(super) fn findings(&self, field: &str, band: bool) -> Vec<String> {
        let mut findings = vec![];
        let metrics: Vec<&Metric> = match self {
            Self::Metric(metric) => vec![metric],
            Self::Queries(queries) => {
                let returned = queries.values().filter(|q| q.return_data).count();
                if returned != 1 && !band {
                    findings.push(format!(
                        "`{field}` returns the data of {returned} queries, and an alarm looks at one"
                    ));
                }
                let lower = |id: &str| id.starts_with(|c: char| c.is_ascii_lowercase());
                if let Some(id) = queries.keys().find(|id| !lower(id)) {
                    findings.push(format!(
                        "`{field}` has a query `{id}`: begin its id with a lower-case letter"
                    ));
                }
                queries.values().filter_map(|q| q.metric.as_ref()).collect()
            }
        };
        let bad_period = |p: u32| !matches!(p, 10 | 20 | 30) && (p == 0 || !p.is_multiple_of(60));
        if let Some(Metric { name, period, .. }) = metrics.into_iter().find(|m| bad_period(m.period)) {
            findings.push(format!(
                "`{field}` has `{name}` over {period} s, and AWS takes 10, 20, 30 or a multiple of 60"
            ));
        }
        findings
    }

    /// An expression over the metrics that [`over`](Self::over) names.
    ///
    /// ```
    /// use tenon_resources::cloudwatch::{Measure, Metric};
    /// Measure::expression("100 * errors / requests")
    ///     .over("errors", Metric::new("Shop", "Errors").statistic("Sum"))
    ///     .over("requests", Metric::new("Shop", "Requests").statistic("Sum"));
    /// ```
    pub fn expression(expression: &str) -> Self {
        let query = Query {
            metric: None,
            expression: Some(expression.into()),
            label: None,
            return_data: true,
        };
        Self::Queries([("result".to_owned(), query)].into())
    }

    /// Calls `metric` by `id`, a lower-case letter and then letters, digits and `_`, in the expressions.
    #[must_use]
    pub fn over(self, id: &str, metric: Metric) -> Self {
        self.with(
            id,
            Query {
                metric: Some(metric),
                expression: None,
                label: None,
                return_data: false,
            },
        )
    }

    /// Adds any query under `id`.
    #[must_use]
    pub fn with(self, id: &str, query: Query) -> Self {
        let mut queries = match self {
            Self::Queries(queries) => queries,
            Self::Metric(metric) => {
                let only = Query {
                    metric: Some(metric),
                    expression: None,
                    label: None,
                    return_data: true,
                };
                [("metric".to_owned(), only)].into()
            }
        };
        queries.insert(id.into(), query);
        Self::Queries(queries)
    }
}

#[cfg(feature = "aws")]
mod wire {
    use super::{Metric, Query};
    use crate::{
        aws::{ToSdk, sdk::cloudwatch::types as sdk},
        value::Input,
    };
    use std::collections::BTreeMap;

    impl ToSdk<Vec<sdk::Dimension>> for BTreeMap<String, Input<String>> {
        fn to_sdk(self) -> Option<Vec<sdk::Dimension>> {
            let one = |(name, value): (String, Input<String>)| {
                sdk::Dimension::builder()
                    .name(name)
                    .set_value(value.to_sdk())
                    .build()
            };
            Some(self.into_iter().map(one).collect())
        }
    }

    pub(crate) fn dimensions(items: Option<Vec<sdk::Dimension>>) -> BTreeMap<String, Input<String>> {
        items
            .into_iter()
            .flatten()
            .filter_map(|d| Some((d.name?, Input::Known(d.value?))))
            .collect()
    }

    impl ToSdk<Vec<sdk::MetricDataQuery>> for BTreeMap<String, Query> {
        fn to_sdk(self) -> Option<Vec<sdk::MetricDataQuery>> {
            let one = |(id, q): (String, Query)| {
                let stat = q.metric.map(|m: Metric| {
                    let metric = sdk::Metric::builder()
                        .namespace(m.namespace)
                        .metric_name(m.name)
                        .set_dimensions(m.dimensions.to_sdk())
                        .build();
                    sdk::MetricStat::builder()
                        .metric(metric)
                        .set_period(m.period.to_sdk())
                        .stat(m.statistic)
                        .build()
                });
                sdk::MetricDataQuery::builder()
                    .id(id)
                    .set_metric_stat(stat)
                    .set_expression(q.expression)
                    .set_label(q.label)
                    .return_data(q.return_data)
                    .build()
            };
            Some(self.into_iter().map(one).collect())
        }
    }

    pub(crate) fn query(item: sdk::MetricDataQuery) -> Option<(String, Query)> {
        let metric = item.metric_stat.and_then(|s| {
            let metric = s.metric?;
            Some(Metric {
                namespace: metric.namespace?,
                name: metric.metric_name?,
                dimensions: dimensions(metric.dimensions),
                statistic: s.stat?,
                period: s.period?.try_into().ok()?,
            })
        });
        let query = Query {
            metric,
            expression: item.expression,
            label: item.label,
            // Unset means true: the reference of MetricDataQuery.
            return_data: item.return_data.unwrap_or(true),
        };
        Some((item.id?, query))
    }
}
#[cfg(feature = "aws")]
pub(crate) use wire::{dimensions, query};
