//! AWS's names, as Rust writes them.

/// Words with a capital inside, and how they are read as one.
const MIXED: [(&str, &str); 7] = [
    ("KiB", "Kib"),
    ("MiB", "Mib"),
    ("GiB", "Gib"),
    ("TiB", "Tib"),
    ("VCpu", "Vcpu"),
    ("IPv", "Ipv"),
    ("IoT", "Iot"),
];

/// `TargetGroupARNs` as `target_group_arns`, `VPCZoneIdentifier` as `vpc_zone_identifier`, `MemoryMiB` as `memory_mib`.
pub(super) fn snake(name: &str) -> String {
    let name = MIXED
        .iter()
        .fold(name.to_owned(), |name, (mixed, one)| name.replace(mixed, one));
    let chars: Vec<char> = name.chars().collect();
    let mut out = String::new();
    for (i, &c) in chars.iter().enumerate() {
        if !c.is_ascii_alphanumeric() {
            out.push('_');
            continue;
        }
        if c.is_ascii_uppercase() && i > 0 {
            let before = chars[i - 1];
            let next = chars.get(i + 1);
            // The `s` of a plural belongs to the acronym before it.
            let plural = next == Some(&'s') && chars.get(i + 2).is_none_or(char::is_ascii_uppercase);
            let begins_word =
                before.is_ascii_uppercase() && next.is_some_and(char::is_ascii_lowercase) && !plural;
            if before.is_ascii_lowercase() || before.is_ascii_digit() || begins_word {
                out.push('_');
            }
        }
        out.push(c.to_ascii_lowercase());
    }
    let out = out
        .split('_')
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("_");
    if out.starts_with(|c: char| c.is_ascii_digit()) {
        format!("n{out}")
    } else {
        out
    }
}

/// A word or a name as that of a type: `PAY_PER_REQUEST` as `PayPerRequest`. `None` where nothing of it can stand in a name.
pub(super) fn pascal(name: &str) -> Option<String> {
    let mixed = name.chars().any(|c| c.is_ascii_lowercase()) && name.chars().any(|c| c.is_ascii_uppercase());
    let parts = name
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|part| !part.is_empty());
    let word = |part: &str| -> String {
        let mut chars = part.chars();
        let first = chars.next().map(|c| c.to_ascii_uppercase());
        let rest: String = if mixed {
            chars.collect()
        } else {
            chars.as_str().to_ascii_lowercase()
        };
        first.into_iter().chain(rest.chars()).collect()
    };
    let out: String = parts.map(word).collect();
    let first = out.chars().next()?;
    let out = if first.is_ascii_digit() {
        format!("N{out}")
    } else {
        out
    };
    Some(if matches!(out.as_str(), "Self" | "Other") {
        format!("{out}Word")
    } else {
        out
    })
}

/// The name of a method or a field, which may be a word of the language.
pub(super) fn method(name: &str) -> String {
    let name = snake(name);
    match name.as_str() {
        "self" | "super" | "crate" | "new" | "clone" | "declare" | "refs" => format!("{name}_"),
        "as" | "async" | "await" | "break" | "const" | "continue" | "dyn" | "else" | "enum" | "extern"
        | "false" | "fn" | "for" | "gen" | "if" | "impl" | "in" | "let" | "loop" | "match" | "mod"
        | "move" | "mut" | "pub" | "ref" | "return" | "static" | "struct" | "trait" | "true" | "type"
        | "unsafe" | "use" | "where" | "while" | "abstract" | "become" | "box" | "do" | "final" | "macro"
        | "override" | "priv" | "try" | "typeof" | "unsized" | "virtual" | "yield" => format!("r#{name}"),
        _ => name,
    }
}

/// The type of Rust for an output of AWS's types, by `AWS::EC2::Subnet.SubnetId`: an id of a type with a file of its own, or an ARN.
pub(super) fn id(reference: &str) -> Option<&'static str> {
    let (kind, property) = reference.rsplit_once('.')?;
    let known = match kind {
        "AWS::EC2::VPC" => "ec2::VpcId",
        "AWS::EC2::Subnet" => "ec2::SubnetId",
        "AWS::EC2::SecurityGroup" => "ec2::SecurityGroupId",
        "AWS::EC2::RouteTable" => "ec2::RouteTableId",
        "AWS::EC2::InternetGateway" => "ec2::InternetGatewayId",
        "AWS::EC2::NatGateway" => "ec2::NatGatewayId",
        "AWS::EC2::NetworkAcl" => "ec2::NetworkAclId",
        "AWS::EC2::TransitGateway" => "ec2::TransitGatewayId",
        "AWS::EC2::VPCEndpoint" => "ec2::VpcEndpointId",
        "AWS::ElasticLoadBalancingV2::TargetGroup" => "elb::TargetGroupArn",
        "AWS::ElasticLoadBalancingV2::LoadBalancer" => "elb::LoadBalancerArn",
        "AWS::ElasticLoadBalancingV2::Listener" => "elb::ListenerArn",
        _ => return property.ends_with("Arn").then_some("value::Arn"),
    };
    let own = kind.starts_with("AWS::EC2") && (property == "Id" || property.ends_with("Id"));
    let arn = kind.starts_with("AWS::Elastic") && property.ends_with("Arn");
    (own || arn).then_some(known)
}

/// True if a property of this name may be of the type `id`: the schemas call many a name of one's own a reference, and only what
/// speaks of an ARN takes that of a load balancer.
pub(super) fn fits(property: &str, id: &str) -> bool {
    !id.starts_with("elb::") || property.to_ascii_lowercase().contains("arn")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_split_where_words_begin() {
        let names = [
            ("TargetGroupARNs", "target_group_arns"),
            ("VPCZoneIdentifier", "vpc_zone_identifier"),
            ("DBInstanceClass", "db_instance_class"),
            ("KmsKeyId", "kms_key_id"),
            ("Http2", "http2"),
            ("SSESpecification", "sse_specification"),
            ("MemoryGiBPerVCpu", "memory_gib_per_vcpu"),
            ("AssignIPv6AddressOnCreation", "assign_ipv6_address_on_creation"),
        ];
        for (aws, rust) in names {
            assert_eq!(snake(aws), rust);
        }
        assert_eq!(pascal("PAY_PER_REQUEST").as_deref(), Some("PayPerRequest"));
        assert_eq!(pascal("nodejs22.x").as_deref(), Some("Nodejs22X"));
        assert_eq!(method("Type"), "r#type");
    }
}
