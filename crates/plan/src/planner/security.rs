//! What is said where a document keeps silent about credentials.

use mcpengine_openapi::{ApiDescription, Diagnostic, Dialect, Severity};

use crate::Tool;

/// What the prose of an API says that wants a credential.
const TOLD: [&str; 6] = [
    "authorization header",
    "authorization:",
    "x-api-key",
    "api key",
    "api token",
    "bearer token",
];
/// Of that prose, what is looked at.
const MOST_PROSE: usize = 16 << 10;

/// A hint where no tool sends a credential although the API wants one: it answers 401
/// (RFC 9110 §15.5.2), or its description speaks of a key. Some answer 403 to who asks
/// too often.
pub(super) fn missing(api: &ApiDescription<'_>, tools: &[Tool]) -> Option<Diagnostic> {
    if tools.is_empty() || tools.iter().any(|tool| !tool.auth.is_empty()) {
        return None;
    }
    let refused = api.operations.iter().find(|operation| {
        let mut responses = operation.responses.iter();
        responses.any(|response| response.status == "401")
    });
    let because = match refused {
        Some(operation) => format!("`{}` may answer 401", super::key(operation)),
        None if tells(api.description) => "the API's description speaks of a key".to_owned(),
        None => return None,
    };
    let (pointer, known) = match (api.dialect, api.security_schemes.is_empty()) {
        (_, false) => (
            "",
            "no operation asks for a security scheme of the document",
        ),
        (Dialect::Swagger20, _) => ("/securityDefinitions", "the document defines no security"),
        (_, true) => (
            "/components/securitySchemes",
            "the document declares no security scheme",
        ),
    };
    Some(Diagnostic {
        code: "no-security",
        severity: Severity::Warning,
        pointer: pointer.to_owned(),
        message: format!("{known}, so the server sends no credential; {because}"),
        help: "Add security schemes and `security` to the document, or the credential in \
               src/custom.ts."
            .to_owned(),
    })
}

fn tells(description: Option<&str>) -> bool {
    let Some(prose) = description else {
        return false;
    };
    let head = prose.get(..prose.floor_char_boundary(MOST_PROSE));
    let head = head.unwrap_or(prose).to_ascii_lowercase();
    TOLD.iter().any(|told| head.contains(told))
}
