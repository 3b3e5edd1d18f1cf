//! An option about a field names one that the type has.
use tenon_resources::{ec2, ecs, resource::FieldName};

fn owned_elsewhere(_: FieldName<ecs::Service>) {}

fn main() {
    owned_elsewhere(ecs::Service::DESIRED_COUNT);
    owned_elsewhere(ecs::Service::DESIRED_COUNTS);
    owned_elsewhere(ec2::Vpc::CIDR_BLOCK);
    owned_elsewhere("desired_count");
}
