//! DHCP options: what instances are told of their network.

use super::{CreateTags, DeleteTags};
use crate::prelude::*;

id!(
    /// The id of a set of DHCP options, such as `dopt-0a1b2c3d4e5f67890`.
    DhcpOptionsId
);

/// DHCP options: the name servers, the domain and the time servers that instances are told. A VPC has them by its field `dhcp_options`.
///
/// ```
/// use tenon_resources::ec2::DhcpOptions;
/// DhcpOptions::new().domain_name("corp.example.com").domain_name_servers(["10.0.0.2", "10.1.0.2"]);
/// ```
#[derive(Clone, Debug, PartialEq, Resource, Serialize, Deserialize)]
#[resource("ec2.dhcp_options", cfn = "AWS::EC2::DHCPOptions")]
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
#[facts(
    gone("InvalidDhcpOptionID.NotFound", "InvalidDhcpOptionsID.NotFound"),
    in_use("DependencyViolation", 900),
    second_create = Another
)]
#[create(CreateDhcpOptions: ec2, id = o.dhcp_options?.dhcp_options_id?, also("ec2:CreateTags"),
    with(dhcp_configurations: Configurations = Configurations::all(me)))]
#[delete(DeleteDhcpOptions: ec2, by(dhcp_options_id), on = "arn:aws:ec2:{region}:{account}:dhcp-options/{id}")]
#[retag(super::retag)]
#[calls(CreateTags, DeleteTags)]
// Limits: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateDhcpOptions.html
pub struct DhcpOptions {
    /// The domain name that completes host names.
    #[immutable]
    #[default(None)]
    #[member("")]
    #[cfn("DomainName")]
    #[sample("corp.example.com")]
    pub domain_name: Option<String>,
    /// The domain name servers, by IP address, up to four, or `AmazonProvidedDNS`.
    #[immutable]
    #[member("")]
    #[sample(["10.0.0.2", "10.1.0.2"])]
    #[wrong_if(it.len() > 4, "has {} servers, and EC2 takes up to 4", it.len())]
    pub domain_name_servers: Vec<String>,
    /// The NTP servers, by IP address, up to four.
    #[immutable]
    #[member("")]
    #[sample(["169.254.169.123"], ["10.0.0.3"])]
    #[wrong_if(it.len() > 4, "has {} servers, and EC2 takes up to 4", it.len())]
    pub ntp_servers: Vec<String>,
    /// The `NetBIOS` name servers, by IP address, up to four.
    #[immutable]
    #[member("")]
    #[sample(["10.0.0.4"])]
    #[wrong_if(it.len() > 4, "has {} servers, and EC2 takes up to 4", it.len())]
    pub netbios_name_servers: Vec<String>,
    /// The `NetBIOS` node type: 1, 2, 4 or 8. AWS recommends 2.
    #[immutable]
    #[default(None)]
    #[member("")]
    #[sample(2)]
    #[wrong_if(![1, 2, 4, 8].contains(it), "is {it}, and EC2 takes 1, 2, 4 or 8")]
    pub netbios_node_type: Option<u32>,
    /// Tags.
    #[tag_specification("dhcp-options")]
    pub tags: Tags,
}

/// Outputs of DHCP options.
#[derive(Clone, Debug, Outputs, Serialize, Deserialize)]
pub struct DhcpOptionsOutputs {
    /// The id.
    #[shape("dopt-{hex17}")]
    pub id: DhcpOptionsId,
    /// The ARN.
    #[shape("arn:aws:ec2:{region}:{account}:dhcp-options/{id}")]
    pub arn: Arn,
}

/// The options that are set, by their keys.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
struct Configurations(BTreeMap<String, Vec<String>>);

impl Configurations {
    fn all(of: &DhcpOptions) -> Self {
        let one = |value: Option<String>| value.into_iter().collect();
        let all: [(&str, Vec<String>); 5] = [
            ("domain-name", one(of.domain_name.clone())),
            ("domain-name-servers", of.domain_name_servers.clone()),
            ("ntp-servers", of.ntp_servers.clone()),
            ("netbios-name-servers", of.netbios_name_servers.clone()),
            (
                "netbios-node-type",
                one(of.netbios_node_type.map(|kind| kind.to_string())),
            ),
        ];
        let set = all.into_iter().filter(|(_, values)| !values.is_empty());
        Self(set.map(|(key, values)| (key.to_owned(), values)).collect())
    }
}

impl Lifecycle for DhcpOptions {
    const READ: Read = Read::new("ec2", "DescribeDhcpOptions", 200, &["ec2:DescribeDhcpOptions"]);

    fn create(&self) -> Steps {
        CreateDhcpOptions::steps(self)
    }

    fn set(&self, _: &Self, field: DhcpOptionsField) -> Steps {
        match field {}
    }

    fn delete(&self) -> Steps {
        DeleteDhcpOptions::steps(self)
    }

    fn check(&self) -> Vec<String> {
        let none = Configurations::all(self).0.is_empty();
        let none = none.then(|| "no option is set: say one, such as `domain_name_servers`".to_owned());
        none.into_iter().collect()
    }
}

#[cfg(feature = "aws")]
impl crate::aws::ToSdk<Vec<sdk::ec2::types::NewDhcpConfiguration>> for Configurations {
    fn to_sdk(self) -> Option<Vec<sdk::ec2::types::NewDhcpConfiguration>> {
        let one = |(key, values)| {
            let configuration = sdk::ec2::types::NewDhcpConfiguration::builder().key(key);
            configuration.set_values(Some(values)).build()
        };
        Some(self.0.into_iter().map(one).collect())
    }
}

#[cfg(feature = "aws")]
impl Observe for DhcpOptions {
    async fn observe(aws: &Aws, by: By<'_>) -> Result<Vec<Seen<Self>>, CallError> {
        let sets = super::filtered!(
            aws,
            by,
            Self,
            describe_dhcp_options.set_filters,
            "dhcp-options-id"
        );
        let read = |item| read(aws, item).map_err(broken::<Self>);
        sets.into_iter().map(read).collect()
    }
}

#[cfg(feature = "aws")]
fn read(aws: &Aws, item: sdk::ec2::types::DhcpOptions) -> Result<Seen<DhcpOptions>, Missing> {
    let id = item.dhcp_options_id.ok_or(Missing("dhcp_options_id"))?;
    let values = |key: &str| -> Vec<String> {
        let all = item.dhcp_configurations.iter().flatten();
        let of = all.filter(|configuration| configuration.key() == Some(key));
        let values = of.flat_map(|configuration| configuration.values());
        values.filter_map(|value| value.value.clone()).collect()
    };
    Ok(Seen {
        status: Status::Ready,
        inputs: DhcpOptions {
            domain_name: values("domain-name").into_iter().next(),
            domain_name_servers: values("domain-name-servers"),
            ntp_servers: values("ntp-servers"),
            netbios_name_servers: values("netbios-name-servers"),
            netbios_node_type: values("netbios-node-type")
                .first()
                .and_then(|kind| kind.parse().ok()),
            tags: item.tags.clone().into(),
        },
        outputs: DhcpOptionsOutputs {
            id: id.clone().into(),
            arn: aws.arn("ec2", &format!("dhcp-options/{id}")),
        },
        id,
    })
}
