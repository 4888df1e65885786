//! The file itself: made for its owner only, and had by one server at a time.

use muster_core::ports::store::StoreError;
use std::ffi::OsString;
use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

/// Makes the folder and the file, unless they are there.
pub(super) fn make(path: &Path) -> Result<(), StoreError> {
    let failed = |error: io::Error| {
        StoreError::Broken(format!("the database file {} could not be made: {}", path.display(), error.kind()))
    };
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder).map_err(failed)?;
    }
    open(path).map_err(failed)?;
    Ok(())
}

/// Takes the file for this server, until the returned handle is dropped or the process ends.
pub(super) fn lock(path: &Path) -> Result<File, StoreError> {
    let mut name = OsString::from(path);
    name.push(".lock");
    let name = PathBuf::from(name);
    let failed = |error: io::Error| {
        StoreError::Broken(format!("the lock {} could not be taken: {}", name.display(), error.kind()))
    };
    let file = open(&name).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::Broken(format!(
            "another muster server is using {}; stop it, or give this one a database of its own",
            path.display()
        ))),
        Err(TryLockError::Error(error)) => Err(failed(error)),
    }
}

/// Opens a file that only its owner may read, and makes it if there is none.
fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
