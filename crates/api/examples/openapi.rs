//! Prints the OpenAPI document of the studio's API; `cargo xtask bless` keeps
//! `docs/openapi.json` equal to it.

#![expect(clippy::print_stdout, reason = "its only purpose")]

fn main() -> Result<(), serde_json::Error> {
    print!("{}", mcpengine_api::document_json()?);
    Ok(())
}
