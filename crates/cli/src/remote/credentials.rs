//! What `mcpengine login` keeps: one studio and one token, in a file of the user's
//! own. The environment comes first, for machines that keep secrets elsewhere.

use std::env;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::failure::Failure;

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Credentials {
    pub(super) studio: String,
    pub(super) token: String,
}

impl Credentials {
    /// Of the environment, or else of the file.
    pub(super) fn load() -> Result<Self, Failure> {
        let set = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
        let (studio, token) = (set("MCPENGINE_STUDIO"), set("MCPENGINE_TOKEN"));
        if let (Some(studio), Some(token)) = (studio.clone(), token.clone()) {
            return Ok(Self { studio, token });
        }
        let kept: Option<Self> = path()
            .and_then(|path| fs::read(path).ok())
            .and_then(|bytes| serde_json::from_slice(&bytes).ok());
        match kept {
            // A kept token goes to the studio that it was kept for, and to no other.
            Some(kept) if studio.as_ref().is_none_or(|studio| *studio == kept.studio) => Ok(Self {
                token: token.unwrap_or(kept.token),
                studio: kept.studio,
            }),
            _ => Err(Failure::new(
                "not_signed_in",
                "no studio and token are known".to_owned(),
                "Run mcpengine login, or set MCPENGINE_STUDIO and MCPENGINE_TOKEN.",
            )
            .with_status(3)),
        }
    }

    /// Writes the file, which nobody else can read; its path.
    pub(super) fn save(&self) -> Result<PathBuf, Failure> {
        let path = path().ok_or_else(|| {
            Failure::new(
                "no_home",
                "there is no folder for the credentials".to_owned(),
                "Set HOME or XDG_CONFIG_HOME.",
            )
        })?;
        self.write(&path).map_err(|error| {
            Failure::new(
                "output_failed",
                format!("{} cannot be written: {error}", path.display()),
                "Check the folder's permissions.",
            )
        })?;
        Ok(path)
    }

    fn write(&self, path: &Path) -> io::Result<()> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        // A new file: permissions are those that it is made with.
        match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path)?;
        file.write_all(&serde_json::to_vec_pretty(self)?)
    }
}

fn path() -> Option<PathBuf> {
    let folder = |name: &str| {
        env::var_os(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    let config = folder("XDG_CONFIG_HOME")
        .or_else(|| folder("APPDATA"))
        .or_else(|| Some(folder("HOME")?.join(".config")))?;
    Some(config.join("mcpengine").join("credentials.json"))
}
