//! The style sheet, the script and the icon: in the binary, under names that change with their content, so that
//! browsers keep them for ever and never show an old one.

use axum::Router;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

const STYLE: &str = concat!(
    include_str!("assets/css/1-tokens.css"),
    include_str!("assets/css/2-base.css"),
    include_str!("assets/css/3-parts.css"),
    include_str!("assets/css/3-menus.css"),
    include_str!("assets/css/4-page.css"),
    include_str!("assets/css/5-forms.css"),
    include_str!("assets/css/6-board.css"),
    include_str!("assets/css/7-room.css"),
    include_str!("assets/css/8-feed.css"),
    include_str!("assets/css/8-dock.css"),
    include_str!("assets/css/9-room-phone.css"),
);

/// One scope for all files, none of its names visible to the page.
const SCRIPT: &str = concat!(
    "(() => {\n\"use strict\";\n",
    include_str!("assets/js/1-times.js"),
    include_str!("assets/js/2-morph.js"),
    include_str!("assets/js/3-send.js"),
    include_str!("assets/js/4-live.js"),
    include_str!("assets/js/5-command.js"),
    include_str!("assets/js/6-keys.js"),
    "})();\n",
);

const ICON: &str = include_str!("assets/icon.svg");

/// A file served for ever under its name.
struct Asset {
    name: String,
    kind: &'static str,
    body: &'static str,
}

static ASSETS: LazyLock<[Asset; 3]> = LazyLock::new(|| {
    let asset = |stem: &str, ending: &str, kind, body: &'static str| {
        let digest = Sha256::digest(body.as_bytes());
        let mark: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        Asset { name: format!("{stem}-{mark}.{ending}"), kind, body }
    };
    [
        asset("muster", "css", "text/css; charset=utf-8", STYLE),
        asset("muster", "js", "text/javascript; charset=utf-8", SCRIPT),
        asset("icon", "svg", "image/svg+xml", ICON),
    ]
});

/// Where the style sheet is.
pub(crate) fn style() -> String {
    format!("/assets/{}", ASSETS[0].name)
}

/// Where the script is.
pub(crate) fn script() -> String {
    format!("/assets/{}", ASSETS[1].name)
}

/// Where the icon is.
pub(crate) fn icon() -> String {
    format!("/assets/{}", ASSETS[2].name)
}

pub(crate) fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/assets/{name}", get(serve)).route("/favicon.ico", get(favicon))
}

async fn serve(Path(name): Path<String>) -> Response {
    match ASSETS.iter().find(|asset| asset.name == name) {
        Some(asset) => serve_asset(asset),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn favicon() -> Response {
    ([(header::CONTENT_TYPE, "image/svg+xml"), (header::CACHE_CONTROL, "public, max-age=86400")], ICON).into_response()
}

fn serve_asset(asset: &'static Asset) -> Response {
    let headers = [(header::CONTENT_TYPE, asset.kind), (header::CACHE_CONTROL, "public, max-age=31536000, immutable")];
    (headers, asset.body).into_response()
}
