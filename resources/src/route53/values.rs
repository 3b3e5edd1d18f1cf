//! The forms of the values of a record.
//!
//! <https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/ResourceRecordTypes.html>

use super::RecordType;
use std::net::{Ipv4Addr, Ipv6Addr};

/// The form that a value should have, where it has not, as the rest of a sentence.
pub(super) fn wrong(kind: RecordType, value: &str) -> Option<&'static str> {
    let words: Vec<&str> = value.split_ascii_whitespace().collect();
    let number = |word: &str| word.parse::<u16>().is_ok();
    let (right, form) = match kind {
        RecordType::A => (value.parse::<Ipv4Addr>().is_ok(), "an IPv4 address"),
        RecordType::Aaaa => (value.parse::<Ipv6Addr>().is_ok(), "an IPv6 address"),
        RecordType::Cname | RecordType::Ns | RecordType::Ptr => (is_name(value), "a domain name"),
        RecordType::Mx => {
            let right = matches!(words[..], [priority, name] if number(priority) && is_name(name));
            (
                right,
                "a priority and the name of a mail server, such as `10 mail.example.com`",
            )
        }
        RecordType::Srv => {
            let right = matches!(words[..], [priority, weight, port, name] if [priority, weight, port].into_iter().all(number) && is_name(name));
            (
                right,
                "priority, weight, port and name, such as `1 10 5269 xmpp.example.com`",
            )
        }
        RecordType::Caa => {
            let right = matches!(value.splitn(3, ' ').collect::<Vec<_>>()[..], [flags, _, text] if flags.parse::<u8>().is_ok() && text.len() > 1 && text.starts_with('"') && text.ends_with('"'));
            (
                right,
                "flags, a tag and a text in quotes, such as `0 issue \"amazon.com\"`",
            )
        }
        RecordType::Txt => (true, ""),
    };
    (!right).then_some(form)
}

fn is_name(text: &str) -> bool {
    (1..=255).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// `true` if a record's name lies within the hosted zone of this name.
/// <https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html>: `InvalidChangeBatch`, "`RRSet` with DNS name
/// … is not permitted in zone …"
pub(super) fn is_within(name: &str, zone: &str) -> bool {
    let (name, zone) = (name.trim_end_matches('.'), zone.trim_end_matches('.'));
    let (name, zone) = (name.to_ascii_lowercase(), zone.to_ascii_lowercase());
    name.strip_suffix(&zone)
        .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_within_a_zone_ends_in_a_label() {
        assert!(is_within("a.shop.example", "shop.example"));
        assert!(is_within("shop.example", "Shop.example."));
        assert!(!is_within("workshop.example", "shop.example"));
    }
}
