//! Values that are more than text: secrets kept elsewhere, addresses, ids, time zones.

use super::problem::did_you_mean;
use super::section::Section;
use chrono_tz::{TZ_VARIANTS, Tz};
use std::fmt;
use std::net::SocketAddr;
use std::path::Path;
use toml::Spanned;

/// Where the data is. It may hold a password, so that it never prints itself.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct StoreUrl(String);

impl StoreUrl {
    /// The SQLite file at `path`.
    pub(crate) fn sqlite(path: &Path) -> Self {
        Self(format!("sqlite:{}", path.display()))
    }

    /// The address in full, for the store alone.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }

    /// The SQLite file, if it is one.
    pub(crate) fn file(&self) -> Option<&Path> {
        self.0.strip_prefix("sqlite:").map(Path::new)
    }
}

impl fmt::Display for StoreUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.file() {
            Some(file) => write!(f, "SQLite in {}", file.display()),
            None => f.write_str("PostgreSQL"),
        }
    }
}

impl fmt::Debug for StoreUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The value itself, or what `env:NAME` or `file:/path` names.
pub(super) fn resolve(section: &Section<'_, '_>, key: &str, typed: &Spanned<String>) -> Option<String> {
    let text = typed.get_ref();
    let read = if let Some(name) = text.strip_prefix("env:") {
        std::env::var(name)
            .map_err(|_| format!("the environment has no variable {name}; set it, or write the value here"))
    } else if let Some(path) = text.strip_prefix("file:") {
        std::fs::read_to_string(path).map_err(|error| format!("{path} cannot be read: {error}"))
    } else {
        Ok(text.clone())
    };
    match read {
        Ok(value) if !value.trim().is_empty() => Some(value.trim().to_owned()),
        Ok(_) => {
            section.problem(typed.span(), key, "this is empty");
            None
        }
        Err(sentence) => {
            section.missing(typed.span(), key, sentence);
            None
        }
    }
}

/// A secret: better kept in the environment or a file than in the config.
pub(super) fn secret(section: &Section<'_, '_>, key: &'static str) -> Option<String> {
    let typed = section.text(key)?;
    resolve(section, key, &typed)
}

/// Whether a text looks like the address of a mailbox.
pub(super) fn is_address(text: &str) -> bool {
    let parts: Vec<&str> = text.split('@').collect();
    matches!(parts[..], [name, host] if !name.is_empty() && !host.is_empty()) && !text.contains(char::is_whitespace)
}

/// The address of the store. A relative file is meant from `folder`, where the config is, so that every subcommand
/// finds the same one from wherever it is called.
pub(super) fn store_url(section: &Section<'_, '_>, key: &'static str, folder: &Path) -> Option<StoreUrl> {
    let typed = section.text(key)?;
    let url = resolve(section, key, &typed)?;
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        return Some(StoreUrl(url));
    }
    let path = url.strip_prefix("sqlite:").map(|path| path.strip_prefix("//").unwrap_or(path));
    match path {
        Some("" | ":memory:") => {
            section.problem(typed.span(), key, "this names no file; for example \"sqlite:muster-data/muster.db\"");
            None
        }
        Some(path) => Some(StoreUrl::sqlite(&folder.join(path))),
        // What was typed may hold a password, so that it is not repeated.
        None => {
            section.problem(typed.span(), key, "this must be sqlite:PATH or postgres://USER@HOST/NAME");
            None
        }
    }
}

/// An address to listen on.
pub(super) fn listen(section: &Section<'_, '_>, key: &'static str) -> Option<SocketAddr> {
    let typed = section.text(key)?;
    let address = typed.get_ref().replace("localhost:", "127.0.0.1:").parse();
    if address.is_err() {
        let sentence = format!(
            "“{}” is not an address and port; write \"127.0.0.1:8080\", or \"0.0.0.0:8080\" for every network",
            typed.get_ref()
        );
        section.problem(typed.span(), key, sentence);
    }
    address.ok()
}

/// A URL under which people reach something, without a slash at its end; for example `example`.
pub(super) fn public_url(section: &Section<'_, '_>, key: &'static str, example: &str) -> Option<String> {
    let typed = section.text(key)?;
    match origin(typed.get_ref()) {
        Ok(url) => Some(url),
        Err(wrong) => {
            let sentence = format!("{wrong}; write it as \"{example}\"");
            section.problem(typed.span(), key, sentence);
            None
        }
    }
}

/// The scheme, host and port of an http URL that holds nothing else.
pub(crate) fn origin(typed: &str) -> Result<String, String> {
    let url = reqwest::Url::parse(typed).map_err(|_| format!("“{typed}” is not a URL"))?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return Err(format!("“{typed}” is neither an http nor an https URL"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("a URL with a password in it would be shown to everybody".to_owned());
    }
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        return Err("this must end after the host and port: Muster has the whole host to itself".to_owned());
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

/// An address that people follow, with whatever path: shown, never called by us.
pub(super) fn public_address(section: &Section<'_, '_>, key: &'static str) -> Option<String> {
    let typed = section.text(key)?;
    let url = reqwest::Url::parse(typed.get_ref()).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    let wrong = || format!("“{}” is neither an http nor an https URL", typed.get_ref());
    section.taken(key, &typed, url.map(String::from).ok_or_else(wrong))
}

/// Whether a URL stays on this machine.
pub(crate) fn is_loopback(url: &str) -> bool {
    let Ok(url) = reqwest::Url::parse(url) else { return false };
    match url.host_str().map(|host| host.trim_start_matches('[').trim_end_matches(']')) {
        Some("localhost") => true,
        Some(host) => host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback()),
        None => false,
    }
}

/// A time zone, if one is given.
pub(super) fn time_zone(section: &Section<'_, '_>, key: &'static str) -> Option<Tz> {
    let typed = section.text(key)?;
    let zone = typed.get_ref().parse::<Tz>();
    if zone.is_err() {
        let near = did_you_mean(typed.get_ref(), TZ_VARIANTS.iter().map(|zone| zone.name()));
        let near = if near.is_empty() { "; write it as Europe/Stockholm".to_owned() } else { near };
        section.problem(typed.span(), key, format!("“{}” is not a time zone{near}", typed.get_ref()));
    }
    zone.ok()
}

/// Notes a problem unless the text is an id: lower-case letters, digits and dashes.
pub(super) fn check_id(section: &Section<'_, '_>, key: &'static str, typed: &Spanned<String>) {
    let id = typed.get_ref();
    let legal = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if id.chars().all(legal) && !id.starts_with('-') {
        return;
    }
    let sentence = format!("“{id}” is not an id: lower-case letters, digits and dashes only");
    let better = slug::slugify(id);
    let better = if better.is_empty() { String::new() } else { format!("; for example `{better}`") };
    section.problem(typed.span(), key, sentence + &better);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_ends_after_the_port() {
        assert_eq!(origin("https://muster.example.com/"), Ok("https://muster.example.com".to_owned()));
        assert_eq!(origin("http://127.0.0.1:8080"), Ok("http://127.0.0.1:8080".to_owned()));
        for bad in ["muster.example.com", "ftp://x", "https://x/muster", "https://u:p@x", "https://x/?a", ""] {
            assert!(origin(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn loopback_is_known_by_name_and_number() {
        assert!(is_loopback("http://localhost:1") && is_loopback("http://127.0.0.9") && is_loopback("http://[::1]:80"));
        assert!(!is_loopback("http://10.0.0.1") && !is_loopback("https://muster.example.com"));
    }

    #[test]
    fn a_store_address_never_prints_its_password() {
        let url = StoreUrl("postgres://muster:hunter2@db/muster".to_owned());
        assert!(!format!("{url} {url:?}").contains("hunter2"));
    }
}
