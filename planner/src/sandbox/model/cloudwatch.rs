//! CloudWatch.
//!
//! Codes: the errors of each operation in <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/>.

use super::{
    entry::{Entry, accepts, replace, succeeds},
    facts::{AT_ONCE, Absent, Id, Second, op, unique},
};

pub(super) const TYPES: &[Entry] = &[
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html: "the update completely
    // overwrites the previous configuration of the alarm"; tags are ignored for one that exists.
    Entry {
        kind: "cloudwatch.alarm",
        creates: &[op("PutMetricAlarm")],
        deletes: &[op("DeleteAlarms")],
        id: Id::Member("alarm_name"),
        states: AT_ONCE,
        absent: Absent::Refused("ResourceNotFound"),
        name: Some(("alarm_name", 255)),
        token: None,
        unique: &[unique(&["alarm_name"], Second::Overwritten)],
        held: None,
        in_use: None,
        owns: &[],
        busy: None,
        unseen: &[],
        merge: replace,
        refuse: accepts,
        fails: succeeds,
    },
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutDashboard.html: "any existing contents are
    // replaced".
    Entry {
        kind: "cloudwatch.dashboard",
        creates: &[op("PutDashboard")],
        deletes: &[op("DeleteDashboards")],
        id: Id::Member("dashboard_name"),
        states: AT_ONCE,
        absent: Absent::Refused("ResourceNotFound"),
        name: Some(("dashboard_name", 255)),
        token: None,
        unique: &[unique(&["dashboard_name"], Second::Overwritten)],
        held: None,
        in_use: None,
        owns: &[],
        busy: None,
        unseen: &[],
        merge: replace,
        refuse: accepts,
        fails: succeeds,
    },
];
