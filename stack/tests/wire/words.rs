//! How a service says that there is another page, and how it is asked for that one.
//!
//! Which operations have pages is in [`pages`](crate::pages).

use crate::{
    cbor::Cbor,
    form::{self, escaped},
    proxy,
};
use serde_json::Value;

/// Operations that page in the same words. The list itself is left out of an empty page: a list that is absent is empty.
pub(crate) struct Paged {
    pub(crate) service: &'static str,
    speaks: Speaks,
    /// The member of a request that asks for a page.
    pub(crate) ask: &'static str,
    /// The member of an answer that names the next page.
    pub(crate) next: &'static str,
    /// The member of an answer that says that there is one, where that is said, too.
    pub(crate) more: &'static str,
    pub(crate) operations: &'static [&'static str],
}

/// A row of the table; the words are those that ask, that name the next page, and that say there is one.
pub(crate) const fn paged(
    service: &'static str,
    speaks: Speaks,
    [ask, next, more]: [&'static str; 3],
    operations: &'static [&'static str],
) -> Paged {
    Paged {
        service,
        speaks,
        ask,
        next,
        more,
        operations,
    }
}

/// Where requests and answers have their members.
pub(crate) enum Speaks {
    /// In a form, and in XML under `OperationResponse`.
    Ec2,
    /// In a form, and in XML under `OperationResult`.
    Query,
    Json,
    Cbor,
    /// In the path's query, and in XML under this.
    Rest(&'static str),
}
use Speaks::{Cbor as InCbor, Ec2, Json, Query, Rest};

/// The token of the second page. A list that begins at a name has it in front of that name.
const TOKEN: &str = "second-page.";

/// Route 53's records are asked for from a name and a type on, page or no page.
const START: &str = "name";

/// What becomes of a request.
pub(crate) enum Turn {
    /// It is answered, with the empty page.
    Empty(Vec<u8>),
    /// It goes on as this head and body, which ask for no page.
    Second(String, Vec<u8>),
    /// It goes on as it is.
    Asked,
}

impl Paged {
    /// What becomes of a request, the first or another; `endless` when no page is to be the last.
    pub(crate) fn turn(&self, operation: &str, head: &str, body: &[u8], endless: bool) -> Turn {
        let asked = self.asked(head, body);
        let ours = asked.as_ref().is_some_and(|token| token.starts_with(TOKEN));
        if ours && !endless {
            return self.without_token(head, body);
        }
        if asked.is_some() && !ours && self.ask != START {
            return Turn::Asked;
        }
        let start = asked.filter(|_| self.ask == START).unwrap_or_default();
        let token = format!("{TOKEN}{}", start.trim_start_matches(TOKEN));
        Turn::Empty(self.empty(operation, &token, head))
    }

    /// The page that is asked for.
    fn asked(&self, head: &str, body: &[u8]) -> Option<String> {
        match self.speaks {
            Ec2 | Query => form::members(body).remove(self.ask),
            Rest(_) => form::members(query(head).as_bytes()).remove(self.ask),
            Json => {
                let request: Value = serde_json::from_slice(body).ok()?;
                Some(request[self.ask].as_str()?.to_owned())
            }
            InCbor => Some(Cbor::read(body)?.get(self.ask)?.text()?.to_owned()),
        }
    }

    /// The same request for no page in particular.
    fn without_token(&self, head: &str, body: &[u8]) -> Turn {
        let mut head = head.to_owned();
        let body = match self.speaks {
            Ec2 | Query => less(&String::from_utf8_lossy(body), self.ask).into_bytes(),
            Json => {
                let mut request: Value = serde_json::from_slice(body).unwrap();
                request.as_object_mut().unwrap().remove(self.ask);
                request.to_string().into_bytes()
            }
            InCbor => {
                let mut request = Cbor::read(body).unwrap();
                request.remove(self.ask);
                request.write()
            }
            Rest(_) => {
                let query = query(&head).to_owned();
                // Where it began, if it began anywhere.
                let begun = query.replace(&format!("={TOKEN}"), "=");
                let rest = if begun
                    .split('&')
                    .any(|pair| pair.strip_suffix('=') == Some(self.ask))
                {
                    less(&less(&begun, self.ask), "type")
                } else {
                    begun
                };
                head = head.replacen(&query, &rest, 1);
                body.to_vec()
            }
        };
        Turn::Second(head, body)
    }

    /// The empty page, whole.
    fn empty(&self, operation: &str, token: &str, head: &str) -> Vec<u8> {
        let Self { next, more, .. } = self;
        let xml = |root: &str| {
            let mut members = format!("<{next}>{}</{next}>", escaped(token));
            if !more.is_empty() {
                members.push_str(&format!("<{more}>true</{more}>"));
            }
            if self.ask == START {
                let kind = form::members(query(head).as_bytes()).remove("type");
                let kind = kind.as_deref().unwrap_or("A");
                members.push_str(&format!("<NextRecordType>{kind}</NextRecordType>"));
            }
            format!("<{root}>{members}</{root}>")
        };
        let (headers, body) = match self.speaks {
            Ec2 => (proxy::XML, xml(&format!("{operation}Response"))),
            Rest(root) => (proxy::XML, xml(root)),
            Query => {
                let result = xml(&format!("{operation}Result"));
                (
                    proxy::XML,
                    format!("<{operation}Response>{result}</{operation}Response>"),
                )
            }
            Json => {
                let mut page = serde_json::json!({*next: token});
                if !more.is_empty() {
                    page[*more] = true.into();
                }
                (proxy::JSON, page.to_string())
            }
            InCbor => {
                let page = Cbor::Map(vec![((*next).to_owned(), Cbor::Text(token.to_owned()))]);
                return proxy::message(proxy::CBOR, &page.write());
            }
        };
        proxy::message(headers, body.as_bytes())
    }
}

/// What comes after the path in a request's first line.
fn query(head: &str) -> &str {
    let target = head.split(' ').nth(1).unwrap_or_default();
    target.split_once('?').map_or("", |(_, query)| query)
}

/// Pairs without those of one name.
fn less(pairs: &str, name: &str) -> String {
    let keep = |pair: &&str| pair.split('=').next() != Some(name);
    pairs.split('&').filter(keep).collect::<Vec<_>>().join("&")
}
