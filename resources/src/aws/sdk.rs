//! The SDK crates, under the names that `#[call(..)]` uses.

pub use aws_sdk_acm as acm;
pub use aws_sdk_applicationautoscaling as appscaling;
pub use aws_sdk_cloudcontrol as cloudcontrol;
pub use aws_sdk_cloudtrail as cloudtrail;
pub use aws_sdk_cloudwatch as cloudwatch;
pub use aws_sdk_cloudwatchlogs as logs;
pub use aws_sdk_ec2 as ec2;
pub use aws_sdk_ecr as ecr;
pub use aws_sdk_ecs as ecs;
pub use aws_sdk_elasticloadbalancingv2 as elb;
pub use aws_sdk_iam as iam;
pub use aws_sdk_kms as kms;
pub use aws_sdk_rds as rds;
pub use aws_sdk_route53 as route53;
pub use aws_sdk_s3 as s3;
pub use aws_sdk_secretsmanager as secretsmanager;
pub use aws_sdk_sns as sns;
pub use aws_sdk_sqs as sqs;
pub use aws_sdk_ssm as ssm;
pub use aws_sdk_sts as sts;
