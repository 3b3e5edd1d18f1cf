//! A dashboard: metrics, alarms and text on one page.

use super::{Metric, Widget};
use crate::prelude::*;

id!(
    /// A dashboard's name.
    DashboardName
);

/// A dashboard: metrics, alarms and text on one page of the console. Dashboards are compared by their meaning: the shorthand of metrics,
/// their defaults and the order of their dimensions are no differences.
///
/// ```
/// use tenon_resources::{cloudwatch::{Dashboard, Metric, Widget}, value::here};
/// Dashboard::new().widgets([
///     Widget::text("# The shop").size(24, 1),
///     Widget::metrics(&here::region(), "Orders", [Metric::new("Shop", "Orders").statistic("Sum")]),
/// ]);
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("cloudwatch.dashboard", cfn = "AWS::CloudWatch::Dashboard")]
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DeleteDashboards.html#API_DeleteDashboards_Errors
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutDashboard.html: "If you update a dashboard, the entire contents are
// replaced with what you specify here."
#[facts(
    gone("ResourceNotFound", "DashboardNotFoundError", "ResourceNotFoundException"),
    second_create = Overwritten
)]
#[create(PutDashboard: cloudwatch, puts, folds, also("cloudwatch:TagResource"), on = "arn:aws:cloudwatch::{account}:dashboard/{id}",
    with(dashboard_body: Body = me.body()))]
#[delete(DeleteDashboards: cloudwatch, with(dashboard_names: Vec<Input<DashboardName>> = vec![this()]), on = "arn:aws:cloudwatch::{account}:dashboard/{id}")]
#[retag(TagResource, UntagResource: cloudwatch, by(resource_arn = "arn"))]
pub struct Dashboard {
    /// The name, unique in the account.
    #[immutable]
    #[named(max = 255, id, also = "-_")]
    pub dashboard_name: Option<Input<String>>,
    /// The widgets, in reading order.
    #[member("")]
    #[cfn("DashboardBody")]
    #[sample(
        [Widget::text("# Shop")],
        [
            Widget::metrics("eu-west-1", "CPU", [Metric::new("AWS/ECS", "CPUUtilization").dimension("ClusterName", "shop")])
                .mark(80.0, "too much"),
            Widget::alarms("Alarms", ["arn:aws:cloudwatch:eu-west-1:111111111111:alarm:b"])
        ]
    )]
    #[wrong_if(it.len() > 500, "has {} widgets, and AWS takes at most 500", it.len())]
    #[checked(it.iter().filter_map(|widget| widget.finding(field)))]
    pub widgets: Vec<Widget>,
    /// The start of the time range that is shown at first, such as `-PT8H`. Unset: the console's default.
    #[default(None)]
    #[member("")]
    #[cfn("")]
    #[sample("-PT8H")]
    pub start: Option<String>,
    /// Tags.
    pub tags: Tags,
}

/// Outputs of a dashboard.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct DashboardOutputs {
    /// The name.
    #[shape("{dashboard_name}")]
    pub id: DashboardName,
    /// The ARN.
    #[shape("arn:aws:cloudwatch::{account}:dashboard/{id}")]
    pub arn: Arn,
}

impl Lifecycle for Dashboard {
    const READ: Read = Read::new(
        "cloudwatch",
        "GetDashboard",
        1,
        &[
            "cloudwatch:GetDashboard",
            "cloudwatch:ListDashboards",
            "cloudwatch:ListTagsForResource",
        ],
    );

    fn create(&self) -> Steps {
        PutDashboard::steps(self)
    }

    fn set(&self, _: &Self, field: DashboardField) -> Steps {
        match field {}
    }

    fn delete(&self) -> Steps {
        DeleteDashboards::steps(self)
    }
}

/// The document that describes a dashboard; it is text on the wire.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Body {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    start: Option<String>,
    #[serde(default)]
    widgets: Vec<Widget>,
}

#[cfg(feature = "aws")]
impl crate::aws::ToSdk<String> for Body {
    fn to_sdk(self) -> Option<String> {
        serde_json::to_string(&self).ok()
    }
}

impl Dashboard {
    fn body(&self) -> Body {
        Body {
            start: self.start.clone(),
            widgets: self.widgets.clone(),
        }
    }
}

#[cfg(feature = "aws")]
impl Observe for Dashboard {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let names = match by {
            By::Ids(ids) => ids.to_vec(),
            By::Owner(_) => {
                let pages = items!(aws.cloudwatch.list_dashboards());
                let entries = aws.all("cloudwatch", "ListDashboards", pages).await?;
                entries.into_iter().filter_map(|e| e.dashboard_name).collect()
            }
        };
        crate::aws::each(names, |name| async move {
            let reply = aws.cloudwatch.get_dashboard().dashboard_name(&name).send().await;
            let gone = crate::aws::gone::<Self>();
            let Some(reply) = crate::aws::present("cloudwatch", "GetDashboard", reply, gone)? else {
                return Ok(None);
            };
            let arn = reply.dashboard_arn.unwrap_or_default();
            let tags = super::tagging::tags_of::<Self>(aws, &arn)
                .await?
                .unwrap_or_default();
            let garbled = |e: serde_json::Error| {
                CallError::unknown("cloudwatch", "GetDashboard", CallError::GARBLED, e.to_string())
            };
            let body: Body =
                serde_json::from_str(&reply.dashboard_body.unwrap_or_default()).map_err(garbled)?;
            Ok(Some(Seen {
                status: Status::Ready,
                inputs: Self {
                    dashboard_name: Some(Input::Known(name.clone())),
                    widgets: body.widgets,
                    start: body.start,
                    tags,
                },
                outputs: DashboardOutputs {
                    id: name.clone().into(),
                    arn: arn.into(),
                },
                id: name,
            }))
        })
        .await
    }
}
