//! A DB parameter group.

use crate::prelude::*;

id!(
    /// A DB parameter group's name, unique in its account and region.
    DbParameterGroupName
);

choice!(
    /// The time when a parameter takes effect.
    ApplyMethod of rds::ApplyMethod {
        /// At once; dynamic parameters only.
        Immediate = "immediate",
        /// When the database instance is next rebooted.
        PendingReboot = "pending-reboot",
    }
);

/// A DB parameter group: settings of a database engine. A parameter that is no longer named goes back to the engine's default.
///
/// ```
/// use tenon_resources::rds::DbParameterGroup;
/// DbParameterGroup::new("postgres17", "The shop's database")
///     .parameter("log_min_duration_statement", "500")
///     .parameter_at_reboot("rds.logical_replication", "1");
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("rds.db_parameter_group", cfn = "AWS::RDS::DBParameterGroup")]
// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBParameterGroup.html#API_CreateDBParameterGroup_Errors
// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DeleteDBParameterGroup.html#API_DeleteDBParameterGroup_Errors
#[facts(
    gone("DBParameterGroupNotFound"),
    in_use("InvalidDBParameterGroupState", 900),
    second_create = Refused("DBParameterGroupAlreadyExists")
)]
#[create(CreateDbParameterGroup: rds, name = "CreateDBParameterGroup", also("rds:AddTagsToResource"), on = "arn:aws:rds:{region}:{account}:pg:{id}")]
#[delete(DeleteDbParameterGroup: rds, name = "DeleteDBParameterGroup", by(db_parameter_group_name), on = "arn:aws:rds:{region}:{account}:pg:{id}")]
#[retag(AddTagsToResource, RemoveTagsFromResource: rds, by(resource_name = "arn"))]
#[calls(ModifyDbParameterGroup, ResetDbParameterGroup)]
#[sdk(rds::DbParameterGroup)]
pub struct DbParameterGroup {
    /// The parameter group family: the engine and its major version, such as `postgres17`.
    #[immutable]
    #[member("db_parameter_group_family")]
    #[sample("postgres16", "postgres17")]
    pub family: String,
    /// The description.
    #[immutable]
    #[sample("one", "two")]
    pub description: Input<String>,
    /// The name.
    #[immutable]
    // https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBParameterGroup.html: `DBParameterGroupName`.
    #[named(max = 255, id, also = "-", lower, pattern = "[a-z](?:-?[a-z0-9])*")]
    #[cfn("DBParameterGroupName")]
    pub db_parameter_group_name: Option<Input<String>>,
    /// Parameters that are not at the engine's default.
    #[default(BTreeMap::new())]
    #[after_create]
    #[read(BTreeMap::new())]
    #[sample(
        BTreeMap::from([("log_statement".to_owned(), "ddl".to_owned())]),
        BTreeMap::from([("log_min_duration_statement".to_owned(), "500".to_owned()), ("rds.logical_replication".to_owned(), "1".to_owned())])
    )]
    pub parameters: BTreeMap<String, String>,
    /// Parameters that take effect when the database instance is next rebooted: static ones must, dynamic ones may. The others take effect
    /// at once.
    #[default(BTreeSet::new())]
    #[after_create]
    #[write_only]
    #[cfn("")]
    #[sample(["rds.logical_replication"])]
    #[checked(me.strays().map(|name| format!("`{field}` has `{name}`, which is not in `parameters`: set it there")))]
    pub at_reboot: BTreeSet<String>,
    /// Tags.
    #[read(Tags::default())]
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

    /// Sets `name` when the database instance is next rebooted.
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

    /// The names at reboot that have no value.
    fn strays(&self) -> impl Iterator<Item = &String> {
        self.at_reboot
            .iter()
            .filter(|name| !self.parameters.contains_key(*name))
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

/// Chunks of 20 parameters, the most that a call takes (API reference of `ModifyDBParameterGroup`, Parameters).
fn chunks<T>(items: &[T]) -> std::slice::Chunks<'_, T> {
    items.chunks(20)
}

/// Outputs of a DB parameter group.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct DbParameterGroupOutputs {
    /// The name.
    #[shape("{db_parameter_group_name}")]
    pub id: DbParameterGroupName,
    /// The ARN.
    #[shape("arn:aws:rds:{region}:{account}:pg:{id}")]
    pub arn: Arn,
}

impl Lifecycle for DbParameterGroup {
    const READ: Read = Read::new(
        "rds",
        "DescribeDBParameterGroups",
        1,
        &[
            "rds:DescribeDBParameterGroups",
            "rds:DescribeDBParameters",
            "rds:ListTagsForResource",
        ],
    );

    fn create(&self) -> Steps {
        CreateDbParameterGroup::steps(self)
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
        }
    }

    fn delete(&self) -> Steps {
        DeleteDbParameterGroup::steps(self)
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

#[cfg(feature = "aws")]
impl Observe for DbParameterGroup {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        use crate::aws::{gone, there};
        let items = match by {
            By::Ids(ids) => {
                let read = crate::aws::each(ids, |id| async move {
                    let request = aws.rds.describe_db_parameter_groups().db_parameter_group_name(id);
                    let pages = items!(request);
                    let found = aws.all("rds", "DescribeDBParameterGroups", pages).await;
                    let found = there(found, gone::<Self>())?;
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
            let mut observed = read(item).map_err(broken::<Self>)?;
            let tags = super::tagging::tags_of::<Self>(aws, &observed.outputs.arn.0).await?;
            let Some(tags) = tags.filter(|tags| !matches!(by, By::Owner(owner) if !owner.owns(tags))) else {
                return Ok(None);
            };
            let request = aws
                .rds
                .describe_db_parameters()
                .db_parameter_group_name(&observed.id);
            let parameters = aws.all("rds", "DescribeDBParameters", items!(request.source("user")));
            let Some(parameters) = there(parameters.await, gone::<Self>())? else {
                return Ok(None);
            };
            let reboot = Some(sdk::rds::types::ApplyMethod::PendingReboot);
            let inputs = &mut observed.inputs;
            inputs.tags = tags;
            for parameter in parameters {
                let Some(name) = parameter.parameter_name else {
                    continue;
                };
                if parameter.apply_method == reboot {
                    inputs.at_reboot.insert(name.clone());
                }
                if let Some(value) = parameter.parameter_value {
                    inputs.parameters.insert(name, value);
                }
            }
            Ok(Some(observed))
        })
        .await
    }
}

#[cfg(feature = "aws")]
fn read(item: sdk::rds::types::DbParameterGroup) -> Result<Seen<DbParameterGroup>, Missing> {
    let inputs = DbParameterGroup::from_sdk(&item)?;
    let id = item
        .db_parameter_group_name
        .ok_or(Missing("db_parameter_group_name"))?;
    Ok(Seen {
        status: Status::Ready,
        inputs,
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
                    s.operation.to_string(),
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
