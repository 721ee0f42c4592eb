//! The envelope around every answer.

use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

/// What is wrong with a request.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Problem {
    /// Names the kind of problem, for programs.
    pub(super) code: u32,
    /// Says what is wrong, the value or its size, and the limit.
    pub(super) message: String,
    /// Where in the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(super) source: Option<Source>,
}

impl Problem {
    /// A problem of the request as a whole.
    pub(super) fn new(code: u32, message: std::borrow::Cow<'static, str>) -> Self {
        Self { code, message: message.into_owned(), source: None }
    }
}

/// Where in a request something is wrong.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Source {
    /// A JSON pointer into the body, or `/` and the name of a query parameter or path segment.
    pub(super) pointer: String,
}

/// A warning beside a result.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Notice {
    /// Names the kind of warning, for programs.
    pub(super) code: u32,
    /// Says what was done otherwise than asked.
    pub(super) message: String,
}

/// Which part of a list this is.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ResultInfo {
    /// Rows of this page.
    pub(super) count: usize,
    /// Rows a page may have.
    pub(super) per_page: usize,
    /// Asks for the next page; left out on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(super) cursor: Option<String>,
}

/// A successful answer.
pub(super) struct Reply<T> {
    status: StatusCode,
    result: T,
    messages: Vec<Notice>,
    result_info: Option<ResultInfo>,
}

impl Reply<()> {
    /// `result: null`.
    pub(super) fn nothing() -> Self {
        Self::ok(())
    }
}

impl<T> Reply<T> {
    /// A result.
    pub(super) fn ok(result: T) -> Self {
        Self { status: StatusCode::OK, result, messages: Vec::new(), result_info: None }
    }

    /// The same result, of something that was not there before.
    pub(super) fn created(self) -> Self {
        Self { status: StatusCode::CREATED, ..self }
    }
}

impl<T> Reply<Vec<T>> {
    /// One page of a list.
    pub(super) fn page(rows: Vec<T>, per_page: usize, cursor: Option<String>) -> Self {
        let info = ResultInfo { count: rows.len(), per_page, cursor };
        Self { result_info: Some(info), ..Self::ok(rows) }
    }
}

#[derive(Serialize)]
struct Envelope<T> {
    result: T,
    success: bool,
    errors: Vec<Problem>,
    messages: Vec<Notice>,
    #[serde(skip_serializing_if = "Option::is_none")]
    result_info: Option<ResultInfo>,
}

impl<T: Serialize> IntoResponse for Reply<T> {
    fn into_response(self) -> Response {
        let Self { status, result, messages, result_info } = self;
        json(status, &Envelope { result, success: true, errors: Vec::new(), messages, result_info })
    }
}

/// The envelope of a failure.
pub(super) fn failed(status: StatusCode, problem: Problem) -> Response {
    let (errors, messages) = (vec![problem], Vec::new());
    json(status, &Envelope { result: (), success: false, errors, messages, result_info: None })
}

fn json(status: StatusCode, body: &impl Serialize) -> Response {
    // Our wire types are structs of text and finite numbers: they always print.
    let printed = serde_json::to_vec(body).unwrap_or_default();
    let mut response = Response::new(Body::from(printed));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
