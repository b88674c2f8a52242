//! What a project says of its settings: which credentials are needed, what is
//! pasted into a client, what a registry asks for.

#![expect(clippy::expect_used, reason = "a test may stop")]

mod support;

use mcpengine_codegen::{Project, ProjectOptions, generate};
use mcpengine_plan::{AuthKind, ServerPlan};
use serde_json::Value;

/// The petstore whose tools all take the same alternatives, ids of schemes.
fn with_auth(ways: &[&[&str]]) -> ServerPlan {
    let mut plan = support::petstore();
    for tool in &mut plan.tools {
        tool.auth = ways
            .iter()
            .map(|way| way.iter().map(|id| (*id).to_owned()).collect())
            .collect();
    }
    plan
}

fn project(plan: &ServerPlan) -> Project {
    generate(plan, &ProjectOptions::default())
}

fn text<'a>(project: &'a Project, path: &str) -> &'a str {
    project.file(path).expect("the file is there")
}

fn json(project: &Project, path: &str) -> Value {
    serde_json::from_str(text(project, path)).expect("it is JSON")
}

/// The variables that the registry asks for: name, description, whether it must
/// be given.
fn asked(project: &Project) -> Vec<(String, String, bool)> {
    let document = json(project, "server.json");
    let variables = document.pointer("/packages/0/environmentVariables");
    let variables = variables.and_then(Value::as_array).into_iter().flatten();
    let part = |it: &Value, key: &str| it.get(key).and_then(Value::as_str).map(str::to_owned);
    variables
        .map(|it| {
            (
                part(it, "name").unwrap_or_default(),
                part(it, "description").unwrap_or_default(),
                it.get("isRequired").and_then(Value::as_bool) == Some(true),
            )
        })
        .filter(|(name, ..)| name != "PETSTORE_REGION")
        .collect()
}

/// What the line for Claude Code sets.
fn shown(project: &Project) -> Vec<&str> {
    let readme = text(project, "README.md");
    let line = readme
        .lines()
        .find(|line| line.starts_with("claude mcp add petstore"))
        .expect("there is a line for Claude Code");
    line.split(" --env ")
        .skip(1)
        .filter_map(|it| it.split('=').next())
        .collect()
}

#[test]
fn of_alternatives_all_are_told_and_one_is_shown() {
    // The key is the least to give: two secrets are more, and tokens of OAuth expire.
    // A client, which gets such tokens, is as good as a user with a password.
    let project = project(&with_auth(&[&["token"], &["user"], &["api_key"]]));
    let choice = "PETSTORE_API_KEY, or PETSTORE_CLIENT_ID and PETSTORE_CLIENT_SECRET, or \
                  PETSTORE_USERNAME and PETSTORE_PASSWORD, or PETSTORE_TOKEN";
    assert_eq!(shown(&project), ["PETSTORE_API_KEY"]);
    let readme = text(&project, "README.md");
    assert!(readme.contains(
        "One of these credentials is enough: `PETSTORE_API_KEY`, or `PETSTORE_CLIENT_ID` and \
         `PETSTORE_CLIENT_SECRET`, or `PETSTORE_USERNAME` and `PETSTORE_PASSWORD`, or \
         `PETSTORE_TOKEN`."
    ));
    assert!(readme.contains("| `PETSTORE_TOKEN` | Access token | secret, one of several |"));
    let example = text(&project, ".env.example");
    assert!(example.contains(&format!("# One of these credentials is enough: {choice}\n")));
    assert!(example.contains("# Password (one of several, see above)\nPETSTORE_PASSWORD=\n"));
    for (name, description, required) in asked(&project) {
        assert!(!required, "{name}");
        assert!(
            description.ends_with(&format!("; needed: {choice}")),
            "{description}"
        );
    }
}

#[test]
fn what_each_way_has_is_required() {
    let project = project(&with_auth(&[&["token", "api_key"], &["api_key", "user"]]));
    assert_eq!(
        shown(&project),
        [
            "PETSTORE_API_KEY",
            "PETSTORE_CLIENT_ID",
            "PETSTORE_CLIENT_SECRET"
        ]
    );
    let required: Vec<_> = asked(&project)
        .into_iter()
        .filter(|(.., required)| *required)
        .map(|(name, description, _)| (name, description))
        .collect();
    assert_eq!(
        required,
        [(
            "PETSTORE_API_KEY".to_owned(),
            "API key: From the account page.".to_owned()
        )]
    );
}

#[test]
fn what_some_tools_need_is_said_with_their_number() {
    let mut plan = with_auth(&[&["user"], &["api_key"]]);
    let first = plan.tools.first_mut().expect("there is a tool");
    first.auth = vec![vec!["user".to_owned()]];
    let project = project(&plan);
    // What one tool cannot do without is enough for the others.
    assert_eq!(shown(&project), ["PETSTORE_USERNAME", "PETSTORE_PASSWORD"]);
    let readme = text(&project, "README.md");
    assert!(readme.contains(
        "* 11 tools: `PETSTORE_API_KEY`, or `PETSTORE_USERNAME` and `PETSTORE_PASSWORD`\n\
         * 1 tool: `PETSTORE_USERNAME` and `PETSTORE_PASSWORD`\n"
    ));
    let user = asked(&project)
        .into_iter()
        .find(|(name, ..)| name == "PETSTORE_USERNAME");
    assert_eq!(
        user,
        Some((
            "PETSTORE_USERNAME".to_owned(),
            "User name; needed by 1 of 12 tools, one of several for others".to_owned(),
            true
        ))
    );
}

#[test]
fn what_every_tool_can_do_without_is_optional() {
    let project = project(&with_auth(&[&["api_key"], &[]]));
    assert_eq!(shown(&project), Vec::<&str>::new());
    assert_eq!(
        asked(&project),
        [(
            "PETSTORE_API_KEY".to_owned(),
            "API key: From the account page; optional".to_owned(),
            false
        )]
    );
    assert!(text(&project, ".env.example").contains("(optional)\nPETSTORE_API_KEY=\n"));
}

#[test]
fn what_a_secret_is_can_be_told_from_its_line() {
    let mut plan = with_auth(&[&["api_key"]]);
    let made = project(&plan);
    assert!(!text(&made, "README.md").contains("Access tokens of OAuth"));
    for scheme in &mut plan.auth.schemes {
        if let AuthKind::ApiKey { name, .. } = &mut scheme.kind {
            "authorization".clone_into(name);
        }
    }
    for tool in &mut plan.tools {
        tool.auth.push(vec!["token".to_owned()]);
    }
    let made = project(&plan);
    let about = "API key (the whole value of the header Authorization): From the account page.";
    assert!(text(&made, ".env.example").contains(about));
    let gets_new_ones = "They expire: where a client id and\nsecret are set";
    assert!(text(&made, "README.md").contains(gets_new_ones));
    for scheme in &mut plan.auth.schemes {
        scheme.client_credentials = None;
    }
    let made = project(&plan);
    let gets_none = "They expire; this server does not\nfetch new ones.";
    assert!(text(&made, "README.md").contains(gets_none));
}

#[test]
fn a_client_is_shown_before_a_token_that_expires() {
    let made = project(&with_auth(&[&["token"]]));
    assert_eq!(
        shown(&made),
        ["PETSTORE_CLIENT_ID", "PETSTORE_CLIENT_SECRET"]
    );
    let about = "# Client secret: Sent to login.example.com, which gives access tokens for it. \
                 (one of several, see above)\nPETSTORE_CLIENT_SECRET=\n";
    assert!(text(&made, ".env.example").contains(about));
    assert!(text(&made, "src/config.ts").contains("https://login.example.com/oauth/token"));

    // With another scheme beside it, each choice has both.
    let made = project(&with_auth(&[&["token", "api_key"]]));
    assert!(text(&made, "README.md").contains(
        "One of these credentials is enough: `PETSTORE_API_KEY` and `PETSTORE_CLIENT_ID` and \
         `PETSTORE_CLIENT_SECRET`, or `PETSTORE_API_KEY` and `PETSTORE_TOKEN`."
    ));
}

/// Each secret is told once with what it is for, not with all the others.
#[test]
fn a_thousand_secrets_take_little_room() {
    let mut plan = with_auth(&[]);
    let key = plan.auth.schemes.first().cloned().expect("there is a key");
    let ids: Vec<String> = (0..2_000).map(|number| format!("key{number}")).collect();
    plan.auth.schemes = ids
        .iter()
        .map(|id| {
            let mut scheme = key.clone();
            scheme.id.clone_from(id);
            for secret in &mut scheme.secrets {
                secret.name = format!("PETSTORE_{id}");
            }
            scheme
        })
        .collect();
    let (some, others) = ids.split_at(1_000);
    for tool in &mut plan.tools {
        tool.auth = vec![some.to_vec(), others.to_vec()];
    }
    let made = project(&plan);
    assert_eq!(asked(&made).len(), 2_000);
    assert!(text(&made, "server.json").len() < 1_000_000);
    assert!(text(&made, ".env.example").len() < 1_000_000);
}

#[test]
fn a_way_that_no_server_can_go_is_none() {
    let project = project(&with_auth(&[&["mtls", "token"], &["api_key"]]));
    assert_eq!(shown(&project), ["PETSTORE_API_KEY"]);
    assert_eq!(asked(&project).len(), 1);
}

#[test]
fn the_order_of_alternatives_makes_no_difference() {
    let mut plan = with_auth(&[&["user", "api_key"], &["token"]]);
    for tool in plan.tools.iter_mut().step_by(2) {
        tool.auth.reverse();
        for way in &mut tool.auth {
            way.reverse();
        }
    }
    let project = project(&plan);
    assert!(text(&project, "README.md").contains("One of these credentials is enough"));
}

#[test]
fn a_registry_asks_for_the_base_url_that_a_document_does_not_name() {
    let mut plan = with_auth(&[]);
    plan.servers.truncate(1);
    if let Some(server) = plan.servers.first_mut() {
        "/api/v3/".clone_into(&mut server.url);
        server.variables.clear();
    }
    let made = project(&plan);
    let about = "Base URL of the API, for example https://api.example.com/api/v3";
    assert_eq!(
        asked(&made),
        [("API_BASE_URL".to_owned(), about.to_owned(), true)]
    );
    assert_eq!(shown(&made), ["API_BASE_URL"]);
    assert!(text(&made, ".env.example").contains(&format!("# {about}\nAPI_BASE_URL=\n")));

    // Where each tool has a server of its own, nobody is asked.
    for tool in &mut plan.tools {
        tool.request.server = Some(mcpengine_plan::UpstreamServer {
            url: "https://pets.example.com".to_owned(),
            description: None,
            variables: Vec::new(),
        });
    }
    let made = project(&plan);
    assert_eq!(asked(&made), []);
    assert!(text(&made, ".env.example").contains("\n#API_BASE_URL=\n"));
}

#[test]
fn a_registry_asks_for_what_can_be_answered() {
    let options = ProjectOptions {
        public_url: Some("https://pets.example/mcp".to_owned()),
        ..ProjectOptions::default()
    };
    let made = generate(&support::petstore(), &options);
    let document = json(&made, "server.json");
    let variables = document.pointer("/packages/0/environmentVariables");
    let variables = variables.and_then(Value::as_array).into_iter().flatten();
    let choices: Vec<_> = variables.filter_map(|it| it.get("choices")).collect();
    assert_eq!(choices, [&serde_json::json!(["eu", "us"])]);
    // Who is asked for a token gives the token, without the word in front of it.
    let header = document.pointer("/remotes/0/headers/0").expect("a header");
    let value = header.get("value").and_then(Value::as_str);
    assert_eq!(value, Some("Bearer {access_token}"));
    let asked = header.pointer("/variables/access_token/isSecret");
    assert_eq!(asked, Some(&Value::Bool(true)));
}

#[test]
fn docker_is_given_no_file_that_nobody_made() {
    let mut plan = with_auth(&[]);
    for server in &mut plan.servers {
        server.variables.clear();
        "https://pets.example.com/v1".clone_into(&mut server.url);
    }
    let made = project(&plan);
    let readme = text(&made, "README.md");
    assert!(!readme.contains("cp .env.example"), "{readme}");
    assert!(!readme.contains("--env-file"), "{readme}");
    assert!(readme.contains("`docker run -e MCP_ACCESS_TOKEN=… -p 3000:3000 petstore`"));
    let readme_with_settings = project(&support::petstore());
    let readme = text(&readme_with_settings, "README.md");
    assert!(readme.contains("cp .env.example .env"));
    assert!(readme.contains("`docker run --env-file .env -p 3000:3000 petstore`"));
}

#[test]
fn the_package_has_the_name_that_the_registry_looks_for() {
    for plan in [support::petstore(), support::dynamic_petstore()] {
        let made = project(&plan);
        let package = json(&made, "package.json");
        let server = json(&made, "server.json");
        assert!(package.get("mcpName").is_some());
        assert_eq!(package.get("mcpName"), server.get("name"));
        let name = server.pointer("/packages/0/identifier");
        assert_eq!(package.get("name"), name);
        assert_eq!(package.get("private"), Some(&Value::Bool(true)));
    }
}

#[test]
fn a_client_that_sends_a_header_is_shown_without_a_hosted_server() {
    let made = project(&support::petstore());
    let readme = text(&made, "README.md");
    let line = "claude mcp add --transport http petstore 'https://mcp.example.com/mcp' \
                --header \"Authorization: Bearer …\"\n";
    assert!(readme.contains(line), "{readme}");
    assert!(readme.contains("with `MCP_PUBLIC=1` in place of `MCP_ACCESS_TOKEN`"));
}
