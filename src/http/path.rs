//! Where a path leads, parsed and allowed: a handler that holds one of these may do what it says.
//!
//! Routes match the encoded path; each segment is decoded afterwards, so that `/` and `:` may occur in session ids.

use std::marker::PhantomData;

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;

use super::app::App;
use super::auth::Caller;
use super::error::Failure;
use crate::engine::{Access, ProfileAddress, Scope};
use crate::error::{Error, Result};
use crate::model::{AccountId, MemoryId, NamespaceName, ProfileName, SessionId, Ulid};

/// What a call needs of its token.
pub(super) trait Needs: Send {
    const SCOPE: Scope;
}

/// The call changes nothing.
pub(super) struct Reads;
/// The call changes something.
pub(super) struct Writes;

impl Needs for Reads {
    const SCOPE: Scope = Scope::Read;
}
impl Needs for Writes {
    const SCOPE: Scope = Scope::Write;
}

/// A call on an account as a whole.
pub(super) struct InAccount<N> {
    pub(super) account: AccountId,
    needs: PhantomData<N>,
}
/// A call on one namespace.
pub(super) struct InNamespace<N> {
    pub(super) account: AccountId,
    pub(super) namespace: NamespaceName,
    needs: PhantomData<N>,
}
/// A call on one profile.
pub(super) struct InProfile<N> {
    pub(super) at: ProfileAddress,
    needs: PhantomData<N>,
}
/// A call that needs everything that can be granted.
pub(super) struct Everything;
/// The token that the path names.
pub(super) struct TheToken(pub(super) Ulid);
/// The namespace that the path names, for calls that need the whole account's rights on it.
pub(super) struct TheNamespace(pub(super) NamespaceName);
/// The memory that the path names.
pub(super) struct TheMemory(pub(super) MemoryId);
/// The session that the path names.
pub(super) struct TheSession(pub(super) SessionId);

impl<N: Needs> FromRequestParts<App> for InAccount<N> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        let account = AccountId::parse(&Segments::of(parts, app).await?.get("account_id"))?;
        Caller::from_request_parts(parts, app).await?.may(Access::Account(&account, N::SCOPE))?;
        Ok(Self { account, needs: PhantomData })
    }
}

impl<N: Needs> FromRequestParts<App> for InNamespace<N> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        let segments = Segments::of(parts, app).await?;
        let account = AccountId::parse(&segments.get("account_id"))?;
        let namespace = NamespaceName::parse(&segments.get("namespace"))?;
        Caller::from_request_parts(parts, app).await?.may(Access::Namespace(&account, &namespace, N::SCOPE))?;
        Ok(Self { account, namespace, needs: PhantomData })
    }
}

impl<N: Needs> FromRequestParts<App> for InProfile<N> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        let InNamespace { account, namespace, needs } = InNamespace::<N>::from_request_parts(parts, app).await?;
        let profile = ProfileName::parse(&Segments::of(parts, app).await?.get("profile"))?;
        Ok(Self { at: ProfileAddress { account, namespace, profile }, needs })
    }
}

impl FromRequestParts<App> for Everything {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        Caller::from_request_parts(parts, app).await?.may(Access::Everything)?;
        Ok(Self)
    }
}

impl FromRequestParts<App> for TheToken {
    type Rejection = Failure;

    /// A malformed id names no token, like a malformed id of a memory.
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        let text = Segments::of(parts, app).await?.get("token_id");
        Ok(Self(Ulid::parse(&text).unwrap_or(Ulid::from_bits(0))))
    }
}

impl FromRequestParts<App> for TheNamespace {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        Ok(Self(NamespaceName::parse(&Segments::of(parts, app).await?.get("namespace"))?))
    }
}

impl FromRequestParts<App> for TheMemory {
    type Rejection = Failure;

    /// A malformed id names no memory: it becomes the zero id, which none has, so that a missing namespace or profile is
    /// still what the caller hears of first.
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        let text = Segments::of(parts, app).await?.get("memory_id");
        Ok(Self(MemoryId::parse(&text).unwrap_or(MemoryId::from_bits(0))))
    }
}

impl FromRequestParts<App> for TheSession {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        let text = Segments::of(parts, app).await?.get("session_id");
        Ok(Self(session("/session_id", &text)?))
    }
}

/// A session id from the part of a request that `pointer` names.
pub(super) fn session(pointer: &'static str, text: &str) -> Result<SessionId> {
    SessionId::parse(text).map_err(|error| Error::invalid(pointer, error.message().to_owned()))
}

/// A path's segments, decoded.
struct Segments(RawPathParams);

impl Segments {
    /// # Errors
    /// `InvalidInput` when the path is not encoded right; an empty segment, which routes would match, leads nowhere.
    async fn of(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        let decoded = RawPathParams::from_request_parts(parts, app).await.ok();
        let Some(segments) = decoded.filter(|_| is_well_encoded(parts.uri.path())) else {
            return Err(Error::invalid("/path", "path is not percent-encoded UTF-8").into());
        };
        if segments.iter().any(|(_, value)| value.is_empty()) {
            return Err(Failure::EndpointUnknown);
        }
        Ok(Self(segments))
    }

    /// The segment that the route calls `name`; empty when the route has none, which no parser accepts.
    fn get(&self, name: &str) -> String {
        self.0.iter().find(|(key, _)| *key == name).map_or_else(String::new, |(_, value)| value.to_owned())
    }
}

/// Whether two hexadecimal digits follow every percent sign. (Decoding alone would let others stand as they are.)
fn is_well_encoded(path: &str) -> bool {
    path.split('%').skip(1).all(|rest| rest.bytes().take(2).filter(u8::is_ascii_hexdigit).count() == 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percent_signs_must_encode() {
        for good in ["", "/a", "/a%2Fb", "/%25", "/%e2%82%ac"] {
            assert!(is_well_encoded(good), "{good}");
        }
        for bad in ["/%", "/%2", "/%zz", "/%2Fx%", "/%%20", "/100%/x"] {
            assert!(!is_well_encoded(bad), "{bad}");
        }
    }
}
