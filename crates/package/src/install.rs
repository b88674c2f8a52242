//! What a person pastes to use a deployment. No text holds a secret: where one
//! belongs, a name in capitals stands for it.

use serde_json::{Value, json};

/// A text to paste.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snippet {
    /// What it is for.
    pub title: &'static str,
    pub language: Language,
    pub text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    Shell,
    Json,
}

/// Stands for an endpoint token.
const TOKEN: &str = "Authorization: Bearer YOUR_TOKEN";

/// For a server that answers at `endpoint`, under `name` in its clients.
#[must_use]
pub fn endpoint(name: &str, endpoint: &str, token: bool) -> Vec<Snippet> {
    let header = if token {
        format!(" --header {}", word(TOKEN))
    } else {
        String::new()
    };
    let mut server = json!({ "url": endpoint });
    if let (true, Some(map)) = (token, server.as_object_mut()) {
        let headers = json!({ "Authorization": "Bearer YOUR_TOKEN" });
        map.insert("headers".to_owned(), headers);
    }
    let endpoint = word(endpoint);
    vec![
        shell(
            "Claude Code",
            format!("claude mcp add --transport http {name} {endpoint}{header}"),
        ),
        servers("Cursor and others", name, &server),
    ]
}

/// For a package in a registry. `env` are the variables that it cannot go without.
#[must_use]
pub fn npm(name: &str, package: &str, registry: &str, env: &[String]) -> Vec<Snippet> {
    let registry = format!("--registry={registry}");
    let args = ["-y".to_owned(), registry, package.to_owned()];
    stdio(name, "npx", &args, env)
}

/// For a tarball that is not published; `command` is what its package installs.
#[must_use]
pub fn tarball(name: &str, file: &str, command: &str, env: &[String]) -> Vec<Snippet> {
    let flags = flags(env);
    vec![
        shell(
            "Publish it",
            format!("npm publish ./{file} --access public"),
        ),
        shell(
            "Claude Code, from the file",
            format!("claude mcp add {name}{flags} -- npx -y --package=./{file} {command}"),
        ),
    ]
}

/// For a Docker context.
#[must_use]
pub fn docker(name: &str, file: &str, image: &str) -> Vec<Snippet> {
    vec![
        shell(
            "Build the image",
            format!("docker build -t {image} - < {file}"),
        ),
        shell(
            "Settings",
            format!("tar -xzf {file} .env.example && mv .env.example .env   # and fill it in"),
        ),
        shell(
            "Run it",
            format!("docker run --rm --env-file .env -p 3000:3000 {image}"),
        ),
        shell(
            "Claude Code",
            format!(
                "claude mcp add --transport http {name} http://localhost:3000/mcp --header {}",
                word(TOKEN)
            ),
        ),
    ]
}

/// For an archive of the project, whose files lie in `folder`.
#[must_use]
pub fn zip(name: &str, file: &str, folder: &str, env: &[String]) -> Vec<Snippet> {
    let args = [format!("{folder}/dist/node.js")];
    let mut snippets = vec![shell(
        "Build it",
        format!("unzip {file} && cd {folder} && npm install && npm run build && cd .."),
    )];
    snippets.extend(stdio(name, "node", &args, env));
    snippets
}

/// For an MCP bundle.
#[must_use]
pub fn mcpb(file: &str) -> Vec<Snippet> {
    vec![shell(
        "Claude Desktop",
        format!("open {file}   # or drag it into Settings → Extensions"),
    )]
}

fn stdio(name: &str, program: &str, args: &[String], env: &[String]) -> Vec<Snippet> {
    let mut server = json!({ "command": program, "args": args });
    if let (false, Some(map)) = (env.is_empty(), server.as_object_mut()) {
        let env = env.iter().map(|name| (name.clone(), json!("…"))).collect();
        map.insert("env".to_owned(), Value::Object(env));
    }
    let flags = flags(env);
    vec![
        shell(
            "Claude Code",
            format!("claude mcp add {name}{flags} -- {program} {}", words(args)),
        ),
        servers("Claude Desktop, Cursor and others", name, &server),
    ]
}

fn flags(env: &[String]) -> String {
    env.iter().map(|name| format!(" --env {name}=…")).collect()
}

fn shell(title: &'static str, text: String) -> Snippet {
    Snippet {
        title,
        language: Language::Shell,
        text,
    }
}

fn servers(title: &'static str, name: &str, server: &Value) -> Snippet {
    let document = json!({ "mcpServers": { name: server } });
    Snippet {
        title,
        language: Language::Json,
        text: serde_json::to_string_pretty(&document).unwrap_or_default(),
    }
}

fn words(args: &[String]) -> String {
    let words: Vec<String> = args.iter().map(|arg| word(arg)).collect();
    words.join(" ")
}

/// One word for a POSIX shell.
fn word(text: &str) -> String {
    let plain = |it: char| it.is_ascii_alphanumeric() || "@%+=:,./-_".contains(it);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(snippets: Vec<Snippet>) -> Vec<String> {
        snippets
            .into_iter()
            .map(|it| format!("{}: {}", it.title, it.text))
            .collect()
    }

    #[test]
    fn an_endpoint_asks_for_its_token_by_name() {
        let url = "https://pets.mcpengine.run/mcp";
        assert_eq!(
            texts(endpoint("pets", url, true)),
            [
                "Claude Code: claude mcp add --transport http pets https://pets.mcpengine.run/mcp \
                 --header 'Authorization: Bearer YOUR_TOKEN'",
                r#"Cursor and others: {
  "mcpServers": {
    "pets": {
      "url": "https://pets.mcpengine.run/mcp",
      "headers": {
        "Authorization": "Bearer YOUR_TOKEN"
      }
    }
  }
}"#,
            ]
        );
        let public = texts(endpoint("pets", url, false));
        assert!(
            public.iter().all(|text| !text.contains("YOUR_TOKEN")),
            "{public:?}"
        );
    }

    #[test]
    fn what_runs_on_the_user_s_machine_is_told_its_settings() {
        let env = ["PETS_API_KEY".to_owned()];
        assert_eq!(
            texts(npm(
                "pets",
                "@acme/pets@1.0.0",
                "https://npm.example/",
                &env
            )),
            [
                "Claude Code: claude mcp add pets --env PETS_API_KEY=… -- npx -y \
                 --registry=https://npm.example/ @acme/pets@1.0.0",
                r#"Claude Desktop, Cursor and others: {
  "mcpServers": {
    "pets": {
      "command": "npx",
      "args": [
        "-y",
        "--registry=https://npm.example/",
        "@acme/pets@1.0.0"
      ],
      "env": {
        "PETS_API_KEY": "…"
      }
    }
  }
}"#,
            ]
        );
        assert_eq!(
            texts(tarball("pets", "acme-pets-1.0.0.tgz", "pets", &[])),
            [
                "Publish it: npm publish ./acme-pets-1.0.0.tgz --access public",
                "Claude Code, from the file: claude mcp add pets -- npx -y \
                 --package=./acme-pets-1.0.0.tgz pets",
            ]
        );
        assert_eq!(
            texts(zip("pets", "pets.zip", "pets", &[]))
                .first()
                .map(String::as_str),
            Some("Build it: unzip pets.zip && cd pets && npm install && npm run build && cd ..")
        );
        assert_eq!(
            texts(docker("pets", "pets-docker.tar.gz", "acme/pets"))
                .first()
                .map(String::as_str),
            Some("Build the image: docker build -t acme/pets - < pets-docker.tar.gz")
        );
        assert_eq!(
            texts(mcpb("pets-0.1.0.mcpb")),
            ["Claude Desktop: open pets-0.1.0.mcpb   # or drag it into Settings → Extensions"]
        );
    }

    #[test]
    fn a_word_stays_one_word() {
        assert_eq!(word("a b"), "'a b'");
        assert_eq!(word("it's"), r"'it'\''s'");
        assert_eq!(word(""), "''");
    }
}
