//! Finding the Muster that is meant, and the token for it.

use crate::cli::{ClientArgs, Global};
use crate::config::{Config, DATA, origin};
use crate::local::Door;
use crate::setting::{Setting, load};
use anyhow::{Context, anyhow, bail};
use std::path::{Path, PathBuf};

/// The door to knock at: what was named, else the one that local mode left, else that of the config.
/// The token of local mode is for that server and is never shown to another.
pub(super) fn find(global: &Global, args: &ClientArgs) -> anyhow::Result<Door> {
    if let Some(url) = &args.url {
        let url = origin(url).map_err(|wrong| anyhow!("--url: {wrong}"))?;
        let here = local(global).filter(|door| door.url == url).map(|door| door.token);
        let token = args.token.clone().or(here);
        return token.map(|token| Door { url, token }).with_context(no_token);
    }
    let config = Setting::path(global).filter(|_| global.data.is_none());
    match (config, local(global)) {
        (Some(path), None) => of_config(&path, args),
        (Some(path), Some(_)) if global.config.is_some() || args.token.is_some() => of_config(&path, args),
        (_, Some(door)) => Ok(Door { token: args.token.clone().unwrap_or(door.token), ..door }),
        (None, None) => {
            let data = data(global);
            bail!(
                "no Muster is running in {}; start one with `muster`, or name one with --url and MUSTER_TOKEN",
                std::path::absolute(&data).unwrap_or(data).display()
            )
        }
    }
}

fn data(global: &Global) -> PathBuf {
    global.data.clone().unwrap_or_else(|| PathBuf::from(DATA))
}

fn local(global: &Global) -> Option<Door> {
    Door::of(&data(global))
}

fn of_config(path: &Path, args: &ClientArgs) -> anyhow::Result<Door> {
    let Config { listen, public_url, .. } = load(path)?;
    let url = public_url.unwrap_or_else(|| format!("http://{listen}"));
    let token = args.token.clone().with_context(no_token)?;
    Ok(Door { url, token })
}

fn no_token() -> String {
    "there is no token to come in with; make one on the server with `muster token create PERSON --label NAME`, \
     then set MUSTER_TOKEN"
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(url: Option<&str>, token: Option<&str>) -> ClientArgs {
        ClientArgs { url: url.map(str::to_owned), token: token.map(str::to_owned) }
    }

    #[test]
    fn the_local_token_is_for_the_local_server_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("local-url"), "http://127.0.0.1:9\n").expect("written");
        std::fs::write(folder.path().join("local-token"), "mst_local\n").expect("written");
        let global = Global { config: None, data: Some(folder.path().to_owned()) };
        let found = find(&global, &args(None, None)).expect("found");
        assert_eq!((found.url.as_str(), found.token.as_str()), ("http://127.0.0.1:9", "mst_local"));
        assert_eq!(find(&global, &args(Some("http://127.0.0.1:9"), None)).expect("found").token, "mst_local");
        let other = find(&global, &args(Some("http://127.0.0.2:9"), None));
        assert!(other.err().is_some_and(|error| error.to_string().starts_with("there is no token")));
    }

    #[test]
    fn where_nothing_runs_it_says_what_to_start() {
        let folder = tempfile::tempdir().expect("a folder");
        let global = Global { config: None, data: Some(folder.path().join("none")) };
        let error = find(&global, &args(None, None)).err().expect("nothing runs").to_string();
        assert!(error.starts_with("no Muster is running in /") && error.contains("start one with `muster`"), "{error}");
    }
}
