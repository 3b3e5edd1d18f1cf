//! A hosted zone.

use crate::{ec2::VpcId, prelude::*, value::Region};

id!(
    /// A hosted zone's ID, such as `Z0123456789ABCDEFGHIJ`.
    ZoneId
);

/// A VPC whose queries a private hosted zone answers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ZoneVpc {
    /// The VPC.
    pub vpc: Input<VpcId>,
    /// The region of the VPC.
    pub region: Input<Region>,
}

impl ZoneVpc {
    /// The VPC `vpc` in `region`.
    pub fn new(vpc: impl IntoInput<VpcId>, region: impl IntoInput<Region>) -> Self {
        Self {
            vpc: vpc.into_input(),
            region: region.into_input(),
        }
    }
}

/// A hosted zone: Route 53 answers for one domain, to everyone (public) or to the queries of VPCs (private).
///
/// ```
/// use tenon_resources::{route53::{Zone, ZoneVpc}, value::here};
/// Zone::new("example.com").comment("The shop");
/// Zone::new("shop.internal").vpcs([ZoneVpc::new("vpc-1", &here::region())]);
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("route53.zone", cfn = "AWS::Route53::HostedZone", stateful, by_token)]
// https://docs.aws.amazon.com/Route53/latest/APIReference/API_DeleteHostedZone.html#API_DeleteHostedZone_Errors
// https://docs.aws.amazon.com/Route53/latest/APIReference/API_CreateHostedZone.html: a name may be used again, a caller reference may not.
#[facts(gone("NoSuchHostedZone"), in_use("HostedZoneNotEmpty", 120), second_create = Another, exists("HostedZoneAlreadyExists"))]
#[create(CreateHostedZone: route53, id = plain_id(&o.hosted_zone?.id), also("ec2:DescribeVpcs"),
    with(
        caller_reference: Token = Token::Fill,
        hosted_zone_config: Comment = me.config(),
        vpc: Option<ZoneVpc> = me.vpcs.iter().next().cloned()
    ))]
#[update(UpdateHostedZoneComment: route53, by(id), on = "arn:aws:route53:::hostedzone/{id}")]
#[delete(DeleteHostedZone: route53, by(id), on = "arn:aws:route53:::hostedzone/{id}", rules(.retry_on("PriorRequestNotComplete", minutes(5))))]
#[retag(retag)]
#[calls(
    ChangeTagsForResource,
    AssociateVpcWithHostedZone,
    DisassociateVpcFromHostedZone
)]
pub struct Zone {
    /// The domain name, without a dot at its end.
    #[immutable]
    #[sample("a.example", "b.example")]
    #[length(1..=1024)]
    pub name: Input<String>,
    /// The comment.
    #[default(String::new())]
    #[length(0..=256)]
    #[member(create = "")]
    #[cfn("HostedZoneConfig")]
    #[sample("The shop")]
    pub comment: String,
    /// The VPCs of a private hosted zone; a hosted zone without VPCs is public. A private hosted zone keeps at least one VPC, and a public
    /// one cannot become private.
    #[by_hand]
    #[member("")]
    #[cfn("VPCs")]
    #[sample([ZoneVpc::new("vpc-1", "eu-west-1"), ZoneVpc::new("vpc-2", "eu-west-1")])]
    pub vpcs: BTreeSet<ZoneVpc>,
    /// Tags.
    #[default(Tags::default())]
    #[after_create]
    #[cfn("HostedZoneTags")]
    pub tags: Tags,
}

/// Outputs of a hosted zone.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct ZoneOutputs {
    /// The ID.
    #[shape("Z{hex17}")]
    pub id: ZoneId,
    /// The ARN.
    #[shape("arn:aws:route53:::hostedzone/{id}")]
    pub arn: Arn,
    /// The first of the four name servers, to which the parent zone delegates. Empty for a private hosted zone, as the others.
    #[shape("ns-1.awsdns-{hex8}.org")]
    pub name_server_1: String,
    /// The second name server.
    #[shape("ns-2.awsdns-{hex8}.co.uk")]
    pub name_server_2: String,
    /// The third name server.
    #[shape("ns-3.awsdns-{hex8}.com")]
    pub name_server_3: String,
    /// The fourth name server.
    #[shape("ns-4.awsdns-{hex8}.net")]
    pub name_server_4: String,
}

impl Lifecycle for Zone {
    const READ: Read = Read::new(
        "route53",
        "GetHostedZone",
        1,
        &[
            "route53:GetHostedZone",
            "route53:ListHostedZones",
            "route53:ListTagsForResource",
        ],
    );
    // The caller reference. Route 53 refuses a repeated one, and does not answer with the hosted zone that it made.

    fn create(&self) -> Steps {
        // The call takes one VPC.
        let others = self.vpcs.iter().skip(1).cloned().map(associate);
        others.fold(CreateHostedZone::steps(self), Steps::then)
    }

    fn set(&self, was: &Self, field: ZoneField) -> Steps {
        match field {
            ZoneField::Vpcs => {
                let new = self.vpcs.difference(&was.vpcs).cloned().map(associate);
                let gone = was.vpcs.difference(&self.vpcs).cloned().map(|vpc| {
                    Steps::update(DisassociateVpcFromHostedZone {
                        hosted_zone_id: this(),
                        vpc,
                    })
                    .ok_on("VPCAssociationNotFound")
                });
                // The last VPC cannot be disassociated, so new ones come first.
                new.chain(gone).fold(Steps::none(), Steps::then)
            }
        }
    }

    fn delete(&self) -> Steps {
        DeleteHostedZone::steps(self)
    }

    // https://docs.aws.amazon.com/Route53/latest/APIReference/API_CreateHostedZone.html#API_CreateHostedZone_Errors
    // (`ConflictingDomainExists`): a VPC has one private hosted zone of a name.
    fn claims(&self) -> Vec<Claim> {
        let name = |vpc: &ZoneVpc| Claim::of("private hosted zone", &self.name).within(&vpc.vpc);
        self.vpcs.iter().map(name).collect()
    }

    fn check(&self) -> Vec<String> {
        match self.name.known() {
            Some(name) if name.ends_with('.') || name.chars().any(|c| c.is_ascii_uppercase()) => {
                vec![format!(
                    "`name` is `{name}`: write it in lower case, without a dot at its end"
                )]
            }
            _ => vec![],
        }
    }
}

fn associate(vpc: ZoneVpc) -> Steps {
    Steps::update(AssociateVpcWithHostedZone {
        hosted_zone_id: this(),
        vpc,
    })
    .ok_on_message(
        "ConflictingDomainExists",
        "already associated with the hosted zone",
    )
}

/// The call that changes tags from `was` to `tags`.
fn retag(tags: &Tags, was: &Tags) -> Steps {
    let (add, remove) = tags.changes(was);
    let call = ChangeTagsForResource {
        resource_type: Tagged::HostedZone,
        resource_id: this(),
        add_tags: Some(add).filter(|t| !t.0.is_empty()),
        remove_tag_keys: Some(remove).filter(|k| !k.is_empty()),
    };
    let any = call.add_tags.is_some() || call.remove_tag_keys.is_some();
    Steps::none().then_if(any, || {
        Steps::update(call).retry_on("PriorRequestNotComplete", minutes(2))
    })
}

impl Zone {
    fn config(&self) -> Comment {
        Comment {
            comment: self.comment.clone(),
            private_zone: !self.vpcs.is_empty(),
        }
    }
}

/// The configuration of a hosted zone, as its create call takes it.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Comment {
    comment: String,
    private_zone: bool,
}

crate::choice!(
    /// The type of the resource that has tags.
    Tagged of route53::TagResourceType {
        /// A hosted zone.
        HostedZone = "hostedzone",
    }
);

#[cfg(feature = "aws")]
impl crate::aws::ToSdk<sdk::route53::types::HostedZoneConfig> for Comment {
    fn to_sdk(self) -> Option<sdk::route53::types::HostedZoneConfig> {
        let config = sdk::route53::types::HostedZoneConfig::builder().private_zone(self.private_zone);
        Some(
            config
                .set_comment(Some(self.comment).filter(|c| !c.is_empty()))
                .build(),
        )
    }
}

#[cfg(feature = "aws")]
impl crate::aws::ToSdk<sdk::route53::types::Vpc> for ZoneVpc {
    fn to_sdk(self) -> Option<sdk::route53::types::Vpc> {
        let region = self.region.known().map(|r| r.0.as_str().into());
        Some(
            sdk::route53::types::Vpc::builder()
                .set_vpc_id(self.vpc.to_sdk())
                .set_vpc_region(region)
                .build(),
        )
    }
}

/// `Z1`, where the API says `/hostedzone/Z1`.
#[cfg(feature = "aws")]
fn plain_id(id: &str) -> String {
    id.rsplit('/').next().unwrap_or(id).to_owned()
}

#[derive(Call, Serialize, Deserialize)]
#[call(route53, on = "arn:aws:route53:::hostedzone/{id}")]
struct ChangeTagsForResource {
    resource_type: Tagged,
    resource_id: Input<ZoneId>,
    add_tags: Option<Tags>,
    remove_tag_keys: Option<Vec<String>>,
}

#[derive(Call, Serialize, Deserialize)]
#[call(
    route53,
    name = "AssociateVPCWithHostedZone",
    also("ec2:DescribeVpcs"),
    on = "arn:aws:route53:::hostedzone/{id}"
)]
struct AssociateVpcWithHostedZone {
    hosted_zone_id: Input<ZoneId>,
    vpc: ZoneVpc,
}

#[derive(Call, Serialize, Deserialize)]
#[call(
    route53,
    name = "DisassociateVPCFromHostedZone",
    also("ec2:DescribeVpcs"),
    on = "arn:aws:route53:::hostedzone/{id}"
)]
struct DisassociateVpcFromHostedZone {
    hosted_zone_id: Input<ZoneId>,
    vpc: ZoneVpc,
}

#[cfg(feature = "aws")]
impl Observe for Zone {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let ids = match by {
            By::Ids(ids) => ids.to_vec(),
            By::Owner(_) => list(aws).await?.iter().map(|z| plain_id(&z.id)).collect(),
        };
        crate::aws::each(ids, |id| read(aws, id)).await
    }
}

#[cfg(feature = "aws")]
impl ByToken for Zone {
    async fn made_with(aws: &Aws, token: &str) -> Result<Vec<String>, CallError> {
        let zones = list(aws).await?.into_iter();
        let made = zones.filter(|z| z.caller_reference == token);
        Ok(made.map(|z| plain_id(&z.id)).collect())
    }
}

#[cfg(feature = "aws")]
async fn list(aws: &Aws) -> Result<Vec<sdk::route53::types::HostedZone>, CallError> {
    let pages = items!(aws.route53.list_hosted_zones());
    aws.all("route53", "ListHostedZones", pages).await
}

#[cfg(feature = "aws")]
async fn read(aws: &Aws, id: String) -> Result<Option<Seen<Zone>>, CallError> {
    let gone = crate::aws::gone::<Zone>();
    let reply = aws.route53.get_hosted_zone().id(&id).send().await;
    let Some(reply) = crate::aws::present("route53", "GetHostedZone", reply, gone)? else {
        return Ok(None);
    };
    let Some(zone) = reply.hosted_zone else {
        return Ok(None);
    };
    let of = sdk::route53::types::TagResourceType::Hostedzone;
    let tags = aws
        .route53
        .list_tags_for_resource()
        .resource_type(of)
        .resource_id(&id)
        .send()
        .await;
    let Some(tags) = crate::aws::present("route53", "ListTagsForResource", tags, gone)? else {
        return Ok(None);
    };
    let vpcs = reply.vpcs.into_iter().flatten().filter_map(|v| {
        Some(ZoneVpc {
            vpc: Input::Known(v.vpc_id?.into()),
            region: Input::Known(v.vpc_region?.as_str().into()),
        })
    });
    let mut servers = reply
        .delegation_set
        .map(|d| d.name_servers)
        .unwrap_or_default()
        .into_iter();
    let mut server = || servers.next().unwrap_or_default();
    Ok(Some(Seen {
        status: Status::Ready,
        inputs: Zone {
            name: Input::Known(super::text::plain_name(&zone.name)),
            comment: zone.config.and_then(|c| c.comment).unwrap_or_default(),
            vpcs: vpcs.collect(),
            tags: tags.resource_tag_set.and_then(|s| s.tags).into(),
        },
        outputs: ZoneOutputs {
            arn: format!("arn:aws:route53:::hostedzone/{id}").into(),
            name_server_1: server(),
            name_server_2: server(),
            name_server_3: server(),
            name_server_4: server(),
            id: id.clone().into(),
        },
        id,
    }))
}
