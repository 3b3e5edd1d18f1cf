//! The catalogue against a real PostgreSQL: one server for the run, one database per test, all in parallel.
//!
//! Most tests call the API in process; those about processes (signals, exit codes, rolling restarts) start the
//! binary.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod access;
mod bulk;
mod configuration;
mod conflict;
mod csv;
mod defects;
mod document;
mod files;
mod freshness;
mod fuzz;
mod harness;
mod history;
mod idempotency;
mod images;
mod limits;
mod migrations;
mod operations;
mod orders;
mod outage;
mod paging;
mod placed_orders;
mod products;
mod rolling;
mod search;
mod session;
mod settings;
mod sharing;
mod sheet;
mod tls;
mod undo;
mod up;
mod web;
