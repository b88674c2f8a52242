use super::*;

const PROJECT: &str = r#"{
        "name": "pets-mcp", "version": "0.1.0", "description": "MCP server for Pets",
        "private": true, "license": "UNLICENSED", "mcpName": "run.mcpengine/pets-mcp",
        "type": "module", "bin": { "pets-mcp": "dist/node.js" }, "files": ["dist"],
        "scripts": { "prepack": "tsc" },
        "dependencies": { "@modelcontextprotocol/server": "2.4.0" },
        "devDependencies": { "typescript": "7.0.2" }
    }"#;

fn acme() -> Identity {
    Identity {
        name: Some("@acme/pets".to_owned()),
        version: Some("1.0.0-beta.1".to_owned()),
        license: Some("MIT".to_owned()),
        repository: Some("https://github.com/acme/pets".to_owned()),
    }
}

#[test]
fn a_built_package_has_no_scripts_and_says_where_it_comes_from() {
    let package = package(PROJECT, Some("run.mcpengine/pets"), &acme()).expect("a package");
    assert_eq!(package.file_name(), "acme-pets-1.0.0-beta.1.tgz");
    assert_eq!(package.registry_path(), "@acme%2fpets");
    assert_eq!(
        package.tarball_url("https://npm.example/"),
        "https://npm.example/@acme/pets/-/pets-1.0.0-beta.1.tgz"
    );
    assert_eq!(
        package.manifest,
        json!({
            "name": "@acme/pets", "version": "1.0.0-beta.1", "description": "MCP server for Pets",
            "type": "module", "bin": { "pets": "dist/node.js" },
            "files": ["dist", "server.json"],
            "dependencies": { "@modelcontextprotocol/server": "2.4.0" },
            "mcpName": "run.mcpengine/pets",
            "license": "MIT",
            "repository": { "type": "git", "url": "git+https://github.com/acme/pets" },
        })
    );
}

#[test]
fn the_project_s_own_identity_is_kept() {
    let package = package(PROJECT, None, &Identity::default()).expect("a package");
    assert_eq!(package.file_name(), "pets-mcp-0.1.0.tgz");
    assert_eq!(package.registry_path(), "pets-mcp");
    let kept = ["license", "mcpName"].map(|key| package.manifest.get(key));
    let expected = [json!("UNLICENSED"), json!("run.mcpengine/pets-mcp")];
    assert_eq!(kept, expected.each_ref().map(Some));
    // Whoever packs it means to publish it.
    assert_eq!(package.manifest.get("private"), None);
}

#[test]
fn the_document_holds_one_version_and_its_tarball() {
    let package = package(PROJECT, None, &Identity::default()).expect("a package");
    let tarball = Tarball {
        base64: "AAAA",
        length: 3,
        sha1_hex: "da39",
        sha512_base64: "z4Pg",
    };
    let document = publish_document(
        &package,
        &tarball,
        "https://npm.example/",
        "next",
        true,
        "# Pets",
    );
    let mut version = package.manifest;
    version["_id"] = json!("pets-mcp@0.1.0");
    version["readme"] = json!("# Pets");
    version["dist"] = json!({
        "integrity": "sha512-z4Pg", "shasum": "da39",
        "tarball": "https://npm.example/pets-mcp/-/pets-mcp-0.1.0.tgz",
    });
    assert_eq!(
        document,
        json!({
            "_id": "pets-mcp", "name": "pets-mcp", "description": "MCP server for Pets",
            "dist-tags": { "next": "0.1.0" },
            "versions": { "0.1.0": version },
            "access": "public",
            "readme": "# Pets",
            "_attachments": { "pets-mcp-0.1.0.tgz": {
                "content_type": "application/octet-stream", "data": "AAAA", "length": 3,
            } },
        })
    );
}

#[test]
fn names_as_npm_takes_them() {
    for name in ["pets", "pets-mcp", "@acme/pets.mcp_2", "7zip", "a"] {
        assert_eq!(check_name(name), Ok(()), "{name}");
    }
    let long = "a".repeat(215);
    for name in [
        "",
        "Pets",
        "@acme",
        "@/pets",
        "@acme/",
        "a/b",
        ".pets",
        "_pets",
        "pets mcp",
        "é",
        "@acme/a/b",
        "../x",
        "node_modules",
        "a%2fb",
        &long,
    ] {
        assert!(check_name(name).is_err(), "{name}");
    }
}

#[test]
fn versions_and_tags_as_npm_takes_them() {
    for version in ["0.0.0", "1.2.3", "10.20.30-beta.1", "1.0.0-0", "1.0.0-a-b"] {
        assert_eq!(check_version(version), Ok(()), "{version}");
    }
    for version in [
        "",
        "1",
        "1.0",
        "v1.0.0",
        "01.0.0",
        "1.0.0-",
        "1.0.0+build",
        "1.0.0-01",
        "1.0.0-a..b",
        "1.0.x",
        " 1.0.0",
        "1.0.0.0",
        "1.0.-1",
    ] {
        assert!(check_version(version).is_err(), "{version}");
    }
    for tag in ["latest", "next", "beta-1"] {
        assert_eq!(check_tag(tag), Ok(()), "{tag}");
    }
    for tag in ["", "1.0.0", "v1", "a b", "a/b", "^1"] {
        assert!(check_tag(tag).is_err(), "{tag}");
    }
}

#[test]
fn what_npm_would_refuse_is_refused_by_name() {
    let with = |change: fn(&mut Identity)| {
        let mut identity = acme();
        change(&mut identity);
        match package(PROJECT, None, &identity) {
            Err(PackageError::Setting { name, .. }) => name,
            other => format!("{other:?}"),
        }
    };
    assert_eq!(with(|it| it.name = Some("Pets".to_owned())), "packageName");
    assert_eq!(with(|it| it.version = Some("1".to_owned())), "version");
    assert_eq!(with(|it| it.license = Some("\n".to_owned())), "license");
    let repository = Some("javascript:alert(1)".to_owned());
    assert_eq!(
        with(|_| ()),
        format!("{:?}", package(PROJECT, None, &acme()))
    );
    let mut identity = acme();
    identity.repository = repository;
    assert!(matches!(
        package(PROJECT, None, &identity),
        Err(PackageError::Setting { name, .. }) if name == "repository"
    ));
}
