//! Local mode: no config, this machine alone, a sample organisation, and files by which `muster do` finds the server.

use crate::config::DATA;
use anyhow::Context;
use muster_core::app::Muster;
use muster_core::ids::PersonId;
use muster_core::ports::credentials::{Credential, CredentialKind};
use muster_core::secret::Secret;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

/// As whom one acts in local mode.
pub(crate) const WHO: &str = "alice";
/// The label of the token that each start makes anew.
pub(crate) const LABEL: &str = "local";
/// The prefix of tokens, by which secret scanners know them.
pub(crate) const TOKEN: &str = "mst_";

const URL_FILE: &str = "local-url";
const TOKEN_FILE: &str = "local-token";

/// Where a server in local mode is, and what opens it.
pub(crate) struct Door {
    /// Its URL.
    pub(crate) url: String,
    /// The token, for this URL and no other.
    pub(crate) token: String,
}

impl Door {
    /// The door of the server that keeps its data in `data`, if there is one.
    pub(crate) fn of(data: &Path) -> Option<Self> {
        let read = |name| fs::read_to_string(data.join(name)).ok().map(|text| text.trim().to_owned());
        Some(Self { url: read(URL_FILE)?, token: read(TOKEN_FILE)? })
    }
}

/// The files by which `muster do` finds this server. They go when it stops.
pub(crate) struct Marks(PathBuf);

impl Marks {
    /// Makes a fresh token, revokes that of the start before, and writes both files for their owner alone.
    pub(crate) async fn leave(muster: &Muster, data: &Path, url: &str) -> anyhow::Result<Self> {
        let store = muster.store();
        let earlier = store.list(CredentialKind::Token).await?;
        for token in earlier.iter().filter(|token| token.label == LABEL) {
            store.revoke(CredentialKind::Token, token.hash.as_str()).await?;
        }
        let secret = Secret::generate(TOKEN, muster.entropy());
        let token = Credential {
            hash: secret.hash(),
            kind: CredentialKind::Token,
            person: PersonId::from(WHO),
            label: LABEL.to_owned(),
            created_at: muster.now(),
            expires_at: None,
        };
        store.grant(&token).await?;
        write_private(&data.join(TOKEN_FILE), secret.reveal())?;
        write_private(&data.join(URL_FILE), url)?;
        Ok(Self(data.to_owned()))
    }
}

impl Drop for Marks {
    fn drop(&mut self) {
        for name in [URL_FILE, TOKEN_FILE] {
            // What cannot be removed leads to a server that does not answer, and `do` says so.
            let _ = fs::remove_file(self.0.join(name));
        }
    }
}

/// Writes a file that only its owner may read, whole or not at all.
fn write_private(path: &Path, text: &str) -> anyhow::Result<()> {
    let fresh = path.with_extension("new");
    let written = || -> std::io::Result<()> {
        if fresh.exists() {
            fs::remove_file(&fresh)?;
        }
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(&fresh)?.write_all(format!("{text}\n").as_bytes())?;
        fs::rename(&fresh, path)
    };
    written().with_context(|| format!("{} cannot be written", path.display()))
}

/// What the terminal says when local mode is up.
pub(crate) struct Welcome<'a> {
    /// Where the server is.
    pub(crate) url: &'a str,
    /// The link that signs in.
    pub(crate) link: &'a str,
    /// The folder of the data.
    pub(crate) data: &'a Path,
    /// What was not as expected.
    pub(crate) note: Option<&'a str>,
}

impl Welcome<'_> {
    /// The banner.
    pub(crate) fn text(&self) -> String {
        let Self { url, link, data, note } = self;
        let note = note.map(|note| format!("{note}\n")).unwrap_or_default();
        let muster = typed(std::env::args().next().as_deref(), data);
        format!(
            "{note}Muster is running at {url}, for this machine only.

  Open    {link}
          It signs you in as Alice, once, within 10 minutes. Another: {muster} login-link {WHO}
  Data    {}
  People  a sample shop: alice, bob, carol, dave, erin, frank

Type this first, in another terminal or (without `{muster} do`) in the browser:

  {muster} do new sev2 checkout down
  {muster} do list
  {muster} do help

For your own people and services: {muster} init. Ctrl-C stops it; nothing is lost.",
            data.display()
        )
    }
}

/// What to type to mean this program and its data from the same folder.
fn typed(program: Option<&str>, data: &Path) -> String {
    let program = program.filter(|program| !program.is_empty() && !program.contains(char::is_whitespace));
    let program = program.unwrap_or("muster");
    if data == Path::new(DATA) { program.to_owned() } else { format!("{program} --data {}", data.display()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_banner_says_what_works_from_here() {
        assert_eq!(typed(Some("target/release/muster"), Path::new(DATA)), "target/release/muster");
        assert_eq!(typed(Some("muster"), Path::new("/srv/m")), "muster --data /srv/m");
        assert_eq!(typed(None, Path::new(DATA)), "muster");
    }

    #[test]
    fn a_private_file_is_for_its_owner_and_replaced_as_a_whole() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("local-token");
        for text in ["first", "second"] {
            write_private(&file, text).expect("written");
            assert_eq!(fs::read_to_string(&file).expect("read"), format!("{text}\n"));
        }
        assert_eq!(fs::metadata(&file).expect("there").permissions().mode() & 0o777, 0o600);
    }
}
