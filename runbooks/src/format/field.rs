//! Values that are read one by one, so that one that is wrong does not hide the others.

use super::fault::Place;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

/// The name by which [`super::reader::Reader`] knows a field.
pub(super) const FIELD: &str = "$field";
/// What it then gives: place and value.
pub(super) const PARTS: [&str; 4] = ["line", "column", "key", "value"];

/// What stands at a key.
#[derive(Debug, Clone, Default)]
pub(crate) enum Field<T> {
    /// Nothing does.
    #[default]
    Missing,
    /// Something that is not right; it has been noted.
    Wrong,
    /// This.
    Given(At<T>),
}

/// A value and where it stands.
#[derive(Debug, Clone)]
pub(crate) struct At<T> {
    /// The value.
    pub(crate) value: T,
    /// Where.
    pub(crate) place: Place,
}

impl<T> Field<T> {
    /// What stands there, if it is right.
    pub(crate) fn given(&self) -> Option<&At<T>> {
        match self {
            Self::Given(at) => Some(at),
            Self::Missing | Self::Wrong => None,
        }
    }

    /// What stands there, if it is right, without its place.
    pub(crate) fn value(&self) -> Option<&T> {
        self.given().map(|at| &at.value)
    }

    /// Whether something stands there, right or not.
    pub(crate) fn is_there(&self) -> bool {
        match self {
            Self::Missing => false,
            Self::Wrong | Self::Given(_) => true,
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Field<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_struct(FIELD, &PARTS, FieldVisitor(PhantomData))
    }
}

struct FieldVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for FieldVisitor<T> {
    type Value = Field<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value with its place")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut parts: A) -> Result<Field<T>, A::Error> {
        let mut place = Place::default();
        let mut value = None;
        while let Some(part) = parts.next_key::<String>()? {
            match part.as_str() {
                "line" => place.line = parts.next_value()?,
                "column" => place.column = parts.next_value()?,
                "key" => place.key = parts.next_value()?,
                // The reader has noted what is wrong with it.
                _ => value = parts.next_value::<T>().ok(),
            }
        }
        Ok(value.map_or(Field::Wrong, |value| Field::Given(At { value, place })))
    }
}

impl<T: JsonSchema> JsonSchema for Field<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        generator.subschema_for::<T>()
    }
}

/// A list, or its only member.
#[derive(Debug, Clone)]
pub(crate) struct Many<T>(pub(crate) Vec<Field<T>>);

impl<T> Default for Many<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Many<T> {
    /// Those that are right.
    pub(crate) fn given(&self) -> impl Iterator<Item = &At<T>> {
        self.0.iter().filter_map(Field::given)
    }
}

impl<T> Field<Many<T>> {
    /// Those that are right.
    pub(crate) fn each(&self) -> impl Iterator<Item = &At<T>> {
        self.value().into_iter().flat_map(Many::given)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Many<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(ManyVisitor(PhantomData))
    }
}

struct ManyVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ManyVisitor<T> {
    type Value = Many<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Many<T>, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Many(list))
    }
}

impl<T: JsonSchema> JsonSchema for Many<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("Many{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let one = generator.subschema_for::<T>();
        json_schema!({ "anyOf": [one, { "type": "array", "items": one }] })
    }
}

/// Keys that the author chooses, with their values, in order.
#[derive(Debug, Clone)]
pub(crate) struct Entries<T>(pub(crate) Vec<(At<String>, Field<T>)>);

impl<T> Field<Entries<T>> {
    /// Those that are right.
    pub(crate) fn each(&self) -> impl Iterator<Item = (&At<String>, &At<T>)> {
        self.value().into_iter().flat_map(|entries| &entries.0).filter_map(|(key, value)| Some((key, value.given()?)))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Entries<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(EntriesVisitor(PhantomData))
    }
}

struct EntriesVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for EntriesVisitor<T> {
    type Value = Entries<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map of keys")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Entries<T>, A::Error> {
        let mut all = Vec::new();
        while let Some((key, value)) = entries.next_entry::<Field<String>, Field<T>>()? {
            if let Field::Given(key) = key {
                all.push((key, value));
            }
        }
        Ok(Entries(all))
    }
}

impl<T: JsonSchema> JsonSchema for Entries<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("Entries{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let one = generator.subschema_for::<T>();
        json_schema!({ "type": "object", "additionalProperties": one })
    }
}

/// A text that may hold `${{ … }}`. A number or a truth stands for itself, as it is written.
#[derive(Debug, Clone)]
pub(crate) struct Words(pub(crate) String);

impl<'de> Deserialize<'de> for Words {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self)
    }
}

impl JsonSchema for Words {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Words".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["string", "number", "boolean"] })
    }
}

/// A stretch of time: `500ms`, `10s`, `15m`, `1h30m`, `2d`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span(pub(crate) std::time::Duration);

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        muster_core::time::parse_duration(&text).map(Self).ok_or_else(|| {
            D::Error::custom(format!(
                "{} is no stretch of time; write it as `30s`, `15m` or `1h30m`",
                super::fault::typed(&text)
            ))
        })
    }
}

impl JsonSchema for Span {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Span".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": r"^\s*(\d+\s*(ms|s|m|h|d)\s*)+$", "examples": ["30s", "15m", "1h30m"] })
    }
}

/// A text, or a map that says more.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(rename = "$shape", rename_all = "snake_case")]
pub(crate) enum Brief<T> {
    /// In a word.
    Text(String),
    /// At length.
    Map(T),
}

impl<T: JsonSchema> JsonSchema for Brief<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("Brief{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let long = generator.subschema_for::<T>();
        json_schema!({ "anyOf": [{ "type": ["string", "number", "boolean"] }, long] })
    }
}

/// Any value at all.
#[derive(Debug, Clone, serde::Deserialize, JsonSchema)]
#[serde(transparent)]
pub(crate) struct Any(pub(crate) serde_json::Value);
