//! Resource types that `tenon add` has written.

pub mod auto_scaling_auto_scaling_group;
pub mod auto_scaling_scaling_policy;
pub mod cloud_front_distribution;
pub mod cloud_front_function;
pub mod cloud_front_origin_access_control;
pub mod cloud_front_response_headers_policy;
pub mod cloud_front_vpc_origin;
pub mod ec2_launch_template;
pub mod iam_instance_profile;
pub mod secrets_manager_secret;
pub mod ssm_document;
