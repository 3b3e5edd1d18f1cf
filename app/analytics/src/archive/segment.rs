//! The files: Parquet with zstd, one row an event, sorted by session and time.

use crate::event::Context;
use crate::event::{Currency, Event, Id, Item, Kind, Text, UserKey};
use bytes::Bytes;
use parquet::basic::{Compression, ZstdLevel};
use parquet::column::reader::get_typed_column_reader;
use parquet::data_type::{
    BoolType, ByteArray, ByteArrayType, DataType, FixedLenByteArray, FixedLenByteArrayType, Int32Type,
    Int64Type,
};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::reader::{FileReader, RowGroupReader};
use parquet::file::serialized_reader::SerializedFileReader;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;
use serde_json::json;
use std::collections::HashSet;
use std::sync::Arc;

/// The rows of a group.
const GROUP: usize = 100_000;

const SCHEMA: &str = "message event {
    REQUIRED FIXED_LEN_BYTE_ARRAY (16) id;
    REQUIRED INT64 st (TIMESTAMP(MILLIS, true));
    REQUIRED INT64 t (TIMESTAMP(MILLIS, true));
    OPTIONAL FIXED_LEN_BYTE_ARRAY (16) session;
    REQUIRED FIXED_LEN_BYTE_ARRAY (16) visitor;
    OPTIONAL FIXED_LEN_BYTE_ARRAY (32) user;
    REQUIRED INT32 kind (INTEGER(8, false));
    OPTIONAL BYTE_ARRAY name (STRING);
    REQUIRED BYTE_ARRAY page (STRING);
    OPTIONAL BYTE_ARRAY product (STRING);
    OPTIONAL BYTE_ARRAY query (STRING);
    OPTIONAL INT64 number;
    OPTIONAL INT64 amount;
    OPTIONAL BYTE_ARRAY currency (STRING);
    OPTIONAL INT64 quantity;
    OPTIONAL BYTE_ARRAY order (STRING);
    OPTIONAL BYTE_ARRAY items (JSON);
    REQUIRED BYTE_ARRAY device (STRING);
    REQUIRED BYTE_ARRAY browser (STRING);
    REQUIRED BYTE_ARRAY os (STRING);
    REQUIRED BYTE_ARRAY country (STRING);
    OPTIONAL BYTE_ARRAY source (STRING);
    OPTIONAL BYTE_ARRAY medium (STRING);
    OPTIONAL BYTE_ARRAY campaign (STRING);
    OPTIONAL BYTE_ARRAY referrer (STRING);
    REQUIRED BOOLEAN bot;
    REQUIRED BOOLEAN server;
    OPTIONAL BYTE_ARRAY extra (JSON);
    REQUIRED INT64 skew;
}";

/// A file that cannot be written or read.
#[derive(Debug, thiserror::Error)]
pub enum SegmentError {
    /// The file is not Parquet of this schema.
    #[error("the file is not one of the archive's")]
    Parquet(#[from] ParquetError),
    /// A row has a value that no event has.
    #[error("column {0} of a row has a value that no event has")]
    Value(&'static str),
}

/// Sorts events by session and time, and writes them.
///
/// # Errors
/// [`SegmentError::Parquet`] when there is no memory.
pub fn write(events: &mut [Event]) -> Result<Vec<u8>, SegmentError> {
    events.sort_unstable_by_key(|event| (event.session, event.at, event.id));
    let schema = Arc::new(parse_message_type(SCHEMA)?);
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(3)?))
        .set_created_by("analytics".to_owned())
        // Identifiers are random: a dictionary of them is as large as they are.
        .set_column_dictionary_enabled("id".into(), false)
        .build();
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties))?;
    for rows in events.chunks(GROUP) {
        let mut group = Columns(writer.next_row_group()?);
        write_group(&mut group, rows)?;
        group.0.close()?;
    }
    Ok(writer.into_inner()?)
}

fn write_group(group: &mut Columns<'_>, rows: &[Event]) -> Result<(), SegmentError> {
    let id = |id: &Id| FixedLenByteArray::from(id.0.to_vec());
    let text = |text: &Option<Text>| text.as_deref().map(ByteArray::from);
    let named = |text: &Text| ByteArray::from(&**text);
    group.required::<FixedLenByteArrayType>(rows, |e| id(&e.id))?;
    group.required::<Int64Type>(rows, |e| e.stored)?;
    group.required::<Int64Type>(rows, |e| e.at)?;
    group
        .optional::<FixedLenByteArrayType>(rows, |e| (e.session != Id::default()).then(|| id(&e.session)))?;
    group.required::<FixedLenByteArrayType>(rows, |e| id(&e.visitor))?;
    group.optional::<FixedLenByteArrayType>(rows, |e| {
        e.user.map(|user| FixedLenByteArray::from(user.0.to_vec()))
    })?;
    group.required::<Int32Type>(rows, |e| i32::from(e.kind.number()))?;
    group.optional::<ByteArrayType>(rows, |e| text(&e.name))?;
    group.required::<ByteArrayType>(rows, |e| named(&e.page))?;
    group.optional::<ByteArrayType>(rows, |e| text(&e.product))?;
    group.optional::<ByteArrayType>(rows, |e| text(&e.query))?;
    group.optional::<Int64Type>(rows, |e| e.number.map(i64::from))?;
    group.optional::<Int64Type>(rows, |e| e.amount)?;
    group.optional::<ByteArrayType>(rows, |e| {
        e.currency.map(|currency| ByteArray::from(currency.as_str()))
    })?;
    group.optional::<Int64Type>(rows, |e| e.quantity.map(i64::from))?;
    group.optional::<ByteArrayType>(rows, |e| text(&e.order))?;
    group.optional::<ByteArrayType>(rows, |e| items(&e.items))?;
    group.required::<ByteArrayType>(rows, |e| named(&e.context.device))?;
    group.required::<ByteArrayType>(rows, |e| named(&e.context.browser))?;
    group.required::<ByteArrayType>(rows, |e| named(&e.context.os))?;
    group.required::<ByteArrayType>(rows, |e| named(&e.context.country))?;
    group.optional::<ByteArrayType>(rows, |e| text(&e.context.source))?;
    group.optional::<ByteArrayType>(rows, |e| text(&e.context.medium))?;
    group.optional::<ByteArrayType>(rows, |e| text(&e.context.campaign))?;
    group.optional::<ByteArrayType>(rows, |e| text(&e.context.referrer))?;
    group.required::<BoolType>(rows, |e| e.context.bot)?;
    group.required::<BoolType>(rows, |e| e.context.server)?;
    group.optional::<ByteArrayType>(rows, |e| text(&e.extra))?;
    group.required::<Int64Type>(rows, |e| e.skew)
}

fn items(items: &[Item]) -> Option<ByteArray> {
    if items.is_empty() {
        return None;
    }
    let list: Vec<_> = items
        .iter()
        .map(|item| json!([&*item.product, item.quantity, item.amount]))
        .collect();
    Some(ByteArray::from(json!(list).to_string().as_str()))
}

fn read_items(text: &[u8]) -> Option<Vec<Item>> {
    let list: Vec<(String, u32, i64)> = serde_json::from_slice(text).ok()?;
    let item = |(product, quantity, amount): (String, u32, i64)| Item {
        product: product.into(),
        quantity,
        amount,
    };
    Some(list.into_iter().map(item).collect())
}

/// The columns of a row group, written one after the other.
struct Columns<'a>(SerializedRowGroupWriter<'a, Vec<u8>>);

impl Columns<'_> {
    fn required<T: DataType>(
        &mut self,
        rows: &[Event],
        value: impl Fn(&Event) -> T::T,
    ) -> Result<(), SegmentError> {
        let values: Vec<T::T> = rows.iter().map(value).collect();
        self.write::<T>(&values, None)
    }

    fn optional<T: DataType>(
        &mut self,
        rows: &[Event],
        value: impl Fn(&Event) -> Option<T::T>,
    ) -> Result<(), SegmentError> {
        let mut values = Vec::new();
        let mut levels = Vec::with_capacity(rows.len());
        for row in rows {
            let value = value(row);
            levels.push(i16::from(value.is_some()));
            values.extend(value);
        }
        self.write::<T>(&values, Some(&levels))
    }

    fn write<T: DataType>(&mut self, values: &[T::T], levels: Option<&[i16]>) -> Result<(), SegmentError> {
        let missing = || ParquetError::General("the schema has fewer columns".to_owned());
        let mut column = self.0.next_column()?.ok_or_else(missing)?;
        column.typed::<T>().write_batch(values, levels, None)?;
        column.close()?;
        Ok(())
    }
}

/// Reads a file's events and gives each to `each`, in the file's order.
///
/// # Errors
/// [`SegmentError`] when the file is damaged.
pub fn read(file: Bytes, mut each: impl FnMut(Event)) -> Result<(), SegmentError> {
    let reader = SerializedFileReader::new(file)?;
    for group in 0..reader.num_row_groups() {
        let group = reader.get_row_group(group)?;
        let rows = Rows::read(&*group)?;
        let mut texts = Interner::default();
        for row in 0..rows.id.len() {
            each(rows.event(row, &mut texts)?);
        }
    }
    Ok(())
}

type Texts = Vec<Option<ByteArray>>;

/// The columns of a row group in memory.
struct Rows {
    id: Vec<Id>,
    stored: Vec<i64>,
    at: Vec<i64>,
    session: Vec<Option<FixedLenByteArray>>,
    visitor: Vec<Id>,
    user: Vec<Option<FixedLenByteArray>>,
    kind: Vec<i32>,
    number: Vec<Option<i64>>,
    amount: Vec<Option<i64>>,
    quantity: Vec<Option<i64>>,
    bot: Vec<bool>,
    server: Vec<bool>,
    skew: Vec<i64>,
    /// The texts by their place in [`TEXTS`].
    texts: [Texts; TEXTS.len()],
}

/// The columns of text, by their number in the schema.
const TEXTS: [(usize, &str); 15] = [
    (7, "name"),
    (8, "page"),
    (9, "product"),
    (10, "query"),
    (13, "currency"),
    (15, "order"),
    (16, "items"),
    (17, "device"),
    (18, "browser"),
    (19, "os"),
    (20, "country"),
    (21, "source"),
    (22, "medium"),
    (23, "campaign"),
    (24, "referrer"),
];

fn values<T: DataType>(group: &dyn RowGroupReader, column: usize) -> Result<Vec<T::T>, SegmentError> {
    let rows = usize::try_from(group.metadata().num_rows()).unwrap_or(0);
    let mut reader = get_typed_column_reader::<T>(group.get_column_reader(column)?);
    let mut values = Vec::with_capacity(rows);
    let mut left = rows;
    while left > 0 {
        let (read, _, _) = reader.read_records(left, None, None, &mut values)?;
        if read == 0 {
            return Err(SegmentError::Value("of required values"));
        }
        left -= read;
    }
    Ok(values)
}

fn optional<T: DataType>(
    group: &dyn RowGroupReader,
    column: usize,
) -> Result<Vec<Option<T::T>>, SegmentError> {
    let rows = usize::try_from(group.metadata().num_rows()).unwrap_or(0);
    let mut reader = get_typed_column_reader::<T>(group.get_column_reader(column)?);
    let (mut values, mut levels) = (Vec::new(), Vec::with_capacity(rows));
    let mut left = rows;
    while left > 0 {
        let (read, _, _) = reader.read_records(left, Some(&mut levels), None, &mut values)?;
        if read == 0 {
            return Err(SegmentError::Value("of optional values"));
        }
        left -= read;
    }
    let mut values = values.into_iter();
    Ok(levels
        .iter()
        .map(|level| if *level == 1 { values.next() } else { None })
        .collect())
}

fn ids(group: &dyn RowGroupReader, column: usize) -> Result<Vec<Id>, SegmentError> {
    let values = values::<FixedLenByteArrayType>(group, column)?;
    let id = |value: &FixedLenByteArray| {
        value
            .data()
            .try_into()
            .map(Id)
            .map_err(|_| SegmentError::Value("id"))
    };
    values.iter().map(id).collect()
}

impl Rows {
    fn read(group: &dyn RowGroupReader) -> Result<Self, SegmentError> {
        let mut texts = [const { Vec::new() }; TEXTS.len()];
        for ((column, _), texts) in TEXTS.into_iter().zip(&mut texts) {
            let required = matches!(column, 8 | 17..=20);
            *texts = if required {
                values::<ByteArrayType>(group, column)?
                    .into_iter()
                    .map(Some)
                    .collect()
            } else {
                optional::<ByteArrayType>(group, column)?
            };
        }
        Ok(Self {
            id: ids(group, 0)?,
            stored: values::<Int64Type>(group, 1)?,
            at: values::<Int64Type>(group, 2)?,
            session: optional::<FixedLenByteArrayType>(group, 3)?,
            visitor: ids(group, 4)?,
            user: optional::<FixedLenByteArrayType>(group, 5)?,
            kind: values::<Int32Type>(group, 6)?,
            number: optional::<Int64Type>(group, 11)?,
            amount: optional::<Int64Type>(group, 12)?,
            quantity: optional::<Int64Type>(group, 14)?,
            bot: values::<BoolType>(group, 25)?,
            server: values::<BoolType>(group, 26)?,
            skew: values::<Int64Type>(group, 28)?,
            texts,
        })
    }

    fn event(&self, row: usize, texts: &mut Interner) -> Result<Event, SegmentError> {
        let mut text = |at: usize| texts.text(at, self.texts[at][row].as_ref());
        let count = |column: &[Option<i64>], name| match column[row] {
            None => Ok(None),
            Some(number) => u32::try_from(number)
                .map(Some)
                .map_err(|_| SegmentError::Value(name)),
        };
        let kind = u8::try_from(self.kind[row]).ok().and_then(Kind::numbered);
        let session = self.session[row].as_ref().map(|id| id.data().try_into().map(Id));
        let user = self.user[row]
            .as_ref()
            .map(|key| key.data().try_into().map(UserKey));
        let items = self.texts[6][row].as_ref().map(|text| read_items(text.data()));
        let currency = match text(4)? {
            Some(text) => Some(Currency::parse(&text).ok_or(SegmentError::Value("currency"))?),
            None => None,
        };
        Ok(Event {
            id: self.id[row],
            site: Text::default(),
            stored: self.stored[row],
            at: self.at[row],
            session: session
                .transpose()
                .map_err(|_| SegmentError::Value("session"))?
                .unwrap_or_default(),
            visitor: self.visitor[row],
            user: user.transpose().map_err(|_| SegmentError::Value("user"))?,
            kind: kind.ok_or(SegmentError::Value("kind"))?,
            name: text(0)?,
            page: text(1)?.unwrap_or_default(),
            product: text(2)?,
            query: text(3)?,
            number: count(&self.number, "number")?,
            amount: self.amount[row],
            currency,
            quantity: count(&self.quantity, "quantity")?,
            order: text(5)?,
            items: match items {
                Some(items) => items.ok_or(SegmentError::Value("items"))?,
                None => Vec::new(),
            },
            context: Context {
                device: text(7)?.unwrap_or_default(),
                browser: text(8)?.unwrap_or_default(),
                os: text(9)?.unwrap_or_default(),
                country: text(10)?.unwrap_or_default(),
                source: text(11)?,
                medium: text(12)?,
                campaign: text(13)?,
                referrer: text(14)?,
                bot: self.bot[row],
                server: self.server[row],
            },
            extra: None,
            skew: self.skew[row],
        })
    }
}

/// The last text of each column: rows of one session follow each other, so most texts come again.
#[derive(Default)]
struct Interner([Option<Text>; TEXTS.len()]);

impl Interner {
    fn text(&mut self, column: usize, value: Option<&ByteArray>) -> Result<Option<Text>, SegmentError> {
        let Some(value) = value else { return Ok(None) };
        let last = &mut self.0[column];
        if let Some(last) = last
            && last.as_bytes() == value.data()
        {
            return Ok(Some(last.clone()));
        }
        let text = std::str::from_utf8(value.data()).map_err(|_| SegmentError::Value(TEXTS[column].1))?;
        let text: Text = text.into();
        *last = Some(text.clone());
        Ok(Some(text))
    }
}

/// Reads the further members of a file's events, by row; [`read`] leaves them out, because the figures need none of them.
///
/// # Errors
/// [`SegmentError`] when the file is damaged.
pub(super) fn extras(file: Bytes) -> Result<Vec<Option<Text>>, SegmentError> {
    let reader = SerializedFileReader::new(file)?;
    let mut all = Vec::new();
    for group in 0..reader.num_row_groups() {
        let group = reader.get_row_group(group)?;
        for value in optional::<ByteArrayType>(&*group, 27)? {
            let text = value.as_ref().map(|value| std::str::from_utf8(value.data()));
            let text = text.transpose().map_err(|_| SegmentError::Value("extra"))?;
            all.push(text.map(Text::from));
        }
    }
    Ok(all)
}

/// Reads the visitors of a file's rows, and the users of those that have one.
///
/// # Errors
/// [`SegmentError`] when the file is damaged.
pub(super) fn people(file: &Bytes) -> Result<HashSet<(Id, Option<UserKey>)>, SegmentError> {
    let reader = SerializedFileReader::new(file.clone())?;
    let mut all = HashSet::new();
    for group in 0..reader.num_row_groups() {
        let group = reader.get_row_group(group)?;
        let users = optional::<FixedLenByteArrayType>(&*group, 5)?;
        for (visitor, user) in ids(&*group, 4)?.into_iter().zip(users) {
            let user = user.map(|key| key.data().try_into().map(UserKey));
            all.insert((
                visitor,
                user.transpose().map_err(|_| SegmentError::Value("user"))?,
            ));
        }
    }
    Ok(all)
}
