//! Who calls the API: the owner of a bearer token. Cookies are not looked at.

use super::error::ApiError;
use crate::guard;
use crate::tokens::Bearer;
use crate::web::Web;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use muster_core::ids::PersonId;
use muster_core::inbound::{Actor, Caller};
use muster_core::org::Right;
use std::sync::Arc;

/// The token that a request presents.
pub(crate) fn presented(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// The owner of the token; what they may do is core's to say.
pub(crate) struct Owner(pub(crate) PersonId);

impl FromRequestParts<Arc<Web>> for Owner {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, web: &Arc<Web>) -> Result<Self, ApiError> {
        let token = presented(&parts.headers).ok_or_else(ApiError::no_token)?;
        match web.bearer(token, guard::peer(&parts.extensions)).await? {
            Bearer::Person(person) => Ok(Self(person)),
            Bearer::Nobody => Err(ApiError::no_token()),
            Bearer::Later => Err(ApiError::too_many_failures()),
        }
    }
}

/// The owner of the token, who may look.
pub(crate) struct Reader(pub(crate) Actor);

impl FromRequestParts<Arc<Web>> for Reader {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, web: &Arc<Web>) -> Result<Self, ApiError> {
        let Owner(person) = Owner::from_request_parts(parts, web).await?;
        let actor = web.muster.identify(&Caller::Person(person)).await?;
        if actor.right < Right::View {
            return Err(ApiError::no_access());
        }
        Ok(Self(actor))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn token(value: &'static str) -> Option<String> {
        let headers = HeaderMap::from_iter([(header::AUTHORIZATION, HeaderValue::from_static(value))]);
        presented(&headers).map(str::to_owned)
    }

    #[test]
    fn only_a_bearer_token_is_a_token() {
        assert_eq!(token("Bearer mst_x").as_deref(), Some("mst_x"));
        assert_eq!(token("bearer  mst_x ").as_deref(), Some("mst_x"));
        for other in ["Basic mst_x", "mst_x", "Bearer", ""] {
            assert_eq!(token(other), None, "{other}");
        }
    }
}
