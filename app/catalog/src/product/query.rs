//! The query parameters of lists: filters, order and page.

use super::check;
use super::cursor::Cursor;
use super::export::Layout;
use super::input::Input;
use super::model::Status;
use super::sort::{Sort, SortKey};
use rust_decimal::Decimal;
use service::http::{FieldError, FieldErrors};
use std::collections::BTreeMap;

/// The filters of a list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    /// Text that is in the name, the SKU or the description, without regard to case.
    pub text: Option<String>,
    /// The category.
    pub category: Option<String>,
    /// The status.
    pub status: Option<Status>,
    /// The lowest price.
    pub min_price: Option<Decimal>,
    /// The highest price.
    pub max_price: Option<Decimal>,
    /// The state of stock.
    pub stock: Option<Stock>,
    /// The ids of the products.
    pub ids: Option<Vec<i64>>,
}

/// A state of stock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stock {
    /// One piece or more.
    In,
    /// No pieces.
    Out,
    /// One piece or more, and not more than the shop calls low (`LOW_STOCK`).
    Low,
}

impl Stock {
    /// All states.
    pub const ALL: [Self; 3] = [Self::In, Self::Out, Self::Low];

    /// The state's name in a query.
    pub fn name(self) -> &'static str {
        match self {
            Self::In => "in",
            Self::Out => "out",
            Self::Low => "low",
        }
    }

    fn read(input: &Input<'_>) -> Result<Self, FieldError> {
        let named = |word: &str| Self::ALL.into_iter().find(|state| state.name() == word);
        let state = if let Input::Text(word) = input {
            named(word)
        } else {
            None
        };
        state.ok_or_else(|| FieldError::new("bad_stock", "must be in, out or low"))
    }
}

/// The query of a page.
#[derive(Clone, Debug, PartialEq)]
pub struct PageQuery {
    /// The filters.
    pub filter: Filter,
    /// The order.
    pub sort: Sort,
    /// The most products of a page.
    pub limit: u16,
    /// The cursor that the page begins after; `None` for the first page.
    pub cursor: Option<Cursor>,
}

/// Query parameters that are not read yet. An empty one counts as left out; an unknown or repeated one is an error.
pub struct Parameters {
    values: BTreeMap<String, String>,
    errors: FieldErrors,
}

impl Parameters {
    /// Parses a query string.
    pub fn parse(query: &str) -> Self {
        let mut parameters = Self {
            values: BTreeMap::new(),
            errors: FieldErrors::default(),
        };
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let name: String = name.chars().filter(|c| !c.is_control()).take(64).collect();
            if parameters
                .values
                .insert(name.clone(), value.into_owned())
                .is_some()
            {
                parameters.reject(&name, FieldError::new("given_twice", "is given twice"));
            }
        }
        parameters.values.retain(|_, value| !value.is_empty());
        parameters
    }

    fn reject(&mut self, name: &str, error: FieldError) {
        self.errors.collect::<()>(name, Err(error));
    }

    /// Reads a parameter with one of the checks of [`check`].
    pub fn read<T>(
        &mut self,
        name: &str,
        check: impl FnOnce(&Input<'_>) -> Result<T, FieldError>,
    ) -> Option<T> {
        let value = self.values.remove(name)?;
        self.errors.collect(name, check(&Input::text(&value)))
    }

    /// Reads a parameter that is one of `words`.
    pub fn one_of<T: Copy, const N: usize>(
        &mut self,
        name: &str,
        words: [(&'static str, T); N],
    ) -> Option<T> {
        self.read(name, |input| {
            let chosen = words.iter().find(|(word, _)| *input == Input::text(word));
            chosen.map(|(_, value)| *value).ok_or_else(|| {
                let words: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
                FieldError::new("not_a_choice", format!("must be {}", words.join(" or ")))
            })
        })
    }

    /// Reads the filters.
    pub fn filter(&mut self) -> Filter {
        let filter = Filter {
            text: self.read("q", search),
            category: self.read("category", check::category).flatten(),
            status: self.read("status", check::status),
            min_price: self.read("min_price", check::price),
            max_price: self.read("max_price", check::price),
            stock: self.read("stock", Stock::read),
            ids: None,
        };
        if let (Some(least), Some(most)) = (filter.min_price, filter.max_price)
            && least > most
        {
            self.reject(
                "max_price",
                FieldError::new("out_of_order", "must not be below min_price"),
            );
        }
        filter
    }

    /// Reads the order; by id if there is none.
    pub fn sort(&mut self) -> Sort {
        self.read("sort", |input| match input {
            Input::Text(name) => Sort::named(name).ok_or_else(bad_sort),
            _ => Err(bad_sort()),
        })
        .unwrap_or(Sort {
            key: SortKey::Id,
            descending: false,
        })
    }

    /// Reads the number of rows, from 1 to 200; 25 if there is none.
    pub fn limit(&mut self) -> u16 {
        self.read("limit", |input| match check::stock(input)? {
            limit @ 1..=200 => Ok(u16::try_from(limit).unwrap_or(200)),
            _ => Err(FieldError::new("out_of_range", "must be from 1 to 200")),
        })
        .unwrap_or(25)
    }

    /// Reads filters, order and page.
    ///
    /// # Errors
    /// Every parameter that is invalid or unknown.
    pub fn page(mut self) -> Result<PageQuery, FieldErrors> {
        let filter = self.filter();
        let sort = self.sort();
        let limit = self.limit();
        let cursor = self.read("cursor", |input| match input {
            Input::Text(text) => Cursor::decode(text, sort).ok_or_else(|| {
                FieldError::new("bad_cursor", "is not a cursor of this order; begin without one")
            }),
            _ => Err(FieldError::required()),
        });
        self.finish(PageQuery {
            filter,
            sort,
            limit,
            cursor,
        })
    }

    /// Reads filters and order, and optionally the ids of the products, separated by commas, and the form of the file.
    ///
    /// # Errors
    /// Every parameter that is invalid or unknown.
    pub fn export(mut self) -> Result<(Filter, Sort, Layout), FieldErrors> {
        let mut filter = self.filter();
        let sort = self.sort();
        filter.ids = self.read("ids", |input| match input {
            Input::Text(text) => text
                .split(',')
                .map(|id| id.trim().parse().ok())
                .collect::<Option<Vec<i64>>>()
                .ok_or_else(|| FieldError::new("bad_ids", "must be product ids, separated by commas")),
            _ => Err(FieldError::required()),
        });
        let mark = self.one_of("bom", [("true", true), ("false", false)]);
        let layout = Layout {
            delimiter: self.one_of("delimiter", Layout::DELIMITERS).unwrap_or(','),
            decimal: self.one_of("decimal", Layout::DECIMALS).unwrap_or('.'),
            mark: mark.unwrap_or(false),
        };
        self.finish((filter, sort, layout))
    }

    /// Returns `value` if every parameter was read and is valid.
    ///
    /// # Errors
    /// Every parameter that is invalid or unknown.
    pub fn finish<T>(mut self, value: T) -> Result<T, FieldErrors> {
        for name in std::mem::take(&mut self.values).into_keys() {
            self.reject(
                &name,
                FieldError::new("unknown_parameter", "is not a parameter of this call"),
            );
        }
        self.errors.into_result(value)
    }
}

fn bad_sort() -> FieldError {
    FieldError::new("bad_sort", format!("must be one of {}", Sort::NAMES.join(", ")))
}

fn search(input: &Input<'_>) -> Result<String, FieldError> {
    match input {
        Input::Text(text) if text.chars().count() > 200 => {
            Err(FieldError::new("too_long", "must have 200 characters or fewer"))
        }
        Input::Text(text) if text.chars().any(char::is_control) => Err(FieldError::new(
            "control_character",
            "must not hold control characters",
        )),
        Input::Text(text) => Ok(text.trim().to_owned()),
        _ => Err(FieldError::required()),
    }
}
