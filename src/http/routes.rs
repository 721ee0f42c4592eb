//! What there is: every route with its documentation, from one place, and what stands around all of them.

use std::any::Any;
use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::Method;
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use tower_http::catch_panic::CatchPanicLayer;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::app::{ApiOptions, App};
use super::error::Failure;
use super::operations::{admin, conversation, memories, namespaces, profiles, server, tokens};
use super::{auth, observe, openapi};
use crate::engine::Engine;

/// Where the account's routes are.
pub(super) const BASE: &str = "/client/v4/accounts/{account_id}/agent-memory";

/// The whole API over `engine`, without a socket.
pub fn router(engine: Arc<Engine>, options: ApiOptions) -> Router {
    let (routes, document) = described();
    let app = App::new(engine, options, openapi::print(&document));
    // From the inside out: what is written last sees a request first.
    routes
        .fallback(unknown)
        .method_not_allowed_fallback(unknown)
        .layer(from_fn(without_head))
        .layer(from_fn_with_state(app.clone(), auth::authenticate))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(app.clone(), observe::observe))
        .with_state(app)
}

/// Every route, and the document that describes them.
pub(super) fn described() -> (Router<App>, OpenApi) {
    let account = OpenApiRouter::new()
        .routes(routes!(namespaces::list, namespaces::create))
        .routes(routes!(namespaces::get, namespaces::delete))
        .routes(routes!(profiles::list))
        .routes(routes!(profiles::delete))
        .routes(routes!(conversation::ingest))
        .routes(routes!(conversation::remember))
        .routes(routes!(conversation::recall))
        .routes(routes!(memories::list))
        .routes(routes!(memories::get, memories::delete))
        .routes(routes!(conversation::delete_session))
        .routes(routes!(conversation::summarise));
    let (routes, document) = OpenApiRouter::with_openapi(openapi::skeleton())
        .nest(BASE, account)
        .routes(routes!(server::health))
        .routes(routes!(server::ready))
        .routes(routes!(server::openapi))
        .routes(routes!(server::metrics))
        .routes(routes!(admin::backup))
        .routes(routes!(admin::export))
        .routes(routes!(tokens::list, tokens::create))
        .routes(routes!(tokens::revoke))
        .split_for_parts();
    (routes, openapi::finish(document))
}

async fn unknown() -> Failure {
    Failure::EndpointUnknown
}

/// GET routes would answer HEAD too, which the contract calls unknown.
async fn without_head(request: Request, next: Next) -> Response {
    match *request.method() {
        Method::HEAD => Failure::EndpointUnknown.into_response(),
        _ => next.run(request).await,
    }
}

/// The panic's own words went to the panic hook; they are nobody else's.
fn panicked(_: Box<dyn Any + Send>) -> axum::http::Response<axum::body::Body> {
    Failure::Panicked.into_response()
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};
    use axum::routing::get;
    use tower::ServiceExt;

    use super::*;

    async fn panics() -> Failure {
        panic!("with somebody's words")
    }

    #[tokio::test]
    async fn a_panicking_handler_answers_the_envelope() {
        let routes: Router = Router::new().route("/", get(panics)).layer(CatchPanicLayer::custom(panicked));
        let response = routes.oneshot(Request::new(Body::empty())).await.unwrap();
        assert_eq!(response.status().as_u16(), 500);
        let body: serde_json::Value =
            serde_json::from_slice(&to_bytes(response.into_body(), 10_000).await.unwrap()).unwrap();
        assert_eq!(body["errors"][0]["code"], 10500);
        assert!(!body.to_string().contains("words"));
    }
}
