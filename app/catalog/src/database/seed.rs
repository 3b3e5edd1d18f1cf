//! Sample products, for a first look and for measurements.

use tokio_postgres::{Client, Error};

const CATEGORIES: [&str; 6] = ["Kitchen", "Garden", "Office", "Travel", "Lighting", "Textiles"];
const MATERIALS: [&str; 8] = [
    "Enamel",
    "Oak",
    "Linen",
    "Steel",
    "Glass",
    "Cork",
    "Wool",
    "Stoneware",
];
const THINGS: [&str; 12] = [
    "mug", "lamp", "basket", "notebook", "tray", "bottle", "stool", "blanket", "vase", "board", "pouch",
    "hook",
];

/// Writes `count` products into an empty table, the same ones every time, and returns the number written.
///
/// # Errors
/// The driver's error.
pub async fn seed(client: &mut Client, count: u32) -> Result<u64, Error> {
    let transaction = client.transaction().await?;
    transaction
        .execute("lock table products in share row exclusive mode", &[])
        .await?;
    if transaction
        .query_opt("select from products limit 1", &[])
        .await?
        .is_some()
    {
        return Ok(0);
    }
    let (mut skus, mut names, mut descriptions, mut prices) = (vec![], vec![], vec![], vec![]);
    let (mut stocks, mut categories, mut statuses) = (vec![], vec![], vec![]);
    for number in 0..count as usize {
        let (material, thing) = (MATERIALS[number % 8], THINGS[(number / 8) % 12]);
        let category = CATEGORIES[(number * 7 + number / 12) % 6];
        skus.push(format!("{}-{:04}", &thing[..3].to_uppercase(), number + 1));
        names.push(format!("{material} {thing} {}", number / 96 + 1));
        descriptions.push(format!(
            "Made of {} for {}, and made to be repaired. Lot {}.",
            material.to_lowercase(),
            category.to_lowercase(),
            number + 1
        ));
        prices.push(rust_decimal::Decimal::new(
            i64::try_from(number * 137 % 19_900).unwrap_or_default() + 99,
            2,
        ));
        stocks.push(i32::try_from(number * 31 % 120).unwrap_or_default());
        categories.push(if number % 17 == 16 { None } else { Some(category) });
        statuses.push(match number % 20 {
            18 => "draft",
            19 => "archived",
            _ => "active",
        });
    }
    let written = transaction
        .execute(
            "with created as (
                insert into products (sku, name, description, price, stock, category, status)
                select * from unnest($1::text[], $2::text[], $3::text[], $4::numeric[], $5::integer[], $6::text[],
                    $7::text[])
                returning *
             )
             insert into product_history (product_id, version, who, action, changes)
             select id, 1, 'seed', 'create', jsonb_build_object(
                'sku', jsonb_build_array(null, sku), 'name', jsonb_build_array(null, name),
                'description', jsonb_build_array(null, description),
                'price', jsonb_build_array(null, price::text), 'stock', jsonb_build_array(null, stock),
                'category', jsonb_build_array(null, category), 'status', jsonb_build_array(null, status))
             from created",
            &[&skus, &names, &descriptions, &prices, &stocks, &categories, &statuses],
        )
        .await?;
    transaction.commit().await?;
    Ok(written)
}
