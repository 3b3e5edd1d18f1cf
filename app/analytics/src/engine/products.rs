//! Products: from views over carts to orders, and what is bought together.

use super::answers::{Amounts, ordered_by};
use super::columns::Columns;
use super::scope::Scope;
use crate::event::Kind;
use hashbrown::HashMap;

/// The counts of a product.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProductRow {
    /// The product.
    pub product: String,
    /// Views.
    pub views: u64,
    /// Times that it was put into a cart.
    pub carts: u64,
    /// Pieces that were put into carts.
    pub cart_quantity: u64,
    /// Times that it was taken out of a cart.
    pub removed: u64,
    /// Orders that have it.
    pub orders: u64,
    /// Pieces that were ordered.
    pub quantity: u64,
    /// Revenue.
    pub revenue: Amounts,
}

/// The order of products.
#[derive(Clone, Copy)]
struct Counts {
    views: u64,
    carts: u64,
    cart_quantity: u64,
    removed: u64,
    orders: u64,
    quantity: u64,
}

/// The products of a period; those with the most pieces ordered first, then those most in carts, then those most viewed.
// Long: one count after the other over the same rows.
pub fn products(scope: &Scope<'_>, limit: usize) -> Vec<ProductRow> {
    let site = scope.site;
    let none = Counts {
        views: 0,
        carts: 0,
        cart_quantity: 0,
        removed: 0,
        orders: 0,
        quantity: 0,
    };
    let mut counts = vec![none; site.products.len()];
    let mut each = |kind: Kind, add: &dyn Fn(&mut Counts, &Columns, usize)| {
        for slice in scope.slices(kind, scope.from, scope.to) {
            for at in slice.rows {
                if scope.kept.has(slice.columns.session[at]) {
                    add(&mut counts[slice.columns.key[at] as usize], slice.columns, at);
                }
            }
        }
    };
    each(Kind::ProductView, &|counts, _, _| counts.views += 1);
    each(Kind::AddToCart, &|counts, columns, at| {
        counts.carts += 1;
        counts.cart_quantity += u64::from(columns.number[at]);
    });
    each(Kind::RemoveFromCart, &|counts, _, _| counts.removed += 1);
    let currencies = site.currencies.len();
    let mut sums: Vec<Option<i128>> = vec![None; counts.len() * currencies];
    let mut seen = Vec::new();
    for order in scope.orders(scope.from, scope.to) {
        seen.clear();
        for part in &order.parts {
            let product = part.product as usize;
            let row = &mut counts[product];
            row.quantity += u64::from(part.quantity);
            if !seen.contains(&product) {
                row.orders += 1;
                seen.push(product);
            }
            let sum = &mut sums[product * currencies + usize::from(order.currency)];
            *sum.get_or_insert(0) += i128::from(part.amount);
        }
    }
    // One number to order by: pieces, then carts, then views.
    let most = |field: &dyn Fn(&Counts) -> u64| counts.iter().map(field).max().unwrap_or(0) + 1;
    let (carts, views) = (most(&|row| row.carts), most(&|row| row.views));
    let weights: Vec<u64> = counts
        .iter()
        .map(|row| (row.quantity * carts + row.carts) * views + row.views)
        .collect();
    let top = ordered_by(&weights, |number| site.products.text(number), limit);
    let row = |number: &u32| {
        let (at, counts) = (*number as usize, counts[*number as usize]);
        ProductRow {
            product: site.products.text(*number).to_string(),
            views: counts.views,
            carts: counts.carts,
            cart_quantity: counts.cart_quantity,
            removed: counts.removed,
            orders: counts.orders,
            quantity: counts.quantity,
            revenue: Amounts::of(site, &sums[at * currencies..(at + 1) * currencies]),
        }
    };
    top.iter().map(row).collect()
}

/// Two products in one order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The product whose text comes first.
    pub first: String,
    /// The other product.
    pub second: String,
    /// The number of orders with both.
    pub orders: u64,
}

/// The pairs of products that most orders have.
pub fn together(scope: &Scope<'_>, limit: usize) -> Vec<Pair> {
    let mut counts: HashMap<(u32, u32), u64> = HashMap::new();
    let mut products = Vec::new();
    for order in scope
        .orders(scope.from, scope.to)
        .filter(|order| order.parts.len() > 1)
    {
        products.clear();
        products.extend(order.parts.iter().map(|part| part.product));
        products.sort_unstable();
        products.dedup();
        for (at, first) in products.iter().enumerate() {
            for second in &products[at + 1..] {
                *counts.entry((*first, *second)).or_default() += 1;
            }
        }
    }
    let text = |number| scope.site.products.text(number).to_string();
    let pair = |((first, second), orders)| {
        let (first, second) = (text(first), text(second));
        let (first, second) = if first <= second {
            (first, second)
        } else {
            (second, first)
        };
        Pair {
            first,
            second,
            orders,
        }
    };
    let mut list: Vec<((u32, u32), u64)> = counts.into_iter().collect();
    if list.len() > limit && limit > 0 {
        let (_, border, _) =
            list.select_nth_unstable_by_key(limit - 1, |(_, count)| std::cmp::Reverse(*count));
        let border = border.1;
        list.retain(|(_, count)| *count >= border);
    }
    let mut pairs: Vec<Pair> = list.into_iter().map(pair).collect();
    pairs.sort_unstable_by(|a, b| {
        let counts = b.orders.cmp(&a.orders);
        counts.then_with(|| (&a.first, &a.second).cmp(&(&b.first, &b.second)))
    });
    pairs.truncate(limit);
    pairs
}
