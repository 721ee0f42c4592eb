//! From what went wrong to what the caller is told: status, code and words, in one exhaustive table.

use std::borrow::Cow;
use std::time::Duration;

use axum::http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use super::envelope::{self, Problem, Source};
use super::observe;
use crate::error::{Error, ErrorKind};

/// Why a request was not answered with a result.
#[derive(Debug)]
pub(super) enum Failure {
    /// No such path, or not with that method.
    EndpointUnknown,
    /// The call waited too long for its turn.
    Overloaded {
        /// How long.
        waited: Duration,
    },
    /// The caller calls too often.
    TooOften {
        /// What is limited, and to what.
        message: String,
        /// When to come back.
        seconds: u64,
    },
    /// The handler itself panicked.
    Panicked,
    /// Input, permission, state or storage: what the engine or the parsing of the request said.
    Refused(Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Refused(error)
    }
}

/// Whose words the caller reads.
enum Words {
    /// The contract's.
    Fixed(&'static str),
    /// The error's own: they name the value and the limit.
    Own,
    /// None of ours: a request id finds the cause in the log.
    Hidden,
}

/// What a caller is told for each kind of error.
fn told(kind: ErrorKind) -> (StatusCode, u32, Words) {
    use Words::{Fixed, Hidden, Own};
    match kind {
        ErrorKind::InvalidInput => (StatusCode::BAD_REQUEST, 10001, Own),
        ErrorKind::InvalidName => (StatusCode::BAD_REQUEST, 10002, Own),
        ErrorKind::Unauthenticated => (StatusCode::UNAUTHORIZED, 10000, Fixed("Authentication error")),
        ErrorKind::Forbidden => (StatusCode::FORBIDDEN, 10013, Own),
        ErrorKind::NamespaceNotFound => (StatusCode::NOT_FOUND, 1003, Fixed("namespace not found")),
        ErrorKind::ProfileNotFound => (StatusCode::NOT_FOUND, 1004, Fixed("profile not found")),
        ErrorKind::MemoryNotFound => (StatusCode::NOT_FOUND, 1005, Fixed("memory not found")),
        ErrorKind::TokenNotFound => (StatusCode::NOT_FOUND, 1006, Fixed("token not found")),
        ErrorKind::NamespaceExists => (StatusCode::CONFLICT, 10008, Fixed("Namespace name already exists")),
        ErrorKind::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, 10011, Own),
        ErrorKind::Busy | ErrorKind::Conflict => (StatusCode::TOO_MANY_REQUESTS, 10012, Own),
        ErrorKind::Poisoned => (
            StatusCode::SERVICE_UNAVAILABLE,
            10012,
            Fixed("storage failed: nothing more is written until the server is restarted"),
        ),
        ErrorKind::NoSpace => {
            (StatusCode::INSUFFICIENT_STORAGE, 10507, Fixed("no space left on the disk: nothing was written"))
        }
        ErrorKind::InUse
        | ErrorKind::OtherModel
        | ErrorKind::NewerFormat
        | ErrorKind::Damaged
        | ErrorKind::AssetsMissing
        | ErrorKind::Io
        | ErrorKind::Internal => (StatusCode::INTERNAL_SERVER_ERROR, 10500, Hidden),
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        match self {
            Self::EndpointUnknown => {
                respond(StatusCode::NOT_FOUND, Problem::new(10003, Cow::Borrowed("Endpoint is unknown")))
            }
            Self::Overloaded { waited } => {
                let message = format!("busy: no turn came within {} s", waited.as_secs());
                respond(StatusCode::SERVICE_UNAVAILABLE, Problem::new(10012, message.into()))
            }
            Self::TooOften { message, seconds } => {
                let mut response = respond(StatusCode::TOO_MANY_REQUESTS, Problem::new(10012, message.into()));
                response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
                response
            }
            Self::Panicked => {
                tracing::error!(request = %observe::request_id(), "a handler panicked");
                respond(StatusCode::INTERNAL_SERVER_ERROR, Problem::new(10500, hidden()))
            }
            Self::Refused(error) => refuse(&error),
        }
    }
}

fn refuse(error: &Error) -> Response {
    let (status, code, words) = told(error.kind());
    if status.is_server_error() {
        tracing::error!(request = %observe::request_id(), ?error, "request failed");
    }
    let message = match words {
        Words::Fixed(text) => Cow::Borrowed(text),
        Words::Own => Cow::Owned(error.message().to_owned()),
        Words::Hidden => hidden(),
    };
    let source = error.pointer().map(|pointer| Source { pointer: pointer.to_owned() });
    respond(status, Problem { code, message: message.into_owned(), source })
}

fn hidden() -> Cow<'static, str> {
    format!("internal error; the log tells more at request {}", observe::request_id()).into()
}

fn respond(status: StatusCode, problem: Problem) -> Response {
    let mut response = envelope::failed(status, problem);
    let headers = response.headers_mut();
    match status {
        StatusCode::UNAUTHORIZED => {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        StatusCode::TOO_MANY_REQUESTS => {
            headers.insert(RETRY_AFTER, HeaderValue::from_static("1"));
        }
        StatusCode::SERVICE_UNAVAILABLE => {
            headers.insert(RETRY_AFTER, HeaderValue::from_static("10"));
        }
        _ => {}
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_map_as_the_contract_says() {
        for (kind, status, code) in [
            (ErrorKind::InvalidInput, 400, 10001),
            (ErrorKind::InvalidName, 400, 10002),
            (ErrorKind::Unauthenticated, 401, 10000),
            (ErrorKind::Forbidden, 403, 10013),
            (ErrorKind::NamespaceNotFound, 404, 1003),
            (ErrorKind::ProfileNotFound, 404, 1004),
            (ErrorKind::MemoryNotFound, 404, 1005),
            (ErrorKind::NamespaceExists, 409, 10008),
            (ErrorKind::TooLarge, 413, 10011),
            (ErrorKind::Busy, 429, 10012),
            (ErrorKind::Poisoned, 503, 10012),
            (ErrorKind::Damaged, 500, 10500),
            (ErrorKind::Internal, 500, 10500),
            (ErrorKind::NoSpace, 507, 10507),
        ] {
            let (found_status, found_code, _) = told(kind);
            assert_eq!((found_status.as_u16(), found_code), (status, code), "{kind:?}");
        }
    }

    #[test]
    fn waiting_callers_are_told_when_to_come_back() {
        let busy = Failure::from(Error::new(ErrorKind::Busy, "busy")).into_response();
        assert_eq!(busy.headers()[RETRY_AFTER], "1");
        let overloaded = Failure::Overloaded { waited: Duration::from_secs(30) }.into_response();
        assert_eq!((overloaded.status().as_u16(), &overloaded.headers()[RETRY_AFTER]), (503, &"10".parse().unwrap()));
    }

    #[tokio::test]
    async fn internals_stay_in_the_log() {
        let cause = std::io::Error::other("/secret/path");
        let error = Error::new(ErrorKind::Io, "cannot read /secret/path").caused_by(cause);
        let body = axum::body::to_bytes(Failure::from(error).into_response().into_body(), 10_000).await.unwrap();
        assert!(!String::from_utf8_lossy(&body).contains("secret"));
    }
}
