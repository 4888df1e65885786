//! A host that holds files and knows nothing else: what is exported has to work there.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use muster_statuspage::File;
use std::collections::BTreeMap;
use std::sync::Arc;

type Files = Arc<BTreeMap<String, File>>;

/// Serves the files for as long as the test runs, and says where.
///
/// # Panics
/// When there is no port for it.
pub async fn serve(files: BTreeMap<String, File>) -> String {
    let router = Router::new().route("/", get(first)).route("/{*path}", get(file)).with_state(Arc::new(files));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("there is a port");
    let address = listener.local_addr().expect("it has an address");
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}")
}

async fn first(files: State<Files>) -> Response {
    file(files, Path("index.html".to_owned())).await
}

async fn file(State(files): State<Files>, Path(path): Path<String>) -> Response {
    match files.get(&path) {
        Some(file) => ([(header::CONTENT_TYPE, file.media_type)], file.bytes.clone()).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
