//! Tests of a database instance.

use super::*;

#[test]
fn major_versions() {
    let majors = [
        ("postgres", "17.4", "17"),
        ("mysql", "8.0.40", "8.0"),
        ("mariadb", "10.11.9", "10.11"),
    ];
    let others = [
        ("oracle-ee", "19.0.0.0.ru-2024-01", "19"),
        ("sqlserver-se", "15.00.4316.3.v1", "15.00"),
    ];
    for (engine, version, expected) in majors.into_iter().chain(others) {
        assert_eq!(major(engine, version), expected, "{engine}");
    }
}

#[test]
fn a_last_snapshot_or_a_warning() {
    let kept = DbInstance::new("postgres", "17", "db.t4g.small").db_instance_identifier("db");
    let delete = &kept.delete().0[0];
    assert_eq!(delete.destroys, None);
    assert_eq!(delete.params["skip_final_snapshot"], false);
    assert_eq!(
        delete.params["final_db_snapshot_identifier"]["operation"]["$token"],
        true
    );
    let lost = kept.final_snapshot(false).deletion_protection(true).delete().0;
    assert_eq!(lost[0].params["deletion_protection"], false);
    assert_eq!(
        lost[1].destroys.as_deref(),
        Some("the database and everything in it")
    );
}
