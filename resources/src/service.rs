//! Facts about a service of AWS, which all of its types share.

/// A service of AWS: the constant `SERVICE` in the module of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Service {
    /// The SDK module, such as `elb`.
    pub module: &'static str,
    /// The prefix of the service's IAM actions, such as `elasticloadbalancing`.
    pub iam_prefix: &'static str,
    /// Error codes, each with a part of the message (empty for any), of a call that refers to a resource which was created a moment
    /// ago and is not visible to it yet: the call is tried again.
    pub not_yet: &'static [(&'static str, &'static str)],
}

impl Service {
    /// A service whose IAM prefix is the SDK module's name, and whose calls see everything that exists.
    pub const fn new(module: &'static str) -> Self {
        Self {
            module,
            iam_prefix: module,
            not_yet: &[],
        }
    }

    /// The length of [`action`](Self::action), in bytes.
    pub const fn action_length(&self, operation: &str) -> usize {
        self.iam_prefix.len() + 1 + operation.len()
    }

    /// The IAM action of an operation, such as `elasticloadbalancing:CreateListener`, as text of this length.
    pub const fn action<const LENGTH: usize>(&self, operation: &str) -> [u8; LENGTH] {
        let (prefix, operation) = (self.iam_prefix.as_bytes(), operation.as_bytes());
        let mut text = [b':'; LENGTH];
        let mut at = 0;
        while at < prefix.len() {
            text[at] = prefix[at];
            at += 1;
        }
        while at + 1 < LENGTH {
            text[at + 1] = operation[at - prefix.len()];
            at += 1;
        }
        text
    }
}

/// Bytes of an [action](Service::action) as text.
///
/// # Panics
/// The bytes are no text; at build time.
pub const fn text(bytes: &'static [u8]) -> &'static str {
    match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(_) => panic!("an action is text"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_action_has_the_prefix_of_its_service() {
        const ELB: Service = Service {
            iam_prefix: "elasticloadbalancing",
            ..Service::new("elb")
        };
        const ACTION: [u8; ELB.action_length("CreateListener")] = ELB.action("CreateListener");
        assert_eq!(text(&ACTION), "elasticloadbalancing:CreateListener");
    }
}
