//! A flow log: a record of the packets that crossed a network.

use super::{
    CreateTags, DeleteTags, FlowLogDestination, FlowLogDestinationKind, FlowLogFiles, NetworkInterfaceId,
    SubnetId, VpcId, one_of::one_of,
};
use crate::prelude::*;

id!(
    /// A flow log's id, such as `fl-0a1b2c3d4e5f67890`.
    FlowLogId
);

one_of!(
    /// The source of a flow log: the network interfaces whose packets it records.
    FlowLogSource {
        /// Every network interface in a VPC.
        Vpc(VpcId),
        /// Every network interface in a subnet.
        Subnet(SubnetId),
        /// A network interface.
        NetworkInterface(NetworkInterfaceId),
    }
);

choice!(
    /// The type of traffic that a flow log records.
    TrafficType of ec2::TrafficType {
        /// Packets that rules accepted.
        Accept = "ACCEPT",
        /// Packets that rules rejected.
        Reject = "REJECT",
        /// Accepted and rejected packets.
        All = "ALL",
    }
);

choice!(
    /// The type of a flow log's source.
    FlowLogSourceKind of ec2::FlowLogsResourceType {
        /// A VPC.
        Vpc = "VPC",
        /// A subnet.
        Subnet = "Subnet",
        /// A network interface.
        NetworkInterface = "NetworkInterface",
    }
);
/// A flow log: a record of the packets that crossed a network, with source, destination, and whether a rule accepted them.
///
/// ```
/// use tenon_resources::{ec2::{FlowLog, FlowLogDestination, VpcId}, value::Output};
/// let vpc: Output<VpcId> = Output::new("vpc", "id");
/// FlowLog::new(&vpc, FlowLogDestination::s3("arn:aws:s3:::logs/vpc/"));
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("ec2.flow_log", cfn = "AWS::EC2::FlowLog")]
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
#[facts(gone("InvalidFlowLogId.NotFound"), second_create = Refused("FlowLogAlreadyExists"))]
// A role that was just made cannot be assumed everywhere yet: Terraform waits for IAM for 2 min.
#[create(
    CreateFlowLogs: ec2,
    id = o.flow_log_ids?.into_iter().next()?,
    refused = super::unsuccessful(o.unsuccessful()),
    also("ec2:CreateTags", "iam:PassRole to vpc-flow-logs.amazonaws.com", "logs:CreateLogDelivery", "logs:DeleteLogDelivery"),
    with(
        resource_type: FlowLogSourceKind = me.source.kind(),
        log_destination_type: FlowLogDestinationKind = me.destination.kind(),
        deliver_logs_permission_arn: Option<Input<Arn>> = me.destination.role(),
        destination_options: Option<FlowLogFiles> = me.destination.files(),
        client_token: Token = Token::Fill
    ),
    rules(.retry_on_message("InvalidParameter", "Unable to assume given IAM role", minutes(2)))
)]
#[delete(
    DeleteFlowLogs: ec2,
    refused = super::unsuccessful(o.unsuccessful()),
    also("logs:DeleteLogDelivery"),
    on = "arn:aws:ec2:{region}:{account}:vpc-flow-log/{id}",
    with(flow_log_ids: Vec<Input<String>> = vec![this()])
)]
#[retag(super::retag)]
#[calls(CreateTags, DeleteTags)]
#[sdk(ec2::FlowLog)]
pub struct FlowLog {
    /// The VPC, subnet or network interface whose packets are recorded.
    #[immutable]
    #[member("resource_ids")]
    #[create_with(Vec<Input<String>>, vec![me.source.text()])]
    #[cfn("ResourceId")]
    #[read(FlowLogSource::from_sdk(item)?)]
    #[sample(VpcId::from("vpc-1"), SubnetId::from("subnet-2"))]
    pub source: FlowLogSource,
    /// The log group or bucket that receives the records.
    #[immutable]
    #[member("log_destination")]
    #[create_with(Input<Arn>, me.destination.arn())]
    #[cfn("LogDestination")]
    #[read(FlowLogDestination::from_sdk(item)?)]
    #[sample(
        FlowLogDestination::log_group(
            "arn:aws:logs:eu-west-1:123456789012:log-group:a",
            "arn:aws:iam::123456789012:role/a"
        ),
        FlowLogDestination::s3("arn:aws:s3:::b")
    )]
    #[wrong_if(
        matches!(it, FlowLogDestination::LogGroup { arn, .. } if arn.known().is_some_and(|arn| arn.0.ends_with(":*"))),
        "has a log group's ARN that ends in `:*`: leave that out"
    )]
    pub destination: FlowLogDestination,
    /// The type of traffic that is recorded.
    #[immutable]
    #[default(TrafficType::All)]
    #[sample(TrafficType::Reject)]
    pub traffic_type: TrafficType,
    /// The maximum aggregation interval, for which packets are gathered into one record, in seconds: 60 or 600.
    #[immutable]
    #[default(600)]
    #[sample(60)]
    #[wrong_if(![60, 600].contains(it), "is {it} s, and AWS takes 60 or 600")]
    pub max_aggregation_interval: u32,
    /// The format of a record, such as `${srcaddr} ${dstaddr} ${action}`; AWS's default one when unset.
    #[immutable]
    #[sample("${srcaddr} ${dstaddr} ${action}")]
    pub log_format: Option<Input<String>>,
    /// Tags.
    #[tag_specification("vpc-flow-log")]
    pub tags: Tags,
}

/// Outputs of a flow log.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct FlowLogOutputs {
    /// The id.
    #[shape("fl-{hex17}")]
    pub id: FlowLogId,
    /// The ARN.
    #[shape("arn:aws:ec2:{region}:{account}:vpc-flow-log/{id}")]
    pub arn: Arn,
}

impl Lifecycle for FlowLog {
    const READ: Read = Read::new("ec2", "DescribeFlowLogs", 200, &["ec2:DescribeFlowLogs"]);

    // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_FlowLog.html
    const STATUSES: &'static [StatusWords] = &[
        StatusWords {
            member: "flowLogStatus",
            words: &[("ACTIVE", Meaning::Ready)],
        },
        StatusWords {
            member: "deliverLogsStatus",
            words: &[("SUCCESS", Meaning::Ready), ("FAILED", Meaning::Impaired)],
        },
    ];

    fn create(&self) -> Steps {
        CreateFlowLogs::steps(self)
    }

    fn set(&self, _: &Self, field: FlowLogField) -> Steps {
        match field {}
    }

    fn delete(&self) -> Steps {
        DeleteFlowLogs::steps(self)
    }

    // https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-troubleshooting.html: one of a source, a type of traffic and a
    // destination.
    fn claims(&self) -> Vec<Claim> {
        let claim = Claim::of("flow log of", (self.traffic_type, self.destination.arn()));
        vec![claim.within(self.source.text())]
    }
}

impl FlowLogSource {
    fn kind(&self) -> FlowLogSourceKind {
        match self {
            Self::Vpc(_) => FlowLogSourceKind::Vpc,
            Self::Subnet(_) => FlowLogSourceKind::Subnet,
            Self::NetworkInterface(_) => FlowLogSourceKind::NetworkInterface,
        }
    }
}

#[cfg(feature = "aws")]
impl FlowLogSource {
    fn from_sdk(item: &sdk::ec2::types::FlowLog) -> Result<Self, Missing> {
        let id = item.resource_id.clone().ok_or(Missing("resource_id"))?;
        Ok(match id.split_once('-') {
            Some(("vpc", _)) => Self::Vpc(Input::Known(id.into())),
            Some(("subnet", _)) => Self::Subnet(Input::Known(id.into())),
            _ => Self::NetworkInterface(Input::Known(id.into())),
        })
    }
}

#[cfg(feature = "aws")]
impl Observe for FlowLog {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        // This operation, like DescribeNatGateways, calls its filters `Filter`.
        super::filtered!(aws, by, Self, describe_flow_logs.set_filter, "flow-log-id")
            .iter()
            .map(|item| read(aws, item).map_err(broken::<Self>))
            .collect()
    }
}

#[cfg(feature = "aws")]
fn read(aws: &Aws, item: &sdk::ec2::types::FlowLog) -> Result<Seen<FlowLog>, Missing> {
    let id = item.flow_log_id.clone().ok_or(Missing("flow_log_id"))?;
    let mut inputs = FlowLog::from_sdk(item)?;
    if let (FlowLogDestination::LogGroup { arn, .. }, None) = (&mut inputs.destination, &item.log_destination)
    {
        let name = item.log_group_name().ok_or(Missing("log_destination"))?;
        *arn = Input::Known(aws.arn("logs", &format!("log-group:{name}")));
    }
    let delivery = item.deliver_logs_status().unwrap_or("SUCCESS");
    let delivery = FlowLog::STATUSES[1].status(delivery, item.deliver_logs_error_message());
    Ok(Seen {
        status: delivery.unwrap_or(Status::Ready),
        inputs,
        outputs: FlowLogOutputs {
            arn: aws.arn("ec2", &format!("vpc-flow-log/{id}")),
            id: id.clone().into(),
        },
        id,
    })
}
