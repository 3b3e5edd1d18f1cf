//! Samples of refused events that hold nothing of a person.

/// An event with its values replaced by what they are, so that a sample holds nothing of a person.
pub fn redacted(raw: &str) -> String {
    use serde_json::Value;
    fn replace(value: &mut Value, depth: u8) {
        match value {
            Value::Object(members) if depth < 3 => {
                members.values_mut().for_each(|value| replace(value, depth + 1));
            }
            Value::String(text) => *value = format!("text of {} bytes", text.len()).into(),
            Value::Number(_) => *value = "number".into(),
            Value::Array(list) => *value = format!("list of {}", list.len()).into(),
            Value::Object(_) => *value = "object".into(),
            Value::Bool(_) | Value::Null => {}
        }
    }
    let Ok(mut event) = serde_json::from_str::<Value>(raw) else {
        return "not JSON".to_owned();
    };
    let kind = event.get("type").and_then(Value::as_str).map(str::to_owned);
    replace(&mut event, 0);
    if let (Some(kind), Value::Object(members)) = (kind.filter(|kind| kind.len() <= 64), &mut event) {
        members.insert("type".to_owned(), kind.into());
    }
    let mut text = event.to_string();
    if text.len() > 1000 {
        "an event with many members".clone_into(&mut text);
    }
    text
}
