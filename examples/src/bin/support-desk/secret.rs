//! Secrets: from the environment or from a file of their own. The command line and the configuration file are read by too
//! many to hold one.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

use secrecy::SecretString;

/// A secret cannot be had. None of it is in the text.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SecretError {
    #[error("cannot read the secret in {}", path.display())]
    File { path: PathBuf, source: io::Error },
    #[error("{} holds no secret, it is empty", path.display())]
    EmptyFile { path: PathBuf },
    #[error("{name} is set, and holds no secret: it is empty or no text")]
    EmptyVariable { name: &'static str },
}

/// The secret that the environment has under `name`; otherwise the one in `file`, without the line break at its end.
pub(crate) fn read(name: &'static str, file: Option<&Path>) -> Result<Option<SecretString>, SecretError> {
    if let Some(value) = env::var_os(name) {
        let value = value.into_string().ok().filter(|value| !value.is_empty());
        return value.map(|value| Some(value.into())).ok_or(SecretError::EmptyVariable { name });
    }
    file.map(read_file).transpose()
}

/// The secret in a file.
pub(crate) fn read_file(path: &Path) -> Result<SecretString, SecretError> {
    let text =
        fs::read_to_string(path).map_err(|source| SecretError::File { path: path.to_owned(), source })?;
    let secret = text.trim_end_matches(['\r', '\n']);
    if secret.is_empty() {
        return Err(SecretError::EmptyFile { path: path.to_owned() });
    }
    Ok(secret.into())
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn a_file_holds_one_line() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("key");
        fs::write(&path, "s3cret \r\n\n").expect("written");
        assert_eq!(read_file(&path).expect("a secret").expose_secret(), "s3cret ");
        for empty in ["", "\n"] {
            fs::write(&path, empty).expect("written");
            assert!(matches!(read_file(&path), Err(SecretError::EmptyFile { .. })));
        }
        let missing = read("MINICOM_NO_SUCH_VARIABLE", Some(&folder.path().join("none")));
        assert!(matches!(missing, Err(SecretError::File { .. })));
        assert!(read("MINICOM_NO_SUCH_VARIABLE", None).expect("nothing is said").is_none());
    }
}
