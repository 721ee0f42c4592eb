//! Who calls: bearer tokens, checked before anything else is looked at.

use axum::extract::{FromRequestParts, Request, State};
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::Response;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::app::App;
use super::error::Failure;
use super::rates::Peer;
use crate::engine::{Access, Grant};
use crate::error::{Error, ErrorKind, Result};

/// Refuses a request without a valid token, on a known path or not, wherever one is needed; keeps the grant for the handler.
pub(super) async fn authenticate(
    State(app): State<App>,
    mut request: Request,
    next: Next,
) -> Result<Response, Failure> {
    let peer = request.extensions().get::<Peer>().copied();
    let path = request.uri().path();
    if !is_probe(path) {
        app.limiter.at_address(peer)?;
    }
    if needs_token(path) {
        let grant = grant_of(&app, peer, request.headers())?;
        request.extensions_mut().insert(grant);
    }
    Ok(next.run(request).await)
}

/// Routing is on the encoded path, so this is too: an encoded `/client` leads nowhere.
fn needs_token(path: &str) -> bool {
    path.starts_with("/client/v4/") || path.starts_with("/admin/") || path == "/metrics"
}

/// What orchestrators ask for, as often as they like.
fn is_probe(path: &str) -> bool {
    path == "/healthz" || path == "/readyz"
}

fn grant_of(app: &App, peer: Option<Peer>, headers: &HeaderMap) -> Result<Grant, Failure> {
    let secret = bearer(headers).ok_or_else(unauthenticated)?;
    let digest: [u8; 32] = Sha256::digest(secret.as_bytes()).into();
    app.limiter.before_login(peer, &digest)?;
    let Some(grant) = grant_for(app, secret, &digest)? else {
        app.limiter.failed_login(peer);
        return Err(unauthenticated().into());
    };
    app.limiter.with_token(&digest)?;
    Ok(grant)
}

fn grant_for(app: &App, secret: &str, digest: &[u8; 32]) -> Result<Option<Grant>> {
    if app.admin.is_some_and(|admin| bool::from(admin.ct_eq(digest))) {
        return Ok(Some(Grant::administrator()));
    }
    // A look-up of a few microseconds: handing it to another thread would cost more.
    app.engine.authenticate(secret)
}

/// The token of `Authorization: Bearer …`; the scheme in any case.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, secret) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let secret = secret.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !secret.is_empty()).then_some(secret)
}

fn unauthenticated() -> Error {
    Error::new(ErrorKind::Unauthenticated, "no token, or not a valid one")
}

/// What the caller may do.
pub(super) struct Caller(Grant);

impl Caller {
    /// # Errors
    /// `Forbidden` when the token is not enough for `access`.
    pub(super) fn may(&self, access: Access<'_>) -> Result<()> {
        if self.0.allows(access) {
            return Ok(());
        }
        Err(Error::new(ErrorKind::Forbidden, "the token may not do this"))
    }
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        // A route outside `needs_token` fails closed.
        Ok(Self(parts.extensions.get::<Grant>().cloned().ok_or_else(unauthenticated)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bearer_tokens_are_read_as_clients_send_them() {
        for (header, token) in [
            ("Bearer abc", Some("abc")),
            ("bearer abc", Some("abc")),
            ("BEARER  abc ", Some("abc")),
            ("Bearer", None),
            ("Bearer ", None),
            ("Basic abc", None),
            ("abc", None),
        ] {
            let headers = HeaderMap::from_iter([(AUTHORIZATION, header.parse().unwrap())]);
            assert_eq!(bearer(&headers), token, "{header:?}");
        }
        assert_eq!(bearer(&HeaderMap::new()), None);
    }

    #[test]
    fn only_the_account_paths_and_the_metrics_need_a_token() {
        for (path, needs) in [
            ("/client/v4/accounts/a/agent-memory/namespaces", true),
            ("/client/v4/nowhere", true),
            ("/metrics", true),
            ("/admin/backup", true),
            ("/admin/nowhere", true),
            ("/healthz", false),
            ("/%63lient/v4/accounts/a/agent-memory/namespaces", false),
        ] {
            assert_eq!(needs_token(path), needs, "{path}");
        }
    }
}
