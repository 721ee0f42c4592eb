//! Reading a JSON object's fields, each error with a pointer to the field.
//!
//! By hand instead of by derive: what a derived reader says about a wrong type repeats the value, which may be somebody's
//! words, and what it says about a missing field does not point to it.

use std::ops::RangeInclusive;

use serde_json::{Map, Value};
use utoipa::openapi::schema::{AnyOfBuilder, KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type};

use crate::error::{Error, Result};
use crate::http::query::choose;
use crate::model::{Moment, SessionId};

/// Something that a request body can be.
pub(in crate::http) trait FromJson: Sized {
    /// # Errors
    /// `InvalidInput` or `InvalidName` that points to the first field that is wrong.
    fn from_json(value: Value) -> Result<Self>;
}

/// A JSON object's fields. A field that is null is a field that is not there; a field that nobody asks for is ignored.
pub(super) struct Fields(Map<String, Value>);

impl Fields {
    /// # Errors
    /// `InvalidInput` when `value` is not an object; the caller knows where it stands.
    pub(super) fn of(value: Value) -> Result<Self> {
        match value {
            Value::Object(fields) => Ok(Self(fields)),
            other => Err(Error::invalid("", format!("must be an object, not {}", kind(&other)))),
        }
    }

    fn take(&mut self, name: &str) -> Option<Value> {
        self.0.remove(name).filter(|value| !value.is_null())
    }

    /// A string.
    pub(super) fn text(&mut self, name: &str) -> Result<Option<String>> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(wrong_type(name, "a string", &other)),
        }
    }

    /// An array.
    pub(super) fn array(&mut self, name: &str) -> Result<Option<Vec<Value>>> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::Array(values)) => Ok(Some(values)),
            Some(other) => Err(wrong_type(name, "an array", &other)),
        }
    }

    /// True or false.
    pub(super) fn flag(&mut self, name: &str) -> Result<Option<bool>> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(flag)),
            Some(other) => Err(wrong_type(name, "a boolean", &other)),
        }
    }

    /// A whole number within `range`; to JSON, 3.0 is one.
    pub(super) fn whole(&mut self, name: &str, range: RangeInclusive<usize>) -> Result<Option<usize>> {
        let (least, most) = (*range.start(), *range.end());
        match self.take(name) {
            None => Ok(None),
            Some(Value::Number(number)) => {
                let text = number.to_string();
                let whole = text.strip_suffix(".0").unwrap_or(&text).parse().ok().filter(|n| range.contains(n));
                let out = || Error::invalid(pointer(name), format!("{name} is {number}, it must be {least} to {most}"));
                whole.ok_or_else(out).map(Some)
            }
            Some(other) => Err(wrong_type(name, "a number", &other)),
        }
    }

    /// One of a few words.
    pub(super) fn choice<T: Copy>(&mut self, name: &str, choices: &[(&str, T)]) -> Result<Option<T>> {
        self.text(name)?.map(|word| choose(name, &word, choices)).transpose()
    }

    /// ISO 8601 with an offset, or a date alone.
    pub(super) fn moment(&mut self, name: &str) -> Result<Option<Moment>> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        let not_a_time = || {
            let message = format!("{name} must be an ISO 8601 date and time with an offset, or a date alone");
            Error::invalid(pointer(name), message)
        };
        Moment::parse(&text).ok_or_else(not_a_time).map(Some)
    }

    /// `sessionId`.
    pub(super) fn session(&mut self) -> Result<Option<SessionId>> {
        self.text("sessionId")?.map(|text| SessionId::parse(&text)).transpose()
    }
}

/// What [`Fields::moment`] reads, for the document.
pub(super) fn moment_or_nothing() -> Schema {
    let text = |format| ObjectBuilder::new().schema_type(Type::String).format(Some(SchemaFormat::KnownFormat(format)));
    AnyOfBuilder::new()
        .item(text(KnownFormat::DateTime))
        .item(text(KnownFormat::Date))
        .item(ObjectBuilder::new().schema_type(Type::Null))
        .into()
}

/// The field's value.
///
/// # Errors
/// `InvalidInput` when it is not there.
pub(super) fn required<T>(name: &str, value: Option<T>) -> Result<T> {
    value.ok_or_else(|| Error::invalid(pointer(name), format!("{name} is missing")))
}

fn pointer(name: &str) -> String {
    format!("/{name}")
}

fn wrong_type(name: &str, wanted: &str, found: &Value) -> Error {
    Error::invalid(pointer(name), format!("{name} must be {wanted}, not {}", kind(found)))
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}
