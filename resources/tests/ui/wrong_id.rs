//! A subnet's id where the VPC's belongs.

use tenon_resources::{
    ec2::{Subnet, SubnetId},
    value::Output,
};

fn main() {
    let subnet: Output<SubnetId> = Output::new("public-a", "id");
    Subnet::new(&subnet, "10.0.1.0/24", "eu-west-1a");
}
