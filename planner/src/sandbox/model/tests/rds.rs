//! Relational Database Service.

use super::{Account, refused};
use serde_json::{Value, json};

impl Account {
    fn subnet_group(&self, name: &str, subnets: &[&String]) -> Result<String, String> {
        let params = json!({"db_subnet_group_name": name, "subnet_ids": subnets});
        self.call("rds.db_subnet_group", Some(name), "CreateDBSubnetGroup", &params)
    }

    fn database(&self, mut params: Value) -> Result<String, String> {
        params["db_instance_identifier"] = json!("shop");
        self.call("rds.db_instance", Some("shop"), "CreateDBInstance", &params)
    }
}

/// <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html>
/// <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBSubnetGroup.html>
/// <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBParameterGroup.html>
#[test]
fn a_second_database_or_group_of_a_name() {
    let aws = Account::new();
    aws.database(json!({})).expect("the first");
    refused!(aws.database(json!({})), "DBInstanceAlreadyExists");
    let subnet = "subnet-1".to_owned();
    aws.subnet_group("private", &[&subnet]).expect("the first");
    refused!(
        aws.subnet_group("private", &[&subnet]),
        "DBSubnetGroupAlreadyExists"
    );
    let parameters = json!({"db_parameter_group_name": "web"});
    let create = || {
        aws.call(
            "rds.db_parameter_group",
            Some("web"),
            "CreateDBParameterGroup",
            &parameters,
        )
    };
    create().expect("the first");
    refused!(create(), "DBParameterGroupAlreadyExists");
}

/// <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBInstance.html>
/// <https://github.com/hashicorp/terraform-provider-aws/issues/512>
#[test]
fn a_move_of_a_database_to_a_subnet_group_of_the_same_vpc() {
    let aws = Account::new();
    let group = |name: &str, vpc: &str, first: &str, second: &str| {
        let subnets = [(first, "a"), (second, "b")].map(|(cidr, zone)| aws.subnet(vpc, cidr, zone));
        aws.subnet_group(name, &[&subnets[0], &subnets[1]])
            .expect("a subnet group");
    };
    let [here, there] = ["10.0.0.0/16", "10.1.0.0/16"].map(|cidr| aws.vpc(cidr));
    group("one", &here, "10.0.0.0/24", "10.0.1.0/24");
    group("another", &here, "10.0.2.0/24", "10.0.3.0/24");
    group("elsewhere", &there, "10.1.0.0/24", "10.1.1.0/24");
    aws.database(json!({"db_subnet_group_name": "one"}))
        .expect("a database");
    let modify = |to: &str| {
        let params = json!({"db_subnet_group_name": to});
        aws.call("rds.db_instance", Some("shop"), "ModifyDBInstance", &params)
    };
    refused!(modify("another"), "InvalidVPCNetworkStateFault");
    modify("elsewhere").expect("another VPC");
}

/// <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBSubnetGroup.html>
#[test]
fn a_subnet_group_in_one_availability_zone() {
    let aws = Account::new();
    let vpc = aws.vpc("10.0.0.0/16");
    let [a, b, c] = [("10.0.0.0/24", "a"), ("10.0.1.0/24", "a"), ("10.0.2.0/24", "b")]
        .map(|(cidr, zone)| aws.subnet(&vpc, cidr, zone));
    refused!(
        aws.subnet_group("private", &[&a, &b]),
        "DBSubnetGroupDoesNotCoverEnoughAZs"
    );
    aws.subnet_group("private", &[&a, &c]).expect("two zones");
}

/// <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DeleteDBSubnetGroup.html>
/// <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DeleteDBParameterGroup.html>
#[test]
fn a_delete_of_a_group_that_a_database_uses() {
    let aws = Account::new();
    aws.subnet_group("private", &[&"subnet-1".to_owned()])
        .expect("a subnet group");
    let parameters = json!({"db_parameter_group_name": "web"});
    aws.done(
        "rds.db_parameter_group",
        Some("web"),
        "CreateDBParameterGroup",
        &parameters,
    );
    aws.database(json!({"db_subnet_group_name": "private", "db_parameter_group_name": "web"}))
        .expect("a database");
    let subnets = aws.call(
        "rds.db_subnet_group",
        Some("private"),
        "DeleteDBSubnetGroup",
        &json!({}),
    );
    refused!(subnets, "InvalidDBSubnetGroupStateFault");
    let parameters = aws.call(
        "rds.db_parameter_group",
        Some("web"),
        "DeleteDBParameterGroup",
        &json!({}),
    );
    refused!(parameters, "InvalidDBParameterGroupState");
}

/// <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DeleteInstance.html>
#[test]
fn a_delete_of_a_protected_database() {
    let aws = Account::new();
    aws.database(json!({"deletion_protection": true}))
        .expect("a database");
    let delete = || aws.call("rds.db_instance", Some("shop"), "DeleteDBInstance", &json!({}));
    refused!(delete(), "InvalidParameterCombination");
    let params = json!({"deletion_protection": false});
    aws.done("rds.db_instance", Some("shop"), "ModifyDBInstance", &params);
    delete().expect("it is not protected");
    refused!(delete(), "DBInstanceNotFound");
}
