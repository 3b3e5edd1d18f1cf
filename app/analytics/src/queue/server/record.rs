//! The records of the queue's log: `kind u8, id u64, length u32, bytes, crc32`, all little-endian.

use std::collections::BTreeMap;
use std::io::{self, Read};

/// The most bytes of a record: a message of 1 MiB and its attributes.
const LONGEST: u32 = 4 * 1024 * 1024;

/// The bytes of a record beside its content.
const FRAME: usize = 17;

/// A change of the queues.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Record {
    /// A queue was created, or its attributes were changed.
    Queue {
        id: u64,
        name: String,
        attributes: BTreeMap<String, String>,
    },
    /// A message was sent.
    Send {
        id: u64,
        queue: u64,
        sent: i64,
        delay: u32,
        /// The attributes as JSON, as they came.
        attributes: String,
        body: String,
    },
    /// A message was deleted.
    Delete { id: u64 },
    /// A message was received once more.
    Received { id: u64, count: u32, first: i64 },
    /// A message was moved to another queue, as one that was not received yet.
    Move { id: u64, queue: u64 },
    /// A queue was emptied.
    Purge { queue: u64 },
}

/// Where the body of a message that was sent lies, from the begin of its record.
pub(super) fn body_offset(attributes: &str) -> u64 {
    13 + 8 + 8 + 4 + 4 + attributes.len() as u64
}

impl Record {
    /// Appends the record's bytes.
    pub(super) fn encode(&self, bytes: &mut Vec<u8>) {
        let begin = bytes.len();
        let (kind, id) = match self {
            Self::Queue { id, .. } => (1, *id),
            Self::Send { id, .. } => (2, *id),
            Self::Delete { id } => (3, *id),
            Self::Received { id, .. } => (4, *id),
            Self::Move { id, .. } => (5, *id),
            Self::Purge { queue } => (6, *queue),
        };
        bytes.push(kind);
        bytes.extend(id.to_le_bytes());
        bytes.extend([0; 4]);
        match self {
            Self::Queue { name, attributes, .. } => {
                text(bytes, name);
                for (name, value) in attributes {
                    text(bytes, name);
                    text(bytes, value);
                }
            }
            Self::Send {
                queue,
                sent,
                delay,
                attributes,
                body,
                ..
            } => {
                bytes.extend(queue.to_le_bytes());
                bytes.extend(sent.to_le_bytes());
                bytes.extend(delay.to_le_bytes());
                text(bytes, attributes);
                bytes.extend(body.as_bytes());
            }
            Self::Received { count, first, .. } => {
                bytes.extend(count.to_le_bytes());
                bytes.extend(first.to_le_bytes());
            }
            Self::Move { queue, .. } => bytes.extend(queue.to_le_bytes()),
            Self::Delete { .. } | Self::Purge { .. } => {}
        }
        let length = u32::try_from(bytes.len() - begin - 13).unwrap_or(u32::MAX);
        bytes[begin + 9..begin + 13].copy_from_slice(&length.to_le_bytes());
        let crc = crc32fast::hash(&bytes[begin..]);
        bytes.extend(crc.to_le_bytes());
    }

    /// Reads the next record and its length in the file; `None` at the end, and at a record that is cut off or damaged.
    ///
    /// # Errors
    /// An error of reading other than the file's end.
    pub(super) fn read(source: &mut impl Read) -> io::Result<Option<(Self, usize)>> {
        let mut head = [0; 13];
        if !fill(source, &mut head)? {
            return Ok(None);
        }
        let length = u32::from_le_bytes([head[9], head[10], head[11], head[12]]);
        if length > LONGEST {
            return Ok(None);
        }
        let length = length as usize;
        let mut rest = vec![0; length + 4];
        if !fill(source, &mut rest)? {
            return Ok(None);
        }
        let (content, crc) = rest.split_at(length);
        let mut hash = crc32fast::Hasher::new();
        hash.update(&head);
        hash.update(content);
        if hash.finalize().to_le_bytes() != crc {
            return Ok(None);
        }
        let id = Cursor(&head[1..9]).number().unwrap_or(0);
        Ok(Self::decode(head[0], id, Cursor(content)).map(|record| (record, length + FRAME)))
    }

    fn decode(kind: u8, id: u64, mut content: Cursor<'_>) -> Option<Self> {
        Some(match kind {
            1 => {
                let name = content.text()?;
                let mut attributes = BTreeMap::new();
                while !content.0.is_empty() {
                    attributes.insert(content.text()?, content.text()?);
                }
                Self::Queue { id, name, attributes }
            }
            2 => Self::Send {
                id,
                queue: content.number()?,
                sent: content.number()?.cast_signed(),
                delay: content.short()?,
                attributes: content.text()?,
                body: String::from_utf8(content.0.to_vec()).ok()?,
            },
            3 => Self::Delete { id },
            4 => Self::Received {
                id,
                count: content.short()?,
                first: content.number()?.cast_signed(),
            },
            5 => Self::Move {
                id,
                queue: content.number()?,
            },
            6 => Self::Purge { queue: id },
            _ => return None,
        })
    }
}

fn text(bytes: &mut Vec<u8>, text: &str) {
    bytes.extend(u32::try_from(text.len()).unwrap_or(u32::MAX).to_le_bytes());
    bytes.extend(text.as_bytes());
}

/// Fills `bytes`; false when the source ends before.
fn fill(source: &mut impl Read, bytes: &mut [u8]) -> io::Result<bool> {
    match source.read_exact(bytes) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}

struct Cursor<'a>(&'a [u8]);

impl Cursor<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk::<N>()?;
        let taken = *taken;
        self.0 = rest;
        Some(taken)
    }

    fn number(&mut self) -> Option<u64> {
        self.take().map(u64::from_le_bytes)
    }

    fn short(&mut self) -> Option<u32> {
        self.take().map(u32::from_le_bytes)
    }

    fn text(&mut self) -> Option<String> {
        let length = self.short()? as usize;
        let (taken, rest) = self.0.split_at_checked(length)?;
        let text = String::from_utf8(taken.to_vec()).ok()?;
        self.0 = rest;
        Some(text)
    }
}
