//! A fleet: hosts of one kind in an Auto Scaling group, without SSH and without keys.

use super::{
    Env, FleetSize,
    aws::{
        auto_scaling_auto_scaling_group::{
            AutoScalingGroup, InstanceMaintenancePolicy, LaunchTemplateSpecification,
            LifecycleHookSpecification, MetricsCollection,
        },
        auto_scaling_scaling_policy::{
            CustomizedMetricSpecification, Metric, MetricDimension, PredefinedMetricSpecification,
            ScalingPolicy, TargetTrackingConfiguration, TargetTrackingMetricDataQuery,
            TargetTrackingMetricStat,
        },
        ec2_launch_template::{
            BlockDeviceMapping, Ebs, IamInstanceProfile, LaunchTemplate, LaunchTemplateData, MetadataOptions,
        },
        iam_instance_profile::InstanceProfile,
    },
    host::{Host, Process},
    queue::Queue,
    site::Site,
    storage::BucketRefs,
};
use tenon::{
    Environment, Scope,
    component::{Logs, Network},
    resources::{
        ec2::{EgressRule, SecurityGroup, SecurityGroupId, Traffic},
        elb::{TargetGroupArn, TargetGroupOutputs},
        iam::{Policy, Role as IamRole, RolePolicy, Statement},
        resource::Outputs,
        ssm::Parameter,
        text,
        value::{Arn, Cidr4, Input, Output},
    },
};

/// Parts of the stack that every fleet stands on.
#[derive(Clone, Copy)]
pub(super) struct Ground<'a> {
    /// Network, in whose private subnets the hosts are.
    pub(super) network: &'a Network,
    /// Log groups.
    pub(super) logs: &'a Logs,
    /// Bucket of the releases.
    pub(super) releases: &'a BucketRefs,
    /// Machine image.
    pub(super) image: &'a Input<String>,
}

/// Work of a fleet.
pub(super) struct Role {
    /// Description of its IAM role.
    pub(super) description: &'static str,
    /// Processes of each host.
    pub(super) processes: &'static [Process],
    /// Variables of the processes, a line each; `NAME@secret=ARN` stands for what that secret holds.
    pub(super) lines: Vec<Input<String>>,
    /// Secrets among them, which the hosts may read.
    pub(super) secrets: Vec<Input<Arn>>,
    /// Permissions for its work.
    pub(super) may: Vec<Statement>,
}

/// Requests that a fleet takes: the edge, the priority of its listener rule, and the paths.
pub(super) type Routed<'a> = Option<(&'a Site, u16, &'a [&'a str])>;

/// A fleet, for alarms and rules.
pub(super) struct Fleet {
    /// Security group of the hosts.
    pub(super) security_group: Output<SecurityGroupId>,
    /// Name of the Auto Scaling group.
    pub(super) group: Output<String>,
    /// Target group, when the fleet takes requests.
    pub(super) target_group: Option<<TargetGroupOutputs as Outputs>::Refs>,
    /// Minimum number of hosts.
    pub(super) min: u32,
}

/// Days after which a host gives way to a new one, with the newest template: what is patched in the image reaches every host.
const LIFETIME_DAYS: i64 = 14;

/// Seconds in which a host must have its first release; the first apply waits for one to be uploaded.
const FIRST_RELEASE_SECONDS: i64 = 3600;

impl Fleet {
    /// Declares the fleet: security group, role, log group, parameter with the variables, launch template, group and scaling.
    // Long: one declaration after the other, each used by the next.
    pub(super) fn new(
        s: &mut Scope<'_, Env>,
        ground: &Ground<'_>,
        size: FleetSize,
        role: &Role,
        routed: Routed<'_>,
    ) -> Self {
        let security_group = s
            .add(
                "security-group",
                SecurityGroup::new(&ground.network.vpc, role.description),
            )
            .id;
        // S3, SQS, Systems Manager and the others are reached at public addresses, of which there is no list to name here.
        let https = EgressRule::new(&security_group, Cidr4::ANYWHERE, Traffic::tcp(443))
            .description("Services of AWS, and packages");
        s.add("https-egress", https);
        let target_group = routed.map(|(site, priority, paths)| {
            site.route(
                s,
                ground.network,
                &security_group,
                role.processes[0].port,
                priority,
                paths,
            )
        });

        let log_group = ground.logs.group(s, "log-group");
        let parameter = s.full_name("variables");
        let fixed = [
            text!("AWS_REGION={}", s.region()),
            text!("RELEASES={}", &ground.releases.id),
            text!("LOG_GROUP={}", &log_group.id),
        ];
        let lines: Vec<_> = fixed.into_iter().chain(role.lines.iter().cloned()).collect();
        let variables = Parameter::string(joined(&lines))
            .name(parameter.as_str())
            .description("Variables of the fleet's processes");
        s.add("variables", variables);

        let group_name = s.full_name("group");
        let iam_role =
            IamRole::new(Policy::assumed_by_service("ec2.amazonaws.com")).description(role.description);
        let iam_role = s.add("role", iam_role);
        let policy = policy(s, ground, role, &log_group.arn, &parameter, &group_name);
        s.add("role-policy", RolePolicy::new(&iam_role.id, policy));
        let profile = s.add("instance-profile", InstanceProfile::new([iam_role.id.text()]));

        let host = Host {
            group: &group_name,
            parameter: &parameter,
            namespace: &format!("{}-{}", s.stack(), s.env().name()),
            processes: role.processes,
        };
        let template = template(ground, size, &profile.arn, &security_group, &host);
        let template = s.add("launch-template", template);
        let specification = LaunchTemplateSpecification::new(&template.latest_version_number)
            .launch_template_id(&template.id);
        let group = group(size, ground, specification, target_group.as_ref().map(|t| &t.id))
            .auto_scaling_group_name(group_name.as_str())
            .tags([("fleet", format!("{}-{}", s.stack(), s.env().name()))]);
        let group = s.add("group", group).id;

        let cpu = PredefinedMetricSpecification::new("ASGAverageCPUUtilization");
        let cpu = TargetTrackingConfiguration::new(50.0).predefined_metric_specification(cpu);
        s.add("scale-on-cpu", tracking(&group, cpu));
        Self {
            security_group,
            group,
            target_group,
            min: size.min,
        }
    }

    /// Declares the policy that keeps as many hosts as the queue's messages need.
    pub(super) fn follows_the_queue(&self, s: &mut Scope<'_, Env>, queue: &Queue) {
        let metric = |namespace: &str, name: &str, dimension: &str, value: &Output<String>| {
            let metric = Metric::new(name, namespace).dimensions([MetricDimension::new(dimension, value)]);
            TargetTrackingMetricStat::new(metric, "Average")
        };
        let waiting = metric(
            "AWS/SQS",
            "ApproximateNumberOfMessagesVisible",
            "QueueName",
            &queue.name,
        );
        let hosts = metric(
            "AWS/AutoScaling",
            "GroupInServiceInstances",
            "AutoScalingGroupName",
            &self.group,
        );
        let stat = |id: &str, stat| {
            TargetTrackingMetricDataQuery::new(id)
                .metric_stat(stat)
                .return_data(false)
        };
        let backlog = CustomizedMetricSpecification::new().metrics([
            stat("waiting", waiting),
            stat("hosts", hosts),
            TargetTrackingMetricDataQuery::new("backlog")
                .expression("waiting / hosts")
                .return_data(true),
        ]);
        // A message has some hundred events; a host stores more than 100 messages a second.
        let backlog = TargetTrackingConfiguration::new(500.0).customized_metric_specification(backlog);
        s.add("scale-on-backlog", tracking(&self.group, backlog));
    }
}

fn joined(lines: &[Input<String>]) -> Input<String> {
    let format = vec!["{}"; lines.len()].join("\n");
    Input::joined(&format, lines.iter().map(Into::into).collect())
}

fn tracking(group: &Output<String>, configuration: TargetTrackingConfiguration) -> ScalingPolicy {
    ScalingPolicy::new(group)
        .policy_type("TargetTrackingScaling")
        .target_tracking_configuration(configuration)
}

/// Hosts as they start: IMDSv2 alone, which containers do not reach, an encrypted disk, no key pair.
fn template(
    ground: &Ground<'_>,
    size: FleetSize,
    profile: &Output<Arn>,
    security_group: &Output<SecurityGroupId>,
    host: &Host<'_>,
) -> LaunchTemplate {
    let metadata = MetadataOptions::new()
        .http_endpoint("enabled")
        .http_tokens("required")
        .http_put_response_hop_limit(1);
    let disk = Ebs::new()
        .encrypted(true)
        .volume_type("gp3")
        .volume_size(20)
        .delete_on_termination(true);
    let data = LaunchTemplateData::new()
        .image_id(ground.image)
        .instance_type(size.instance_type)
        .iam_instance_profile(IamInstanceProfile::new().arn(profile.text()))
        .security_group_ids([security_group])
        .metadata_options(metadata)
        .block_device_mappings([BlockDeviceMapping::new().device_name("/dev/xvda").ebs(disk)])
        .user_data(host.user_data());
    LaunchTemplate::new(data)
}

/// The group: a host takes work once its release is ready, and a new one comes before an old one goes.
fn group(
    size: FleetSize,
    ground: &Ground<'_>,
    template: LaunchTemplateSpecification,
    target_group: Option<&Output<TargetGroupArn>>,
) -> AutoScalingGroup {
    let ready = LifecycleHookSpecification::new("ready", "autoscaling:EC2_INSTANCE_LAUNCHING")
        .heartbeat_timeout(FIRST_RELEASE_SECONDS)
        .default_result("ABANDON");
    let renewed = InstanceMaintenancePolicy::new()
        .min_healthy_percentage(100)
        .max_healthy_percentage(200);
    // A process that is not well is for systemd to start again, or for its release to go back, and an alarm tells: a group that
    // asked the load balancer would end hosts meanwhile.
    let group = AutoScalingGroup::new(size.max.to_string(), size.min.to_string())
        .launch_template(template)
        .vpc_zone_identifier(&ground.network.private)
        .lifecycle_hook_specification_list([ready])
        .instance_maintenance_policy(renewed)
        .max_instance_lifetime(LIFETIME_DAYS * 24 * 60 * 60)
        .default_instance_warmup(60)
        .health_check_type("EC2")
        .metrics_collection([MetricsCollection::new("1Minute").metrics(["GroupInServiceInstances"])]);
    match target_group {
        Some(target_group) => group.target_group_arns([target_group]),
        None => group,
    }
}

/// Permissions of a host: its work, its release, its variables and log, and Systems Manager instead of SSH.
fn policy(
    s: &Scope<'_, Env>,
    ground: &Ground<'_>,
    role: &Role,
    log: &Output<Arn>,
    parameter: &str,
    group: &str,
) -> Policy {
    let (account, region) = (s.account(), s.region());
    let arn =
        |service: &str, rest: Input<String>| text!("arn:aws:{}:{}:{}:{}", service, &region, &account, rest);
    let group = arn(
        "autoscaling",
        text!("autoScalingGroup:*:autoScalingGroupName/{}", group),
    );
    // The agent's own: https://docs.aws.amazon.com/systems-manager/latest/userguide/setup-instance-permissions.html. Messages know
    // no resource (Service Authorization Reference, "Amazon Message Gateway Service" and "Amazon Message Delivery Service").
    let messages = [
        "ssmmessages:CreateControlChannel",
        "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel",
        "ssmmessages:OpenDataChannel",
        "ec2messages:AcknowledgeMessage",
        "ec2messages:DeleteMessage",
        "ec2messages:FailMessage",
        "ec2messages:GetEndpoint",
        "ec2messages:GetMessages",
        "ec2messages:SendReply",
    ];
    let agent = ["ssm:UpdateInstanceInformation", "ssm:ListInstanceAssociations"];
    let mut policy = Policy::allow(["s3:GetObject"])
        .on([text!("{}/*", &ground.releases.arn)])
        .and(Policy::allow(["ssm:GetParameter"]).on([arn("ssm", text!("parameter/{}", parameter))]))
        .and(Policy::allow(["logs:CreateLogStream", "logs:PutLogEvents"]).on([text!("{}:*", log)]))
        .and(Policy::allow(["autoscaling:CompleteLifecycleAction"]).on([group]))
        .and(Policy::allow(agent).on([arn("ec2", Input::Known("instance/*".into()))]))
        .and(Policy::allow(messages).on(["*"]));
    if !role.secrets.is_empty() {
        policy = policy.and(Policy::allow(["secretsmanager:GetSecretValue"]).on(&role.secrets));
    }
    role.may.iter().cloned().fold(policy, Policy::and)
}
