use std::io::{self, IsTerminal};

use super::client::Client;
use super::credentials::Credentials;
use super::{Login, print, progress};
use crate::failure::Failure;

/// 1. The token from standard input; 2. the account that it is of, as the studio
///    says; 3. the file.
pub(super) fn run(arguments: &Login) -> Result<(), Failure> {
    let studio = arguments.studio.trim_end_matches('/').to_owned();
    if io::stdin().is_terminal() {
        progress(&format!(
            "Make a personal access token at {studio}/settings and paste it here:"
        ));
    }
    let mut token = String::new();
    let read = io::stdin().read_line(&mut token);
    let token = token.trim().to_owned();
    if read.is_err() || token.is_empty() {
        return Err(Failure::new(
            "no_token",
            "standard input has no token".to_owned(),
            "Paste the token, or pipe it in.",
        ));
    }
    let credentials = Credentials { studio, token };
    let account = Client::new(&credentials)?.get("/api/me")?;
    let path = credentials.save()?;
    let name = ["name", "email", "id"]
        .iter()
        .find_map(|field| account.get(field)?.as_str())
        .unwrap_or_default();
    let line = format!("Signed in to {} as {name}", credentials.studio);
    print(
        arguments.json,
        &account,
        &[line, format!("Kept in {}", path.display())],
    )
}
