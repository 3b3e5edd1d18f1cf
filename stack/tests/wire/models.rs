//! The tables of [`pages`](crate::pages) are what AWS's own models say.

use crate::{
    emulators::installed,
    pages::{PAGED, WHOLE},
};
use serde_json::Value;
use std::path::PathBuf;

#[test]
fn the_tables_say_what_the_models_say() {
    let alike = |ours: &str, theirs: &Value| {
        // The first of several; on the wire it may be another's shorter name.
        let theirs = theirs.as_array().map_or(theirs, |all| &all[0]).as_str().unwrap();
        theirs
            .to_lowercase()
            .ends_with(&ours.to_lowercase().replace('-', ""))
    };
    for row in PAGED {
        let model = paginators(row.service);
        for operation in row.operations {
            let theirs = &model[*operation];
            assert!(theirs.is_object(), "{}:{operation} is not paged", row.service);
            assert!(alike(row.ask, &theirs["input_token"]), "{operation}: {theirs}");
            assert!(alike(row.next, &theirs["output_token"]), "{operation}: {theirs}");
            assert_eq!(
                theirs["more_results"].as_str().unwrap_or_default(),
                row.more,
                "{operation}"
            );
        }
    }
    for (service, operations) in WHOLE {
        let model = paginators(service);
        for operation in *operations {
            assert!(model[*operation].is_null(), "{service}:{operation} is paged");
        }
    }
}

/// How AWS pages a service, by its own model, which moto brings along.
fn paginators(service: &str) -> Value {
    let name = match service {
        "appscaling" => "application-autoscaling",
        "elb" => "elbv2",
        same => same,
    };
    let only = |folder: PathBuf, part: &str| {
        let entries = folder.read_dir().unwrap().map(|entry| entry.unwrap().path());
        let mut named: Vec<_> = entries
            .filter(|path| path.to_string_lossy().contains(part))
            .collect();
        named.sort();
        named.pop().unwrap()
    };
    let python = only(installed("moto").join("lib"), "/python3");
    let model = python.join("site-packages/botocore/data").join(name);
    // Without the file nothing of it is paged.
    let text = std::fs::read(only(model, "/20").join("paginators-1.json")).unwrap_or_default();
    let model: Value = serde_json::from_slice(&text).unwrap_or_default();
    model["pagination"].clone()
}
