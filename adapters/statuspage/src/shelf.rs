//! The files as they are served and exported: each with its hash, and packed for those who take it packed.

use crate::files::File;
use axum::body::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::Write;
use std::sync::Arc;

/// Below that, packing saves nothing: it is sent in one packet anyway.
const PACKED_FROM: usize = 1_000;

/// For how long nobody need ask again, and for how long what was heard last may be shown if nobody answers.
/// <https://www.rfc-editor.org/rfc/rfc5861>
pub(crate) const FRESH: &str = "public, max-age=15, stale-while-revalidate=30, stale-if-error=86400";

/// A file, ready to be sent.
#[derive(Debug, PartialEq, Eq)]
pub struct Ready {
    /// Its media type.
    pub media_type: &'static str,
    /// What is in it.
    pub bytes: Bytes,
    /// The SHA-256 of that, in hexadecimal.
    pub hash: String,
    /// The same packed, if that is shorter. <https://www.rfc-editor.org/rfc/rfc1952>
    pub packed: Option<Bytes>,
}

impl Ready {
    fn of(file: File) -> Self {
        let hash = Sha256::digest(&file.bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        let packed = (file.bytes.len() >= PACKED_FROM).then(|| pack(&file.bytes)).flatten();
        Self { media_type: file.media_type, bytes: file.bytes, hash, packed }
    }

    fn is_of(&self, file: &File) -> bool {
        self.media_type == file.media_type && self.bytes == file.bytes
    }
}

fn pack(bytes: &[u8]) -> Option<Bytes> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 4), Compression::default());
    // Writing to memory cannot fail; should it, the file is sent as it is.
    encoder.write_all(bytes).ok()?;
    let packed = encoder.finish().ok()?;
    (packed.len() < bytes.len()).then(|| packed.into())
}

/// All files, ready to be sent.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Shelf {
    files: BTreeMap<String, Arc<Ready>>,
}

impl Shelf {
    /// These files. What is the same as `before` is taken from there: a word that is published changes some dozen files of a thousand.
    #[must_use]
    pub fn of(files: BTreeMap<String, File>, before: &Self) -> Self {
        let ready = |path: &String, file: File| match before.files.get(path) {
            Some(known) if known.is_of(&file) => Arc::clone(known),
            Some(_) | None => Arc::new(Ready::of(file)),
        };
        Self { files: files.into_iter().map(|(path, file)| (path.clone(), ready(&path, file))).collect() }
    }

    /// The file at that path.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&Arc<Ready>> {
        self.files.get(path)
    }

    /// Every file by its path.
    pub fn iter(&self) -> impl Iterator<Item = (&String, &Arc<Ready>)> {
        self.files.iter()
    }

    /// Whether there is nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    fn files(texts: &[(&str, &str)]) -> BTreeMap<String, File> {
        let file = |text: &str| File { media_type: "text/plain", bytes: Bytes::copy_from_slice(text.as_bytes()) };
        texts.iter().map(|(path, text)| ((*path).to_owned(), file(text))).collect()
    }

    #[test]
    fn what_has_not_changed_is_the_very_same() {
        let before = Shelf::of(files(&[("a", "one"), ("b", "two")]), &Shelf::default());
        let after = Shelf::of(files(&[("a", "one"), ("b", "three")]), &before);
        let same = |path| Arc::ptr_eq(before.get(path).expect("it was there"), after.get(path).expect("it is there"));
        assert!(same("a") && !same("b"));
        assert_ne!(before.get("b").map(|file| &file.hash), after.get("b").map(|file| &file.hash));
    }

    #[test]
    fn what_is_packed_is_the_same_when_it_is_unpacked() {
        let text = "A word that is said again and again. ".repeat(100);
        let shelf = Shelf::of(files(&[("long", &text), ("short", "short")]), &Shelf::default());
        let packed = shelf.get("long").and_then(|file| file.packed.clone()).expect("it is packed");
        let mut unpacked = String::new();
        flate2::read::GzDecoder::new(packed.as_ref()).read_to_string(&mut unpacked).expect("it is whole");
        assert_eq!(unpacked, text);
        assert_eq!(shelf.get("short").and_then(|file| file.packed.clone()), None);
    }
}
