//! Names of container images.

use crate::PackageError;

/// Longest name, its tag included.
const MAX_NAME: usize = 200;

/// A name that `docker build -t` takes: path parts of lower-case letters, digits
/// and single separators, and a tag where one is wanted
/// (<https://docs.docker.com/reference/cli/docker/image/tag/>).
///
/// # Errors
/// `Setting` named `image`.
pub fn check_image(image: &str) -> Result<(), PackageError> {
    let (path, tag) = match image.rsplit_once(':') {
        // A colon before a slash is a registry's port.
        Some((path, tag)) if !tag.contains('/') => (path, Some(tag)),
        _ => (image, None),
    };
    let (host, path) = match path.split_once('/') {
        Some((host, rest)) if host.contains(['.', ':']) => (Some(host), rest),
        _ => (None, path),
    };
    let is_host = |host: &str| {
        let safe = |it: u8| it.is_ascii_alphanumeric() || b".-:".contains(&it);
        host.bytes().all(safe)
    };
    let is_tag = |tag: &str| {
        let safe = |it: u8| it.is_ascii_alphanumeric() || b"_.-".contains(&it);
        (1..=128).contains(&tag.len()) && tag.bytes().all(safe) && !tag.starts_with(['.', '-'])
    };
    let good = image.len() <= MAX_NAME
        && host.is_none_or(is_host)
        && path.split('/').all(is_part)
        && tag.is_none_or(is_tag);
    if good {
        Ok(())
    } else {
        Err(PackageError::setting(
            "image",
            "an image's name is of lower-case letters and digits, such as acme/pets-mcp or \
             ghcr.io/acme/pets-mcp:1.0",
        ))
    }
}

fn is_part(part: &str) -> bool {
    let word = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit();
    let safe = |it: u8| word(it) || b"._-".contains(&it);
    let ends = |it: Option<u8>| it.is_some_and(word);
    part.bytes().all(safe) && ends(part.bytes().next()) && ends(part.bytes().last())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_as_docker_takes_them() {
        for image in [
            "pets",
            "pets-mcp:1.0",
            "acme/pets_mcp",
            "ghcr.io/acme/pets:latest",
            "localhost:5000/pets",
            "registry.example:5000/a/b/c:v1",
        ] {
            assert_eq!(check_image(image), Ok(()), "{image}");
        }
        let long = "a".repeat(201);
        for image in [
            "", "Pets", "pets:", "/pets", "pets/", "a//b", "-pets", "pets mcp", "pets;rm", "$(x)",
            "pets:a b", "pets:-1", &long,
        ] {
            assert!(check_image(image).is_err(), "{image}");
        }
    }
}
