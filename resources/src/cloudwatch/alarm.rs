//! An alarm: what happens when a metric is where it should not be.

use super::{Measure, Metric, Query, RETAG, retag};
use crate::{choice, prelude::*};

id!(
    /// Names an alarm, such as `shop-prod-errors-1a2b3c`.
    AlarmName
);

choice!(
    /// How the measure is compared with the threshold. The last three are for a band of an anomaly detector.
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
    /// What a period without data means.
    MissingData {
        /// The alarm has too little data.
        Missing = "missing",
        /// The alarm stays as it is.
        Ignore = "ignore",
        /// As if the threshold was crossed.
        Breaching = "breaching",
        /// As if it was not.
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
        /// The least.
        Minimum = "Minimum",
        /// The greatest.
        Maximum = "Maximum",
        /// How many values there are.
        SampleCount = "SampleCount",
    }
);

/// Where the line is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Threshold {
    /// At a number.
    Value(f64),
    /// At the edge of the band that the query with this id computes with `ANOMALY_DETECTION_BAND`.
    Band(String),
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

/// Watches a metric, or an expression over several, and acts when it crosses a line.
///
/// ```
/// use tenon_resources::cloudwatch::{Alarm, Comparison, Metric};
/// let cpu = Metric::new("AWS/RDS", "CPUUtilization").dimension("DBInstanceIdentifier", "shop");
/// Alarm::new(cpu, Comparison::GreaterThanThreshold, 80).evaluation_periods(3u32);
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("cloudwatch.alarm", cfn = "AWS::CloudWatch::Alarm")]
pub struct Alarm {
    /// What it looks at.
    #[cfn("Metrics")]
    pub measure: Measure,
    /// How that is compared with the threshold.
    #[cfn("ComparisonOperator")]
    pub comparison: Comparison,
    /// Where the line is.
    pub threshold: Threshold,
    /// Its name, unique in the region.
    #[immutable]
    #[named(max = 255, also = "-_./: ()[]#%+=@")]
    pub alarm_name: Option<Input<String>>,
    /// What it means and what to do then.
    #[default(String::new())]
    #[cfn("AlarmDescription")]
    pub description: String,
    /// How many of the last periods are looked at.
    #[default(1)]
    pub evaluation_periods: u32,
    /// How many of them must be across the line; unset: all.
    #[default(None)]
    pub datapoints_to_alarm: Option<u32>,
    /// What a period without data means.
    #[default(MissingData::Missing)]
    pub treat_missing_data: MissingData,
    /// Whether it acts at all.
    #[default(true)]
    pub actions_enabled: bool,
    /// What is told when the line is crossed: ARNs of topics, scaling policies and the like.
    pub alarm_actions: BTreeSet<Input<Arn>>,
    /// What is told when all is well again.
    #[cfn("OKActions")]
    pub ok_actions: BTreeSet<Input<Arn>>,
    /// What is told when there is too little data.
    pub insufficient_data_actions: BTreeSet<Input<Arn>>,
    /// Tags.
    pub tags: Tags,
}

/// What AWS decides.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct AlarmOutputs {
    /// Its name.
    #[shape("{alarm_name}")]
    pub id: AlarmName,
    /// Its ARN.
    #[shape("arn:aws:cloudwatch:{region}:{account}:alarm:{id}")]
    pub arn: Arn,
}

impl Lifecycle for Alarm {
    const CALLS: &'static [CallInfo] = &[PutMetricAlarm::INFO, RETAG[0], RETAG[1], DeleteAlarms::INFO];
    const READ: Read = Read {
        service: "cloudwatch",
        operation: "DescribeAlarms",
        batch: 100,
        actions: &["cloudwatch:DescribeAlarms", "cloudwatch:ListTagsForResource"],
    };

    fn identity(&self) -> Identity {
        Identity::named(self.alarm_name.as_ref())
    }

    fn create(&self) -> Steps {
        Steps::create(PutMetricAlarm {
            tags: Some(self.tags.clone()),
            ..self.put()
        })
    }

    fn set(&self, was: &Self, field: AlarmField) -> Steps {
        match field {
            // The call says everything, and what it does not say is reset.
            AlarmField::Measure
            | AlarmField::Comparison
            | AlarmField::Threshold
            | AlarmField::Description
            | AlarmField::EvaluationPeriods
            | AlarmField::DatapointsToAlarm
            | AlarmField::TreatMissingData
            | AlarmField::ActionsEnabled
            | AlarmField::AlarmActions
            | AlarmField::OkActions
            | AlarmField::InsufficientDataActions => Steps::update(self.put()),
            // On an alarm that exists, PutMetricAlarm ignores tags: its reference says so.
            AlarmField::Tags => retag(&self.tags, &was.tags),
        }
    }

    fn delete(&self) -> Steps {
        Steps::delete(DeleteAlarms {
            alarm_names: vec![this()],
        })
        .ok_on("ResourceNotFound")
        .ok_on("ResourceNotFoundException")
    }

    fn check(&self) -> Vec<String> {
        let mut findings = vec![];
        let periods = self.evaluation_periods;
        if let Some(points) = self.datapoints_to_alarm
            && !(1..=periods).contains(&points)
        {
            findings.push(format!(
                "`datapoints_to_alarm` is {points}, and of {periods} periods it takes 1 to {periods}"
            ));
        }
        if periods == 0 {
            findings.push("`evaluation_periods` is 0, and AWS takes at least 1".into());
        }
        let bad_period = |p: u32| !matches!(p, 10 | 20 | 30) && (p == 0 || !p.is_multiple_of(60));
        let mut metrics = vec![];
        match &self.measure {
            Measure::Metric(metric) => metrics.push(metric),
            Measure::Queries(queries) => {
                metrics.extend(queries.values().filter_map(|q| q.metric.as_ref()));
                let returned = queries.values().filter(|q| q.return_data).count();
                let band = matches!(self.threshold, Threshold::Band(_));
                if returned != 1 && !band {
                    findings.push(format!(
                        "`measure` returns the data of {returned} queries, and an alarm looks at one"
                    ));
                }
                if let Some(id) = queries
                    .keys()
                    .find(|id| !id.starts_with(|c: char| c.is_ascii_lowercase()))
                {
                    findings.push(format!(
                        "`measure` has a query `{id}`: begin its id with a lower-case letter"
                    ));
                }
            }
        }
        if let Some(metric) = metrics.into_iter().find(|m| bad_period(m.period)) {
            let Metric { name, period, .. } = metric;
            findings.push(format!(
                "`measure` has `{name}` over {period} s, and AWS takes 10, 20, 30 or a multiple of 60"
            ));
        }
        let banded = matches!(
            self.comparison,
            Comparison::GreaterThanUpperThreshold
                | Comparison::LessThanLowerThreshold
                | Comparison::LessThanLowerOrGreaterThanUpperThreshold
        );
        if banded != matches!(self.threshold, Threshold::Band(_)) {
            let word = self.comparison;
            findings.push(format!(
                "`comparison` is {word}: that goes with a `threshold` that is a band, and nothing else does"
            ));
        }
        findings
    }

    fn samples() -> [Self; 2] {
        let cpu = Metric::new("AWS/ECS", "CPUUtilization").dimension("ClusterName", "shop");
        let rate = Measure::expression("100 * errors / requests")
            .over(
                "errors",
                Metric::new("Shop", "Errors").statistic("Sum").period(60),
            )
            .over(
                "requests",
                Metric::new("Shop", "Requests").statistic("Sum").period(60),
            );
        [
            Self::new(cpu, Comparison::GreaterThanThreshold, 80)
                .alarm_name("a")
                .tags([("Name", "a")]),
            Self::new(rate, Comparison::GreaterThanOrEqualToThreshold, 0.5)
                .alarm_name("b")
                .description("More errors than we promise")
                .evaluation_periods(3u32)
                .datapoints_to_alarm(2u32)
                .treat_missing_data(MissingData::NotBreaching)
                .actions_enabled(false)
                .alarm_actions(["arn:aws:sns:eu-west-1:111111111111:b"])
                .ok_actions(["arn:aws:sns:eu-west-1:111111111111:c"])
                .insufficient_data_actions(["arn:aws:sns:eu-west-1:111111111111:d"])
                .tags([("Name", "b")]),
        ]
    }
}

impl Alarm {
    fn put(&self) -> PutMetricAlarm {
        let (metric, metrics) = match &self.measure {
            Measure::Metric(metric) => (Some(metric), None),
            Measure::Queries(queries) => (None, Some(queries.clone())),
        };
        let statistic = metric.and_then(|m| Plain::word(&m.statistic));
        let (threshold, threshold_metric_id) = match &self.threshold {
            Threshold::Value(value) => (Some(*value), None),
            Threshold::Band(id) => (None, Some(id.clone())),
        };
        PutMetricAlarm {
            alarm_name: self.alarm_name.clone(),
            alarm_description: Some(self.description.clone()).filter(|d| !d.is_empty()),
            namespace: metric.map(|m| m.namespace.clone()),
            metric_name: metric.map(|m| m.name.clone()),
            dimensions: metric.map(|m| m.dimensions.clone()).filter(|d| !d.is_empty()),
            period: metric.map(|m| m.period),
            statistic,
            extended_statistic: metric
                .filter(|_| statistic.is_none())
                .map(|m| m.statistic.clone()),
            metrics,
            comparison_operator: self.comparison,
            threshold,
            threshold_metric_id,
            evaluation_periods: self.evaluation_periods,
            datapoints_to_alarm: self.datapoints_to_alarm,
            treat_missing_data: self.treat_missing_data,
            actions_enabled: self.actions_enabled,
            alarm_actions: self.alarm_actions.clone(),
            ok_actions: self.ok_actions.clone(),
            insufficient_data_actions: self.insufficient_data_actions.clone(),
            tags: None,
        }
    }
}

#[derive(Call, Serialize, Deserialize)]
#[call(
    cloudwatch,
    folds,
    also("cloudwatch:TagResource"),
    on = "arn:aws:cloudwatch:{region}:{account}:alarm:{id}"
)]
struct PutMetricAlarm {
    alarm_name: Option<Input<String>>,
    alarm_description: Option<String>,
    namespace: Option<String>,
    metric_name: Option<String>,
    dimensions: Option<BTreeMap<String, Input<String>>>,
    period: Option<u32>,
    statistic: Option<Plain>,
    extended_statistic: Option<String>,
    metrics: Option<BTreeMap<String, Query>>,
    comparison_operator: Comparison,
    threshold: Option<f64>,
    threshold_metric_id: Option<String>,
    evaluation_periods: u32,
    datapoints_to_alarm: Option<u32>,
    treat_missing_data: MissingData,
    actions_enabled: bool,
    alarm_actions: BTreeSet<Input<Arn>>,
    ok_actions: BTreeSet<Input<Arn>>,
    insufficient_data_actions: BTreeSet<Input<Arn>>,
    tags: Option<Tags>,
}

#[derive(Call, Serialize, Deserialize)]
#[call(cloudwatch, on = "arn:aws:cloudwatch:{region}:{account}:alarm:{id}")]
struct DeleteAlarms {
    alarm_names: Vec<Input<AlarmName>>,
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
            let arn = alarm.alarm_arn.clone().unwrap_or_default();
            let Some(tags) = super::tagging::tags_of(aws, &arn).await? else {
                return Ok(None);
            };
            Ok(see(alarm, tags))
        })
        .await
    }
}

#[cfg(feature = "aws")]
fn see(alarm: sdk::cloudwatch::types::MetricAlarm, tags: Tags) -> Option<Seen<Alarm>> {
    let name = alarm.alarm_name?;
    let some = |text: Option<String>| text.filter(|t| !t.is_empty());
    // An alarm that looks at something else must not pass for one that is gone.
    let measure = if let Some(name) = some(alarm.metric_name) {
        Measure::Metric(Metric {
            namespace: alarm.namespace.unwrap_or_default(),
            name,
            dimensions: super::metric::dimensions(alarm.dimensions),
            statistic: alarm
                .statistic
                .map(|s| s.as_str().to_owned())
                .or(alarm.extended_statistic)
                .unwrap_or_default(),
            period: alarm.period.and_then(|p| p.try_into().ok()).unwrap_or_default(),
        })
    } else {
        let queries = alarm.metrics.into_iter().flatten();
        Measure::Queries(queries.filter_map(super::metric::query).collect())
    };
    let arns = |list: Option<Vec<String>>| {
        list.into_iter()
            .flatten()
            .map(|a| Input::Known(a.into()))
            .collect()
    };
    let missing = alarm.treat_missing_data.as_deref().and_then(MissingData::word);
    Some(Seen {
        status: Status::Ready,
        inputs: Alarm {
            measure,
            comparison: Comparison::word(alarm.comparison_operator?.as_str())?,
            threshold: match some(alarm.threshold_metric_id) {
                Some(id) => Threshold::Band(id),
                None => Threshold::Value(alarm.threshold.unwrap_or_default()),
            },
            alarm_name: Some(Input::Known(name.clone())),
            description: alarm.alarm_description.unwrap_or_default(),
            evaluation_periods: alarm
                .evaluation_periods
                .and_then(|n| n.try_into().ok())
                .unwrap_or(1),
            datapoints_to_alarm: alarm.datapoints_to_alarm.and_then(|n| n.try_into().ok()),
            treat_missing_data: missing.unwrap_or(MissingData::Missing),
            actions_enabled: alarm.actions_enabled.unwrap_or(true),
            alarm_actions: arns(alarm.alarm_actions),
            ok_actions: arns(alarm.ok_actions),
            insufficient_data_actions: arns(alarm.insufficient_data_actions),
            tags,
        },
        outputs: AlarmOutputs {
            id: name.clone().into(),
            arn: alarm.alarm_arn.unwrap_or_default().into(),
        },
        id: name,
    })
}
