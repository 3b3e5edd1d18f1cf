//! The event as it is stored and counted.

use super::id::{Id, UserKey};
use super::money::Currency;
use std::sync::Arc;

/// The kind of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Kind {
    /// A page was shown.
    PageView = 0,
    /// A product was looked at.
    ProductView = 1,
    /// A search was made.
    Search = 2,
    /// A product was put into the cart.
    AddToCart = 3,
    /// A product was taken out of the cart.
    RemoveFromCart = 4,
    /// The checkout was begun.
    CheckoutStarted = 5,
    /// An order was placed.
    OrderPlaced = 6,
    /// A quarter of a page was scrolled to.
    ScrollDepth = 7,
    /// An event with a name of the site's own.
    Custom = 8,
}

impl Kind {
    /// All kinds, by number.
    pub const ALL: [Self; 9] = [
        Self::PageView,
        Self::ProductView,
        Self::Search,
        Self::AddToCart,
        Self::RemoveFromCart,
        Self::CheckoutStarted,
        Self::OrderPlaced,
        Self::ScrollDepth,
        Self::Custom,
    ];

    /// The kind's name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::PageView => "page_view",
            Self::ProductView => "product_view",
            Self::Search => "search",
            Self::AddToCart => "add_to_cart",
            Self::RemoveFromCart => "remove_from_cart",
            Self::CheckoutStarted => "checkout_started",
            Self::OrderPlaced => "order_placed",
            Self::ScrollDepth => "scroll_depth",
            Self::Custom => "custom",
        }
    }

    /// The kind of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The kind's number in columns and files.
    pub fn number(self) -> u8 {
        self as u8
    }

    /// The kind of that number.
    pub fn numbered(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number)).copied()
    }
}

/// A text that events share: pages, products and the like recur.
pub type Text = Arc<str>;

/// Where, and with what, the visitor came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Context {
    /// `desktop`, `mobile`, `tablet` or `other`.
    pub device: Text,
    /// The browser's name.
    pub browser: Text,
    /// The operating system's name.
    pub os: Text,
    /// The country's two letters, or `-` when the edge did not say.
    pub country: Text,
    /// The campaign's source.
    pub source: Option<Text>,
    /// The campaign's medium.
    pub medium: Option<Text>,
    /// The campaign's name.
    pub campaign: Option<Text>,
    /// The host that linked here.
    pub referrer: Option<Text>,
    /// True for a program that calls itself one.
    pub bot: bool,
    /// True for an event that the site's server sent.
    pub server: bool,
}

/// One product of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The product.
    pub product: Text,
    /// The number of pieces.
    pub quantity: u32,
    /// The price of all pieces together, in minor units of the order's currency.
    pub amount: i64,
}

/// An event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The identifier, made by whoever saw the event happen.
    pub id: Id,
    /// The site.
    pub site: Text,
    /// The milliseconds since 1970 when it was stored.
    pub stored: i64,
    /// The milliseconds since 1970 when it happened.
    pub at: i64,
    /// The session; all zeros for a server's order that names none.
    pub session: Id,
    /// The visitor: with consent the browser's identifier, without it one that lasts a day.
    pub visitor: Id,
    /// The site's user.
    pub user: Option<UserKey>,
    /// The kind.
    pub kind: Kind,
    /// The name of a custom event.
    pub name: Option<Text>,
    /// The page's path.
    pub page: Text,
    /// The product.
    pub product: Option<Text>,
    /// The search's words.
    pub query: Option<Text>,
    /// The number of results of a search, or the percentage of a scroll.
    pub number: Option<u32>,
    /// The amount in minor units: of a cart's line the price of a piece, of an order its sum.
    pub amount: Option<i64>,
    /// The amount's currency.
    pub currency: Option<Currency>,
    /// The number of pieces.
    pub quantity: Option<u32>,
    /// The order's number.
    pub order: Option<Text>,
    /// The products of an order.
    pub items: Vec<Item>,
    /// The context.
    pub context: Context,
    /// Further members, as a JSON object.
    pub extra: Option<Text>,
    /// The milliseconds by which the browser's clock was corrected.
    pub skew: i64,
}
