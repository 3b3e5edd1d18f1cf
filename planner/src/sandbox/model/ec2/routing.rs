//! Route tables, routes, and the subnets that use them.
//!
//! Codes: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html>.

use super::{
    super::durations,
    super::entry::{Entry, accepts, replace, succeeds},
    super::facts::{AT_ONCE, Absent, Id, InUse, Second, Unique, by, op, unique, unseen},
    CLIENT_TOKEN,
};

pub(in super::super) const ROUTING: &[Entry] = &[
    // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateRouteTable.html
    Entry {
        kind: "ec2.route_table",
        creates: &[op("CreateRouteTable")],
        deletes: &[op("DeleteRouteTable")],
        id: Id::Assigned,
        states: AT_ONCE,
        absent: Absent::Refused("InvalidRouteTableID.NotFound"),
        name: None,
        token: CLIENT_TOKEN,
        unique: &[],
        held: None,
        // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteRouteTable.html: "You must disassociate the
        // route table from any subnets before you can delete it."
        in_use: Some(InUse {
            code: "DependencyViolation",
            by: &[by("ec2.route_table_association", "route_table_id")],
        }),
        owns: &[by("ec2.route", "route_table_id")],
        busy: None,
        unseen: &[unseen(
            "CreateRouteTable",
            "vpc_id",
            "InvalidVpcID.NotFound",
            "The vpc ID does not exist",
        )],
        merge: replace,
        refuse: accepts,
        fails: succeeds,
    },
    // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateRoute.html
    Entry {
        kind: "ec2.route",
        creates: &[op("CreateRoute")],
        deletes: &[op("DeleteRoute")],
        id: Id::Composite,
        states: AT_ONCE,
        absent: Absent::Refused("InvalidRoute.NotFound"),
        name: None,
        token: None,
        unique: &[Unique {
            of: &["route_table_id"],
            with: &[
                "destination_cidr_block",
                "destination_ipv6_cidr_block",
                "destination_prefix_list_id",
            ],
            second: Second::Refused("RouteAlreadyExists", "The route already exists."),
        }],
        held: None,
        in_use: None,
        owns: &[],
        busy: None,
        unseen: &[
            unseen(
                "CreateRoute",
                "gateway_id",
                "InvalidGatewayID.NotFound",
                "The gateway ID does not exist",
            ),
            unseen(
                "CreateRoute",
                "nat_gateway_id",
                "InvalidNatGatewayID.NotFound",
                "The natGateway ID does not exist",
            ),
            unseen(
                "CreateRoute",
                "route_table_id",
                "InvalidRouteTableID.NotFound",
                "The routeTable ID does not exist",
            ),
        ],
        merge: replace,
        refuse: accepts,
        fails: succeeds,
    },
    // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AssociateRouteTable.html: "A subnet can be associated
    // with only one route table at a time".
    // https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html
    Entry {
        kind: "ec2.route_table_association",
        creates: &[op("AssociateRouteTable")],
        deletes: &[op("DisassociateRouteTable")],
        id: Id::Composite,
        states: durations::ROUTE_TABLE_ASSOCIATION,
        absent: Absent::Refused("InvalidAssociationID.NotFound"),
        name: None,
        token: None,
        unique: &[unique(
            &["subnet_id"],
            Second::Refused(
                "Resource.AlreadyAssociated",
                "the specified association for route table conflicts with an existing association",
            ),
        )],
        held: None,
        in_use: None,
        owns: &[],
        busy: None,
        unseen: &[
            unseen(
                "AssociateRouteTable",
                "route_table_id",
                "InvalidRouteTableID.NotFound",
                "The routeTable ID does not exist",
            ),
            unseen(
                "AssociateRouteTable",
                "subnet_id",
                "InvalidSubnetID.NotFound",
                "The subnet ID does not exist",
            ),
        ],
        merge: replace,
        refuse: accepts,
        fails: succeeds,
    },
];
