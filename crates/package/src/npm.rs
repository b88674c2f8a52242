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
mod tests;
