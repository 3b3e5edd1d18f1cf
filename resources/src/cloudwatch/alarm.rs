//! A metric alarm.

use super::{Measure, Metric, Query};
use crate::prelude::*;

id!(
    /// An alarm's name, such as `shop-prod-errors-1a2b3c`.
    AlarmName
);

choice!(
    /// The comparison operator between the metric and the threshold. The last three are for anomaly detection bands.
    Comparison of cloudwatch::ComparisonOperator {
        /// `>`.
        GreaterThanThreshold = "GreaterThanThreshold",
        /// `>=`.
        GreaterThanOrEqualToThreshold = "GreaterThanOrEqualToThreshold",
        /// `<`.
        LessThanThreshold = "LessThanThreshold",
        /// `<=`.
        LessThanOrEqualToThreshold = "LessThanOrEqualToThreshold",
        /// Above the band.
        GreaterThanUpperThreshold = "GreaterThanUpperThreshold",
        /// Below the band.
        LessThanLowerThreshold = "LessThanLowerThreshold",
        /// Outside of the band.
        LessThanLowerOrGreaterThanUpperThreshold = "LessThanLowerOrGreaterThanUpperThreshold",
    }
);

choice!(
    /// The treatment of missing data points.
    MissingData {
        /// Too little data sets the alarm to `INSUFFICIENT_DATA`.
        Missing = "missing",
        /// The alarm keeps its state.
        Ignore = "ignore",
        /// A missing data point counts as breaching the threshold.
        Breaching = "breaching",
        /// A missing data point counts as within the threshold.
        NotBreaching = "notBreaching",
    }
);

choice!(
    /// The statistics that are no percentiles.
    Plain of cloudwatch::Statistic {
        /// The mean.
        Average = "Average",
        /// The sum.
        Sum = "Sum",
        /// The minimum.
        Minimum = "Minimum",
        /// The maximum.
        Maximum = "Maximum",
        /// The number of data points.
        SampleCount = "SampleCount",
    }
);

/// The threshold of an alarm.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Threshold {
    /// A number.
    Value(f64),
    /// An anomaly detection band: the query with this ID computes it with `ANOMALY_DETECTION_BAND`.
    Band(String),
}

impl Comparison {
    /// `true` if it compares with a band of expected values.
    fn is_to_a_band(self) -> bool {
        matches!(
            self,
            Self::GreaterThanUpperThreshold
                | Self::LessThanLowerThreshold
                | Self::LessThanLowerOrGreaterThanUpperThreshold
        )
    }
}

impl Threshold {
    fn is_a_band(&self) -> bool {
        matches!(self, Self::Band(_))
    }
}

impl From<f64> for Threshold {
    fn from(value: f64) -> Self {
        Self::Value(value)
    }
}
impl From<i32> for Threshold {
    fn from(value: i32) -> Self {
        Self::Value(value.into())
    }
}

/// An alarm that watches a metric, or a metric math expression, and performs actions when it crosses a threshold.
///
/// ```
/// use tenon_resources::cloudwatch::{Alarm, Comparison, Metric};
/// let cpu = Metric::new("AWS/RDS", "CPUUtilization").dimension("DBInstanceIdentifier", "shop");
/// Alarm::new(cpu, Comparison::GreaterThanThreshold, 80).evaluation_periods(3);
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("cloudwatch.alarm", cfn = "AWS::CloudWatch::Alarm")]
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DeleteAlarms.html#API_DeleteAlarms_Errors
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html: "When you update an existing alarm, its state is
// left unchanged, but the update completely overwrites the previous configuration of the alarm", except for tags.
#[facts(gone("ResourceNotFound", "ResourceNotFoundException"), second_create = Overwritten)]
#[create(PutMetricAlarm: cloudwatch, puts, folds, also("cloudwatch:TagResource"), on = "arn:aws:cloudwatch:{region}:{account}:alarm:{id}",
    with(
        namespace: Option<String> = me.metric().map(|m| m.namespace.clone()),
        metric_name: Option<String> = me.metric().map(|m| m.name.clone()),
        dimensions: Option<BTreeMap<String, Input<String>>> = me.metric().map(|m| m.dimensions.clone()).filter(|d| !d.is_empty()),
        period: Option<u32> = me.metric().map(|m| m.period),
        statistic: Option<Plain> = me.metric().and_then(|m| Plain::word(&m.statistic)),
        extended_statistic: Option<String> = me.metric().map(|m| m.statistic.clone()).filter(|s| Plain::word(s).is_none()),
        threshold_metric_id: Option<String> = me.threshold.band()
    ))]
#[delete(DeleteAlarms: cloudwatch, with(alarm_names: Vec<Input<AlarmName>> = vec![this()]), on = "arn:aws:cloudwatch:{region}:{account}:alarm:{id}")]
#[retag(TagResource, UntagResource: cloudwatch, by(resource_arn = "arn"))]
#[sdk(cloudwatch::MetricAlarm)]
pub struct Alarm {
    /// The metric, or the metric math expression, that the alarm watches.
    #[create_with(Option<BTreeMap<String, Query>>, me.queries())]
    #[member(create = "metrics")]
    #[read(measure(item))]
    #[cfn("Metrics")]
    #[sample(
        Metric::new("AWS/ECS", "CPUUtilization").dimension("ClusterName", "shop"),
        Measure::expression("100 * errors / requests")
            .over("errors", Metric::new("Shop", "Errors").statistic("Sum").period(60))
            .over("requests", Metric::new("Shop", "Requests").statistic("Sum").period(60))
    )]
    #[checked(it.findings(field, me.threshold.is_a_band()))]
    pub measure: Measure,
    /// The comparison operator between the metric and the threshold.
    #[member("comparison_operator")]
    #[cfn("ComparisonOperator")]
    #[sample(Comparison::GreaterThanThreshold, Comparison::GreaterThanOrEqualToThreshold)]
    #[wrong_if(it.is_to_a_band() != me.threshold.is_a_band(), "is {it}: that goes with a `threshold` that is a band, and nothing else does")]
    pub comparison: Comparison,
    /// The threshold: a number, or an anomaly detection band.
    #[create_with(Option<f64>, me.threshold.value())]
    #[read(threshold(item))]
    #[sample(80, 0.5)]
    pub threshold: Threshold,
    /// The name, unique in the region.
    #[immutable]
    #[named(max = 255, id, also = "-_./: ()[]#%+=@")]
    pub alarm_name: Option<Input<String>>,
    /// The description: the meaning of the alarm, and how to respond.
    #[default(String::new())]
    #[length(0..=1_024)]
    #[member("alarm_description")]
    #[create_with(Option<String>, Some(me.description.clone()).filter(|d| !d.is_empty()))]
    #[cfn("AlarmDescription")]
    #[sample("More errors than we promise")]
    #[length(0..=1024)]
    pub description: String,
    /// Evaluation periods: the number of most recent periods that the alarm evaluates.
    #[default(1)]
    #[sample(3)]
    #[wrong_if(*it == 0, "is 0, and AWS takes at least 1")]
    pub evaluation_periods: u32,
    /// Datapoints to alarm: the number of these periods that must breach the threshold. Unset: all.
    #[default(None)]
    #[sample(2)]
    #[wrong_if(!(1..=me.evaluation_periods).contains(it), "is {it}, and of {0} periods it takes 1 to {0}", me.evaluation_periods)]
    pub datapoints_to_alarm: Option<u32>,
    /// The treatment of missing data.
    #[default(MissingData::Missing)]
    #[sample(MissingData::NotBreaching)]
    pub treat_missing_data: MissingData,
    /// Actions are performed when the state changes.
    #[default(true)]
    #[sample(false)]
    pub actions_enabled: bool,
    /// Actions when the state becomes `ALARM`: ARNs of topics, scaling policies and the like.
    #[sample(["arn:aws:sns:eu-west-1:111111111111:b"])]
    pub alarm_actions: BTreeSet<Input<Arn>>,
    /// Actions when the state becomes `OK`.
    #[cfn("OKActions")]
    #[sample(["arn:aws:sns:eu-west-1:111111111111:c"])]
    pub ok_actions: BTreeSet<Input<Arn>>,
    /// Actions when the state becomes `INSUFFICIENT_DATA`.
    #[sample(["arn:aws:sns:eu-west-1:111111111111:d"])]
    pub insufficient_data_actions: BTreeSet<Input<Arn>>,
    /// Tags.
    #[read(Tags::default())]
    pub tags: Tags,
}

/// Outputs of an alarm.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct AlarmOutputs {
    /// The name.
    #[shape("{alarm_name}")]
    pub id: AlarmName,
    /// The ARN.
    #[shape("arn:aws:cloudwatch:{region}:{account}:alarm:{id}")]
    pub arn: Arn,
}

impl Lifecycle for Alarm {
    const READ: Read = Read::new(
        "cloudwatch",
        "DescribeAlarms",
        100,
        &["cloudwatch:DescribeAlarms", "cloudwatch:ListTagsForResource"],
    );

    fn create(&self) -> Steps {
        PutMetricAlarm::steps(self)
    }

    fn set(&self, _: &Self, field: AlarmField) -> Steps {
        match field {}
    }

    fn delete(&self) -> Steps {
        DeleteAlarms::steps(self)
    }
}

impl Alarm {
    fn metric(&self) -> Option<&Metric> {
        match &self.measure {
            Measure::Metric(metric) => Some(metric),
            Measure::Queries(_) => None,
        }
    }

    fn queries(&self) -> Option<BTreeMap<String, Query>> {
        match &self.measure {
            Measure::Metric(_) => None,
            Measure::Queries(queries) => Some(queries.clone()),
        }
    }
}

impl Threshold {
    fn value(&self) -> Option<f64> {
        match self {
            Self::Value(value) => Some(*value),
            Self::Band(_) => None,
        }
    }

    fn band(&self) -> Option<String> {
        match self {
            Self::Value(_) => None,
            Self::Band(id) => Some(id.clone()),
        }
    }
}

#[cfg(feature = "aws")]
impl Observe for Alarm {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let mut alarms = vec![];
        let batches: Vec<Option<Vec<String>>> = match by {
            By::Ids(ids) => ids.chunks(100).map(|ids| Some(ids.to_vec())).collect(),
            By::Owner(_) => vec![None],
        };
        for names in batches {
            let pages = pages!(aws.cloudwatch.describe_alarms().set_alarm_names(names));
            let read = aws.all("cloudwatch", "DescribeAlarms", pages).await?;
            alarms.extend(
                read.into_iter()
                    .flat_map(|page| page.metric_alarms.unwrap_or_default()),
            );
        }
        crate::aws::each(alarms, |alarm| async move {
            let mut observed = read(alarm).map_err(broken::<Self>)?;
            let tags = super::tagging::tags_of::<Self>(aws, &observed.outputs.arn.0).await?;
            Ok(tags.map(|tags| {
                observed.inputs.tags = tags;
                observed
            }))
        })
        .await
    }
}

/// The metric or the queries. An alarm that watches neither must not pass for one that does not exist.
#[cfg(feature = "aws")]
fn measure(item: &sdk::cloudwatch::types::MetricAlarm) -> Measure {
    let Some(name) = item.metric_name.clone().filter(|name| !name.is_empty()) else {
        let queries = item.metrics().iter().cloned();
        return Measure::Queries(queries.filter_map(super::metric::query).collect());
    };
    let statistic = item.statistic.as_ref().map(|s| s.as_str().to_owned());
    Measure::Metric(Metric {
        namespace: item.namespace.clone().unwrap_or_default(),
        name,
        dimensions: super::metric::dimensions(item.dimensions.clone()),
        statistic: statistic.or(item.extended_statistic.clone()).unwrap_or_default(),
        period: item.period.and_then(|p| p.try_into().ok()).unwrap_or_default(),
    })
}

#[cfg(feature = "aws")]
fn threshold(item: &sdk::cloudwatch::types::MetricAlarm) -> Threshold {
    match item.threshold_metric_id.clone().filter(|id| !id.is_empty()) {
        Some(id) => Threshold::Band(id),
        None => Threshold::Value(item.threshold.unwrap_or_default()),
    }
}

#[cfg(feature = "aws")]
fn read(item: sdk::cloudwatch::types::MetricAlarm) -> Result<Seen<Alarm>, Missing> {
    let inputs = Alarm::from_sdk(&item)?;
    let id = item.alarm_name.ok_or(Missing("alarm_name"))?;
    Ok(Seen {
        status: Status::Ready,
        inputs,
        outputs: AlarmOutputs {
            id: id.clone().into(),
            arn: item.alarm_arn.unwrap_or_default().into(),
        },
        id,
    })
}
