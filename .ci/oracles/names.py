"""Holds the names that the engine makes against AWS's own rules: botocore's models, CloudFormation's schemas, and what the documentation
says in words.

    names.py DUMP.json
"""

import json
import re
import sys

from calls import python
from shapes import model

# The member of the create call that takes the name.
MEMBERS = {
    "appscaling.scheduled_action": ("appscaling", "PutScheduledAction", "ScheduledActionName"),
    "appscaling.step_scaling_policy": ("appscaling", "PutScalingPolicy", "PolicyName"),
    "appscaling.scaling_policy": ("appscaling", "PutScalingPolicy", "PolicyName"),
    "cloudtrail.trail": ("cloudtrail", "CreateTrail", "Name"),
    "cloudwatch.alarm": ("cloudwatch", "PutMetricAlarm", "AlarmName"),
    "cloudwatch.dashboard": ("cloudwatch", "PutDashboard", "DashboardName"),
    "ec2.key_pair": ("ec2", "ImportKeyPair", "KeyName"),
    "ec2.launch_template": ("ec2", "CreateLaunchTemplate", "LaunchTemplateName"),
    "ec2.security_group": ("ec2", "CreateSecurityGroup", "GroupName"),
    "ecr.repository": ("ecr", "CreateRepository", "repositoryName"),
    "ecs.cluster": ("ecs", "CreateCluster", "clusterName"),
    "ecs.service": ("ecs", "CreateService", "serviceName"),
    "elb.load_balancer": ("elb", "CreateLoadBalancer", "Name"),
    "elb.target_group": ("elb", "CreateTargetGroup", "Name"),
    "iam.instance_profile": ("iam", "CreateInstanceProfile", "InstanceProfileName"),
    "iam.managed_policy": ("iam", "CreatePolicy", "PolicyName"),
    "iam.role": ("iam", "CreateRole", "RoleName"),
    "iam.role_policy": ("iam", "PutRolePolicy", "PolicyName"),
    "iam.user": ("iam", "CreateUser", "UserName"),
    "iam.user_policy": ("iam", "PutUserPolicy", "PolicyName"),
    "logs.log_group": ("logs", "CreateLogGroup", "logGroupName"),
    "logs.log_stream": ("logs", "CreateLogStream", "logStreamName"),
    "logs.metric_filter": ("logs", "PutMetricFilter", "filterName"),
    "logs.subscription_filter": ("logs", "PutSubscriptionFilter", "filterName"),
    "rds.db_instance": ("rds", "CreateDBInstance", "DBInstanceIdentifier"),
    "rds.db_parameter_group": ("rds", "CreateDBParameterGroup", "DBParameterGroupName"),
    "rds.db_subnet_group": ("rds", "CreateDBSubnetGroup", "DBSubnetGroupName"),
    "s3.bucket": ("s3", "CreateBucket", "Bucket"),
    "secretsmanager.secret": ("secretsmanager", "CreateSecret", "Name"),
    "sns.topic": ("sns", "CreateTopic", "Name"),
    "sqs.queue": ("sqs", "CreateQueue", "QueueName"),
    "ssm.parameter": ("ssm", "PutParameter", "Name"),
}

# What the models do not say: a pattern that the whole name matches, and one that it must not.
WORDS = {
    # https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html
    "cloudtrail.trail": (r"[A-Za-z0-9][A-Za-z0-9._-]{1,126}[A-Za-z0-9]", r"[._-]{2}|^\d+\.\d+\.\d+\.\d+$"),
    # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html
    "ec2.security_group": (r"[a-zA-Z0-9 ._\-:/()#,@\[\]+=&;{}!$*]{1,255}", r"^sg-"),
    # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html
    "ecs.cluster": (r"[A-Za-z0-9_-]{1,255}", None),
    "ecs.service": (r"[A-Za-z0-9_-]{1,255}", None),
    # https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html; DNS has no capitals.
    "elb.load_balancer": (r"[a-z0-9-]{1,32}", r"^-|-$|^internal-"),
    "elb.target_group": (r"[A-Za-z0-9-]{1,32}", r"^-|-$"),
    # https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html, without `alias/`.
    "kms.alias": (r"[a-zA-Z0-9/_-]{1,250}", r"^aws/"),
    # https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html and its like
    "rds.db_instance": (r"[a-z][a-z0-9-]{0,62}", r"--|-$"),
    "rds.db_parameter_group": (r"[a-z][a-z0-9-]{0,254}", r"--|-$"),
    "rds.db_subnet_group": (r"[a-z][a-z0-9_. -]{0,254}", r"^default$"),
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
    "s3.bucket": (
        r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]",
        r"\.\.|^xn--|^sthree-|^amzn-s3-demo-|-s3alias$|--ol-s3$|\.mrap$|--x-s3$|--table-s3$|^\d+\.\d+\.\d+\.\d+$",
    ),
    # https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
    "secretsmanager.secret": (r"[A-Za-z0-9/_+=.@-]{1,512}", r"-.{6}$"),
    # https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html, https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/
    "sns.topic": (r"[A-Za-z0-9_-]{1,251}(\.fifo)?", None),
    "sqs.queue": (r"[A-Za-z0-9_-]{1,80}|[A-Za-z0-9_-]{1,75}\.fifo", None),
    # https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
    "ssm.parameter": (r"[A-Za-z0-9_./-]{1,952}", r"(?i)^/?(aws|ssm)"),
    # https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html
    "logs.log_group": (r"[A-Za-z0-9_/.#-]{1,512}", r"^aws/"),
}


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        names = json.load(file)["names"]
    wrong, by_kind = [], {}
    for one in names:
        kind, name = one["kind"], one["name"]
        by_kind.setdefault(kind, set()).add(name)
        fifo = any(one["inputs"].values())
        if kind in ("sns.topic", "sqs.queue") and fifo != name.endswith(".fifo"):
            wrong.append((kind, name, "the suffix"))
        if kind in MEMBERS:
            service, operation, member = MEMBERS[kind]
            shape = model(service).operation_model(operation).input_shape.members[member]
            pattern = shape.metadata.get("pattern")
            low, high = shape.metadata.get("min", 0), shape.metadata.get("max", 10**6)
            if pattern and not python(pattern).search(name) or not low <= len(name) <= high:
                wrong.append((kind, name, f"{pattern} {low} {high}"))
        if kind in WORDS:
            whole, never = WORDS[kind]
            if not re.fullmatch(whole, name) or never and re.search(never, name):
                wrong.append((kind, name, f"{whole} {never}"))
    unheld = set(by_kind) - set(MEMBERS) - set(WORDS)
    wrong += [(kind, "", "no rule of AWS's is held against it") for kind in unheld]
    for line in wrong[:40]:
        print(*line, file=sys.stderr)
    print(f"names: {len(names)} of {len(by_kind)} types, {len(wrong)} that AWS refuses")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
