//! TLS: a certificate and its key from files, and the handshake.
//!
//! rustls, with ring for the arithmetic because it builds with a C compiler alone. TLS 1.2 and 1.3 as rustls thinks safe;
//! no client certificates, since tokens say who calls.

use std::path::Path;
use std::sync::Arc;

use fs_err as fs;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::error::{Error, ErrorKind, Result};

/// What a server proves itself with.
#[derive(Clone)]
pub struct Tls(Arc<ServerConfig>);

impl Tls {
    /// A chain of certificates, the server's own first, and its private key; both as PEM.
    ///
    /// # Errors
    /// `Io` when a file cannot be read, `InvalidInput` when it is not PEM or the two do not belong together. Never says
    /// what is in them.
    pub fn from_files(certificate: &Path, key: &Path) -> Result<Self> {
        let wrong =
            |file: &Path, why: String| Error::new(ErrorKind::InvalidInput, format!("`{}` {why}", file.display()));
        let chain: Vec<_> = CertificateDer::pem_slice_iter(&read(certificate)?)
            .collect::<Result<_, _>>()
            .map_err(|_| wrong(certificate, "is not PEM".to_owned()))?;
        if chain.is_empty() {
            return Err(wrong(
                certificate,
                "has no certificate: a PEM file with the server's own first is needed".into(),
            ));
        }
        if is_open_to_others(key) {
            tracing::warn!("others on this machine can read the key `{}`: `chmod 600` it", key.display());
        }
        let secret = PrivateKeyDer::from_pem_slice(&read(key)?)
            .map_err(|_| wrong(key, "has no private key: an unencrypted PEM file is needed".into()))?;
        let with_versions = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions();
        let mut config = with_versions
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, secret))
            .map_err(|error| wrong(certificate, format!("and `{}` cannot be used together: {error}", key.display())))?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self(Arc::new(config)))
    }

    /// Does the handshakes.
    pub(super) fn acceptor(&self) -> TlsAcceptor {
        Arc::clone(&self.0).into()
    }
}

#[cfg(unix)]
fn is_open_to_others(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(file).is_ok_and(|found| found.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn is_open_to_others(_: &Path) -> bool {
    false
}

/// Lets everything in this process that speaks TLS do so, also what is not the server.
pub fn use_ring() {
    // Fails when it was done before.
    let _ = ring::default_provider().install_default();
}

fn read(file: &Path) -> Result<Vec<u8>> {
    fs::read(file).map_err(|error| Error::new(ErrorKind::Io, error.to_string()))
}
