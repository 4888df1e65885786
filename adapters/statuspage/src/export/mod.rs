//! The same files on any other host, so that they are there when Muster is not.
//!
//! A place keeps a list of what was put there and what it held, so that only what changed is written, and only what was put there is
//! ever taken away. The list names a file before it is written, so that none is forgotten if that is cut short.

mod bucket;
mod folder;

use crate::shelf::{Ready, Shelf};
use async_trait::async_trait;
use axum::body::Bytes;
use futures::future::BoxFuture;
use futures::{StreamExt, TryStreamExt, stream};
use muster_core::chat::finding::Finding;
use muster_core::chat::token::Token;
use muster_core::clock::Timestamp;
use muster_core::ports::outside::Outside;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

/// The list of what was put there.
const LIST: &str = "muster-export.json";
/// So many files are written at once.
const AT_ONCE: usize = 8;

/// An object store that speaks S3.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct S3 {
    /// Where it is: `https://s3.eu-north-1.amazonaws.com`.
    pub endpoint: String,
    /// Its region.
    pub region: String,
    /// The bucket.
    pub bucket: String,
    /// What the names of all objects begin with; nothing, or a word with a slash.
    pub prefix: String,
    /// Who we are there.
    pub access_key: Token,
    /// The proof of it.
    pub secret_key: Token,
}

/// Where the files go besides.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Export {
    /// A folder, which may be shared with any web server.
    pub folder: Option<PathBuf>,
    /// An object store.
    pub s3: Option<S3>,
}

/// Why they did not get there.
#[derive(Debug, thiserror::Error)]
#[error("the status page could not be exported to {to}: {reason}")]
pub struct ExportError {
    /// Where.
    pub to: String,
    /// What happened.
    pub reason: String,
}

impl Export {
    /// Whether each place can be read, and is ours or still empty. Nothing is put there; a folder that is not there yet is made.
    pub async fn doctor(&self, outside: &dyn Outside, now: Timestamp) -> Vec<Finding> {
        let todo = "see that it is a place of its own for the status page, and that Muster may write there";
        let said = |to: &str, looked: Result<List, String>| match looked {
            Ok(_) => Finding::fine(format!("The status page is exported to {to}")),
            Err(why) => Finding::broken(format!("The status page cannot be exported to {to}: {why}"), todo),
        };
        let mut findings = Vec::new();
        if let Some(path) = &self.folder {
            findings.push(said(&path.display().to_string(), List::read(&folder::Folder::new(path)).await));
        }
        if let Some(s3) = &self.s3 {
            let looked = match bucket::Bucket::new(s3, outside, now) {
                Ok(bucket) => List::read(&bucket).await,
                Err(why) => Err(why),
            };
            findings.push(said(&format!("s3://{}/{}", s3.bucket, s3.prefix), looked));
        }
        findings
    }

    /// Writes what is not there yet. Nobody who looks meanwhile finds a page that leads to something missing, or none.
    ///
    /// # Errors
    /// When a place does not take them; the others have got them.
    pub async fn write(&self, shelf: &Shelf, outside: &dyn Outside, now: Timestamp) -> Result<(), ExportError> {
        let folder = async {
            let Some(path) = &self.folder else { return Ok(()) };
            let failed = |reason| ExportError { to: path.display().to_string(), reason };
            sync(&folder::Folder::new(path), shelf).await.map_err(failed)
        };
        let bucket = async {
            let Some(s3) = &self.s3 else { return Ok(()) };
            let failed = |reason| ExportError { to: format!("s3://{}/{}", s3.bucket, s3.prefix), reason };
            let bucket = bucket::Bucket::new(s3, outside, now).map_err(failed)?;
            sync(&bucket, shelf).await.map_err(failed)
        };
        let (folder, bucket) = futures::join!(folder, bucket);
        folder.and(bucket)
    }
}

/// Where files can be put. What goes wrong is said in words.
#[async_trait]
trait Place: Sync {
    /// Makes sure that files may be put there for the first time.
    async fn begin(&self) -> Result<(), String>;

    /// What is there.
    async fn read(&self, path: &str) -> Result<Option<Vec<u8>>, String>;

    /// Puts a file there, whole or not at all.
    async fn write(&self, path: &str, media_type: &str, bytes: &Bytes) -> Result<(), String>;

    /// Takes it away, if it is there.
    async fn remove(&self, path: &str) -> Result<(), String>;
}

/// What was put there: the hash of each file, or nothing while it is being written.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct List(BTreeMap<String, String>);

impl List {
    async fn read(place: &dyn Place) -> Result<Self, String> {
        let Some(bytes) = place.read(LIST).await? else {
            place.begin().await?;
            return Ok(Self::default());
        };
        let list: Self = serde_json::from_slice(&bytes)
            .map_err(|error| format!("{LIST} there cannot be read ({error}): remove it with everything else"))?;
        match list.0.keys().find(|path| !is_plain(path)) {
            Some(path) => {
                Err(format!("{LIST} there names “{path}”, which is none of ours: remove it with everything else"))
            }
            None => Ok(list),
        }
    }

    async fn write(&self, place: &dyn Place) -> Result<(), String> {
        let bytes = serde_json::to_vec(self).map_err(|error| error.to_string())?;
        place.write(LIST, "application/json", &bytes.into()).await
    }
}

/// Whether a path leads down and nowhere else.
fn is_plain(path: &str) -> bool {
    let mut parts = Path::new(path).components();
    !path.is_empty() && !path.contains('\\') && parts.all(|part| matches!(part, Component::Normal(_)))
}

/// When a file is written: pages of incidents and sites, then feeds and all that is no page, then pages that lead there, the first of all
/// last. Two languages of a page lead to each other: they come together.
fn turn(path: &str) -> usize {
    let is_leaf = path.split('/').any(|folder| folder == "incidents" || folder == "sites");
    match (path.ends_with(".html"), path.matches('/').count()) {
        (true, _) if is_leaf => 0,
        (false, _) => 1,
        (true, 2..) => 2,
        (true, 1) => 3,
        (true, 0) => 4,
    }
}

async fn sync(place: &dyn Place, shelf: &Shelf) -> Result<(), String> {
    let mut list = List::read(place).await?;
    let is_new = |(path, file): &(&String, &std::sync::Arc<Ready>)| list.0.get(*path) != Some(&file.hash);
    let mut changed: Vec<_> = shelf.iter().filter(is_new).collect();
    let gone: Vec<_> = list.0.keys().filter(|path| shelf.get(path).is_none()).cloned().collect();
    if changed.is_empty() && gone.is_empty() {
        return Ok(());
    }
    if let Some((path, _)) = changed.iter().find(|(path, _)| !is_plain(path)) {
        return Err(format!("“{path}” cannot be the name of a file"));
    }
    list.0.extend(changed.iter().map(|(path, _)| ((*path).clone(), String::new())));
    list.write(place).await?;
    changed.sort_by_key(|(path, _)| turn(path));
    for together in changed.chunk_by(|(one, _), (other, _)| turn(one) == turn(other)) {
        at_once(together.iter().map(|(path, file)| place.write(path, file.media_type, &file.bytes)).collect()).await?;
    }
    at_once(gone.iter().map(|path| place.remove(path)).collect()).await?;
    List(shelf.iter().map(|(path, file)| (path.clone(), file.hash.clone())).collect()).write(place).await
}

/// Does some of it at once, and all of it unless something fails.
async fn at_once(work: Vec<BoxFuture<'_, Result<(), String>>>) -> Result<(), String> {
    stream::iter(work).buffer_unordered(AT_ONCE).try_collect().await
}
