//! A secret in text: printed, joined into another value, or in a tag.

use tenon_resources::{
    text,
    value::{Secret, Tags},
};

fn main() {
    let password = Secret::env("PASSWORD");
    println!("{password}");
    let _ = password.to_string();
    let _ = text!("postgres://shop:{}@db/shop", &password);
    let _ = Tags::default().tag("password", password);
}
