//! Claims: what AWS lets only one resource hold at a time.
//!
//! A subnet claims its address range in its VPC, a listener a port of its load balancer, a rule a priority of its listener. A type says
//! so as a pure function of its inputs; which of two resources must let go first, and what is refused, the planner
//! derives from that alone and knows no type by name.

use crate::value::Cidr4;
use serde::Serialize;
use serde_json::Value;

/// A thing that AWS lets only one resource hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// The kind of thing that is claimed, as a noun for people: `port`, `IPv4 range`, `name of a target group`.
    pub of: &'static str,
    /// The resources inside which the key is unique, as inputs: the VPC of a range, the load balancer of a port. Empty: the
    /// account and region.
    pub within: Vec<Value>,
    /// The key that is claimed there.
    pub key: ClaimKey,
    /// The owner of those that may hold it together: two claims of one thing do not clash when both name the same here. All listeners and rules of
    /// one load balancer may forward to a target group, which no second load balancer may use.
    pub shared_by: Option<Owner>,
}

/// The one who may let several hold a claim together.
#[derive(Clone, Debug, PartialEq)]
pub enum Owner {
    /// A value: the load balancer of a listener.
    Value(Value),
    /// A field of another resource: the load balancer of the listener that a rule belongs to.
    Field {
        /// The other resource: a reference to it, or its id.
        resource: Value,
        /// The field.
        field: &'static str,
    },
}

/// The key of a claim.
#[derive(Clone, Debug, PartialEq)]
pub enum ClaimKey {
    /// A value, which may still be a reference: equal ones clash.
    Value(Value),
    /// An address range: overlapping ones clash.
    Range(Cidr4),
}

fn plain(value: impl Serialize) -> Value {
    serde_json::to_value(value).expect("inputs are plain data")
}

impl Claim {
    /// A claim of `key`, unique in the account and region.
    pub fn of(of: &'static str, key: impl Serialize) -> Self {
        Self {
            of,
            within: vec![],
            key: ClaimKey::Value(plain(key)),
            shared_by: None,
        }
    }

    /// A claim of an address range.
    pub fn of_range(of: &'static str, range: Cidr4) -> Self {
        Self {
            key: ClaimKey::Range(range),
            ..Self::of(of, ())
        }
    }

    /// The same, unique only within `scope`.
    #[must_use]
    pub fn within(mut self, scope: impl Serialize) -> Self {
        self.within.push(plain(scope));
        self
    }

    /// The same, held together by all who name `owner`.
    #[must_use]
    pub fn shared_by(mut self, owner: impl Serialize) -> Self {
        self.shared_by = Some(Owner::Value(plain(owner)));
        self
    }

    /// The same, held together by all who name the same in `field` of `resource`.
    #[must_use]
    pub fn shared_by_field(mut self, resource: impl Serialize, field: &'static str) -> Self {
        let resource = plain(resource);
        self.shared_by = Some(Owner::Field { resource, field });
        self
    }

    /// The same with its owner looked up, where that is a field of another resource; `field` gives the value of one.
    #[must_use]
    pub fn with_owner(mut self, field: impl Fn(&Value, &str) -> Option<Value>) -> Self {
        if let Some(Owner::Field {
            resource,
            field: name,
        }) = &self.shared_by
            && let Some(owner) = field(resource, name)
        {
            self.shared_by = Some(Owner::Value(owner));
        }
        self
    }

    /// `true` if two resources cannot hold both. Owners of which one is not known may be the same.
    pub fn clashes(&self, other: &Self) -> bool {
        let same_owner = match (&self.shared_by, &other.shared_by) {
            (Some(Owner::Value(a)), Some(Owner::Value(b))) => a == b,
            (Some(_), Some(_)) => true,
            _ => false,
        };
        let overlap = match (&self.key, &other.key) {
            (ClaimKey::Value(a), ClaimKey::Value(b)) => a == b,
            (ClaimKey::Range(a), ClaimKey::Range(b)) => a.contains(b) || b.contains(a),
            _ => false,
        };
        self.of == other.of && self.within == other.within && overlap && !same_owner
    }
}

impl std::fmt::Display for Claim {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = |v: &Value| v.as_str().map_or_else(|| v.to_string(), ToOwned::to_owned);
        match &self.key {
            ClaimKey::Value(Value::Null) => write!(f, "the {}", self.of)?,
            ClaimKey::Value(value) => write!(f, "the {} `{}`", self.of, text(value))?,
            ClaimKey::Range(range) => write!(f, "the {} {range}", self.of)?,
        }
        for scope in &self.within {
            match scope.get("$ref").and_then(Value::as_str) {
                Some(output) => write!(f, " of `{output}`")?,
                None => write!(f, " of {}", text(scope))?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Claim;

    fn range(text: &str, vpc: &str) -> Claim {
        Claim::of_range("IPv4 range", text.parse().expect("a range")).within(vpc)
    }

    #[test]
    fn overlapping_ranges_of_one_vpc_clash() {
        assert!(range("10.0.0.0/16", "vpc-1").clashes(&range("10.0.4.0/24", "vpc-1")));
        assert!(range("10.0.4.0/24", "vpc-1").clashes(&range("10.0.0.0/16", "vpc-1")));
        assert!(!range("10.0.4.0/24", "vpc-1").clashes(&range("10.0.5.0/24", "vpc-1")));
        assert!(!range("10.0.4.0/24", "vpc-1").clashes(&range("10.0.4.0/24", "vpc-2")));
    }

    #[test]
    fn what_is_shared_by_one_owner_does_not_clash() {
        let claim = |lb: &str| Claim::of("target group", "tg-1").shared_by(lb);
        assert!(!claim("lb-1").clashes(&claim("lb-1")));
        assert!(claim("lb-1").clashes(&claim("lb-2")));
        let rule = Claim::of("target group", "tg-1").shared_by_field("listener-1", "load_balancer");
        let of = |owner: &'static str| rule.clone().with_owner(move |_, _| Some(owner.into()));
        assert!(!rule.clashes(&claim("lb-1")) && !of("lb-1").clashes(&claim("lb-1")));
        assert!(of("lb-2").clashes(&claim("lb-1")));
    }
}
