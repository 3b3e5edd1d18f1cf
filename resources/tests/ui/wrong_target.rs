//! A route that leads to a subnet.

use tenon_resources::{
    ec2::{Route, SubnetId},
    value::Output,
};

fn main() {
    let subnet: Output<SubnetId> = Output::new("public-a", "id");
    Route::new("rtb-1", "0.0.0.0/0", &subnet);
}
