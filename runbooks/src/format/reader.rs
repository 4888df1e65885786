//! Values of a file, as serde reads them. What is wrong is noted with its place, and reading goes on.

use super::fault::{Faults, Hint, Place, did_you_mean, typed};
use super::field::{FIELD, PARTS};
use super::tree::{Node, Shape};
use serde::de::value::StrDeserializer;
use serde::de::{
    self, Deserialize, DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, MapAccess, SeqAccess,
    VariantAccess, Visitor,
};
use std::collections::BTreeSet;
use std::fmt;

/// The name of enums whose variant is told by the shape of the value: `text` or `map`.
pub(crate) const SHAPE: &str = "$shape";

/// What has happened to most keys that have no value.
const COMMA: &str = "put quotes around a text that has a comma in it";

/// Why a value could not be read.
#[derive(Debug)]
pub(crate) enum Wrong {
    /// It has been noted.
    Noted,
    /// For this reason, with the way out.
    Said(String, Hint),
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Noted => f.write_str("it has been noted"),
            Self::Said(sentence, _) => f.write_str(sentence),
        }
    }
}

impl std::error::Error for Wrong {}

impl de::Error for Wrong {
    fn custom<T: fmt::Display>(sentence: T) -> Self {
        Self::Said(sentence.to_string(), Hint::default())
    }
}

/// Reads one value.
#[derive(Debug, Clone)]
pub(crate) struct Reader<'a> {
    node: &'a Node,
    key: String,
    text: &'a str,
    faults: &'a Faults<'a>,
}

/// Reads a whole file into what it should be.
pub(crate) fn read<'a, T: Deserialize<'a>>(node: &'a Node, text: &'a str, faults: &'a Faults<'a>) -> Option<T> {
    let reader = Reader { node, key: String::new(), text, faults };
    match T::deserialize(reader.clone()) {
        Ok(value) => Some(value),
        Err(wrong) => {
            reader.note(wrong);
            None
        }
    }
}

impl<'a> Reader<'a> {
    fn place(&self) -> Place {
        Place { line: self.node.line, column: self.node.column, key: self.key.clone() }
    }

    fn note(&self, wrong: Wrong) {
        match wrong {
            Wrong::Noted => {}
            Wrong::Said(sentence, hint) => self.faults.add(&self.place(), sentence, hint),
        }
    }

    fn at(&self, node: &'a Node, key: String) -> Self {
        Self { node, key, ..self.clone() }
    }

    fn within(&self, node: &'a Node, key: &str) -> Self {
        let plain = !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || "_-$".contains(c));
        let key = if plain { key.to_owned() } else { format!("\"{}\"", key.chars().take(40).collect::<String>()) };
        self.at(node, if self.key.is_empty() { key } else { format!("{}.{key}", self.key) })
    }

    fn is_not(&self, wanted: &str) -> Wrong {
        if matches!(self.node.shape, Shape::Null) {
            let hint = format!("write {wanted}, or take the key away");
            return Wrong::Said("there is nothing here".to_owned(), hint.into());
        }
        Wrong::Said(format!("this is {}, and must be {wanted}", self.node.shape.name()), Hint::default())
    }

    /// A text as it is; numbers and truths as they are spelled.
    fn spelled(&self, wanted: &str) -> Result<&'a str, Wrong> {
        match &self.node.shape {
            Shape::Text(text) => Ok(text),
            Shape::Number(_) | Shape::Bool(_) => Ok(self.text.get(self.node.bytes.clone()).unwrap_or_default()),
            Shape::Null | Shape::List(_) | Shape::Map(_) => Err(self.is_not(wanted)),
        }
    }

    fn map(&self) -> Result<&'a [(Node, Node)], Wrong> {
        match &self.node.shape {
            Shape::Map(entries) => Ok(entries),
            Shape::Null | Shape::Bool(_) | Shape::Number(_) | Shape::Text(_) | Shape::List(_) => {
                Err(self.is_not("a map of keys"))
            }
        }
    }

    /// The entries of a map, each key once, and only those that are known, if any are.
    fn entries(&self, known: Option<&'static [&'static str]>) -> Result<Vec<(Self, Self)>, Wrong> {
        let mut seen = BTreeSet::new();
        let mut entries = Vec::new();
        for (key, value) in self.map()? {
            let name = match &key.shape {
                Shape::Text(name) => name.as_str(),
                Shape::Number(_) | Shape::Bool(_) => self.text.get(key.bytes.clone()).unwrap_or_default(),
                Shape::Null | Shape::List(_) | Shape::Map(_) => {
                    self.at(key, self.key.clone())
                        .note(Wrong::Said("a key must be a text".to_owned(), Hint::default()));
                    continue;
                }
            };
            let key = self.within(key, name);
            let wrong = if !seen.insert(name) {
                Some(Wrong::Said(format!("the key {} is here twice", typed(name)), "take one of them away".into()))
            } else {
                known.filter(|known| !known.contains(&name)).map(|known| {
                    let is_rest = matches!(value.shape, Shape::Null) && name.contains(' ');
                    let hint = if is_rest { COMMA.into() } else { did_you_mean(name, known.iter().copied()) };
                    Wrong::Said(format!("there is no key {} here", typed(name)), hint)
                })
            };
            match wrong {
                Some(wrong) => key.note(wrong),
                None => entries.push((key, self.within(value, name))),
            }
        }
        Ok(entries)
    }
}

macro_rules! integers {
    ($($method:ident),*) => {
        $(fn $method<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Wrong> {
            let whole = |number: &serde_json::Number| number.is_i64() || number.is_u64();
            match &self.node.shape {
                Shape::Number(number) if number.as_u64().is_some() => visitor.visit_u64(number.as_u64().unwrap_or_default()),
                Shape::Number(number) if whole(number) => visitor.visit_i64(number.as_i64().unwrap_or_default()),
                Shape::Number(_) => Err(Wrong::Said("this must be a whole number".to_owned(), Hint::default())),
                Shape::Null | Shape::Bool(_) | Shape::Text(_) | Shape::List(_) | Shape::Map(_) => Err(self.is_not("a whole number")),
            }
        })*
    };
}

impl<'a> Deserializer<'a> for Reader<'a> {
    type Error = Wrong;

    integers!(
        deserialize_i8,
        deserialize_i16,
        deserialize_i32,
        deserialize_i64,
        deserialize_u8,
        deserialize_u16,
        deserialize_u32,
        deserialize_u64
    );

    fn deserialize_any<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match &self.node.shape {
            Shape::Null => visitor.visit_unit(),
            Shape::Bool(yes) => visitor.visit_bool(*yes),
            Shape::Number(number) => number.clone().deserialize_any(visitor).map_err(de::Error::custom),
            Shape::Text(text) => visitor.visit_str(text),
            Shape::List(_) => self.deserialize_seq(visitor),
            Shape::Map(_) => self.deserialize_map(visitor),
        }
    }

    fn deserialize_bool<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match &self.node.shape {
            Shape::Bool(yes) => visitor.visit_bool(*yes),
            Shape::Null | Shape::Number(_) | Shape::Text(_) | Shape::List(_) | Shape::Map(_) => {
                Err(self.is_not("`true` or `false`"))
            }
        }
    }

    fn deserialize_str<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_str(self.spelled("a text")?)
    }

    fn deserialize_string<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Wrong> {
        self.deserialize_str(visitor)
    }

    fn deserialize_seq<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Wrong> {
        let items: Vec<Self> = match &self.node.shape {
            Shape::List(items) => {
                items.iter().enumerate().map(|(at, item)| self.at(item, format!("{}[{at}]", self.key))).collect()
            }
            Shape::Null => return Err(self.is_not("a list")),
            // A list of one may be written without its dash.
            Shape::Bool(_) | Shape::Number(_) | Shape::Text(_) | Shape::Map(_) => vec![self],
        };
        visitor.visit_seq(Items(items.into_iter()))
    }

    fn deserialize_map<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Wrong> {
        let entries = self.entries(None)?;
        visitor.visit_map(Pairs { entries: entries.into_iter(), value: None })
    }

    fn deserialize_struct<V: Visitor<'a>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        if name == FIELD {
            return visitor.visit_map(Parts { reader: self, next: 0 });
        }
        let entries = self.entries(Some(fields))?;
        visitor.visit_map(Pairs { entries: entries.into_iter(), value: None })
    }

    fn deserialize_enum<V: Visitor<'a>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        if name == SHAPE {
            return visitor.visit_enum(ByShape(self));
        }
        let word = self.spelled("a word")?;
        if !variants.contains(&word) {
            let sentence = format!("{} is not one of {}", typed(word), variants.join(", "));
            let Hint(near) = did_you_mean(word, variants.iter().copied());
            return Err(Wrong::Said(sentence, Hint(near.filter(|near| near.starts_with("did")))));
        }
        let word: StrDeserializer<'_, Wrong> = word.into_deserializer();
        visitor.visit_enum(word)
    }

    serde::forward_to_deserialize_any! {
        <W: Visitor<'a>>
        i128 u128 f32 f64 char bytes byte_buf option unit unit_struct newtype_struct tuple tuple_struct identifier
        ignored_any
    }
}

/// The parts of a field: where it is, and what.
struct Parts<'a> {
    reader: Reader<'a>,
    next: usize,
}

impl<'a> MapAccess<'a> for Parts<'a> {
    type Error = Wrong;

    fn next_key_seed<K: DeserializeSeed<'a>>(&mut self, seed: K) -> Result<Option<K::Value>, Wrong> {
        let Some(part) = PARTS.get(self.next) else { return Ok(None) };
        let part: StrDeserializer<'_, Wrong> = part.into_deserializer();
        self.next += 1;
        seed.deserialize(part).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'a>>(&mut self, seed: V) -> Result<V::Value, Wrong> {
        let reader = &self.reader;
        match self.next {
            1 => seed.deserialize(reader.node.line.into_deserializer()),
            2 => seed.deserialize(reader.node.column.into_deserializer()),
            3 => seed.deserialize(reader.key.as_str().into_deserializer()),
            _ => seed.deserialize(reader.clone()).map_err(|wrong| {
                reader.note(wrong);
                Wrong::Noted
            }),
        }
    }
}

struct Items<'a>(std::vec::IntoIter<Reader<'a>>);

impl<'a> SeqAccess<'a> for Items<'a> {
    type Error = Wrong;

    fn next_element_seed<T: DeserializeSeed<'a>>(&mut self, seed: T) -> Result<Option<T::Value>, Wrong> {
        self.0.next().map(|item| seed.deserialize(item)).transpose()
    }
}

struct Pairs<'a> {
    entries: std::vec::IntoIter<(Reader<'a>, Reader<'a>)>,
    value: Option<Reader<'a>>,
}

impl<'a> MapAccess<'a> for Pairs<'a> {
    type Error = Wrong;

    fn next_key_seed<K: DeserializeSeed<'a>>(&mut self, seed: K) -> Result<Option<K::Value>, Wrong> {
        let Some((key, value)) = self.entries.next() else { return Ok(None) };
        self.value = Some(value);
        seed.deserialize(Key(key)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'a>>(&mut self, seed: V) -> Result<V::Value, Wrong> {
        let value = self.value.take().ok_or_else(|| de::Error::custom("a value without its key"))?;
        seed.deserialize(value)
    }
}

/// A key: text, whatever it looks like.
struct Key<'a>(Reader<'a>);

impl<'a> Deserializer<'a> for Key<'a> {
    type Error = Wrong;

    fn deserialize_any<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_str(self.0.spelled("a text")?)
    }

    fn deserialize_struct<V: Visitor<'a>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        self.0.deserialize_struct(name, fields, visitor)
    }

    serde::forward_to_deserialize_any! {
        <W: Visitor<'a>>
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

/// A value that may be a text or a map, and is read as the variant of that name.
struct ByShape<'a>(Reader<'a>);

impl<'a> EnumAccess<'a> for ByShape<'a> {
    type Error = Wrong;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'a>>(self, seed: V) -> Result<(V::Value, Self), Wrong> {
        let name = match &self.0.node.shape {
            Shape::Map(_) => "map",
            Shape::Null | Shape::Bool(_) | Shape::Number(_) | Shape::Text(_) | Shape::List(_) => "text",
        };
        let name: StrDeserializer<'_, Wrong> = name.into_deserializer();
        Ok((seed.deserialize(name)?, self))
    }
}

impl<'a> VariantAccess<'a> for ByShape<'a> {
    type Error = Wrong;

    fn unit_variant(self) -> Result<(), Wrong> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'a>>(self, seed: T) -> Result<T::Value, Wrong> {
        seed.deserialize(self.0)
    }

    fn tuple_variant<V: Visitor<'a>>(self, _: usize, visitor: V) -> Result<V::Value, Wrong> {
        self.0.deserialize_seq(visitor)
    }

    fn struct_variant<V: Visitor<'a>>(self, fields: &'static [&'static str], visitor: V) -> Result<V::Value, Wrong> {
        self.0.deserialize_struct("", fields, visitor)
    }
}
