//! A folder that any web server may serve from.

use super::{LIST, Place};
use async_trait::async_trait;
use axum::body::Bytes;
use std::io::{Error, ErrorKind};
use std::path::{Path, PathBuf};
use tokio::fs;
use tokio::io::AsyncWriteExt;

/// A folder.
pub(super) struct Folder<'a> {
    root: &'a Path,
}

impl<'a> Folder<'a> {
    /// That one. It is made if it is not there.
    pub(super) fn new(root: &'a Path) -> Self {
        Self { root }
    }

    /// Writes beside the file, and puts it in its place when it is whole and on the disk.
    async fn replace(&self, file: &Path, bytes: &[u8]) -> Result<(), Error> {
        let folder = file.parent().unwrap_or(self.root);
        fs::create_dir_all(folder).await?;
        let beside = beside(file);
        let mut written = fs::File::create(&beside).await?;
        written.write_all(bytes).await?;
        written.sync_all().await?;
        fs::rename(&beside, file).await
    }

    fn at(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }
}

/// Where a file is while it is being written: what begins with a point, web servers do not show.
fn beside(file: &Path) -> PathBuf {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    file.with_file_name(format!(".{name}.muster"))
}

#[async_trait]
impl Place for Folder<'_> {
    /// Refuses a folder in which others have files: what is taken away some day would be theirs.
    async fn begin(&self) -> Result<(), String> {
        fs::create_dir_all(self.root).await.map_err(|error| error.to_string())?;
        let mut files = fs::read_dir(self.root).await.map_err(|error| error.to_string())?;
        // What an attempt that was cut short has left beside the list is ours.
        let ours = format!(".{LIST}.muster");
        while let Some(file) = files.next_entry().await.map_err(|error| error.to_string())? {
            if file.file_name() != ours.as_str() {
                let name = file.file_name().to_string_lossy().into_owned();
                return Err(format!("“{name}” in it is none of ours: name a folder that is empty, or not there yet"));
            }
        }
        Ok(())
    }

    async fn read(&self, path: &str) -> Result<Option<Vec<u8>>, String> {
        match fs::read(self.at(path)).await {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(format!("{path}: {error}")),
        }
    }

    async fn write(&self, path: &str, _media_type: &str, bytes: &Bytes) -> Result<(), String> {
        self.replace(&self.at(path), bytes).await.map_err(|error| format!("{path}: {error}"))
    }

    async fn remove(&self, path: &str) -> Result<(), String> {
        let file = self.at(path);
        // An attempt that was cut short may have left something beside it.
        for there in [&file, &beside(&file)] {
            match fs::remove_file(there).await {
                Ok(()) => {}
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(format!("{path}: {error}")),
            }
        }
        // Folders that are empty now go too; others stay.
        for folder in file.ancestors().skip(1).take_while(|folder| *folder != self.root) {
            if fs::remove_dir(folder).await.is_err() {
                break;
            }
        }
        Ok(())
    }
}
