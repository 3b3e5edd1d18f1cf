//! A parameter group: how a database engine is set up.

use super::{RETAG, retag};
use crate::prelude::*;

id!(
    /// Names a parameter group in its account and region.
    DbParameterGroupName
);

choice!(
    /// When a parameter takes effect.
    ApplyMethod of rds::ApplyMethod {
        /// At once; dynamic parameters only.
        Immediate = "immediate",
        /// When the database is next restarted.
        PendingReboot = "pending-reboot",
    }
);

/// How a database engine is set up. A parameter that is no longer named goes back to the engine's default.
///
/// ```
/// use tenon_resources::rds::DbParameterGroup;
/// DbParameterGroup::new("postgres17", "The shop's database")
///     .parameter("log_min_duration_statement", "500")
///     .parameter_at_reboot("rds.logical_replication", "1");
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("rds.db_parameter_group", cfn = "AWS::RDS::DBParameterGroup")]
pub struct DbParameterGroup {
    /// The engine and its major version: `postgres17`.
    #[immutable]
    pub family: String,
    /// What it is for; AWS keeps it for ever.
    #[immutable]
    pub description: Input<String>,
    /// Its name.
    #[immutable]
    #[named(max = 255, also = "-", lower)]
    #[cfn("DBParameterGroupName")]
    pub db_parameter_group_name: Option<Input<String>>,
    /// Parameters that are not at the engine's default.
    #[default(BTreeMap::new())]
    #[after_create]
    pub parameters: BTreeMap<String, String>,
    /// Those of the parameters that take effect when the database is next restarted: static ones must, dynamic ones may.
    /// The others take effect at once.
    #[default(BTreeSet::new())]
    #[after_create]
    #[write_only]
    #[cfn("")]
    pub at_reboot: BTreeSet<String>,
    /// Tags.
    pub tags: Tags,
}

impl DbParameterGroup {
    /// Sets `name`, at once.
    #[must_use]
    pub fn parameter(mut self, name: &str, value: &str) -> Self {
        self.parameters.insert(name.into(), value.into());
        self.at_reboot.remove(name);
        self
    }

    /// Sets `name` when the database is next restarted.
    #[must_use]
    pub fn parameter_at_reboot(mut self, name: &str, value: &str) -> Self {
        self.parameters.insert(name.into(), value.into());
        self.at_reboot.insert(name.into());
        self
    }

    fn method(&self, name: &str) -> ApplyMethod {
        if self.at_reboot.contains(name) {
            ApplyMethod::PendingReboot
        } else {
            ApplyMethod::Immediate
        }
    }

    fn parameter_of(&self, name: &str) -> Parameter {
        let (name, value) = (name.to_owned(), self.parameters.get(name).cloned());
        Parameter {
            apply_method: self.method(&name),
            name,
            value,
        }
    }

    fn modify(&self, names: &[&String]) -> Steps {
        chunks(names).fold(Steps::none(), |steps, names| {
            let parameters = names.iter().map(|name| self.parameter_of(name)).collect();
            steps
                .then(Steps::update(ModifyDbParameterGroup {
                    db_parameter_group_name: this(),
                    parameters,
                }))
                .retry_on("InvalidDBParameterGroupState", minutes(5))
        })
    }
}

/// One call takes at most 20 parameters (API reference of `ModifyDBParameterGroup`, Parameters).
fn chunks<T>(items: &[T]) -> std::slice::Chunks<'_, T> {
    items.chunks(20)
}

/// What AWS decides.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct DbParameterGroupOutputs {
    /// Its name.
    #[shape("{db_parameter_group_name}")]
    pub id: DbParameterGroupName,
    /// Its ARN.
    #[shape("arn:aws:rds:{region}:{account}:pg:{id}")]
    pub arn: Arn,
}

impl Lifecycle for DbParameterGroup {
    const CALLS: &'static [CallInfo] = &[
        CreateDbParameterGroup::INFO,
        ModifyDbParameterGroup::INFO,
        ResetDbParameterGroup::INFO,
        DeleteDbParameterGroup::INFO,
        RETAG[0],
        RETAG[1],
    ];
    const READ: Read = Read {
        service: "rds",
        operation: "DescribeDBParameterGroups",
        batch: 1,
        actions: &[
            "rds:DescribeDBParameterGroups",
            "rds:DescribeDBParameters",
            "rds:ListTagsForResource",
        ],
    };

    fn identity(&self) -> Identity {
        Identity::named(self.db_parameter_group_name.as_ref())
    }

    fn create(&self) -> Steps {
        Steps::create(CreateDbParameterGroup {
            db_parameter_group_name: self.db_parameter_group_name.clone(),
            db_parameter_group_family: self.family.clone(),
            description: self.description.clone(),
            tags: self.tags.clone(),
        })
    }

    fn set(&self, was: &Self, field: DbParameterGroupField) -> Steps {
        match field {
            DbParameterGroupField::Parameters => {
                let changed: Vec<_> = self
                    .parameters
                    .iter()
                    .filter(|(k, v)| was.parameters.get(*k) != Some(v))
                    .map(|(k, _)| k)
                    .collect();
                let gone: Vec<_> = was
                    .parameters
                    .keys()
                    .filter(|k| !self.parameters.contains_key(*k))
                    .collect();
                chunks(&gone).fold(self.modify(&changed), |steps, names| {
                    let reset = |name: &&String| Parameter {
                        apply_method: was.method(name),
                        name: (*name).clone(),
                        value: None,
                    };
                    steps
                        .then(Steps::update(ResetDbParameterGroup {
                            db_parameter_group_name: this(),
                            parameters: names.iter().map(reset).collect(),
                        }))
                        .retry_on("InvalidDBParameterGroupState", minutes(5))
                })
            }
            // Those whose values change are sent for that; these are sent for when they take effect.
            DbParameterGroupField::AtReboot => {
                let moved = |k: &String, v: &String| {
                    was.parameters.get(k) == Some(v) && was.method(k) != self.method(k)
                };
                let moved: Vec<_> = self
                    .parameters
                    .iter()
                    .filter(|(k, v)| moved(k, v))
                    .map(|(k, _)| k)
                    .collect();
                self.modify(&moved)
            }
            DbParameterGroupField::Tags => retag(&self.tags, &was.tags),
        }
    }

    fn delete(&self) -> Steps {
        Steps::delete(DeleteDbParameterGroup {
            db_parameter_group_name: this(),
        })
        .ok_on("DBParameterGroupNotFound")
        .retry_on("InvalidDBParameterGroupState", minutes(15))
    }

    fn check(&self) -> Vec<String> {
        let strays = self
            .at_reboot
            .iter()
            .filter(|name| !self.parameters.contains_key(*name));
        strays
            .map(|name| format!("`at_reboot` has `{name}`, which is not in `parameters`: set it there"))
            .collect()
    }

    fn samples() -> [Self; 2] {
        [
            Self::new("postgres16", "one")
                .db_parameter_group_name("a")
                .parameter("log_statement", "ddl")
                .tags([("Name", "a")]),
            Self::new("postgres17", "two")
                .db_parameter_group_name("b")
                .parameter("log_min_duration_statement", "500")
                .parameter_at_reboot("rds.logical_replication", "1")
                .tags([("Name", "b")]),
        ]
    }
}

/// A parameter, as a call takes it.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Parameter {
    name: String,
    value: Option<String>,
    apply_method: ApplyMethod,
}

#[cfg(feature = "aws")]
impl crate::aws::ToSdk<sdk::rds::types::Parameter> for Parameter {
    fn to_sdk(self) -> Option<sdk::rds::types::Parameter> {
        let parameter = sdk::rds::types::Parameter::builder().parameter_name(self.name);
        let parameter = parameter.set_parameter_value(self.value);
        Some(parameter.set_apply_method(self.apply_method.to_sdk()).build())
    }
}

#[derive(Call, Serialize, Deserialize)]
#[call(
    rds,
    name = "CreateDBParameterGroup",
    also("rds:AddTagsToResource"),
    on = "arn:aws:rds:{region}:{account}:pg:{id}"
)]
struct CreateDbParameterGroup {
    db_parameter_group_name: Option<Input<String>>,
    db_parameter_group_family: String,
    description: Input<String>,
    tags: Tags,
}

#[derive(Call, Serialize, Deserialize)]
#[call(
    rds,
    name = "ModifyDBParameterGroup",
    on = "arn:aws:rds:{region}:{account}:pg:{id}"
)]
struct ModifyDbParameterGroup {
    db_parameter_group_name: Input<DbParameterGroupName>,
    parameters: Vec<Parameter>,
}

#[derive(Call, Serialize, Deserialize)]
#[call(
    rds,
    name = "ResetDBParameterGroup",
    on = "arn:aws:rds:{region}:{account}:pg:{id}"
)]
struct ResetDbParameterGroup {
    db_parameter_group_name: Input<DbParameterGroupName>,
    parameters: Vec<Parameter>,
}

#[derive(Call, Serialize, Deserialize)]
#[call(
    rds,
    name = "DeleteDBParameterGroup",
    on = "arn:aws:rds:{region}:{account}:pg:{id}"
)]
struct DeleteDbParameterGroup {
    db_parameter_group_name: Input<DbParameterGroupName>,
}

#[cfg(feature = "aws")]
const GONE: &[&str] = &["DBParameterGroupNotFound"];

#[cfg(feature = "aws")]
impl Observe for DbParameterGroup {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let items = match by {
            By::Ids(ids) => {
                let read = crate::aws::each(ids, |id| async move {
                    let request = aws.rds.describe_db_parameter_groups().db_parameter_group_name(id);
                    let pages = items!(request);
                    let found = aws.all("rds", "DescribeDBParameterGroups", pages).await;
                    let found = crate::aws::there(found, GONE)?;
                    Ok(found.and_then(|groups| groups.into_iter().next()))
                });
                read.await?
            }
            By::Owner(_) => {
                let pages = items!(aws.rds.describe_db_parameter_groups());
                let items = aws.all("rds", "DescribeDBParameterGroups", pages).await?;
                // AWS's own are nobody's.
                let own = |name: &String| !name.starts_with("default.");
                items
                    .into_iter()
                    .filter(|i| i.db_parameter_group_name.as_ref().is_some_and(own))
                    .collect()
            }
        };
        crate::aws::each(items, |item| async move {
            let arn = item.db_parameter_group_arn.clone().unwrap_or_default();
            let Some(tags) = super::tags_of(aws, &arn, GONE).await? else {
                return Ok(None);
            };
            if matches!(by, By::Owner(owner) if !owner.owns(&tags)) {
                return Ok(None);
            }
            let request = aws
                .rds
                .describe_db_parameters()
                .set_db_parameter_group_name(item.db_parameter_group_name.clone());
            let pages = items!(request.source("user"));
            match aws.all("rds", "DescribeDBParameters", pages).await {
                Ok(parameters) => Ok(see(item, parameters, tags)),
                Err(error) if GONE.contains(&error.code.as_str()) => Ok(None),
                Err(error) => Err(error),
            }
        })
        .await
    }
}

#[cfg(feature = "aws")]
fn see(
    item: sdk::rds::types::DbParameterGroup,
    parameters: Vec<sdk::rds::types::Parameter>,
    tags: Tags,
) -> Option<Seen<DbParameterGroup>> {
    let id = item.db_parameter_group_name?;
    let reboot = |p: &&sdk::rds::types::Parameter| {
        p.apply_method
            .as_ref()
            .is_some_and(|m| m.as_str() == "pending-reboot")
    };
    Some(Seen {
        status: Status::Ready,
        inputs: DbParameterGroup {
            family: item.db_parameter_group_family.unwrap_or_default(),
            description: Input::Known(item.description.unwrap_or_default()),
            db_parameter_group_name: Some(Input::Known(id.clone())),
            at_reboot: parameters
                .iter()
                .filter(reboot)
                .filter_map(|p| p.parameter_name.clone())
                .collect(),
            parameters: parameters
                .into_iter()
                .filter_map(|p| Some((p.parameter_name?, p.parameter_value?)))
                .collect(),
            tags,
        },
        outputs: DbParameterGroupOutputs {
            id: id.clone().into(),
            arn: item.db_parameter_group_arn.unwrap_or_default().into(),
        },
        id,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_longer_named_is_reset_and_no_call_takes_more_than_20() {
        let was = (0..25).fold(DbParameterGroup::new("postgres17", "x"), |g, i| {
            g.parameter(&format!("p{i:02}"), "1")
        });
        let now = was
            .clone()
            .parameter_at_reboot("p00", "1")
            .parameter("p01", "2")
            .parameters([])
            .parameter("q", "1");
        let calls = |steps: Steps| {
            let call = |s: &crate::call::Step| {
                (
                    s.operation.clone(),
                    s.params["parameters"].as_array().map_or(0, Vec::len),
                )
            };
            steps.0.iter().map(call).collect::<Vec<_>>()
        };
        assert_eq!(
            calls(now.set(&was, DbParameterGroupField::Parameters)),
            [
                ("ModifyDBParameterGroup".to_owned(), 1),
                ("ResetDBParameterGroup".to_owned(), 20),
                ("ResetDBParameterGroup".to_owned(), 5)
            ]
        );
        let later = was
            .clone()
            .parameter_at_reboot("p00", "1")
            .parameter_at_reboot("p01", "2");
        assert_eq!(
            calls(later.set(&was, DbParameterGroupField::AtReboot)),
            [("ModifyDBParameterGroup".to_owned(), 1)]
        );
    }
}
