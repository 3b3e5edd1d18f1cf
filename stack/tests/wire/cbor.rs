//! As much of CBOR (RFC 8949) as CloudWatch's client and ministack speak.

/// A data item. Numbers that are not whole keep their bits; nothing here calculates.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cbor {
    /// Major type 0 or 1, and its argument.
    Whole(u8, u64),
    Bytes(Vec<u8>),
    Text(String),
    List(Vec<Cbor>),
    Map(Vec<(String, Cbor)>),
    Tagged(u64, Box<Cbor>),
    /// A simple value or a float: its initial byte, and what follows.
    Other(u8, Vec<u8>),
}

const BREAK: u8 = 0xff;

impl Cbor {
    /// The one item that `bytes` are.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let mut rest = bytes;
        let item = Self::item(&mut rest)?;
        rest.is_empty().then_some(item)
    }

    /// The member `key` of a map.
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Map(members) => members.iter().find(|(k, _)| k == key).map(|(_, v)| v),
            _ => None,
        }
    }

    /// Sets the member `key` of a map.
    pub(crate) fn set(&mut self, key: &str, value: Self) {
        if let Self::Map(members) = self {
            members.retain(|(k, _)| k != key);
            members.push((key.to_owned(), value));
        }
    }

    /// Removes the member `key` of a map.
    pub(crate) fn remove(&mut self, key: &str) {
        if let Self::Map(members) = self {
            members.retain(|(k, _)| k != key);
        }
    }

    /// The text.
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The items of a list; none of anything else.
    pub(crate) fn items(&self) -> &[Self] {
        match self {
            Self::List(items) => items,
            _ => &[],
        }
    }

    fn item(rest: &mut &[u8]) -> Option<Self> {
        let first = take(rest, 1)?[0];
        let (major, info) = (first >> 5, first & 0x1f);
        if major == 7 {
            let follows = match info {
                24 => 1,
                25 => 2,
                26 => 4,
                27 => 8,
                _ => 0,
            };
            return Some(Self::Other(first, take(rest, follows)?.to_vec()));
        }
        let open = info == 31;
        let argument = match info {
            0..=23 => u64::from(info),
            24..=27 => take(rest, 1 << (info - 24))?
                .iter()
                .fold(0, |n, byte| n << 8 | u64::from(*byte)),
            _ => 0,
        };
        let length = usize::try_from(argument).ok()?;
        // Of an open length, until the break.
        let more = |rest: &mut &[u8], had: usize| {
            if open && rest.first() == Some(&BREAK) {
                *rest = &rest[1..];
                return false;
            }
            open || had < length
        };
        Some(match major {
            0 | 1 => Self::Whole(major, argument),
            2 => Self::Bytes(take(rest, length)?.to_vec()),
            3 => Self::Text(String::from_utf8(take(rest, length)?.to_vec()).ok()?),
            4 => {
                let mut items = vec![];
                while more(rest, items.len()) {
                    items.push(Self::item(rest)?);
                }
                Self::List(items)
            }
            5 => {
                let mut members = vec![];
                while more(rest, members.len()) {
                    let Self::Text(key) = Self::item(rest)? else {
                        return None;
                    };
                    members.push((key, Self::item(rest)?));
                }
                Self::Map(members)
            }
            _ => Self::Tagged(argument, Box::new(Self::item(rest)?)),
        })
    }

    /// The bytes.
    pub(crate) fn write(&self) -> Vec<u8> {
        let mut out = vec![];
        self.put(&mut out);
        out
    }

    fn put(&self, out: &mut Vec<u8>) {
        match self {
            Self::Whole(major, n) => head(out, *major, *n),
            Self::Bytes(bytes) => {
                head(out, 2, bytes.len() as u64);
                out.extend(bytes);
            }
            Self::Text(text) => {
                head(out, 3, text.len() as u64);
                out.extend(text.as_bytes());
            }
            Self::List(items) => {
                head(out, 4, items.len() as u64);
                items.iter().for_each(|item| item.put(out));
            }
            Self::Map(members) => {
                head(out, 5, members.len() as u64);
                for (key, value) in members {
                    Self::Text(key.clone()).put(out);
                    value.put(out);
                }
            }
            Self::Tagged(tag, item) => {
                head(out, 6, *tag);
                item.put(out);
            }
            Self::Other(first, follows) => {
                out.push(*first);
                out.extend(follows);
            }
        }
    }
}

fn take<'a>(rest: &mut &'a [u8], length: usize) -> Option<&'a [u8]> {
    let (taken, left) = rest.split_at_checked(length)?;
    *rest = left;
    Some(taken)
}

/// The initial bytes of an item, with an argument of eight bytes where it does not fit into the first.
fn head(out: &mut Vec<u8>, major: u8, argument: u64) {
    match u8::try_from(argument) {
        Ok(small) if small < 24 => out.push(major << 5 | small),
        _ => {
            out.push(major << 5 | 0x1b);
            out.extend(argument.to_be_bytes());
        }
    }
}

#[test]
fn what_was_read_is_written_and_read_again() {
    // {"a": [1, -1, "x", 1(0.5 as a float of two bytes)], "b": h'00'}, the list of open length.
    let bytes = b"\xa2\x61a\x9f\x01\x20\x61x\xc1\xf9\x38\x00\xff\x61b\x41\x00";
    let item = Cbor::read(bytes).unwrap();
    assert_eq!(item.get("a").unwrap().items().len(), 4);
    assert_eq!(Cbor::read(&item.write()), Some(item));
    assert_eq!(Cbor::read(&bytes[..bytes.len() - 1]), None);
}
