//! `[statuspage]`: the page customers look at, what it looks like, and where it is besides.

use super::super::section::Section;
use super::super::value;
use chrono::NaiveDate;
use muster_core::chat::token::Token;
use muster_core::comms::{Logo, LogoKind, PageRules, Theme};
use muster_core::org::Organisation;
use muster_statuspage::{Export, S3};
use std::net::SocketAddr;
use std::path::Path;
use toml::Spanned;

/// The largest logo, in bytes: the page is to be small.
const LOGO: usize = 16 * 1024;

/// What `[statuspage]` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Page {
    /// Where customers reach it; under Muster's own address unless said otherwise.
    pub(crate) url: Option<String>,
    /// An address of its own to listen on, where there is nothing else.
    pub(crate) listen: Option<SocketAddr>,
    /// Where its files go besides.
    pub(crate) export: Export,
    name: String,
    time_zone: chrono_tz::Tz,
    since: Option<NaiveDate>,
    theme: Theme,
}

impl Page {
    /// The rules for core.
    pub(super) fn rules(&self) -> PageRules {
        PageRules {
            name: self.name.clone(),
            url: self.url.clone().unwrap_or_default(),
            time_zone: self.time_zone,
            since: self.since,
            theme: self.theme.clone(),
        }
    }
}

/// Reads `[statuspage]`.
pub(super) fn read(root: &Section<'_, '_>, folder: &Path, org: &Organisation) -> Option<Page> {
    let section = root.table("statuspage")?;
    let own = value::time_zone(&section, "time_zone");
    let page = Page {
        url: value::public_url(&section, "url", "https://status.example.com"),
        listen: section.has("listen").then(|| value::listen(&section, "listen")).flatten(),
        export: export(&section, folder),
        name: section.text("name").map_or_else(|| org.name.clone(), Spanned::into_inner),
        time_zone: own.or_else(|| org.people.first().map(|person| person.time_zone)).unwrap_or_default(),
        since: since(&section),
        theme: Theme {
            accent: accent(&section),
            logo: logo(&section, folder),
            home_url: value::public_address(&section, "home_url"),
            contact: section.text("contact").map(Spanned::into_inner),
        },
    };
    section.finish();
    Some(page)
}

/// The first day of which the page knows how things were.
fn since(section: &Section<'_, '_>) -> Option<NaiveDate> {
    let typed = section.text("since")?;
    let day = NaiveDate::parse_from_str(typed.get_ref(), "%Y-%m-%d");
    let wrong = |_| format!("“{}” is not a day; write it as \"2026-11-01\"", typed.get_ref());
    section.taken("since", &typed, day.map_err(wrong))
}

fn accent(section: &Section<'_, '_>) -> Option<String> {
    let typed = section.text("accent")?;
    let digits = typed.get_ref().strip_prefix('#').unwrap_or_default();
    let is_colour = digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let wrong = || format!("“{}” is not a colour; write it as \"#0a5c36\"", typed.get_ref());
    section.taken("accent", &typed, is_colour.then(|| typed.get_ref().to_lowercase()).ok_or_else(wrong))
}

fn logo(section: &Section<'_, '_>, folder: &Path) -> Option<Logo> {
    let typed = section.text("logo")?;
    let path = folder.join(typed.get_ref());
    let read = || {
        let kind = match path.extension().and_then(|ending| ending.to_str()) {
            Some("svg") => LogoKind::Svg,
            Some("png") => LogoKind::Png,
            Some(_) | None => return Err(format!("{} is neither an .svg nor a .png", path.display())),
        };
        let bytes = std::fs::read(&path).map_err(|error| format!("{} cannot be read: {error}", path.display()))?;
        if bytes.len() > LOGO {
            return Err(format!("{} has {} bytes; a page that must be fast takes {LOGO}", path.display(), bytes.len()));
        }
        Ok(Logo { kind, bytes })
    };
    section.taken("logo", &typed, read())
}

fn export(section: &Section<'_, '_>, folder: &Path) -> Export {
    let to = section.text("export_folder").map(|typed| folder.join(typed.get_ref()));
    let s3 = section.table("s3").and_then(|table| {
        let endpoint = value::public_url(&table, "endpoint", "https://s3.eu-north-1.amazonaws.com");
        let region = table.text("region").map_or_else(|| "us-east-1".to_owned(), Spanned::into_inner);
        let bucket = table.required("bucket", "status-example-com").map(Spanned::into_inner);
        let prefix = table.text("prefix").map_or_else(String::new, Spanned::into_inner);
        let access_key = value::secret(&table, "access_key");
        let secret_key = value::secret(&table, "secret_key");
        for (key, is_there) in [
            ("endpoint", table.has("endpoint")),
            ("access_key", table.has("access_key")),
            ("secret_key", table.has("secret_key")),
        ] {
            if !is_there {
                table.problem(
                    table.at(),
                    key,
                    format!("this is missing: without it nothing can be written to the bucket ({key})"),
                );
            }
        }
        table.finish();
        Some(S3 {
            endpoint: endpoint?,
            region,
            bucket: bucket?,
            prefix,
            access_key: Token::new(access_key?),
            secret_key: Token::new(secret_key?),
        })
    });
    Export { folder: to, s3 }
}
