//! One HTTP exchange with a server: address, token, envelope, errors.

use std::io::Read;
use std::time::Duration;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use ureq::http::{Request, Response, Uri};
use ureq::tls::TlsConfig;
use ureq::{Agent, Body};

use super::trust::trusted;
use crate::error::{Error, ErrorKind, Result};

/// Bytes of an answer: 500 memories with sources stay far below.
const ANSWER_BYTES: u64 = 64 << 20;
/// An ingest of 500 long messages on a small machine takes minutes.
const ANSWER_TIME: Duration = Duration::from_mins(10);
const CONNECT_TIME: Duration = Duration::from_secs(10);
/// How often a busy server is asked again, and how long at most between two times.
const ATTEMPTS: u32 = 5;
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// Everything but letters, digits, `-` and `_` is encoded: a session may be called `..` or `a/b`.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_');

/// Text as one segment of a path or one value of a query.
pub(super) fn segment(text: &str) -> String {
    utf8_percent_encode(text, SEGMENT).to_string()
}

/// What the server at `url` streams at `path`.
pub(crate) fn stream(url: &str, token: Option<String>, path: &str) -> Result<impl Read + use<>> {
    Transport::new(url, token)?.stream(path)
}

#[derive(Clone, Copy)]
pub(super) enum Method {
    Get,
    Post,
    Delete,
}

/// A server's address and what it takes to talk to it.
pub(crate) struct Transport {
    agent: Agent,
    origin: String,
    token: Option<String>,
}

impl Transport {
    pub(super) fn new(url: &str, token: Option<String>) -> Result<Self> {
        let origin = origin(url)?;
        let tls = if origin.starts_with("https:") { trusted()? } else { TlsConfig::default() };
        let config = Agent::config_builder()
            .tls_config(tls)
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None)
            .timeout_connect(Some(CONNECT_TIME))
            .timeout_recv_response(Some(ANSWER_TIME))
            .user_agent(concat!("mnemon/", env!("CARGO_PKG_VERSION")))
            .build();
        Ok(Self { agent: config.into(), origin, token })
    }

    /// Sends a request, again while the server is busy.
    pub(super) fn call(&self, method: Method, path: &str, body: Option<&[u8]>) -> Result<Answer> {
        let mut attempt = 1;
        loop {
            let response = self.exchange(method, path, body)?;
            let busy = matches!(response.status().as_u16(), 429 | 503);
            if !busy || attempt == ATTEMPTS {
                return self.understand(response);
            }
            std::thread::sleep(wait(&response, attempt));
            attempt += 1;
        }
    }

    fn exchange(&self, method: Method, path: &str, body: Option<&[u8]>) -> Result<Response<Body>> {
        let method = match method {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Delete => "DELETE",
        };
        let mut request = Request::builder().method(method).uri(format!("{}{path}", self.origin));
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let sent = match body {
            Some(body) => {
                request.header("content-type", "application/json").body(body).map(|request| self.agent.run(request))
            }
            None => request.body(()).map(|request| self.agent.run(request)),
        };
        sent.map_err(|e| Error::invalid("/url", format!("cannot be asked for: {e}")))?.map_err(|e| self.unreachable(&e))
    }

    /// What the server streams at `path`. It may break off: whoever reads must know what a whole one is.
    fn stream(&self, path: &str) -> Result<impl Read + use<>> {
        let response = self.exchange(Method::Get, path, None)?;
        if response.status().is_success() {
            return Ok(response.into_body().into_reader());
        }
        match self.understand(response) {
            Err(error) => Err(error),
            Ok(_) => Err(self.not_mnemon(200)),
        }
    }

    fn understand(&self, mut response: Response<Body>) -> Result<Answer> {
        let status = response.status().as_u16();
        let bytes =
            response.body_mut().with_config().limit(ANSWER_BYTES).read_to_vec().map_err(|e| self.unreachable(&e))?;
        let envelope: Envelope = serde_json::from_slice(&bytes).map_err(|_| self.not_mnemon(status))?;
        if envelope.success {
            return Ok(Answer(envelope));
        }
        Err(envelope.errors.into_iter().next().map_or_else(|| self.not_mnemon(status), WireError::into_error))
    }

    fn unreachable(&self, error: &ureq::Error) -> Error {
        let why = match error {
            ureq::Error::Io(io) => io.to_string(),
            other => other.to_string(),
        };
        Error::new(
            ErrorKind::Io,
            format!("no answer from {}: {}; is a server running there?", self.origin, why.to_lowercase()),
        )
    }

    fn not_mnemon(&self, status: u16) -> Error {
        let message =
            format!("{} answered with status {status} and not as Mnemon does; is it the right address?", self.origin);
        Error::new(ErrorKind::Io, message)
    }
}

/// A successful answer.
pub(super) struct Answer(Envelope);

impl Answer {
    /// Where the list goes on.
    pub(super) fn cursor(&self) -> Option<String> {
        self.0.result_info.as_ref()?.cursor.clone()
    }

    /// What was asked for.
    pub(super) fn result<T: DeserializeOwned>(self) -> Result<T> {
        serde_json::from_value(self.0.result)
            // The cause may quote memory text: only its class is told.
            .map_err(|_| Error::new(ErrorKind::Io, "the server's answer has another shape than this version expects"))
    }
}

#[derive(Deserialize)]
struct Envelope {
    #[serde(default)]
    result: Value,
    success: bool,
    #[serde(default)]
    errors: Vec<WireError>,
    result_info: Option<ResultInfo>,
}

#[derive(Deserialize)]
struct ResultInfo {
    cursor: Option<String>,
}

#[derive(Deserialize)]
struct WireError {
    code: u32,
    message: String,
    source: Option<WireSource>,
}

#[derive(Deserialize)]
struct WireSource {
    pointer: Option<String>,
}

impl WireError {
    fn into_error(self) -> Error {
        let kind = match self.code {
            10000 => ErrorKind::Unauthenticated,
            10001 => ErrorKind::InvalidInput,
            10002 => ErrorKind::InvalidName,
            10008 => ErrorKind::NamespaceExists,
            10011 => ErrorKind::TooLarge,
            10012 => ErrorKind::Busy,
            10013 => ErrorKind::Forbidden,
            10507 => ErrorKind::NoSpace,
            1003 => ErrorKind::NamespaceNotFound,
            1004 => ErrorKind::ProfileNotFound,
            1005 => ErrorKind::MemoryNotFound,
            1006 => ErrorKind::TokenNotFound,
            // 10003, a route it does not know, and 10500, its own fault, need no more than their words.
            _ => ErrorKind::Io,
        };
        match self.source.and_then(|source| source.pointer) {
            Some(pointer) if kind == ErrorKind::InvalidInput => Error::invalid(pointer, self.message),
            _ => Error::new(kind, self.message),
        }
    }
}

fn wait(response: &Response<Body>, attempt: u32) -> Duration {
    let asked = response.headers().get("retry-after").and_then(|value| value.to_str().ok()?.parse().ok());
    asked.map_or(Duration::from_secs(u64::from(attempt)), Duration::from_secs).min(LONGEST_WAIT)
}

/// `scheme://host:port` of a server's address, which has no more than that.
fn origin(url: &str) -> Result<String> {
    let invalid = |why: &str| Err(Error::new(ErrorKind::InvalidInput, format!("`--url {url}` {why}")));
    let Ok(uri) = url.parse::<Uri>() else {
        return invalid("is not an address such as `http://127.0.0.1:8787`");
    };
    match (uri.scheme_str(), uri.authority()) {
        (Some(scheme @ ("http" | "https")), Some(authority)) if !authority.as_str().contains('@') => match uri.path() {
            "" | "/" if uri.query().is_none() => Ok(format!("{scheme}://{authority}")),
            _ => invalid("has more than host and port: account, namespace and profile are options of their own"),
        },
        _ => invalid("is not an address such as `http://127.0.0.1:8787`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_host_and_port() {
        for (url, wanted) in [
            ("http://127.0.0.1:8787", "http://127.0.0.1:8787"),
            ("http://memory.internal/", "http://memory.internal"),
            ("http://[::1]:8787", "http://[::1]:8787"),
            ("https://memory.example/", "https://memory.example"),
        ] {
            assert_eq!(origin(url).unwrap(), wanted);
        }
        for bad in
            ["127.0.0.1:8787", "localhost", "ftp://a", "http://", "http://u:p@a", "http://a/client/v4", "http://a?b"]
        {
            assert!(origin(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_session_is_one_segment_whatever_its_name() {
        for (session, wanted) in [("s-1_a", "s-1_a"), ("a/b:c", "a%2Fb%3Ac"), ("..", "%2E%2E"), ("ä b", "%C3%A4%20b")]
        {
            assert_eq!(segment(session), wanted);
        }
    }

    #[test]
    fn an_error_of_the_server_keeps_its_kind() {
        let error: WireError = serde_json::from_str(r#"{"code": 1004, "message": "profile not found"}"#).unwrap();
        assert_eq!(error.into_error().kind(), ErrorKind::ProfileNotFound);
    }
}
