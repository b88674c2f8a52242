//! The token endpoint (RFC 6749 §3.2): a code, a refresh token, or nothing at all
//! for the local account (`client_credentials`, which scripts use).

use std::collections::BTreeMap;

use mcpengine_identity::{Algorithm, issue};
use serde_json::{Value, json};
use worker::{Request, Response};

use super::{Account, CLIENT_ID, ISSUER, grant, private_key};
use crate::app::App;
use crate::auth::signature;
use crate::clock;
use crate::error::ApiError;
use crate::http::{json_response, read_body};

const BODY_LIMIT: usize = 16 << 10;
/// Of a browser's token; it is renewed before its end.
const SESSION_SECS: u64 = 10 * 60;
/// Of the development token: as long as a day of work.
const DEVELOPMENT_SECS: u64 = 12 * 60 * 60;

/// The fields of a form; of a doubled one the first.
pub(super) async fn read_form(request: &mut Request) -> Result<BTreeMap<String, String>, ApiError> {
    let body = read_body(request, BODY_LIMIT).await?;
    let mut fields = BTreeMap::new();
    for (name, value) in url::form_urlencoded::parse(&body) {
        fields
            .entry(name.into_owned())
            .or_insert_with(|| value.into_owned());
    }
    Ok(fields)
}

/// The error of RFC 6749 §5.2, in its own form.
struct Refusal(&'static str, &'static str);

pub(super) async fn answer(app: &App, request: &mut Request) -> Result<Response, ApiError> {
    let form = read_form(request).await?;
    match granted(app, &form)? {
        Ok(granted) => json_response(200, &tokens(app, &granted).await?),
        Err(Refusal(error, description)) => {
            let body = json!({ "error": error, "error_description": description });
            json_response(400, &body)
        }
    }
}

/// What is to be issued.
struct Granted {
    account: Account,
    nonce: Option<String>,
    seconds: u64,
    refreshable: bool,
}

fn granted(
    app: &App,
    form: &BTreeMap<String, String>,
) -> Result<Result<Granted, Refusal>, ApiError> {
    let field = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
    let client = field("client_id");
    let session = |account, nonce| Granted {
        account,
        nonce,
        seconds: SESSION_SECS,
        refreshable: true,
    };
    Ok(match field("grant_type") {
        "client_credentials" if client.is_empty() || client == CLIENT_ID => Ok(Granted {
            account: Account::local(),
            nonce: None,
            seconds: DEVELOPMENT_SECS,
            refreshable: false,
        }),
        _ if client != CLIENT_ID => Err(Refusal("invalid_client", "There is no such client")),
        "authorization_code" => {
            let grant = grant::open_from(app, field("code"), true)?;
            let code = grant.as_ref().and_then(|grant| grant.code.clone());
            match (grant, code) {
                (Some(grant), Some(code))
                    if code.redirect_uri == field("redirect_uri")
                        && issue::verifies(field("code_verifier"), &code.challenge) =>
                {
                    Ok(session(grant.account(), code.nonce))
                }
                _ => Err(Refusal("invalid_grant", "The code is not valid (any more)")),
            }
        }
        "refresh_token" => match grant::open_from(app, field("refresh_token"), false)? {
            Some(grant) => Ok(session(grant.account(), None)),
            None => Err(Refusal(
                "invalid_grant",
                "The refresh token is not valid (any more)",
            )),
        },
        _ => Err(Refusal(
            "unsupported_grant_type",
            "There is no such grant type",
        )),
    })
}

async fn tokens(app: &App, granted: &Granted) -> Result<Value, ApiError> {
    let now = clock::now_millis() / 1_000;
    let account = &granted.account;
    let mut claims = json!({
        "iss": ISSUER, "sub": account.subject, "azp": CLIENT_ID, "aud": CLIENT_ID,
        "iat": now, "nbf": now, "exp": now + granted.seconds, "jti": clock::new_id()?,
        "name": account.name, "email": account.email(),
    });
    let access = sign(app, &claims).await?;
    let mut answer = json!({
        "access_token": access, "token_type": "Bearer", "expires_in": granted.seconds,
        "scope": "openid profile email offline_access",
    });
    if let (true, Some(answer), Some(claims)) = (
        granted.refreshable,
        answer.as_object_mut(),
        claims.as_object_mut(),
    ) {
        if let Some(nonce) = &granted.nonce {
            claims.insert("nonce".to_owned(), nonce.clone().into());
        }
        let id_token = sign(app, &claims.clone().into()).await?;
        answer.insert("id_token".to_owned(), id_token.into());
        let refresh = grant::seal_for(app, account, None)?;
        answer.insert("refresh_token".to_owned(), refresh.into());
    }
    Ok(answer)
}

async fn sign(app: &App, claims: &Value) -> Result<String, ApiError> {
    let key = private_key(app)?;
    let key_id = key.get("kid").and_then(Value::as_str).unwrap_or_default();
    let input = issue::signing_input("JWT", Algorithm::Es256, key_id, claims)?;
    let signature = signature::sign(&key, &input).await.map_err(|error| {
        ApiError::misconfigured(format!("DEV_ISSUER_KEY signs nothing: {error:?}"))
    })?;
    Ok(issue::compact(&input, &signature))
}
