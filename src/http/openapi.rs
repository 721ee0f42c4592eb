//! The API's description in `openapi.json`: collected from the handlers, then finished with what is the same everywhere —
//! the envelope, the token, the failures.

use std::collections::BTreeMap;

use axum::body::Bytes;
use utoipa::openapi::path::{Operation, Parameter, ParameterIn, PathItem};
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, SchemaType, Type};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{
    ComponentsBuilder, Content, InfoBuilder, OpenApi, OpenApiBuilder, Ref, RefOr, Response, ResponseBuilder, Schema,
};
use utoipa::{PartialSchema, ToSchema};

use super::envelope::{Notice, Problem, ResultInfo, Source};
use super::routes::{BASE, described};

const TOKEN: &str = "token";
/// What a namespace or a profile may be called.
const NAME: &str = "^[a-z0-9]([a-z0-9-]*[a-z0-9])?$";
const JSON: &str = "application/json";

/// The API's description, as `GET /openapi.json` prints it.
pub fn document() -> OpenApi {
    described().1
}

/// What is there before any route.
pub(super) fn skeleton() -> OpenApi {
    let license = utoipa::openapi::LicenseBuilder::new().name("MIT OR Apache-2.0").build();
    let info = InfoBuilder::new()
        .title("Mnemon")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some("Long-term memory for AI agents. Speaks the API of Cloudflare's Agent Memory."))
        .license(Some(license));
    let bearer = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
    let components = ComponentsBuilder::new()
        .security_scheme(TOKEN, bearer)
        .schema(Problem::name(), Problem::schema())
        .schema(Source::name(), Source::schema())
        .schema(Notice::name(), Notice::schema())
        .schema(ResultInfo::name(), ResultInfo::schema())
        .schema("Failure", failure());
    OpenApiBuilder::new().info(info.build()).components(Some(components.build())).build()
}

/// Puts the envelope around every result, and says where a token is needed and how calls fail.
pub(super) fn finish(mut document: OpenApi) -> OpenApi {
    for (path, item) in &mut document.paths.paths {
        for operation in operations(item) {
            for parameter in operation.parameters.iter_mut().flatten() {
                if let RefOr::T(parameter) = parameter {
                    constrain(parameter);
                }
            }
            if path.starts_with(BASE) {
                operation.security = Some(vec![SecurityRequirement::new(TOKEN, Vec::<String>::new())]);
            }
            if path.starts_with(BASE) || path.starts_with("/admin/tokens") || path.ends_with('z') {
                wrap(operation);
            }
            let failed = ResponseBuilder::new()
                .description("What is wrong, and where.")
                .content(JSON, Content::new(Some(Ref::from_schema_name("Failure"))));
            operation.responses.responses.insert("default".into(), failed.build().into());
        }
    }
    document
}

/// Says what a parameter may be, where every operation that takes it means the same.
fn constrain(parameter: &mut Parameter) {
    let text = || ObjectBuilder::new().schema_type(Type::String);
    let schema = match (parameter.name.as_str(), &parameter.parameter_in) {
        ("account_id", _) => text().max_length(Some(64)).pattern(Some("^[A-Za-z0-9_-]+$")),
        ("namespace", _) => text().max_length(Some(32)).pattern(Some(NAME)),
        ("profile", _) => text().max_length(Some(100)).pattern(Some(NAME)),
        ("session_id", ParameterIn::Path) => text().min_length(Some(1)).max_length(Some(64)),
        ("session_id", _) => text().max_length(Some(64)),
        _ => return,
    };
    parameter.schema = Some(schema.into());
}

/// The document as text.
pub(super) fn print(document: &OpenApi) -> Bytes {
    // A tree of text and numbers always prints.
    serde_json::to_vec(document).unwrap_or_default().into()
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.post, &mut item.delete].into_iter().flatten()
}

fn wrap(operation: &mut Operation) {
    let responses: &mut BTreeMap<_, _> = &mut operation.responses.responses;
    for response in responses.values_mut() {
        let RefOr::T(Response { content, .. }) = response else { continue };
        let result = match content.shift_remove(JSON) {
            Some(RefOr::T(content)) => content.schema,
            _ => None,
        };
        content.insert(JSON.to_owned(), Content::new(Some(envelope(result))).into());
    }
}

/// The envelope around a result; around null when there is none, with `result_info` when it is a list.
fn envelope(result: Option<RefOr<Schema>>) -> Schema {
    let is_list = matches!(result, Some(RefOr::T(Schema::Array(_))));
    let envelope = around(result.unwrap_or_else(|| null().into()));
    let listed = |envelope: ObjectBuilder| {
        envelope.property("result_info", Ref::from_schema_name(ResultInfo::name())).required("result_info")
    };
    if is_list { listed(envelope) } else { envelope }.into()
}

fn failure() -> Schema {
    around(null().into()).into()
}

fn around(result: RefOr<Schema>) -> ObjectBuilder {
    let array = |of: &str| ArrayBuilder::new().items(Ref::from_schema_name(of));
    ObjectBuilder::new()
        .property("result", result)
        .required("result")
        .property("success", ObjectBuilder::new().schema_type(Type::Boolean))
        .required("success")
        .property("errors", array(&Problem::name()))
        .required("errors")
        .property("messages", array(&Notice::name()))
        .required("messages")
}

fn null() -> Schema {
    ObjectBuilder::new().schema_type(SchemaType::Type(Type::Null)).into()
}
