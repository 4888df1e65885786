//! The address of a request. What is filled in stays in its place: it is encoded, and can change neither scheme nor host nor
//! port, nor add or take away a segment of the path (RFC 3986, section 3).

use super::text::Origin;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use std::borrow::Cow;
use url::Url;

/// All but what RFC 3986 calls unreserved (section 2.3).
pub(super) const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Where in an address something stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Scheme, host and port.
    Origin,
    Path,
    Query,
}

/// Makes the address of its parts; the sentence says why there is none.
pub(super) fn address(parts: &[(Origin, Cow<'_, str>)]) -> Result<Url, String> {
    let mut whole = String::new();
    let mut filled = Vec::new();
    for (origin, text) in parts {
        match (origin, place(&whole)) {
            (Origin::Author, _) => whole.push_str(text),
            (Origin::Filled | Origin::Secret, Place::Origin) => {
                return Err(
                    "nothing may be filled in before the path of an address: neither scheme nor host nor port".into()
                );
            }
            (Origin::Filled | Origin::Secret, Place::Path | Place::Query) => {
                filled.push(whole.len());
                whole.extend(utf8_percent_encode(text, UNRESERVED));
            }
        }
    }
    check_segments(&whole, &filled)?;
    let url = Url::parse(&whole).map_err(|_| "its address is not a URL".to_owned())?;
    match url.scheme() {
        "http" | "https" => Ok(url),
        _ => Err("its address is neither an http nor an https URL".to_owned()),
    }
}

/// Where an address goes on.
fn place(so_far: &str) -> Place {
    let Some((_, after)) = so_far.split_once("://") else { return Place::Origin };
    match after.find(['/', '?', '#', '\\']) {
        None => Place::Origin,
        Some(_) if after.contains(['?', '#']) => Place::Query,
        Some(_) => Place::Path,
    }
}

/// No segment that was filled in may vanish, or make another vanish: one that is empty, `.` or `..`.
/// <https://url.spec.whatwg.org/#double-dot-path-segment>
fn check_segments(whole: &str, filled: &[usize]) -> Result<(), String> {
    let path_end = whole.find(['?', '#']).unwrap_or(whole.len());
    for &at in filled.iter().filter(|&&at| at <= path_end) {
        let start = whole[..at].rfind('/').map_or(0, |slash| slash + 1);
        let end = whole[at..path_end].find('/').map_or(path_end, |slash| at + slash);
        if matches!(whole[start..end].to_ascii_lowercase().replace("%2e", ".").as_str(), "" | "." | "..") {
            return Err("what is filled into the path of its address is empty, `.` or `..`".to_owned());
        }
    }
    Ok(())
}
