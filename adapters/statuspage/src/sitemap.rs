//! What search engines read: which pages there are, and that they may look at all of them.

use crate::edition::Edition;
use crate::files::File;
use maud::{PreEscaped, html};

/// `sitemap.xml` and `robots.txt`. <https://www.sitemaps.org/protocol.html>, <https://www.rfc-editor.org/rfc/rfc9309>
pub(crate) fn files<'a>(edition: &Edition<'_>, paths: impl Iterator<Item = &'a String>) -> Vec<(String, File)> {
    let folders = paths.filter_map(|path| path.strip_suffix("index.html"));
    let sitemap = html! {
        (PreEscaped(r#"<?xml version="1.0" encoding="UTF-8"?>"#))
        urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" {
            @for folder in folders {
                url { loc { (edition.page.url) "/" (folder) } }
            }
        }
    };
    let robots = format!("User-agent: *\nAllow: /\nSitemap: {}/sitemap.xml\n", edition.page.url);
    let file = |name: &str, media_type, text| (name.to_owned(), File::new(media_type, text));
    vec![
        file("sitemap.xml", "application/xml; charset=utf-8", sitemap.into_string()),
        file("robots.txt", "text/plain; charset=utf-8", robots),
    ]
}
