//! EC2 and VPC.

use super::{Account, refused};
use serde_json::json;

/// <https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html>
#[test]
fn a_vpc_larger_than_a_16_or_smaller_than_a_28() {
    let aws = Account::new();
    for cidr in ["10.0.0.0/15", "10.0.0.0/29"] {
        let params = json!({"cidr_block": cidr});
        refused!(
            aws.call("ec2.vpc", None, "CreateVpc", &params),
            "InvalidVpc.Range"
        );
    }
}

/// <https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html>
#[test]
fn a_subnet_smaller_than_a_28() {
    let aws = Account::new();
    let params = json!({"vpc_id": aws.vpc("10.0.0.0/16"), "cidr_block": "10.0.0.0/29"});
    refused!(
        aws.call("ec2.subnet", None, "CreateSubnet", &params),
        "InvalidSubnet.Range"
    );
}

/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSubnet.html>
#[test]
fn a_subnet_outside_its_vpc_and_one_that_overlaps_another() {
    let aws = Account::new();
    let [vpc, other] = [(), ()].map(|()| aws.vpc("10.0.0.0/16"));
    let subnet = |vpc: &str, cidr: &str| {
        let params = json!({"vpc_id": vpc, "cidr_block": cidr});
        aws.call("ec2.subnet", None, "CreateSubnet", &params)
    };
    refused!(subnet(&vpc, "10.1.0.0/24"), "InvalidSubnet.Range");
    let first = subnet(&vpc, "10.0.0.0/20").expect("the first");
    refused!(subnet(&vpc, "10.0.1.0/24"), "InvalidSubnet.Conflict");
    refused!(subnet(&vpc, "10.0.0.0/16"), "InvalidSubnet.Conflict");
    subnet(&vpc, "10.0.16.0/20").expect("the next range");
    subnet(&other, "10.0.1.0/24").expect("another VPC");
    aws.done("ec2.subnet", Some(&first), "DeleteSubnet", &json!({}));
    subnet(&vpc, "10.0.1.0/24").expect("the range is free again");
}

/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteVpc.html>
#[test]
fn a_delete_of_a_vpc_with_a_subnet_and_of_a_subnet_with_a_nat_gateway() {
    let aws = Account::new();
    let vpc = aws.vpc("10.0.0.0/16");
    let subnet = aws.subnet(&vpc, "10.0.0.0/24", "eu-west-1a");
    let nat = json!({"subnet_id": subnet, "allocation_id": "eipalloc-1", "client_token": "one"});
    let nat = aws.done("ec2.nat_gateway", None, "CreateNatGateway", &nat);
    let delete = json!({});
    refused!(
        aws.call("ec2.vpc", Some(&vpc), "DeleteVpc", &delete),
        "DependencyViolation"
    );
    refused!(
        aws.call("ec2.subnet", Some(&subnet), "DeleteSubnet", &delete),
        "DependencyViolation"
    );
    aws.done("ec2.nat_gateway", Some(&nat), "DeleteNatGateway", &delete);
    aws.done("ec2.subnet", Some(&subnet), "DeleteSubnet", &delete);
    aws.done("ec2.vpc", Some(&vpc), "DeleteVpc", &delete);
    refused!(
        aws.call("ec2.vpc", Some(&vpc), "DeleteVpc", &delete),
        "InvalidVpcID.NotFound"
    );
}

/// <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html>
#[test]
fn a_delete_of_a_subnet_that_holds_a_database() {
    let aws = Account::new();
    let vpc = aws.vpc("10.0.0.0/16");
    let subnets =
        [("10.0.0.0/24", "a"), ("10.0.1.0/24", "b")].map(|(cidr, zone)| aws.subnet(&vpc, cidr, zone));
    let group = json!({"db_subnet_group_name": "private", "subnet_ids": subnets});
    aws.done("rds.db_subnet_group", None, "CreateDBSubnetGroup", &group);
    let database = json!({"db_instance_identifier": "shop", "db_subnet_group_name": "private"});
    aws.done("rds.db_instance", None, "CreateDBInstance", &database);
    let delete = aws.call("ec2.subnet", Some(&subnets[0]), "DeleteSubnet", &json!({}));
    refused!(delete, "DependencyViolation");
}

/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html>
#[test]
fn a_second_security_group_of_a_name_in_a_vpc() {
    let aws = Account::new();
    let group = |vpc: &str| {
        let params = json!({"group_name": "web", "vpc_id": vpc, "description": "web"});
        aws.call("ec2.security_group", None, "CreateSecurityGroup", &params)
    };
    group("vpc-1").expect("the first");
    refused!(group("vpc-1"), "InvalidGroup.Duplicate");
    group("vpc-2").expect("the name in another VPC");
}

/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AuthorizeSecurityGroupIngress.html>
#[test]
fn a_second_rule_that_says_the_same_with_another_description() {
    let aws = Account::new();
    let rule = |port: u16, description: &str| {
        let content = json!({"ip_protocol": "tcp", "from_port": port, "to_port": port, "cidr_ipv4": "0.0.0.0/0", "description": description});
        let params = json!({"group_id": "sg-1", "ip_permissions": [content]});
        aws.call("ec2.ingress_rule", None, "AuthorizeSecurityGroupIngress", &params)
    };
    let https = rule(443, "one").expect("the first");
    refused!(rule(443, "two"), "InvalidPermission.Duplicate");
    let http = rule(80, "one").expect("another port");
    let same = json!({"ip_protocol": "tcp", "from_port": 443, "to_port": 443, "cidr_ipv4": "0.0.0.0/0"});
    let change = json!({"group_id": "sg-1", "security_group_rules": [{"security_group_rule": same}]});
    let modify = |id: &str| aws.call("ec2.ingress_rule", Some(id), "ModifySecurityGroupRules", &change);
    refused!(modify(&http), "InvalidPermission.Duplicate");
    modify(&https).expect("its own description");
}

/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteSecurityGroup.html>
#[test]
fn a_delete_of_a_security_group_that_another_refers_to() {
    let aws = Account::new();
    let params = json!({"group_name": "web", "vpc_id": "vpc-1"});
    let group = aws.done("ec2.security_group", None, "CreateSecurityGroup", &params);
    let rule = |of: &str| {
        let content = json!({"ip_protocol": "-1", "referenced_group_id": group});
        let params = json!({"group_id": of, "ip_permissions": [content]});
        aws.done("ec2.ingress_rule", None, "AuthorizeSecurityGroupIngress", &params)
    };
    rule(&group);
    let other = rule("sg-other");
    let delete = || {
        aws.call(
            "ec2.security_group",
            Some(&group),
            "DeleteSecurityGroup",
            &json!({}),
        )
    };
    refused!(delete(), "DependencyViolation");
    aws.done(
        "ec2.ingress_rule",
        Some(&other),
        "RevokeSecurityGroupIngress",
        &json!({}),
    );
    delete().expect("its own rules go with it");
    assert!(aws.0.is_empty(), "{:?}", aws.0.inventory());
}

/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateRoute.html>
#[test]
fn a_second_route_to_a_destination() {
    let aws = Account::new();
    let route = |id: &str, destination: &str| {
        let params =
            json!({"route_table_id": "rtb-1", "destination_cidr_block": destination, "gateway_id": "igw-1"});
        aws.call("ec2.route", Some(id), "CreateRoute", &params)
    };
    route("one", "0.0.0.0/0").expect("the first");
    refused!(route("two", "0.0.0.0/0"), "RouteAlreadyExists");
    route("three", "10.1.0.0/16").expect("another destination");
}

/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AssociateRouteTable.html>
#[test]
fn a_second_route_table_for_a_subnet() {
    let aws = Account::new();
    let associate = |table: &str| {
        let params = json!({"route_table_id": table, "subnet_id": "subnet-1"});
        aws.call(
            "ec2.route_table_association",
            Some(table),
            "AssociateRouteTable",
            &params,
        )
    };
    associate("rtb-1").expect("the first");
    refused!(associate("rtb-2"), "Resource.AlreadyAssociated");
}

/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteRouteTable.html>
#[test]
fn a_delete_of_a_route_table_that_a_subnet_uses() {
    let aws = Account::new();
    let params = json!({"vpc_id": "vpc-1", "client_token": "one"});
    let table = aws.done("ec2.route_table", None, "CreateRouteTable", &params);
    let params = json!({"route_table_id": table, "subnet_id": "subnet-1"});
    aws.done(
        "ec2.route_table_association",
        Some("one"),
        "AssociateRouteTable",
        &params,
    );
    let delete = aws.call("ec2.route_table", Some(&table), "DeleteRouteTable", &json!({}));
    refused!(delete, "DependencyViolation");
}

/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNetworkAclEntry.html>
#[test]
fn a_second_acl_entry_of_a_number_in_a_direction() {
    let aws = Account::new();
    let params = json!({"vpc_id": "vpc-1", "client_token": "one"});
    let acl = aws.done("ec2.network_acl", None, "CreateNetworkAcl", &params);
    let entry = |operation: &str, egress: bool| {
        let params = json!({"network_acl_id": acl, "rule_number": 100, "egress": egress, "protocol": "-1"});
        aws.call("ec2.network_acl", Some(&acl), operation, &params)
    };
    refused!(
        entry("ReplaceNetworkAclEntry", false),
        "InvalidNetworkAclEntry.NotFound"
    );
    entry("CreateNetworkAclEntry", false).expect("the first");
    refused!(
        entry("CreateNetworkAclEntry", false),
        "NetworkAclEntryAlreadyExists"
    );
    entry("CreateNetworkAclEntry", true).expect("the other direction");
    entry("DeleteNetworkAclEntry", false).expect("it exists");
    entry("CreateNetworkAclEntry", false).expect("the number is free again");
}

/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AttachInternetGateway.html>
#[test]
fn a_second_internet_gateway_for_a_vpc_and_a_second_vpc_for_a_gateway() {
    let aws = Account::new();
    let [one, two] =
        [(), ()].map(|()| aws.done("ec2.internet_gateway", None, "CreateInternetGateway", &json!({})));
    let call = |operation: &str, gateway: &str, vpc: &str| {
        let params = json!({"internet_gateway_id": gateway, "vpc_id": vpc});
        aws.call("ec2.internet_gateway", Some(gateway), operation, &params)
    };
    call("AttachInternetGateway", &one, "vpc-1").expect("the first");
    refused!(
        call("AttachInternetGateway", &two, "vpc-1"),
        "InvalidParameterValue"
    );
    refused!(
        call("AttachInternetGateway", &one, "vpc-2"),
        "Resource.AlreadyAssociated"
    );
    refused!(
        call("DeleteInternetGateway", &one, "vpc-1"),
        "DependencyViolation"
    );
    refused!(
        call("DetachInternetGateway", &two, "vpc-1"),
        "Gateway.NotAttached"
    );
    call("DetachInternetGateway", &one, "vpc-1").expect("nothing is mapped");
    call("AttachInternetGateway", &two, "vpc-1").expect("the VPC has none");
}

/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DetachInternetGateway.html>
#[test]
fn a_detach_of_a_gateway_with_mapped_addresses() {
    let aws = Account::new();
    let vpc = aws.vpc("10.0.0.0/16");
    let subnet = aws.subnet(&vpc, "10.0.0.0/24", "eu-west-1a");
    let gateway = aws.done("ec2.internet_gateway", None, "CreateInternetGateway", &json!({}));
    let attachment = json!({"internet_gateway_id": gateway, "vpc_id": vpc});
    aws.done(
        "ec2.internet_gateway",
        Some(&gateway),
        "AttachInternetGateway",
        &attachment,
    );
    let params = json!({"subnet_id": subnet, "allocation_id": "eipalloc-1"});
    let nat = aws.done("ec2.nat_gateway", None, "CreateNatGateway", &params);
    let detach = || {
        aws.call(
            "ec2.internet_gateway",
            Some(&gateway),
            "DetachInternetGateway",
            &attachment,
        )
    };
    refused!(detach(), "DependencyViolation");
    aws.done("ec2.nat_gateway", Some(&nat), "DeleteNatGateway", &json!({}));
    detach().expect("nothing is mapped");
}

/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ReleaseAddress.html>
#[test]
fn a_release_of_an_address_that_a_nat_gateway_has() {
    let aws = Account::new();
    let address = aws.done(
        "ec2.elastic_ip",
        None,
        "AllocateAddress",
        &json!({"domain": "vpc"}),
    );
    let params = json!({"subnet_id": "subnet-1", "allocation_id": address});
    aws.done("ec2.nat_gateway", None, "CreateNatGateway", &params);
    let release = aws.call("ec2.elastic_ip", Some(&address), "ReleaseAddress", &json!({}));
    refused!(release, "InvalidIPAddress.InUse");
}

/// <https://repost.aws/knowledge-center/vpc-interface-endpoint-domain-conflict>
#[test]
fn a_second_private_dns_name_of_a_service_in_a_vpc() {
    let aws = Account::new();
    let endpoint = |token: &str, dns: bool| {
        let params = json!({"vpc_id": "vpc-1", "service_name": "ecr.api", "private_dns_enabled": dns, "client_token": token});
        aws.call("ec2.vpc_endpoint", None, "CreateVpcEndpoint", &params)
    };
    endpoint("one", true).expect("the first");
    refused!(endpoint("two", true), "InvalidParameter");
    endpoint("three", false).expect("one without private names");
}

/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/Run_Instance_Idempotency.html>
#[test]
fn a_token_with_another_request() {
    let aws = Account::new();
    let table = |vpc: &str| {
        let params = json!({"vpc_id": vpc, "client_token": "one"});
        aws.call("ec2.route_table", None, "CreateRouteTable", &params)
    };
    let first = table("vpc-1");
    assert!(first.is_ok() && table("vpc-1") == first);
    refused!(table("vpc-2"), "IdempotentParameterMismatch");
    assert_eq!(aws.0.len(), 1);
}

/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyInstanceAttribute.html>
/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TerminateInstances.html>
#[test]
fn another_type_of_a_running_instance_and_the_end_of_a_protected_one() {
    let aws = Account::new();
    let id = aws.done(
        "ec2.instance",
        None,
        "RunInstances",
        &json!({"image_id": "ami-1", "client_token": "one"}),
    );
    let call =
        |operation: &str, params: &serde_json::Value| aws.call("ec2.instance", Some(&id), operation, params);
    let larger = json!({"instance_type": "t4g.large"});
    refused!(call("ModifyInstanceAttribute", &larger), "IncorrectInstanceState");
    call("StopInstances", &json!({})).expect("it runs");
    call("ModifyInstanceAttribute", &larger).expect("it is stopped");
    call("StartInstances", &json!({})).expect("it is stopped");
    call(
        "ModifyInstanceAttribute",
        &json!({"disable_api_termination": true}),
    )
    .expect("whatever its state");
    refused!(call("TerminateInstances", &json!({})), "OperationNotPermitted");
    call(
        "ModifyInstanceAttribute",
        &json!({"disable_api_termination": false}),
    )
    .expect("whatever its state");
    call("TerminateInstances", &json!({})).expect("it is not protected");
}

/// <https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html>
#[test]
fn a_second_peering_of_two_vpcs_and_options_before_it_is_accepted() {
    let aws = Account::new();
    let [one, two] = ["10.0.0.0/16", "10.1.0.0/16"].map(|cidr| aws.vpc(cidr));
    let params = json!({"vpc_id": one, "peer_vpc_id": two});
    let create = || {
        aws.call(
            "ec2.vpc_peering_connection",
            None,
            "CreateVpcPeeringConnection",
            &params,
        )
    };
    let id = create().expect("the first");
    refused!(create(), "VpcPeeringConnectionAlreadyExists");
    let call = |operation: &str| aws.call("ec2.vpc_peering_connection", Some(&id), operation, &json!({}));
    refused!(call("ModifyVpcPeeringConnectionOptions"), "OperationNotPermitted");
    call("AcceptVpcPeeringConnection").expect("it was initiated");
    call("ModifyVpcPeeringConnectionOptions").expect("it is active");
}
