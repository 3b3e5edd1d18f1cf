//! A dashboard: metrics, alarms and text on one page.

use super::{RETAG, Widget, retag};
use crate::prelude::*;

id!(
    /// Names a dashboard.
    DashboardName
);

/// Metrics, alarms and text on one page of the console. Compared as meaning: the shorthand of metrics, their defaults and the
/// order of their dimensions are no differences.
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
pub struct Dashboard {
    /// Its name, unique in the account.
    #[immutable]
    #[named(max = 255, also = "-_")]
    pub dashboard_name: Option<Input<String>>,
    /// What is on it, in reading order.
    #[cfn("DashboardBody")]
    pub widgets: Vec<Widget>,
    /// How far back it looks at first, such as `-PT8H`; unset: what the console does.
    #[default(None)]
    #[cfn("")]
    pub start: Option<String>,
    /// Tags.
    pub tags: Tags,
}

/// What AWS decides.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct DashboardOutputs {
    /// Its name.
    #[shape("{dashboard_name}")]
    pub id: DashboardName,
    /// Its ARN.
    #[shape("arn:aws:cloudwatch::{account}:dashboard/{id}")]
    pub arn: Arn,
}

impl Lifecycle for Dashboard {
    const CALLS: &'static [CallInfo] = &[PutDashboard::INFO, RETAG[0], RETAG[1], DeleteDashboards::INFO];
    const READ: Read = Read {
        service: "cloudwatch",
        operation: "GetDashboard",
        batch: 1,
        actions: &[
            "cloudwatch:GetDashboard",
            "cloudwatch:ListDashboards",
            "cloudwatch:ListTagsForResource",
        ],
    };

    fn identity(&self) -> Identity {
        Identity::named(self.dashboard_name.as_ref())
    }

    fn create(&self) -> Steps {
        Steps::create(PutDashboard {
            tags: Some(self.tags.clone()),
            ..self.put()
        })
    }

    fn set(&self, was: &Self, field: DashboardField) -> Steps {
        match field {
            DashboardField::Widgets | DashboardField::Start => Steps::update(self.put()),
            DashboardField::Tags => retag(&self.tags, &was.tags),
        }
    }

    fn delete(&self) -> Steps {
        Steps::delete(DeleteDashboards {
            dashboard_names: vec![this()],
        })
        .ok_on("ResourceNotFound")
        .ok_on("DashboardNotFoundError")
    }

    fn check(&self) -> Vec<String> {
        let mut findings = vec![];
        if self.widgets.len() > 500 {
            findings.push(format!(
                "`widgets` has {} widgets, and AWS takes at most 500",
                self.widgets.len()
            ));
        }
        for widget in &self.widgets {
            let right = widget.position.map_or(0, |(x, _)| x) + widget.width;
            if widget.width == 0 || right > 24 {
                findings.push(format!(
                    "`widgets` has one that ends at column {right}, and a dashboard has 24"
                ));
            }
        }
        findings
    }

    fn samples() -> [Self; 2] {
        let cpu = super::Metric::new("AWS/ECS", "CPUUtilization").dimension("ClusterName", "shop");
        [
            Self::new()
                .dashboard_name("a")
                .widgets([Widget::text("# Shop")])
                .tags([("Name", "a")]),
            Self::new()
                .dashboard_name("b")
                .widgets([
                    Widget::metrics("eu-west-1", "CPU", [cpu]).mark(80.0, "too much"),
                    Widget::alarms("Alarms", ["arn:aws:cloudwatch:eu-west-1:111111111111:alarm:b"]),
                ])
                .start("-PT8H")
                .tags([("Name", "b")]),
        ]
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
    fn put(&self) -> PutDashboard {
        PutDashboard {
            dashboard_name: self.dashboard_name.clone(),
            dashboard_body: Body {
                start: self.start.clone(),
                widgets: self.widgets.clone(),
            },
            tags: None,
        }
    }
}

#[derive(Call, Serialize, Deserialize)]
#[call(
    cloudwatch,
    folds,
    also("cloudwatch:TagResource"),
    on = "arn:aws:cloudwatch::{account}:dashboard/{id}"
)]
struct PutDashboard {
    dashboard_name: Option<Input<String>>,
    dashboard_body: Body,
    tags: Option<Tags>,
}

#[derive(Call, Serialize, Deserialize)]
#[call(cloudwatch, on = "arn:aws:cloudwatch::{account}:dashboard/{id}")]
struct DeleteDashboards {
    dashboard_names: Vec<Input<DashboardName>>,
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
            let gone = [
                "ResourceNotFound",
                "DashboardNotFoundError",
                "ResourceNotFoundException",
            ];
            let Some(reply) = crate::aws::present("cloudwatch", "GetDashboard", reply, &gone)? else {
                return Ok(None);
            };
            let arn = reply.dashboard_arn.unwrap_or_default();
            let tags = super::tagging::tags_of(aws, &arn).await?.unwrap_or_default();
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
