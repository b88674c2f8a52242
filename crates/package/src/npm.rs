//! npm packages: `package.json` as it is published, and the document that a
//! registry takes.
//!
//! Sources: <https://docs.npmjs.com/cli/v11/configuring-npm/package-json> for
//! names and fields, <https://github.com/npm/registry/blob/main/docs/REGISTRY-API.md>
//! and what `libnpmpublish` sends for the document.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::PackageError;
use crate::mcpb::{parse, pretty};

/// Longest name that the registry takes.
const MAX_NAME: usize = 214;

/// What the publisher decides; `None` keeps what the project says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// `name` or `@scope/name`.
    pub name: Option<String>,
    /// SemVer, `1.0.0`.
    pub version: Option<String>,
    /// SPDX expression, `MIT`.
    pub license: Option<String>,
    /// Where the source is, `https://github.com/acme/pets`. The registry's
    /// provenance and the readers of the package go by it.
    pub repository: Option<String>,
}

/// A package as it is published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    pub name: String,
    pub version: String,
    /// `package.json` of the tarball.
    pub manifest: Value,
}

/// The `package.json` of a package whose `dist/` is built already: without
/// scripts and development's dependencies, and with where it comes from.
/// `server_name` is the server's name in the MCP registry, which finds it in
/// `mcpName`.
///
/// # Errors
/// `Setting` for a name, version or repository that npm would refuse, `Document`
/// for a `package.json` that is none.
pub fn package(
    package_json: &str,
    server_name: Option<&str>,
    identity: &Identity,
) -> Result<Package, PackageError> {
    let mut manifest = parse("package.json", package_json)?;
    let text = |key: &str| {
        let value = manifest.get(key).and_then(Value::as_str);
        value.unwrap_or_default().to_owned()
    };
    let name = identity.name.clone().unwrap_or_else(|| text("name"));
    let version = identity.version.clone().unwrap_or_else(|| text("version"));
    check_name(&name).map_err(|why| PackageError::setting("packageName", why))?;
    check_version(&version).map_err(|why| PackageError::setting("version", why))?;
    let command = name.rsplit('/').next().unwrap_or(&name).to_owned();
    if let Some(map) = manifest.as_object_mut() {
        for key in ["scripts", "devDependencies", "private"] {
            map.shift_remove(key);
        }
        map.insert("name".to_owned(), json!(name));
        map.insert("version".to_owned(), json!(version));
        map.insert("bin".to_owned(), json!({ command: "dist/node.js" }));
        map.insert("files".to_owned(), json!(["dist", "server.json"]));
        if let Some(server_name) = server_name {
            map.insert("mcpName".to_owned(), json!(server_name));
        }
        if let Some(license) = &identity.license {
            check_license(license).map_err(|why| PackageError::setting("license", why))?;
            map.insert("license".to_owned(), json!(license));
        }
        if let Some(repository) = &identity.repository {
            check_repository(repository).map_err(|why| PackageError::setting("repository", why))?;
            let url = format!("git+{repository}");
            map.insert(
                "repository".to_owned(),
                json!({ "type": "git", "url": url }),
            );
        }
    }
    Ok(Package {
        name,
        version,
        manifest,
    })
}

impl Package {
    /// `package.json` as text.
    #[must_use]
    pub fn package_json(&self) -> String {
        pretty(&self.manifest)
    }

    /// As npm names what it packs, `acme-pets-1.0.0.tgz`.
    #[must_use]
    pub fn file_name(&self) -> String {
        let name = self.name.trim_start_matches('@').replace('/', "-");
        format!("{name}-{}.tgz", self.version)
    }

    /// The command that it installs.
    #[must_use]
    pub fn command(&self) -> &str {
        self.name.rsplit('/').next().unwrap_or(&self.name)
    }

    /// The path of the package in a registry, `@acme%2fpets`.
    #[must_use]
    pub fn registry_path(&self) -> String {
        self.name.replace('/', "%2f")
    }

    /// Address of the tarball in the registry at `registry`, which ends in `/`.
    #[must_use]
    pub fn tarball_url(&self, registry: &str) -> String {
        let file = self.command();
        format!("{registry}{}/-/{file}-{}.tgz", self.name, self.version)
    }
}

/// The tarball and its digests.
#[derive(Debug, Clone, Copy)]
pub struct Tarball<'a> {
    /// The tarball in base64 (RFC 4648, padded).
    pub base64: &'a str,
    /// Bytes of the tarball itself.
    pub length: usize,
    /// SHA-1 in lower-case hex: what registries still ask for.
    pub sha1_hex: &'a str,
    /// SHA-512 in base64.
    pub sha512_base64: &'a str,
}

/// The body of `PUT /{package}`: one version with its tarball, under `tag`.
/// `public` is for packages with a scope, which are private otherwise.
#[must_use]
pub fn publish_document(
    package: &Package,
    tarball: &Tarball<'_>,
    registry: &str,
    tag: &str,
    public: bool,
    readme: &str,
) -> Value {
    let (name, version) = (&package.name, &package.version);
    let mut manifest = package.manifest.clone();
    if let Some(map) = manifest.as_object_mut() {
        map.insert("_id".to_owned(), json!(format!("{name}@{version}")));
        map.insert("readme".to_owned(), json!(readme));
        map.insert(
            "dist".to_owned(),
            json!({
                "integrity": format!("sha512-{}", tarball.sha512_base64),
                "shasum": tarball.sha1_hex,
                "tarball": package.tarball_url(registry),
            }),
        );
    }
    let file = format!("{name}-{version}.tgz");
    json!({
        "_id": name,
        "name": name,
        "description": manifest.get("description"),
        "dist-tags": { tag: version },
        "versions": { version: manifest },
        "access": if public { "public" } else { "restricted" },
        "readme": readme,
        "_attachments": {
            file: {
                "content_type": "application/octet-stream",
                "data": tarball.base64,
                "length": tarball.length,
            },
        },
    })
}

/// A name as npm takes new ones: lower case, URL-safe, at most 214 characters.
///
/// # Errors
/// Why not.
pub fn check_name(name: &str) -> Result<(), &'static str> {
    let whole = "a package's name is `name` or `@scope/name`, of lower-case letters, digits, \
                 `-`, `_` and `.`, at most 214 characters";
    if name.len() > MAX_NAME {
        return Err(whole);
    }
    let (scope, rest) = match name.strip_prefix('@') {
        Some(scoped) => match scoped.split_once('/') {
            Some((scope, rest)) => (Some(scope), rest),
            None => return Err(whole),
        },
        None => (None, name),
    };
    let plain = |part: &str| {
        let safe = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit() || b"-_.".contains(&it);
        !part.is_empty() && !part.starts_with(['.', '_']) && part.bytes().all(safe)
    };
    if !scope.is_none_or(plain) || !plain(rest) {
        return Err(whole);
    }
    if scope.is_none() && matches!(rest, "node_modules" | "favicon.ico") {
        return Err("npm keeps this name for itself");
    }
    Ok(())
}

/// A version as npm takes it: SemVer 2.0.0 without build metadata.
///
/// # Errors
/// Why not.
pub fn check_version(version: &str) -> Result<(), &'static str> {
    let why = "a version is MAJOR.MINOR.PATCH, such as 1.0.0, or with a suffix 1.0.0-beta.1";
    let (core, pre) = match version.split_once('-') {
        Some((core, pre)) => (core, Some(pre)),
        None => (version, None),
    };
    let number = |part: &str| {
        let digits =
            !part.is_empty() && part.len() <= 15 && part.bytes().all(|it| it.is_ascii_digit());
        digits && (part == "0" || !part.starts_with('0'))
    };
    let parts: Vec<&str> = core.split('.').collect();
    let label = |part: &str| {
        let safe = |it: u8| it.is_ascii_alphanumeric() || it == b'-';
        let numeric = part.bytes().all(|it| it.is_ascii_digit());
        !part.is_empty() && part.bytes().all(safe) && (!numeric || number(part))
    };
    let good = parts.len() == 3
        && parts.into_iter().all(number)
        && pre.is_none_or(|pre| pre.len() <= 64 && pre.split('.').all(label));
    if good { Ok(()) } else { Err(why) }
}

/// A distribution tag, `latest`, `next`.
///
/// # Errors
/// Why not.
pub fn check_tag(tag: &str) -> Result<(), &'static str> {
    let safe = |it: u8| it.is_ascii_alphanumeric() || b"-_.".contains(&it);
    let word = !tag.is_empty() && tag.len() <= 64 && tag.bytes().all(safe);
    // npm takes what could be a range of versions for one.
    if word && tag.starts_with(|it: char| it.is_ascii_alphabetic() && it != 'v') {
        Ok(())
    } else {
        Err("a tag is a word such as latest or next, and no version")
    }
}

fn check_license(license: &str) -> Result<(), &'static str> {
    let safe = |it: u8| it.is_ascii_alphanumeric() || b"-.+() ".contains(&it);
    if !license.trim().is_empty() && license.len() <= 100 && license.bytes().all(safe) {
        Ok(())
    } else {
        Err("a licence is an SPDX expression such as MIT or Apache-2.0")
    }
}

fn check_repository(url: &str) -> Result<(), &'static str> {
    let safe = |it: char| it.is_ascii_graphic() && !"\"'<>\\^`{|}@".contains(it);
    let rest = url.strip_prefix("https://").unwrap_or_default();
    if rest.contains('.') && url.len() <= 300 && url.chars().all(safe) {
        Ok(())
    } else {
        Err("a repository is an https address such as https://github.com/acme/pets")
    }
}

#[cfg(test)]
mod tests {
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
}
