//! What may differ, and why. An entry that excuses nothing fails its test.

/// Fields whose mark is not the schema's: type, field, reason.
pub(crate) const MARKS: &[(&str, &str, &str)] = &[
    (
        "acm.certificate",
        "validation_method",
        "RequestCertificate takes it, and UpdateCertificateOptions does not change it",
    ),
    (
        "route53.record",
        "kind",
        "it is part of what names a record: CloudFormation, too, makes another one and removes the first",
    ),
    (
        "route53.record",
        "name",
        "it is part of what names a record: CloudFormation, too, makes another one and removes the first",
    ),
    (
        "ec2.elastic_ip",
        "public_ipv4_pool",
        "AllocateAddress takes it and no operation changes it",
    ),
    (
        "ec2.key_pair",
        "tags",
        "CreateTags and DeleteTags change them, as those of every resource of EC2",
    ),
    (
        "ec2.network_acl_association",
        "network_acl",
        "ReplaceNetworkAclAssociation swaps it in one call; a replacement would leave the subnet open in between",
    ),
    (
        "elb.listener_rule",
        "listener",
        "DescribeRules does not repeat it, but it is in the ARN of the rule",
    ),
    (
        "kms.key",
        "key_spec",
        "CreateKey takes it and no operation changes it",
    ),
    (
        "kms.key",
        "key_usage",
        "CreateKey takes it and no operation changes it",
    ),
    (
        "kms.key",
        "multi_region",
        "CreateKey takes it and no operation changes it",
    ),
    (
        "logs.log_group",
        "class",
        "CreateLogGroup takes it and no operation changes it",
    ),
    (
        "sns.topic_policy",
        "topic",
        "a policy is an attribute of its topic: on another topic it is another policy",
    ),
    (
        "ssm.parameter",
        "kind",
        "PutParameter refuses another type (HierarchyTypeMismatchException: \"you must create a new, unique parameter\")",
    ),
    ("ssm.parameter", "description", "DescribeParameters gives it back"),
    (
        "ssm.parameter",
        "allowed_pattern",
        "DescribeParameters gives it back",
    ),
    ("ssm.parameter", "tier", "DescribeParameters gives it back"),
    (
        "rds.db_instance",
        "db_subnet_group",
        "ModifyDBInstance takes it: the database moves, and is away meanwhile, and keeps its data",
    ),
    (
        "ec2.volume",
        "availability_zone",
        "CreateVolume takes it and no operation changes it",
    ),
    (
        "ec2.volume",
        "snapshot",
        "CreateVolume takes it and no operation changes it",
    ),
    (
        "ec2.volume",
        "encrypted",
        "CreateVolume takes it and no operation changes it",
    ),
    (
        "ec2.volume",
        "kms_key",
        "CreateVolume takes it and no operation changes it",
    ),
    (
        "route53.record",
        "set_identifier",
        "it is part of what names a record: CloudFormation, too, makes another one and removes the first",
    ),
];

/// Fields that no call of create or change speaks of: type, field, reason.
pub(crate) const NO_CALL: &[(&str, &str, &str)] = &[
    (
        "acm.validation",
        "certificate",
        "it is what is waited for; the records are what is written",
    ),
    (
        "ecr.repository",
        "empty_on_delete",
        "it says how it is deleted, and DeleteRepository takes it",
    ),
    (
        "rds.db_instance",
        "apply_immediately",
        "it says how other changes are made, and ModifyDBInstance takes it with each",
    ),
    (
        "rds.db_instance",
        "delete_automated_backups",
        "it says how it is deleted, and DeleteDBInstance takes it",
    ),
    (
        "rds.db_instance",
        "final_snapshot",
        "it says how it is deleted, and DeleteDBInstance takes it",
    ),
];

/// Types that no schema describes: type, reason.
pub(crate) const NO_SCHEMA: &[(&str, &str)] = &[
    (
        "acm.validation",
        "it is a wait with records; CloudFormation has it inside the certificate",
    ),
    (
        "ecr.image",
        "it is a wait for what a push makes; CloudFormation has none",
    ),
    (
        "elb.target_attachment",
        "the schema of a target group has all its targets as one property; none describes one of them",
    ),
    (
        "iam.policy_attachment",
        "the schema of a role has all its attachments as one property; none describes one of them",
    ),
    ("s3.object", "CloudFormation has none"),
    (
        "s3.bucket_cors",
        "the schema of a bucket has it as one of its properties; none describes it alone",
    ),
    (
        "s3.bucket_logging",
        "the schema of a bucket has it as one of its properties; none describes it alone",
    ),
    (
        "s3.bucket_notification",
        "the schema of a bucket has it as one of its properties; none describes it alone",
    ),
    (
        "s3.bucket_replication",
        "the schema of a bucket has it as one of its properties; none describes it alone",
    ),
    (
        "s3.bucket_website",
        "the schema of a bucket has it as one of its properties; none describes it alone",
    ),
    (
        "appscaling.scheduled_action",
        "the schema of a scalable target has all its actions as one property; none describes one of them",
    ),
];
