//! Tokens, for whoever runs the server: made and revoked while it serves.

use axum::extract::State;

use crate::engine::Engine;
use crate::error::{Error, ErrorKind};
use crate::http::app::App;
use crate::http::body::Parsed;
use crate::http::envelope::Reply;
use crate::http::error::Failure;
use crate::http::path::{Everything, TheToken};
use crate::http::wire::{CreateToken, Token};

/// List all tokens, oldest first. Needs a token that may do everything.
#[utoipa::path(get, path = "/admin/tokens", operation_id = "listTokens", tag = "Server",
    responses((status = 200, description = "All tokens, without their secrets.", body = Vec<Token>)),
    security(("token" = [])))]
pub(in crate::http) async fn list(State(app): State<App>, _: Everything) -> Result<Reply<Vec<Token>>, Failure> {
    let tokens: Vec<Token> = app.read(Engine::tokens).await?.into_iter().map(Token::from).collect();
    let count = tokens.len();
    Ok(Reply::page(tokens, count, None))
}

/// Make a token. Needs a token that may do everything.
#[utoipa::path(post, path = "/admin/tokens", operation_id = "createToken", tag = "Server",
    request_body = CreateToken,
    responses((status = 201, description = "The token, with its secret, which is not kept.", body = Token)),
    security(("token" = [])))]
pub(in crate::http) async fn create(
    State(app): State<App>,
    _: Everything,
    body: Parsed<CreateToken>,
) -> Result<Reply<Token>, Failure> {
    let new = body.value.into();
    let (token, secret) = app.write(move |engine| engine.create_token(new)).await?;
    Ok(Reply::ok(Token::from(token).with_secret(&secret)).created())
}

/// Revoke a token: the next call with it is refused. Needs a token that may do everything.
#[utoipa::path(delete, path = "/admin/tokens/{token_id}", operation_id = "revokeToken", tag = "Server",
    params(("token_id" = String, Path, description = "The token's id.")),
    responses((status = 200, description = "It is no token any more.")),
    security(("token" = [])))]
pub(in crate::http) async fn revoke(
    State(app): State<App>,
    _: Everything,
    TheToken(id): TheToken,
) -> Result<Reply<()>, Failure> {
    let there = app.write(move |engine| engine.revoke_token(id)).await?;
    if there { Ok(Reply::nothing()) } else { Err(Error::new(ErrorKind::TokenNotFound, "token not found").into()) }
}
